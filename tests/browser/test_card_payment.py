"""A client pays by card in the browser: to the sample processor's page, declined, then paid, and back."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests import story
from tests.browser.conftest import Comes, Person
from tests.conftest import MovableClock
from tests.service.payments.gateway import GOOD, POOR, PROVES, SECRET, RunningGateway, running

from kotowari.contracts.models import Milestone
from kotowari.ledger.invariants import check_all
from kotowari.payments.models import CardPayment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gateway(live_server: Any, settings: Any, monkeypatch: Any) -> Iterator[RunningGateway]:
    settings.BASE_URL = live_server.url
    with running() as process:
        monkeypatch.setenv("KOTOWARI_CARDS", "fake")
        monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_URL", process.url)
        monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_SECRET", SECRET)
        yield process


def on_the_processors_page(person: Person, card: str, button: str) -> Person:
    person.page.locator(f'input[name="card"][value="{card}"]').check()
    return person.press(button)


def begins(person: Person, m: Milestone) -> Person:
    person.open(f"/contracts/{m.contract_id}/milestones/{m.pk}/fund/")
    person.sees("カードで支払う", "手数料は0円")
    person.press(f"{m.client_pays_yen:,}円をカードで支払う").sees("お支払い待ち")
    return person.press("カード会社のページへ進む").sees(m.title, f"{m.client_pays_yen:,}円")


@pytest.mark.parametrize("width", [360, 1440])
def test_declined_then_paid_and_the_escrow_is_funded(
    clock: MovableClock, gateway: RunningGateway, comes: Comes, width: int
) -> None:
    (m,) = story.milestones(story.contract())
    client = comes(m.contract.client, width=width)
    begins(client, m)
    on_the_processors_page(client, POOR, "支払う").sees("残高または限度額が足りません")
    client.press("お店に戻る").sees("カードの残高または利用可能額が足りません", "別のカード")
    client.press("カード会社のページへ進む")
    on_the_processors_page(client, PROVES, "支払う").sees("本人認証")
    client.press("本人です").sees("お支払いを確認しました", "仮払い")
    m.refresh_from_db()
    assert (m.state, m.card_payment_id) == ("funded", CardPayment.objects.get().pk)
    assert [r.detail for r in check_all() if not r.ok] == []


def test_who_comes_back_without_having_paid_reads_that_nothing_is_paid_yet(
    clock: MovableClock, gateway: RunningGateway, comes: Comes
) -> None:
    (m,) = story.milestones(story.contract())
    client = comes(m.contract.client)
    begins(client, m).press("お店に戻る").sees("お支払い待ち", "までに支払われないと")
    gateway.pay(CardPayment.objects.get().key, GOOD)
    client.press("支払ったか確かめる").sees("お支払いを確認しました")
