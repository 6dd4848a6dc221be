"""Opening and ending a session."""

from uuid import UUID

from kotowari.accounts import entries, gates, mails
from kotowari.accounts.authentication import known_device
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Device, Member, SignInRecord
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.gates import require


@command(gates.SIGN_IN)
def sign_in(*, actor: Member, way: str, caller: Caller) -> Device:
    """Let a recognised member in, whichever `way` they were recognised; returns the device they came with.

    Every path to a session or a program's key passes here. A device that the account did not know is told to its
    owner, unless it is the first of all (A119). Raises `Refused`.
    """
    member = lock(Member, actor.pk)
    known_id = known_device(member.pk, caller)
    require(gates.SIGN_IN, member, gates.Attempt(way=way, known_device=known_id is not None))
    member.last_login = actor.last_login = clock.now()
    member.save(update_fields=["last_login"])
    device = _device(member, caller, known_id)
    SignInRecord.objects.create(
        member=member, device=device, way=way, outcome="in", label=caller.label, network=caller.network
    )
    audit.record(actor=member, kind=entries.SIGNED_IN, subject=member, way=way)
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
    is_first = not Device.objects.filter(member=member).exists()
    device = Device.objects.create(member=member, label=caller.label, network=caller.network)
    if not is_first:
        title, body = mails.new_device(device)
        notify(member_id=member.pk, kind="accounts.new_device", title=title, body=body, url="/my/security-check/")
    return device
