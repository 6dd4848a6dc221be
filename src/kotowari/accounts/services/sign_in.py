"""Opening and ending a session."""

from uuid import UUID

from kotowari.accounts import entries, gates, mails
from kotowari.accounts.authentication import known_device
from kotowari.accounts.callers import Caller
from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.links import not_me_path
from kotowari.accounts.models import Device, Member, SignInRecord
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.gates import require


@command(gates.SIGN_IN)
def sign_in(*, actor: Member, way: str, caller: Caller, second_factor: str = "") -> Device:
    """Let a recognised member in, whichever `way` they were recognised; returns the device they came with.

    `second_factor` is which one they showed (`trusted`: none, on a device they trust). Every path to a session or a
    program's key passes here. A device that the account did not know, unless it is the first of all, and a network
    that it did not know, are told to its owner (A119). Raises `Refused`.
    """
    member = lock(Member, actor.pk)
    known_id = known_device(member.pk, caller)
    attempt = gates.Attempt(way=way, known_device=known_id is not None, second_factor=second_factor)
    require(gates.SIGN_IN, member, attempt)
    member.last_login = actor.last_login = clock.now()
    member.save(update_fields=["last_login"])
    is_new = known_id is None and Device.objects.filter(member=member).exists()
    is_elsewhere = known_id is not None and _never_from(member, caller.network)
    device = _device(member, caller, known_id)
    record = SignInRecord.objects.create(
        member=member, device=device, way=way, outcome="in", label=caller.label, network=caller.network
    )
    if is_new or is_elsewhere:
        _tell(record, is_new=is_new)
    audit.record(
        actor=member, kind=entries.SIGNED_IN, subject=member, way=" + ".join(filter(None, (way, second_factor)))
    )
    return device


@command(gates.SIGN_OUT)
def sign_out(*, actor: Actor) -> None:
    """End this session: not the membership, and not the sessions on other devices (A036)."""
    require(gates.SIGN_OUT, actor)
    audit.record(actor=actor, kind=entries.SIGNED_OUT, subject=None)


def _device(member: Member, caller: Caller, known_id: UUID | None) -> Device:
    now = clock.now()
    if known_id is not None:
        device = Device.objects.get(pk=known_id)
        device.last_seen_at, device.label, device.network = now, caller.label, caller.network
        device.save(update_fields=["last_seen_at", "label", "network"])
        return device
    return Device.objects.create(member=member, label=caller.label, network=caller.network)


def _never_from(member: Member, network: str) -> bool:
    return not SignInRecord.objects.filter(member=member, outcome="in", network=network).exists()


def _tell(record: SignInRecord, *, is_new: bool) -> None:
    """A device that is new is told by mail, too; a known one from a network that is new, as phones have many, is not."""
    assert record.member is not None
    title, body = mails.new_device(record) if is_new else mails.new_network(record)
    notify(
        member_id=record.member.pk,
        kind="accounts.new_device" if is_new else "accounts.new_network",
        title=title,
        body=body,
        url=not_me_path(record),
        by_mail=is_new,
        also_to=addresses_of(record.member),
    )
