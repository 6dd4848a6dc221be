"""When the owner is told during the cooling-off of a recovery."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.accounts.recovery_clock import end_after_telling, next_notice

START = datetime(2026, 11, 20, 1, tzinfo=UTC)


def told_at(hours: int, last_hours: int, *, late: timedelta = timedelta()) -> tuple[list[timedelta], timedelta]:
    """When each notice goes out, counted from the start, and the end; `late` is how late the machine is each time."""
    now, end, told = START, START + timedelta(hours=hours), []
    while True:
        told.append(now - START)
        following = next_notice(now=now, cooling_until=end, last_hours=last_hours)
        if following is None:
            return told, end_after_telling(now=now, cooling_until=end, last_hours=last_hours) - START
        now = following + late


@pytest.mark.rule("P013")
def test_at_the_start_every_day_and_before_the_end() -> None:
    told, end = told_at(72, 6)
    assert told == [timedelta(hours=h) for h in (0, 24, 48, 66)]
    assert end == timedelta(hours=72)


@given(st.integers(24, 336), st.integers(1, 12), st.integers(0, 200))
def test_however_late_the_machine_is_the_last_notice_has_its_hours(hours: int, last: int, late: int) -> None:
    told, end = told_at(hours, last, late=timedelta(hours=late))
    assert told[0] == timedelta()
    assert end - told[-1] >= timedelta(hours=last)
    assert end >= timedelta(hours=hours)
    assert all(b > a for a, b in pairwise(told))
    assert all(b - a <= timedelta(hours=24 + late) for a, b in pairwise(told))
