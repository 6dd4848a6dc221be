"""Answering a job, and every way in which an answer ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kotowari.accounts.models import Member
from kotowari.clocks import stopped_spans
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock, share
from kotowari.foundation.outbox import emit
from kotowari.foundation.transitions import NotInTable
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.market import entries, events, menus
from kotowari.market.gates import (
    DECLINE_PROPOSAL,
    HIRING_OPEN,
    LAPSE_PROPOSAL,
    MOVE_PROPOSAL_CLOCK,
    SEND_PROPOSAL,
    WITHDRAW_PROPOSAL,
)
from kotowari.market.inputs import Reading
from kotowari.market.models import Job, Proposal, ProposalMilestone
from kotowari.market.postings import FURTHEST_DAYS
from kotowari.market.selectors.waits import clocks_of_proposals
from kotowari.market.transitions import JOB, PROPOSAL

MESSAGE_MAX = 5_000
MILESTONE_TITLE_MAX = 80
NOTE_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedMilestone:
    """A part of the work as the worker proposes it; the price in yen without tax."""

    title: str = ""
    price_yen: int | None = None
    due_on: date | None = None


@command(SEND_PROPOSAL)
def send_proposal(*, actor: Actor, job_id: UUID, message: str, milestones: Sequence[ProposedMilestone]) -> Proposal:
    """Answer a job. Without an answer the proposal ends some days after the application deadline (A081).

    Raises `InputError`; the fields of the first milestone are named `milestones.0.title` and so on.
    """
    job = lock(Job, job_id, "category", "client")
    require(SEND_PROPOSAL, actor, job)
    message, parts = _read(message, milestones)
    assert actor.pk is not None, "only members come through the gate"
    lapse_days = policy.value("market.proposal_lapse_days")
    proposal = Proposal(
        job=job,
        worker_id=actor.pk,
        message=message,
        lapses_at=clock.end_of(clock.last_day(job.apply_until) + timedelta(days=lapse_days)),
    )
    [running] = clocks_of_proposals([proposal])
    assert running is not None, "it waits"
    proposal.lapses_at, proposal.stopped_for = running.due_at, running.stopped_for
    proposal.save(force_insert=True)
    for position, part in enumerate(parts, start=1):
        part.proposal, part.position = proposal, position
    ProposalMilestone.objects.bulk_create(parts)
    price_yen = sum(part.price_yen for part in parts)
    audit.record(actor=actor, kind=entries.PROPOSAL_SENT, subject=proposal, title=job.title, price_yen=price_yen)
    emit(events.ProposalSent(**_whose(proposal), lapses_at=proposal.lapses_at))
    return proposal


@command(WITHDRAW_PROPOSAL)
def withdraw_proposal(*, actor: Actor, proposal_id: UUID) -> Proposal:
    """Take one's own proposal back while nobody has answered it."""
    proposal = _lock(proposal_id)
    require(WITHDRAW_PROPOSAL, actor, proposal)
    _move(proposal, "withdraw")
    audit.record(actor=actor, kind=entries.PROPOSAL_WITHDRAWN, subject=proposal, title=proposal.job.title)
    emit(events.ProposalWithdrawn(**_whose(proposal)))
    return proposal


@command(DECLINE_PROPOSAL)
def decline_proposal(*, actor: Actor, proposal_id: UUID, reason: str, note: str = "") -> Proposal:
    """Say no to a proposal, with a reason that the worker is told. "other" needs words of its own."""
    proposal = _lock(proposal_id)
    require(DECLINE_PROPOSAL, actor, proposal)
    reading = Reading()
    reason = reading.choice("reason", reason, menus.DECLINE_REASONS)
    note = reading.text("note", note, NOTE_MAX, needed=reason == "other")
    reading.finish()
    _decline(actor, proposal, reason, note)
    return proposal


@command(LAPSE_PROPOSAL)
def lapse_proposal(*, actor: Actor, proposal_id: UUID) -> Proposal:
    """End a proposal that nobody answered in time; both sides are told (A081).

    Where its client cannot act at this moment, however long they could not, it counts against nobody (A185).
    """
    proposal = _lock(proposal_id)
    # Nobody shuts the client out, or lets them in, before this is decided.
    share(Member, [proposal.job.client_id])
    require(LAPSE_PROPOSAL, actor, proposal)
    now = clock.now()
    out = stopped_spans([proposal.job.client_id], now)[proposal.job.client_id]
    proposal.excused = any(span.start <= now for span in out)
    _move(proposal, "lapse")
    audit.record(actor=actor, kind=entries.PROPOSAL_LAPSED, subject=proposal, title=proposal.job.title)
    emit(events.ProposalLapsed(**_whose(proposal), excused=proposal.excused))
    return proposal


@command(MOVE_PROPOSAL_CLOCK)
def move_proposal_clock(*, actor: Actor, proposal_id: UUID) -> int:
    """Set the clock of a proposal to what it is by now, and tell both sides; returns 0 when it was right already.

    Raises `Refused`, `NotVisible`.
    """
    proposal = _lock(proposal_id)
    require(MOVE_PROPOSAL_CLOCK, actor, proposal)
    [running] = clocks_of_proposals([proposal])
    assert running is not None, "the gate lets only through what waits"
    was_at, proposal.lapses_at, proposal.stopped_for = proposal.lapses_at, running.due_at, running.stopped_for
    if running.due_at == was_at:
        return 0
    proposal.save(update_fields=["lapses_at", "stopped_for"])
    audit.record(
        actor=actor,
        kind=entries.PROPOSAL_CLOCK_MOVED,
        subject=proposal,
        title=proposal.job.title,
        was_at=was_at.isoformat(),
        due_at=running.due_at.isoformat(),
    )
    stopped = running.stopped_until(clock.now()) is not None
    emit(events.ProposalClockMoved(**_whose(proposal), was_at=was_at, lapses_at=proposal.lapses_at, is_stopped=stopped))
    return 1


def mark_accepted(*, actor: Actor, proposal_id: UUID) -> Proposal:
    """Note that a proposal became a contract; called by the command that makes it, inside its transaction.

    With the last hire the job is filled, and everybody who still waits is told no, and why. Raises `NotInTable`
    when the proposal or its job is past hiring: the caller's gate should have refused before.
    """
    assert connection.in_atomic_block, "a proposal is accepted only together with its contract"
    job_id = Proposal.objects.values_list("job_id", flat=True).get(pk=proposal_id)
    job = lock(Job, job_id, "category", "client")
    proposal = _lock(proposal_id)
    if job.state not in HIRING_OPEN:
        raise NotInTable(JOB.name, job.state, "hire")
    _move(proposal, "accept")
    audit.record(actor=actor, kind=entries.PROPOSAL_ACCEPTED, subject=proposal, title=job.title)
    emit(events.ProposalAccepted(**_whose(proposal)))
    job.hires_made += 1
    if job.hires_made == job.hires_wanted:
        job.state = JOB.require(job.state, "fill")
        job.closed_at = job.closed_at or clock.now()
    job.save(update_fields=["hires_made", "state", "closed_at"])
    if job.state == "filled":
        audit.record(actor=actor, kind=entries.JOB_FILLED, subject=job, title=job.title, hires=job.hires_made)
        emit(events.JobFilled(job_id=job.pk, client_id=job.client_id, title=job.title))
        decline_waiting(actor=actor, job=job, reason="job_filled")
    return proposal


def decline_waiting(*, actor: Actor, job: Job, reason: str) -> int:
    """Decline every proposal to a job that still waits, because the job itself is over; returns how many."""
    waiting = job.proposals.select_for_update(of=("self",)).filter(state="sent").order_by("id")
    proposals = list(waiting)
    for proposal in proposals:
        proposal.job = job
        _decline(actor, proposal, reason, "")
    return len(proposals)


def _lock(proposal_id: UUID) -> Proposal:
    return lock(Proposal, proposal_id, "job__category", "job__client", "worker")


def _move(proposal: Proposal, event: str) -> None:
    proposal.state = PROPOSAL.require(proposal.state, event)
    proposal.decided_at = clock.now()
    proposal.save(update_fields=["state", "decided_at", "decline_reason", "decline_note", "excused"])


def _decline(actor: Actor, proposal: Proposal, reason: str, note: str) -> None:
    proposal.decline_reason, proposal.decline_note = reason, note
    _move(proposal, "decline")
    audit.record(actor=actor, kind=entries.PROPOSAL_DECLINED, subject=proposal, title=proposal.job.title, reason=reason)
    emit(events.ProposalDeclined(**_whose(proposal), reason=reason, note=note))


def _whose(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal_id": proposal.pk,
        "job_id": proposal.job_id,
        "client_id": proposal.job.client_id,
        "worker_id": proposal.worker_id,
        "title": proposal.job.title,
    }


def _read(message: str, milestones: Sequence[ProposedMilestone]) -> tuple[str, list[ProposalMilestone]]:
    """The message and the milestones as rows that are not saved yet. Raises `InputError`."""
    reading = Reading()
    least, most = policy.value("market.project_minimum_yen"), policy.value("market.project_maximum_yen")
    count_max = policy.value("contracts.milestones_max")
    message = reading.text("message", message, MESSAGE_MAX)
    if not 1 <= len(milestones) <= count_max:
        reading.wrong(
            "milestones",
            Text("1件から{most}件までにしてください。", "Between 1 and {most}, please.").format(most=count_max),
        )
    today = clock.today()
    furthest = today + timedelta(days=FURTHEST_DAYS)
    rows: list[ProposalMilestone] = []
    for i, given in enumerate(milestones[:count_max]):
        title = reading.line(f"milestones.{i}.title", given.title, MILESTONE_TITLE_MAX)
        price_yen = reading.amount(f"milestones.{i}.price_yen", given.price_yen, 1, most)
        due_on = reading.day(f"milestones.{i}.due_on", given.due_on, today, furthest)
        rows.append(ProposalMilestone(title=title, price_yen=price_yen, due_on=due_on or today))
    total_yen = sum(row.price_yen for row in rows)
    if not reading.problems and not least <= total_yen <= most:
        reading.wrong(
            "milestones",
            Text(
                "合計は{least}から{most}までにしてください(いま{total}です)。",
                "The sum must lie between {least} and {most} (it is {total}).",
            ).format(least=yen(least), most=yen(most), total=yen(total_yen)),
        )
    reading.finish()
    return message, rows
