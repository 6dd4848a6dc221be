"""A disputed card payment as staff, its client and programs see it; the gateway runs as its own process."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import story
from tests.conftest import MovableClock
from tests.flows.test_card_pages import as_member, token, words
from tests.service.payments.gateway import SECRET, RunningGateway, running
from tests.service.payments.test_card_disputes import accept, disputed, due_in, ended, give_up, paid, time_passes

from kotowari.contracts.models import Milestone
from kotowari.ledger.models import Journal
from kotowari.payments.models import CardDispute, CardPayment

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


@pytest.fixture
def case(clock: MovableClock, gateway: RunningGateway) -> tuple[Milestone, CardPayment, CardDispute]:
    m, payment = paid(gateway)
    return m, payment, disputed(gateway, payment, evidence_due=due_in(days=7))


@pytest.mark.rule("P021")
def test_staff_see_money_clock_and_where_to_answer_and_follow_it_to_its_end(
    clock: MovableClock, gateway: RunningGateway, case: tuple[Milestone, CardPayment, CardDispute]
) -> None:
    m, payment, dispute = case
    staff = as_member(story.member(is_staff=True))
    assert "/console/cards/?show=disputes" in words(staff, reverse("console"))
    assert str(dispute.pk) in words(staff, reverse("console.cards") + "?show=disputes")
    assert str(dispute.pk) in words(staff, reverse("console.cards") + "?show=webhooks")
    assert str(dispute.pk) in words(staff, reverse("console.card", kwargs={"payment_id": payment.pk}))
    page = reverse("console.dispute", kwargs={"dispute_id": dispute.pk})
    shown = words(staff, page)
    for said in ("反論する", "自分の支払いではない", "11,000", "1,300", dispute.reference, "運営が負担します"):
        assert said in shown
    give_up(m)
    assert "係争が決まるまで待ちます" in words(staff, page)
    gateway.answer_dispute(dispute.reference)
    assert staff.post(reverse("console.dispute.ask", kwargs={"dispute_id": dispute.pk})).status_code == 303
    assert "反論は出してあります" in words(staff, page)
    refused = staff.post(page, {"note": "早すぎる"})
    assert refused.status_code == 409
    ended(gateway, dispute, "lost")
    assert "この発注者のカード払い" in words(staff, page)
    assert staff.post(page, {"note": ""}).status_code == 422
    assert staff.post(page, {"note": "思い違いと確かめた"}).status_code == 303
    assert "思い違いと確かめた" in words(staff, page)
    for journal in Journal.objects.filter(kind__startswith="card_dispute"):
        words(staff, f"/console/ledger/journals/{journal.pk}/")


def test_a_dispute_of_nobodys_payment_says_what_to_do(clock: MovableClock, gateway: RunningGateway) -> None:
    from tests.service.payments.test_card_disputes import message

    made = gateway.dispute("not-ours", amount_yen=5_000, reason="never heard of")
    message("dispute.opened", made["id"])
    message("dispute.opened", "dsp_of_nobody")
    staff = as_member(story.member(is_staff=True))
    listed = words(staff, reverse("console.cards") + "?show=disputes")
    assert "記録にない支払い" in listed
    for dispute in CardDispute.objects.all():
        shown = words(staff, reverse("console.dispute", kwargs={"dispute_id": dispute.pk}))
        assert ("この支払いは記録にありません" if dispute.state == "opened" else "この係争はありませんでした") in shown


@pytest.mark.rule("P021")
def test_the_client_reads_why_no_card_is_taken_and_where_the_money_is(
    clock: MovableClock, gateway: RunningGateway, case: tuple[Milestone, CardPayment, CardDispute]
) -> None:
    m, payment, dispute = case
    client = m.contract.client
    browser, (other,) = as_member(client), story.milestones(story.contract(client=client))
    ids = {"contract_id": other.contract_id, "milestone_id": other.pk}
    fund = words(browser, reverse("milestone.fund", kwargs=ids))
    assert "チャージバック" in fund
    assert "振込番号" in fund, "the other way is open"
    assert browser.post(reverse("milestone.card.start", kwargs=ids)).status_code == 409
    answer = Client().post(
        f"/api/v1/milestones/{other.pk}/fund",
        json.dumps({"method": "card"}),
        content_type="application/json",
        headers={**token(client), "Idempotency-Key": "a"},
    )
    assert answer.status_code == 409
    (blocker,) = answer.json()["blockers"]
    assert (blocker["code"], blocker["rule"]) == ("payments.card.pay.dispute_open", "P021")
    assert all(blocker[each] for each in ("clears_at", "appeal", "remedy"))
    own = {"contract_id": m.contract_id, "milestone_id": m.pk, "payment_id": payment.pk}
    page = reverse("milestone.card", kwargs=own)
    assert "申立て(チャージバック)が出ています" in words(browser, page)
    assert "カードの係争" in words(browser, reverse("money"))
    give_up(m)
    assert "申立てが決まるまで待っています" in words(browser, page)
    assert "二重に返さないよう" in words(browser, reverse("money"))
    ended(gateway, dispute, "lost")
    assert "重ねて返金することはありません" in words(browser, page)
    assert "カードの係争" not in words(browser, reverse("money"))
    assert "お問い合わせ" in words(browser, reverse("milestone.fund", kwargs=ids))


def test_a_worker_reads_that_the_reward_is_safe_and_gets_it(
    clock: MovableClock, gateway: RunningGateway, case: tuple[Milestone, CardPayment, CardDispute]
) -> None:
    m, _, dispute = case
    worker = as_member(m.contract.worker)
    assert "報酬は守られています" in words(worker, "/notices/")
    accept(m)
    ended(gateway, dispute, "lost")
    time_passes(clock, hours=1)
    m.refresh_from_db()
    assert m.state == "accepted"
