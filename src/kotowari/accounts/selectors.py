"""Members and their tokens as a person may see them, and the facts that gates ask for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from kotowari.accounts import facts, gates
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import ApiToken, Member, SignUp
from kotowari.accounts.names import folded
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for


@dataclass(frozen=True, slots=True)
class MemberCard:
    """What everybody may know of a member: never the address, never how the account is opened."""

    id: UUID
    username: str
    display_name: str
    kind: str
    joined_on: date
    is_staff: bool
    has_left: bool

    @property
    def url(self) -> str:
        return f"/members/{self.username}/"


def card_of(member: Member) -> MemberCard:
    """The public card of one member whose row is at hand."""
    return MemberCard(
        id=member.pk,
        username=member.username,
        display_name=member.display_name,
        kind=member.kind,
        joined_on=clock.tokyo(member.joined_at).date(),
        is_staff=member.is_staff,
        has_left=member.left_at is not None,
    )


def cards_of(member_ids: Iterable[UUID]) -> Mapping[UUID, MemberCard]:
    """Public cards by member id, in one query; ids that are nobody's are left out."""
    wanted = set(member_ids)
    return {row.pk: card_of(row) for row in Member.objects.filter(pk__in=wanted)} if wanted else {}


def member_by_username(username: str) -> Member:
    """The member of this name, however it was typed. Raises `NotVisible`."""
    member = Member.objects.filter(username=folded(username)).first()
    if member is None:
        raise NotVisible("accounts.member", username)
    return member


def members_visible_to(actor: Actor | None) -> QuerySet[Member]:
    """The member rows, with what only the owner may know: one's own; staff and the system all of them."""
    if actor is None:
        return Member.objects.none()
    if isinstance(actor, SystemActor) or actor.is_staff:
        return Member.objects.all()
    return Member.objects.filter(pk=actor.pk) if actor.pk is not None else Member.objects.none()


def tokens_visible_to(actor: Actor | None) -> QuerySet[ApiToken]:
    """One's own tokens, newest first; nobody else's are shown to anybody."""
    if actor is None or actor.pk is None:
        return ApiToken.objects.none()
    return ApiToken.objects.filter(member_id=actor.pk).order_by("-id")


def sign_up(sign_up_id: UUID | str) -> SignUp | None:
    """The sign-up that still waits for its code, if there is one of this id that has not lapsed."""
    try:
        identifier = UUID(str(sign_up_id))
    except ValueError:
        return None
    return SignUp.objects.filter(pk=identifier, lapses_at__gt=clock.now()).first()


# --- Subjects ------------------------------------------------------------------------------------------


@subject("accounts.member")
def _member(actor: Any, id: str) -> Member:
    member = members_visible_to(actor).filter(pk=UUID(str(id))).first()
    if member is None:
        raise NotVisible("accounts.member", id)
    return member


@subject("accounts.apitoken")
def _token(actor: Any, id: str) -> ApiToken:
    token = tokens_visible_to(actor).filter(pk=UUID(str(id))).first()
    if token is None:
        raise NotVisible("accounts.apitoken", id)
    return token


@subject("accounts.signup")
def _sign_up(actor: Any, id: str) -> SignUp:
    found = SignUp.objects.filter(pk=UUID(str(id))).first() if isinstance(actor, SystemActor) else None
    if found is None:
        raise NotVisible("accounts.signup", id)
    return found


# --- Facts ---------------------------------------------------------------------------------------------


def _is_member(actor: Any) -> bool:
    return isinstance(actor, Member)


def _left_at(actor: Any) -> Any:
    return actor.left_at if isinstance(actor, Member) else None


@facts_for(gates.SIGN_OUT, gates.SEE_OWN, gates.CHANGE_SETTINGS, gates.SET_PASSWORD)
def own_facts(actor: Any, subjects: Sequence[Any]) -> list[facts.OwnFacts]:
    """About oneself; without a query."""
    return [facts.OwnFacts(signed_in=_is_member(actor), left_at=_left_at(actor)) for _ in subjects]


@facts_for(gates.SIGN_UP)
def sign_up_facts(actor: Any, subjects: Sequence[Any]) -> list[facts.SignUpFacts]:
    """Whether whoever wants to sign up is a member already."""
    return [facts.SignUpFacts(is_member=_is_member(actor)) for _ in subjects]


@facts_for(gates.ADD_MEMBER)
def system_facts(actor: Any, subjects: Sequence[Any]) -> list[facts.SystemFacts]:
    """Whether the market itself acts."""
    return [facts.SystemFacts(is_system=is_system(actor)) for _ in subjects]


@facts_for(gates.CONFIRM_SIGN_UP, gates.RESEND_CODE, gates.LAPSE_SIGN_UP)
def pending_facts(_actor: Any, sign_ups: Sequence[SignUp]) -> list[facts.PendingFacts]:
    """The clocks of sign-ups."""
    now = clock.now()
    return [facts.PendingFacts(now=now, lapses_at=s.lapses_at, code_expires_at=s.code_expires_at) for s in sign_ups]


@facts_for(gates.SIGN_IN)
def sign_in_facts(actor: Any, subjects: Sequence[Any]) -> list[facts.SignInFacts]:
    """What stands between the actor and a session; a `SignUp` may stand for somebody who is not a member yet.

    A member's account is one whose present address was proved.
    """
    if isinstance(actor, SignUp):
        return [facts.SignInFacts(sign_up_pending=True) for _ in subjects]
    if not _is_member(actor):
        return [facts.SignInFacts() for _ in subjects]
    proved = EmailAddress.objects.filter(user_id=actor.pk, email=actor.email, verified=True).exists()
    return [facts.SignInFacts(address_proved=proved, left_at=actor.left_at) for _ in subjects]


@facts_for(gates.CREATE_TOKEN)
def new_token_facts(actor: Any, subjects: Sequence[Any]) -> list[facts.NewTokenFacts]:
    """One's own tokens that still work."""
    working = tokens_visible_to(actor).filter(revoked_at__isnull=True, expires_at__gt=clock.now()).count()
    return [
        facts.NewTokenFacts(
            signed_in=_is_member(actor),
            left_at=_left_at(actor),
            tokens=working,
            tokens_max=policy.value("accounts.tokens_max"),
        )
        for _ in subjects
    ]


@facts_for(gates.REVOKE_TOKEN, gates.USE_TOKEN)
def token_facts(_actor: Any, tokens: Sequence[ApiToken | None]) -> list[facts.TokenFacts]:
    """The state of tokens; `None` stands for one that nobody has."""
    now = clock.now()
    return [
        facts.TokenFacts(now=now, known=False)
        if token is None
        else facts.TokenFacts(
            now=now, revoked_at=token.revoked_at, expires_at=token.expires_at, left_at=token.member.left_at
        )
        for token in tokens
    ]


@facts_for(gates.APPOINT_STAFF)
def staff_facts(actor: Any, members: Sequence[Member]) -> list[facts.StaffFacts]:
    """Who would appoint whom."""
    may_appoint = is_system(actor) or bool(getattr(actor, "is_staff", False))
    return [facts.StaffFacts(may_appoint=may_appoint, is_staff=m.is_staff, left_at=m.left_at) for m in members]


def is_system(actor: Any) -> bool:
    """Whether the market itself acts; a visitor is a named actor too, but nobody the market trusts."""
    return isinstance(actor, SystemActor) and actor != VISITOR
