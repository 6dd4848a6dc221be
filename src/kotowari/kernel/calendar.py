"""Japanese bank days, and the closings that are counted on them.

Banks rest on Saturdays, Sundays, national holidays (with their substitutes) and from 12/31 to 1/3. Holidays come
from `jpholiday`; a year that the Cabinet Office has not published yet is computed, equinoxes included. What an
operator knows beyond that (a day on which its bank closes) is handed in as `closed`.
"""

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import jpholiday

from kotowari.kernel.text import Text

ShiftRule = Literal["previous", "next"]
"""Where a pay date goes that falls on a day of rest: to the bank day before it or after it."""

DayOfMonth = int | Literal["end"]
"""A day of the month, 1–28, or its last day."""

LONGEST_REST_DAYS = 366
_NEW_YEAR = {(12, 31), (1, 1), (1, 2), (1, 3)}
_WEEKDAYS = (
    Text("月曜日", "Monday"),
    Text("火曜日", "Tuesday"),
    Text("水曜日", "Wednesday"),
    Text("木曜日", "Thursday"),
    Text("金曜日", "Friday"),
    Text("土曜日", "Saturday"),
    Text("日曜日", "Sunday"),
)


@lru_cache(maxsize=64)
def holidays(year: int) -> dict[date, str]:
    """The national holidays of a year with their Japanese names. Not to be changed: it is kept."""
    return dict(jpholiday.year_holidays(year))


def why_closed(day: date, closed: Collection[date] = ()) -> Text | None:
    """Why banks rest on this day, or None on a bank day."""
    if (day.month, day.day) in _NEW_YEAR:
        return Text("年末年始(12月31日〜1月3日)", "New Year (31 December to 3 January)")
    name = holidays(day.year).get(day)
    if name:
        return Text(f"祝日({name})", f"national holiday ({name})")
    if day.weekday() >= 5:
        return _WEEKDAYS[day.weekday()]
    if day in closed:
        return Text("運営が登録した休業日", "closed day registered by the operator")
    return None


def is_bank_day(day: date, closed: Collection[date] = ()) -> bool:
    """Whether banks transfer money on this day. `closed` are the operator's extra days of rest."""
    return why_closed(day, closed) is None


def shift(day: date, rule: ShiftRule, closed: Collection[date] = ()) -> date:
    """The day itself when it is a bank day, else the bank day before or after it."""
    if rule not in ("previous", "next"):
        raise ValueError(f"rule {rule!r} is neither previous nor next")
    step = timedelta(days=-1 if rule == "previous" else 1)
    return _first_bank_day(day, step, closed)


def add_bank_days(day: date, count: int, closed: Collection[date] = ()) -> date:
    """The `count`-th bank day after (or, when negative, before) a day; the day itself is not counted.

    Zero gives the day itself, or the next bank day when it is none.
    """
    if count == 0:
        return shift(day, "next", closed)
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(abs(count)):
        day = _first_bank_day(day + step, step, closed)
    return day


def bank_days_between(start: date, end: date, closed: Collection[date] = ()) -> int:
    """How many bank days lie after `start`, up to and including `end`; negative when `end` comes first."""
    if end < start:
        return -bank_days_between(end, start, closed)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_bank_day(day, closed) for day in days)


def end_of_month(day: date) -> date:
    """The last day of the month of a day."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def day_in_month(year: int, month: int, day: DayOfMonth) -> date:
    """A day of a month by number; `month` may run past 12 (13 is the next January), `"end"` is the last day."""
    if day != "end" and not 1 <= day <= 28:
        raise ValueError(f"day {day!r} is neither 1–28 nor 'end'")
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return end_of_month(first) if day == "end" else first.replace(day=day)


def months_later(day: date, months: int) -> date:
    """The same day so many months later (earlier, when negative), or the last of a month that has no such day."""
    first = day_in_month(day.year, day.month + months, 1)
    return first.replace(day=min(day.day, end_of_month(first).day))


def closing_on_or_after(day: date, closing_days: Collection[DayOfMonth] = (15, "end")) -> date:
    """The first closing that takes in a day: with the half-month closings, the 15th or the end of its month."""
    if not closing_days:
        raise ValueError("there is no closing day")
    candidates = (day_in_month(day.year, day.month + later, closing) for later in (0, 1) for closing in closing_days)
    return min(candidate for candidate in candidates if candidate >= day)


def closing_before(day: date, closing_days: Collection[DayOfMonth] = (15, "end")) -> date:
    """The last closing strictly before a day: what came after it belongs to the closing that takes in the day."""
    if not closing_days:
        raise ValueError("there is no closing day")
    candidates = (
        day_in_month(day.year, day.month - earlier, closing) for earlier in (0, 1) for closing in closing_days
    )
    return max(candidate for candidate in candidates if candidate < day)


def _first_bank_day(day: date, step: timedelta, closed: Collection[date]) -> date:
    for _ in range(LONGEST_REST_DAYS):
        if is_bank_day(day, closed):
            return day
        day += step
    raise ValueError("no bank day within a year: check the extra closed days")
