"""What a contract comes to: the worked examples of the sources, and sums that hold for any numbers."""

import json
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kotowari.foundation import policy
from kotowari.foundation.policy.rows import FeeTier
from kotowari.kernel.errors import InputError
from kotowari.kernel.text import use_language
from kotowari.pricing import PRICING_KEYS, ContractQuote, PricingTerms, allocate, quote_contract
from kotowari.pricing.contracts import MAX_PRICE_YEN, tiered_yen, withholding_yen

TODAY = date(2026, 11, 20)
FIGURES = (
    "price_yen",
    "tax_yen",
    "client_fee_yen",
    "client_fee_tax_yen",
    "system_fee_yen",
    "system_fee_tax_yen",
    "withholding_yen",
    "client_pays_yen",
    "worker_receives_yen",
)


def terms(preset: str = "kotowari", on: date = TODAY) -> PricingTerms:
    return PricingTerms.of_preset(preset, on)


@st.composite
def any_terms(draw: st.DrawFn) -> PricingTerms:
    limits = sorted(draw(st.sets(st.integers(1, 3_000_000), max_size=3)))
    rates = draw(st.lists(st.integers(0, 500), min_size=len(limits) + 1, max_size=len(limits) + 1))
    return PricingTerms(
        policy_version="any",
        kind="project",
        tiers=tuple(FeeTier(limit, rate) for limit, rate in zip([0, *limits], rates, strict=True)),
        client_permille=draw(st.integers(0, 500)),
        base=draw(st.sampled_from(["with_tax", "without_tax"])),
        fee_tax=draw(st.sampled_from(["added", "included"])),
        rounding=draw(st.sampled_from(["down", "half_up", "up"])),
        tax_permille=draw(st.sampled_from([80, 100])),
        withholding_basis_points=1021,
        withholding_above_yen=1_000_000,
        withholding_above_basis_points=2042,
        withholding_base=draw(st.sampled_from(["with_tax", "without_tax"])),
    )


prices = st.integers(min_value=1, max_value=50_000_000)


@pytest.mark.parametrize(
    ("preset", "system_fee", "client_fee", "client_pays", "worker_receives"),
    [
        ("crowdworks", 2_420, 0, 11_000, 8_580),
        ("lancers", 1_815, 605, 11_605, 9_185),
        ("coconala", 2_420, 605, 11_605, 8_580),
        ("shufti", 1_100, 0, 11_000, 9_900),
        ("kotowari", 1_100, 0, 11_000, 9_900),
    ],
)
def test_ten_thousand_yen_under_each_preset(
    preset: str, system_fee: int, client_fee: int, client_pays: int, worker_receives: int
) -> None:
    quote = quote_contract(10_000, terms(preset))
    assert (quote.tax_yen, quote.system_fee_yen, quote.client_fee_yen) == (1_000, system_fee, client_fee)
    assert (quote.client_pays_yen, quote.worker_receives_yen) == (client_pays, worker_receives)


def test_tiers_take_only_of_the_part_inside_them() -> None:
    tiers = terms("crowdworks").tiers
    assert tiered_yen(300_000, tiers, terms()) == 35_000
    assert tiered_yen(100_000, tiers, terms()) == 20_000
    assert tiered_yen(200_000, tiers, terms()) == 30_000
    assert tiered_yen(0, tiers, terms()) == 0


def test_the_fees_of_an_older_day_are_those_of_that_day() -> None:
    before, after = terms("lancers", date(2022, 9, 30)), terms("lancers", date(2022, 10, 1))
    assert quote_contract(100_000, before).system_fee_yen == 21_000
    assert quote_contract(100_000, before).client_fee_yen == 0
    assert quote_contract(100_000, after).system_fee_yen == 18_150
    assert quote_contract(100_000, after).client_fee_yen == 6_050
    assert quote_contract(10_000, terms("crowdworks", date(2019, 9, 30))).tax_yen == 800


@pytest.mark.parametrize(
    ("paid", "withheld"),
    [(10_000, 1_021), (100_000, 10_210), (1_000_000, 102_100), (1_500_000, 204_200), (33_333, 3_403), (9, 0)],
)
def test_withholding_follows_the_worked_examples(paid: int, withheld: int) -> None:
    assert withholding_yen(paid, terms()) == withheld
    assert quote_contract(paid, terms(), withholding=True).withholding_yen == withheld
    assert quote_contract(paid, terms(), withholding=False).withholding_yen == 0


@given(st.integers(0, 10**9))
def test_withholding_equals_the_two_formulas_of_the_law(paid: int) -> None:
    law = paid * 1021 // 10_000 if paid <= 1_000_000 else (paid - 1_000_000) * 2042 // 10_000 + 102_100
    assert withholding_yen(paid, terms()) == law


def test_withheld_tax_leaves_both_sums_alike() -> None:
    quote, without = (quote_contract(100_000, terms(), withholding=w) for w in (True, False))
    assert without.client_pays_yen - quote.client_pays_yen == 10_210
    assert without.worker_receives_yen - quote.worker_receives_yen == 10_210


@given(prices, any_terms(), st.booleans())
def test_what_the_client_pays_is_what_the_worker_gets_and_the_fees(
    price: int, any_terms: PricingTerms, withholding: bool
) -> None:
    quote = quote_contract(price, any_terms, withholding=withholding)
    assert quote.client_pays_yen == quote.worker_receives_yen + quote.client_fee_yen + quote.system_fee_yen
    assert quote.worker_receives_yen >= 0
    assert 0 <= quote.system_fee_tax_yen <= quote.system_fee_yen
    assert 0 <= quote.client_fee_tax_yen <= quote.client_fee_yen


@given(prices, prices, any_terms())
def test_a_higher_price_never_brings_the_worker_less(first: int, second: int, any_terms: PricingTerms) -> None:
    low, high = sorted((first, second))
    # One yen may be lost to rounding the fee up.
    received = [quote_contract(price, any_terms).worker_receives_yen for price in (low, high)]
    assert received[0] <= received[1] + 2


@given(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=20), any_terms(), st.booleans())
def test_milestones_sum_to_the_contract_in_every_figure(
    prices: list[int], any_terms: PricingTerms, withholding: bool
) -> None:
    allocation = allocate(quote_contract(sum(prices), any_terms, withholding=withholding), prices)
    assert [part.price_yen for part in allocation.parts] == prices
    for figure in FIGURES:
        assert sum(getattr(part, figure) for part in allocation.parts) == getattr(allocation.whole, figure), figure
    for part in allocation.parts:
        assert part.client_pays_yen == part.worker_receives_yen + part.client_fee_yen + part.system_fee_yen
        assert part.system_fee_tax_yen <= part.system_fee_yen


@given(st.lists(st.integers(100, 3_000_000), min_size=1, max_size=20), any_terms(), st.booleans())
def test_no_milestone_brings_the_worker_less_than_nothing(
    prices: list[int], any_terms: PricingTerms, withholding: bool
) -> None:
    allocation = allocate(quote_contract(sum(prices), any_terms, withholding=withholding), prices)
    assert min(part.worker_receives_yen for part in allocation.parts) >= 0


@given(prices, any_terms(), st.booleans())
def test_one_milestone_is_the_contract(price: int, any_terms: PricingTerms, withholding: bool) -> None:
    quote = quote_contract(price, any_terms, withholding=withholding)
    assert allocate(quote, [price]).parts == (quote,)


def test_each_milestone_is_a_payment_of_its_own_for_withholding() -> None:
    quote = quote_contract(1_500_000, terms(), withholding=True)
    allocation = allocate(quote, [750_000, 750_000])
    assert quote.withholding_yen == 204_200
    assert [part.withholding_yen for part in allocation.parts] == [76_575, 76_575]
    assert allocation.whole.withholding_yen == 153_150


def test_an_uneven_split_loses_no_yen() -> None:
    allocation = allocate(quote_contract(100, terms("crowdworks")), [33, 33, 34])
    assert allocation.whole.tax_yen == 10
    assert [part.tax_yen for part in allocation.parts] == [3, 3, 4]


def test_milestones_that_do_not_fit_are_a_mistake() -> None:
    quote = quote_contract(100, terms())
    for prices in ([50, 51], [], [100, 0]):
        with pytest.raises(ValueError, match="milestone"):
            allocate(quote, prices)


@pytest.mark.parametrize("price", [0, -1, MAX_PRICE_YEN + 1])
def test_a_price_that_cannot_be_is_told_on_its_field(price: int) -> None:
    with pytest.raises(InputError) as wrong:
        quote_contract(price, terms())
    assert wrong.value.fields["price_yen"][0].ja.startswith("契約金額は")


def test_terms_survive_the_table_they_are_kept_in() -> None:
    for preset in policy.preset_names():
        for kind in ("project", "task"):
            kept = PricingTerms.of_preset(preset, TODAY, kind)
            assert PricingTerms.from_dict(json.loads(json.dumps(kept.to_dict()))) == kept


def test_a_contract_keeps_its_terms_when_the_rules_change() -> None:
    kept = PricingTerms.in_force(TODAY).to_dict()
    with policy.overridden({"fees.system_tiers": [{"above_yen": 0, "permille": 300}]}):
        assert quote_contract(10_000, PricingTerms.in_force(TODAY)).system_fee_yen == 3_300
        assert quote_contract(10_000, PricingTerms.from_dict(kept)).system_fee_yen == 1_100


def test_task_work_has_its_own_fee() -> None:
    task = PricingTerms.of_preset("crowdworks", TODAY, "task")
    assert quote_contract(300_000, task).system_fee_yen == 330_000 * 20 // 100 * 11 // 10
    assert "fees.task_tiers" in {line.rule for line in quote_contract(1_000, task).lines}


def test_a_snapshot_holds_what_prices_need_and_names_its_version() -> None:
    kept = policy.values(preset="crowdworks", on=TODAY).snapshot(PRICING_KEYS)
    assert kept["version"] == "crowdworks-2026-11-01"
    assert PricingTerms.from_policy(kept).policy_version == kept["version"]


@given(prices, any_terms(), st.booleans())
def test_the_lines_tell_the_whole_sum_with_a_rule_each(price: int, any_terms: PricingTerms, withholding: bool) -> None:
    assume(any_terms.client_permille != 0)
    quote = quote_contract(price, any_terms, withholding=withholding)
    by_code = {line.code: line for line in quote.lines}
    assert all(line.rule and line.words.ja and line.words.en for line in quote.lines)
    assert ("withholding" in by_code) == withholding
    withheld = by_code["withholding"].amount_yen if withholding else 0
    gross = by_code["price"].amount_yen + by_code["tax"].amount_yen
    assert by_code["worker_receives"].amount_yen == gross + by_code["system_fee"].amount_yen + withheld
    client_fee = by_code["client_fee"].amount_yen if "client_fee" in by_code else 0
    assert by_code["client_pays"].amount_yen == gross + client_fee + withheld


def test_the_answer_in_json_has_the_promised_names_and_the_readers_language() -> None:
    quote: ContractQuote = quote_contract(10_000, terms("lancers"), withholding=True)
    with use_language("en"):
        answer = quote.as_json()
    promised = {
        "price_yen",
        "tax_yen",
        "client_fee_yen",
        "system_fee_yen",
        "withholding_yen",
        "client_pays_yen",
        "worker_receives_yen",
        "lines",
    }
    assert promised <= set(answer)
    assert answer["client_pays_yen"] == 10_000 + 1_000 + 605 - 1_021
    assert answer["worker_receives_yen"] == 10_000 + 1_000 - 1_815 - 1_021
    assert answer["lines"][2]["words"].startswith("Client fee, paid on top: 5.5 % of the price with tax")
