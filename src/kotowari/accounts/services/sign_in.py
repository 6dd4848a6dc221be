"""Opening and ending a session."""

from kotowari.accounts import entries, gates, mails
from kotowari.accounts.callers import Caller
from kotowari.accounts.credentials import addresses_of
from kotowari.accounts.links import not_me_path
from kotowari.accounts.models import Device, Member, SignInRecord
from kotowari.accounts.selectors.standing import seen
from kotowari.accounts.services.recoveries import cancel_by_factor
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import hold
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.gates import require

# Member, device and history in one statement: written by three, Django's part was larger than PostgreSQL's.
_COME_IN = """
WITH came AS (
    UPDATE accounts_member SET last_login = %(at)s WHERE id = %(member_id)s
), noted AS (
    INSERT INTO accounts_signinrecord (id, member_id, device_id, way, outcome, label, network, at)
    VALUES (%(id)s, %(member_id)s, %(device_id)s, %(way)s, %(outcome)s, %(label)s, %(network)s, %(at)s)
)
UPDATE accounts_device SET last_seen_at = %(at)s, label = %(label)s, network = %(network)s WHERE id = %(device_id)s
RETURNING *
"""
_NOTED = ("id", "member_id", "device_id", "way", "outcome", "label", "network", "at")
NOT_SHOWN = ("", "trusted")
"""No second factor was shown at signing in."""


@command(gates.SIGN_IN)
def sign_in(*, actor: Member, way: str, caller: Caller, second_factor: str = "") -> Device:
    """Let a recognised member in, whichever `way` they were recognised; returns the device they came with.

    `second_factor` is which one they showed (`trusted`: none, on a device they trust). Every path to a session or a
    program's key passes here. A device that the account did not know, unless it is the first of all, and a network
    that it did not know, are told to its owner (A119). Raises `Refused`.
    """
    hold(Member, actor.pk)
    known_id, came_from = seen(actor.pk, caller.devices, caller.network)
    attempt = gates.Attempt(way=way, known_device=known_id is not None, second_factor=second_factor)
    require(gates.SIGN_IN, actor, attempt)
    actor.last_login = clock.now()
    is_new = known_id is None and Device.objects.filter(member=actor).exists()
    is_elsewhere = known_id is not None and not came_from
    record = SignInRecord(
        member=actor,
        device_id=known_id or Device.objects.create(member=actor, label=caller.label, network=caller.network).pk,
        way=way,
        outcome="in",
        label=caller.label,
        network=caller.network,
        at=actor.last_login,
    )
    (device,) = Device.objects.raw(_COME_IN, {name: getattr(record, name) for name in _NOTED})
    if is_new or is_elsewhere:
        _tell(record, is_new=is_new)
    audit.record(actor=actor, kind=entries.SIGNED_IN, subject=actor, way=" + ".join(filter(None, (way, second_factor))))
    if second_factor not in NOT_SHOWN:
        cancel_by_factor(actor)
    return device


@command(gates.SIGN_OUT)
def sign_out(*, actor: Actor) -> None:
    """End this session: not the membership, and not the sessions on other devices (A036)."""
    require(gates.SIGN_OUT, actor)
    audit.record(actor=actor, kind=entries.SIGNED_OUT, subject=None)


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
