"""Disputes of cardholders: what is taken back, given back and lost, and who never pays for it; against the real gateway."""

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests import story
from tests.conftest import MovableClock
from tests.service.payments.gateway import SECRET, RunningGateway, running

from kotowari.contracts import services as contracts
from kotowari.contracts.models import Milestone
from kotowari.foundation import deadlines, outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.kernel import clock as time
from kotowari.kernel.errors import InputError, NotVisible, Refused
from kotowari.kernel.gates import explain
from kotowari.ledger import accounts
from kotowari.ledger.explaining import why_of
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.payments import gates, services
from kotowari.payments.cards import DisputeAnswer, signing
from kotowari.payments.cards.gateway.book import DISPUTE_FEE_YEN
from kotowari.payments.models import CardDispute, CardPayment, CardRefund, WebhookEvent
from kotowari.payments.services.cards.disputing import OvertakenError, settle_card_dispute
from kotowari.payments.services.cards.refunding import mark_refund_sent
from kotowari.payouts.selectors.own_money import client_money

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


def paid(gateway: RunningGateway) -> tuple[Milestone, CardPayment]:
    (m,) = story.milestones(story.contract())
    payment = services.start_card_payment(actor=m.contract.client, milestone_id=m.pk)
    services.open_card_page(payment_id=payment.pk)
    gateway.pay(payment.key)
    return m, services.ask_about_card(actor=SYSTEM, payment_id=payment.pk)


def message(kind: str, dispute: str, key: str = "", id: str = "") -> Any:
    """A signed message of the gateway, brought to the door that it uses."""
    body = json.dumps({"id": id or f"evt_{kind}_{dispute}", "kind": kind, "key": key, "dispute": dispute}).encode()
    return Client().post(
        "/api/v1/webhooks/cards",
        body,
        content_type="application/json",
        headers={signing.HEADER: signing.sign(body, SECRET)},
    )


def disputed(gateway: RunningGateway, payment: CardPayment, **about: Any) -> CardDispute:
    made = gateway.dispute(payment.key, **{"evidence_due": due_in(days=7), **about})
    assert message("dispute.opened", made["id"], payment.key).status_code == 200
    told()
    return CardDispute.objects.get(reference=made["id"])


def due_in(**delta: float) -> int:
    return int((time.now() + timedelta(**delta)).timestamp())


def ended(gateway: RunningGateway, dispute: CardDispute, state: str) -> CardDispute:
    gateway.end_dispute(dispute.reference, state)
    after = services.ask_about_dispute(actor=SYSTEM, dispute_id=dispute.pk)
    told()
    return after


def _answer(dispute: CardDispute, payment: CardPayment, *, taken_yen: int) -> DisputeAnswer:
    return DisputeAnswer(
        outcome="open",
        reference=dispute.reference,
        charge=payment.charge,
        amount_yen=payment.amount_yen,
        taken_yen=taken_yen,
        fee_yen=0,
        reason="fraudulent",
        evidence_due_at=dispute.evidence_due_at,
        is_answered=False,
    )


def told() -> None:
    while outbox.deliver_waiting():
        pass


def time_passes(clock: MovableClock, **by: float) -> None:
    clock.move(**by)
    deadlines.run_all_due()
    told()


def give_up(m: Milestone) -> None:
    """The contract ends early, so the escrow goes back."""
    request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")
    contracts.agree_end(actor=m.contract.client, request_id=request.pk)
    told()


def accept(m: Milestone) -> None:
    contracts.deliver(actor=m.contract.worker, milestone_id=m.pk, message="納品", links=[])
    contracts.accept_delivery(actor=m.contract.client, milestone_id=m.pk)
    told()


def money(payment: CardPayment) -> dict[str, int]:
    """Where the money of one payment is; the market's own accounts are of the whole test."""
    dispute = payment.disputes.first()
    return {
        "owed": -balance_of(accounts.card_clearing("fake")),
        "disputed": -balance_of(accounts.card_disputed(dispute.pk)) if dispute else 0,
        "lost": -balance_of(accounts.card_dispute_losses()),
        "fees": -balance_of(accounts.card_fees()),
    }


def books_are_right() -> None:
    assert [r.detail for r in check_all() if not r.ok] == []


def noticed(member: Any) -> set[str]:
    return set(Notice.objects.filter(member=member).values_list("kind", flat=True))


@pytest.mark.rule("P021")
def test_what_is_taken_back_lies_in_dispute_and_the_work_goes_on(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = paid(gateway)
    staff = story.member(is_staff=True)
    dispute = disputed(gateway, payment)
    price = payment.amount_yen
    assert (dispute.state, dispute.payment_id, dispute.taken_yen) == ("opened", payment.pk, price)
    assert money(payment) == {"owed": -DISPUTE_FEE_YEN, "disputed": price, "lost": 0, "fees": DISPUTE_FEE_YEN}
    assert balance_of(accounts.escrow(m.pk)) == price
    assert "payments.dispute_opened_staff" in noticed(staff)
    assert "payments.dispute_opened" in noticed(m.contract.client)
    assert "payments.dispute_reward_safe" in noticed(m.contract.worker)
    books_are_right()
    accept(m)
    reward = balance_of(accounts.available(m.contract.worker_id))
    assert reward > 0
    assert ended(gateway, dispute, "lost").state == "lost"
    assert money(payment) == {"owed": -DISPUTE_FEE_YEN, "disputed": 0, "lost": price, "fees": DISPUTE_FEE_YEN}
    assert balance_of(accounts.available(m.contract.worker_id)) == reward, "the operator bears it"
    assert {"payments.dispute_ended_staff"} <= noticed(staff)
    assert "payments.dispute_ended" in noticed(m.contract.client)
    books_are_right()


@pytest.mark.rule("P021")
def test_what_is_won_is_owed_again_and_the_fee_stays_as_the_processor_says(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    _, payment = paid(gateway)
    dispute = ended(gateway, disputed(gateway, payment), "won")
    assert dispute.state == "won"
    assert money(payment) == {
        "owed": payment.amount_yen - DISPUTE_FEE_YEN,
        "disputed": 0,
        "lost": 0,
        "fees": DISPUTE_FEE_YEN,
    }
    assert [j.kind for j in Journal.objects.filter(kind__startswith="card_dispute").order_by("pk")] == [
        "card_dispute_opened",
        "card_dispute_won",
    ]
    books_are_right()


@pytest.mark.rule("P021")
def test_banks_change_their_minds_and_the_books_follow_the_money(clock: MovableClock, gateway: RunningGateway) -> None:
    _, payment = paid(gateway)
    dispute = ended(gateway, disputed(gateway, payment), "lost")
    assert ended(gateway, dispute, "won").state == "won"
    assert money(payment)["lost"] == 0
    assert money(payment)["owed"] == payment.amount_yen - DISPUTE_FEE_YEN
    books_are_right()
    assert ended(gateway, dispute, "open").state == "opened"
    assert money(payment)["disputed"] == payment.amount_yen
    assert ended(gateway, dispute, "lost").state == "lost"
    assert money(payment)["lost"] == payment.amount_yen
    books_are_right()


@pytest.mark.rule("P021")
def test_a_refund_waits_for_the_dispute_and_goes_when_it_is_won(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = paid(gateway)
    dispute = disputed(gateway, payment)
    give_up(m)
    refund = CardRefund.objects.get()
    assert (refund.state, refund.due_at) == ("recorded", dispute.decide_by)
    with pytest.raises(Refused) as refused:
        mark_refund_sent(actor=SYSTEM, refund_id=refund.pk)
    blocker = refused.value.decision.blockers[0]
    assert (blocker.code, blocker.rule) == ("payments.cardrefund.send.dispute_open", "P021")
    assert blocker.clears_at == dispute.decide_by
    (mine,) = client_money(m.contract.client).rows
    assert "チャージバック" in mine.why.words.ja
    time_passes(clock, days=1)
    assert gateway.refunds() == []
    books_are_right()
    ended(gateway, dispute, "won")
    time_passes(clock, minutes=1)
    refund.refresh_from_db()
    payment.refresh_from_db()
    assert (refund.state, payment.state) == ("succeeded", "refunded")
    assert balance_of(accounts.card_clearing("fake")) == DISPUTE_FEE_YEN
    books_are_right()


@pytest.mark.rule("P021")
def test_a_refund_of_what_the_bank_has_given_back_covers_the_loss(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = paid(gateway)
    dispute = disputed(gateway, payment)
    give_up(m)
    ended(gateway, dispute, "lost")
    refund = CardRefund.objects.get()
    payment.refresh_from_db()
    assert (refund.state, refund.covered_yen, payment.state) == ("replaced", payment.amount_yen, "refunded")
    assert money(payment)["lost"] == 0
    assert balance_of(accounts.refund_due(m.contract.client_id)) == 0
    assert "payments.card_refund_replaced" in noticed(m.contract.client)
    time_passes(clock, days=2)
    assert [r for r in gateway.refunds() if r["charge"] == payment.charge] == []
    books_are_right()


@pytest.mark.rule("P021")
def test_a_milestone_that_ends_after_the_loss_is_not_refunded_a_second_time(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    m, payment = paid(gateway)
    dispute = ended(gateway, disputed(gateway, payment), "lost")
    assert money(payment)["lost"] == payment.amount_yen
    give_up(m)
    assert CardRefund.objects.get().state == "replaced"
    assert money(payment)["lost"] == 0
    books_are_right()
    # Should the bank change its mind after all, the client has nothing any more, and is due it by bank.
    assert ended(gateway, dispute, "won").state == "won"
    assert balance_of(accounts.refund_due(m.contract.client_id)) == payment.amount_yen
    assert money(payment) == {
        "owed": payment.amount_yen - DISPUTE_FEE_YEN,
        "disputed": 0,
        "lost": 0,
        "fees": DISPUTE_FEE_YEN,
    }
    books_are_right()


@pytest.mark.rule("P021")
def test_of_a_part_that_was_disputed_the_rest_goes_back_to_the_card(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    m, payment = paid(gateway)
    dispute = disputed(gateway, payment, amount_yen=4_000)
    give_up(m)
    ended(gateway, dispute, "lost")
    time_passes(clock, minutes=1)
    refund = CardRefund.objects.get()
    assert (refund.state, refund.covered_yen) == ("succeeded", 4_000)
    (sent,) = [r for r in gateway.refunds() if r["charge"] == payment.charge]
    assert sent["amount_yen"] == payment.amount_yen - 4_000
    assert money(payment)["lost"] == 0
    assert balance_of(accounts.card_clearing("fake")) == DISPUTE_FEE_YEN
    books_are_right()


@pytest.mark.rule("P021")
def test_a_refund_that_the_card_did_not_take_does_not_go_by_bank_while_the_bank_may_pay_it(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    m, payment = paid(gateway)
    give_up(m)
    gateway.weather(refund="pending")
    time_passes(clock, minutes=1)
    refund = CardRefund.objects.get()
    assert refund.state == "unknown"
    dispute = disputed(gateway, payment)
    gateway.settle_refund(refund.key, "failed")
    time_passes(clock, minutes=3)
    refund.refresh_from_db()
    assert (refund.state, refund.reference) == ("recorded", ""), "what goes again is another refund"
    assert balance_of(accounts.refund_due(m.contract.client_id)) == 0
    books_are_right()
    ended(gateway, dispute, "lost")
    refund.refresh_from_db()
    assert refund.state == "replaced"
    assert balance_of(accounts.refund_due(m.contract.client_id)) == 0
    books_are_right()


def test_an_inquiry_takes_nothing_and_keeps_no_refund_back(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = paid(gateway)
    dispute = disputed(gateway, payment, is_inquiry=True)
    assert (dispute.state, dispute.taken_yen, dispute.moves) == ("opened", 0, 0)
    give_up(m)
    time_passes(clock, minutes=1)
    assert CardRefund.objects.get().state == "succeeded"
    books_are_right()


def test_an_inquiry_that_becomes_a_chargeback_is_told_anew(clock: MovableClock, gateway: RunningGateway) -> None:
    staff = story.member(is_staff=True)
    m, payment = paid(gateway)
    dispute = disputed(gateway, payment, is_inquiry=True)
    telling = Notice.objects.filter(member=staff, kind="payments.dispute_opened_staff")
    assert telling.count() == 1
    answered = _answer(dispute, payment, taken_yen=payment.amount_yen)
    for _ in range(2):
        dispute.refresh_from_db()
        settle_card_dispute(actor=SYSTEM, dispute_id=dispute.pk, answer=answered, asked_when=dispute.version)
        told()
    assert telling.count() == 2
    assert balance_of(accounts.escrow(m.pk)) == payment.amount_yen


def test_an_answer_that_a_newer_one_overtook_counts_for_nothing(clock: MovableClock, gateway: RunningGateway) -> None:
    _, payment = paid(gateway)
    dispute = disputed(gateway, payment, is_inquiry=True)
    asked_when = dispute.version
    newer, older = (_answer(dispute, payment, taken_yen=yen) for yen in (payment.amount_yen, 0))
    settle_card_dispute(actor=SYSTEM, dispute_id=dispute.pk, answer=newer, asked_when=asked_when)
    with pytest.raises(OvertakenError):
        settle_card_dispute(actor=SYSTEM, dispute_id=dispute.pk, answer=older, asked_when=asked_when)
    dispute.refresh_from_db()
    assert dispute.taken_yen == payment.amount_yen
    books_are_right()


def test_allowing_cards_again_is_of_one_loss_and_not_of_the_next(clock: MovableClock, gateway: RunningGateway) -> None:
    staff = story.member(is_staff=True)
    _, payment = paid(gateway)
    dispute = ended(gateway, disputed(gateway, payment), "lost")
    services.allow_cards_again(actor=staff, dispute_id=dispute.pk, note="取り違えでした")
    ended(gateway, dispute, "won")
    assert ended(gateway, dispute, "lost").cards_allowed_at is None


@pytest.mark.rule("P021")
def test_a_dispute_of_a_payment_nobody_knows_is_kept_and_told_to_staff(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    staff = story.member(is_staff=True)
    made = gateway.dispute("not-ours", amount_yen=5_000)
    assert message("dispute.opened", made["id"]).status_code == 200
    told()
    dispute = CardDispute.objects.get()
    assert (dispute.state, dispute.payment_id, dispute.taken_yen) == ("opened", None, 5_000)
    assert -balance_of(accounts.card_disputed(dispute.pk)) == 5_000
    assert "payments.dispute_opened_staff" in noticed(staff)
    assert "記録にない" in why_of([accounts.card_disputed(dispute.pk)])[accounts.card_disputed(dispute.pk)].words.ja
    time_passes(clock, days=2)
    assert "payments.operator_reminded" in noticed(staff)
    assert ended(gateway, dispute, "lost").state == "lost"
    assert -balance_of(accounts.card_dispute_losses()) == 5_000
    books_are_right()


def test_a_dispute_that_comes_before_its_payment_is_known_finds_it(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    (m,) = story.milestones(story.contract())
    payment = services.start_card_payment(actor=m.contract.client, milestone_id=m.pk)
    services.open_card_page(payment_id=payment.pk)
    gateway.pay(payment.key)
    made = gateway.dispute(payment.key)
    message("dispute.opened", made["id"])  # names no key of ours
    assert CardDispute.objects.get().payment_id is None
    services.ask_about_card(actor=SYSTEM, payment_id=payment.pk)
    told()
    dispute = CardDispute.objects.get()
    assert (dispute.payment_id, dispute.state) == (payment.pk, "opened")
    books_are_right()


@pytest.mark.rule("P014")
def test_a_processor_that_does_not_answer_is_asked_until_it_does(clock: MovableClock, gateway: RunningGateway) -> None:
    _, payment = paid(gateway)
    made = gateway.dispute(payment.key)
    gateway.weather(fail_before=1)
    assert message("dispute.opened", made["id"], payment.key).status_code == 200
    dispute = CardDispute.objects.get()
    assert (dispute.state, dispute.taken_yen) == ("heard", 0)
    gateway.weather(lose_answers=1)
    time_passes(clock, minutes=3)
    time_passes(clock, minutes=3)
    dispute.refresh_from_db()
    assert (dispute.state, dispute.taken_yen) == ("opened", payment.amount_yen)
    # Nobody told us of its end: the clock asks.
    gateway.end_dispute(dispute.reference, "won")
    time_passes(clock, hours=7)
    dispute.refresh_from_db()
    assert dispute.state == "won"
    books_are_right()


@pytest.mark.rule("P014")
def test_messages_twice_and_in_any_order_do_nothing_twice(clock: MovableClock, gateway: RunningGateway) -> None:
    _, payment = paid(gateway)
    made = gateway.dispute(payment.key)
    gateway.end_dispute(made["id"], "won")
    for kind in ("dispute.won", "dispute.opened", "dispute.won", "dispute.opened"):
        assert message(kind, made["id"], payment.key).status_code == 200
    dispute = CardDispute.objects.get()
    assert (dispute.state, dispute.fee_yen) == ("won", DISPUTE_FEE_YEN)
    assert WebhookEvent.objects.filter(dispute=dispute).count() == 2, "an event id is handled once"
    assert Journal.objects.filter(kind__startswith="card_dispute").count() == 1, "its fee"
    books_are_right()


def test_a_message_that_lies_is_not_believed(clock: MovableClock, gateway: RunningGateway) -> None:
    _, payment = paid(gateway)
    assert message("dispute.lost", "dsp_of_nobody", payment.key).status_code == 200
    assert CardDispute.objects.get().state == "unfounded"
    assert not Journal.objects.filter(kind__startswith="card_dispute").exists()
    books_are_right()


@pytest.mark.rule("P021")
def test_whoever_disputes_pays_by_bank_until_it_is_decided(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = paid(gateway)
    client = m.contract.client
    (other,) = story.milestones(story.contract(client=client))
    assert explain(gates.PAY_BY_CARD, client, other).allowed
    dispute = disputed(gateway, payment)
    decision = explain(gates.PAY_BY_CARD, client, other)
    (blocker,) = decision.blockers
    assert (blocker.code, blocker.clears_at) == ("payments.card.pay.dispute_open", dispute.decide_by)
    assert blocker.appeal is not None
    assert explain(gates.SEE_INSTRUCTION, client, other).allowed, "other ways are as they were"
    ended(gateway, dispute, "lost")
    (blocker,) = explain(gates.PAY_BY_CARD, client, other).blockers
    assert blocker.code == "payments.card.pay.dispute_lost"
    assert blocker.remedy is not None
    assert blocker.remedy.url.startswith("/contact/")
    staff = story.member(is_staff=True)
    with pytest.raises(InputError):
        services.allow_cards_again(actor=staff, dispute_id=dispute.pk, note=" ")
    services.allow_cards_again(actor=staff, dispute_id=dispute.pk, note="持ち主の思い違いと確かめた")
    told()
    assert explain(gates.PAY_BY_CARD, client, other).allowed
    assert "payments.cards_allowed" in noticed(client)
    with pytest.raises(Refused):
        services.allow_cards_again(actor=staff, dispute_id=dispute.pk, note="もう一度")


def test_staff_are_reminded_of_evidence_daily_until_it_is_given(clock: MovableClock, gateway: RunningGateway) -> None:
    _, payment = paid(gateway)
    staff = story.member(is_staff=True)
    dispute = disputed(gateway, payment, evidence_due=due_in(days=10))

    def reminders() -> int:
        return Notice.objects.filter(member=staff, kind="payments.operator_reminded").count()

    time_passes(clock, days=2)
    assert reminders() == 0
    time_passes(clock, days=6)
    assert reminders() == 1
    time_passes(clock, hours=1)
    assert reminders() == 1, "once a day"
    time_passes(clock, days=3)
    assert reminders() == 2, "and past the deadline, too"
    gateway.answer_dispute(dispute.reference)
    time_passes(clock, days=1)
    assert CardDispute.objects.get().is_answered
    so_far = reminders()
    time_passes(clock, days=30)
    assert reminders() == so_far
    time_passes(clock, days=60)
    assert reminders() == so_far + 1, "a bank that does not decide is asked about"
    books_are_right()


@pytest.mark.rule("P021")
@pytest.mark.parametrize("seed", range(4))
def test_whatever_a_processor_says_in_whatever_order_every_yen_is_somewhere(
    clock: MovableClock, gateway: RunningGateway, seed: int
) -> None:
    chance = random.Random(seed)
    m, payment = paid(gateway)
    dispute = disputed(gateway, payment)
    for step in range(14):
        outcome: Any = chance.choice(["open", "open", "won", "lost", "lost"])
        answer = DisputeAnswer(
            outcome=outcome,
            reference=dispute.reference,
            charge=payment.charge,
            amount_yen=payment.amount_yen,
            taken_yen=0 if outcome == "won" else chance.choice([0, 1, 4_000, payment.amount_yen]),
            fee_yen=chance.choice([0, DISPUTE_FEE_YEN]),
            reason="fraudulent",
            evidence_due_at=None,
            is_answered=chance.random() < 0.3,
        )
        settle_card_dispute(actor=SYSTEM, dispute_id=dispute.pk, answer=answer, asked_when=dispute.version)
        if step == 6 and seed % 2:
            give_up(m)
        dispute.refresh_from_db()
        assert (dispute.taken_yen, dispute.fee_yen) == (answer.taken_yen, answer.fee_yen)
        owed_yen = payment.amount_yen - dispute.taken_yen - dispute.fee_yen
        assert -balance_of(accounts.card_clearing("fake")) == owed_yen
        escrow_yen = balance_of(accounts.escrow(m.pk))
        under_way_yen = sum(balance_of(accounts.card_refund(r.pk)) for r in CardRefund.objects.all())
        due_yen = balance_of(accounts.refund_due(m.contract.client_id))
        with_bank_yen = dispute.covered_yen
        assert escrow_yen + under_way_yen + due_yen + with_bank_yen == payment.amount_yen, "the client's money, once"
        books_are_right()


def test_only_staff_see_a_dispute(clock: MovableClock, gateway: RunningGateway) -> None:
    from kotowari.foundation import subjects

    m, payment = paid(gateway)
    dispute = disputed(gateway, payment)
    with pytest.raises(NotVisible):
        subjects.load("payments.carddispute", str(dispute.pk), actor=m.contract.client)
    assert subjects.load("payments.carddispute", str(dispute.pk), actor=story.member(is_staff=True)) == dispute
