"""The reconciliation in the console: what the bank says, what differs, and staff who explain it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.flows.test_console import page
from tests.flows.test_contract_pages import as_member
from tests.service.payments.bank_files import line
from tests.service.payouts.bank import Bank, paid_for
from tests.service.payouts.market import Market

from kotowari.kernel import clock as kernel_clock
from kotowari.payouts.models import BankDifference, OpeningBalance

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P009")]


@pytest.fixture
def market(clock: Any) -> Market:
    return Market(clock)


@pytest.fixture
def staff(market: Market) -> Client:
    return as_member(market.staff())


def test_a_difference_is_found_shown_and_explained(market: Market, staff: Client, clock: Any) -> None:
    assert "まだ照合できません" in page(staff, "/console/ledger/reconciliation/")
    bank = Bank(market)
    paid_for(bank)
    assert "一致しています" in page(staff, "/console/ledger/reconciliation/")
    clock.move(days=1)
    bank.say(off_yen=-660)
    assert "銀行との差異" in page(staff, "/console/")
    seen = page(staff, "/console/ledger/reconciliation/")
    assert "-660" in seen or "−660" in seen
    row = BankDifference.objects.get()
    address = f"/console/ledger/reconciliation/{row.pk}/"
    assert address in seen
    assert "/console/deposits/?show=files" in page(staff, address)
    assert staff.post(address, {"note": " "}).status_code == 422
    assert staff.post(address, {"note": "口座維持手数料"}).status_code == 303
    assert "口座維持手数料" in page(staff, address)
    again = staff.post(address, {"note": "もう一度"})
    assert again.status_code == 409
    assert "この差異は「説明済み」です" in again.content.decode()
    assert staff.post("/console/ledger/reconciliation/").status_code == 303
    assert "未確認の差異なし" in page(staff, "/console/ledger/")


def test_the_opening_balance_is_told_on_a_page_of_its_own(market: Market, staff: Client) -> None:
    paid_for(Bank(market, opening_yen=300_000))
    address, today = "/console/ledger/reconciliation/opening/", kernel_clock.today()
    given = {"as_of": str(today), "amount_yen": "300000", "note": "通帳"}
    refused = staff.post(address, given)
    assert refused.status_code == 422
    assert "より前の日付にしてください" in refused.content.decode()
    given["as_of"] = str(today - timedelta(days=1))
    assert staff.post(address, given).status_code == 303
    assert OpeningBalance.objects.get().amount_yen == 300_000
    assert "一致しています" in page(staff, "/console/ledger/reconciliation/")
    assert "300,000" in page(staff, address)


def test_the_page_asks_a_bounded_number_of_queries(
    market: Market, staff: Client, clock: Any, django_assert_max_num_queries: Any
) -> None:
    bank = Bank(market)
    for n in range(25):
        bank.say(line(1_000 + n, "ﾅﾅｼ"))
        clock.move(days=1)
    with django_assert_max_num_queries(14):
        seen = page(staff, "/console/ledger/reconciliation/")
    assert "after=" in seen
