from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.payouts.zengin_examples import CREATED_ON, HEADER, SAMPLE, SUZUKI, TRANSFERS, YAMADA

from kotowari.kernel.fixed_records import FINDINGS_LIMIT, Newline
from kotowari.kernel.text import use_language
from kotowari.payouts.banks import directory
from kotowari.payouts.zengin import BankProfile, ReadResult, read, resolve_transfer_date, write

GOLDEN = Path(__file__).parent / "golden"
CRLF = (GOLDEN / "three_transfers_crlf.zengin").read_bytes()
PLAIN = (GOLDEN / "three_transfers_plain.zengin").read_bytes()
RECORDS = CRLF.split(b"\r\n")[:-1]


def reading(data: bytes, **options: object) -> ReadResult:
    return read(data, **{"created_on": CREATED_ON, **options})


def joined(*records: bytes) -> bytes:
    return b"".join(record + b"\r\n" for record in records)


def changed(record: int, column: int, new: bytes) -> bytes:
    """The golden file with bytes written over, at a record and column counted from 1."""
    records = list(RECORDS)
    old = records[record - 1]
    records[record - 1] = old[: column - 1] + new + old[column - 1 + len(new) :]
    return joined(*records)


def places(result: ReadResult) -> list[tuple[str, int, int]]:
    return [(error.code, error.line, error.column) for error in result.errors]


def warned(result: ReadResult) -> list[str]:
    return [warning.code for warning in result.warnings]


# --------------------------------------------------------------------------------------------------------
# Sound files


def test_a_sound_file_is_read_whole() -> None:
    result = reading(CRLF)
    assert result.is_sound
    assert result.newline is Newline.CRLF
    assert warned(result) == []
    (file,) = result.files
    assert file.header == HEADER
    assert file.transfers == TRANSFERS
    assert (file.trailer.count, file.trailer.total_yen) == (3, 1_298_621)
    assert (file.designation, file.clearing_house) == ("7", "0000")


@pytest.mark.parametrize(
    ("newline", "expected", "warnings"),
    [
        (b"\r\n", Newline.CRLF, []),
        (b"\n", Newline.LF, ["newline"]),
        (b"\r", Newline.CR, ["newline"]),
        (b"", Newline.NONE, []),
    ],
)
def test_any_newline_is_read_and_an_unusual_one_is_told(newline: bytes, expected: Newline, warnings: list[str]) -> None:
    result = reading(CRLF.replace(b"\r\n", newline))
    assert result.is_sound
    assert result.newline is expected
    assert result.files == reading(CRLF).files
    assert warned(result) == warnings


def test_spaces_for_the_clearing_house_and_another_designation_are_read() -> None:
    (file,) = reading(PLAIN).files
    assert file.transfers == TRANSFERS
    assert (file.designation, file.clearing_house) == ("0", "    ")


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (CRLF + b"\x1a", "end_mark"),
        (CRLF + b"\r\n\r\n", "blank_lines"),
        (CRLF[:-2], "no_last_newline"),
        (CRLF.replace(b"\r\n", b"\n", 1), "newline"),
    ],
)
def test_harmless_oddities_are_read_with_a_warning(data: bytes, warning: str) -> None:
    result = reading(data)
    assert result.files == reading(CRLF).files
    assert warned(result) == [warning]


def test_several_files_may_follow_each_other_before_one_end() -> None:
    header, yamada, sample, suzuki, trailer, end = RECORDS
    one = write(HEADER, [YAMADA])[0].split(b"\r\n")[2]
    result = reading(joined(header, yamada, one, header, yamada, sample, suzuki, trailer, end))
    assert [f.transfers for f in result.files] == [(YAMADA,), TRANSFERS]
    assert [f.line for f in result.files] == [1, 4]


# --------------------------------------------------------------------------------------------------------
# Not such a file at all


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"\r\n\r\n", "empty_file"),
        (b"\xef\xbb\xbf" + CRLF, "byte_order_mark"),
        (CRLF.decode("cp932").encode("utf-16"), "byte_order_mark"),
        (CRLF.decode("cp932").encode("utf-8"), "utf8"),
        ("12100000012345".encode("cp037") + b"@" * 106, "ebcdic"),
    ],
)
def test_another_kind_of_file_is_refused_in_one_clear_sentence(data: bytes, code: str) -> None:
    result = reading(data)
    assert [error.code for error in result.errors] == [code]
    assert result.files == ()


def test_a_file_that_says_ebcdic_is_refused() -> None:
    assert places(reading(changed(1, 4, b"1"))) == [("ebcdic", 1, 4)]


@pytest.mark.parametrize(("kind", "word"), [(b"11", "給与振込"), (b"91", "口座振替"), (b"03", "入出金取引明細")])
def test_a_file_of_another_kind_is_named(kind: bytes, word: str) -> None:
    result = reading(changed(1, 2, kind))
    assert ("other_file", 1, 2) in places(result)
    assert word in result.errors[0].message.ja


def test_double_byte_letters_are_named_with_their_byte() -> None:
    result = reading(changed(2, 51, "山田".encode("cp932")))
    assert places(result) == [("not_one_byte", 2, 51), ("not_one_byte", 2, 53)]
    assert "「山」" in result.errors[0].message.ja


def test_control_characters_are_named() -> None:
    result = reading(changed(2, 55, b"\t"))
    assert places(result) == [("not_one_byte", 2, 55)]
    assert "0x09" in result.errors[0].message.ja


def test_lines_whose_trailing_spaces_were_taken_away_are_told_each() -> None:
    result = reading(joined(*(record.rstrip(b" ") for record in RECORDS)))
    assert [code for code, _, _ in places(result)] == ["record_length"] * 6
    assert all("空白が削られた" in error.message.ja for error in result.errors)
    assert places(result)[0][2] == len(RECORDS[0].rstrip()) + 1
    assert result.files == ()


def test_a_line_that_is_too_long_is_told() -> None:
    records = [*RECORDS]
    records[1] += b" "
    assert places(reading(joined(*records))) == [("record_length", 2, 121)]


def test_a_blank_line_in_the_middle_is_told() -> None:
    assert places(reading(joined(*RECORDS[:2], b"", *RECORDS[2:]))) == [("record_length", 3, 1)]


def test_a_lost_byte_in_a_file_without_newlines_is_told_by_a_record_that_slipped() -> None:
    result = reading(PLAIN[:200] + PLAIN[201:])
    assert [code for code, _, _ in places(result)] == ["file_length"]
    assert result.errors[0].line > 2
    assert "719バイト" in result.errors[0].message.ja


# --------------------------------------------------------------------------------------------------------
# Order of records

HEAD, ONE, TWO, THREE, TRAILER, END = RECORDS


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([b"3" + HEAD[1:], ONE, TWO, THREE, TRAILER, END], ("record_type", 1, 1)),
        ([ONE, TWO, THREE, TRAILER, END], ("no_header", 1, 1)),
        ([TRAILER, END], ("no_header", 1, 1)),
        ([END], ("no_header", 1, 1)),
        ([HEAD, ONE, TWO, THREE, END], ("no_trailer", 5, 1)),
        ([HEAD, ONE, HEAD, ONE, TWO, THREE, TRAILER, END], ("no_trailer", 3, 1)),
        ([HEAD, ONE, TWO, THREE, TRAILER, TRAILER, END], ("no_header", 6, 1)),
        ([HEAD, ONE, TWO, THREE, TRAILER, ONE, END], ("no_header", 6, 1)),
        ([HEAD, ONE, TWO, THREE, TRAILER], ("no_end", 5, 1)),
        ([HEAD, ONE, TWO, THREE, TRAILER, END, END], ("after_end", 7, 1)),
        ([HEAD, ONE, TWO, THREE, TRAILER, END, HEAD, ONE], ("after_end", 7, 1)),
        ([HEAD, b"8" + b"0" * 18 + b" " * 101, END], ("no_data", 2, 1)),
    ],
)
def test_records_out_of_order_are_told_by_line(records: list[bytes], expected: tuple[str, int, int]) -> None:
    result = reading(joined(*records))
    assert expected in places(result)
    assert result.files == ()


# --------------------------------------------------------------------------------------------------------
# Fields


@pytest.mark.parametrize(
    ("record", "column", "new", "code", "at"),
    [
        (1, 2, b"99", "field", 2),
        (1, 4, b"2", "field", 4),
        (1, 10, b"X", "field", 10),
        (1, 20, b"a", "field", 20),
        (1, 55, b"0230", "transfer_date", 55),
        (1, 55, b"1301", "transfer_date", 55),
        (1, 55, b"11 1", "field", 57),
        (1, 64, b".", "field", 64),
        (1, 96, b"4", "field", 96),
        (1, 98, b"-", "field", 98),
        (1, 104, b"X", "field", 104),
        (2, 2, b" ", "field", 2),
        (2, 39, b"0 00", "field", 40),
        (2, 43, b"3", "field", 43),
        (2, 51, b"\xa7", "field", 51),
        (2, 52, b"\xb0", "field", 52),
        (2, 58, b"\xa6", "field", 58),
        (2, 60, b",", "field", 60),
        (2, 81, b" ", "field", 81),
        (2, 91, b"3", "field", 91),
        (2, 92, b"          ", "count", 2),
        (2, 112, b"1", "field", 112),
        (2, 113, b"X", "field", 113),
        (2, 118, b"0", "field", 118),
        (3, 92, b",", "field", 92),
        (5, 3, b" ", "field", 3),
        (5, 20, b"0", "field", 20),
        (6, 60, b"X", "field", 60),
    ],
)
def test_a_field_with_something_else_in_it_is_told_by_column(
    record: int, column: int, new: bytes, code: str, at: int
) -> None:
    result = reading(changed(record, column, new))
    if code == "count":
        assert warned(result) == ["blank_code"]
        assert result.is_sound
        return
    assert places(result) == [(code, record, at)]
    assert result.errors[0].expected is not None
    assert result.files == ()


def test_all_faults_of_all_records_are_told_at_once() -> None:
    records = [bytearray(record) for record in RECORDS]
    records[0][0:4] = b"121X"
    records[1][50:52] = b"a,"
    records[1][57:58] = b"\xb0"
    records[1][80:81] = b"-"
    records[4][1:2] = b"A"
    result = reading(joined(*map(bytes, records)))
    assert places(result) == [
        ("field", 1, 4),
        ("field", 2, 51),
        ("field", 2, 52),
        ("field", 2, 58),
        ("field", 2, 81),
        ("field", 5, 2),
    ]


def test_a_wrong_count_and_total_are_told_beside_a_fault_in_another_field() -> None:
    records = [*RECORDS]
    records[1] = records[1][:50] + b"," + records[1][51:]
    records[4] = b"8000004000009999999" + b" " * 101
    assert places(reading(joined(*records))) == [("field", 2, 51), ("count", 5, 2), ("total", 5, 8)]


def test_a_voicing_mark_without_its_kana_is_told() -> None:
    result = reading(changed(2, 51, "ﾔﾞ".encode("cp932")))
    assert ("voicing_mark", 2, 52) in places(result)
    assert reading(changed(2, 51, "ｶﾞ".encode("cp932"))).is_sound


# --------------------------------------------------------------------------------------------------------
# Consistency and sense


def test_a_wrong_count_is_told_with_the_right_one() -> None:
    result = reading(changed(5, 2, b"000004"))
    assert places(result) == [("count", 5, 2)]
    assert result.errors[0].expected is not None
    assert "3件" in result.errors[0].expected.ja


def test_a_wrong_total_is_told_with_the_right_one() -> None:
    result = reading(changed(5, 8, b"000001298622"))
    assert places(result) == [("total", 5, 8)]
    assert "1,298,621円" in str(result.errors[0].expected)
    with use_language("en"):
        assert "¥1,298,621" in str(result.errors[0])


def test_an_amount_of_zero_is_an_error_and_the_records_are_still_shown() -> None:
    records = [*RECORDS]
    records[3] = records[3][:80] + b"0000000000" + records[3][90:]
    records[4] = b"8000003000001298620" + b" " * 101
    result = reading(joined(*records))
    assert places(result) == [("amount", 4, 81)]
    assert not result.is_sound
    assert result.files[0].transfers[2].amount_yen == 0


def test_an_empty_name_is_an_error() -> None:
    assert places(reading(changed(2, 51, b" " * 30))) == [("no_payee", 2, 51)]
    assert places(reading(changed(1, 15, b" " * 40))) == [("no_client_name", 1, 15)]


def test_the_same_payment_twice_is_a_warning_on_the_second() -> None:
    result = reading(write(HEADER, [YAMADA, SAMPLE, replace(YAMADA, payee_name="ﾔﾏﾀﾞ")])[0])
    assert [(w.code, w.line) for w in result.warnings] == [("repeated", 4)]
    assert warned(reading(write(HEADER, [YAMADA, replace(YAMADA, amount_yen=1)])[0])) == []


def test_large_and_largest_amounts_and_full_names_are_warnings() -> None:
    full = replace(YAMADA, payee_name="ｱ" * 30)
    assert warned(reading(write(HEADER, [full])[0])) == ["payee_may_be_cut"]
    assert warned(reading(write(HEADER, [replace(YAMADA, amount_yen=99_999_999)])[0])) == []
    assert warned(reading(write(HEADER, [replace(YAMADA, amount_yen=100_000_000)])[0])) == ["large_value"]
    largest = replace(YAMADA, amount_yen=9_999_999_999)
    assert set(warned(reading(write(HEADER, [largest])[0]))) == {"large_value", "amount_at_limit"}


def test_a_name_that_is_not_left_aligned_is_a_warning() -> None:
    assert warned(reading(changed(2, 6, b"  \xd0"))) == ["not_left_aligned"]


def test_marks_that_differ_between_records_are_a_warning() -> None:
    result = reading(changed(3, 112, b"8"))
    assert [(w.code, w.line, w.column) for w in result.warnings] == [("mixed_marks", 3, 112)]


# --------------------------------------------------------------------------------------------------------
# Calendar


@pytest.mark.parametrize(
    ("mmdd", "created_on", "expected"),
    [
        ("1130", date(2026, 11, 20), date(2026, 11, 30)),
        ("1120", date(2026, 11, 20), date(2026, 11, 20)),
        ("1119", date(2026, 11, 20), date(2027, 11, 19)),
        ("0104", date(2026, 12, 30), date(2027, 1, 4)),
        ("0229", date(2026, 11, 20), date(2028, 2, 29)),
        ("0229", date(2097, 1, 1), date(2104, 2, 29)),
        ("0230", date(2026, 11, 20), None),
        ("0000", date(2026, 11, 20), None),
    ],
)
def test_the_year_is_the_nearest_that_is_not_past(mmdd: str, created_on: date, expected: date | None) -> None:
    assert resolve_transfer_date(int(mmdd[:2]), int(mmdd[2:]), created_on) == expected


@pytest.mark.parametrize(
    ("mmdd", "created_on", "is_error"),
    [
        (b"1130", CREATED_ON, False),
        (b"1128", CREATED_ON, True),
        (b"1123", CREATED_ON, True),
        (b"1231", date(2026, 12, 20), True),
        (b"0103", date(2026, 12, 20), True),
        (b"0104", date(2026, 12, 20), False),
    ],
)
def test_a_day_on_which_banks_rest_is_an_error(mmdd: bytes, created_on: date, is_error: bool) -> None:
    result = reading(changed(1, 55, mmdd), created_on=created_on)
    assert places(result) == ([("not_a_bank_day", 1, 55)] if is_error else [])
    assert result.files


def test_a_closed_day_of_the_operators_bank_is_an_error_too() -> None:
    assert places(reading(CRLF, closed={date(2026, 11, 30)})) == [("not_a_bank_day", 1, 55)]


def test_a_date_outside_the_banks_window_is_a_warning() -> None:
    assert warned(reading(CRLF, created_on=date(2026, 10, 29))) == ["outside_window"]
    assert warned(reading(CRLF, created_on=date(2026, 10, 30))) == []
    assert warned(reading(CRLF, created_on=date(2026, 11, 27))) == []
    assert warned(reading(CRLF, created_on=date(2026, 11, 30))) == ["outside_window"]
    assert warned(reading(CRLF, created_on=date(2026, 11, 27), profile=BankProfile(earliest_bank_days=2))) == [
        "outside_window"
    ]


# --------------------------------------------------------------------------------------------------------
# Destinations


def test_banks_and_branches_are_looked_up_when_a_directory_is_given() -> None:
    real = replace(YAMADA, bank_code="0001", branch_code="001")
    data = write(HEADER, [real, replace(real, bank_code="0002"), replace(real, branch_code="000")])[0]
    assert places(reading(data)) == []
    assert places(reading(data, directory=directory())) == [("unknown_bank", 3, 2), ("unknown_branch", 4, 21)]


def test_sample_banks_are_read_and_pointed_at_once_each() -> None:
    result = reading(write(HEADER, [YAMADA, SUZUKI, replace(YAMADA, amount_yen=5)])[0], directory=directory())
    assert [(w.code, w.line) for w in result.warnings] == [("fictional_bank", 2), ("fictional_bank", 3)]
    assert result.is_sound


# --------------------------------------------------------------------------------------------------------
# Anything at all


def test_findings_are_bounded() -> None:
    records = [HEAD, *[b"2" + b"x" * 119] * 500, TRAILER, END]
    result = reading(joined(*records))
    assert len(result.errors) == FINDINGS_LIMIT + 1
    assert "too_many" in [error.code for error in result.errors]


@given(st.integers(0, len(CRLF) - 1), st.integers(0, 255))
@settings(max_examples=400)
def test_a_changed_byte_is_found_or_shows(offset: int, byte: int) -> None:
    damaged = CRLF[:offset] + bytes([byte]) + CRLF[offset + 1 :]
    sound, result = reading(CRLF), reading(damaged)
    if damaged == CRLF:
        assert result == sound
    elif result.files:
        assert len(result.files[0].transfers) == len(TRANSFERS)
        assert result.files != sound.files or result.warnings != sound.warnings or result.errors
    else:
        assert result.errors


@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 255))
@settings(max_examples=400)
def test_a_changed_byte_without_newlines_is_found_or_shows(offset: int, byte: int) -> None:
    damaged = PLAIN[:offset] + bytes([byte]) + PLAIN[offset + 1 :]
    sound, result = reading(PLAIN), reading(damaged)
    if damaged == PLAIN:
        assert result == sound
    elif result.files:
        assert len(result.files[0].transfers) == len(TRANSFERS)
        assert result.files != sound.files or result.warnings != sound.warnings or result.errors
    else:
        assert result.errors


@given(st.integers(0, len(CRLF) - 3), st.sampled_from([CRLF, PLAIN]))
def test_a_file_cut_short_is_never_read(length: int, data: bytes) -> None:
    result = reading(data[: min(length, len(data) - 1)])
    assert result.errors
    assert result.files == ()


@given(st.integers(0, len(PLAIN)), st.binary(min_size=1, max_size=3))
def test_bytes_pushed_in_are_found(offset: int, more: bytes) -> None:
    result = reading(PLAIN[:offset] + more + PLAIN[offset:])
    assert result.errors or result.warnings


@given(st.binary(max_size=600))
def test_any_bytes_are_answered(data: bytes) -> None:
    result = reading(data)
    assert result.errors
    assert result.files == ()


@given(st.lists(st.sampled_from(RECORDS), max_size=9))
def test_any_order_of_sound_records_is_read_whole_or_refused(records: list[bytes]) -> None:
    result = reading(joined(*records))
    assert bool(result.files) != bool(result.errors)
    if result.files:
        assert sum(len(f.transfers) for f in result.files) == sum(record[:1] == b"2" for record in records)
