"""Second factors as their owner may see them, and the facts about them that gates ask for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from kotowari.accounts import gates, sms
from kotowari.accounts.models import DeviceTrust, Factor, Member, RecoveryCode
from kotowari.accounts.selectors.login_information import has_password
from kotowari.accounts.selectors.oneself import proved_facts
from kotowari.accounts.selectors.roles import is_system
from kotowari.accounts.selectors.standing import has_factor
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for


def factors_of(member_id: UUID) -> QuerySet[Factor]:
    """The second factors by which a member comes in, the oldest first."""
    return Factor.objects.filter(member_id=member_id, confirmed_at__isnull=False).order_by("confirmed_at", "id")


def factors_visible_to(actor: Actor | None) -> QuerySet[Factor]:
    """One's own, those being added among them; nobody else's are shown to anybody."""
    if actor is None or actor.pk is None:
        return Factor.objects.none()
    return Factor.objects.filter(member_id=actor.pk).order_by("id")


def telephone_of(member: Member, id: str) -> Factor:
    """A member's own telephone of this id. Raises `NotVisible`."""
    try:
        found = factors_of(member.pk).filter(kind=Factor.Kind.SMS, pk=UUID(id)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotVisible("accounts.factor", id)
    return found


def codes_left(member_id: UUID) -> int:
    """How many recovery codes a member can still use."""
    return RecoveryCode.objects.filter(sheet__member_id=member_id, used_at=None).count()


def trust_mark(member: Member) -> str:
    """What stands for the password and the second factors of a member today; it changes when any of them does."""
    ids = sorted(str(pk) for pk in factors_of(member.pk).values_list("pk", flat=True))
    return salted_hmac("accounts.device_trust", "|".join([member.password, *ids]), algorithm="sha256").hexdigest()


def is_trusted(member: Member, device_id: UUID | None) -> bool:
    """Whether the second factor is not asked for on this device of the member's."""
    if device_id is None:
        return False
    mark = (
        DeviceTrust.objects.filter(
            device_id=device_id,
            device__member_id=member.pk,
            device__forgotten_at__isnull=True,
            until__gt=clock.now(),
        )
        .values_list("mark", flat=True)
        .first()
    )
    return mark is not None and constant_time_compare(mark, trust_mark(member))


@subject("accounts.factor")
def _factor(actor: Any, id: str) -> Factor:
    found = factors_visible_to(actor).filter(pk=UUID(str(id))).first()
    if found is None:
        raise NotVisible("accounts.factor", id)
    return found


@facts_for(gates.ADD_FACTOR)
def new_factor_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.NewFactorFacts]:
    """How many there are, and how many there may be."""
    facts = gates.NewFactorFacts(**proved_facts(actor), **_room(actor))
    return [facts for _ in subjects]


@facts_for(gates.ADD_TELEPHONE)
def new_telephone_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.NewTelephoneFacts]:
    """The same, and whether text messages can be sent."""
    facts = gates.NewTelephoneFacts(**proved_facts(actor), **_room(actor), is_offered=sms.is_offered())
    return [facts for _ in subjects]


def _room(actor: Any) -> dict[str, Any]:
    mine = factors_visible_to(actor).filter(confirmed_at__isnull=False).count()
    return {"factors": mine, "factors_max": policy.value("accounts.factors_max")}


@facts_for(gates.CONFIRM_FACTOR)
def setup_facts(actor: Any, factors: Sequence[Factor]) -> list[gates.SetupFacts]:
    """Factors that are being added."""
    who = proved_facts(actor)
    return [gates.SetupFacts(**who, setup_until=each.setup_until, confirmed_at=each.confirmed_at) for each in factors]


@facts_for(gates.RENAME_FACTOR, gates.REMOVE_FACTOR)
def change_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.ProvedFacts]:
    """Whether the owner proved to be themselves a short while ago."""
    facts = gates.ProvedFacts(**proved_facts(actor))
    return [facts for _ in subjects]


@facts_for(gates.MAKE_RECOVERY_CODES)
def held_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.HeldFacts]:
    """The same, and whether there is anything to fall back from."""
    facts = gates.HeldFacts(**proved_facts(actor), has_factor=isinstance(actor, Member) and has_factor(actor.pk))
    return [facts for _ in subjects]


@facts_for(gates.SHOW_FACTOR)
def shown_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.ShownFacts]:
    """Whether a second factor is asked of whoever proved by another way who they are."""
    facts = gates.ShownFacts(**_who(actor), has_factor=isinstance(actor, Member) and has_factor(actor.pk))
    return [facts for _ in subjects]


@facts_for(gates.SEND_FACTOR_CODE)
def send_facts(actor: Any, factors: Sequence[Factor]) -> list[gates.SendFacts]:
    """Whether a code can go to this one."""
    return [
        gates.SendFacts(**_who(actor), is_telephone=each.kind == "sms", is_offered=sms.is_offered()) for each in factors
    ]


@facts_for(gates.TRUST_DEVICE, gates.PROVE_AGAIN)
def own_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.OwnFacts]:
    """About oneself."""
    facts = gates.OwnFacts(**_who(actor))
    return [facts for _ in subjects]


@facts_for(gates.SEND_PROOF_CODE)
def mail_proof_facts(actor: Any, subjects: Sequence[Any]) -> list[gates.MailProofFacts]:
    """What a member could prove with instead."""
    is_member = isinstance(actor, Member)
    facts = gates.MailProofFacts(
        **_who(actor),
        has_password=is_member and has_password(actor),
        has_factor=is_member and has_factor(actor.pk),
    )
    return [facts for _ in subjects]


@facts_for(gates.LAPSE_FACTOR)
def lapse_facts(actor: Any, factors: Sequence[Factor]) -> list[gates.LapseFacts]:
    """Whether a setup was left behind."""
    now, trusted = clock.now(), is_system(actor)
    return [
        gates.LapseFacts(is_system=trusted, now=now, setup_until=each.setup_until, confirmed_at=each.confirmed_at)
        for each in factors
    ]


def _who(actor: Any) -> dict[str, Any]:
    is_member = isinstance(actor, Member)
    return {"signed_in": is_member, "left_at": actor.left_at if is_member else None}
