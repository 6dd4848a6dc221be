from dataclasses import replace
from datetime import date

import pytest
from tests.unit.payouts.zengin_examples import CREATED_ON, HEADER, YAMADA

from kotowari.payouts.banks import directory
from kotowari.payouts.zengin import AMOUNT_LIMIT_YEN, BankProfile, CheckResult, Header, Transfer, check

REAL = replace(YAMADA, bank_code="0001", branch_code="001")


def checking(*planned: Transfer, header: Header = HEADER, profile: BankProfile | None = None) -> CheckResult:
    return check(header, planned, profile or BankProfile(), created_on=CREATED_ON, directory=directory())


def codes(result: CheckResult) -> list[tuple[str, int | None]]:
    return [(p.code, p.index) for p in (*result.errors, *result.warnings)]


def test_a_sound_run_raises_no_concern() -> None:
    assert codes(checking(REAL)) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bank_code": "0002"}, "unknown_bank"),
        ({"branch_code": "000"}, "unknown_branch"),
        ({"amount_yen": 0}, "amount"),
        ({"amount_yen": AMOUNT_LIMIT_YEN + 1}, "amount"),
        ({"payee_name": ""}, "no_payee"),
    ],
)
def test_a_transfer_that_would_not_arrive_is_an_error_on_that_transfer(change: dict[str, object], code: str) -> None:
    result = checking(REAL, replace(REAL, account_number="9000099", **change))
    assert [(p.code, p.index) for p in result.errors] == [(code, 1)]
    assert "2件目" in str(result.errors[0])


@pytest.mark.parametrize(
    ("transfer_on", "code"),
    [
        (date(2026, 11, 29), "not_a_bank_day"),
        (date(2026, 11, 23), "not_a_bank_day"),
        (date(2026, 12, 31), "not_a_bank_day"),
    ],
)
def test_a_day_of_rest_is_an_error_with_the_days_around_it(transfer_on: date, code: str) -> None:
    (problem,) = checking(REAL, header=replace(HEADER, transfer_on=transfer_on)).errors
    assert (problem.code, problem.index, problem.field) == (code, None, "transfer_on")
    assert checking(REAL, header=replace(HEADER, transfer_on=date(2026, 11, 27))).errors == ()


def test_the_remedy_of_a_day_of_rest_names_the_bank_days_around_it() -> None:
    (problem,) = checking(REAL, header=replace(HEADER, transfer_on=date(2026, 11, 23))).errors
    assert problem.remedy.ja == "2026-11-20または2026-11-24"
    assert "勤労感謝の日" in problem.message.ja


def test_the_daily_limit_of_the_contract_holds_for_the_whole_run() -> None:
    profile = BankProfile(daily_limit_yen=2 * REAL.amount_yen)
    other = replace(REAL, account_number="9000099")
    third = replace(REAL, account_number="9000098")
    assert codes(checking(REAL, other, profile=profile)) == []
    assert codes(checking(REAL, other, third, profile=profile)) == [("daily_limit", None)]


def test_a_second_payment_of_the_same_amount_to_the_same_account_is_a_warning() -> None:
    result = checking(REAL, replace(REAL, account_number="9000099"), REAL)
    assert codes(result) == [("repeated", 2)]
    assert result.errors == ()


def test_a_run_without_a_named_sender_is_an_error() -> None:
    assert codes(checking(REAL, header=replace(HEADER, client_name=" "))) == [("no_client_name", None)]
