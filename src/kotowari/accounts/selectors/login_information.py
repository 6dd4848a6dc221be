"""By what an account is opened: addresses, names, password. For its owner, and for staff."""

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from kotowari.accounts.models import AddressChange, AddressProof, FormerUsername, Member
from kotowari.accounts.names import folded
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible


def has_password(member: Member) -> bool:
    """Whether a password opens the account: there is one, and it was not made void (A028)."""
    return member.has_usable_password() and member.password_void_since is None


def addresses_of(member: Member) -> QuerySet[EmailAddress]:
    """The proved addresses of a member, the primary one first (A067)."""
    rows: QuerySet[EmailAddress] = EmailAddress.objects.filter(user=member, verified=True)
    return rows.order_by("-primary", "pk")


def waiting_addresses_of(member: Member) -> QuerySet[AddressProof]:
    """Addresses whose code did not come back yet."""
    return AddressProof.objects.filter(member=member, proved_at__isnull=True, lapses_at__gt=clock.now()).order_by("id")


def address_proof(actor: Actor, proof_id: UUID) -> AddressProof:
    """One's own address that waits for its code. Raises `NotVisible` for anybody else's, and when it is proved."""
    row = AddressProof.objects.select_related("member").filter(pk=proof_id, proved_at__isnull=True).first()
    if row is None or not (isinstance(actor, SystemActor) or row.member_id == actor.pk):
        raise NotVisible("accounts.addressproof", proof_id)
    return row


def undoable_changes_of(member: Member) -> QuerySet[AddressChange]:
    """Changes of the main address that can still be taken back, the newest first."""
    rows = AddressChange.objects.filter(member=member, undone_at__isnull=True, undo_until__gt=clock.now())
    return rows.order_by("-changed_at")


def former_usernames_of(member: Member) -> QuerySet[FormerUsername]:
    """The names a member went by before, the latest first (A095)."""
    return FormerUsername.objects.filter(member=member).order_by("-id")


def owner_of_former(username: str) -> Member | None:
    """Who went by this name last, unless somebody goes by it now."""
    name = folded(username)
    if Member.objects.filter(username=name).exists():
        return None
    row = FormerUsername.objects.filter(username=name).select_related("member").order_by("-id").first()
    return row.member if row else None


def is_taken(username: str, *, but: Member | None = None) -> bool:
    """Whether a folded username is somebody's, or is kept for whoever gave it up a while ago."""
    others = ~Q(pk=but.pk) if but else Q()
    kept = FormerUsername.objects.filter(~Q(member=but) if but else Q(), username=username, kept_until__gt=clock.now())
    return Member.objects.filter(others, username=username).exists() or kept.exists()


def is_registered(email: str) -> bool:
    """Whether a folded address is some member's, main or not. Told to nobody but that member; both are always asked."""
    proved = EmailAddress.objects.filter(email=email, verified=True).exists()
    main = Member.objects.filter(email=email).exists()
    return bool(proved or main)


@subject("account.emailaddress")
def _address(actor: Any, id: str) -> EmailAddress:
    row = EmailAddress.objects.select_related("user").filter(pk=int(id), user_id=actor.pk, verified=True).first()
    if row is None:
        raise NotVisible("account.emailaddress", id)
    return row


@subject("accounts.addressproof")
def _proof(actor: Any, id: str) -> AddressProof:
    return address_proof(actor, UUID(str(id)))


@subject("accounts.addresschange")
def _change(actor: Any, id: str) -> AddressChange:
    row = AddressChange.objects.select_related("member").filter(pk=UUID(str(id))).first()
    if row is None or not (isinstance(actor, SystemActor) or row.member_id == actor.pk):
        raise NotVisible("accounts.addresschange", id)
    return row
