"""Reading rewards as lots: what of whose is due, since when, and what payouts took. Every query is bounded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from kotowari.ledger.models import Lot, LotUse
from kotowari.ledger.selectors.books import MAX_PAGE


@dataclass(frozen=True, slots=True)
class LotView:
    id: UUID
    milestone_id: UUID
    fixed_at: datetime
    amount_yen: int
    remaining_yen: int


def lots_of(member_id: UUID, *, only_open: bool = True, limit: int = MAX_PAGE) -> list[LotView]:
    """A member's rewards as lots: what has not left yet, oldest first; or all of them, newest first."""
    lots = Lot.objects.filter(member_id=member_id, withdrawn_at=None)
    lots = (
        lots.filter(remaining_yen__gt=0).order_by("fixed_at", "id") if only_open else lots.order_by("-fixed_at", "-id")
    )
    fields = ("id", "milestone_id", "fixed_at", "amount_yen", "remaining_yen")
    return [LotView(*row) for row in lots.values_list(*fields)[: min(limit, MAX_PAGE)]]


def open_lots_among(member_ids: Iterable[UUID], *, fixed_before: datetime) -> dict[UUID, list[LotView]]:
    """What has not left yet of many members' rewards that were fixed before a moment, oldest first; one query."""
    rows = Lot.objects.filter(
        member_id__in=list(member_ids), remaining_yen__gt=0, withdrawn_at=None, fixed_at__lt=fixed_before
    ).order_by("member_id", "fixed_at", "id")
    found: dict[UUID, list[LotView]] = {}
    for row in rows:
        lot = LotView(row.id, row.milestone_id, row.fixed_at, row.amount_yen, row.remaining_yen)
        found.setdefault(row.member_id, []).append(lot)
    return found


def fixed_since(moment: datetime, member_id: UUID) -> int:
    """How much reward of a member was fixed from a moment on, paid out since or not."""
    rows = Lot.objects.filter(member_id=member_id, fixed_at__gte=moment, withdrawn_at=None)
    return rows.aggregate(yen=Sum("amount_yen"))["yen"] or 0


def lots_used_by(payout_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, int]]]:
    """Of which milestones' rewards payouts were made: what each took out of which lot, oldest first; one query."""
    found: dict[UUID, list[tuple[UUID, int]]] = {}
    uses = LotUse.objects.filter(payout_id__in=list(payout_ids), amount_yen__gt=0).order_by("id")
    for payout_id, milestone_id, amount_yen in uses.values_list("payout_id", "lot__milestone_id", "amount_yen"):
        found.setdefault(payout_id, []).append((milestone_id, amount_yen))
    return found


def fixed_before(moment: datetime, *, member_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How much of each member's available reward was fixed before a moment: what a closing at it pays out."""
    sums = (
        Lot.objects.filter(member_id__in=list(member_ids), remaining_yen__gt=0, fixed_at__lt=moment)
        .values_list("member_id")
        .annotate(yen=Sum("remaining_yen"))
    )
    return dict(sums)


def members_with_reward(*, fixed_before: datetime, after: UUID | None = None, limit: int = MAX_PAGE) -> dict[UUID, int]:
    """Members with available reward that was fixed before a moment, and how much, in the order of their ids.

    A closing walks through all of them in steps: `after` is the last id of the step before.
    """
    rows = Lot.objects.filter(remaining_yen__gt=0, fixed_at__lt=fixed_before)
    if after is not None:
        rows = rows.filter(member_id__gt=after)
    return dict(rows.values_list("member_id").annotate(yen=Sum("remaining_yen")).order_by("member_id")[:limit])


class RewardSet(NamedTuple):
    """Members in the order of their ids, and how much each is due, as texts of PostgreSQL arrays; who is first and last.

    For rooms that hand a set on to the database: nobody reads thousands of ids one by one.
    """

    size: int
    first: UUID
    last: UUID
    members: str
    amounts_yen: str


def rewards_due(
    *, fixed_before: datetime, after: UUID | None = None, limit: int, among: str | None = None
) -> RewardSet | None:
    """The next members with available reward that was fixed before a moment; None when there is none.

    With `among`, the text of an array of members, only those of them. `after` is the last id of the step before.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*), (array_agg(member_id ORDER BY member_id))[1], (array_agg(member_id ORDER BY member_id DESC))[1],
                array_agg(member_id ORDER BY member_id)::text, array_agg(yen ORDER BY member_id)::text
            FROM (
                SELECT member_id, sum(remaining_yen)::bigint AS yen FROM ledger_lot
                WHERE remaining_yen > 0 AND fixed_at < %(before)s
                    AND (%(after)s::uuid IS NULL OR member_id > %(after)s::uuid)
                    AND (%(among)s::uuid[] IS NULL OR member_id = ANY (%(among)s::uuid[]))
                GROUP BY member_id ORDER BY member_id LIMIT %(limit)s
            ) due
            """,
            {"before": fixed_before, "after": after, "among": among, "limit": limit},
        )
        row = cursor.fetchone()
    return RewardSet(*row) if row[0] else None


def members_with_refund(*, after: UUID | None = None, limit: int = MAX_PAGE) -> list[UUID]:
    """Members to whom money is due back, in the order of their ids; `after` is the last id of the step before."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.owner_id FROM ledger_account a JOIN ledger_balance b ON b.account_id = a.id
            WHERE a.account_class = 'refund_due' AND b.balance_yen > 0 AND (%s::uuid IS NULL OR a.owner_id > %s::uuid)
            ORDER BY a.owner_id LIMIT %s
            """,
            (after, after, limit),
        )
        return [owner_id for (owner_id,) in cursor.fetchall()]
