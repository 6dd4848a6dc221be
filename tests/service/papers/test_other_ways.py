"""Papers of money that came by card, and of rewards that left by other ways than a closing."""

from datetime import date

import pytest
from tests import story
from tests.service.papers.deals import lawful, paper, sides, told
from tests.service.payouts.market import Market, register, reward

from kotowari.contracts.models import Milestone
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock
from kotowari.papers.models import Walk
from kotowari.papers.services import walk_on
from kotowari.payments.cards import CardAnswer
from kotowari.payments.models import CardPayment
from kotowari.payments.services.cards.paying import mark_card_sent
from kotowari.payments.services.cards.settling import settle_card_payment
from kotowari.payouts import services as payouts
from kotowari.payouts.models import Payout
from kotowari.payouts.tasks import make_late_run, make_quick_runs

pytestmark = pytest.mark.django_db


def paid_by_card(milestone: Milestone) -> None:
    now = clock.now()
    payment = CardPayment.objects.create(
        milestone=milestone,
        made_by=milestone.contract.client,
        amount_yen=milestone.client_pays_yen,
        processor="fake",
        account="demo",
        key="a card of a test",
        due_at=now,
        give_up_at=now,
    )
    mark_card_sent(actor=SYSTEM, payment_id=payment.pk)
    answer = CardAnswer(outcome="succeeded", reference="p1", charge="c1", amount_yen=payment.amount_yen)
    settle_card_payment(actor=SYSTEM, payment_id=payment.pk, answer=answer)


def arrived(payout: Payout, market: Market) -> Payout:
    """The payout's run went to the bank, and the bank did as it was told."""
    staff = market.staff()
    payouts.write_run_file(actor=staff, run_id=Payout.objects.get(pk=payout.pk).run_id)
    market.on(payout.pays_on)
    payouts.settle_payout(actor=staff, payout_id=payout.pk)
    told()
    return Payout.objects.get(pk=payout.pk)


def said(kind: str) -> dict[str, int]:
    return {line.label.ja: line.amount_yen for line in paper(kind).sheet.sums}


def test_who_paid_by_card_has_a_receipt_that_says_so(market: Market) -> None:
    milestone = story.milestones(story.contract(**sides()))[0]
    paid_by_card(milestone)
    told()
    receipt = paper("receipt")
    assert receipt.total_yen == milestone.client_pays_yen
    assert "お支払い方法: クレジットカード" in [note.ja for note in receipt.sheet.notes]
    lawful()


def test_a_receipt_of_a_card_payment_that_nobody_heard_of_is_found_missing(market: Market) -> None:
    paid_by_card(story.milestones(story.contract(**sides()))[0])
    assert not Walk.objects.filter(through__isnull=False).exists()
    market.on(date(2026, 11, 28))
    while walk_on(actor=SYSTEM, name="journals"):
        pass
    assert paper("receipt").party_id is None
    lawful()


@pytest.mark.rule("A055")
def test_the_statement_of_a_quick_payout_tells_its_two_fees_apart(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=10_000)
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 110}]}):
        payout = payouts.request_quick_payout(actor=worker)
    make_quick_runs()
    payout = arrived(payout, market)
    sums = said("payout_statement")
    assert sums["クイック出金"] == 10_000
    assert sums["クイック出金利用料(税込)"] == -350
    assert sums["振込手数料(税込)"] == 350 - payout.fee_yen
    assert sums["お振込金額"] == payout.net_yen == paper("payout_statement").total_yen
    lawful()


@pytest.mark.rule("A043")
def test_what_is_paid_at_its_time_limit_has_its_statement(market: Market) -> None:
    worker = market.member("hanako")
    register(worker)
    reward(worker, 300, fixed_at=clock.now())
    market.on(date(2027, 5, 24))
    payouts.expire_rewards(actor=SYSTEM, day=clock.today())
    make_late_run()
    payout = arrived(Payout.objects.get(member=worker, kind="expiry"), market)
    assert said("payout_statement")["出金期限による報酬の出金"] == payout.gross_yen == 300
    lawful()
