from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.payouts.zengin_examples import (
    CREATED_ON,
    HEADER,
    SAMPLE,
    TRANSFERS,
    YAMADA,
    headers,
    profiles,
    transfers,
)

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.payouts.zengin import (
    AMOUNT_LIMIT_YEN,
    BankProfile,
    CannotWrite,
    Header,
    Transfer,
    read,
    split,
    trailer_of,
    write,
)

GOLDEN = Path(__file__).parent / "golden"


def problems(header: Header, *planned: Transfer, profile: BankProfile | None = None) -> list[tuple[int | None, str]]:
    with pytest.raises(CannotWrite) as refusal:
        write(header, planned, profile or BankProfile())
    assert all(p.message.ja and p.message.en for p in refusal.value.problems)
    return [(p.index, p.field) for p in refusal.value.problems]


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("three_transfers_crlf.zengin", BankProfile()),
        (
            "three_transfers_plain.zengin",
            BankProfile(newline="none", designation="0", clearing_house="    "),
        ),
    ],
)
def test_the_bytes_are_those_of_the_golden_file(name: str, profile: BankProfile) -> None:
    assert write(HEADER, TRANSFERS, profile) == [(GOLDEN / name).read_bytes()]


def test_every_byte_stands_where_the_standard_puts_it() -> None:
    lines = write(HEADER, TRANSFERS)[0].decode("cp932").split("\r\n")
    header, yamada, sample, suzuki, trailer, end, nothing = lines
    assert [len(line) for line in lines] == [120] * 6 + [0]
    assert header[:14] == "12100000012345"
    assert header[14:54] == "ｶ)ｺﾄﾜﾘｼﾞﾑｷﾖｸ".ljust(40)
    assert header[54:58] == "1130"
    assert (header[58:62], header[62:77], header[77:80]) == ("9999", "ﾐﾎﾝ".ljust(15), "999")
    assert (header[80:95], header[95], header[96:103], header[103:]) == ("ﾎﾝﾃﾝ".ljust(15), "1", "9000001", " " * 17)
    assert (yamada[0], yamada[1:5], yamada[5:20], yamada[20:23]) == ("2", "9999", "ﾐﾎﾝ".ljust(15), "998")
    assert (yamada[23:38], yamada[38:42], yamada[42], yamada[43:50]) == ("ｴｷﾏｴ".ljust(15), "0000", "1", "9000011")
    assert (yamada[50:80], yamada[80:90], yamada[90]) == ("ﾔﾏﾀﾞ ﾀﾛｳ".ljust(30), "0000048620", "1")
    assert (yamada[91:111], yamada[111], yamada[112], yamada[113:]) == ("0" * 20, "7", " ", " " * 7)
    assert (sample[91:111], sample[112]) == ("INV-2026/11 ﾌﾞﾝ".ljust(20), "Y")
    assert (suzuki[42], suzuki[91:101], suzuki[101:111]) == ("4", "0000000007", "0000000042")
    assert trailer == "8" + "000003" + "000001298621" + " " * 101
    assert end == "9" + " " * 119
    assert nothing == ""


@given(headers, st.lists(transfers, max_size=12), profiles)
def test_what_is_written_is_read_back_the_same(header: Header, planned: list[Transfer], profile: BankProfile) -> None:
    written = write(header, planned, profile)
    assert written == write(header, planned, profile)
    back = []
    for data in written:
        result = read(data, profile=profile, created_on=CREATED_ON)
        (file,) = result.files
        assert {error.code for error in result.errors} <= {"not_a_bank_day"}
        assert file.header == header
        assert file.trailer == trailer_of(file.transfers)
        assert (file.designation, file.clearing_house) == (profile.designation, profile.clearing_house)
        assert len(file.transfers) <= profile.record_limit
        back += file.transfers
    assert back == planned


def test_no_transfers_give_no_file() -> None:
    assert write(HEADER, []) == []
    assert len(write(HEADER, [YAMADA])) == 1


def test_a_run_is_split_at_the_banks_record_limit_in_its_own_order() -> None:
    planned = [replace(YAMADA, amount_yen=n) for n in range(1, 8)]
    batches = split(planned, BankProfile(record_limit=3))
    assert [[t.amount_yen for t in batch] for batch in batches] == [[1, 2, 3], [4, 5, 6], [7]]
    assert len(write(HEADER, planned, BankProfile(record_limit=3))) == 3
    assert len(write(HEADER, planned, BankProfile(record_limit=7))) == 1


def test_a_run_is_split_before_a_total_passes_twelve_digits() -> None:
    planned = [replace(YAMADA, amount_yen=AMOUNT_LIMIT_YEN)] * 101
    batches = split(planned, BankProfile())
    assert [len(batch) for batch in batches] == [100, 1]
    assert sum(t.amount_yen for t in batches[0]) <= 999_999_999_999


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bank_code": "999"}, "bank_code"),
        ({"bank_code": "９９９９"}, "bank_code"),
        ({"bank_code": "99991", "branch_code": "99"}, "bank_code"),
        ({"branch_code": "9 9"}, "branch_code"),
        ({"account_number": "90000111"}, "account_number"),
        ({"account_kind": AccountKind.TIME}, "account_kind"),
        ({"payee_name": ""}, "payee_name"),
        ({"payee_name": " ﾔﾏﾀﾞ"}, "payee_name"),
        ({"payee_name": "ｱ" * 31}, "payee_name"),
        ({"payee_name": "ヤマダ"}, "payee_name"),
        ({"payee_name": "ﾔﾏﾀﾞ\r\n"}, "payee_name"),
        ({"payee_name": "ｱﾞ"}, "payee_name"),
        ({"payee_name": "ｦｶﾞﾜ"}, "payee_name"),
        ({"payee_name": "ｷｬ"}, "payee_name"),
        ({"bank_name": "A.B"}, "bank_name"),
        ({"branch_name": "ｱ" * 16}, "branch_name"),
        ({"amount_yen": 0}, "amount_yen"),
        ({"amount_yen": -1}, "amount_yen"),
        ({"amount_yen": AMOUNT_LIMIT_YEN + 1}, "amount_yen"),
        ({"new_code": "3"}, "new_code"),
        ({"customer_code_1": "7"}, "customer_code_1"),
        ({"customer_code_2": "ABCDEFGHIJ"}, "customer_code_2"),
        ({"edi": "A,B"}, "edi"),
        ({"edi": "ｱ" * 21}, "edi"),
    ],
)
def test_one_wrong_field_keeps_the_whole_run_from_being_written(change: dict[str, object], field: str) -> None:
    assert field in [name for _, name in problems(HEADER, replace(YAMADA, **change))]
    assert write(HEADER, [YAMADA])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"client_code": "12345"}, "client_code"),
        ({"client_name": ""}, "client_name"),
        ({"client_name": "ことわり"}, "client_name"),
        ({"client_name": "ｱ" * 41}, "client_name"),
        ({"bank_code": "99999"}, "bank_code"),
        ({"branch_code": ""}, "branch_code"),
        ({"account_kind": AccountKind.SAVINGS}, "account_kind"),
        ({"account_number": "1"}, "account_number"),
        ({"bank_name": "ﾐﾎﾝ."}, "bank_name"),
    ],
)
def test_one_wrong_field_of_the_header_is_told(change: dict[str, object], field: str) -> None:
    assert (None, field) in problems(replace(HEADER, **change), YAMADA)


def test_all_problems_of_all_transfers_are_told_at_once() -> None:
    bad = replace(YAMADA, bank_code="1", payee_name="", amount_yen=0)
    found = problems(replace(HEADER, client_code=""), YAMADA, bad, bad)
    assert found == [
        (None, "client_code"),
        (1, "bank_code"),
        (1, "amount_yen"),
        (1, "payee_name"),
        (2, "bank_code"),
        (2, "amount_yen"),
        (2, "payee_name"),
    ]


def test_a_bank_that_requires_names_gets_them_or_nothing() -> None:
    strict = BankProfile(are_names_required=True)
    assert problems(HEADER, SAMPLE, profile=strict) == [(0, "bank_name"), (0, "branch_name")]
    assert write(HEADER, [YAMADA], strict)


def test_wo_is_written_only_for_a_bank_that_takes_it() -> None:
    ogawa = replace(YAMADA, payee_name="ｦｶﾞﾜ")
    assert problems(HEADER, ogawa) == [(0, "payee_name")]
    assert read(write(HEADER, [ogawa], BankProfile(allow_wo=True))[0], created_on=CREATED_ON).files == ()
    profile = BankProfile(allow_wo=True)
    data = write(HEADER, [ogawa], profile)[0]
    assert read(data, profile=profile, created_on=CREATED_ON).files[0].transfers == (ogawa,)


def test_edi_and_customer_codes_cannot_both_be_given() -> None:
    with pytest.raises(ValueError, match="share the same bytes"):
        replace(YAMADA, edi="A", customer_code_1="0000000001")


@pytest.mark.parametrize(
    "wrong",
    [
        {"record_limit": 0},
        {"record_limit": 1_000_000},
        {"total_limit_yen": 10**12},
        {"daily_limit_yen": 0},
        {"newline": "lf"},
        {"designation": "1"},
        {"clearing_house": "00"},
        {"earliest_bank_days": -1},
        {"latest_days": 0},
    ],
)
def test_a_profile_that_no_file_can_follow_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        BankProfile(**wrong)


def test_dates_are_written_as_month_and_day() -> None:
    data = write(replace(HEADER, transfer_on=date(2027, 1, 4)), [YAMADA])[0]
    assert data[54:58] == b"0104"
