"""Rounds: what is done to many members, some at a time, so that nothing waits for a million of them."""

from collections.abc import Callable, Collection
from uuid import UUID

from kotowari.accounts import entries, gates
from kotowari.accounts.models import Member, Round, RoundMember
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.gates import require

CHUNK = 500
"""Members whom one transaction takes further; a round of a million is two thousand of them."""
Step = Callable[[Round, list[UUID]], None]
STEPS: dict[str, Step] = {}
"""What each kind of round does to some members, by `Round.Kind`."""


def step(*kinds: Round.Kind) -> Callable[[Step], Step]:
    """Register what rounds of these kinds do to the members they have come to; called inside `run_round`."""

    def register(function: Step) -> Step:
        STEPS.update(dict.fromkeys(kinds, function))
        return function

    return register


def begin_round(kind: Round.Kind, *, everybody: bool = False, member_ids: Collection[UUID] = ()) -> Round:
    """A new round; the worker takes it from here. Called inside a command."""
    row = Round.objects.create(kind=kind, everybody=everybody)
    add_to_round(row, member_ids)
    return row


def add_to_round(row: Round, member_ids: Collection[UUID]) -> None:
    """Let a round of chosen members come to these as well, to each once. Called inside a command."""
    RoundMember.objects.bulk_create(
        [RoundMember(round=row, member_id=id) for id in dict.fromkeys(member_ids)],
        ignore_conflicts=True,
    )
    if member_ids:
        Round.objects.filter(pk=row.pk).update(done_at=None)


@command(gates.RUN_ROUND)
def run_round(*, actor: Actor, round_id: UUID) -> int:
    """Take a round to its next members; returns how many. Raises `Refused`, `NotVisible`."""
    row = lock(Round, round_id)
    require(gates.RUN_ROUND, actor, row)
    ids = _next_of(row)
    if ids:
        STEPS[row.kind](row, ids)
    _mark(row, ids)
    audit.record(actor=actor, kind=entries.ROUND_RUN, subject=row, members=len(ids), name=row.kind)
    return len(ids)


def _next_of(row: Round) -> list[UUID]:
    if not row.everybody:
        waiting = RoundMember.objects.filter(round=row, done_at__isnull=True).order_by("id")
        return list(waiting.values_list("member_id", flat=True)[:CHUNK])
    there = Member.objects.filter(is_active=True, left_at__isnull=True, joined_at__lte=row.started_at)
    if row.reached is not None:
        there = there.filter(pk__gt=row.reached)
    return list(there.order_by("pk").values_list("pk", flat=True)[:CHUNK])


def _mark(row: Round, ids: list[UUID]) -> None:
    row.handled += len(ids)
    if row.everybody and ids:
        row.reached = ids[-1]
    elif ids:
        RoundMember.objects.filter(round=row, member__in=ids).update(done_at=clock.now())
    if len(ids) < CHUNK:
        row.done_at = clock.now()
    row.save(update_fields=["handled", "reached", "done_at"])
