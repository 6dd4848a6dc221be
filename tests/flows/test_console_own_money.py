"""The operator's own money in the console: lines are booked and taken back, and what members are owed is said beside."""

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from tests.flows.test_console import page
from tests.flows.test_contract_pages import as_member
from tests.service.payments.bank_files import line
from tests.service.payouts.bank import Bank, paid_for
from tests.service.payouts.market import Market

from kotowari.ledger import invariants
from kotowari.ledger import services as books
from kotowari.payments.models import Deposit
from kotowari.payouts import services
from kotowari.payouts.models import BankEntry

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P019")]


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


@pytest.fixture
def staff(market: Market) -> Client:
    return as_member(market.staff())


@pytest.fixture
def bank(market: Market) -> Bank:
    return Bank(market)


def test_own_money_comes_in_pays_a_fee_and_books_and_bank_agree(
    market: Market, bank: Bank, staff: Client, clock: Any
) -> None:
    bank.say(line(50_000, "ｶ)ｳﾝｴｲ"))
    deposit = Deposit.objects.get()
    address = f"/console/deposits/{deposit.pk}/"
    assert "運営のお金のとき" in page(staff, address)
    assert staff.post(f"{address}own/", {"kind": "bank_fee_paid"}).status_code == 422
    given = {"kind": "own_funds_put_in", "note": "手数料にあてる資金"}
    assert staff.post(f"{address}own/", given).status_code == 303
    seen = page(staff, address)
    assert "手数料にあてる資金" in seen
    assert "運営のお金" in seen
    again = staff.post(f"{address}own/", given)
    assert again.status_code == 409
    assert "この入金はもう「運営のお金」です" in again.content.decode()

    clock.move(days=1)
    bank.say(line(660, "ﾃｽｳﾘﾖｳ", way="out"))
    entry = BankEntry.objects.get()
    address = f"/console/payouts/lines/{entry.pk}/"
    seen = page(staff, address)
    for words in ("口座の残高", "会員からお預かり", "運営のお金", "49,340", "引き出せる額", "銀行手数料の支払い"):
        assert words in seen
    assert "足りなくなります" not in seen
    assert staff.post(f"{address}book/", {}).status_code == 422
    assert staff.post(f"{address}book/", {"kind": "bank_fee_paid", "note": "11月分"}).status_code == 303
    seen = page(staff, address)
    assert "記帳済み" in seen
    assert "銀行手数料の支払い(11月分)" in seen
    assert address in page(staff, "/console/payouts/?show=decided")
    journal = f"/console/ledger/journals/{BankEntry.objects.get().journal_id}/"
    assert journal in seen
    assert "銀行の手数料が引き落とされました" in page(staff, journal)
    assert address in page(staff, journal)
    assert "銀行の手数料です" in page(staff, f"/console/ledger/accounts/{quote('expense:bank_fees')}/")
    seen = page(staff, "/console/ledger/reconciliation/")
    assert "一致しています" in seen
    assert "口座のお金は誰のものか" in seen
    assert "49,340" in page(staff, "/console/ledger/")
    assert invariants.check("L12").ok


def test_a_mistake_is_taken_back_on_the_page(market: Market, bank: Bank, staff: Client) -> None:
    bank.say(line(50_000, "ｶ)ｳﾝｴｲ"))
    bank.say(line(660, "ﾃｽｳﾘﾖｳ", way="out"))
    deposit, entry = Deposit.objects.get(), BankEntry.objects.get()
    for address, act, kind in (
        (f"/console/deposits/{deposit.pk}/", "own", "own_funds_put_in"),
        (f"/console/payouts/lines/{entry.pk}/", "book", "tax_paid"),
    ):
        early = staff.post(f"{address}reopen/", {"reason": "取り違え"})
        assert early.status_code == 409
        assert "取り消せるのは" in early.content.decode()
        assert staff.post(f"{address}{act}/", {"kind": kind}).status_code == 303
        assert "誤りのとき" in page(staff, address)
        assert staff.post(f"{address}reopen/", {"reason": " "}).status_code == 422
        assert staff.post(f"{address}reopen/", {"reason": "取り違え"}).status_code == 303
        assert "取り違え" in page(staff, address)
    assert (Deposit.objects.get().state, BankEntry.objects.get().state) == ("in_suspense", "open")
    assert f"/console/payouts/lines/{entry.pk}/" in page(staff, "/console/payouts/?show=lines")


def test_missing_money_of_members_is_said_before_and_after_and_raises_the_alarm(
    market: Market, bank: Bank, staff: Client, clock: Any
) -> None:
    paid_for(bank)
    clock.move(days=1)
    bank.say(line(1_000, "ｼﾞﾌﾞﾝ", way="out"))
    address = f"/console/payouts/lines/{BankEntry.objects.get().pk}/"
    before = page(staff, address)
    assert "会員からお預かりしているお金が口座に1,000円足りなくなります" in before
    posted = staff.post(f"{address}book/", {"kind": "own_funds_taken_out"}, follow=True)
    assert "帳簿の検査を始めました" in posted.content.decode()
    assert "口座に1,000円足りません" in page(staff, address)
    assert "会員のお金が1,000円不足" in page(staff, "/console/ledger/")
    books.run_waiting_check()
    assert "L12" in page(staff, "/console/ledger/checks/")


def test_what_came_back_says_why_it_is_not_booked(market: Market, staff: Client) -> None:
    market.on(market.clock.moment.date())
    entry = services.match_returned(
        actor=market.staff("second"), entry_key="b", amount_yen=500, booked_on=market.clock.moment.date(), name="ｸﾐﾓﾄﾞｼ"
    )
    seen = page(staff, f"/console/payouts/lines/{entry.pk}/")
    assert "受取人のお金なので" in seen
    refused = staff.post(f"/console/payouts/lines/{entry.pk}/book/", {"kind": "bank_fee_paid"})
    assert refused.status_code == 409
