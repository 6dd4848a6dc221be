"""A milestone paid by card: the good way, every bad way, and the way back; against the gateway as a real process."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests import story
from tests.conftest import MovableClock
from tests.service.payments.gateway import EXPIRED, GOOD, POOR, PROVES, SECRET, STOLEN, RunningGateway, running

from kotowari.contracts import services as contracts
from kotowari.contracts.models import Milestone
from kotowari.foundation import deadlines, outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice, OutboxEvent
from kotowari.kernel.errors import InputError, Refused
from kotowari.ledger import accounts
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.payments import services
from kotowari.payments.models import CardPayment, CardRefund
from kotowari.payments.services.cards.refunding import request_card_refund
from kotowari.payouts.selectors import client_money

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


def waiting() -> Milestone:
    (milestone,) = story.milestones(story.contract())
    return milestone


def begun(milestone: Milestone) -> CardPayment:
    """A payment for which the client looks at the processor's page, unless the weather is bad."""
    payment = services.start_card_payment(actor=milestone.contract.client, milestone_id=milestone.pk)
    return services.open_card_page(payment_id=payment.pk)


def asked(payment: CardPayment) -> CardPayment:
    return services.ask_about_card(actor=SYSTEM, payment_id=payment.pk)


def told() -> None:
    while outbox.deliver_waiting():
        pass
    assert not OutboxEvent.objects.filter(delivered_at__isnull=True).exists()


def time_passes(clock: MovableClock, **by: float) -> None:
    clock.move(**by)
    deadlines.run_all_due()
    told()


def state_of(row: Any) -> str:
    row.refresh_from_db()
    return str(row.state)


def books_are_right() -> None:
    assert [r.detail for r in check_all() if not r.ok] == []


def noticed(milestone: Milestone) -> set[str]:
    return set(Notice.objects.filter(member=milestone.contract.client).values_list("kind", flat=True))


@pytest.mark.rule("P014")
def test_a_card_that_pays_fills_the_escrow_at_once(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    payment = begun(m)
    assert payment.state == "open"
    assert payment.hosted_url.startswith(gateway.url)
    gateway.pay(payment.key)
    assert asked(payment).state == "succeeded"
    m.refresh_from_db()
    assert (m.state, m.card_payment_id) == ("funded", payment.pk)
    assert balance_of(accounts.escrow(m.pk)) == m.client_pays_yen
    assert balance_of(accounts.card_clearing("fake")) == -m.client_pays_yen
    assert balance_of(accounts.card_held(payment.pk)) == 0
    assert lies_in(m) == ["escrow"]
    told()
    assert "contracts.milestone_funded" in set(OutboxEvent.objects.values_list("kind", flat=True))
    books_are_right()


@pytest.mark.parametrize(
    ("card", "proved", "state", "code"),
    [
        (POOR, False, "open", "insufficient_funds"),
        (EXPIRED, False, "open", "expired_card"),
        (STOLEN, False, "declined", "stolen_card"),
        (PROVES, False, "open", "authentication_failed"),
        (PROVES, True, "succeeded", ""),
    ],
)
def test_every_card_of_the_demo_does_what_it_says(
    clock: MovableClock, gateway: RunningGateway, card: str, proved: bool, state: str, code: str
) -> None:
    payment = begun(waiting())
    gateway.pay(payment.key, card, proved=proved)
    after = asked(payment)
    assert (after.state, after.code) == (state, code)
    if state == "open":
        gateway.pay(payment.key, GOOD)
        assert asked(payment).state == "succeeded", "another card on the same page"
    books_are_right()


def test_a_declined_card_leaves_the_way_open_for_another_payment(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    first = begun(m)
    gateway.pay(first.key, STOLEN)
    assert asked(first).state == "declined"
    told()
    assert "payments.card_not_paid" in noticed(m)
    second = begun(m)
    gateway.pay(second.key)
    assert asked(second).state == "succeeded"
    assert second.key != first.key
    books_are_right()


@pytest.mark.rule("P014")
def test_a_lost_answer_is_found_out_by_asking_and_nothing_is_made_twice(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    gateway.weather(lose_answers=1)
    payment = begun(waiting())
    assert payment.state == "unknown"
    assert len(gateway.payments(payment.key)) == 1, "done, and we do not know it"
    deadlines.run_all_due()
    assert state_of(payment) == "open"
    assert len(gateway.payments(payment.key)) == 1
    gateway.pay(payment.key)
    assert asked(payment).state == "succeeded"
    books_are_right()


@pytest.mark.rule("P014")
def test_a_call_that_never_arrived_is_over_and_nothing_was_charged(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    gateway.weather(fail_before=1)
    m = waiting()
    payment = begun(m)
    assert payment.state == "unknown"
    assert gateway.payments(payment.key) == []
    deadlines.run_all_due()
    payment.refresh_from_db()
    assert (payment.state, payment.code) == ("expired", "never_asked")
    assert begun(m).state == "open", "the client can begin again"


@pytest.mark.rule("P003")
def test_a_page_that_nobody_pays_on_is_closed_by_its_clock(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    payment = begun(m)
    time_passes(clock, minutes=29)
    assert state_of(payment) == "open"
    time_passes(clock, minutes=2)
    assert state_of(payment) == "expired"
    assert gateway.payments(payment.key)[0]["state"] == "expired", "nobody can pay there any more"
    assert "payments.card_not_paid" in noticed(m)
    m.refresh_from_db()
    assert m.state == "awaiting_funding"


def test_who_paid_in_the_last_minute_has_paid(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    payment = begun(m)
    gateway.pay(payment.key)
    time_passes(clock, minutes=31)
    assert state_of(payment) == "succeeded"
    assert state_of(m) == "funded"
    books_are_right()


def test_one_payment_at_a_time_and_the_refusal_leads_to_it(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    payment = begun(m)
    with pytest.raises(Refused) as refused:
        services.start_card_payment(actor=m.contract.client, milestone_id=m.pk)
    (blocker,) = refused.value.decision.blockers
    assert blocker.code == "payments.card.pay.card_under_way"
    assert str(payment.pk) in blocker.remedy.url
    assert blocker.clears_at == payment.due_at


@pytest.mark.rule("P009")
def test_paid_by_bank_and_by_card_the_card_gets_all_of_it_back(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    payment = begun(m)
    services.let_bank_send(actor=m.contract.client, milestone_id=m.pk)
    assert state_of(m) == "funded"
    gateway.pay(payment.key)
    assert asked(payment).state == "succeeded"
    assert balance_of(accounts.escrow(m.pk)) == m.client_pays_yen
    told()
    assert "payments.card_paid_in_vain" in noticed(m)
    assert lies_in(m) == ["escrow", "card_refund"]
    deadlines.run_all_due()
    told()
    assert state_of(payment) == "refunded"
    assert "payments.card_refunded" in noticed(m)
    assert [r["amount_yen"] for r in gateway.refunds() if r["charge"] == payment.charge] == [m.client_pays_yen]
    assert balance_of(accounts.card_clearing("fake")) == 0
    books_are_right()


@pytest.mark.rule("P009")
def test_paid_after_the_milestone_was_cancelled_it_goes_back(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    payment = begun(m)
    request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="no_longer_needed")
    contracts.agree_end(actor=m.contract.client, request_id=request.pk)
    assert state_of(m) == "cancelled"
    gateway.pay(payment.key)
    asked(payment)
    deadlines.run_all_due()
    assert state_of(payment) == "refunded"
    books_are_right()


def lies_in(m: Milestone) -> list[str]:
    """Where the client reads that their money is: classes of accounts."""
    return [row.holding.account.of.name for row in client_money(m.contract.client).rows]


def card_funded(gateway: RunningGateway) -> tuple[Milestone, CardPayment]:
    m = waiting()
    payment = begun(m)
    gateway.pay(payment.key)
    payment = asked(payment)
    m.refresh_from_db()
    return m, payment


def end(m: Milestone) -> None:
    request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")
    contracts.agree_end(actor=m.contract.client, request_id=request.pk)


@pytest.mark.rule("P009")
def test_an_escrow_that_a_card_filled_goes_back_to_that_card(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = card_funded(gateway)
    end(m)
    assert state_of(m) == "refunded"
    assert balance_of(accounts.refund_due(m.contract.client_id)) == 0, "not by bank"
    assert balance_of(accounts.card_held(payment.pk)) == m.client_pays_yen
    assert lies_in(m) == ["card_held"]
    books_are_right()
    told()
    assert lies_in(m) == ["card_refund"]
    told_of = Notice.objects.get(member=m.contract.client, kind="contracts.milestone_refunded")
    assert "カード" in told_of.body.ja
    deadlines.run_all_due()
    told()
    assert state_of(payment) == "refunded"
    assert balance_of(accounts.card_clearing("fake")) == 0
    books_are_right()
    outbox.deliver_waiting()
    assert lies_in(m) == []
    assert request_card_refund(actor=SYSTEM, payment_id=payment.pk, amount_yen=1) == payment.refunds.get()


def test_a_card_that_takes_no_refund_is_paid_back_by_bank(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = card_funded(gateway)
    gateway.weather(refund="failed")
    end(m)
    told()
    deadlines.run_all_due()
    told()
    assert state_of(payment.refunds.get()) == "failed"
    assert balance_of(accounts.refund_due(m.contract.client_id)) == m.client_pays_yen
    assert "payments.card_refund_failed" in noticed(m)
    books_are_right()


@pytest.mark.rule("P014")
@pytest.mark.parametrize("weather", [{"lose_answers": 1}, {"fail_before": 1}, {"lose_answers": 3}, {"fail_before": 3}])
def test_a_refund_whose_answer_is_lost_is_made_once(
    clock: MovableClock, gateway: RunningGateway, weather: dict[str, int]
) -> None:
    m, payment = card_funded(gateway)
    end(m)
    told()
    gateway.weather(**weather)
    deadlines.run_all_due()
    books_are_right()
    for _ in range(6):
        time_passes(clock, minutes=3)
    assert state_of(payment.refunds.get()) == "succeeded"
    assert len([r for r in gateway.refunds() if r["charge"] == payment.charge]) == 1
    assert Journal.objects.filter(kind="card_refunded").count() == 1
    books_are_right()


def test_a_refund_that_takes_days_is_waited_for(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = card_funded(gateway)
    gateway.weather(refund="pending")
    end(m)
    told()
    deadlines.run_all_due()
    refund = payment.refunds.get()
    assert state_of(refund) == "unknown"
    time_passes(clock, minutes=10)
    gateway.settle_refund(refund.key, "succeeded")
    time_passes(clock, minutes=3)
    assert state_of(refund) == "succeeded"
    books_are_right()


@pytest.mark.rule("P003", "P014")
def test_what_cannot_be_found_out_goes_to_staff_and_is_still_booked_when_it_turns_up(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    m = waiting()
    payment = begun(m)
    gateway.pay(payment.key)
    gateway.weather(fail_before=1_000)
    for _ in range(26):
        time_passes(clock, hours=1)
    assert state_of(payment) == "set_aside"
    time_passes(clock, days=2)
    staff = story.member(is_staff=True)
    time_passes(clock, days=1)
    assert "payments.operator_reminded" in set(Notice.objects.filter(member=staff).values_list("kind", flat=True))
    with pytest.raises(Refused):
        services.close_card_payment(actor=m.contract.client, payment_id=payment.pk, note="x")
    services.close_card_payment(actor=staff, payment_id=payment.pk, note="カード会社の管理画面で請求なし")
    assert state_of(payment) == "expired"
    gateway.calm()
    assert asked(payment).state == "succeeded", "staff were wrong: the money is there, and is booked"
    assert state_of(m) == "funded"
    books_are_right()


def test_refunds_never_exceed_what_is_held(clock: MovableClock, gateway: RunningGateway) -> None:
    _m, payment = card_funded(gateway)
    with pytest.raises(Refused) as refused:
        request_card_refund(actor=SYSTEM, payment_id=payment.pk, amount_yen=1)
    assert refused.value.decision.blockers[0].code == "payments.card.refund.nothing_held"
    assert not CardRefund.objects.exists()


@pytest.mark.parametrize("more_yen", [1, 10**15, None])
def test_a_refund_of_more_than_is_held_is_refused_with_what_is_held(
    clock: MovableClock, gateway: RunningGateway, more_yen: int | None
) -> None:
    m, payment = card_funded(gateway)
    end(m)
    asked_yen = 0 if more_yen is None else m.client_pays_yen + more_yen
    before = Journal.objects.count()
    with pytest.raises(InputError) as wrong:
        request_card_refund(actor=SYSTEM, payment_id=payment.pk, amount_yen=asked_yen)
    assert f"{m.client_pays_yen:,}円" in wrong.value.fields["amount_yen"][0].ja
    assert (CardRefund.objects.count(), Journal.objects.count()) == (0, before)
    assert request_card_refund(actor=SYSTEM, payment_id=payment.pk, amount_yen=m.client_pays_yen)
    books_are_right()


def test_without_a_processor_nothing_is_offered_and_nothing_is_called(clock: MovableClock, monkeypatch: Any) -> None:
    monkeypatch.delenv("KOTOWARI_CARDS", raising=False)
    m = waiting()
    with pytest.raises(Refused) as refused:
        services.start_card_payment(actor=m.contract.client, milestone_id=m.pk)
    assert [b.code for b in refused.value.decision.blockers] == ["payments.card.pay.no_cards_taken"]
