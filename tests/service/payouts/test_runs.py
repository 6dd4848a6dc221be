"""Runs and their 全銀 files: written once, the same for ever, and without what the bank would refuse."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.service.payouts.market import ACCOUNT, Market, available_yen, books_are_right, lots_yen, notices, register

from kotowari.foundation import crypto, deadlines, operator
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.foundation.sealed import reseal
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import explain
from kotowari.payouts import gates, services, zengin
from kotowari.payouts.files import FileChanged, run_files
from kotowari.payouts.models import BankAccount, Payout, PayoutRun
from kotowari.payouts.sender import CLIENT_CODE, PROFILE

pytestmark = pytest.mark.django_db

PAY_DATE = date(2026, 12, 15)


def send_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the operator's account be one of the installation's own."""
    for variable, value in (
        (CLIENT_CODE, "123"),
        (operator.HOLDER, "カ)コトワリ"),
        (operator.CODE, "9999"),
        (operator.BRANCH, "999"),
        (operator.NUMBER, "1"),
    ):
        monkeypatch.setenv(variable, value)


def run_with(market: Market, count: int = 3) -> PayoutRun:
    for number in range(count):
        market.worker(f"worker{number}", reward_yen=5_000 + number, account_number=f"{9000010 + number}")
    market.after(date(2026, 11, 30))
    return market.run_of(market.close())


@pytest.mark.rule("P008", "A050")
def test_the_file_read_back_is_the_payouts_of_the_run(market: Market) -> None:
    run = run_with(market)
    staff = market.staff()
    services.write_run_file(actor=staff, run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.handed_over_by, run.pays_on) == ("handed_over", staff, PAY_DATE)
    file = run_files(run)[0]
    found = zengin.read(file.content, created_on=date(2026, 12, 1))
    assert not found.errors
    read = found.files[0]
    payouts = list(Payout.objects.order_by("number"))
    assert read.header.transfer_on == PAY_DATE
    assert (read.trailer.count, read.trailer.total_yen) == (3, 15_003)
    assert [
        (t.bank_code, t.branch_code, t.account_number, t.payee_name, t.amount_yen, t.customer_code_1)
        for t in read.transfers
    ] == [(p.bank_code, p.branch_code, p.account_number, p.holder_kana, p.net_yen, f"{p.number:010d}") for p in payouts]
    assert {p.state for p in payouts} == {"in_file"}
    entry = AuditEntry.objects.get(kind="payouts.file_written")
    assert entry.actor_id == staff.pk
    assert entry.data["digests"] == [file.digest]
    books_are_right()


@pytest.mark.rule("P010")
def test_writing_again_gives_the_same_bytes_changes_nothing_and_is_recorded(market: Market) -> None:
    run = run_with(market)
    staff = market.staff()
    first = run_files(services.write_run_file(actor=staff, run_id=run.pk))
    market.clock.move(days=3)
    again = run_files(services.write_run_file(actor=staff, run_id=run.pk))
    assert [file.content for file in first] == [file.content for file in again]
    assert AuditEntry.objects.filter(kind="payouts.file_written").count() == 1
    assert AuditEntry.objects.filter(kind="payouts.file_read_again").count() == 1


def test_the_same_bytes_come_out_when_the_account_of_its_owner_and_ours_have_changed(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_with(market, 1)
    content = run_files(services.write_run_file(actor=market.staff(), run_id=run.pk))[0].content
    payout = Payout.objects.get()
    register(payout.member, branch_code="997", account_number="9999999")
    send_from(monkeypatch)
    monkeypatch.setenv(PROFILE["newline"], "none")
    run.refresh_from_db()
    assert run_files(run)[0].content == content
    payout.refresh_from_db()
    assert payout.account_number == "9000010"


def test_new_keys_change_neither_the_accounts_nor_the_file(market: Market, settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # a keyring of its own
    run = services.write_run_file(actor=market.staff(), run_id=run_with(market, 2).pk)
    content = run_files(run)[0].content
    crypto.add_seal_key()
    assert reseal(BankAccount).renewed == 2
    assert run_files(run)[0].content == content


def test_a_row_that_somebody_changed_behind_the_file_is_found_out(market: Market) -> None:
    run = services.write_run_file(actor=market.staff(), run_id=run_with(market, 2).pk)
    run_files(run)
    changed = Payout.objects.order_by("number")[0].account
    changed.holder_kana = "ﾄﾞﾛﾎﾞｳ"
    changed.save(update_fields=["holder_sealed"])
    with pytest.raises(FileChanged):
        run_files(run)


@pytest.mark.parametrize("column", ["net_yen", "bank_code", "member_id", "run_id"])
def test_the_database_keeps_what_the_bank_was_asked(market: Market, column: str) -> None:
    services.write_run_file(actor=market.staff(), run_id=run_with(market, 1).pk)
    other = {
        "net_yen": 1,
        "bank_code": "0001",
        "member_id": market.member("thief").pk,
        "run_id": PayoutRun.objects.create(pays_on=PAY_DATE).pk,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.update(**{column: other[column]})


def test_a_file_is_split_where_the_bank_wants_it(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    send_from(monkeypatch)
    monkeypatch.setenv(PROFILE["record_limit"], "2")
    run = services.write_run_file(actor=market.staff(), run_id=run_with(market, 5).pk)
    files = run_files(run)
    assert [len(file.payouts) for file in files] == [2, 2, 1]
    assert len({file.name for file in files}) == 3
    assert [each["total_yen"] for each in run.files] == [file.total_yen for file in files] == [10_001, 10_005, 5_004]
    assert zengin.read(files[0].content).files[0].header.client_code == "0000000123"
    books_are_right()


@pytest.mark.rule("A153")
def test_what_the_bank_would_refuse_is_held_and_told_and_the_rest_goes(market: Market) -> None:
    run = run_with(market, 3)
    gone = Payout.objects.order_by("number")[1]
    Payout.objects.filter(pk=gone.pk).update(bank_code="0001", branch_code="000")
    services.write_run_file(actor=market.staff(), run_id=run.pk)
    gone.refresh_from_db()
    assert (gone.state, gone.run, gone.reason["code"]) == ("held", None, "bank_gone")
    assert gone.why is not None
    assert "000" in gone.why.ja
    assert run_files(PayoutRun.objects.get(pk=run.pk))[0].total_yen == 10_002
    market.tell()
    assert notices(gone.member)[-1] == "payouts.held"
    decision = explain(gates.RECEIVE, gone.member)
    assert {b.code for b in decision.blockers} == {"payouts.receive.in_flight", "payouts.receive.account_unusable"}
    books_are_right()


@pytest.mark.rule("A153")
def test_a_held_transfer_goes_on_as_soon_as_its_owner_has_put_the_account_right(market: Market) -> None:
    run = run_with(market, 2)
    gone = Payout.objects.order_by("number")[0]
    Payout.objects.filter(pk=gone.pk).update(bank_code="0001", branch_code="000")
    services.write_run_file(actor=market.staff(), run_id=run.pk)
    register(gone.member, branch_code="999")
    deadlines.run_all_due()
    gone.refresh_from_db()
    assert (gone.state, gone.branch_code, gone.reason) == ("requested", "999", None)
    late = PayoutRun.objects.get(state="ready")
    assert gone.run == late
    assert late.pays_on == date(2026, 12, 2), "the next bank day after the file"
    services.write_run_file(actor=market.staff("second"), run_id=late.pk)
    gone.refresh_from_db()
    assert gone.state == "in_file"
    books_are_right()


def test_a_hold_that_nobody_ends_gives_the_money_back_before_the_next_closing(market: Market) -> None:
    run = run_with(market, 1)
    payout = Payout.objects.get()
    Payout.objects.update(bank_code="0001", branch_code="000")
    services.write_run_file(actor=market.staff(), run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "dissolved"
    market.on(date(2026, 12, 15))
    deadlines.run_all_due()
    payout.refresh_from_db()
    assert payout.state == "held"
    market.after(date(2026, 12, 15))
    deadlines.run_all_due()
    payout.refresh_from_db()
    assert (payout.state, payout.reason["code"]) == ("cancelled", "account_not_corrected")
    assert available_yen(payout.member) == 5_000
    assert lots_yen(payout.member) == [5_000]
    assert Payout.objects.count() == 1, "an account with a known fault is not paid again"
    register(payout.member)
    market.after(date(2026, 12, 31))
    deadlines.run_all_due()
    assert Payout.objects.filter(state="requested", gross_yen=5_000).count() == 1
    books_are_right()


def test_a_new_account_takes_over_what_is_not_with_the_bank_yet(closed: Market) -> None:
    payout = Payout.objects.get()
    register(closed.hanako, branch_code="999", account_number="7654321")
    payout.refresh_from_db()
    assert (payout.branch_code, payout.account_number) == ("999", "7654321")
    assert payout.account == BankAccount.objects.get(replaced_at__isnull=True)
    assert payout.run is not None


def test_a_file_written_late_moves_the_pay_date_and_says_so(closed: Market) -> None:
    run = PayoutRun.objects.get()
    closed.on(date(2026, 12, 30))
    services.write_run_file(actor=closed.staff(), run_id=run.pk)
    payout = Payout.objects.get()
    assert payout.pays_on == date(2027, 1, 4), "banks rest from 31 December to 3 January"
    closed.tell()
    assert notices(closed.hanako)[-1] == "payouts.delayed"


@pytest.mark.rule("P008")
def test_only_staff_write_files_and_only_while_there_is_something_to_send(closed: Market) -> None:
    run = PayoutRun.objects.get()
    with pytest.raises(Refused) as refused:
        services.write_run_file(actor=closed.hanako, run_id=run.pk)
    assert [b.code for b in refused.value.decision.blockers] == ["payouts.run.file.not_your_step"]
    services.cancel_payout(actor=closed.staff(), payout_id=Payout.objects.get().pk, reason="依頼の取り違え")
    run.refresh_from_db()
    assert run.state == "dissolved"
    with pytest.raises(Refused) as refused:
        services.write_run_file(actor=closed.staff("second"), run_id=run.pk)
    assert {b.code for b in refused.value.decision.blockers} == {
        "payouts.run.file.is_dissolved",
        "payouts.run.file.no_transfers",
    }


def test_without_an_account_to_send_from_no_file_is_written_outside_a_demo(
    closed: Market, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TESTING = settings.DEMO = False
    run = PayoutRun.objects.get()
    staff = closed.staff()
    assert [b.code for b in explain(gates.FILE, staff, run).blockers] == ["payouts.run.file.no_sending_account"]
    monkeypatch.setenv(operator.CODE, "0001")
    monkeypatch.setenv(operator.HOLDER, "コトワリ")
    blocker = explain(gates.FILE, staff, run).blockers[0]
    assert blocker.code == "payouts.run.file.sending_account_wrong"
    for variable in (operator.BRANCH, operator.NUMBER, CLIENT_CODE):
        assert variable in blocker.reason.ja
        assert variable in blocker.reason.en


def test_a_daily_limit_is_told_before_the_bank_refuses(closed: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    send_from(monkeypatch)
    monkeypatch.setenv(PROFILE["daily_limit_yen"], "48619")
    run, staff = PayoutRun.objects.get(), closed.staff()
    assert [b.code for b in explain(gates.FILE, staff, run).blockers] == ["payouts.run.file.over_daily_limit"]
    monkeypatch.setenv(PROFILE["daily_limit_yen"], "48620")
    assert explain(gates.FILE, staff, run).allowed


def test_staff_hear_of_a_run_and_are_reminded_once_a_day_until_it_is_done(market: Market) -> None:
    staff = market.staff()
    run = run_with(market, 1)
    market.tell()
    assert notices(staff) == ["payouts.run_ready"]
    market.on(date(2026, 12, 11))
    deadlines.run_all_due()
    market.tell()
    assert notices(staff) == ["payouts.run_ready"]
    market.on(date(2026, 12, 14))
    for _ in range(3):
        deadlines.run_all_due()
    market.tell()
    assert notices(staff)[1:] == ["payouts.operator_reminded"]
    services.write_run_file(actor=staff, run_id=run.pk)
    market.on(date(2026, 12, 15))
    deadlines.run_all_due()
    market.tell()
    assert len(notices(staff)) == 2
    market.on(date(2026, 12, 16))
    deadlines.run_all_due()
    market.tell()
    assert len(notices(staff)) == 3
    services.settle_run(actor=staff, run_id=run.pk, settled_on=PAY_DATE)
    market.on(date(2026, 12, 17))
    deadlines.run_all_due()
    market.tell()
    assert len([kind for kind in notices(staff) if kind == "payouts.operator_reminded"]) == 2


def test_nothing_waits_for_a_run_is_a_refusal_and_not_an_empty_run(closed: Market) -> None:
    with pytest.raises(Refused) as refused:
        services.make_run(actor=SYSTEM)
    assert [b.code for b in refused.value.decision.blockers] == ["payouts.run.make.nothing_waits"]
    assert PayoutRun.objects.count() == 1


def test_the_account_of_the_tests_is_at_a_bank_that_does_not_exist() -> None:
    assert ACCOUNT["bank_code"] == "9999"
