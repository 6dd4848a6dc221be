"""New passwords required of many members: of chosen ones at once, of everybody only by two of staff (A130)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from kotowari.accounts import entries, gates, mails
from kotowari.accounts.events import PasswordVoided
from kotowari.accounts.models import ForcedReset, Member, Round
from kotowari.accounts.services.rounds import begin_round, step
from kotowari.accounts.services.staff import tell_staff
from kotowari.accounts.services.staff_acts import void_passwords
from kotowari.accounts.transitions import FORCED_RESET
from kotowari.foundation import audit, outbox, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.notices import notify_many
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text


@command(gates.ASK_FORCED_RESET)
def ask_forced_reset(
    *, actor: Member, reason: Text, everybody: bool = False, member_ids: Sequence[UUID] = ()
) -> ForcedReset:
    """Require a new password of these members at once, or of everybody as soon as a second of staff approves.

    `reason` is told to each of them. Raises `InputError` when it is about nobody or about oneself, `Refused`.
    """
    require(gates.ASK_FORCED_RESET, actor)
    check_forced_reset(actor, reason, everybody, member_ids)
    hours = policy.value("accounts.forced_reset_approval_hours")
    row = ForcedReset.objects.create(
        everybody=everybody,
        reason_text=reason.as_dict(),
        state="waiting" if everybody else "approved",
        asked_by=actor,
        lapses_at=clock.now() + timedelta(hours=hours),
        round=None if everybody else begin_round(Round.Kind.FORCED_RESET, member_ids=member_ids),
    )
    if everybody:
        title, body = mails.second_approval_needed(reason, row.lapses_at)
        url = f"/console/forced-resets/{row.pk}/"
        tell_staff(kind="accounts.forced_reset_asked", title=title, body=body, url=url)
    audit.record(
        actor=actor, kind=entries.FORCED_RESET_ASKED, subject=row, everybody=everybody, members=len(member_ids)
    )
    return row


@command(gates.APPROVE_FORCED_RESET)
def approve_forced_reset(*, actor: Member, reset_id: UUID) -> ForcedReset:
    """Let it begin for everybody: by another of staff than who asked. Raises `Refused`, `NotVisible`."""
    row = lock(ForcedReset, reset_id)
    require(gates.APPROVE_FORCED_RESET, actor, row)
    row.state = FORCED_RESET.require(row.state, "approve")
    row.decided_by, row.decided_at = actor, clock.now()
    row.round = begin_round(Round.Kind.FORCED_RESET, everybody=True)
    row.save(update_fields=["state", "decided_by", "decided_at", "round"])
    audit.record(actor=actor, kind=entries.FORCED_RESET_APPROVED, subject=row)
    return row


@command(gates.DECLINE_FORCED_RESET)
def decline_forced_reset(*, actor: Member, reset_id: UUID) -> ForcedReset:
    """Call it off, also by who asked for it. Raises `Refused`, `NotVisible`."""
    row = lock(ForcedReset, reset_id)
    require(gates.DECLINE_FORCED_RESET, actor, row)
    row.state = FORCED_RESET.require(row.state, "decline")
    row.decided_by, row.decided_at = actor, clock.now()
    row.save(update_fields=["state", "decided_by", "decided_at"])
    audit.record(actor=actor, kind=entries.FORCED_RESET_DECLINED, subject=row)
    return row


@command(gates.LAPSE_FORCED_RESET)
def lapse_forced_reset(*, actor: Actor, reset_id: UUID) -> ForcedReset:
    """End what nobody approved in time. Raises `Refused`, `NotVisible`."""
    row = lock(ForcedReset, reset_id)
    require(gates.LAPSE_FORCED_RESET, actor, row)
    row.state, row.decided_at = FORCED_RESET.require(row.state, "lapse"), clock.now()
    row.save(update_fields=["state", "decided_at"])
    audit.record(actor=actor, kind=entries.FORCED_RESET_LAPSED, subject=row)
    return row


@step(Round.Kind.FORCED_RESET)
def void_some(row: Round, member_ids: list[UUID]) -> None:
    """The next members of a forced reset; whoever set a new password since it began is left in peace."""
    reset = ForcedReset.objects.get(round=row)
    due = Member.objects.filter(pk__in=member_ids, left_at__isnull=True).exclude(password_set_at__gt=row.started_at)
    found = list(due)
    ids = [member.pk for member in found]
    void_passwords(ids)
    title, body = mails.password_required(reset.reason)
    notify_many(member_ids=ids, kind="accounts.password_forced", title=title, body=body, url="/password/reset/")
    audit.record_many(actor=SYSTEM, kind=entries.PASSWORD_FORCED, entries=[(member, {}) for member in found])
    outbox.emit(*(PasswordVoided(member_id=id) for id in ids))


def check_forced_reset(actor: Member, reason: Text, everybody: bool, member_ids: Sequence[UUID]) -> None:
    """Raise `InputError` for what cannot be asked for: before it is shown for confirming, and when it is done."""
    problems: dict[str, list[Text]] = {}
    if not reason.ja.strip():
        problems["reason_ja"] = [Text("会員に伝える理由を書いてください。", "Write down the reason for the members.")]
    if not everybody and not member_ids:
        problems["names"] = [Text("会員を1人以上選んでください。", "Name at least one member.")]
    if not everybody and actor.pk in member_ids:
        problems["names"] = [
            Text(
                "自分自身は選べません。ほかの担当者に頼んでください。",
                "You cannot choose yourself; ask somebody else of staff.",
            )
        ]
    if problems:
        raise InputError(problems)
