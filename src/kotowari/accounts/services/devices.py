"""Signing devices out and forgetting them (A035, A119)."""

from uuid import UUID

from kotowari.accounts import entries, gates
from kotowari.accounts.callers import UNKNOWN_LABEL
from kotowari.accounts.models import ApiToken, Device, Member, Session
from kotowari.accounts.selectors.devices import my_session, sessions_visible_to
from kotowari.accounts.services.own import locked
from kotowari.accounts.services.restrictions import end_programs, end_sessions
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import require


@command(gates.END_SESSION)
def end_session(*, actor: Actor, session_id: UUID) -> None:
    """End one of one's own sessions, by the name it has in pages. Raises `NotVisible` for anybody else's, `Refused`."""
    member = locked(actor)
    session = my_session(member, str(session_id))
    require(gates.END_SESSION, member, session)
    label = session.row.device.label if session.row.device else UNKNOWN_LABEL
    session.row.delete()
    audit.record(actor=actor, kind=entries.SESSION_ENDED, subject=_person(member), label=label)


@command(gates.END_OTHER_SESSIONS)
def end_other_sessions(*, actor: Actor, present_key: str) -> None:
    """End every session but the present one, and sign out every program. Raises `Refused` when there is no other."""
    member = locked(actor)
    require(gates.END_OTHER_SESSIONS, member)
    ended, _ = sessions_visible_to(member).exclude(pk=present_key).delete()
    ended += end_programs(_person(member))
    audit.record(actor=actor, kind=entries.SESSIONS_ENDED, subject=_person(member), count=ended)


@command(gates.END_ALL_SESSIONS)
def end_all_sessions(*, actor: Actor) -> None:
    """End every session, the present one too, and sign out every program. Raises `Refused`."""
    member = locked(actor)
    require(gates.END_ALL_SESSIONS, member)
    ended = end_sessions(_person(member)) + end_programs(_person(member))
    audit.record(actor=actor, kind=entries.SESSIONS_ENDED, subject=_person(member), count=ended)


@command(gates.FORGET_DEVICE)
def forget_device(*, actor: Actor, device_id: UUID, present_key: str = "") -> Device:
    """Make one of one's own devices a stranger again, and end its sessions but the present one, and its programs' keys.

    Raises `NotVisible` for anybody else's, `Refused`.
    """
    device = lock(Device, device_id)
    if device.member_id != actor.pk:
        raise NotVisible("accounts.device", device_id)
    require(gates.FORGET_DEVICE, actor, device)
    device.forgotten_at = clock.now()
    device.save(update_fields=["forgotten_at"])
    Session.objects.filter(device=device).exclude(pk=present_key).delete()
    ApiToken.objects.filter(device=device, revoked_at__isnull=True).update(revoked_at=device.forgotten_at)
    audit.record(actor=actor, kind=entries.DEVICE_FORGOTTEN, subject=device, label=device.label)
    return device


def _person(actor: Actor) -> Member:
    assert isinstance(actor, Member)  # the gate lets nobody else through
    return actor
