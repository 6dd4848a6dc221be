import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.errors import InputError
from kotowari.payouts.yucho import from_symbol_and_number, looks_like_symbol


@pytest.mark.parametrize(
    ("symbol", "number", "branch", "account", "kind"),
    [
        ("10530", "12345671", "058", "1234567", AccountKind.ORDINARY),
        ("12345", "12345671", "238", "1234567", AccountKind.ORDINARY),
        ("01940-1", "12345", "199", "0012345", AccountKind.CURRENT),
        ("01940", "1-12345", "199", "0012345", AccountKind.CURRENT),
        ("019401", "12345", "199", "0012345", AccountKind.CURRENT),
        ("１０５３０", "１２３４５６７１", "058", "1234567", AccountKind.ORDINARY),
        (" 10530 ", "1234 5671", "058", "1234567", AccountKind.ORDINARY),
        ("10530", "11", "058", "0000001", AccountKind.ORDINARY),
        ("10530-2", "12345671", "058", "1234567", AccountKind.ORDINARY),
    ],
)
def test_symbol_and_number_become_branch_and_account(
    symbol: str, number: str, branch: str, account: str, kind: AccountKind
) -> None:
    found = from_symbol_and_number(symbol, number)
    assert (found.bank_code, found.branch.code, found.account_number, found.account_kind) == (
        "9900",
        branch,
        account,
        kind,
    )


def test_savings_are_what_the_holder_says() -> None:
    assert from_symbol_and_number("10530", "12345671", is_savings=True).account_kind is AccountKind.SAVINGS


def test_the_conversion_is_shown_for_confirmation() -> None:
    text = from_symbol_and_number("10530", "12345671").explanation
    assert text.ja == "記号10530 番号12345671 → ゆうちょ銀行 〇五八店(店番058) 普通 1234567"
    assert "Japan Post Bank" in text.en


@pytest.mark.parametrize(
    ("symbol", "number", "fields"),
    [
        ("", "12345671", ["yucho_symbol"]),
        ("1053", "12345671", ["yucho_symbol"]),
        ("1053a", "12345671", ["yucho_symbol"]),
        ("20530", "12345671", ["yucho_symbol"]),
        ("10530", "", ["yucho_number"]),
        ("10530", "12345672", ["yucho_number"]),
        ("10530", "1", ["yucho_number"]),
        ("10530", "123456711", ["yucho_number"]),
        ("10530", "1234567一", ["yucho_number"]),
        ("10530", "00000000", ["yucho_number"]),
        ("01940", "12345678", ["yucho_number"]),
        ("", "", ["yucho_symbol", "yucho_number"]),
        ("11510", "12345671", ["yucho_symbol"]),
    ],
)
def test_what_cannot_be_converted_is_told_on_its_field(symbol: str, number: str, fields: list[str]) -> None:
    with pytest.raises(InputError) as refusal:
        from_symbol_and_number(symbol, number)
    assert list(refusal.value.fields) == fields
    assert all(texts[0].ja and texts[0].en for texts in refusal.value.fields.values())


def test_a_symbol_typed_into_the_branch_field_is_recognised() -> None:
    assert looks_like_symbol("10530")
    assert looks_like_symbol("１０５３０")
    assert not looks_like_symbol("058")
    assert not looks_like_symbol("20530")


@given(st.text(max_size=10), st.text(max_size=10))
def test_any_input_is_converted_or_told(symbol: str, number: str) -> None:
    try:
        found = from_symbol_and_number(symbol, number)
    except InputError as refusal:
        fields = set(refusal.fields)
    else:
        fields = set()
        assert len(found.account_number) == 7
    assert fields <= {"yucho_symbol", "yucho_number"}
