"""What time does to contracts: found in the tables, handled by the same commands as everything else."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import QuerySet

from kotowari.contracts.models import EndRequest, Milestone
from kotowari.contracts.services import accept_due_deliveries, lapse_end, lapse_milestone, move_clocks
from kotowari.contracts.waits import clocks_of_ends, clocks_of_milestones
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.spans import RunningClock
from kotowari.kernel.text import Text

AT_ONCE = 200
Row = TypeVar("Row", Milestone, EndRequest)


@deadline("contracts.accept_by_clock", Text("自動検収", "Automatic acceptance"))
def accept_by_clock() -> int:
    """Accept deliveries that nobody answered."""
    name = "contracts.accept_by_clock"
    rows = _due_milestones(Milestone.objects.filter(state="delivered"))
    moved, due = _apart(name, rows, clocks_of_milestones(rows))
    return moved + (accept_due_deliveries(actor=SYSTEM, milestone_ids=[m.pk for m in due]) if due else 0)


@deadline("contracts.lapse_milestones", Text("仮払い・納品の期限切れ", "Escrow or delivery that never came"))
def lapse_milestones() -> int:
    """Close milestones that nobody funded, delivered or mended in time."""
    name = "contracts.lapse_milestones"
    rows = _due_milestones(Milestone.objects.filter(state__in=["awaiting_funding", "funded", "changes_requested"]))
    moved, due = _apart(name, rows, clocks_of_milestones(rows))
    return moved + handle(name, [m.pk for m in due], lambda id: lapse_milestone(actor=SYSTEM, milestone_id=id))


@deadline("contracts.lapse_ends", Text("途中終了の成立", "Early ends by silence"))
def lapse_ends() -> int:
    """End contracts whose early end nobody answered; one that waits for an acceptance comes up again later."""
    name = "contracts.lapse_ends"
    found = EndRequest.objects.filter(state="open", lapses_at__lte=clock.now()).exclude(
        contract__milestones__state="delivered"
    )
    rows = list(found.select_related("contract").order_by("lapses_at")[:AT_ONCE])
    moved, due = _apart(name, rows, clocks_of_ends(rows))
    return moved + handle(name, [r.pk for r in due], lambda id: lapse_end(actor=SYSTEM, request_id=id))


def _due_milestones(rows: QuerySet[Milestone]) -> list[Milestone]:
    found = rows.filter(deadline_at__lte=clock.now()).select_related("contract")
    return list(found.order_by("deadline_at")[:AT_ONCE])


def _apart(name: str, rows: Sequence[Row], clocks: Sequence[RunningClock | None]) -> tuple[int, list[Row]]:
    """How many contracts had their clocks moved because somebody could not act (A185), and the rows that are due."""
    now = clock.now()
    runs_on = {
        row.contract_id
        for row, running in zip(rows, clocks, strict=True)
        if running is not None and running.due_at > now
    }
    moved = handle(name, sorted(runs_on), lambda id: move_clocks(actor=SYSTEM, contract_id=id))
    due = [row for row, running in zip(rows, clocks, strict=True) if running is None or running.due_at <= now]
    return moved, due
