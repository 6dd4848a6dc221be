"""The gateway over HTTP: `/v1/…` for the market, `/pay/…` for people, `/_control` for tests and the demo."""

import hmac
import http.client
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from kotowari.kernel.text import Language
from kotowari.payments.cards import signing
from kotowari.payments.cards.gateway import pages
from kotowari.payments.cards.gateway.book import Book, Row, Wrong, card_of

LONGEST_BODY = 64 * 1024
SEND_EVERY_SECONDS = 0.2
RETRY_AFTER_SECONDS = 2.0


class Gateway(ThreadingHTTPServer):
    """The server with its book; `secret` opens `/v1` and `/_control` and seals messages."""

    daemon_threads = True

    def __init__(self, host: str, port: int, *, secret: str, book: Book, public_url: str = "") -> None:
        super().__init__((host, port), Handler)
        self.book, self.secret = book, secret
        self.public_url = public_url or f"http://{host}:{self.server_address[1]}"

    def send_messages(self) -> None:
        """Send what is to be sent, for as long as the process lives."""
        while True:
            for message in self.book.take_messages():
                if not self._sent(message):
                    self.book.put_back(message)
                    time.sleep(RETRY_AFTER_SECONDS)  # the market is down; messages wait
            time.sleep(SEND_EVERY_SECONDS)  # nothing happened

    def _sent(self, message: Row) -> bool:
        to = urlsplit(self.book.settings["webhook_url"])
        if not to.hostname:
            return True
        body = json.dumps(message).encode()
        connection = http.client.HTTPConnection(to.hostname, to.port or 80, timeout=10)
        try:
            headers = {"Content-Type": "application/json", signing.HEADER: signing.sign(body, self.secret)}
            connection.request("POST", to.path, body, headers)
            return connection.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Gateway
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Look something up, or open the page."""
        self._answer({})

    def do_POST(self) -> None:
        """Do something."""
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isascii() and length.isdigit() else LONGEST_BODY + 1
        if size > LONGEST_BODY:
            self.close_connection = True
            self._say(413, {"code": "too_long"})
            return
        body = self.rfile.read(size)
        try:
            if self.headers.get("Content-Type", "").startswith("application/json"):
                sent = json.loads(body or b"{}")
            else:
                sent = {name: several[-1] for name, several in parse_qs(body.decode(errors="replace")).items()}
        except ValueError:
            sent = None
        if isinstance(sent, dict):
            self._answer(sent)
        else:
            self._say(400, {"code": "unreadable"})

    def _answer(self, sent: Row) -> None:
        path = [unquote(part) for part in urlsplit(self.path).path.strip("/").split("/")]
        try:
            if path[0] == "pay":
                self._page(path[1:], sent)
            elif path[0] in ("v1", "_control"):
                self._opened()
                self._call(path, sent)
            else:
                raise Wrong(404, "not_found")
        except Wrong as wrong:
            if path[0] == "pay":
                self._html(wrong.status, pages.nothing_page(self._language()))
            else:
                self._say(wrong.status, {"code": wrong.code})

    def _opened(self) -> None:
        given = self.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.server.secret}".encode()):
            raise Wrong(401, "keys_refused")

    def _call(self, path: list[str], sent: Row) -> None:
        book = self.server.book
        if path[0] == "_control":
            self._say(200, self._control(path[1:], sent))
            return
        if book.settings["delay_seconds"]:
            time.sleep(book.settings["delay_seconds"])
        if book.loses("fail_before"):
            self._cut()
            return
        key = self.headers.get("Idempotency-Key", "")[:255]
        match (self.command, path[1:]):
            case ("POST", ["payments"]):
                found = book.pay(key, sent, self.server.public_url)
            case ("POST", ["refunds"]):
                found = book.refund(key, sent)
            case ("GET", [("payments" | "refunds") as kind, "by-key", asked]):
                found = book.by_key(kind, asked)
            case ("GET", ["disputes", id]):
                found = book.known_dispute(id)
            case ("POST", ["payments", "by-key", asked, "close"]):
                found = book.close(asked)
            case _:
                raise Wrong(404, "not_found")
        if book.loses("lose_answers"):
            self._cut()  # done, and nobody hears of it
            return
        self._say(200, found)

    def _control(self, path: list[str], sent: Row) -> Row:
        book = self.server.book
        match path:
            case ["weather"]:
                return book.set(sent)
            case ["reset"]:
                book.reset()
                return book.settings
            case ["pay", key]:
                card = card_of(str(sent.get("card")))
                return book.use_card(book.by_key("payments", key)["id"], card, proved=bool(sent.get("proved")))
            case ["settle-refund", key]:
                return book.settle_refund(key, str(sent.get("state")))
            case ["dispute", key]:
                return book.dispute(key, sent)
            case ["answer-dispute", id]:
                return book.answer_dispute(id)
            case ["end-dispute", id]:
                return book.end_dispute(id, str(sent.get("state")))
            case ["book"]:
                kept = {"payments": book.payments, "refunds": book.refunds, "disputes": book.disputes}
                return {kind: list(rows.values()) for kind, rows in kept.items()}
        raise Wrong(404, "not_found")

    def _page(self, path: list[str], sent: Row) -> None:
        language = self._language()
        payment = self.server.book.payment(path[0] if path else "")
        if self.command == "GET":
            self._html(200, pages.pay_page(payment, self.server.book.disputes_of(payment["key"]), language))
            return
        if path[1:2] == ["dispute"]:
            self._dispute(payment, path[2:])
            self._go(f"/pay/{payment['id']}")
            return
        card = card_of(str(sent.get("card", "")))
        if card.asks_owner and path[1:] != ["prove"] and payment["state"] == "open":
            self._html(200, pages.challenge_page(payment, card, language))
            return
        after = self.server.book.use_card(payment["id"], card, proved=sent.get("proved") == "yes")
        self._go(after["back_url"] if after["state"] == "succeeded" else f"/pay/{after['id']}")

    def _dispute(self, payment: Row, path: list[str]) -> None:
        """Somebody plays the cardholder, the shop or the bank."""
        book = self.server.book
        match path:
            case [] if payment["state"] == "succeeded":
                book.dispute(payment["key"], {})
            case [id, "answer"]:
                book.answer_dispute(id)
            case [id, ("won" | "lost") as state]:
                book.end_dispute(id, state)
            case _:
                raise Wrong(404, "not_found")

    def _go(self, to: str) -> None:
        self.send_response(303)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _language(self) -> Language:
        return "en" if self.headers.get("Accept-Language", "").lower().startswith("en") else "ja"

    def _cut(self) -> None:
        self.close_connection = True

    def _say(self, status: int, found: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(found, ensure_ascii=False))

    def _html(self, status: int, page: str) -> None:
        self._send(status, "text/html; charset=utf-8", page)

    def _send(self, status: int, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: what happened stands in the book."""


def open_gateway(
    host: str, port: int, *, secret: str, book_path: Path | None, webhook_url: str = "", public_url: str = ""
) -> Gateway:
    """The gateway, listening; messages are sent by a thread beside. Raises `OSError` when the port is taken."""
    book = Book(book_path)
    book.set({"webhook_url": webhook_url})
    gateway = Gateway(host, port, secret=secret, book=book, public_url=public_url)
    threading.Thread(target=gateway.send_messages, daemon=True).start()
    return gateway
