"""The clocks of a contract: begun with each wait, and moved aloud while somebody is kept from acting (ADR 0013)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.contracts import entries, events
from kotowari.contracts.gates import MOVE_CLOCKS
from kotowari.contracts.models import Contract, EndRequest, Milestone
from kotowari.contracts.waits import awaited_by, awaited_by_end, clocks_of_ends, clocks_of_milestones
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock, share
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.kernel.spans import RunningClock

CLOCK = ("deadline_at", "clock_since", "stopped_for")
"""The columns of a milestone's clock, which change together."""


def begin_wait(milestone: Milestone, due_at: datetime) -> datetime:
    """Set the clock of the state a milestone has just come to, not saved; later when it waits for who cannot act.

    Returns when it ends.
    """
    milestone.clock_since, milestone.stopped_for, milestone.deadline_at = clock.now(), timedelta(), due_at
    [found] = clocks_of_milestones([milestone])
    assert found is not None, "it waits, or it would have no clock"
    milestone.stopped_for, milestone.deadline_at = found.stopped_for, found.due_at
    return found.due_at


def keep_in(member_ids: Iterable[UUID], *, skip_locked: bool = False) -> set[UUID]:
    """Let nobody shut these members out, or in again, before the transaction ends: time decides on firm ground.

    Inside a command, before its gate is asked; returns those that could be kept.
    """
    return share(Member, set(member_ids), skip_locked=skip_locked)


@command(MOVE_CLOCKS)
def move_clocks(*, actor: Actor, contract_id: UUID) -> int:
    """Set the clocks of a contract to what they are by now, and tell both sides; returns how many were moved.

    Raises `Refused`, `NotVisible`.
    """
    # Milestones, contract, request: the order in which an acceptance takes them.
    milestones = list(
        Milestone.objects.select_for_update(of=("self",))
        .select_related("contract")
        .filter(contract_id=contract_id, deadline_at__isnull=False)
        .order_by("pk")
    )
    contract = lock(Contract, contract_id)
    requests = list(
        EndRequest.objects.select_for_update(of=("self",))
        .select_related("contract")
        .filter(contract_id=contract_id, state="open")
    )
    require(MOVE_CLOCKS, actor, contract)
    moved = 0
    for milestone, found in zip(milestones, clocks_of_milestones(milestones), strict=True):
        assert milestone.deadline_at is not None, "only what waits was asked for"
        assert found is not None, "what waits has a clock"
        was_at = milestone.deadline_at
        milestone.deadline_at, milestone.stopped_for = found.due_at, found.stopped_for
        if found.due_at != was_at:
            milestone.save(update_fields=["deadline_at", "stopped_for"])
            _tell(actor, milestone, milestone.title, contract, awaited_by(milestone), was_at, found)
            moved += 1
    for request, found in zip(requests, clocks_of_ends(requests), strict=True):
        was_at, request.lapses_at, request.stopped_for = request.lapses_at, found.due_at, found.stopped_for
        if found.due_at != was_at:
            request.save(update_fields=["lapses_at", "stopped_for"])
            _tell(actor, request, contract.title, contract, awaited_by_end(request), was_at, found)
            moved += 1
    return moved


def _tell(
    actor: Actor,
    row: Milestone | EndRequest,
    title: str,
    contract: Contract,
    awaited_id: UUID,
    was_at: datetime,
    found: RunningClock,
) -> None:
    told: dict[str, Any] = {"title": title, "was_at": was_at.isoformat(), "due_at": found.due_at.isoformat()}
    audit.record(actor=actor, kind=entries.CLOCK_MOVED, subject=row, **told)
    emit(
        events.ClockMoved(
            contract_id=contract.pk,
            awaited_id=awaited_id,
            other_id=contract.worker_id if awaited_id == contract.client_id else contract.client_id,
            title=title,
            was_at=was_at,
            due_at=found.due_at,
            is_stopped=found.stopped_until(clock.now()) is not None,
        )
    )
