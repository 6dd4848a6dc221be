from datetime import date, datetime, timedelta

import pytest

from kotowari.kernel.clock import TOKYO
from kotowari.kernel.text import use_language
from kotowari.web import dates


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("when", "ja", "en"),
    [
        (date(2026, 11, 30), "11月30日(月)", "Mon 30 Nov"),
        (date(2027, 1, 5), "2027年1月5日(火)", "Tue 5 Jan 2027"),
        (at(2026, 12, 1, 23, 59), "12月1日(火)", "Tue 1 Dec"),
        ("2026-10-02", "10月2日(金)", "Fri 2 Oct"),
    ],
)
def test_a_day_names_its_weekday_and_another_year(clock, when, ja, en) -> None:
    assert (dates.day(when).ja, dates.day(when).en) == (ja, en)


def test_a_moment_is_told_in_tokyo_time(clock) -> None:
    utc = datetime.fromisoformat("2026-11-30T01:00:00+00:00")
    assert dates.moment(utc).ja == "11月30日(月)10:00"


def test_a_deadline_at_midnight_is_told_as_the_end_of_the_day_before(clock) -> None:
    assert dates.until(at(2026, 12, 2)).ja == "12月1日(火)の終わり"
    assert dates.until(at(2026, 12, 2, 0, 1)).ja == "12月2日(水)00:01"


@pytest.mark.parametrize(
    ("ahead", "ja", "en"),
    [
        (timedelta(days=3, hours=23), "あと3日", "3 days left"),
        (timedelta(days=1), "あと1日", "1 day left"),
        (timedelta(hours=23, minutes=59), "あと23時間", "23 hours left"),
        (timedelta(minutes=59), "あと59分", "59 minutes left"),
        (timedelta(seconds=20), "まもなく", "any moment"),
        (timedelta(seconds=-20), "いま過ぎました", "just passed"),
        (timedelta(days=-2, hours=-1), "2日前に過ぎました", "passed 2 days ago"),
    ],
)
def test_what_is_left_is_never_overstated(clock, ahead, ja, en) -> None:
    left = dates.left(clock.moment + ahead)
    assert (left.ja, left.en) == (ja, en)


def test_a_clock_carries_the_exact_moment_for_focus_and_for_screen_readers(clock) -> None:
    html = dates.clock_left(clock.moment + timedelta(days=3))
    assert 'datetime="2026-11-23T10:00:00+09:00"' in html
    assert 'tabindex="0"' in html
    assert 'data-exact="11月23日(月)10:00"' in html
    with use_language("en"):
        assert "3 days left" in dates.clock_left(clock.moment + timedelta(days=3))


def test_no_clock_is_drawn_for_no_moment() -> None:
    assert dates.clock_left(None) == ""
