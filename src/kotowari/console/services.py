"""What staff does by looking, recorded like every other act (A063)."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Model

from kotowari.accounts.models import Member
from kotowari.console import entries
from kotowari.console.gates import ACKNOWLEDGE_ALARM, CHECK_BOOKS, SEE_MEMBER
from kotowari.foundation import audit, subjects
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger import selectors as ledger
from kotowari.ledger import services as ledger_services


@command(SEE_MEMBER)
def look_at_member(*, actor: Actor, member_id: UUID) -> Member:
    """The row of a member, with an entry in the audit that somebody looked. Raises `NotVisible`, `Refused`."""
    member: Member = subjects.load("accounts.member", str(member_id), actor=actor)
    require(SEE_MEMBER, actor, member)
    audit.record(actor=actor, kind=entries.MEMBER_SEEN, subject=member)
    return member


@command(SEE_MEMBER)
def look_at_members(*, actor: Actor, member_ids: Collection[UUID]) -> list[Member]:
    """The same for a list that shows what is each member's own: one entry for each of them. Raises `Refused`."""
    members = list(Member.objects.filter(pk__in=member_ids).order_by("pk"))
    for member in members:
        require(SEE_MEMBER, actor, member)
    audit.record_many(actor=actor, kind=entries.MEMBER_SEEN, entries=[(member, {}) for member in members])
    return members


@command(CHECK_BOOKS)
def ask_check(*, actor: Actor) -> Model:
    """Ask for every law of the books to be asked; the next round of long work begins it. Returns the run that waits."""
    require(CHECK_BOOKS, actor)
    run = ledger_services.ask_check(actor=actor)
    audit.record(actor=actor, kind=entries.CHECK_ASKED, subject=run)
    return run


@command(ACKNOWLEDGE_ALARM)
def acknowledge_alarm(*, actor: Actor, alarm_id: UUID, note: str) -> Model:
    """Say that one looks into a broken law, and what is known. Raises `NotVisible`, `Refused`, `InputError` under `note`."""
    alarm = ledger.alarm_locked(alarm_id)
    if alarm is None:
        raise NotVisible("ledger.checkalarm", alarm_id)
    require(ACKNOWLEDGE_ALARM, actor, alarm)
    said = note.strip()
    if not said:
        raise InputError({"note": [Text("何をするかを書いてください。", "Say what you do about it.")]})
    ledger_services.acknowledge(alarm=alarm, actor=actor, note=said)
    audit.record(actor=actor, kind=entries.ALARM_ACKNOWLEDGED, subject=alarm, name=alarm.name, note=said)
    return alarm
