"""Rewards as lots: when each was fixed, and how much of it has not left yet.

The journal comes first: it locks the member's account, so what follows here is alone with the member's lots. As
with journals, an error ends the caller's transaction.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Sum

from kotowari.kernel import clock
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.ids import new_id
from kotowari.ledger.accounts import available
from kotowari.ledger.errors import InsufficientFunds, LotsDisagree
from kotowari.ledger.models import Lot, LotUse


class Taken(NamedTuple):
    """What a payout took out of one lot."""

    lot_id: UUID
    milestone_id: UUID
    fixed_at: datetime
    amount_yen: int


class NewLot(NamedTuple):
    """One fixed reward of a batch; the fields are those of `open_lot`."""

    member_id: UUID
    milestone_id: UUID
    amount_yen: int
    fixed_at: datetime


def open_lot(*, member_id: UUID, milestone_id: UUID, amount_yen: int, fixed_at: datetime | None = None) -> None:
    """Record a fixed reward as a lot, in the transaction of the journal that credited it.

    Doing so again for the same milestone is the same event. Raises `IdempotencyConflict` when it is not the
    same member or amount, `ValueError` for an amount that is not positive.
    """
    open_lots([NewLot(member_id, milestone_id, amount_yen, fixed_at or clock.now())])


_OPEN = """
INSERT INTO ledger_lot (id, member_id, milestone_id, fixed_at, amount_yen, remaining_yen)
SELECT r.id, r.member_id, r.milestone_id, r.fixed_at, r.amount_yen, r.amount_yen
FROM jsonb_to_recordset(%s) AS r (id uuid, member_id uuid, milestone_id uuid, fixed_at timestamptz, amount_yen bigint)
ON CONFLICT (milestone_id) WHERE withdrawn_at IS NULL DO NOTHING
"""


def open_lots(lots: Sequence[NewLot]) -> None:
    """The same for many rewards in one statement. Raises what `open_lot` raises."""
    if any(lot.amount_yen <= 0 for lot in lots):
        raise ValueError("a lot is a positive amount of yen")
    if not lots:
        return
    rows = [
        {
            "id": str(new_id()),
            "member_id": str(lot.member_id),
            "milestone_id": str(lot.milestone_id),
            "fixed_at": lot.fixed_at.isoformat(),
            "amount_yen": lot.amount_yen,
        }
        for lot in lots
    ]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, (json.dumps(rows),))
        if cursor.rowcount == len(lots):
            return
    there = {
        milestone_id: (member_id, amount_yen)
        for milestone_id, member_id, amount_yen in Lot.objects.filter(
            milestone_id__in=[lot.milestone_id for lot in lots], withdrawn_at=None
        ).values_list("milestone_id", "member_id", "amount_yen")
    }
    for lot in lots:
        if there[lot.milestone_id] != (lot.member_id, lot.amount_yen):
            raise IdempotencyConflict(str(lot.milestone_id))


class Taking(NamedTuple):
    """One payout of a batch; the fields are those of `take_from_lots`."""

    member_id: UUID
    amount_yen: int
    payout_id: UUID


# A member whose lots do not hold that much gives nothing, and is missing in `taken`. No lot is locked before it is
# changed: the journal has locked the member's account.
TAKE = """
WITH asked AS (
    SELECT * FROM unnest(%(members)s::uuid[], %(amounts)s::bigint[], %(payouts)s::uuid[])
        AS a (member_id, amount_yen, payout_id)
), open_lots AS MATERIALIZED (
    SELECT id, member_id, milestone_id, fixed_at, remaining_yen FROM ledger_lot
    WHERE member_id = ANY (%(members)s::uuid[]) AND remaining_yen > 0
    ORDER BY member_id, fixed_at, id
), so_far AS (
    SELECT *, sum(remaining_yen) OVER (PARTITION BY member_id ORDER BY fixed_at, id) - remaining_yen AS before_yen,
        sum(remaining_yen) OVER (PARTITION BY member_id) AS held_yen
    FROM open_lots
), taken AS (
    SELECT a.payout_id, s.id, s.milestone_id, s.fixed_at,
        least(s.remaining_yen, a.amount_yen - s.before_yen)::bigint AS amount_yen
    FROM so_far s JOIN asked a USING (member_id)
    WHERE s.before_yen < a.amount_yen AND s.held_yen >= a.amount_yen
), emptied AS (
    UPDATE ledger_lot l SET remaining_yen = l.remaining_yen - t.amount_yen FROM taken t WHERE l.id = t.id
), noted AS (
    INSERT INTO ledger_lot_use (payout_id, lot_id, amount_yen, used_at)
    SELECT payout_id, id, amount_yen, %(now)s FROM taken ORDER BY payout_id, fixed_at, id
)
"""
_TAKEN = "SELECT payout_id, id, milestone_id, fixed_at, amount_yen FROM taken ORDER BY payout_id, fixed_at, id"


def take_from_lots(*, member_id: UUID, amount_yen: int, payout_id: UUID) -> list[Taken]:
    """Take exactly this much out of the member's lots, oldest first, for one payout; returns what came from where.

    Doing so again for the same payout is the same event and returns what was taken then. Raises
    `IdempotencyConflict` when it is another amount, `InsufficientFunds` when the lots do not hold that much,
    `ValueError` for an amount that is not positive.
    """
    return take_from_lots_many([Taking(member_id, amount_yen, payout_id)])[payout_id]


def take_from_lots_many(takings: Sequence[Taking]) -> dict[UUID, list[Taken]]:
    """The same for many payouts of different members in two statements, all of them or none; by payout.

    Raises what `take_from_lots` raises, and `ValueError` when a member or payout stands twice.
    """
    if any(taking.amount_yen <= 0 for taking in takings):
        raise ValueError("what is taken is a positive amount of yen")
    if min(len({t.member_id for t in takings}), len({t.payout_id for t in takings})) < len(takings):
        raise ValueError("a member has one payout in a batch")
    with transaction.atomic(savepoint=False):
        taken = _taken_by([taking.payout_id for taking in takings])
        for taking in takings:
            before_yen = sum(use.amount_yen for use in taken.get(taking.payout_id, []))
            if before_yen not in (0, taking.amount_yen):
                raise IdempotencyConflict(str(taking.payout_id))
        new = [taking for taking in takings if taking.payout_id not in taken]
        with connection.cursor() as cursor:
            cursor.execute(
                TAKE + _TAKEN,
                {
                    "members": [taking.member_id for taking in new],
                    "amounts": [taking.amount_yen for taking in new],
                    "payouts": [taking.payout_id for taking in new],
                    "now": clock.now(),
                },
            )
            for payout_id, *use in cursor.fetchall():
                taken.setdefault(payout_id, []).append(Taken(*use))
        for taking in new:
            if taking.payout_id not in taken:
                held_yen = Lot.objects.filter(member_id=taking.member_id).aggregate(yen=Sum("remaining_yen"))["yen"]
                raise InsufficientFunds(available(taking.member_id).code, held_yen or 0, -taking.amount_yen)
        return taken


def give_back(*, payout_id: UUID, amount_yen: int | None = None) -> int:
    """Put what a payout took back into its lots: all that is still out, or a part; returns how much.

    A part goes back to the newest lots first, which live longest. What was given back already is not given
    back again: without an amount, the second time gives back 0. Raises `LotsDisagree` when the payout has
    not taken that much.
    """
    with transaction.atomic(savepoint=False):
        out = _taken_by([payout_id]).get(payout_id, [])
        out_yen = sum(use.amount_yen for use in out)
        back_yen = out_yen if amount_yen is None else amount_yen
        if not 0 <= back_yen <= out_yen:
            raise LotsDisagree(f"payout {payout_id} has {out_yen} yen of lots and cannot give back {back_yen}")
        remaining = back_yen
        for use in reversed(out):
            part = min(remaining, use.amount_yen)
            if part == 0:
                break
            Lot.objects.filter(pk=use.lot_id).update(remaining_yen=F("remaining_yen") + part)
            LotUse.objects.create(payout_id=payout_id, lot_id=use.lot_id, amount_yen=-part, used_at=clock.now())
            remaining -= part
        return back_yen


def withdraw_lot(*, member_id: UUID, milestone_id: UUID, amount_yen: int) -> None:
    """Empty the lot of a reward whose journal is being reversed. Raises `LotsDisagree` if some of it has left."""
    emptied = Lot.objects.filter(
        member_id=member_id,
        milestone_id=milestone_id,
        amount_yen=amount_yen,
        remaining_yen=amount_yen,
        withdrawn_at=None,
    ).update(remaining_yen=0, withdrawn_at=clock.now())
    if not emptied:
        raise LotsDisagree(f"the reward of milestone {milestone_id} is not whole any more")


def _taken_by(payout_ids: Sequence[UUID]) -> dict[UUID, list[Taken]]:
    """What each payout has out of its lots, net of what came back, oldest first; without those that have nothing."""
    rows = (
        LotUse.objects.filter(payout_id__in=payout_ids)
        .values("payout_id", "lot_id", "lot__milestone_id", "lot__fixed_at")
        .annotate(out_yen=Sum("amount_yen"))
        .filter(out_yen__gt=0)
        .order_by("lot__fixed_at", "lot_id")
    )
    taken: dict[UUID, list[Taken]] = {}
    for row in rows:
        use = Taken(row["lot_id"], row["lot__milestone_id"], row["lot__fixed_at"], row["out_yen"])
        taken.setdefault(row["payout_id"], []).append(use)
    return taken
