"""What the gateway tells us by itself: signed, twice, late and in any order; caught here and brought to the API."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import Client
from tests import story
from tests.conftest import MovableClock
from tests.service.payments.gateway import GOOD, POOR, SECRET, RunningGateway, running

from kotowari.contracts.models import Milestone
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.payments import services
from kotowari.payments.cards import signing
from kotowari.payments.models import CardPayment, WebhookEvent

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/webhooks/cards"


class Mailbox(ThreadingHTTPServer):
    """Takes what the gateway sends, so that a test can deliver it as it likes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Slot)
        self.came: list[tuple[bytes, str]] = []

    def wait_for(self, count: int) -> list[tuple[bytes, str]]:
        deadline = time.monotonic() + 20
        while len(self.came) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(self.came) >= count, f"{len(self.came)} of {count} messages came"
        taken, self.came = self.came, []
        return taken


class Slot(BaseHTTPRequestHandler):
    server: Mailbox

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((body, self.headers[signing.HEADER]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    server = Mailbox()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def process(mailbox: Mailbox) -> Iterator[RunningGateway]:
    with running(webhook_url=f"http://127.0.0.1:{mailbox.server_address[1]}/hook") as gateway:
        yield gateway


@pytest.fixture
def gateway(process: RunningGateway, mailbox: Mailbox, monkeypatch: Any) -> RunningGateway:
    process.calm()
    mailbox.came.clear()
    monkeypatch.setenv("KOTOWARI_CARDS", "fake")
    monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_URL", process.url)
    monkeypatch.setenv("KOTOWARI_CARD_GATEWAY_SECRET", SECRET)
    return process


def begun() -> tuple[Milestone, CardPayment]:
    (m,) = story.milestones(story.contract())
    payment = services.start_card_payment(actor=m.contract.client, milestone_id=m.pk)
    return m, services.open_card_page(payment_id=payment.pk)


def deliver(body: bytes, seal: str) -> Any:
    return Client().post(ADDRESS, body, content_type="application/json", headers={signing.HEADER: seal})


def books_are_right() -> None:
    assert [r.detail for r in check_all() if not r.ok] == []


def test_a_message_alone_settles_a_payment_whose_payer_never_came_back(
    clock: MovableClock, gateway: RunningGateway, mailbox: Mailbox
) -> None:
    m, payment = begun()
    gateway.pay(payment.key)
    ((body, seal),) = mailbox.wait_for(1)
    assert deliver(body, seal).json() == {"is_new": True}
    m.refresh_from_db()
    assert m.state == "funded"
    assert WebhookEvent.objects.get().payment_id == payment.pk
    books_are_right()


@pytest.mark.rule("P014")
def test_messages_that_come_twice_and_backwards_do_nothing_twice_and_nothing_wrong(
    clock: MovableClock, gateway: RunningGateway, mailbox: Mailbox
) -> None:
    m, payment = begun()
    gateway.weather(copies=3, held=True, shuffled=True)
    gateway.pay(payment.key, POOR)
    gateway.pay(payment.key, GOOD)
    gateway.weather(held=False)
    came = mailbox.wait_for(6)
    assert [json.loads(body)["kind"] for body, _ in came] == ["payment.succeeded"] * 3 + ["payment.declined"] * 3
    said = [deliver(body, seal).json()["is_new"] for body, seal in came]
    assert said == [True, False, False, True, False, False]
    payment.refresh_from_db()
    m.refresh_from_db()
    assert (payment.state, m.state) == ("succeeded", "funded"), "the decline that came last is older"
    assert WebhookEvent.objects.count() == 2
    assert Journal.objects.filter(kind="card_received").count() == 1
    books_are_right()


def test_a_message_about_money_that_we_found_out_ourselves_changes_nothing(
    clock: MovableClock, gateway: RunningGateway, mailbox: Mailbox
) -> None:
    m, payment = begun()
    gateway.pay(payment.key)
    services.ask_about_card(actor=m.contract.client, payment_id=payment.pk)
    ((body, seal),) = mailbox.wait_for(1)
    assert deliver(body, seal).status_code == 200
    assert Journal.objects.filter(kind="card_received").count() == 1
    books_are_right()


@pytest.mark.rule("P014")
def test_what_is_not_signed_lately_by_the_gateway_is_refused_with_the_reason(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    _, payment = begun()
    body = json.dumps({"id": "evt_x", "kind": "payment.succeeded", "key": payment.key}).encode()
    seals = ["", "nonsense", signing.sign(body, "another secret"), signing.sign(body, SECRET, int(time.time()) - 3_600)]
    for seal in seals:
        answer = deliver(body, seal)
        assert answer.status_code == 403
        assert answer.json()["blockers"][0]["code"] == "payments.webhook.hear.signature_wrong"
    not_json = b"\xff\x00"
    assert deliver(not_json, signing.sign(not_json, SECRET)).status_code == 403
    assert not WebhookEvent.objects.exists()
    payment.refresh_from_db()
    assert payment.state == "open"


def test_a_genuine_message_that_lies_is_not_believed(clock: MovableClock, gateway: RunningGateway) -> None:
    m, payment = begun()
    body = json.dumps({"id": "evt_y", "kind": "payment.succeeded", "key": payment.key}).encode()
    assert deliver(body, signing.sign(body, SECRET)).status_code == 200
    m.refresh_from_db()
    assert m.state == "awaiting_funding", "the gateway was asked, and knows of no payment"


def test_a_message_about_nothing_of_ours_is_kept_and_moves_nothing(
    clock: MovableClock, gateway: RunningGateway
) -> None:
    body = json.dumps({"id": "evt_z", "kind": "payout.paid", "key": ""}).encode()
    assert deliver(body, signing.sign(body, SECRET)).status_code == 200
    assert WebhookEvent.objects.get().payment_id is None
    assert not Journal.objects.exists()
