"""Yen arithmetic: nothing is lost when it is divided, and what people type is read the way they meant it."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.errors import InputError
from kotowari.kernel.money import MAX_YEN, parse_yen, portion, split, yen

totals = st.integers(min_value=-MAX_YEN, max_value=MAX_YEN)
weight_lists = st.lists(st.integers(min_value=0, max_value=MAX_YEN), min_size=1, max_size=40).filter(any)


def test_yen_are_shown_with_thousands_in_both_languages() -> None:
    assert yen(8580).ja == "8,580円"
    assert yen(8580).en == "¥8,580"
    assert yen(0).ja == "0円"
    assert yen(-1234567).ja == "−1,234,567円"


@given(totals, weight_lists)
def test_parts_always_sum_to_the_whole(total: int, weights: list[int]) -> None:
    assert sum(split(total, weights)) == total


@given(totals, weight_lists)
def test_each_part_is_within_a_yen_of_its_exact_share(total: int, weights: list[int]) -> None:
    for part, weight in zip(split(total, weights), weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(totals, weight_lists)
def test_a_weight_of_zero_gets_nothing(total: int, weights: list[int]) -> None:
    parts = split(total, [*weights, 0])
    assert parts[-1] == 0


@given(st.integers(min_value=0, max_value=MAX_YEN), weight_lists)
def test_a_larger_weight_never_gets_less(total: int, weights: list[int]) -> None:
    pairs = sorted(zip(weights, split(total, weights), strict=True))
    for (weight, part), (next_weight, next_part) in pairwise(pairs):
        if weight < next_weight:
            assert part <= next_part


def test_the_odd_yen_goes_to_the_largest_remainder_and_then_to_the_first() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [1, 5]) == [2, 8]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


def test_nothing_can_be_divided_among_nothing() -> None:
    assert split(0, [0, 0]) == [0, 0]
    assert split(0, []) == []
    with pytest.raises(ValueError, match="no weight"):
        split(1, [0, 0])
    with pytest.raises(ValueError, match="negative"):
        split(1, [2, -1])


@given(
    st.integers(min_value=0, max_value=MAX_YEN),
    st.integers(min_value=0, max_value=10_000),
    st.integers(min_value=1, max_value=10_000),
)
def test_a_portion_rounds_as_told(amount: int, numerator: int, denominator: int) -> None:
    exact = Fraction(amount * numerator, denominator)
    down, half_up, up = (portion(amount, numerator, denominator, r) for r in ("down", "half_up", "up"))
    assert exact - 1 < down <= exact <= up < exact + 1
    assert half_up == (down if exact - down < Fraction(1, 2) else up)


def test_a_portion_of_less_than_nothing_is_a_mistake() -> None:
    for arguments in ((-1, 1, 1), (1, -1, 1), (1, 1, 0)):
        with pytest.raises(ValueError, match="no meaning"):
            portion(*arguments)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("10000", 10_000),
        ("10,000", 10_000),
        ("１０，０００円", 10_000),
        ("１０、０００", 10_000),
        ("  ¥10,000 ", 10_000),
        ("￥８，５８０", 8_580),
        ("10000 yen", 10_000),
        ("JPY 300", 300),
        ("1.5万", 15_000),
        ("3万5000円", 35_000),
        ("1,000万円", 10_000_000),
        ("1億2,000万", 120_000_000),
        ("007", 7),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, meant: int) -> None:
    assert parse_yen(typed) == meant


@given(st.integers(min_value=1, max_value=MAX_YEN))
def test_what_is_shown_can_be_typed_back(amount: int) -> None:
    assert parse_yen(yen(amount).ja) == amount
    assert parse_yen(yen(amount).en) == amount
    assert parse_yen(str(amount).translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == amount


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "金額を入力してください"),
        ("円", "金額を入力してください"),
        ("-500", "0以上"),
        ("−500円", "0以上"),
        ("100.5", "「100」のように整数で"),
        ("10,00", "「1000」と入力してください"),
        ("1,5万", "読み取れません"),
        ("1万20000", "読み取れません"),
        ("五千円", "読み取れません"),
        ("abc", "「abc」は金額として読み取れません"),
        ("9" * 5000, "読み取れません"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_would_be_right(typed: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_yen(typed, field="price_yen")
    assert said in refused.value.fields["price_yen"][0].ja
    assert refused.value.fields["price_yen"][0].en


def test_limits_are_named_with_the_amount_that_missed_them() -> None:
    with pytest.raises(InputError) as too_little:
        parse_yen("99", minimum_yen=100)
    assert too_little.value.fields[""][0].ja == "100円以上で入力してください(99円が入力されています)。"
    with pytest.raises(InputError) as too_much:
        parse_yen("99999999999")
    assert "9,999,999,999円以下" in too_much.value.fields[""][0].ja
    assert parse_yen("100", minimum_yen=100) == 100


@given(st.text(max_size=60))
def test_any_input_is_an_amount_or_a_clear_refusal(typed: str) -> None:
    try:
        amount = parse_yen(typed)
    except InputError as refused:
        said = refused.fields[""]
    else:
        said = []
    assert bool(said) or 1 <= amount <= MAX_YEN
