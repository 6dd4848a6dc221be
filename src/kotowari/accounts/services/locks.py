"""Locks: made by wrong tries, ended by their owner, by staff, or by the clock."""

from datetime import datetime, timedelta
from uuid import UUID

from kotowari.accounts import entries, gates, mails, tries
from kotowari.accounts.events import LockEnded
from kotowari.accounts.models import Lock, Member
from kotowari.accounts.selectors.restrictions import locks_in_force
from kotowari.accounts.services.risks import raise_risk
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify
from kotowari.kernel import clock
from kotowari.kernel.gates import require

RECENT = timedelta(days=7)
"""Locks of this long ago still count when the next one is called a repetition."""


@command(gates.LOCK)
def lock_account(*, actor: Actor, member_id: UUID, until: datetime, tries: int) -> Lock:
    """Lock an account against devices it does not know, and tell its owner where it can be opened (A019).

    Locks that come again within days come before staff. Raises `Refused` for anybody but the market itself.
    """
    member = lock(Member, member_id)
    require(gates.LOCK, actor, member)
    level = 1 + Lock.objects.filter(member=member, since__gt=clock.now() - RECENT).count()
    row = Lock.objects.create(member=member, level=level, tries=tries, until=until)
    title, body = mails.locked(row)
    notify(member_id=member.pk, kind="accounts.locked", title=title, body=body, url=mails.unlock_path(row))
    audit.record(actor=actor, kind=entries.LOCKED, subject=member, tries=tries, until=until.isoformat())
    if level >= policy.value("accounts.lock_repeats_to_staff"):
        raise_risk(actor=SYSTEM, kind="repeated_locks", member_id=member.pk, facts={"level": level, "tries": tries})
    return row


@command(gates.UNLOCK)
def end_lock(*, actor: Actor, lock_id: UUID, by: str) -> Lock:
    """End a lock before its time: `by` the owner's link or by staff (A016, A017). Raises `Refused`, `NotVisible`."""
    row = lock(Lock, lock_id, "member")
    require(gates.UNLOCK, actor, row)
    row.ended_at, row.ended_by = clock.now(), Lock.EndedBy(by)
    row.save(update_fields=["ended_at", "ended_by"])
    tries.forget(row.member)
    if row.ended_by == Lock.EndedBy.STAFF:
        title, body = mails.UNLOCKED_BY_STAFF
        notify(member_id=row.member_id, kind="accounts.unlocked", title=title, body=body, url="/login/")
    audit.record(actor=actor, kind=entries.UNLOCKED, subject=row.member, by=by)
    outbox.emit(LockEnded(member_id=row.member_id))
    return row


def end_locks_of(member: Member) -> None:
    """A new password ends every lock; called inside the command that sets it."""
    if locks_in_force().filter(member=member).update(ended_at=clock.now(), ended_by=Lock.EndedBy.PASSWORD):
        outbox.emit(LockEnded(member_id=member.pk))
    tries.forget(member)
