"""Cards when things happen at once or break off: 200 submissions, a refund racing a release, SIGKILL at every step."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from tests import story
from tests.conftest import MovableClock
from tests.ledger.test_sigkill import killed_at, points, steps_of
from tests.service.payments.gateway import SECRET, RunningGateway, running

from kotowari.contracts import services as contracts
from kotowari.contracts.models import Milestone
from kotowari.foundation import deadlines, outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import Refused
from kotowari.ledger import accounts
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of
from kotowari.payments import services
from kotowari.payments.cards import Heard
from kotowari.payments.cards.fake import FakeProcessor
from kotowari.payments.models import CardDispute, CardPayment, CardRefund
from kotowari.payments.services.cards.disputing import find_out_dispute
from kotowari.payments.services.cards.hearing import keep_message
from kotowari.payments.services.cards.refunding import send_card_refund

pytestmark = pytest.mark.django_db(transaction=True)


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


def at_once(count: int, call: Callable[[int], object], *, threads: int = 10) -> list[object]:
    """The call from many threads, each with a connection of its own; what each came to."""
    start = threading.Barrier(threads)

    def one(n: int) -> object:
        if n < threads:
            start.wait(30)
        try:
            return call(n)
        except Refused as refused:
            return refused.decision.blockers[0].code.rsplit(".", 1)[-1]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(count)))


def paid(gateway: RunningGateway, m: Milestone) -> CardPayment:
    payment = services.start_card_payment(actor=m.contract.client, milestone_id=m.pk)
    services.open_card_page(payment_id=payment.pk)
    gateway.pay(payment.key)
    return services.ask_about_card(actor=SYSTEM, payment_id=payment.pk)


def waiting() -> Milestone:
    (m,) = story.milestones(story.contract())
    return m


def told() -> None:
    while outbox.deliver_waiting():
        pass


def books_are_right() -> None:
    assert [r.detail for r in check_all() if not r.ok] == []


@pytest.mark.rule("P014")
def test_two_hundred_submissions_are_one_payment(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    client = m.contract.client

    def submit(n: int) -> object:
        key = "the same form" if n % 2 else f"form {n}"
        payment = services.start_card_payment(actor=client, milestone_id=m.pk, idempotency_key=key)
        return services.open_card_page(payment_id=payment.pk).pk

    found = at_once(200, submit)
    payment = CardPayment.objects.get()
    assert set(found) <= {payment.pk, "card_under_way"}
    assert len(gateway.payments(payment.key)) == 1
    gateway.pay(payment.key)
    at_once(40, lambda _: services.ask_about_card(actor=SYSTEM, payment_id=payment.pk).state)
    assert Journal.objects.filter(kind="card_received").count() == 1
    assert balance_of(accounts.escrow(m.pk)) == m.client_pays_yen
    books_are_right()


@pytest.mark.rule("P009")
def test_a_refund_racing_the_release_has_one_winner(clock: MovableClock, gateway: RunningGateway) -> None:
    winners = set()
    for _ in range(6):
        m = waiting()
        payment = paid(gateway, m)
        request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")
        contracts.deliver(actor=m.contract.worker, milestone_id=m.pk, message="納品", links=[])
        contracts.request_changes(actor=m.contract.client, milestone_id=m.pk, points=["x"])

        def race(n: int, m: Milestone = m, request: Any = request) -> object:
            if n:
                return contracts.agree_end(actor=m.contract.client, request_id=request.pk).state
            contracts.deliver(actor=m.contract.worker, milestone_id=m.pk, message="再納品", links=[])
            return contracts.accept_delivery(actor=m.contract.client, milestone_id=m.pk).state

        at_once(2, race, threads=2)
        told()
        deadlines.run_all_due()
        told()
        m.refresh_from_db()
        payment.refresh_from_db()
        assert (m.state, payment.state) in {
            ("accepted", "succeeded"),
            ("refunded", "refunded"),
            ("delivered", "succeeded"),
        }
        assert len([r for r in gateway.refunds() if r["charge"] == payment.charge]) == (m.state == "refunded")
        winners.add(m.state)
    books_are_right()
    assert winners


def test_a_refund_sent_from_many_sides_goes_once(clock: MovableClock, gateway: RunningGateway) -> None:
    m = waiting()
    payment = paid(gateway, m)
    request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")
    contracts.agree_end(actor=m.contract.client, request_id=request.pk)
    at_once(
        8,
        lambda _: services.request_card_refund(actor=SYSTEM, payment_id=payment.pk, amount_yen=payment.amount_yen).pk,
        threads=8,
    )
    refund = CardRefund.objects.get()
    at_once(8, lambda _: send_card_refund(refund_id=refund.pk), threads=8)
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    assert len([r for r in gateway.refunds() if r["charge"] == payment.charge]) == 1
    books_are_right()


class Counted:
    """Both sides of every call to the processor count as steps, so that a worker can be killed there as well."""

    def __init__(self, monkeypatch: Any) -> None:
        call = FakeProcessor._call

        def counted(self: FakeProcessor, *given: Any, **named: Any) -> Any:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT 'before the call'")
            found = call(self, *given, **named)
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT 'after the call'")
            return found

        monkeypatch.setattr(FakeProcessor, "_call", counted)


@pytest.mark.rule("P014")
def test_a_payment_killed_at_every_step_from_record_to_escrow_converges(
    clock: MovableClock, gateway: RunningGateway, monkeypatch: Any
) -> None:
    Counted(monkeypatch)
    client, worker = story.member(), story.member()

    def fresh() -> Milestone:
        (m,) = story.milestones(story.contract(client=client, worker=worker))
        return m

    def pay(m: Milestone) -> None:
        payment = services.start_card_payment(actor=client, milestone_id=m.pk, idempotency_key=f"pay {m.pk}")
        payment = services.open_card_page(payment_id=payment.pk)
        gateway.pay(payment.key)
        services.ask_about_card(actor=SYSTEM, payment_id=payment.pk)

    probe = fresh()
    steps = steps_of(lambda: pay(probe))
    assert steps >= 40
    tried = [probe]
    for point in points(steps, every=max(1, steps // 30)):
        m = fresh()
        assert killed_at(point, lambda m=m: pay(m)), f"step {point} of {steps} is not reached"
        clock.move(minutes=3)
        deadlines.run_all_due()
        payment = CardPayment.objects.filter(milestone=m, state="open").first()
        if payment is not None:
            gateway.pay(payment.key)
            services.ask_about_card(actor=SYSTEM, payment_id=payment.pk)
        elif not CardPayment.objects.filter(milestone=m, state="succeeded").exists():
            paid(gateway, m)
        tried.append(m)
    assert set(Milestone.objects.filter(pk__in=[m.pk for m in tried]).values_list("state", flat=True)) == {"funded"}
    assert Journal.objects.filter(kind="card_received").count() == len(tried)
    charged = [p for p in gateway.book()["payments"] if p["state"] == "succeeded"]
    ours = set(CardPayment.objects.values_list("key", flat=True))
    assert len([p for p in charged if p["key"] in ours]) == len(tried), "nobody paid twice"
    books_are_right()


@pytest.mark.rule("P014")
def test_a_refund_killed_at_every_step_goes_back_once(
    clock: MovableClock, gateway: RunningGateway, monkeypatch: Any
) -> None:
    Counted(monkeypatch)

    def due() -> CardRefund:
        m = waiting()
        payment = paid(gateway, m)
        request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")
        contracts.agree_end(actor=m.contract.client, request_id=request.pk)
        told()
        return payment.refunds.get()

    probe = due()
    steps = steps_of(lambda: send_card_refund(refund_id=probe.pk))
    tried = [probe]
    for point in points(steps, every=max(1, steps // 15)):
        refund = due()
        assert killed_at(point, lambda r=refund: send_card_refund(refund_id=r.pk)), f"{point} of {steps}"
        clock.move(minutes=3)
        deadlines.run_all_due()
        clock.move(minutes=3)
        deadlines.run_all_due()
        tried.append(refund)
    for refund in tried:
        refund.refresh_from_db()
        assert refund.state == "succeeded"
        assert len([r for r in gateway.refunds() if r["key"] == refund.key]) == 1
    books_are_right()


def heard_of(dispute: Any, n: int = 0) -> CardDispute:
    """The gateway's message about a dispute is kept; nobody has been asked."""
    heard = Heard(event_id=f"{dispute['id']} {n}", kind="dispute.opened", key="", dispute=dispute["id"])
    keep_message(actor=SYSTEM, heard=heard, processor_name="fake", account="demo", digest="")
    return CardDispute.objects.get(reference=dispute["id"])


@pytest.mark.rule("P021")
def test_a_dispute_asked_about_from_many_sides_is_booked_once(clock: MovableClock, gateway: RunningGateway) -> None:
    payment = paid(gateway, waiting())
    made = gateway.dispute(payment.key)
    at_once(10, lambda n: heard_of(made, n % 3).pk)
    dispute = CardDispute.objects.get()
    at_once(20, lambda _: find_out_dispute(dispute_id=dispute.pk))
    assert Journal.objects.filter(kind="card_dispute_opened").count() == 1
    gateway.end_dispute(made["id"], "lost")
    at_once(20, lambda _: find_out_dispute(dispute_id=dispute.pk))
    assert Journal.objects.filter(kind="card_dispute_lost").count() == 1
    assert balance_of(accounts.card_dispute_losses()) == -payment.amount_yen
    books_are_right()


@pytest.mark.rule("P021")
def test_a_refund_racing_a_dispute_never_pays_twice_what_could_be_kept(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    ends = set()
    for round in range(6):
        m = waiting()
        payment = paid(gateway, m)
        dispute = heard_of(gateway.dispute(payment.key))
        if round % 2:
            gateway.end_dispute(dispute.reference, "lost")
        request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")
        contracts.agree_end(actor=m.contract.client, request_id=request.pk)

        def race(n: int, payment: CardPayment = payment, dispute: CardDispute = dispute) -> object:
            if n == 0:
                return find_out_dispute(dispute_id=dispute.pk)
            refund = services.request_card_refund(actor=SYSTEM, payment_id=payment.pk, amount_yen=payment.amount_yen)
            return send_card_refund(refund_id=refund.pk)

        at_once(2, race, threads=2)
        refund = payment.refunds.get()
        dispute.refresh_from_db()
        sent = [r for r in gateway.refunds() if r["charge"] == payment.charge]
        assert len(sent) == (refund.state == "succeeded")
        assert refund.state in {"succeeded", "recorded" if dispute.state == "opened" else "replaced"}
        ends.add(refund.state)
        books_are_right()
    assert ends


@pytest.mark.rule("P021")
def test_a_dispute_killed_at_every_step_is_booked_once(
    clock: MovableClock, gateway: RunningGateway, monkeypatch: Any
) -> None:
    Counted(monkeypatch)

    def lost() -> CardDispute:
        """A dispute that was lost before we heard of it, of a payment whose refund has been waiting."""
        m = waiting()
        payment = paid(gateway, m)
        dispute = heard_of(gateway.dispute(payment.key))
        find_out_dispute(dispute_id=dispute.pk)
        request = contracts.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")
        contracts.agree_end(actor=m.contract.client, request_id=request.pk)
        told()
        gateway.end_dispute(dispute.reference, "lost")
        return dispute

    probe = lost()
    steps = steps_of(lambda: find_out_dispute(dispute_id=probe.pk))
    assert steps >= 15
    tried = [probe]
    for point in points(steps, every=max(1, steps // 12)):
        dispute = lost()
        assert killed_at(point, lambda d=dispute: find_out_dispute(dispute_id=d.pk)), f"{point} of {steps}"
        clock.move(hours=7)
        deadlines.run_all_due()
        tried.append(dispute)
    for dispute in tried:
        dispute.refresh_from_db()
        assert (dispute.state, dispute.uncovered_yen) == ("lost", 0)
        assert dispute.payment.refunds.get().state == "replaced"
    assert Journal.objects.filter(kind="card_dispute_lost").count() == len(tried)
    assert Journal.objects.filter(kind="card_dispute_covered").count() == len(tried)
    assert balance_of(accounts.card_dispute_losses()) == 0
    books_are_right()
