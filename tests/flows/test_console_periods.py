"""Closing a month in the console: every reason at once, typed confirmation, once and for ever."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.flows.test_console import page
from tests.flows.test_contract_pages import as_member
from tests.ledger import books
from tests.ledger.books import at_once
from tests.service.payments.bank_files import line
from tests.service.payouts.bank import Bank
from tests.service.payouts.market import Market

from kotowari.accounts.models import Member
from kotowari.console.closing import close_month
from kotowari.foundation import deadlines
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import Refused
from kotowari.ledger import selectors, services
from kotowari.ledger.errors import PeriodClosed
from kotowari.ledger.models import Period
from kotowari.payouts import services as payouts
from kotowari.payouts.models import BankDifference

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P017")]
ADDRESS = "/console/ledger/periods/2026-11/"


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


@pytest.fixture
def member(market: Market) -> Member:
    return market.staff()


@pytest.fixture
def staff(member: Member) -> Client:
    return as_member(member)


def test_all_that_stands_in_the_way_is_told_at_once_and_falls_away_piece_by_piece(
    market: Market, staff: Client, member: Member, clock: Any
) -> None:
    assert "まだ仕訳がありません" in page(staff, "/console/ledger/periods/")
    bank = Bank(market)
    bank.say(line(5_000, "ﾅﾅｼ"), off_yen=660)
    assert "次に締める月: 2026-11" in page(staff, "/console/ledger/periods/")
    seen = page(staff, ADDRESS)
    for words in (
        "この月はまだ終わっていません",
        "時間のあいだに終わっていません",
        "明細を取り込んでください",
        "銀行との差異が1件",
    ):
        assert words in seen
    assert "取り消せません" in seen
    early = staff.post(ADDRESS, {"typed": "2026-11"})
    assert early.status_code == 409
    assert "この月はまだ終わっていません" in early.content.decode()
    assert staff.post("/console/ledger/periods/2026-12/", {"typed": "2026-12"}).status_code == 409
    assert "先に2026-11を締めてください" in page(staff, "/console/ledger/periods/2026-12/")

    payouts.explain_difference(actor=member, difference_id=BankDifference.objects.get().pk, note="預金利息")
    market.on(date(2026, 12, 1))
    bank.say()
    deadlines.run_all_due()
    deadlines.run_all_long()
    assert "まだ締められません" not in page(staff, ADDRESS)
    clock.move(hours=25)
    assert "時間のあいだに終わっていません" in page(staff, ADDRESS)
    deadlines.run_all_long()

    wrong = staff.post(ADDRESS, {"typed": "2026-12"})
    assert wrong.status_code == 422
    assert "「2026-11」と入力してください" in wrong.content.decode()
    assert staff.post(ADDRESS, {"typed": "2026-11", "idempotency_key": "once"}).status_code == 303
    assert staff.post(ADDRESS, {"typed": "2026-11", "idempotency_key": "once"}).status_code == 303
    again = staff.post(ADDRESS, {"typed": "2026-11", "idempotency_key": "twice"})
    assert again.status_code == 409
    assert "すでに締められています" in again.content.decode()
    closed = Period.objects.get()
    assert (closed.closed_through, closed.actor_id) == (date(2026, 11, 30), member.pk)
    assert AuditEntry.objects.get(kind="console.month_closed").data["month"] == "2026-11"
    assert "次に締める月: 2026-12" in page(staff, "/console/ledger/periods/")
    assert "締め済み" in page(staff, ADDRESS)
    with pytest.raises(PeriodClosed):
        books.receive(10, occurred_at=kernel_clock.end_of(date(2026, 11, 30)) - timedelta(hours=1))


def test_a_broken_law_keeps_a_month_open(market: Market, staff: Client, clock: Any) -> None:
    books.receive(10)
    market.on(date(2026, 12, 1))
    with books.behind_the_ledgers_back() as cursor:
        cursor.execute("UPDATE ledger_balance SET balance_yen = balance_yen + 1")
    deadlines.run_all_long()
    assert "項目に違反があります" in page(staff, ADDRESS)
    assert staff.post(ADDRESS, {"typed": "2026-11"}).status_code == 409
    assert not Period.objects.exists()


def test_the_trial_balance_says_where_each_class_began_moved_and_ended(
    market: Market, staff: Client, clock: Any
) -> None:
    market.on(date(2026, 10, 20))
    books.receive(1_000)
    market.on(date(2026, 11, 20))
    books.match(books.receive(300), books.new_id(), 300)
    market.on(date(2026, 12, 2))
    books.receive(7)
    november = selectors.month_of(date(2026, 11, 5))
    counted = selectors.trial_balance(november)
    for through in (date(2026, 10, 31), date(2026, 11, 30)):
        services.close_period(through=through, actor=SYSTEM)
        assert services.keep_balances() == 1
        assert selectors.trial_balance(november) == counted
    rows = {row.of.name: row for row in counted}
    bank, suspense, escrow = rows["bank:deposits"], rows["suspense"], rows["escrow"]
    assert (bank.opening_yen, bank.debits_yen, bank.credits_yen, bank.closing_yen) == (-1_000, 300, 0, -1_300)
    assert (suspense.opening_yen, suspense.debits_yen, suspense.credits_yen, suspense.closing_yen) == (
        1_000,
        300,
        300,
        1_000,
    )
    assert (escrow.opening_yen, escrow.closing_yen) == (0, 300)
    assert sum(row.closing_yen for row in rows.values()) == 0

    sheet = staff.get(f"{ADDRESS}csv/")
    assert sheet["Content-Disposition"] == 'attachment; filename="trial-balance-2026-11.csv"'
    told = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert told[0] == ["科目", "月初", "借方", "貸方", "月末"]
    assert told[1] == [str(bank.of.title), "-1000", "300", "0", "-1300"]
    assert told[-1] == ["合計", "0", "600", "600", "0"]
    book = load_workbook(io.BytesIO(staff.get(f"{ADDRESS}xlsx/").content))
    assert [cell.value for cell in book.active[2]] == [str(bank.of.title), -1000, 300, 0, -1300]
    assert staff.get(f"{ADDRESS}pdf/").status_code == 404
    with books.behind_the_ledgers_back() as cursor:  # what was kept is what a later month begins with
        cursor.execute("UPDATE ledger_period_balance SET balance_yen = balance_yen - 5 WHERE account_class = 'escrow'")
    assert [row.opening_yen for row in selectors.trial_balance(november) if row.of.name == "escrow"] == [-5]
    for name in ("2026-13", "x", "2026-1"):
        assert staff.get(f"/console/ledger/periods/{name}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_at_once_one_does_and_the_other_reads_why_not(market: Market, clock: Any) -> None:
    people = [market.staff("ichiro"), market.staff("niro")]
    bank = Bank(market)
    bank.say(line(5_000, "ﾅﾅｼ"))
    market.on(date(2026, 12, 1))
    bank.say()
    deadlines.run_all_long()
    outcomes = at_once(
        [lambda who=who: close_month(actor=who, month="2026-11", typed="2026-11") for who in people]  # type: ignore[misc]
    )
    errors = [outcome.error for outcome in outcomes if outcome.error is not None]
    assert len(errors) == 1
    assert isinstance(errors[0], Refused)
    assert [blocker.code for blocker in errors[0].decision.blockers] == ["console.period.close.is_closed"]
    assert Period.objects.count() == 1
