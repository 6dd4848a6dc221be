"""Paying by card on the pages and through the API, and what staff see of it; the gateway runs as its own process."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import story
from tests.conftest import MovableClock
from tests.service.payments.bank_files import file, line
from tests.service.payments.gateway import SECRET, STOLEN, RunningGateway, running
from tests.story import proved

from kotowari.accounts.models import Member
from kotowari.accounts.services import create_api_token
from kotowari.contracts.models import Milestone
from kotowari.foundation import deadlines
from kotowari.foundation.actors import SYSTEM
from kotowari.ledger import accounts
from kotowari.ledger.invariants import check_all
from kotowari.ledger.selectors import balance_of
from kotowari.payments import services
from kotowari.payments.models import CardPayment, Deposit
from kotowari.payments.services import import_statement

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def process() -> Iterator[RunningGateway]:
    with running() as gateway:
        yield gateway


@pytest.fixture
def gateway(process: RunningGateway, monkeypatch: Any) -> RunningGateway:
    process.calm()
    monkeypatch.setenv("KOTOWARI_CARDS", "fake")
    monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_URL", process.url)
    monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_SECRET", SECRET)
    return process


def as_member(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def waiting() -> tuple[Milestone, Client, dict[str, Any]]:
    (m,) = story.milestones(story.contract())
    return m, as_member(m.contract.client), {"contract_id": m.contract_id, "milestone_id": m.pk}


def begin(browser: Client, ids: dict[str, Any]) -> tuple[CardPayment, str]:
    begun = browser.post(reverse("milestone.card.start", kwargs=ids), {"idempotency_key": "k"})
    assert begun.status_code == 303
    return CardPayment.objects.latest("id"), begun["Location"]


def words(browser: Client, address: str) -> str:
    shown = browser.get(address)
    assert shown.status_code == 200
    return str(shown.content.decode())


def test_by_card_from_the_fund_page_to_the_processors_and_back(clock: MovableClock, gateway: RunningGateway) -> None:
    m, browser, ids = waiting()
    assert "カードで支払う" in words(browser, reverse("milestone.fund", kwargs=ids))
    payment, page = begin(browser, ids)
    assert begin(browser, ids)[0] == payment, "a double click"
    shown = words(browser, page)
    assert payment.hosted_url in shown
    assert "0円" in shown
    gateway.pay(payment.key)
    back = browser.get(f"{page}back/")
    assert back["Location"] == page
    assert "お支払いを確認しました" in words(browser, page)
    assert browser.get(f"{page}back/").status_code == 303, "coming back again asks nothing"
    assert browser.post(f"{page}back/").status_code == 409
    m.refresh_from_db()
    assert m.state == "funded"


def test_a_declined_card_says_why_and_what_to_do(clock: MovableClock, gateway: RunningGateway) -> None:
    _, browser, ids = waiting()
    payment, page = begin(browser, ids)
    gateway.pay(payment.key, STOLEN)
    browser.get(f"{page}back/")
    shown = words(browser, page)
    assert "このカードは利用できません" in shown
    assert "もう一度カードで支払う" in shown


def test_what_is_not_known_says_so_and_until_when(clock: MovableClock, gateway: RunningGateway) -> None:
    _, browser, ids = waiting()
    gateway.weather(lose_answers=1, fail_before=0)
    payment, page = begin(browser, ids)
    shown = words(browser, page)
    assert payment.state == "unknown"
    assert "確認中です" in shown
    assert "11月21日" in shown, "by then staff look into it"
    fund = words(browser, reverse("milestone.fund", kwargs=ids))
    assert "進行中" in fund
    browser.post(f"{page}back/")
    assert "カード会社のページへ進む" in words(browser, page)


def test_nobody_else_sees_a_payment(clock: MovableClock, gateway: RunningGateway) -> None:
    m, browser, ids = waiting()
    _, page = begin(browser, ids)
    for other in (m.contract.worker, story.member(), story.member(is_staff=True)):
        assert as_member(other).get(page).status_code == 404
        assert as_member(other).post(f"{page}back/").status_code == 404
    other, _, others = waiting()
    crossed = reverse("milestone.card.start", kwargs={**others, "milestone_id": m.pk})
    assert browser.post(crossed).status_code == 404
    assert other.card_payments.count() == 0


def test_without_a_processor_the_button_says_so(clock: MovableClock, monkeypatch: Any) -> None:
    monkeypatch.delenv("KOTOWARI_CARDS", raising=False)
    _, browser, ids = waiting()
    assert "カード払いを受け付けていません" in words(browser, reverse("milestone.fund", kwargs=ids))
    assert browser.post(reverse("milestone.card.start", kwargs=ids)).status_code == 409


def token(member: Member) -> dict[str, str]:
    made = create_api_token(actor=proved(member), name="books", scopes=["money:read", "money:write"])
    return {"Authorization": f"Bearer {made.plaintext}"}


def test_the_api_gives_the_hosted_page_and_tells_how_it_went(clock: MovableClock, gateway: RunningGateway) -> None:
    m, _, _ = waiting()
    headers = token(m.contract.client)

    def fund(key: str, body: Any) -> Any:
        return Client().post(
            f"/api/v1/milestones/{m.pk}/fund",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={**headers, "Idempotency-Key": key},
        )

    assert fund("a", None).json()["reference"] == m.reference, "by bank, as ever"
    assert fund("b", {"method": "bank"}).json()["missing_yen"] == m.client_pays_yen
    first = fund("c", {"method": "card"}).json()
    assert (first["state"], first["amount_yen"]) == ("open", m.client_pays_yen)
    assert first["hosted_url"].startswith(gateway.url)
    assert fund("c", {"method": "card"}).json()["id"] == first["id"]
    again = fund("d", {"method": "card"})
    assert again.status_code == 409
    assert again.json()["blockers"][0]["code"] == "payments.card.pay.card_under_way"
    gateway.pay(CardPayment.objects.get().key)
    found = Client().get(f"/api/v1/card-payments/{first['id']}", headers=headers).json()
    assert (found["state"], found["hosted_url"]) == ("succeeded", "")
    strangers = token(m.contract.worker)
    assert Client().get(f"/api/v1/card-payments/{first['id']}", headers=strangers).status_code == 404


def test_staff_see_what_is_not_known_and_close_it(clock: MovableClock, gateway: RunningGateway) -> None:
    _, browser, ids = waiting()
    staff = as_member(story.member(is_staff=True))
    payment, _ = begin(browser, ids)
    gateway.weather(fail_before=100_000)
    for _ in range(26):
        clock.move(hours=1)
        deadlines.run_all_due()
    listed = words(staff, reverse("console.cards") + "?show=set_aside")
    assert str(payment.pk) in listed
    for view in ("under_way", "refunds", "", "webhooks"):
        words(staff, reverse("console.cards") + f"?show={view}")
    page = reverse("console.card", kwargs={"payment_id": payment.pk})
    assert payment.key in words(staff, page)
    assert staff.post(reverse("console.card.ask", kwargs={"payment_id": payment.pk})).status_code == 303
    assert staff.post(page, {"note": ""}).status_code == 422
    assert staff.post(page, {"note": "請求なし"}).status_code == 303
    payment.refresh_from_db()
    assert (payment.state, payment.note) == ("expired", "請求なし")
    assert words(staff, reverse("console"))


@pytest.mark.rule("P009")
def test_the_processors_transfer_is_recognised_by_staff_with_its_fee(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    m, browser, ids = waiting()
    payment, _ = begin(browser, ids)
    gateway.pay(payment.key)
    services.ask_about_card(actor=SYSTEM, payment_id=payment.pk)
    fee_yen = 396
    import_statement(actor=SYSTEM, data=file(line(m.client_pays_yen - fee_yen, "ｶ-ﾄﾞｶﾞｲｼﾔ")))
    deposit = Deposit.objects.get()
    staff = as_member(story.member(is_staff=True))
    page = reverse("console.deposit.processor", kwargs={"deposit_id": deposit.pk})
    too_much = staff.post(page, {"processor": "fake", "fee_yen": str(fee_yen + 1)})
    assert too_much.status_code == 409
    assert "未収" in too_much.content.decode()
    assert staff.post(page, {"processor": "fake", "fee_yen": "-1"}).status_code == 422
    assert staff.post(page, {"processor": "fake", "fee_yen": str(fee_yen)}).status_code == 303
    deposit.refresh_from_db()
    assert (deposit.state, deposit.remaining_yen) == ("from_processor", 0)
    assert balance_of(accounts.card_clearing("fake")) == 0
    assert balance_of(accounts.card_fees()) == -fee_yen
    assert [r.detail for r in check_all() if not r.ok] == []
    shown = words(staff, reverse("console.deposit", kwargs={"deposit_id": deposit.pk}))
    assert "カード会社からの入金" in shown
