"""When rewards close and are due, read off the table of closings."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from kotowari.foundation.policy.rows import Closing
from kotowari.kernel import calendar

LONGEST_SHIFT_DAYS = 7
"""The longest that a pay date moves to the next bank day (31 December to 7 January at worst)."""


@lru_cache(maxsize=32)
def longest_wait_days(closings: Sequence[Closing], holiday_shift: str) -> int:
    """The most days from the day a reward is fixed to its pay date, over every day of four years."""
    if closings[0].closes_day == "daily":
        start = date(2024, 1, 1)
        waits = (
            calendar.add_bank_days(day, closings[0].pays_bank_days_later) - day
            for day in (start + timedelta(days=n) for n in range(4 * 366))
        )
        return max(waits).days
    start, longest = date(2024, 1, 1), 0
    for day in (start + timedelta(days=n) for n in range(4 * 366)):
        _, pays_on = nominal_dates(day, closings)
        longest = max(longest, (pays_on - day).days)
    return longest + (LONGEST_SHIFT_DAYS if holiday_shift == "next" else 0)


def nominal_dates(fixed_on: date, closings: Sequence[Closing]) -> tuple[date, date]:
    """The closing that takes in a day and its pay date, before the pay date moves off a day of rest."""
    by_day = {row.closes_day: row for row in closings}
    days = [row.closes_day for row in closings if row.closes_day != "daily"]
    closes_on = calendar.closing_on_or_after(fixed_on, days)
    row = by_day.get(closes_on.day) or by_day["end"]
    pays_on = calendar.day_in_month(closes_on.year, closes_on.month + row.pays_months_later, row.pays_day)
    return closes_on, pays_on
