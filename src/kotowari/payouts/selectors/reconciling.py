"""Where books and bank differ: what stands in one and not in the other, and what that adds up to."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from kotowari.foundation.actors import Actor
from kotowari.foundation.subjects import subject
from kotowari.kernel.errors import NotVisible
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payments import selectors as payments
from kotowari.payments.models import StatementBalance
from kotowari.payouts.models import BankDifference, OpeningBalance, Reconciliation
from kotowari.payouts.selectors.rows import role_of

DAYS_AROUND = 7
"""A line and what staff recorded by hand are one thing when they move the same amount within so many days."""

# In the books and in no statement. A transfer stands in one when its own line, or the line of the file it was in, was
# matched; a return when its line was. What staff recorded by hand has none.
_UNLISTED = """
WITH open_runs AS (
    SELECT r.id, r.files FROM payouts_payoutrun r WHERE r.state IN ('handed_over', 'done') AND (
        SELECT count(*) FROM payouts_bankentry e WHERE e.run_id = r.id AND e.direction = 'out' AND e.state = 'matched'
    ) < jsonb_array_length(r.files)
), listed AS (
    SELECT o.id AS run_id, (f->>'first_number')::bigint AS first, (f->>'last_number')::bigint AS last
    FROM open_runs o, jsonb_array_elements(o.files) f
    WHERE EXISTS (SELECT FROM payouts_bankentry e WHERE e.run_id = o.id AND e.direction = 'out'
        AND e.state = 'matched' AND e.amount_yen = (f->>'total_yen')::bigint)
), by_hand AS (
    SELECT p.* FROM payouts_payout p JOIN open_runs o ON o.id = p.run_id
    WHERE NOT EXISTS (SELECT FROM listed l WHERE l.run_id = p.run_id AND p.number BETWEEN l.first AND l.last)
        AND NOT EXISTS (SELECT FROM payouts_bankentry e
            WHERE e.payout_id = p.id AND e.direction = 'out' AND e.state = 'matched')
)
SELECT 'run', run_id, -sum(net_yen)::bigint, min(settled_on) FROM by_hand WHERE settled_on IS NOT NULL GROUP BY run_id
UNION ALL
SELECT 'returned', p.id, p.net_yen, (p.closed_at AT TIME ZONE 'Asia/Tokyo')::date FROM payouts_payout p
WHERE p.state = 'returned' AND p.settled_on IS NOT NULL AND NOT EXISTS (
    SELECT FROM payouts_bankentry e WHERE e.payout_id = p.id AND e.direction = 'back' AND e.state = 'matched')
UNION ALL
SELECT 'sent_back', d.id, -(d.amount_yen - coalesce((
        SELECT sum(m.amount_yen) FROM payments_depositmatch m WHERE m.deposit_id = d.id), 0))::bigint,
    (d.closed_at AT TIME ZONE 'Asia/Tokyo')::date
FROM payments_deposit d WHERE d.state = 'sent_back'
ORDER BY 4, 2
"""

# In a statement and not in the books: lines that were neither matched nor booked, cancellations that took back no
# deposit, and what came back of a transfer that the books never recorded as paid.
_UNBOOKED = """
SELECT CASE e.direction WHEN 'out' THEN -e.amount_yen ELSE e.amount_yen END, e.booked_on
FROM payouts_bankentry e LEFT JOIN payouts_payout p ON p.id = e.payout_id LEFT JOIN payouts_payoutrun r ON r.id = p.run_id
WHERE e.state NOT IN ('matched', 'booked') OR e.direction = 'back' AND p.settled_on IS NULL AND NOT EXISTS (
    SELECT FROM payouts_bankentry o, jsonb_array_elements(r.files) f
    WHERE o.run_id = r.id AND o.direction = 'out' AND o.state = 'matched' AND o.amount_yen = (f->>'total_yen')::bigint
        AND p.number BETWEEN (f->>'first_number')::bigint AND (f->>'last_number')::bigint)
UNION ALL
SELECT -amount_yen, booked_on FROM payments_cancellation WHERE state <> 'applied'
ORDER BY 2
"""


class Item(NamedTuple):
    """Something in the books that stands in no statement; `amount_yen` is what it moved in the account."""

    kind: str
    subject_id: UUID | None
    amount_yen: int
    on: date

    @property
    def key(self) -> str:
        """The same each time it is found."""
        return f"{self.kind}:{self.subject_id}" if self.subject_id else self.kind


@dataclass(frozen=True, slots=True)
class Comparison:
    """Books and bank now. `items` are those that no statement up to the bank's day explains."""

    balance: StatementBalance
    later_yen: int
    opening_yen: int
    books_yen: int
    unlisted_yen: int
    unbooked_yen: int
    gap_yen: int
    rest_yen: int
    items: tuple[Item, ...]


def compare() -> Comparison | None:
    """Compare the books with what the bank said last; None while it said nothing.

    With O the opening balance, B what the books moved and L what the bank's lines moved, of which some are the same:
    books O + B, bank O + gap + L. So they differ by what is only in B, less what is only in L, less the gap.
    """
    balance = payments.newest_balance()
    if balance is None:
        return None
    opening = opening_balance()
    opening_yen = opening.amount_yen if opening else 0
    held = ledger.balances_of([accounts.bank_deposits(), accounts.bank_payouts()])
    books_yen = opening_yen - sum(held.values())
    later_yen = payments.moved_yen(since=balance)
    gap_yen = balance.closing_yen + later_yen - opening_yen - payments.moved_yen()
    unlisted, unbooked = _rows(_UNLISTED), _rows(_UNBOOKED)
    items = [Item(*row) for row in unlisted]
    unlisted_yen, unbooked_yen = sum(item.amount_yen for item in items), sum(amount for amount, _ in unbooked)
    rest_yen = books_yen - balance.closing_yen - later_yen - unlisted_yen + unbooked_yen + gap_yen
    found = [item for item in without_pair(items, unbooked) if item.on <= balance.to_on]
    for kind, amount_yen in (("gap", gap_yen), ("rest", rest_yen)):
        if amount_yen:
            found.append(Item(kind, None, amount_yen, balance.to_on))
    return Comparison(
        balance, later_yen, opening_yen, books_yen, unlisted_yen, unbooked_yen, gap_yen, rest_yen, tuple(found)
    )


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def without_pair(items: list[Item], lines: list[tuple[Any, ...]]) -> list[Item]:
    """Leave out what some line explains that was not matched by itself: the same amount around the same day."""
    free = Counter((amount_yen, day) for amount_yen, day in lines)
    left = []
    for item in items:
        day = next((day for day in _nearest_first(item.on) if free[item.amount_yen, day]), None)
        if day is None:
            left.append(item)
        else:
            free[item.amount_yen, day] -= 1
    return left


def _nearest_first(day: date) -> Iterator[date]:
    """A day and those around it; of two as near, the earlier one first."""
    yield day
    for n in range(1, DAYS_AROUND + 1):
        yield day - timedelta(days=n)
        yield day + timedelta(days=n)


def opening_balance() -> OpeningBalance | None:
    """What lay in the account before the books began, as it was told last."""
    return OpeningBalance.objects.select_related("told_by").order_by("-id").first()


def last_reconciliation() -> Reconciliation | None:
    """The newest comparison."""
    return Reconciliation.objects.select_related("balance").order_by("-id").first()


def reconciliations_visible_to(actor: Actor | None) -> QuerySet[Reconciliation]:
    """All comparisons, for the operator."""
    rows = Reconciliation.objects.select_related("balance")
    return rows if role_of(actor) in ("staff", "system") else rows.none()


def differences_visible_to(actor: Actor | None) -> QuerySet[BankDifference]:
    """All differences, for the operator."""
    rows = BankDifference.objects.select_related("explained_by")
    return rows if role_of(actor) in ("staff", "system") else rows.none()


def differences_open() -> QuerySet[BankDifference]:
    """Those that nobody has explained."""
    return BankDifference.objects.filter(state="open")


@subject("payouts.bankdifference")
def _difference(actor: Actor | None, id: str) -> BankDifference:
    row = differences_visible_to(actor).filter(Q(pk=UUID(id))).first()
    if row is None:
        raise NotVisible("payouts.bankdifference", id)
    return row
