"""Bank days: holidays against the published list, shifts, and the half-month closings."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel import calendar

days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))

PUBLISHED = """
2026-01-01 2026-01-12 2026-02-11 2026-02-23 2026-03-20 2026-04-29 2026-05-03 2026-05-04 2026-05-05 2026-05-06
2026-07-20 2026-08-11 2026-09-21 2026-09-22 2026-09-23 2026-10-12 2026-11-03 2026-11-23
2027-01-01 2027-01-11 2027-02-11 2027-02-23 2027-03-21 2027-03-22 2027-04-29 2027-05-03 2027-05-04 2027-05-05
2027-07-19 2027-08-11 2027-09-20 2027-09-23 2027-10-11 2027-11-03 2027-11-23
"""

PAY_DATES = [
    ("2026-10-31", "2026-10-30", "2026-11-02"),
    ("2026-11-15", "2026-11-13", "2026-11-16"),
    ("2026-12-31", "2026-12-30", "2027-01-04"),
    ("2027-01-31", "2027-01-29", "2027-02-01"),
    ("2027-02-28", "2027-02-26", "2027-03-01"),
    ("2027-05-15", "2027-05-14", "2027-05-17"),
    ("2027-07-31", "2027-07-30", "2027-08-02"),
    ("2027-08-15", "2027-08-13", "2027-08-16"),
    ("2027-10-31", "2027-10-29", "2027-11-01"),
    ("2027-12-31", "2027-12-30", "2028-01-04"),
]


def test_holidays_are_those_of_the_published_list() -> None:
    found = {*calendar.holidays(2026), *calendar.holidays(2027)}
    assert found == {date.fromisoformat(day) for day in PUBLISHED.split()}


@pytest.mark.parametrize("day", ["2026-09-22", "2026-05-06", "2026-11-23", "2027-03-22"])
def test_substitute_and_squeezed_holidays_are_no_bank_days(day: str) -> None:
    assert not calendar.is_bank_day(date.fromisoformat(day))


@pytest.mark.parametrize(("day", "previous", "following"), PAY_DATES)
def test_a_pay_date_on_a_day_of_rest_moves_as_the_rule_says(day: str, previous: str, following: str) -> None:
    assert calendar.shift(date.fromisoformat(day), "previous").isoformat() == previous
    assert calendar.shift(date.fromisoformat(day), "next").isoformat() == following


@pytest.mark.parametrize("year", range(2020, 2036))
def test_banks_rest_over_new_year(year: int) -> None:
    for month, day in ((12, 31), (1, 1), (1, 2), (1, 3)):
        assert not calendar.is_bank_day(date(year, month, day))
    assert calendar.shift(date(2026, 1, 1), "next") == date(2026, 1, 5)


def test_bank_days_are_counted_from_the_day_after() -> None:
    # A quick payout asked for on 27 April 2021 was paid on the 30th, one asked for on the 28th on 6 May.
    assert calendar.add_bank_days(date(2021, 4, 27), 2) == date(2021, 4, 30)
    assert calendar.add_bank_days(date(2021, 4, 28), 2) == date(2021, 5, 6)
    assert calendar.add_bank_days(date(2026, 11, 20), 3) == date(2026, 11, 26)
    assert calendar.add_bank_days(date(2026, 11, 24), -1) == date(2026, 11, 20)
    assert calendar.add_bank_days(date(2026, 11, 21), 0) == date(2026, 11, 24)
    assert calendar.add_bank_days(date(2026, 11, 20), 0) == date(2026, 11, 20)


@given(days, st.integers(min_value=1, max_value=40))
def test_adding_and_counting_bank_days_agree(day: date, count: int) -> None:
    later = calendar.add_bank_days(day, count)
    assert calendar.is_bank_day(later)
    assert calendar.bank_days_between(day, later) == count
    assert calendar.bank_days_between(later, day) == -count


@given(days)
def test_a_shift_lands_on_the_nearest_bank_day_of_its_direction(day: date) -> None:
    earlier, later = calendar.shift(day, "previous"), calendar.shift(day, "next")
    assert earlier <= day <= later
    assert calendar.is_bank_day(earlier)
    assert calendar.is_bank_day(later)
    between = (earlier + timedelta(days=n) for n in range(1, (later - earlier).days))
    assert not any(calendar.is_bank_day(d) for d in between)
    assert (earlier == later) == calendar.is_bank_day(day)


def test_days_the_operator_adds_are_closed_too_and_say_so() -> None:
    friday = date(2026, 11, 20)
    assert calendar.is_bank_day(friday)
    assert not calendar.is_bank_day(friday, {friday})
    assert calendar.shift(friday, "previous", {friday}) == date(2026, 11, 19)
    assert calendar.why_closed(friday, {friday}).ja == "運営が登録した休業日"


def test_a_closed_day_says_why() -> None:
    assert calendar.why_closed(date(2026, 9, 22)).ja == "祝日(国民の休日)"
    assert calendar.why_closed(date(2026, 12, 31)).en.startswith("New Year")
    assert calendar.why_closed(date(2026, 11, 21)).ja == "土曜日"
    assert calendar.why_closed(date(2026, 11, 20)) is None


def test_a_calendar_without_bank_days_is_an_error_and_no_endless_search() -> None:
    closed = {date(2026, 1, 1) + timedelta(days=n) for n in range(800)}
    with pytest.raises(ValueError, match="extra closed days"):
        calendar.shift(date(2026, 1, 5), "next", closed)
    with pytest.raises(ValueError, match="neither previous nor next"):
        calendar.shift(date(2026, 1, 5), "nearest")


@pytest.mark.parametrize(
    ("day", "closing"),
    [
        ("2026-11-01", "2026-11-15"),
        ("2026-11-15", "2026-11-15"),
        ("2026-11-16", "2026-11-30"),
        ("2026-12-31", "2026-12-31"),
        ("2028-02-16", "2028-02-29"),
    ],
)
@pytest.mark.rule("A046")
def test_half_months_close_on_the_15th_and_at_the_end(day: str, closing: str) -> None:
    assert calendar.closing_on_or_after(date.fromisoformat(day)).isoformat() == closing


@given(days)
def test_closings_follow_one_another_without_gap(day: date) -> None:
    closing = calendar.closing_on_or_after(day)
    before = calendar.closing_before(day)
    assert before < day <= closing
    assert calendar.closing_on_or_after(before + timedelta(days=1)) == closing
    assert calendar.closing_before(closing) == before
    assert 13 <= (closing - before).days <= 16


def test_days_of_a_month_run_on_into_the_next_years() -> None:
    assert calendar.day_in_month(2026, 13, "end") == date(2027, 1, 31)
    assert calendar.day_in_month(2026, 0, 15) == date(2025, 12, 15)
    assert calendar.closing_on_or_after(date(2026, 11, 21), [20]) == date(2026, 12, 20)
    with pytest.raises(ValueError, match="1–28"):
        calendar.day_in_month(2026, 2, 30)
    with pytest.raises(ValueError, match="no closing day"):
        calendar.closing_on_or_after(date(2026, 1, 1), [])


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-20", 3, "2027-02-20"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-12-31", 2, "2028-02-29"),
        ("2026-01-31", -1, "2025-12-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-15", 0, "2026-05-15"),
        ("2026-05-15", -24, "2024-05-15"),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, months: int, later: str) -> None:
    assert calendar.months_later(date.fromisoformat(day), months) == date.fromisoformat(later)


@given(days, st.integers(1, 36))
def test_what_was_so_many_months_ago_has_reached_them_today(day: date, months: int) -> None:
    assert calendar.months_later(calendar.months_later(day, -months), months) <= day
