"""Stripe, by its own library: Checkout for the page, PaymentIntents behind it, refunds.

Stripe cannot be searched by a key of ours the moment after; its way of asking again is to repeat the very same request
under the same `Idempotency-Key`, which does it once and answers as the first time did. So the payment's reference is
asked by when we have it, and else the first request is repeated. Refunds are listed by their payment.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import stripe
from stripe import StripeClient

from kotowari.payments.cards.port import (
    ANSWER_WITHIN_SECONDS,
    CardAnswer,
    CardOrder,
    DisputeAnswer,
    DisputeOutcome,
    Heard,
    NoAnswer,
    NotGenuine,
    PaymentOutcome,
    RefundAnswer,
    RefundOrder,
    RefundOutcome,
    Rejected,
)

Answer = TypeVar("Answer")
OUR_KEY = "kotowari_key"
_EXPAND = ["payment_intent"]
_LEFT_ALONE = ("won", "warning_closed", "prevented")
"""How a dispute ends for us; won is won only once the money is back."""
_REFUNDS: dict[str, RefundOutcome] = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


class StripeProcessor:
    """One Stripe account. `url` stands for Stripe's own address where somebody else answers in its place."""

    name = "stripe"

    def __init__(self, api_key: str, webhook_secret: str, account: str = "", url: str = "") -> None:
        self.account = account or "default"
        self._webhook_secret = webhook_secret
        self._client = StripeClient(
            api_key,
            stripe_account=account or None,
            base_addresses={"api": url} if url else None,
            max_network_retries=0,
            http_client=stripe.RequestsClient(timeout=ANSWER_WITHIN_SECONDS),
        )

    def create(self, order: CardOrder) -> CardAnswer:
        """Open a Checkout Session for one payment in yen."""
        wanted = _session_wanted(order)
        session = _asked(lambda: self._client.v1.checkout.sessions.create(wanted, {"idempotency_key": order.key}))
        return _payment(session)

    def ask(self, order: CardOrder) -> CardAnswer | None:
        """Its session; the same request again while the session's name never reached us."""
        if not order.reference:
            return self.create(order)
        return _known(lambda: _payment(self._session(order.reference)))

    def close(self, order: CardOrder) -> CardAnswer | None:
        """Expire the session. One that was paid or has expired refuses that, and is asked instead."""
        if not order.reference:
            order = replace(order, reference=self.create(order).reference)
        with suppress(Rejected):
            _asked(lambda: self._client.v1.checkout.sessions.expire(order.reference))
        return self.ask(order)

    def refund(self, order: RefundOrder) -> RefundAnswer:
        """Refund a part or all of a PaymentIntent."""
        made = _asked(
            lambda: self._client.v1.refunds.create(
                {"payment_intent": order.charge, "amount": order.amount_yen, "metadata": {OUR_KEY: order.key}},
                {"idempotency_key": order.key},
            )
        )
        return _refund(made)

    def ask_refund(self, order: RefundOrder) -> RefundAnswer | None:
        """By its reference, else among the refunds of the payment the one with our key."""
        if order.reference:
            return _known(lambda: _refund(_asked(lambda: self._client.v1.refunds.retrieve(order.reference))))
        listed = _asked(lambda: self._client.v1.refunds.list({"payment_intent": order.charge, "limit": 100}))
        return next((_refund(each) for each in listed.data if _key_in(each) == order.key), None)

    def ask_dispute(self, reference: str) -> DisputeAnswer | None:
        """The dispute with what it took from and gave back to the account."""
        return _known(lambda: _dispute(_asked(lambda: self._client.v1.disputes.retrieve(reference))))

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        """Check the signature as Stripe's library does, and find whose key it is about."""
        try:
            event = stripe.Webhook.construct_event(body, headers.get("Stripe-Signature", ""), self._webhook_secret)
            about = event.data.object
            dispute = about.id if getattr(about, "object", "") == "dispute" else ""
            return Heard(event_id=event.id, kind=event.type, key=_key_in(about), dispute=dispute)
        except (ValueError, AttributeError, KeyError, stripe.SignatureVerificationError) as error:
            raise NotGenuine(type(error).__name__) from error

    def _session(self, reference: str) -> Any:
        return _asked(lambda: self._client.v1.checkout.sessions.retrieve(reference, {"expand": _EXPAND}))


def _session_wanted(order: CardOrder) -> Any:
    marked = {OUR_KEY: order.key}
    price = {"currency": "jpy", "unit_amount": order.amount_yen, "product_data": {"name": order.title}}
    return {
        "mode": "payment",
        "client_reference_id": order.key,
        "payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": price}],
        "metadata": marked,
        "payment_intent_data": {"metadata": marked},
        "success_url": order.back_url,
        "cancel_url": order.back_url,
        "expand": _EXPAND,
    }


def _asked(call: Callable[[], Answer]) -> Answer:
    """Call Stripe; a plain refusal is `Rejected`, everything that leaves the outcome open `NoAnswer`."""
    try:
        return call()
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        raise Rejected(error.code or "invalid_request") from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise Rejected("keys_refused") from error
    except stripe.StripeError as error:
        raise NoAnswer(type(error).__name__) from error


def _known(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except Rejected as rejected:
        if rejected.code == "resource_missing":
            return None
        raise NoAnswer(rejected.code) from rejected


def _payment(session: Any) -> CardAnswer:
    intent = session.payment_intent
    charge = intent if isinstance(intent, str) else getattr(intent, "id", "")
    error = getattr(intent, "last_payment_error", None)
    code = (getattr(error, "decline_code", None) or getattr(error, "code", None) or "") if error else ""
    return CardAnswer(
        outcome=_outcome(session, bool(code)),
        reference=session.id,
        amount_yen=session.amount_total,
        hosted_url=getattr(session, "url", None) or "",
        charge=charge or "",
        code=code,
    )


def _outcome(session: Any, was_declined: bool) -> PaymentOutcome:
    if session.payment_status == "paid":
        return "succeeded"
    if session.status == "expired":
        return "declined" if was_declined else "expired"
    return "open"


def _refund(made: Any) -> RefundAnswer:
    return RefundAnswer(
        outcome=_REFUNDS.get(made.status, "pending"),
        reference=made.id,
        amount_yen=made.amount,
        code=getattr(made, "failure_reason", None) or "",
    )


def _key_in(row: Any) -> str:
    marked = getattr(row, "metadata", None)
    return str((marked and getattr(marked, OUR_KEY, None)) or getattr(row, "client_reference_id", None) or "")


def _dispute(made: Any) -> DisputeAnswer:
    """A dispute lists up to two movements of the account: what was withdrawn for it, and what was reinstated."""
    moved = made.balance_transactions or []
    taken_yen, fee_yen = -sum(each.amount for each in moved), sum(each.fee for each in moved)
    intent, due = made.payment_intent, getattr(made.evidence_details, "due_by", None)
    return DisputeAnswer(
        outcome=_end_of(made.status, taken_yen),
        reference=made.id,
        charge=(intent if isinstance(intent, str) else getattr(intent, "id", "")) or "",
        amount_yen=made.amount,
        taken_yen=taken_yen,
        fee_yen=fee_yen,
        reason=made.reason or "",
        evidence_due_at=datetime.fromtimestamp(due, UTC) if due else None,
        is_answered=bool(getattr(made.evidence_details, "submission_count", 0)),
    )


def _end_of(status: str, taken_yen: int) -> DisputeOutcome:
    if status in _LEFT_ALONE and taken_yen <= 0:
        return "won"
    return "lost" if status == "lost" else "open"
