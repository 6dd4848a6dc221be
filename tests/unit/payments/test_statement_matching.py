from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.payments.statement_examples import (
    IMPORTED_ON,
    NOTICE,
    OURS,
    deposit,
    movement,
)

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.payments.statement import (
    Direction,
    Entry,
    NoSuchDate,
    Reference,
    extract_reference,
    is_returned_transfer,
    number_occurrences,
    read,
    read_date,
    write,
    write_date,
)

# --------------------------------------------------------------------------------------------------------
# Keys


def test_importing_the_same_file_twice_gives_the_same_keys() -> None:
    keys = [[e.natural_key() for e in read(write([NOTICE]), imported_on=IMPORTED_ON).entries] for _ in range(2)]
    assert keys[0] == keys[1]
    assert len(set(keys[0])) == 3
    later = read(write([NOTICE]), imported_on=date(2026, 12, 1)).entries
    assert [e.natural_key() for e in later] == keys[0]


def test_a_key_is_what_it_was_when_rows_were_first_stored_under_it() -> None:
    assert deposit().natural_key() == "809b1c4fe6abe4981022f58e2e3639b6166f28b329987c83e35cd2ed23efce14"


def test_equal_lines_of_one_day_are_told_apart_by_their_occurrence() -> None:
    twice = number_occurrences([deposit(), deposit("ﾔﾏﾀﾞ"), deposit()])
    assert [e.occurrence for e in twice] == [1, 1, 2]
    assert len({e.natural_key() for e in twice}) == 3


def test_a_file_of_half_a_day_and_then_of_the_whole_day_shares_its_keys() -> None:
    morning = number_occurrences([deposit(), deposit()])
    whole = number_occurrences([deposit(), deposit(), deposit()])
    assert [e.natural_key() for e in whole][:2] == [e.natural_key() for e in morning]


@pytest.mark.parametrize(
    "change",
    [
        {"account": replace(OURS, bank_code="9998")},
        {"account": replace(OURS, branch_code="998")},
        {"account": replace(OURS, kind=AccountKind.CURRENT)},
        {"account": replace(OURS, number="9000002")},
        {"booked_on": date(2026, 11, 18)},
        {"inquiry_number": "000009"},
        {"amount_yen": 58_301},
        {"payer_name": "0000123ｶ)ｻﾝﾌﾟﾗ"},
        {"edi": "A"},
        {"cancels": True},
        {"occurrence": 2},
        {"type_code": "03"},
        {"direction": Direction.OUT},
    ],
)
def test_a_line_that_differs_in_substance_has_another_key(change: dict[str, object]) -> None:
    assert replace(deposit(), **change).natural_key() != deposit().natural_key()


@pytest.mark.parametrize(
    "change",
    [
        {"line": 99},
        {"payer_name": "0000123ｶ)ｻﾝﾌﾟﾙ "},
        {"value_on": date(2026, 11, 18)},
        {"account": replace(OURS, holder_name="", bank_name="X")},
    ],
)
def test_what_is_no_substance_leaves_the_key(change: dict[str, object]) -> None:
    assert replace(deposit(), **change).natural_key() == deposit().natural_key()


def test_one_deposit_in_both_kinds_of_files_shares_its_deposit_key() -> None:
    in_notice = deposit("0000123 ｶ)ｻﾝﾌﾟﾙ", inquiry_number="000001")
    in_statement = movement(Direction.IN, 58_300, "0000123ｶ)ｻﾝﾌﾟﾙ", inquiry_number="00000077", summary="ﾌﾘｺﾐ")
    assert in_notice.natural_key() != in_statement.natural_key()
    assert in_notice.deposit_key() == in_statement.deposit_key()
    assert in_notice.deposit_key() != replace(in_statement, amount_yen=1).deposit_key()


def test_cancellations_and_unpaid_cheques_are_never_plain_money() -> None:
    assert deposit(cancels=True).is_cancellation
    assert movement(Direction.IN, 1, transaction_code="19").is_cancellation
    assert not deposit().is_cancellation
    assert deposit(other_bank_checks_yen=1).has_unpaid_checks
    assert movement(Direction.IN, 1, dishonoured_on=IMPORTED_ON).has_unpaid_checks
    assert not deposit().has_unpaid_checks


# --------------------------------------------------------------------------------------------------------
# References


@pytest.mark.parametrize(
    ("payer_name", "expected"),
    [
        ("0000123ｶ)ｻﾝﾌﾟﾙ", Reference("0000123", "ｶ)ｻﾝﾌﾟﾙ", True)),
        ("0000123 ｶ)ｻﾝﾌﾟﾙ", Reference("0000123", "ｶ)ｻﾝﾌﾟﾙ", True)),
        ("0000-123 ｶ)ｻﾝﾌﾟﾙ", Reference("0000123", "ｶ)ｻﾝﾌﾟﾙ", True)),
        (" 0000123-ﾔﾏﾀﾞ ﾀﾛｳ ", Reference("0000123", "ﾔﾏﾀﾞ ﾀﾛｳ", True)),
        ("0000123", Reference("0000123", "", True)),
        ("123ｶ)ｻﾝﾌﾟﾙ", Reference("0000123", "ｶ)ｻﾝﾌﾟﾙ", False)),
        ("ｶ)ｻﾝﾌﾟﾙ 0000123", Reference("0000123", "ｶ)ｻﾝﾌﾟﾙ", False)),
        ("ﾔﾏﾀﾞ-123", Reference("0000123", "ﾔﾏﾀﾞ", False)),
        ("77ﾊﾞﾝｸ", None),
        ("3Mｼﾞﾔﾊﾟﾝ", None),
        ("00001234ｶ)ｻﾝﾌﾟﾙ", None),
        ("0000000ｶ)ｻﾝﾌﾟﾙ", None),
        ("ｶ)ｻﾝﾌﾟﾙ", None),
        ("", None),
    ],
)
def test_the_code_before_the_name_is_found(payer_name: str, expected: Reference | None) -> None:
    assert extract_reference(payer_name) == expected


@given(st.integers(1, 9_999_999), st.sampled_from(["ｶ)ｻﾝﾌﾟﾙ", "ﾔﾏﾀﾞ ﾀﾛｳ", "(ｶ", "A"]))
def test_every_code_that_is_asked_for_is_found_again(code: int, name: str) -> None:
    found = extract_reference(f"{code:07d}{name}")
    assert found == Reference(f"{code:07d}", name, True)


@given(st.text(max_size=60))
def test_any_name_is_answered(name: str) -> None:
    found = extract_reference(name)
    assert found is None or (len(found.code) == 7 and found.code.isdigit())


# --------------------------------------------------------------------------------------------------------
# Money that comes back


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (movement(Direction.IN, 1, "ﾔﾏﾀﾞ ﾀﾛｳ", summary="ｸﾐﾓﾄﾞｼ"), True),
        (movement(Direction.IN, 1, "ﾔﾏﾀﾞ ﾀﾛｳ", summary="ﾌﾘｺﾐ ｸﾐﾓﾄﾞｼ"), True),
        (movement(Direction.IN, 1, "ﾌﾘｺﾐﾌﾉｳ ﾔﾏﾀﾞ"), False),  # anybody can call themselves so
        (movement(Direction.IN, 1, summary="ｼｷﾝﾍﾝｷｬｸ"), True),
        (movement(Direction.OUT, 1, summary="ｸﾐﾓﾄﾞｼﾃｽｳﾘﾖｳ"), False),
        (movement(Direction.IN, 1, summary="ｸﾐﾓﾄﾞｼ", transaction_code="19"), False),
        (movement(Direction.IN, 1, "ｶ)ｻﾝﾌﾟﾙ", summary="ﾌﾘｺﾐ"), False),
        (deposit(), False),
    ],
)
def test_money_of_a_failed_transfer_is_recognised(entry: Entry, expected: bool) -> None:
    assert is_returned_transfer(entry) is expected


def test_a_bank_with_its_own_word_can_be_taught() -> None:
    entry = movement(Direction.IN, 1, summary="ﾓﾄﾞﾘ")
    assert not is_returned_transfer(entry)
    assert is_returned_transfer(entry, words=("ﾓﾄﾞﾘ",))


# --------------------------------------------------------------------------------------------------------
# Dates


@pytest.mark.parametrize(
    ("digits", "style", "near", "expected"),
    [
        ("081120", "era", date(2026, 11, 20), date(2026, 11, 20)),
        ("010501", "era", date(2026, 11, 20), date(2019, 5, 1)),
        ("310430", "era", date(2019, 5, 7), date(2019, 4, 30)),
        ("280503", "era", date(2026, 11, 20), date(2016, 5, 3)),
        ("081120", "era", date(1996, 12, 1), date(1996, 11, 20)),
        ("090105", "era", date(2026, 12, 28), date(2027, 1, 5)),
        ("261120", "western", date(2026, 11, 20), date(2026, 11, 20)),
        ("991231", "western", date(2026, 11, 20), date(1999, 12, 31)),
        ("000000", "era", date(2026, 11, 20), None),
        ("      ", "western", date(2026, 11, 20), None),
        ("080229", "era", date(2026, 11, 20), NoSuchDate),
        ("081301", "era", date(2026, 11, 20), NoSuchDate),
        ("08112X", "era", date(2026, 11, 20), NoSuchDate),
    ],
)
def test_years_are_counted_back_from_the_import(digits: str, style, near: date, expected) -> None:
    if expected is NoSuchDate:
        with pytest.raises(NoSuchDate):
            read_date(digits, style, near)
    else:
        assert read_date(digits, style, near) == expected


@given(st.dates(date(1990, 1, 1), date(2040, 12, 31)), st.sampled_from(["era", "western"]))
def test_a_date_is_read_back_on_the_day_itself(day: date, style) -> None:
    assert read_date(write_date(day, style), style, day) == day


def test_the_new_era_begins_in_may() -> None:
    assert write_date(date(2019, 4, 30), "era") == "310430"
    assert write_date(date(2019, 5, 1), "era") == "010501"
    assert write_date(None, "era") == "000000"
