"""`quote payout` of all five presets against the tables of the research: to the yen and to the day (japan.md 3)."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from kotowari.kernel import calendar
from kotowari.pricing import PayoutTerms, best_day, days_to_be_paid, quick_dates, quote_payout, time_limit

TODAY = date(2026, 11, 20)
HALF_MONTHS = ("crowdworks", "lancers", "kotowari")


@dataclass(frozen=True)
class Preset:
    """One column of the table: limits, fees by amount and bank, and what becomes of a reward at its limit."""

    minimum_yen: int
    fees: dict[tuple[int, str | None], int]
    expiry_days: int
    at_expiry: tuple[str, str]
    quick_offered: bool


TABLE = {
    "kotowari": Preset(1_000, {(1_000, None): 0, (100_000, "0036"): 0}, 180, ("paid_out", "dormant"), True),
    "crowdworks": Preset(
        1_000, {(1_000, "0036"): 100, (1_000, "0001"): 500, (99_999, None): 500}, 180, ("forfeited", "forfeited"), True
    ),
    "lancers": Preset(1_000, {(1_000, "0036"): 100, (1_000, None): 500}, 180, ("paid_out", "dormant"), False),
    "coconala": Preset(
        1, {(2_999, None): 160, (3_000, None): 0, (161, "0036"): 160}, 120, ("paid_out", "forfeited"), False
    ),
    "shufti": Preset(605, {(605, None): 0}, 180, ("paid_out", "dormant"), False),
}

NOMINAL = {
    "2026-10-31": ("2026-10-30", "2026-11-02"),
    "2026-11-15": ("2026-11-13", "2026-11-16"),
    "2026-12-31": ("2026-12-30", "2027-01-04"),
    "2027-01-31": ("2027-01-29", "2027-02-01"),
    "2027-02-28": ("2027-02-26", "2027-03-01"),
    "2027-05-15": ("2027-05-14", "2027-05-17"),
    "2027-07-31": ("2027-07-30", "2027-08-02"),
    "2027-08-15": ("2027-08-13", "2027-08-16"),
    "2027-10-31": ("2027-10-29", "2027-11-01"),
    "2027-12-31": ("2027-12-30", "2028-01-04"),
}
"""Pay dates that are no bank day: the bank day before, and the one after."""


def days_from(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.rule("A046")
@pytest.mark.parametrize(("nominal", "found"), NOMINAL.items())
def test_a_day_of_rest_moves_a_pay_date_as_the_marketplaces_say(nominal: str, found: tuple[str, str]) -> None:
    day = date.fromisoformat(nominal)
    assert (calendar.shift(day, "previous").isoformat(), calendar.shift(day, "next").isoformat()) == found


@pytest.mark.rule("A046", "A050")
@pytest.mark.parametrize("preset", HALF_MONTHS)
def test_every_day_until_january_2028_is_closed_and_paid_by_half_months_on_the_bank_day_before(preset: str) -> None:
    terms = PayoutTerms.of_preset(preset, TODAY)
    for fixed_on in days_from(date(2026, 10, 1), date(2027, 12, 31)):
        if fixed_on.day <= 15:
            closes_on, nominal_on = fixed_on.replace(day=15), calendar.end_of_month(fixed_on)
        else:
            closes_on = calendar.end_of_month(fixed_on)
            nominal_on = closes_on + timedelta(days=15)
        found = quote_payout(fixed_on=fixed_on, amount_yen=10_000, terms=terms)
        assert (found.closes_on, found.pays_on) == (closes_on, calendar.shift(nominal_on, "previous"))
        written = NOMINAL.get(nominal_on.isoformat())
        assert written is None or found.pays_on.isoformat() == written[0]


@pytest.mark.rule("A046")
def test_coconala_pays_on_the_20th_and_the_5th_or_the_bank_day_after_until_january_2028() -> None:
    terms = PayoutTerms.of_preset("coconala", TODAY)
    for fixed_on in days_from(date(2026, 10, 1), date(2027, 12, 31)):
        if fixed_on.day <= 15:
            nominal_on = fixed_on.replace(day=20)
        else:
            nominal_on = calendar.end_of_month(fixed_on) + timedelta(days=5)
        assert quote_payout(fixed_on=fixed_on, amount_yen=10_000, terms=terms).pays_on == calendar.shift(
            nominal_on, "next"
        )


@pytest.mark.rule("A044", "A052")
@pytest.mark.parametrize(("preset", "row"), TABLE.items())
def test_minimum_and_transfer_fee_are_the_tables(preset: str, row: Preset) -> None:
    terms = PayoutTerms.of_preset(preset, TODAY)
    assert terms.standard_minimum_yen == row.minimum_yen
    if row.minimum_yen > 1:
        below = quote_payout(fixed_on=TODAY, amount_yen=row.minimum_yen - 1, terms=terms, method="standard")
        assert (below.pays_on, below.net_yen) == (None, row.minimum_yen - 1)
    for (amount_yen, bank_code), fee_yen in row.fees.items():
        found = quote_payout(fixed_on=TODAY, amount_yen=amount_yen, terms=terms, method="standard", bank_code=bank_code)
        assert (found.transfer_fee_yen, found.net_yen) == (fee_yen, amount_yen - fee_yen)


@pytest.mark.rule("A041", "A043")
@pytest.mark.parametrize(("preset", "row"), TABLE.items())
def test_the_time_limit_and_its_outcome_are_the_tables(preset: str, row: Preset) -> None:
    terms = PayoutTerms.of_preset(preset, TODAY)
    for has_account, outcome in zip((True, False), row.at_expiry, strict=True):
        found = quote_payout(fixed_on=TODAY, amount_yen=999, terms=terms, has_account=has_account)
        assert (found.expires_on, found.at_expiry) == (TODAY + timedelta(days=row.expiry_days), outcome)


@pytest.mark.rule("A053", "A054", "A055")
@pytest.mark.parametrize(("preset", "row"), TABLE.items())
def test_a_quick_payout_is_there_where_the_table_says_so(preset: str, row: Preset) -> None:
    terms = PayoutTerms.of_preset(preset, TODAY)
    assert terms.quick_offered is row.quick_offered
    assert ("quick" in terms.methods) is (preset == "kotowari")
    if not row.quick_offered:
        return
    fees = {"kotowari": (520, 350, 0, False), "crowdworks": (530, 500, 500, True)}
    minimum_yen, quick_yen, transfer_yen, only_with_carry_over = fees[preset]
    found = quote_payout(fixed_on=TODAY, amount_yen=10_000, terms=terms, method="quick")
    assert (found.quick_fee_yen, found.transfer_fee_yen) == (quick_yen, transfer_yen)
    assert (terms.quick_minimum_yen, terms.quick_only_with_carry_over) == (minimum_yen, only_with_carry_over)
    assert found.net_yen == 10_000 - quick_yen - transfer_yen


@pytest.mark.rule("A053")
@pytest.mark.parametrize(
    ("asked", "planned", "promised"),
    [
        ("2021-04-27", "2021-04-30", "2021-05-06"),
        ("2021-04-28", "2021-05-06", "2021-05-07"),
        ("2026-11-20", "2026-11-25", "2026-11-26"),
        ("2026-11-21", "2026-11-25", "2026-11-26"),
        ("2026-12-29", "2027-01-04", "2027-01-05"),
    ],
)
def test_a_quick_payout_is_planned_as_crowdworks_did_in_golden_week(asked: str, planned: str, promised: str) -> None:
    terms = PayoutTerms.of_preset("crowdworks", TODAY)
    found = quick_dates(date.fromisoformat(asked), terms)
    assert tuple(day.isoformat() for day in found) == (planned, promised)


@pytest.mark.rule("A052")
def test_the_first_transfer_of_a_closing_is_free_where_the_rules_say_so() -> None:
    terms = PayoutTerms.of_preset("kotowari", TODAY)
    assert terms.free_transfers_per_closing == 1
    found = quote_payout(fixed_on=TODAY, amount_yen=5_000, terms=PayoutTerms.of_preset("crowdworks", TODAY))
    assert found.transfer_fee_yen == 500


def half_months(count: int, terms: PayoutTerms) -> list[tuple[date, date]]:
    found, day = [], TODAY
    for _ in range(count):
        quote = quote_payout(fixed_on=day, amount_yen=1_000, terms=terms, method="standard")
        found.append((quote.closes_on, quote.pays_on))
        day = quote.closes_on + timedelta(days=1)
    return found


@pytest.mark.rule("A188")
def test_waiting_saves_a_fee_for_every_closing_left_out_until_the_limit_is_near() -> None:
    terms = PayoutTerms.of_preset("crowdworks", TODAY)
    limits = [(date(2027, 1, 20), 4_000)]
    days = days_to_be_paid(
        balance_yen=4_000, income_yen=3_000, limits=limits, closings=half_months(6, terms), terms=terms
    )
    assert [(day.amount_yen, day.fees_yen, day.saved_yen, day.at_risk_yen) for day in days] == [
        (4_000, 500, 0, 0),
        (7_000, 500, 500, 0),
        (10_000, 500, 1_000, 0),
        (13_000, 500, 1_500, 0),
        (16_000, 500, 2_000, 4_000),
        (19_000, 500, 2_500, 4_000),
    ]
    assert best_day(days) == days[3]


@pytest.mark.rule("A188")
def test_where_nothing_is_charged_the_next_closing_is_the_best() -> None:
    terms = PayoutTerms.of_preset("kotowari", TODAY)
    days = days_to_be_paid(balance_yen=4_000, income_yen=0, limits=[], closings=half_months(4, terms), terms=terms)
    assert best_day(days) == days[0]
    assert not days_to_be_paid(balance_yen=999, income_yen=0, limits=[], closings=half_months(4, terms), terms=terms)


@pytest.mark.rule("A188")
def test_small_amounts_that_come_together_pass_the_fee_of_coconala() -> None:
    terms = PayoutTerms.of_preset("coconala", TODAY)
    days = days_to_be_paid(balance_yen=1_000, income_yen=1_000, limits=[], closings=half_months(4, terms), terms=terms)
    assert [day.saved_yen for day in days] == [0, 160, 480, 640]


@pytest.mark.rule("A041", "A042")
def test_what_came_back_has_its_whole_time_again() -> None:
    from datetime import datetime

    from kotowari.kernel import clock

    terms = PayoutTerms.of_preset("kotowari", TODAY)
    fixed_at = datetime(2026, 1, 10, 9, tzinfo=clock.TOKYO)
    assert clock.last_day(time_limit(fixed_at, terms).due_at) == date(2026, 7, 9)
    back_at = datetime(2026, 7, 1, 23, 59, tzinfo=clock.TOKYO)
    assert clock.last_day(time_limit(fixed_at, terms, came_back_at=back_at).due_at) == date(2026, 12, 28)
