"""A disputed card payment on the screens of staff and of its client, from the message to the end."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests import story
from tests.browser.conftest import Comes
from tests.conftest import MovableClock
from tests.service.payments.gateway import SECRET, RunningGateway, running
from tests.service.payments.test_card_disputes import give_up, message, paid

from kotowari.ledger.invariants import check_all
from kotowari.payments.models import CardDispute

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gateway(live_server: Any, settings: Any, monkeypatch: Any) -> Iterator[RunningGateway]:
    settings.BASE_URL = live_server.url
    with running() as process:
        monkeypatch.setenv("KOTOWARI_CARDS", "fake")
        monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_URL", process.url)
        monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_SECRET", SECRET)
        yield process


@pytest.mark.parametrize("width", [360, 1440])
def test_staff_follow_a_dispute_and_the_client_reads_what_it_means(
    clock: MovableClock, gateway: RunningGateway, comes: Comes, width: int
) -> None:
    m, payment = paid(gateway)
    client = comes(m.contract.client, width=width)
    client.open(f"/contracts/{m.contract_id}/milestones/{m.pk}/fund/card/{payment.pk}/")
    client.page.get_by_role("link", name="申立て(チャージバック)を試す").click()
    client.press("カードの持ち主として申し立てる").sees("発行会社が決めるところ")
    (made,) = [each for each in gateway.book()["disputes"] if each["key"] == payment.key]
    assert message("dispute.opened", made["id"], payment.key).status_code == 200
    dispute = CardDispute.objects.get()
    give_up(m)
    client.open(f"/contracts/{m.contract_id}/milestones/{m.pk}/fund/card/{payment.pk}/")
    client.sees("申立て(チャージバック)が出ています", "申立てが決まるまで待っています")
    client.open("/my/money/").sees("カードの係争", "二重に返さないよう")
    staff = comes(story.member(is_staff=True), width=width)
    staff.open("/console/").press("カードの係争").press(m.title)
    staff.sees("反論する", "運営が負担します", "係争が決まるまで待ちます", dispute.reference)
    bank = comes(None, width=width)
    bank.page.goto(payment.hosted_url)
    bank.press("お店として反論を出す").press("発行会社として認める").sees("カードの持ち主に返しました")
    staff.press("カード会社に係争を確かめる").sees("戻らないと決まりました", "カードの発行会社が返金済み")
    staff.fill(note="持ち主の思い違いと確かめた").press("カード払いを再び認める").sees("カード払いを再び認めました")
    client.open(f"/contracts/{m.contract_id}/milestones/{m.pk}/fund/card/{payment.pk}/")
    client.sees("重ねて返金することはありません")
    assert [r.detail for r in check_all() if not r.ok] == []
