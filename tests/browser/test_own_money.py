"""The operator's own money in a real browser: booked, taken back, and loud where members' money would be missing."""

from pathlib import Path

import pytest
from tests.browser.conftest import Comes
from tests.browser.test_accessible import ids_used_twice, violations
from tests.conftest import MovableClock
from tests.service.payments.bank_files import line
from tests.service.payouts.bank import Bank, paid_for
from tests.service.payouts.market import Market

from kotowari.accounts.models import Member
from kotowari.payments.models import Deposit
from kotowari.payouts import services
from kotowari.payouts.models import BankEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.rule("P019")]


@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("ja", 1440), ("en", 360), ("en", 1440)])
def test_lines_and_deposits_of_the_operator(
    comes: Comes, clock: MovableClock, tmp_path: Path, language: str, width: int
) -> None:
    market = Market(clock)
    bank, staff = Bank(market), market.staff()
    Member.objects.filter(pk=staff.pk).update(language=language)
    desk = comes(staff, width=width, language=language, bypass_csp=True)
    found: list[str] = []

    def looked_at(shot: str) -> None:
        desk.look()
        desk.page.screenshot(path=tmp_path / f"{shot}-{language}-{width}.png", full_page=True)
        found.extend(violations(desk) + ids_used_twice(desk))

    def sent(form: str, where: str) -> None:
        with desk.page.expect_navigation(wait_until="load"):
            desk.page.locator(f"{form} form button[type=submit]").last.click()
        looked_at(where)

    paid_for(bank)
    bank.say(line(50_000, "ｶ)ｳﾝｴｲ"))
    deposit = Deposit.objects.get(state="in_suspense")
    desk.open(f"/console/deposits/{deposit.pk}/")
    looked_at("deposit")
    desk.fill(within="#own", kind="own_funds_put_in", note="手数料にあてる資金")
    sent("#own", "deposit-own")
    clock.move(days=1)
    bank.say(line(660, "ﾃｽｳﾘﾖｳ", way="out"), line(60_000, "ｼﾞﾌﾞﾝ", way="out"))
    fee, taken = (BankEntry.objects.get(amount_yen=each) for each in (660, 60_000))
    desk.open(f"/console/payouts/lines/{fee.pk}/")
    looked_at("line")
    desk.fill(within="#book", kind="bank_fee_paid", note="11月分")
    sent("#book", "line-booked")
    desk.open(f"/console/payouts/lines/{taken.pk}/")
    looked_at("line-before")
    desk.fill(within="#book", kind="own_funds_taken_out")
    sent("#book", "line-short")
    for path, shot in (
        ("/console/payouts/?show=decided", "decided"),
        ("/console/ledger/", "ledger"),
        ("/console/ledger/reconciliation/", "reconciliation"),
    ):
        desk.open(path)
        looked_at(shot)
    services.reopen_entry(actor=staff, entry_id=taken.pk, reason="取り違え")
    desk.open(f"/console/payouts/lines/{taken.pk}/")
    looked_at("line-reopened")
    assert BankEntry.objects.get(pk=fee.pk).state == "booked"
    assert not found, "\n".join(found)
