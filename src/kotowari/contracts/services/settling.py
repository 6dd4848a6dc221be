"""Acceptance: the reward is fixed, the fee is taken. One delivery or a thousand go the same way."""

from collections.abc import Sequence
from uuid import UUID

from kotowari.contracts import entries, events
from kotowari.contracts.gates import ACCEPT
from kotowari.contracts.models import Milestone
from kotowari.contracts.services.clocks import keep_in
from kotowari.contracts.services.closing import close_done_contracts, names
from kotowari.contracts.transitions import MILESTONE
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import allowed_among, require
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Entry, Line, NewLot, open_lots, post_many


@command(ACCEPT)
def accept_delivery(*, actor: Actor, milestone_id: UUID) -> Milestone:
    """Accept what was delivered: the worker's reward is fixed and the fee taken, in one journal."""
    milestone = lock(Milestone, milestone_id, "contract")
    keep_in([milestone.contract.client_id])
    require(ACCEPT, actor, milestone)
    _settle(actor, [milestone])
    return milestone


@command(ACCEPT)
def accept_due_deliveries(*, actor: Actor, milestone_ids: Sequence[UUID]) -> int:
    """Accept deliveries whose acceptance clock has run out; returns how many.

    Rows that somebody else holds or that are no longer due are left to the next round.
    """
    rows = list(
        Milestone.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("contract")
        .filter(pk__in=milestone_ids)
        .order_by("pk")
    )
    # Whom somebody shuts out at this very moment is left to the next round as well: a freeze then counts in full.
    kept = keep_in({m.contract.client_id for m in rows}, skip_locked=True)
    due = allowed_among(ACCEPT, actor, [m for m in rows if m.contract.client_id in kept])
    _settle(actor, due)
    return len(due)


def _settle(actor: Actor, milestones: Sequence[Milestone]) -> None:
    # In the order of the workers' accounts: two batches that share a worker wait for each other only once.
    milestones = sorted(milestones, key=lambda m: (str(m.contract.worker_id), str(m.pk)))
    now = clock.now()
    by_clock = isinstance(actor, SystemActor)
    event = "accept_by_clock" if by_clock else "accept"
    post_many([_journal(m) for m in milestones], occurred_at=now, actor=actor)
    open_lots(
        [
            NewLot(
                member_id=m.contract.worker_id,
                milestone_id=m.pk,
                amount_yen=m.worker_receives_yen,
                fixed_at=now,
            )
            for m in milestones
        ]
    )
    for m in milestones:
        m.state = MILESTONE.require(m.state, event)
        m.deadline_at, m.closed_at, m.accepted_by_clock = None, now, by_clock
    Milestone.objects.filter(pk__in=[m.pk for m in milestones]).update(
        state="accepted", deadline_at=None, closed_at=now, accepted_by_clock=by_clock
    )
    audit.record_many(
        actor=actor,
        kind=entries.ACCEPTED,
        entries=[(m, {"title": m.title, "reward_yen": m.worker_receives_yen}) for m in milestones],
    )
    emit(
        *(events.MilestoneAccepted(**names(m), reward_yen=m.worker_receives_yen, by_clock=by_clock) for m in milestones)
    )
    close_done_contracts({m.contract_id for m in milestones})


def _journal(m: Milestone) -> Entry:
    fees_yen = m.client_fee_yen + m.system_fee_yen
    tax_yen = m.client_fee_tax_yen + m.system_fee_tax_yen
    lines = [
        Line(accounts.escrow(m.pk), -m.client_pays_yen),
        Line(accounts.available(m.contract.worker_id), m.worker_receives_yen),
        Line(accounts.fee_income(), fees_yen - tax_yen),
        Line(accounts.consumption_tax_payable(), tax_yen),
    ]
    return Entry(
        kind=JournalKind.MILESTONE_ACCEPTED,
        scope="milestone.close",
        key=str(m.pk),
        lines=[line for line in lines if line.amount_yen],
        contract_id=m.contract_id,
        milestone_id=m.pk,
    )
