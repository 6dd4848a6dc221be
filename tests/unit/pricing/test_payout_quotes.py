"""When rewards are paid, what that costs, and that nothing is lost on the way."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.foundation import policy
from kotowari.kernel import calendar
from kotowari.kernel.errors import InputError
from kotowari.pricing import (
    PayoutQuote,
    PayoutTerms,
    closing_dates,
    is_closing,
    latest_pay_date,
    quote_payout,
)

TODAY = date(2026, 11, 20)
PRESETS = policy.preset_names()
days = st.dates(min_value=date(2021, 1, 1), max_value=date(2030, 12, 31))


def terms(preset: str = "kotowari", on: date = TODAY) -> PayoutTerms:
    return PayoutTerms.of_preset(preset, on)


def quote(preset: str = "kotowari", fixed: str = "2026-11-20", amount: int = 10_000, **more: object) -> PayoutQuote:
    return quote_payout(fixed_on=date.fromisoformat(fixed), amount_yen=amount, terms=terms(preset), **more)


@pytest.mark.rule("A046")
@pytest.mark.parametrize(
    ("fixed", "closes", "pays"),
    [
        ("2026-11-01", "2026-11-15", "2026-11-30"),
        ("2026-11-15", "2026-11-15", "2026-11-30"),
        ("2026-11-16", "2026-11-30", "2026-12-15"),
        ("2026-11-30", "2026-11-30", "2026-12-15"),
        ("2026-10-15", "2026-10-15", "2026-10-30"),
        ("2026-10-31", "2026-10-31", "2026-11-13"),
        ("2026-12-15", "2026-12-15", "2026-12-30"),
        ("2026-12-31", "2026-12-31", "2027-01-15"),
        ("2027-02-01", "2027-02-15", "2027-02-26"),
        ("2028-02-16", "2028-02-29", "2028-03-15"),
    ],
)
def test_half_months_are_paid_at_the_end_or_on_the_next_15th(fixed: str, closes: str, pays: str) -> None:
    for preset in ("kotowari", "crowdworks", "lancers"):
        found = quote(preset, fixed)
        assert (found.closes_on.isoformat(), found.pays_on.isoformat()) == (closes, pays)


@pytest.mark.parametrize(
    ("fixed", "closes", "pays"),
    [
        ("2026-11-10", "2026-11-15", "2026-11-20"),
        ("2026-11-16", "2026-11-30", "2026-12-07"),
        ("2026-12-20", "2026-12-31", "2027-01-05"),
        ("2027-02-15", "2027-02-15", "2027-02-22"),
    ],
)
def test_coconala_pays_on_the_20th_and_the_5th_or_the_next_bank_day(fixed: str, closes: str, pays: str) -> None:
    found = quote("coconala", fixed)
    assert (found.closes_on.isoformat(), found.pays_on.isoformat()) == (closes, pays)


def test_shufti_pays_within_four_bank_days() -> None:
    found = quote("shufti", "2026-11-20")
    assert (found.closes_on, found.pays_on) == (date(2026, 11, 20), date(2026, 11, 27))


@pytest.mark.rule("A044", "A046")
def test_exactly_the_minimum_is_paid_and_a_yen_less_is_carried_over() -> None:
    paid, carried = quote(amount=1_000), quote(amount=999)
    assert (paid.pays_on, paid.reason) == (date(2026, 12, 15), None)
    assert carried.pays_on is None
    assert carried.closes_on == paid.closes_on
    assert "999円" in carried.reason.ja
    assert "1,000円" in carried.reason.ja
    assert (carried.transfer_fee_yen, carried.net_yen) == (0, 999)
    assert carried.rule == "A046"


@pytest.mark.rule("A047")
def test_the_threshold_method_waits_for_fifty_thousand_yen() -> None:
    assert quote(amount=50_000, method="threshold").pays_on == date(2026, 12, 15)
    carried = quote(amount=49_999, method="threshold")
    assert (carried.pays_on, carried.rule, carried.net_yen) == (None, "A047", 49_999)


@pytest.mark.rule("A048")
def test_carry_over_never_closes_but_still_shows_its_time_limit() -> None:
    carried = quote(amount=1_000_000, method="carry_over")
    assert (carried.closes_on, carried.pays_on, carried.rule) == (None, None, "A048")
    assert carried.expires_on == TODAY + timedelta(days=180)
    assert carried.net_yen == 1_000_000


@pytest.mark.rule("A045", "A049")
def test_there_are_three_methods_and_the_first_is_the_default() -> None:
    assert terms("crowdworks").methods == ("standard", "threshold", "carry_over")
    assert terms().methods == ("standard", "threshold", "carry_over", "quick")
    assert quote().method == "standard"
    with pytest.raises(InputError) as wrong:
        quote("lancers", method="threshold")
    assert "standard, carry_over" in wrong.value.fields["method"][0].ja


@pytest.mark.rule("A052")
@pytest.mark.parametrize(
    ("preset", "amount", "bank", "fee"),
    [
        ("crowdworks", 10_000, "0036", 100),
        ("crowdworks", 10_000, "0001", 500),
        ("crowdworks", 10_000, None, 500),
        ("lancers", 10_000, "0036", 100),
        ("coconala", 2_999, None, 160),
        ("coconala", 3_000, None, 0),
        ("shufti", 605, None, 0),
        ("kotowari", 1_000, "0001", 0),
    ],
)
def test_the_transfer_fee_is_shown_with_what_arrives(preset: str, amount: int, bank: str | None, fee: int) -> None:
    found = quote(preset, amount=amount, bank_code=bank)
    assert (found.transfer_fee_yen, found.net_yen) == (fee, amount - fee)
    assert {line.code: line.amount_yen for line in found.lines}["net"] == amount - fee


def test_fees_that_would_leave_nothing_carry_the_reward_over() -> None:
    carried = quote("coconala", amount=160)
    assert (carried.pays_on, carried.net_yen, carried.rule) == (None, 160, "A052")
    assert quote("coconala", amount=161).net_yen == 1


@pytest.mark.rule("A053", "A054", "A055")
def test_a_quick_payout_takes_three_bank_days_and_its_share() -> None:
    found = quote(amount=10_000, method="quick")
    assert (found.pays_on, found.quick_fee_yen, found.net_yen) == (date(2026, 11, 26), 350, 9_650)
    assert quote(amount=520, method="quick").net_yen == 520 - 18
    assert quote(amount=519, method="quick").pays_on is None
    asked = quote(amount=10_000, method="quick", requested_on=date(2026, 12, 29))
    assert asked.pays_on == date(2027, 1, 5)


def test_the_quick_payout_of_crowdworks_changed_in_february_2020() -> None:
    before, after = terms("crowdworks", date(2020, 2, 2)), terms("crowdworks", date(2020, 2, 3))
    old = quote_payout(fixed_on=date(2020, 1, 20), amount_yen=10_000, terms=before, method="quick")
    new = quote_payout(fixed_on=date(2020, 2, 3), amount_yen=10_000, terms=after, method="quick")
    assert (old.quick_fee_yen, new.quick_fee_yen) == (350, 500)
    assert (before.quick_minimum_yen, after.quick_minimum_yen) == (520, 530)
    assert old.net_yen == 10_000 - 350 - 500


@pytest.mark.rule("A041")
def test_a_reward_has_a_time_limit_and_the_preset_says_what_happens_then() -> None:
    assert quote("crowdworks").expires_on == date(2027, 5, 19)
    assert quote("crowdworks").at_expiry == "forfeited"
    assert (quote("coconala").expires_on, quote("coconala").at_expiry) == (date(2027, 3, 20), "paid_out")
    assert quote("coconala", has_account=False).at_expiry == "forfeited"


@pytest.mark.rule("A041", "A043")
def test_by_default_nothing_is_ever_forfeited_not_even_less_than_the_minimum() -> None:
    for amount in (1, 999, 1_000, 50_000):
        assert quote(amount=amount).at_expiry == "paid_out"
        assert quote(amount=amount, has_account=False).at_expiry == "dormant"


def test_by_default_a_payout_of_every_closing_is_free() -> None:
    assert {quote(amount=amount).transfer_fee_yen for amount in (1_000, 3_000, 1_000_000)} == {0}


@given(days, st.sampled_from(PRESETS), st.integers(1, 10**9), st.sampled_from(["0036", "0001", None]))
def test_a_payout_neither_makes_nor_loses_money_and_falls_on_a_bank_day(
    day: date, preset: str, amount: int, bank: str | None
) -> None:
    found = quote_payout(fixed_on=day, amount_yen=amount, terms=terms(preset), bank_code=bank)
    assert found.net_yen + found.transfer_fee_yen + found.quick_fee_yen == amount
    assert found.net_yen >= 1
    assert (found.pays_on is None) == (found.reason is not None)
    assert found.closes_on >= day
    if found.pays_on:
        assert found.pays_on > found.closes_on
        assert calendar.is_bank_day(found.pays_on)


@given(days, st.sampled_from(PRESETS))
def test_closings_follow_one_another_and_every_day_belongs_to_one(day: date, preset: str) -> None:
    closes_on, pays_on = closing_dates(day, terms(preset))
    assert is_closing(closes_on, terms(preset))
    assert closing_dates(closes_on, terms(preset)) == (closes_on, pays_on)
    between = (day + timedelta(days=n) for n in range((closes_on - day).days))
    assert not any(is_closing(d, terms(preset)) for d in between)


@pytest.mark.parametrize("preset", PRESETS)
def test_from_delivery_to_payment_never_takes_more_than_sixty_days(preset: str) -> None:
    longest = policy.values(preset=preset, on=TODAY)["contracts.acceptance_days_max"]
    for n in range(6 * 366):
        delivered = date(2024, 1, 1) + timedelta(days=n)
        _, pays_on = closing_dates(delivered + timedelta(days=longest), terms(preset))
        assert pays_on <= latest_pay_date(delivered), delivered


def test_the_default_pays_within_thirty_days_of_fixing_and_45_of_delivery() -> None:
    waits = [
        (closing_dates(day, terms())[1] - day).days
        for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(6 * 366))
    ]
    assert max(waits) == 30


def test_the_day_of_receipt_is_the_first_of_the_sixty() -> None:
    assert latest_pay_date(date(2026, 5, 15)) == date(2026, 7, 13)


def test_an_extra_closed_day_moves_the_pay_date() -> None:
    with policy.overridden({"calendar.extra_closed_days": ["2026-12-15"]}):
        closed = PayoutTerms.in_force(TODAY)
    assert quote_payout(fixed_on=TODAY, amount_yen=5_000, terms=closed).pays_on == date(2026, 12, 14)


def test_a_rest_that_swallows_the_time_before_the_pay_date_pays_after_it() -> None:
    rest = [(date(2026, 11, 16) + timedelta(days=n)).isoformat() for n in range(15)]
    with policy.overridden({"calendar.extra_closed_days": rest}):
        closed = PayoutTerms.in_force(TODAY)
    closes_on, pays_on = closing_dates(date(2026, 11, 10), closed)
    assert (closes_on, pays_on) == (date(2026, 11, 15), date(2026, 12, 1))


@pytest.mark.parametrize("amount", [0, -5, 10**10])
def test_an_amount_that_cannot_be_is_told_on_its_field(amount: int) -> None:
    with pytest.raises(InputError) as wrong:
        quote(amount=amount)
    assert "amount_yen" in wrong.value.fields


def test_a_quick_payout_cannot_be_asked_for_before_the_reward_is_fixed() -> None:
    with pytest.raises(InputError) as wrong:
        quote(method="quick", requested_on=TODAY - timedelta(days=1))
    assert "requested_on" in wrong.value.fields


def test_payout_terms_survive_the_table_they_are_kept_in() -> None:
    for preset in PRESETS:
        assert PayoutTerms.from_dict(json.loads(json.dumps(terms(preset).to_dict()))) == terms(preset)


def test_the_answer_in_json_has_the_promised_names() -> None:
    paid, carried = quote().as_json(), quote(amount=1).as_json()
    promised = {"closes_on", "pays_on", "transfer_fee_yen", "net_yen", "expires_on", "at_expiry"}
    assert promised <= set(paid)
    assert (paid["closes_on"], paid["pays_on"], paid["reason"]) == ("2026-11-30", "2026-12-15", None)
    assert carried["pays_on"] is None
    assert carried["reason"]
