"""The page on which a client funds a milestone: the transfer to make, what has come, and the demo's bank."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests import story

from kotowari.accounts.models import Member
from kotowari.contracts.models import Milestone
from kotowari.ledger.invariants import check_all
from kotowari.payments.models import Deposit, StatementFile

pytestmark = pytest.mark.django_db


def as_member(member: Member) -> Client:
    browser = Client()
    browser.force_login(member)
    return browser


def waiting() -> tuple[Milestone, str, str]:
    (milestone,) = story.milestones(story.contract())
    ids = {"contract_id": milestone.contract_id, "milestone_id": milestone.pk}
    return milestone, reverse("milestone.fund", kwargs=ids), reverse("milestone.fund.demo", kwargs=ids)


def test_the_address_is_the_promised_one(clock: Any) -> None:
    m, page, _ = waiting()
    assert page == f"/contracts/{m.contract_id}/milestones/{m.pk}/fund/"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_client_sees_where_to_send_exactly_how_much_until_when(clock: Any, language: str) -> None:
    m, page, _ = waiting()
    m.contract.client.language = language
    m.contract.client.save()
    shown = as_member(m.contract.client).get(page)
    words = shown.content.decode()
    assert shown.status_code == 200
    for part in (m.reference, f"{m.client_pays_yen:,}", "9999", "999", "9000001", "見本銀行", "ｺﾄﾜﾘ"):
        assert part in words, part
    assert ("Where to send it" in words) == (language == "en")


def test_the_demos_bank_sends_it_and_the_escrow_is_funded(clock: Any) -> None:
    m, page, demo = waiting()
    browser = as_member(m.contract.client)
    done = browser.post(demo, {"way": "exact", "idempotency_key": "k"})
    assert done.status_code == 303
    assert browser.post(demo, {"way": "exact", "idempotency_key": "k"}).status_code == 303, "a double click"
    m.refresh_from_db()
    assert (m.state, Deposit.objects.count(), StatementFile.objects.count()) == ("funded", 1, 1)
    assert "入金を確認し" in browser.get(done["Location"]).content.decode()
    assert [r.detail for r in check_all() if not r.ok] == []
    after = browser.get(page)
    assert after.status_code == 200
    assert "作業中" in after.content.decode()


def test_too_little_is_told_with_what_is_missing_and_the_rest_completes_it(clock: Any) -> None:
    m, page, demo = waiting()
    browser = as_member(m.contract.client)
    browser.post(demo, {"way": "too_little"})
    words = browser.get(page).content.decode()
    missing_yen = m.client_pays_yen - m.client_pays_yen // 2
    assert f"{missing_yen:,}" in words
    assert "足りません" in words
    browser.post(demo, {"way": "exact"})
    m.refresh_from_db()
    assert m.state == "funded"
    assert {d.state for d in Deposit.objects.all()} == {"matched"}


def test_too_much_funds_and_shows_the_rest(clock: Any) -> None:
    m, page, demo = waiting()
    browser = as_member(m.contract.client)
    browser.post(demo, {"way": "too_much"})
    m.refresh_from_db()
    assert m.state == "funded"
    assert "1,000" in browser.get(page).content.decode()
    browser.post(demo, {"way": "exact"})
    assert Deposit.objects.filter(reason__code="not_awaiting").count() == 1, "a second payment waits"


def test_without_the_reference_it_waits_for_the_operator(clock: Any) -> None:
    m, page, demo = waiting()
    browser = as_member(m.contract.client)
    assert browser.post(demo, {"way": "no_reference"})["Location"] == page
    m.refresh_from_db()
    assert (m.state, Deposit.objects.get().reason["code"]) == ("awaiting_funding", "unknown_payer")


def test_a_way_that_is_not_offered_is_told_at_its_field(clock: Any) -> None:
    m, _, demo = waiting()
    wrong = as_member(m.contract.client).post(demo, {"way": "gold"})
    assert wrong.status_code == 422
    assert "選べるもの" in wrong.content.decode()
    assert Deposit.objects.count() == 0


def test_the_worker_sees_why_she_cannot_and_no_account(clock: Any) -> None:
    m, page, demo = waiting()
    browser = as_member(m.contract.worker)
    shown = browser.get(page)
    words = shown.content.decode()
    assert "この操作は発注者が行います" in words
    assert "9000001" not in words
    assert browser.post(demo, {"way": "exact"}).status_code == 403
    assert Deposit.objects.count() == 0


def test_a_stranger_sees_nothing_and_a_milestone_of_another_contract_is_not_there(clock: Any) -> None:
    m, page, demo = waiting()
    other, _, _ = waiting()
    stranger = as_member(story.member())
    assert stranger.get(page).status_code == stranger.post(demo, {"way": "exact"}).status_code == 404
    crossed = reverse("milestone.fund", kwargs={"contract_id": other.contract_id, "milestone_id": m.pk})
    assert as_member(m.contract.client).get(crossed).status_code == 404


def test_without_an_account_of_the_operator_the_page_says_so(clock: Any, monkeypatch: Any) -> None:
    m, page, _ = waiting()
    monkeypatch.setenv("KOTOWARI_BANK_CODE", "nonsense")
    shown = as_member(m.contract.client).get(page)
    assert "入金口座が設定されていません" in shown.content.decode()


@pytest.mark.parametrize("deposits", [1, 8])
def test_the_page_asks_a_bounded_number_of_queries(
    clock: Any, deposits: int, django_assert_max_num_queries: Any
) -> None:
    m, page, demo = waiting()
    browser = as_member(m.contract.client)
    for _ in range(deposits):
        browser.post(demo, {"way": "too_much"})
    with django_assert_max_num_queries(27):
        assert browser.get(page).status_code == 200
