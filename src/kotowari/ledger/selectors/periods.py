"""Months of the books: which are closed and by whom, which comes next, and the trial balance of one."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from kotowari.kernel import clock
from kotowari.ledger.accounts import ACCOUNT_CLASSES, AccountClass
from kotowari.ledger.models import Journal, Period, PeriodBalance


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the books, from its first day (or the first that is open) through its last."""

    first: date
    through: date

    @property
    def name(self) -> str:
        """As it stands in addresses and is typed: 2026-11."""
        return f"{self.through:%Y-%m}"


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One class of accounts in a month, in yen, credit-positive: at its beginning, what moved each way, at its end."""

    of: AccountClass
    opening_yen: int
    debits_yen: int
    credits_yen: int

    @property
    def closing_yen(self) -> int:
        return self.opening_yen - self.debits_yen + self.credits_yen


def month_of(day: date) -> Month:
    """The whole month in which a day lies."""
    first = day.replace(day=1)
    return Month(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def periods(limit: int = 120) -> list[Period]:
    """What was closed, newest first."""
    return list(Period.objects.order_by("-closed_through")[:limit])


def closed_through() -> date | None:
    """The last day that is closed."""
    return Period.objects.order_by("-closed_through").values_list("closed_through", flat=True).first()


def next_month() -> Month | None:
    """The month that is to be closed next: after the last that was, or the one of the first journal; None without any."""
    last = closed_through()
    if last is not None:
        day = last + timedelta(days=1)
        return Month(day, month_of(day).through)
    oldest = Journal.objects.order_by("id").values_list("occurred_at", flat=True).first()
    return month_of(clock.tokyo(oldest).date()) if oldest is not None else None


def trial_balance(month: Month) -> list[TrialRow]:
    """Every class of accounts in a month; all rows together begin, move and end at zero.

    Counts the journals since the last period before it whose balances were kept, not those of all time.
    """
    base = PeriodBalance.objects.filter(period_id__lt=month.first).order_by("-period_id").first()
    kept = _balances_on(base.period_id) if base else {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.account_class,
                coalesce(sum(p.amount_yen) FILTER (WHERE j.occurred_at < %(start)s), 0),
                coalesce(-sum(p.amount_yen) FILTER (WHERE j.occurred_at >= %(start)s AND p.amount_yen < 0), 0),
                coalesce(sum(p.amount_yen) FILTER (WHERE j.occurred_at >= %(start)s AND p.amount_yen > 0), 0)
            FROM ledger_journal j JOIN ledger_posting p ON p.journal_id = j.id JOIN ledger_account a ON a.id = p.account_id
            WHERE j.occurred_at >= %(kept)s AND j.occurred_at < %(end)s GROUP BY a.account_class
            """,
            {
                "kept": clock.end_of(base.period_id) if base else datetime.min.replace(tzinfo=UTC),
                "start": clock.start_of(month.first),
                "end": clock.end_of(month.through),
            },
        )
        moved = {name: [int(yen) for yen in sums] for name, *sums in cursor.fetchall()}
    rows = []
    for name, each in ACCOUNT_CLASSES.items():
        before_yen, debits_yen, credits_yen = moved.get(name, [0, 0, 0])
        rows.append(TrialRow(each, kept.get(name, 0) + before_yen, debits_yen, credits_yen))
    return rows


def without_balances() -> list[Period]:
    """What is closed and whose balances were not kept yet, oldest first."""
    return list(Period.objects.filter(balances__isnull=True).order_by("closed_through"))


def _balances_on(day: date) -> dict[str, int]:
    return dict(PeriodBalance.objects.filter(period_id=day).values_list("account_class", "balance_yen"))
