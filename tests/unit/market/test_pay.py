"""What a job pays, as it reaches the worker."""

from decimal import Decimal

import pytest

from kotowari.kernel.text import Text
from kotowari.market.pay import pay_for
from kotowari.pricing import PricingTerms

TERMS = PricingTerms.of_preset("crowdworks")


@pytest.mark.rule("A187")
def test_pay_is_shown_as_it_reaches_the_worker_and_per_unit_of_work() -> None:
    pay = pay_for(TERMS, 10_000, 10_000, 10_000, "character", False)
    assert (pay.reaches_min_yen, pay.reaches_max_yen) == (8_580, 8_580)
    assert pay.per_unit_yen == (Decimal("0.9"), Decimal("0.9"))
    assert pay.price == Text("10,000円", "¥10,000")
    assert pay.per_unit == Text("1文字あたり0.9円", "¥0.9 per character")


@pytest.mark.rule("A187")
def test_a_very_low_price_shows_what_it_comes_to() -> None:
    assert pay_for(TERMS, 1, 1, 1_000, "character", False).per_unit_yen == (Decimal("0.0"), Decimal("0.0"))


def test_a_span_of_prices_shows_both_ends() -> None:
    pay = pay_for(TERMS, 1_000, 10_000, 10, "hour", False)
    assert pay.reaches == Text("858円〜8,580円", "¥858–¥8,580")
    assert pay.per_unit == Text("1時間あたり85.8〜858.0円", "¥85.8–858.0 per hour")


def test_withholding_makes_less_reach_the_worker_and_no_amount_of_work_no_rate() -> None:
    assert pay_for(TERMS, 10_000, 10_000, None, "", True).reaches_min_yen == 7_559
    assert pay_for(TERMS, 10_000, 10_000, None, "", False).per_unit is None
