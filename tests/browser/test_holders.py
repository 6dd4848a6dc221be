"""Name, account, payout as one chain in a real browser: told, held with its reason, contested, and decided by staff."""

from pathlib import Path

import pytest
from tests.browser.conftest import Comes
from tests.browser.test_accessible import ids_used_twice, violations
from tests.conftest import MovableClock
from tests.service.payouts.market import Market

from kotowari.accounts.models import Member
from kotowari.payouts import services
from kotowari.payouts.models import BankAccount, HolderReview

pytestmark = pytest.mark.django_db(transaction=True)
TO_FORM = "/my/bank-account/?bank_code=9999&branch_code=998"


@pytest.mark.rule("A151", "A153")
@pytest.mark.parametrize(("language", "width"), [("ja", 360), ("en", 1440)])
def test_from_a_name_to_an_account_that_staff_have_to_look_at(
    comes: Comes, clock: MovableClock, tmp_path: Path, language: str, width: int
) -> None:
    market = Market(clock)
    hanako, first, second = market.member("hanako", is_named=False), market.staff("first"), market.staff("second")
    Member.objects.filter(pk=hanako.pk).update(language=language)
    person = comes(hanako, width=width, language=language, bypass_csp=True)
    found: list[str] = []

    def looked_at(path: str, shot: str) -> None:
        person.open(path)
        person.page.screenshot(path=tmp_path / f"{shot}-{language}.png", full_page=True)
        found.extend(violations(person) + ids_used_twice(person))

    looked_at("/my/bank-account/", "before")
    person.page.locator('main a[href="/my/name/"]').first.click()
    person.page.wait_for_url("**/my/name/")
    looked_at("/my/name/", "name")
    person.fill(name="髙橋 花子", kana="たかはし はなこ", trade_name="みほん堂", trade_kana="ミホンドウ")
    person.page.locator("main form button[type=submit]").click()
    person.page.wait_for_selector("#current")
    looked_at("/my/name/", "named")
    person.open(TO_FORM).fill(account_kind="1", account_number="9000011", holder_kana="ミホンドウ タカハシ ハナコ")
    person.page.locator("#register button[type=submit]").click()
    person.page.wait_for_selector("#current")
    looked_at("/my/bank-account/", "waiting")
    review = HolderReview.objects.get()
    assert review.finding == "trade_name"
    desk = comes(first, width=width, language="ja", bypass_csp=True)
    for path, shot in (("/console/payouts/holders/", "desk"), (f"/console/payouts/holders/{review.pk}/", "holder")):
        desk.open(path)
        desk.page.screenshot(path=tmp_path / f"{shot}-{width}.png", full_page=True)
        found.extend(violations(desk) + ids_used_twice(desk))
    services.refuse_holder(actor=first, review_id=review.pk, reason="屋号の分かる書類がありません。")
    looked_at("/my/bank-account/", "refused")
    person.fill(within="#current", statement="開業届を出しています。")
    person.page.locator("#current form button[type=submit]").click()
    person.page.wait_for_selector("#contest", state="detached")
    looked_at("/my/bank-account/", "contested")
    services.approve_holder(actor=second, review_id=review.pk, reason="確かめました。")
    looked_at("/my/bank-account/", "approved")
    assert not BankAccount.objects.get().fault_code
    assert not found, "\n".join(found)
