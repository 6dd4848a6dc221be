"""For whom each wait of a contract waits, and when it ends: it stands still while they cannot act (A185, ADR 0013)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from kotowari.clocks import Wait, clocks_of
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.contracts.transitions import MOVES
from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.spans import RunningClock
from kotowari.market.models import Job
from kotowari.pricing import PayoutTerms, closing_dates


def awaited_by(milestone: Milestone) -> UUID:
    """The member a milestone waits for (with `contract` read along)."""
    contract = milestone.contract
    return contract.client_id if MOVES[milestone.state] == "client" else contract.worker_id


def awaited_by_end(request: EndRequest) -> UUID:
    """The member who is to answer a request to end (with `contract` read along)."""
    contract = request.contract
    return contract.worker_id if request.asked_by_id == contract.client_id else contract.client_id


def clocks_of_milestones(milestones: Sequence[Milestone]) -> list[RunningClock | None]:
    """When each wait ends as things stand (with `contract` read along); None for what no longer waits.

    Four queries at most for any number. Acceptance never comes so late that its reward would be paid later than the
    written terms and the Freelance Act allow, counted from the delivery (japan.md 5.1 b).
    """
    waiting = [m for m in milestones if m.deadline_at is not None]
    waits = [
        Wait(member_id=awaited_by(m), since=m.clock_since, due_at=m.deadline_at - m.stopped_for)
        for m in waiting
        if m.deadline_at is not None
    ]
    found = dict(zip((m.pk for m in waiting), clocks_of(waits), strict=True))
    pay_is_near = [m for m in waiting if m.state == "delivered" and found[m.pk].stops]
    for milestone, latest in zip(pay_is_near, _latest_acceptances(pay_is_near), strict=True):
        found[milestone.pk] = found[milestone.pk].ending_by(latest)
    return [found.get(m.pk) for m in milestones]


def clocks_of_ends(requests: Sequence[EndRequest]) -> list[RunningClock]:
    """When each open request ends by silence as things stand (with `contract` read along): three queries at most."""
    return clocks_of(
        [Wait(member_id=awaited_by_end(r), since=r.asked_at, due_at=r.lapses_at - r.stopped_for) for r in requests]
    )


def latest_acceptance(delivered_on: date, within_days: int, terms: PayoutTerms) -> datetime:
    """Until when a delivery must be accepted to be paid on its `within_days`-th day; its own day is the first."""
    pay_by = delivered_on + timedelta(days=within_days - 1)
    day = pay_by
    while day > delivered_on and closing_dates(day, terms)[1] > pay_by:
        day -= timedelta(days=1)
    return clock.start_of(day)


def _latest_acceptances(milestones: Sequence[Milestone]) -> list[datetime]:
    if not milestones:
        return []
    jobs = {m.contract.job_id for m in milestones}
    agreed = dict(Job.objects.filter(pk__in=jobs).values_list("pk", "payment_due_days"))
    terms, most = PayoutTerms.in_force(), policy.value("contracts.pay_within_days")
    return [
        latest_acceptance(
            clock.tokyo(m.delivered_at or m.clock_since).date(), min(agreed[m.contract.job_id], most), terms
        )
        for m in milestones
    ]
