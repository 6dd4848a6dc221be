"""What the gateway knows: payments, refunds, disputes and the messages it still has to send, kept in a file."""

import json
import os
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kotowari.payments.cards.gateway.demo_cards import BY_NUMBER, NOT_PROVED, DemoCard

Row = dict[str, Any]
DISPUTE_FEE_YEN = 1_300
"""What the gateway takes for a dispute, and keeps however it ends."""


class Wrong(Exception):  # noqa: N818 - what the caller did
    """A request that is refused, with status and code."""

    def __init__(self, status: int, code: str) -> None:
        self.status, self.code = status, code
        super().__init__(code)


class Book:
    """All rows behind one lock; every change is on disk before it is answered."""

    def __init__(self, path: Path | None = None) -> None:
        self._path, self._lock = path, threading.RLock()
        self.payments: dict[str, Row] = {}
        self.refunds: dict[str, Row] = {}
        self.disputes: dict[str, Row] = {}
        self.messages: list[Row] = []
        self.settings: Row = {}
        self.reset()
        if path is not None and path.exists():
            kept = json.loads(path.read_text())
            self.payments, self.refunds, self.messages = kept["payments"], kept["refunds"], kept["messages"]
            self.disputes = kept.get("disputes", {})

    def reset(self) -> None:
        """Weather as it should be; what was booked stays."""
        with self._lock:
            self.settings = {
                "delay_seconds": 0.0,
                "lose_answers": 0,
                "fail_before": 0,
                "refund": "succeeded",
                "copies": 1,
                "shuffled": False,
                "held": False,
                "webhook_url": self.settings.get("webhook_url", ""),
            }

    def change(self, change: Callable[[], Row]) -> Row:
        """Run a change under the lock, and keep it."""
        with self._lock:
            row = change()
            self._keep()
            return dict(row)

    def _keep(self) -> None:
        if self._path is None:
            return
        aside = self._path.with_suffix(".new")
        kept = {
            "payments": self.payments,
            "refunds": self.refunds,
            "disputes": self.disputes,
            "messages": self.messages,
        }
        aside.write_text(json.dumps(kept, ensure_ascii=False))
        os.replace(aside, self._path)

    def pay(self, key: str, asked: Row, address: str) -> Row:
        """A payment for the hosted page; the same key again is the same payment."""
        wanted = {"amount_yen": asked.get("amount_yen"), "title": asked.get("title"), "back_url": asked.get("back_url")}
        amount_yen = wanted["amount_yen"]
        if not isinstance(amount_yen, int) or not 50 <= amount_yen <= 99_999_999:
            raise Wrong(400, "amount_not_possible")

        def make() -> Row:
            if (there := self._same(self.payments, key, wanted)) is not None:
                return there
            id = f"pay_{secrets.token_hex(12)}"
            row = {
                **wanted,
                "id": id,
                "key": key,
                "state": "open",
                "code": "",
                "charge": "",
                "hosted_url": f"{address}/pay/{id}",
                "refunded_yen": 0,
            }
            self.payments[id] = row
            return row

        return self.change(make)

    def refund(self, key: str, asked: Row) -> Row:
        """Money back to the card, never more than was paid; the same key again is the same refund."""
        wanted = {"charge": asked.get("charge"), "amount_yen": asked.get("amount_yen")}

        def make() -> Row:
            if (there := self._same(self.refunds, key, wanted)) is not None:
                return there
            payment = next((p for p in self.payments.values() if p["charge"] and p["charge"] == wanted["charge"]), None)
            amount_yen = wanted["amount_yen"]
            if payment is None or not isinstance(amount_yen, int) or amount_yen <= 0:
                raise Wrong(400, "no_such_charge")
            if payment["refunded_yen"] + amount_yen > payment["amount_yen"]:
                raise Wrong(400, "more_than_paid")
            state = self.settings["refund"]
            payment["refunded_yen"] += amount_yen if state != "failed" else 0
            code = "card_closed" if state == "failed" else ""
            row = {**wanted, "id": f"ref_{secrets.token_hex(12)}", "key": key, "state": state, "code": code}
            self.refunds[row["id"]] = row
            self._tell("refund.updated", key)
            return row

        return self.change(make)

    def _same(self, rows: dict[str, Row], key: str, wanted: Row) -> Row | None:
        if not key:
            raise Wrong(400, "key_missing")
        there = next((row for row in rows.values() if row["key"] == key), None)
        if there is not None and any(there[name] != value for name, value in wanted.items()):
            raise Wrong(409, "key_used_for_another_request")
        return there

    def by_key(self, kind: str, key: str) -> Row:
        """A payment or refund by the caller's key. Raises `Wrong` when there is none."""
        rows = self.payments if kind == "payments" else self.refunds
        with self._lock:
            row = next((row for row in rows.values() if row["key"] == key), None)
            if row is None:
                raise Wrong(404, "not_found")
            return dict(row)

    def payment(self, id: str) -> Row:
        """A payment by our own id. Raises `Wrong` when there is none."""
        with self._lock:
            if id not in self.payments:
                raise Wrong(404, "not_found")
            return dict(self.payments[id])

    def close(self, key: str) -> Row:
        """Nobody can pay it any more; what was paid stays paid."""
        found = self.by_key("payments", key)

        def expire() -> Row:
            row = self.payments[found["id"]]
            if row["state"] == "open":
                row["state"] = "declined" if row["code"] else "expired"
                self._tell("payment.expired", row["key"])
            return row

        return self.change(expire)

    def use_card(self, id: str, card: DemoCard, *, proved: bool | None = None) -> Row:
        """Somebody pays with this card on the hosted page; `proved` is the answer to the bank's own question."""
        self.payment(id)

        def use() -> Row:
            row = self.payments[id]
            if row["state"] != "open":
                return row
            code = NOT_PROVED if card.asks_owner and not proved else card.code
            if code:
                row["code"] = code
                row["state"] = "declined" if card.ends_it else "open"
                self._tell("payment.declined", row["key"])
                return row
            row.update(state="succeeded", code="", charge=f"chg_{secrets.token_hex(12)}")
            self._tell("payment.succeeded", row["key"])
            return row

        return self.change(use)

    def settle_refund(self, key: str, state: str) -> Row:
        """A refund that was pending comes to its end."""
        found = self.by_key("refunds", key)

        def settle() -> Row:
            row = self.refunds[found["id"]]
            row["state"] = state
            self._tell("refund.updated", key)
            return row

        return self.change(settle)

    def dispute(self, key: str, asked: Row) -> Row:
        """The cardholder's bank takes a payment back, or a part of it; it may be one that nobody of ours knows.

        `is_inquiry`: it only asks so far, and takes nothing.
        """
        with self._lock:
            payment = next((row for row in self.payments.values() if row["key"] == key), {})
        amount_yen = asked.get("amount_yen") or payment.get("amount_yen")
        if not isinstance(amount_yen, int) or amount_yen <= 0:
            raise Wrong(400, "amount_not_possible")

        def make() -> Row:
            takes, id = not asked.get("is_inquiry"), f"dsp_{secrets.token_hex(12)}"
            row = {
                "id": id,
                "key": key,
                "charge": payment.get("charge") or f"chg_{secrets.token_hex(12)}",
                "state": "open",
                "amount_yen": amount_yen,
                "taken_yen": amount_yen if takes else 0,
                "fee_yen": DISPUTE_FEE_YEN if takes else 0,
                "reason": str(asked.get("reason") or "fraudulent"),
                "evidence_due": asked.get("evidence_due") or int(time.time()) + 7 * 86_400,
                "is_answered": False,
            }
            self.disputes[id] = row
            self._tell("dispute.opened", key, dispute=id)
            return row

        return self.change(make)

    def end_dispute(self, id: str, state: str) -> Row:
        """The bank has decided: `won` gives the money back, `lost` does not. Banks change their minds as well."""
        self.known_dispute(id)
        if state not in ("won", "lost", "open"):
            raise Wrong(400, "no_such_end")

        def end() -> Row:
            row = self.disputes[id]
            row.update(state=state, taken_yen=0 if state == "won" else row["amount_yen"])
            self._tell(f"dispute.{state}", row["key"], dispute=id)
            return row

        return self.change(end)

    def answer_dispute(self, id: str) -> Row:
        """Evidence was handed in."""
        self.known_dispute(id)

        def answer() -> Row:
            self.disputes[id]["is_answered"] = True
            self._tell("dispute.answered", self.disputes[id]["key"], dispute=id)
            return self.disputes[id]

        return self.change(answer)

    def disputes_of(self, key: str) -> list[Row]:
        """The disputes of a payment, oldest first."""
        with self._lock:
            return [dict(row) for row in self.disputes.values() if row["key"] == key]

    def known_dispute(self, id: str) -> Row:
        """A dispute by its id. Raises `Wrong` when there is none."""
        with self._lock:
            if id not in self.disputes:
                raise Wrong(404, "not_found")
            return dict(self.disputes[id])

    def _tell(self, kind: str, key: str, **about: str) -> None:
        message = {"id": f"evt_{secrets.token_hex(12)}", "kind": kind, "key": key, "made_at": int(time.time()), **about}
        self.messages += [message] * self.settings["copies"]

    def take_messages(self) -> list[Row]:
        """What is to be sent now; nothing while messages are held back."""
        with self._lock:
            if self.settings["held"] or not self.messages:
                return []
            taken, self.messages = self.messages, []
            if self.settings["shuffled"]:
                taken = list(reversed(taken))
            self._keep()
            return taken

    def put_back(self, message: Row) -> None:
        """It could not be sent; it is tried again."""
        with self._lock:
            self.messages.append(message)
            self._keep()

    def set(self, changes: Row) -> Row:
        """Change the weather. Raises `Wrong` for what is no part of it."""
        unknown = set(changes) - set(self.settings)
        if unknown:
            raise Wrong(400, f"unknown_{sorted(unknown)[0]}"[:60])
        with self._lock:
            self.settings.update(changes)
            return dict(self.settings)

    def loses(self, what: str) -> bool:
        """Whether this request is to fail that way; counts down."""
        with self._lock:
            left = int(self.settings[what])
            self.settings[what] = max(left - 1, 0)
            return left > 0


def card_of(number: str) -> DemoCard:
    """The demo card with this number. Raises `Wrong` for any other: no real card is ever taken."""
    if number not in BY_NUMBER:
        raise Wrong(400, "only_demo_cards")
    return BY_NUMBER[number]
