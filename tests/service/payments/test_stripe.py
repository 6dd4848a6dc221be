"""The Stripe adapter against a server on this machine that speaks Stripe's shapes; signatures by Stripe's own library."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests import story
from tests.conftest import MovableClock

from kotowari.foundation import deadlines
from kotowari.ledger.invariants import check_all
from kotowari.payments import services
from kotowari.payments.cards import CardOrder, NoAnswer, NotGenuine, RefundOrder, Rejected
from kotowari.payments.cards.stripe import StripeProcessor
from kotowari.payments.models import CardDispute, CardPayment

SEAL = "whsec_test"
ORDER = CardOrder(key="payment-1", amount_yen=11_000, title="全文", back_url="http://localhost/back/")


class Stub(ThreadingHTTPServer):
    """Checkout Sessions and Refunds as Stripe answers them; a key asked again gets its first answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.sessions: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.disputes: dict[str, dict[str, Any]] = {}
        self.by_key: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.lose, self.refuse = 0, ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def pay(self, id: str) -> None:
        session = self.sessions[id]
        session.update(status="complete", payment_status="paid", url=None)
        session["payment_intent"] = {"id": "pi_1", "object": "payment_intent", "last_payment_error": None}

    def dispute(self, id: str, status: str, *moves: tuple[int, int]) -> dict[str, Any]:
        """A dispute as Stripe tells it; `moves` are what was withdrawn and reinstated: amount and fee each."""
        self.disputes[id] = {
            "id": id,
            "object": "dispute",
            "amount": 11_000,
            "charge": "ch_1",
            "payment_intent": "pi_1",
            "reason": "fraudulent",
            "status": status,
            "metadata": {},
            "evidence_details": {"due_by": 1_800_000_000, "submission_count": 0},
            "balance_transactions": [
                {"id": f"txn_{n}", "object": "balance_transaction", "amount": amount, "fee": fee, "net": amount - fee}
                for n, (amount, fee) in enumerate(moves)
            ],
        }
        return self.disputes[id]

    def decline(self, id: str, code: str, decline_code: str | None) -> None:
        error = {"code": code, "decline_code": decline_code, "type": "card_error"}
        self.sessions[id]["payment_intent"] = {"id": "pi_1", "object": "payment_intent", "last_payment_error": error}


class Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_GET(self) -> None:
        self.answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.answer({name: values[-1] for name, values in parse_qs(body).items()})

    def answer(self, sent: dict[str, str]) -> None:
        stub, at = self.server, urlsplit(self.path)
        key = self.headers.get("Idempotency-Key", "")
        stub.asked.append((self.command, at.path, sent, key))
        if stub.refuse:
            self.say(
                402 if stub.refuse == "card_declined" else 400,
                {"error": {"type": "invalid_request_error", "code": stub.refuse, "message": "no"}},
            )
            return
        found = stub.by_key.get(key) if key else None
        found = found or self.found(self.command, at.path.removeprefix("/v1/").split("/"), sent)
        if key and "error" not in found:
            stub.by_key[key] = found
        if stub.lose:
            stub.lose -= 1
            self.close_connection = True
            return
        self.say(404 if "error" in found else 200, found)

    def found(self, method: str, path: list[str], sent: dict[str, str]) -> dict[str, Any]:
        stub = self.server
        match (method, path):
            case ("POST", ["checkout", "sessions"]):
                id = f"cs_test_{len(stub.sessions) + 1}"
                stub.sessions[id] = {
                    "id": id,
                    "object": "checkout.session",
                    "status": "open",
                    "payment_status": "unpaid",
                    "amount_total": int(sent["line_items[0][price_data][unit_amount]"]),
                    "url": f"https://checkout.stripe.example/{id}",
                    "payment_intent": None,
                    "client_reference_id": sent["client_reference_id"],
                    "metadata": {"kotowari_key": sent["metadata[kotowari_key]"]},
                }
                return stub.sessions[id]
            case ("GET", ["checkout", "sessions", id]) if id in stub.sessions:
                return stub.sessions[id]
            case ("POST", ["checkout", "sessions", id, "expire"]) if id in stub.sessions:
                if stub.sessions[id]["status"] == "open":
                    stub.sessions[id].update(status="expired", url=None)
                    return stub.sessions[id]
                return {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "not open"}}
            case ("POST", ["refunds"]):
                id = f"re_{len(stub.refunds) + 1}"
                stub.refunds[id] = {
                    "id": id,
                    "object": "refund",
                    "amount": int(sent["amount"]),
                    "status": "succeeded",
                    "metadata": {"kotowari_key": sent["metadata[kotowari_key]"]},
                }
                return stub.refunds[id]
            case ("GET", ["refunds"]):
                return {"object": "list", "data": list(stub.refunds.values()), "has_more": False, "url": "/v1/refunds"}
            case ("GET", ["disputes", id]) if id in stub.disputes:
                return stub.disputes[id]
            case ("GET", ["refunds", id]) if id in stub.refunds:
                return stub.refunds[id]
        return {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "none"}}

    def say(self, status: int, found: dict[str, Any]) -> None:
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def adapter(stub: Stub) -> StripeProcessor:
    return StripeProcessor("sk_test_123", SEAL, url=stub.url)


def test_a_session_in_yen_under_our_key_with_no_card_number_in_sight(stub: Stub) -> None:
    answer = adapter(stub).create(ORDER)
    assert (answer.outcome, answer.reference, answer.amount_yen) == ("open", "cs_test_1", 11_000)
    assert answer.hosted_url.startswith("https://checkout")
    ((method, path, sent, key),) = stub.asked
    assert (method, path, key) == ("POST", "/v1/checkout/sessions", "payment-1")
    assert sent["line_items[0][price_data][currency]"] == "jpy"
    assert sent["mode"] == "payment"
    assert not any("card[" in name for name in sent)


def test_a_lost_answer_is_asked_for_under_the_same_key_and_makes_no_second_session(stub: Stub) -> None:
    stub.lose = 1
    with pytest.raises(NoAnswer):
        adapter(stub).create(ORDER)
    answer = adapter(stub).ask(ORDER)
    assert answer is not None
    assert answer.reference == "cs_test_1"
    assert len(stub.sessions) == 1


def test_paid_declined_and_expired_are_told_apart(stub: Stub) -> None:
    stripe = adapter(stub)
    order = with_reference(stripe.create(ORDER).reference)
    stub.decline("cs_test_1", "card_declined", "insufficient_funds")
    assert told(stripe.ask(order)) == ("open", "insufficient_funds")
    assert told(stripe.close(order)) == ("declined", "insufficient_funds")
    stub.sessions["cs_test_1"].update(status="open")
    stub.decline("cs_test_1", "payment_intent_authentication_failure", None)
    assert told(stripe.ask(order)) == ("open", "payment_intent_authentication_failure")
    stub.pay("cs_test_1")
    paid = stripe.close(order)
    assert told(paid) == ("succeeded", "")
    assert paid is not None
    assert paid.charge == "pi_1"
    assert stripe.ask(with_reference("cs_unknown")) is None


def test_an_unpaid_session_that_is_closed_is_expired_even_if_its_name_never_came(stub: Stub) -> None:
    stub.lose = 1
    with pytest.raises(NoAnswer):
        adapter(stub).create(ORDER)
    assert told(adapter(stub).close(ORDER)) == ("expired", "")
    assert len(stub.sessions) == 1


def with_reference(reference: str) -> CardOrder:
    return CardOrder(
        key=ORDER.key, amount_yen=ORDER.amount_yen, title=ORDER.title, back_url=ORDER.back_url, reference=reference
    )


def told(answer: Any) -> tuple[str, str]:
    return answer.outcome, answer.code


def test_refunds_go_under_our_key_and_are_found_by_it(stub: Stub) -> None:
    stripe, order = adapter(stub), RefundOrder(key="refund-1", charge="pi_1", amount_yen=4_000)
    assert stripe.ask_refund(order) is None
    stub.lose = 1
    with pytest.raises(NoAnswer):
        stripe.refund(order)
    found = stripe.ask_refund(order)
    assert found is not None
    assert (found.outcome, found.amount_yen, found.reference) == ("succeeded", 4_000, "re_1")
    assert stripe.refund(order).reference == "re_1"
    assert len(stub.refunds) == 1


def test_a_plain_refusal_is_no_unknown_outcome(stub: Stub) -> None:
    stub.refuse = "amount_too_small"
    with pytest.raises(Rejected) as refused:
        adapter(stub).create(ORDER)
    assert refused.value.code == "amount_too_small"


def test_a_dispute_is_told_by_its_money(stub: Stub) -> None:
    stripe = adapter(stub)
    assert stripe.ask_dispute("dp_none") is None
    taken, back = (-11_000, 1_300), (11_000, 0)
    for status, moves, outcome, taken_yen, fee_yen in [
        ("warning_needs_response", [], "open", 0, 0),
        ("warning_closed", [], "won", 0, 0),
        ("needs_response", [taken], "open", 11_000, 1_300),
        ("under_review", [taken], "open", 11_000, 1_300),
        ("won", [taken], "open", 11_000, 1_300),
        ("won", [taken, back], "won", 0, 1_300),
        ("won", [taken, (11_000, -1_300)], "won", 0, 0),
        ("lost", [taken], "lost", 11_000, 1_300),
        ("prevented", [], "won", 0, 0),
    ]:
        stub.dispute("dp_1", status, *moves)
        found = stripe.ask_dispute("dp_1")
        assert found is not None
        assert (found.outcome, found.taken_yen, found.fee_yen) == (outcome, taken_yen, fee_yen), status
    assert (found.reference, found.charge, found.amount_yen, found.reason) == ("dp_1", "pi_1", 11_000, "fraudulent")
    assert (found.evidence_due_at, found.is_answered) == (datetime.fromtimestamp(1_800_000_000, UTC), False)
    stub.lose = 1
    with pytest.raises(NoAnswer):
        stripe.ask_dispute("dp_1")


def event(kind: str, row: dict[str, Any]) -> bytes:
    return json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": row}}).encode()


def sealed(body: bytes, secret: str = SEAL, at: int | None = None) -> dict[str, str]:
    moment = at if at is not None else int(time.time())
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={moment},v1={mac}"}


def test_webhooks_are_verified_by_stripes_own_library(stub: Stub) -> None:
    stripe = adapter(stub)
    row = {"id": "cs_test_1", "object": "checkout.session", "client_reference_id": "payment-1", "metadata": {}}
    body = event("checkout.session.completed", row)
    heard = stripe.read_webhook(body, sealed(body))
    assert (heard.event_id, heard.kind, heard.key) == ("evt_1", "checkout.session.completed", "payment-1")
    refund = event("refund.updated", {"id": "re_1", "object": "refund", "metadata": {"kotowari_key": "refund-1"}})
    assert stripe.read_webhook(refund, sealed(refund)).key == "refund-1"
    disputed = event("charge.dispute.created", stub.dispute("dp_1", "needs_response", (-11_000, 1_300)))
    heard = stripe.read_webhook(disputed, sealed(disputed))
    assert (heard.kind, heard.key, heard.dispute) == ("charge.dispute.created", "", "dp_1")
    for headers in ({}, sealed(body, "other"), sealed(body, at=int(time.time()) - 3_600), {"Stripe-Signature": "x"}):
        with pytest.raises(NotGenuine):
            stripe.read_webhook(body, headers)
    with pytest.raises(NotGenuine):
        stripe.read_webhook(body + b" ", sealed(body))
    junk = b"not json"
    with pytest.raises(NotGenuine):
        stripe.read_webhook(junk, sealed(junk))


@pytest.mark.django_db
def test_a_milestone_is_paid_through_stripe_from_record_to_escrow_and_back(
    clock: MovableClock, stub: Stub, monkeypatch: Any
) -> None:
    monkeypatch.setenv("KOTOWARI_CARDS", "stripe")
    monkeypatch.setenv("KOTOWARI_STRIPE_SECRET_KEY", "sk_test_123")
    monkeypatch.setenv("KOTOWARI_STRIPE_WEBHOOK_SECRET", SEAL)
    monkeypatch.setenv("KOTOWARI_STRIPE_URL", stub.url)
    (m,) = story.milestones(story.contract())
    payment = services.start_card_payment(actor=m.contract.client, milestone_id=m.pk)
    stub.lose = 1
    assert services.open_card_page(payment_id=payment.pk).state == "unknown"
    deadlines.run_all_due()
    payment.refresh_from_db()
    assert (payment.state, payment.reference, len(stub.sessions)) == ("open", "cs_test_1", 1)
    stub.pay("cs_test_1")
    row = {"id": "cs_test_1", "object": "checkout.session", "client_reference_id": payment.key, "metadata": {}}
    body = event("checkout.session.completed", row)
    assert services.hear_processor(body=body, headers=sealed(body))
    assert not services.hear_processor(body=body, headers=sealed(body)), "the same message again"
    m.refresh_from_db()
    assert m.state == "funded"
    assert CardPayment.objects.get().charge == "pi_1"

    for kind, status, moves, state in [
        ("charge.dispute.created", "needs_response", [], "opened"),
        ("charge.dispute.funds_withdrawn", "needs_response", [(-11_000, 1_300)], "opened"),
        ("charge.dispute.updated", "under_review", [(-11_000, 1_300)], "opened"),
        ("charge.dispute.funds_reinstated", "won", [(-11_000, 1_300), (11_000, 0)], "won"),
        ("charge.dispute.closed", "won", [(-11_000, 1_300), (11_000, 0)], "won"),
    ]:
        told = json.loads(event(kind, stub.dispute("dp_1", status, *moves))) | {"id": f"evt_{kind}"}
        body = json.dumps(told).encode()
        assert services.hear_processor(body=body, headers=sealed(body))
        dispute = CardDispute.objects.get()
        assert (dispute.state, dispute.taken_yen) == (state, -sum(amount for amount, _ in moves)), kind
    assert (dispute.payment_id, dispute.fee_yen) == (payment.pk, 1_300)
    assert [r.detail for r in check_all() if not r.ok] == []
