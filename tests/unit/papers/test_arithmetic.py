"""Consumption tax on papers: once per rate, always a rounding the law allows, and what was agreed wherever it can be."""

from hypothesis import given
from hypothesis import strategies as st

from kotowari.papers.arithmetic import TaxedLine, tax_on_paper, taxes_by_rate
from kotowari.pricing import PricingTerms, allocate, quote_contract

AMOUNTS = st.integers(min_value=0, max_value=10**12)
RATES = st.sampled_from([80, 100])
LINES = st.lists(st.builds(TaxedLine, RATES, AMOUNTS, st.integers(0, 10**11)), max_size=12)
PRICES = st.lists(st.integers(1, 10**7), min_size=1, max_size=8)


@given(LINES)
def test_every_yen_stands_under_its_rate_and_tax_is_rounded_once(lines: list[TaxedLine]) -> None:
    taxes = taxes_by_rate(lines)
    assert [each.permille for each in taxes] == sorted({line.permille for line in lines})
    assert sum(each.total_yen for each in taxes) == sum(line.total_yen for line in lines)
    for each in taxes:
        exact = each.total_yen * each.permille
        assert abs(each.tax_yen * (1000 + each.permille) - exact) < 1000 + each.permille
        assert each.base_yen + each.tax_yen == each.total_yen
        assert 0 <= each.tax_yen <= each.total_yen


@given(st.integers(0, 10**12), RATES)
def test_what_was_agreed_by_rounding_down_a_price_is_what_stands_there(price_yen: int, permille: int) -> None:
    tax_yen = price_yen * permille // 1000
    assert tax_on_paper(price_yen + tax_yen, permille, tax_yen) == tax_yen


@given(st.integers(0, 10**12), RATES, st.integers(2, 1000))
def test_a_tax_that_no_rounding_gives_is_not_printed(total_yen: int, permille: int, off: int) -> None:
    exact = total_yen * permille // (1000 + permille)
    assert tax_on_paper(total_yen, permille, exact + off) == exact


@given(PRICES)
def test_parts_of_a_contract_keep_their_totals_and_a_lawful_tax(prices: list[int]) -> None:
    terms = PricingTerms.of_preset("kotowari")
    for part in allocate(quote_contract(sum(prices), terms), prices).parts:
        (tax,) = taxes_by_rate([TaxedLine(terms.tax_permille, part.price_yen + part.tax_yen, part.tax_yen)])
        assert tax.total_yen == part.price_yen + part.tax_yen
        assert abs(tax.tax_yen * 1100 - tax.total_yen * 100) < 1100


def test_rates_are_never_mixed() -> None:
    taxes = taxes_by_rate([TaxedLine(100, 1_100, 100), TaxedLine(80, 1_080, 80), TaxedLine(100, 55, 5)])
    assert [(t.permille, t.total_yen, t.tax_yen) for t in taxes] == [(80, 1_080, 80), (100, 1_155, 105)]


def test_lines_that_would_lose_a_yen_each_are_summed_first() -> None:
    (tax,) = taxes_by_rate([TaxedLine(100, 10, 0)] * 11)
    assert (tax.total_yen, tax.tax_yen) == (110, 10)
