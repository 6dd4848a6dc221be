"""The main address: choosing another one, and taking that back when it was somebody else (A115)."""

from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q

from kotowari.accounts import address_mails, entries, gates
from kotowari.accounts.events import MainAddressChanged
from kotowari.accounts.models import AddressChange, AddressProof, ApiToken, Member
from kotowari.accounts.services.addresses import my_address
from kotowari.accounts.services.own import locked
from kotowari.accounts.services.restrictions import end_sessions, hold
from kotowari.accounts.services.risks import raise_risk
from kotowari.accounts.telling import tell_everywhere
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.gates import require


@command(gates.MAKE_PRIMARY)
def make_primary(*, actor: Actor, address_id: int) -> Member:
    """Send notices to another of one's proved addresses.

    Every address is told; the one so far gets a link that takes the change back, and meanwhile the bank account
    cannot be changed. Raises `Refused`, `NotVisible`.
    """
    member = locked(actor)
    address = my_address(member, address_id)
    require(gates.MAKE_PRIMARY, member, address)
    assert isinstance(member, Member)  # the gate lets nobody else through
    undo_until = clock.now() + timedelta(hours=policy.value("accounts.address_undo_hours"))
    change = AddressChange.objects.create(
        member=member, old_email=member.email, new_email=address.email, changed_at=clock.now(), undo_until=undo_until
    )
    _point_to(member, address.email)
    address_mails.send_undo(change)
    title, body = address_mails.primary_changed(change)
    tell_everywhere(member, kind="accounts.primary_changed", title=title, body=body)
    hold(actor=SYSTEM, member=member, cause="address_changed", until=undo_until)
    audit.record(actor=actor, kind=entries.PRIMARY_CHANGED, subject=member, old=change.old_email, new=change.new_email)
    outbox.emit(MainAddressChanged(member_id=member.pk))
    return member


@command(gates.UNDO_ADDRESS)
def undo_primary(*, actor: Actor, change_id: UUID) -> Member:
    """Take a change of the main address back, for whoever reads the mail of the old one: somebody else made it.

    What whoever made it may hold is void: addresses proved since shortly before it, sessions, tokens for programs,
    the password. Staff are told. Raises `Refused`, `NotVisible`.
    """
    change = lock(AddressChange, change_id)
    member = lock(Member, change.member_id)
    change.member = member
    require(gates.UNDO_ADDRESS, actor, change)
    now = clock.now()
    removed = _addresses_since(change)
    member.password_void_since = now
    member.save(update_fields=["password_void_since"])
    _point_to(member, change.old_email)
    AddressChange.objects.filter(member=member, changed_at__gte=change.changed_at, undone_at__isnull=True).update(
        undone_at=now
    )
    EmailAddress.objects.filter(user=member, email__in=removed).delete()
    AddressProof.objects.filter(Q(email__in=removed) | Q(proved_at__isnull=True), member=member).delete()
    ApiToken.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=now)
    end_sessions(member)
    title, body = address_mails.change_undone(change)
    tell_everywhere(member, kind="accounts.address_undone", title=title, body=body, url="/password/reset/")
    raise_risk(actor=SYSTEM, kind="address_undone", member_id=member.pk, facts={"removed": len(removed)})
    audit.record(actor=actor, kind=entries.ADDRESS_UNDONE, subject=member, old=change.old_email, removed=len(removed))
    outbox.emit(MainAddressChanged(member_id=member.pk))
    return member


def _point_to(member: Member, email: str) -> None:
    """Make an address the main one. The old row gives way first: the database allows one at a time."""
    EmailAddress.objects.filter(user=member, primary=True).update(primary=False)
    EmailAddress.objects.update_or_create(user=member, email=email, defaults={"primary": True, "verified": True})
    member.email = email
    member.save(update_fields=["email"])


def _addresses_since(change: AddressChange) -> list[str]:
    """What the change led to, and what was proved shortly before it or since: none of it is the owner's for sure."""
    window = timedelta(hours=policy.value("accounts.address_undo_hours"))
    since = AddressProof.objects.filter(member=change.member, proved_at__gte=change.changed_at - window)
    return sorted({change.new_email, *since.values_list("email", flat=True)} - {change.old_email})
