"""The demo's gateway (`kotowari gateway`), spoken to over HTTP like any processor."""

import http.client
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from kotowari.payments.cards import signing
from kotowari.payments.cards.port import (
    ANSWER_WITHIN_SECONDS,
    CardAnswer,
    CardOrder,
    DisputeAnswer,
    Heard,
    NoAnswer,
    NotGenuine,
    RefundAnswer,
    RefundOrder,
    Rejected,
)


class FakeProcessor:
    """A client of the gateway at `url`; `secret` both opens it and seals what it sends."""

    name = "fake"
    account = "demo"

    def __init__(self, url: str, secret: str, *, answer_within: float = ANSWER_WITHIN_SECONDS) -> None:
        self._at = urlsplit(url)
        self._secret, self._answer_within = secret, answer_within

    def create(self, order: CardOrder) -> CardAnswer:
        """Open a payment."""
        asked = {"amount_yen": order.amount_yen, "title": order.title, "back_url": order.back_url}
        return _payment(self._must("POST", "/v1/payments", order.key, asked))

    def ask(self, order: CardOrder) -> CardAnswer | None:
        """Look it up by our key."""
        found = self._call("GET", f"/v1/payments/by-key/{quote(order.key, safe='')}")
        return _payment(found) if found else None

    def close(self, order: CardOrder) -> CardAnswer | None:
        """Close its page."""
        found = self._call("POST", f"/v1/payments/by-key/{quote(order.key, safe='')}/close", asked={})
        return _payment(found) if found else None

    def refund(self, order: RefundOrder) -> RefundAnswer:
        """Send money back."""
        asked = {"charge": order.charge, "amount_yen": order.amount_yen}
        return _refund(self._must("POST", "/v1/refunds", order.key, asked))

    def ask_refund(self, order: RefundOrder) -> RefundAnswer | None:
        """Look it up by our key."""
        found = self._call("GET", f"/v1/refunds/by-key/{quote(order.key, safe='')}")
        return _refund(found) if found else None

    def ask_dispute(self, reference: str) -> DisputeAnswer | None:
        """Look it up by the gateway's name for it."""
        found = self._call("GET", f"/v1/disputes/{quote(reference, safe='')}")
        return _dispute(found) if found else None

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Heard:
        """Check seal and moment, and read what it is about."""
        if not signing.is_genuine(body, headers.get(signing.HEADER, ""), self._secret):
            raise NotGenuine("the signature does not fit")
        try:
            told = json.loads(body)
            about = str(told.get("dispute", ""))
            return Heard(event_id=str(told["id"]), kind=str(told["kind"]), key=str(told["key"]), dispute=about)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NotGenuine("the body cannot be read") from error

    def _must(self, method: str, path: str, key: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        found = self._call(method, path, key=key, asked=asked)
        if found is None:
            raise Rejected("not_found")
        return found

    def _call(
        self, method: str, path: str, *, key: str = "", asked: Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        connection = http.client.HTTPConnection(
            self._at.hostname or "", self._at.port or 80, timeout=self._answer_within
        )
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        try:
            connection.request(method, path, None if asked is None else json.dumps(asked), headers)
            answer = connection.getresponse()
            body = answer.read()
            said = json.loads(body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(type(error).__name__) from error
        finally:
            connection.close()
        if answer.status == 404:
            return None
        if answer.status == 409 or answer.status >= 500 or not isinstance(said, dict):
            raise NoAnswer(str(answer.status))
        if answer.status >= 400:
            raise Rejected(str(said.get("code", answer.status)))
        return said


def _payment(found: Mapping[str, Any]) -> CardAnswer:
    return CardAnswer(
        outcome=found["state"],
        reference=found["id"],
        amount_yen=found["amount_yen"],
        hosted_url=found["hosted_url"],
        charge=found["charge"],
        code=found["code"],
    )


def _refund(found: Mapping[str, Any]) -> RefundAnswer:
    return RefundAnswer(
        outcome=found["state"], reference=found["id"], amount_yen=found["amount_yen"], code=found["code"]
    )


def _dispute(found: Mapping[str, Any]) -> DisputeAnswer:
    return DisputeAnswer(
        outcome=found["state"],
        reference=found["id"],
        charge=found["charge"],
        amount_yen=found["amount_yen"],
        taken_yen=found["taken_yen"],
        fee_yen=found["fee_yen"],
        reason=found["reason"],
        evidence_due_at=datetime.fromtimestamp(found["evidence_due"], UTC) if found["evidence_due"] else None,
        is_answered=found["is_answered"],
    )
