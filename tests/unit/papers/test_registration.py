"""登録番号: its form, and the check digit of companies."""

import pytest

from kotowari.kernel.errors import InputError
from kotowari.papers.registration import check_digit_fits, read_number

GENUINE = ("T4011001098993", "T7010705000725", "T7123456789012", "T2120901007402")


@pytest.mark.parametrize("number", GENUINE)
def test_numbers_of_companies_fit(number: str) -> None:
    assert read_number(number, is_company=True) == (number, True)


@pytest.mark.parametrize(
    "typed", ["Ｔ７１２３４５６７８９０１２", "t7123456789012", "7123456789012", "T7123-4567-89012 "]
)
def test_numbers_are_read_as_people_type_them(typed: str) -> None:
    assert read_number(typed, is_company=True)[0] == "T7123456789012"


@pytest.mark.parametrize("number", GENUINE)
def test_a_mistyped_digit_is_found(number: str) -> None:
    for place in range(1, 14):
        for digit in "0123456789":
            if {digit, number[place]} in ({"0", "9"}, {number[place]}) or (place == 1 and digit == "0"):
                continue  # 0 and 9 cannot be told apart by this digit
            changed = number[:place] + digit + number[place + 1 :]
            assert not check_digit_fits(changed), changed
            with pytest.raises(InputError):
                read_number(changed, is_company=True)


def test_an_individuals_number_is_taken_with_a_note() -> None:
    assert read_number("T1123456789012", is_company=False) == ("T1123456789012", False)


@pytest.mark.parametrize(
    "typed", ["", "T", "T012345678901", "T0123456789012", "T71234567890123", "X7123456789012", "T712345678901a"]
)
def test_other_forms_are_refused_with_what_is_right(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        read_number(typed, is_company=False)
    assert "13桁" in caught.value.fields["number"][0].ja
