import pytest

from kotowari.kernel.bank_accounts import AccountKind, normalise_account_number
from kotowari.kernel.errors import InputError


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1234567", "1234567"), ("１２３", "0000123"), ("123-4567", "1234567"), (" 12 34 ", "0001234")],
)
def test_account_numbers_are_made_seven_digits(typed: str, number: str) -> None:
    assert normalise_account_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "入力してください"),
        ("12345678", "8桁入力されています"),
        ("12a4567", "「a」は使えません"),
        ("0000000", "すべて0"),
        ("一二三", "数字だけ"),
    ],
)
def test_what_is_no_account_number_is_told_on_its_field(typed: str, words: str) -> None:
    with pytest.raises(InputError) as refusal:
        normalise_account_number(typed, field="number")
    assert words in refusal.value.fields["number"][0].ja


def test_every_kind_has_a_name() -> None:
    assert [kind.label.ja for kind in AccountKind][:4] == ["普通", "当座", "納税準備", "貯蓄"]
    assert AccountKind(9).label.en == "other"
