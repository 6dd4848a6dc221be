from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.payments.statement_examples import (
    DAY,
    IMPORTED_ON,
    NOTICE,
    OURS,
    STATEMENT,
    deposit,
    movement,
    notices,
    numbered,
    statements,
)

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.fixed_records import Newline
from kotowari.payments.statement import (
    CannotWrite,
    Direction,
    ReadResult,
    Statement,
    StatementProfile,
    read,
    write,
)

GOLDEN = Path(__file__).parent / "golden"
NOTICE_FILE = (GOLDEN / "notice_01.zengin").read_bytes()
STATEMENT_FILE = (GOLDEN / "statement_03.zengin").read_bytes()
WESTERN = StatementProfile(date_style="western")


def reading(data: bytes, profile: StatementProfile | None = None, **options: object) -> ReadResult:
    return read(data, profile=profile or StatementProfile(), **{"imported_on": IMPORTED_ON, **options})


def changed(data: bytes, record: int, column: int, new: bytes) -> bytes:
    at = (record - 1) * 202 + column - 1
    return data[:at] + new + data[at + len(new) :]


def places(result: ReadResult) -> list[tuple[str, int, int]]:
    return [(error.code, error.line, error.column) for error in result.errors]


def warned(result: ReadResult) -> list[str]:
    return [warning.code for warning in result.warnings]


# --------------------------------------------------------------------------------------------------------
# Bytes


@pytest.mark.parametrize(("statement", "golden"), [(NOTICE, NOTICE_FILE), (STATEMENT, STATEMENT_FILE)])
def test_the_bytes_are_those_of_the_golden_file(statement: Statement, golden: bytes) -> None:
    assert write([statement]) == golden
    assert reading(golden).statements == (statement,)
    assert reading(golden).is_sound


def test_every_byte_of_a_notice_stands_where_the_standard_puts_it() -> None:
    header, first, second, third, trailer, end, nothing = NOTICE_FILE.decode("cp932").split("\r\n")
    assert {len(line) for line in (header, first, second, third, trailer, end)} == {200}
    assert (header[:4], header[4:10], header[10:16], header[16:22]) == ("1010", "081120", "081119", "081119")
    assert (header[22:26], header[26:41], header[41:44]) == ("9999", "ﾐﾎﾝ".ljust(15), "999")
    assert (header[59], header[60:67], header[67:107]) == ("1", "9000001", "ｶ)ｺﾄﾜﾘｼﾞﾑｷﾖｸ".ljust(40))
    assert (first[0], first[1:7], first[7:13], first[13:19]) == ("2", "000001", "081119", "081119")
    assert (first[19:29], first[29:39], first[39:49]) == ("0000058300", "0000000000", "0000000000")
    assert (first[49:97], first[97:112], first[112:127]) == (
        "0000123ｶ)ｻﾝﾌﾟﾙ".ljust(48),
        "ﾐﾎﾝﾀﾞｲﾆ".ljust(15),
        "ｴｷﾏｴ".ljust(15),
    )
    assert (second[39:49], second[127], second[128:148]) == ("0000000777", " ", "0000124".ljust(20))
    assert third[127] == "1"
    assert trailer[:37] == "8" + "000002" + "000000059300" + "000001" + "000000002000"
    assert end == "9".ljust(200)
    assert nothing == ""


def test_every_byte_of_a_statement_stands_where_the_standard_puts_it() -> None:
    header, first, second, _, trailer, end, _ = STATEMENT_FILE.decode("cp932").split("\r\n")
    assert (header[:4], header[59:62], header[62], header[63:73]) == ("1030", "000", "1", "0009000001")
    assert (header[73:113], header[113], header[114], header[115:129]) == (
        "ｶ)ｺﾄﾜﾘｼﾞﾑｷﾖｸ".ljust(40),
        "1",
        "0",
        "00000001000000",
    )
    assert (first[1:9], first[9:15], first[15:21], first[21], first[22:24]) == (
        "00000001",
        "081119",
        "081119",
        "1",
        "11",
    )
    assert (first[24:36], first[36:48], first[48:60]) == ("000000058300", "000000000000", "000000000000")
    assert (first[60], first[61:68], first[68:71], first[71:81]) == ("0", "0000000", "000", "0000000000")
    assert (first[81:129], first[129:159]) == ("0000123ｶ)ｻﾝﾌﾟﾙ".ljust(48), " " * 30)
    assert (first[159:179], first[179:199], first[199]) == ("ﾌﾘｺﾐ".ljust(20), " " * 20, " ")
    assert second[21] == "2"
    assert (
        trailer[:61]
        == "8" + "000002" + "0000000106920" + "000001" + "0000000048620" + "1" + "00000001058300" + "0000003"
    )
    assert end[:16] == "9" + "0000000006" + "00001"


@given(st.lists(st.one_of(notices()), min_size=1, max_size=3), st.sampled_from(["era", "western"]), st.booleans())
@settings(max_examples=60)
def test_notices_are_read_back_the_same(several: list[Statement], style: str, has_newlines: bool) -> None:
    profile = StatementProfile(date_style=style, newline="crlf" if has_newlines else "none")
    data = write(several, profile)
    assert data == write(several, profile)
    result = reading(data, profile)
    assert result.errors == ()
    assert result.statements == numbered(several)


@given(st.lists(statements(), min_size=1, max_size=3), st.sampled_from(["era", "western"]))
@settings(max_examples=60)
def test_statements_are_read_back_the_same(several: list[Statement], style: str) -> None:
    profile = StatementProfile(date_style=style)
    result = reading(write(several, profile), profile)
    assert result.errors == ()
    assert result.statements == numbered(several)


@pytest.mark.parametrize(
    ("newline", "name", "warning"),
    [(b"", Newline.NONE, []), (b"\n", Newline.LF, ["newline"]), (b"\r", Newline.CR, ["newline"])],
)
def test_any_newline_is_read(newline: bytes, name: Newline, warning: list[str]) -> None:
    result = reading(STATEMENT_FILE.replace(b"\r\n", newline))
    assert result.statements == (STATEMENT,)
    assert result.newline is name
    assert warned(result) == warning


def test_several_accounts_follow_each_other_in_one_file() -> None:
    other = replace(OURS, number="9000002", kind=AccountKind.CURRENT)
    second = replace(STATEMENT, account=other, entries=(replace(STATEMENT.entries[0], account=other),))
    second = replace(second, closing_balance_yen=1_058_300)
    result = reading(write([STATEMENT, second]))
    assert result.statements == (STATEMENT, second)
    assert len(result.entries) == 4
    assert [entry.line for entry in result.entries] == [2, 3, 4, 7]


def test_a_day_without_movements_is_a_sound_file() -> None:
    empty = replace(STATEMENT, entries=(), closing_balance_yen=1_000_000)
    assert reading(write([empty])).statements == (empty,)
    assert reading(write([replace(NOTICE, entries=())])).is_sound


def test_a_closing_balance_is_computed_when_it_is_not_given() -> None:
    data = write([replace(STATEMENT, closing_balance_yen=None)])
    assert reading(data).statements[0].closing_balance_yen == 1_058_300


def test_an_account_in_debt_is_read_with_its_sign() -> None:
    overdrawn = replace(STATEMENT, opening_balance_yen=-100_000, closing_balance_yen=-41_700)
    result = reading(write([overdrawn]))
    assert result.statements == (overdrawn,)
    assert warned(result) == []


def test_optional_numbers_left_blank_are_read_as_none() -> None:
    data = changed(NOTICE_FILE, 2, 2, b"      ")
    data = changed(data, 2, 14, b"      ")
    data = changed(data, 2, 30, b" " * 20)
    entry = reading(data).entries[0]
    assert (entry.inquiry_number, entry.payer_code, entry.other_bank_checks_yen) == ("", "", 0)
    assert entry.value_on == entry.booked_on


def test_any_one_byte_letter_in_a_name_is_read_because_banks_write_them() -> None:
    entry = reading(changed(NOTICE_FILE, 2, 57, "ｦｬｰ,'a".encode("cp932"))).entries[0]
    assert entry.payer_name.startswith("0000123ｦｬｰ,'a")


def test_unused_bytes_are_not_objected_to() -> None:
    assert reading(changed(NOTICE_FILE, 2, 160, b"X12")).is_sound


# --------------------------------------------------------------------------------------------------------
# Faults


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf" + NOTICE_FILE, "byte_order_mark"),
        (NOTICE_FILE.decode("cp932").encode("utf-8"), "utf8"),
        (b"\xf1" + b"@" * 199, "ebcdic"),
        (changed(NOTICE_FILE, 1, 4, b"1"), "ebcdic"),
        (changed(NOTICE_FILE, 1, 2, b"21"), "other_file"),
    ],
)
def test_another_kind_of_file_is_refused_in_one_clear_sentence(data: bytes, code: str) -> None:
    result = reading(data)
    assert [error.code for error in result.errors] == [code]
    assert result.statements == ()


@pytest.mark.parametrize(
    ("data", "record", "column", "new", "code", "at"),
    [
        (NOTICE_FILE, 1, 2, b"77", "field", 2),
        (NOTICE_FILE, 1, 5, b"000000", "date", 5),
        (NOTICE_FILE, 1, 5, b"081332", "date", 5),
        (NOTICE_FILE, 1, 11, b"0811 1", "field", 15),
        (NOTICE_FILE, 1, 60, b"0", "field", 60),
        (NOTICE_FILE, 2, 8, b"080230", "date", 8),
        (NOTICE_FILE, 2, 8, b"000000", "date", 8),
        (NOTICE_FILE, 2, 20, b"-", "field", 20),
        (NOTICE_FILE, 2, 128, b"2", "field", 128),
        (NOTICE_FILE, 5, 2, b"000003", "count", 2),
        (NOTICE_FILE, 5, 8, b"000000059301", "total", 8),
        (NOTICE_FILE, 5, 20, b"000002", "count", 20),
        (NOTICE_FILE, 5, 26, b"000000002001", "total", 26),
        (STATEMENT_FILE, 1, 114, b"3", "field", 114),
        (STATEMENT_FILE, 1, 116, b"X", "field", 116),
        (STATEMENT_FILE, 2, 22, b"3", "field", 22),
        (STATEMENT_FILE, 2, 23, b"1 ", "field", 24),
        (STATEMENT_FILE, 5, 2, b"000001", "count", 2),
        (STATEMENT_FILE, 5, 8, b"0000000106921", "total", 8),
        (STATEMENT_FILE, 5, 21, b"000002", "count", 21),
        (STATEMENT_FILE, 5, 27, b"0000000048621", "total", 27),
        (STATEMENT_FILE, 5, 55, b"0000004", "data_count", 55),
        (STATEMENT_FILE, 6, 2, b"0000000009", "record_count", 2),
        (STATEMENT_FILE, 6, 12, b"00002", "account_count", 12),
    ],
)
def test_a_fault_is_told_by_line_and_column(
    data: bytes, record: int, column: int, new: bytes, code: str, at: int
) -> None:
    result = reading(changed(data, record, column, new))
    assert (code, record, at) in places(result)
    assert all(error.expected for error in result.errors)
    assert result.statements == ()
    assert reading(data).is_sound


def test_lines_without_their_trailing_spaces_are_told_each() -> None:
    stripped = b"".join(line.rstrip() + b"\r\n" for line in NOTICE_FILE.split(b"\r\n")[:-1])
    assert {code for code, _, _ in places(reading(stripped))} == {"record_length"}
    assert len(reading(stripped).errors) == 6


def test_kinds_are_not_mixed_in_one_file() -> None:
    both = NOTICE_FILE[: 5 * 202] + STATEMENT_FILE
    assert ("mixed_kinds", 6, 2) in places(reading(both))
    with pytest.raises(CannotWrite):
        write([NOTICE, STATEMENT])


def test_a_bank_may_count_cancelled_lines_in_its_total_and_that_is_told() -> None:
    data = changed(NOTICE_FILE, 5, 2, b"000003000000061300")
    result = reading(data)
    assert result.statements == (NOTICE,)
    assert warned(result) == ["cancelled_in_total"]


def test_a_statement_may_count_corrections_in_its_total() -> None:
    wrong = movement(Direction.IN, 500, transaction_code="19")
    data = write([replace(STATEMENT, entries=(*STATEMENT.entries, wrong), closing_balance_yen=1_058_300)])
    assert reading(data).is_sound
    counted = changed(data, 6, 2, b"0000030000000107420")
    assert warned(reading(counted)) == ["cancelled_in_total"]
    assert reading(counted).is_sound


def test_a_balance_that_does_not_follow_from_the_lines_is_told() -> None:
    data = changed(STATEMENT_FILE, 5, 41, b"00000001058301")
    assert warned(reading(data)) == ["balance"]
    without = changed(changed(STATEMENT_FILE, 5, 41, b"0" * 14), 1, 116, b"0" * 14)
    assert warned(reading(without)) == []


@pytest.mark.parametrize("count", [b"0000000000", b"0000000003", b"0000000005", b"0000000006", b" " * 10])
def test_banks_count_records_in_their_own_ways(count: bytes) -> None:
    assert reading(changed(STATEMENT_FILE, 6, 2, count)).is_sound


def in_format_b(*, amount: str = "000000000000") -> bytes:
    """The notice as a bank with format B sends it: 24 more digits before the EDI information."""
    lines = NOTICE_FILE.decode("cp932").split("\r\n")[:-1]
    wide = [line[:128] + amount + "0" * 12 + line[128:176] if line[0] == "2" else line for line in lines]
    return "".join(line + "\r\n" for line in wide).encode("cp932")


def test_format_b_is_read_like_format_a() -> None:
    assert reading(in_format_b()).statements == (NOTICE,)


def test_format_b_holds_amounts_of_twelve_digits() -> None:
    data = changed(in_format_b(), 2, 20, b"0000000000")
    data = changed(data, 2, 129, b"123456789012")
    data = changed(data, 5, 8, b"123456790012")
    result = reading(data)
    assert result.is_sound
    assert result.entries[0].amount_yen == 123_456_789_012
    assert result.entries[1].edi == "0000124"


def test_format_b_with_both_amounts_is_refused() -> None:
    result = reading(in_format_b(amount="000000000001"))
    assert {code for code, _, _ in places(result)} == {"two_amounts"}
    assert places(result)[0] == ("two_amounts", 2, 129)


def test_a_time_deposit_is_refused_by_name() -> None:
    for kind in b"5678":
        result = reading(changed(STATEMENT_FILE, 1, 63, bytes([kind])))
        assert places(result) == [("time_deposit", 1, 63)]
    assert reading(changed(STATEMENT_FILE, 1, 63, b"4")).is_sound


def test_balances_signs_and_kinds_may_be_left_blank() -> None:
    data = changed(STATEMENT_FILE, 1, 114, b" ")
    data = changed(data, 1, 116, b" " * 14)
    data = changed(data, 5, 40, b" " * 15)
    data = changed(data, 2, 23, b"  ")
    result = reading(data)
    assert result.is_sound
    assert warned(result) == []
    (account,) = result.statements
    assert (account.opening_balance_yen, account.closing_balance_yen) == (None, None)
    assert str(account.entries[0].transaction_kind) == "区分なし"


def test_totals_of_cancellations_may_be_left_out() -> None:
    assert reading(changed(NOTICE_FILE, 5, 20, b"0" * 18)).is_sound
    assert reading(changed(NOTICE_FILE, 5, 20, b" " * 18)).is_sound


@pytest.mark.parametrize(("record", "code"), [(1, "no_header"), (5, "no_trailer"), (6, "no_end")])
def test_a_missing_record_is_told(record: int, code: str) -> None:
    for data in (NOTICE_FILE, STATEMENT_FILE):
        cut = data[: (record - 1) * 202] + data[record * 202 :]
        assert code in [found for found, _, _ in places(reading(cut))]
        assert reading(cut).statements == ()


def test_a_missing_line_never_passes() -> None:
    for data in (NOTICE_FILE, STATEMENT_FILE):
        for record in (2, 3, 4):
            cut = data[: (record - 1) * 202] + data[record * 202 :]
            assert reading(cut).errors


# --------------------------------------------------------------------------------------------------------
# Dates


def test_a_file_with_western_years_read_as_an_era_is_refused_with_the_right_reading() -> None:
    data = write([NOTICE], WESTERN)
    result = reading(data)
    assert not result.statements
    (error,) = (e for e in result.errors if e.code == "old_file")
    assert (error.line, error.column) == (1, 5)
    assert "西暦の下2桁" in str(error.expected)
    assert "2026-11-20" in str(error.expected)
    assert warned(reading(data, WESTERN)) == []


def test_a_file_made_long_ago_is_pointed_at() -> None:
    assert warned(reading(NOTICE_FILE, imported_on=date(2026, 12, 30))) == []
    assert warned(reading(NOTICE_FILE, imported_on=date(2026, 12, 31))) == ["old_file"]


def test_lines_outside_the_period_and_unknown_kinds_and_zeros_are_pointed_at() -> None:
    early = replace(deposit(), booked_on=date(2026, 11, 18))
    assert warned(reading(write([replace(NOTICE, entries=(early,))]))) == ["outside_period"]
    assert warned(reading(write([replace(NOTICE, entries=(deposit(amount_yen=0),))]))) == ["zero"]
    odd = movement(Direction.IN, 5, transaction_code="77")
    data = write([replace(STATEMENT, entries=(odd,), closing_balance_yen=None)])
    assert warned(reading(data)) == ["transaction_kind"]
    assert str(reading(data).entries[0].transaction_kind) == "区分77"


# --------------------------------------------------------------------------------------------------------
# Writing what does not fit


@pytest.mark.parametrize(
    "change",
    [
        {"payer_name": "山田"},
        {"payer_name": "ｱ" * 49},
        {"amount_yen": 10**10},
        {"amount_yen": -1},
        {"inquiry_number": "0000001"},
        {"direction": Direction.OUT},
        {"summary": "ﾌﾘｺﾐ"},
        {"transaction_code": "19"},
        {"account": replace(OURS, number="9000009")},
        {"exchanged_on": DAY},
    ],
)
def test_an_entry_that_does_not_fit_a_notice_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(CannotWrite) as refusal:
        write([replace(NOTICE, entries=(deposit(), replace(deposit(), **change)))])
    assert any("2件目" in problem.ja for problem in refusal.value.problems)


@pytest.mark.parametrize(
    "change", [{"bank_code": "999"}, {"branch_code": "9999"}, {"number": "12"}, {"holder_name": "株"}]
)
def test_an_account_that_does_not_fit_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(CannotWrite):
        write([replace(NOTICE, account=replace(OURS, **change), entries=())])


def test_no_statement_is_no_file() -> None:
    with pytest.raises(CannotWrite):
        write([])


# --------------------------------------------------------------------------------------------------------
# Anything at all


@given(st.sampled_from([NOTICE_FILE, STATEMENT_FILE]), st.data())
@settings(max_examples=400)
def test_a_changed_byte_is_found_or_shows_or_was_unused(data: bytes, draw: st.DataObject) -> None:
    offset = draw.draw(st.integers(0, len(data) - 1))
    byte = draw.draw(st.integers(0, 255))
    result = reading(data[:offset] + bytes([byte]) + data[offset + 1 :])
    if result.statements:
        assert not result.errors
        assert len(result.entries) == 3
        assert sum(e.amount_yen for e in result.entries) == sum(e.amount_yen for e in reading(data).entries)
    else:
        assert result.errors


@given(st.sampled_from([NOTICE_FILE, STATEMENT_FILE, NOTICE_FILE.replace(b"\r\n", b"")]), st.data())
def test_a_file_cut_short_is_never_read(data: bytes, draw: st.DataObject) -> None:
    result = reading(data[: draw.draw(st.integers(0, len(data) - 3))])
    assert result.errors
    assert result.statements == ()


@given(st.binary(max_size=900))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert reading(data).errors


@given(st.lists(st.sampled_from(STATEMENT_FILE.split(b"\r\n")[:-1]), min_size=1, max_size=9))
def test_any_order_of_sound_records_is_read_whole_or_refused(records: list[bytes]) -> None:
    result = reading(b"".join(record + b"\r\n" for record in records))
    assert bool(result.statements) != bool(result.errors)
    if result.statements:
        assert len(result.entries) == sum(record[:1] == b"2" for record in records)
