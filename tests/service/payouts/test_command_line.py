"""`kotowari payouts` and `kotowari zengin write`, as whoever runs the server types them."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.service.payouts.market import Market, available_yen, books_are_right

from kotowari.cli.main import main
from kotowari.foundation.models import AuditEntry
from kotowari.foundation.operator import operator_bank_account
from kotowari.payments import statement
from kotowari.payments.statement import ACCOUNT_STATEMENT, Direction, Entry, Statement
from kotowari.payouts import zengin
from kotowari.payouts.models import Payout, PayoutRun

pytestmark = pytest.mark.django_db

PAY_DATE = date(2026, 12, 15)


def type_in(*words: str) -> Result:
    return CliRunner().invoke(main, words, env={"KOTOWARI_LANGUAGE": "ja"})


def a_statement(folder: Path, *entries: tuple[Direction, int, str, str]) -> str:
    """A file of the bank about the operator's account; a line is direction, yen, payer and summary."""
    mine = operator_bank_account()
    assert mine is not None
    account = statement.Account(mine.bank_code, mine.branch_code, mine.kind, mine.number, "ｺﾄﾜﾘ")
    lines = tuple(
        Entry(
            type_code=ACCOUNT_STATEMENT,
            account=account,
            booked_on=PAY_DATE,
            value_on=PAY_DATE,
            direction=direction,
            amount_yen=yen,
            payer_name=payer,
            summary=summary,
        )
        for direction, yen, payer, summary in entries
    )
    whole = Statement(
        type_code=ACCOUNT_STATEMENT,
        account=account,
        created_on=PAY_DATE,
        from_on=PAY_DATE,
        to_on=PAY_DATE,
        entries=lines,
        opening_balance_yen=1_000_000,
        closing_balance_yen=1_000_000 + sum(y if d is Direction.IN else -y for d, y, _, _ in entries),
    )
    path = folder / "meisai.txt"
    path.write_bytes(statement.write([whole]))
    return str(path)


def test_from_the_closing_to_the_settled_transfer(market: Market, tmp_path: Path) -> None:
    worker = market.worker("hanako", reward_yen=48_620)
    market.staff()
    market.after(date(2026, 11, 30))
    closed = type_in("payouts", "close", "--on", "2026-11-30", "--json")
    assert closed.exit_code == 0
    (told,) = json.loads(closed.stdout)
    assert (told["payouts"], told["total_yen"], told["pays_on"]) == (1, 48_620, "2026-12-15")
    written = type_in("zengin", "write", "--payout-run", told["run"], "--as", "kanri")
    assert written.exit_code == 0
    read = zengin.read(written.stdout_bytes, created_on=date(2026, 12, 1))
    assert read.files[0].trailer.total_yen == 48_620
    assert type_in("zengin", "write", "--payout-run", told["run"]).stdout_bytes == written.stdout_bytes
    assert AuditEntry.objects.get(kind="payouts.file_written").actor_name == str(
        PayoutRun.objects.get().handed_over_by_id
    )
    market.on(PAY_DATE)
    lines = [
        (Direction.OUT, 48_620, "", "ｿｳｺﾞｳﾌﾘｺﾐ"),
        (Direction.IN, 9_000, "ｶ)ｸﾗｲｱﾝﾄ", ""),
        (Direction.OUT, 770, "", "ﾃｽｳﾘﾖｳ"),
    ]
    settled = type_in("payouts", "settle", a_statement(tmp_path, *lines), "--json")
    assert [(line["amount_yen"], line["state"]) for line in json.loads(settled.stdout)] == [
        (48_620, "matched"),
        (770, "open"),
    ]
    assert Payout.objects.get().state == "settled"
    again = type_in("payouts", "settle", a_statement(tmp_path, *lines))
    assert "照合済み" in again.stdout
    payout = Payout.objects.get()
    returned = type_in("payouts", "return", str(payout.number), "--reason", "name_mismatch")
    assert returned.exit_code == 0
    assert "口座名義" in returned.stdout
    assert available_yen(worker) == 48_620
    runs = json.loads(type_in("payouts", "runs", "--json").stdout)
    assert [(row["state"], row["transfers"], row["by_state"]) for row in runs] == [("done", 1, {"returned": 1})]
    assert "完了" in type_in("payouts", "runs").stdout
    books_are_right()


def test_a_returned_credit_in_the_statement_puts_the_money_back(closed: Market, tmp_path: Path) -> None:
    run = PayoutRun.objects.get()
    target = tmp_path / "run.txt"
    assert type_in("zengin", "write", "--payout-run", str(run.pk), "--output", str(target)).exit_code == 0
    assert target.stat().st_mode & 0o077 == 0
    assert zengin.read(target.read_bytes()).files[0].trailer.count == 1
    assert type_in("zengin", "write", "--payout-run", str(run.pk), "--output", str(target)).exit_code == 2
    closed.on(PAY_DATE)
    path = a_statement(tmp_path, (Direction.IN, 48_620, "ﾔﾏﾀﾞ ﾊﾅｺ", "ｸﾐﾓﾄﾞｼ"))
    assert "照合済み" in type_in("payouts", "settle", path).stdout
    assert Payout.objects.get().state == "returned"


def test_what_cannot_be_done_ends_with_its_reason_and_status_one(
    market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.member("hanako")
    early = type_in("payouts", "close", "--on", "2026-11-30")
    assert early.exit_code == 1
    assert "2026年11月30日の終わり" in early.stderr
    assert type_in("payouts", "close", "--on", "2026-11-31").exit_code == 2
    assert type_in("payouts", "close", "--as", "hanako").exit_code == 1
    assert type_in("zengin", "write", "--payout-run", "nothing").exit_code == 1
    assert type_in("payouts", "return", "7", "--reason", "recalled").exit_code == 1
    path = a_statement(tmp_path, (Direction.OUT, 700, "", ""))
    monkeypatch.setenv("KOTOWARI_BANK_CODE", "9998")
    assert "運営の口座ではありません" in type_in("payouts", "settle", path).stderr
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"103")
    refused = type_in("payouts", "settle", str(broken))
    assert refused.exit_code == 1
    assert "何も記録していません" in refused.stderr
