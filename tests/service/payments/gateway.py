"""The demo's card gateway as a process of its own on this machine, for tests."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRET = "a secret for tests"
GOOD, PROVES, POOR, EXPIRED, STOLEN = (
    "4242 4242 4242 4242",
    "4000 0025 0000 3155",
    "4000 0000 0000 9995",
    "4000 0000 0000 0069",
    "4000 0000 0000 9979",
)


class RunningGateway:
    """The process, and what a test can tell it or ask it."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]") -> None:
        self.url, self.process = url, process

    def call(self, method: str, path: str, sent: Any = None, **headers: str) -> tuple[int, Any]:
        at = urlsplit(self.url)
        connection = http.client.HTTPConnection(at.hostname or "", at.port or 80, timeout=20)
        given = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json", **headers}
        try:
            connection.request(method, path, None if sent is None else json.dumps(sent), given)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def weather(self, **changes: Any) -> None:
        """Be slow, lose answers, hold messages back…"""
        status, said = self.call("POST", "/_control/weather", changes)
        assert status == 200, said

    def calm(self) -> None:
        self.call("POST", "/_control/reset", {})

    def pay(self, key: str, card: str = GOOD, *, proved: bool = False) -> Any:
        """The client pays on the hosted page."""
        status, said = self.call("POST", f"/_control/pay/{key}", {"card": card, "proved": proved})
        assert status == 200, said
        return said

    def settle_refund(self, key: str, state: str) -> None:
        assert self.call("POST", f"/_control/settle-refund/{key}", {"state": state})[0] == 200

    def dispute(self, key: str, **about: Any) -> Any:
        """The cardholder's bank takes it back: `amount_yen`, `reason`, `evidence_due`, `is_inquiry`."""
        status, said = self.call("POST", f"/_control/dispute/{key}", about)
        assert status == 200, said
        return said

    def end_dispute(self, id: str, state: str) -> None:
        assert self.call("POST", f"/_control/end-dispute/{id}", {"state": state})[0] == 200

    def answer_dispute(self, id: str) -> None:
        assert self.call("POST", f"/_control/answer-dispute/{id}", {})[0] == 200

    def book(self) -> Any:
        return self.call("GET", "/_control/book")[1]

    def payments(self, key: str) -> list[Any]:
        return [p for p in self.book()["payments"] if p["key"] == key]

    def refunds(self) -> list[Any]:
        return list(self.book()["refunds"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(folder: Path | None = None, webhook_url: str = "", port: int = 0) -> Iterator[RunningGateway]:
    """A gateway that listens, until the block ends."""
    port = port or free_port()
    command = [sys.executable, "-m", "kotowari.payments.cards.gateway", "--port", str(port)]
    command += ["--book", str(folder / "gateway.json")] if folder else []
    command += ["--webhooks", webhook_url] if webhook_url else []
    environment = {**os.environ, "KOTOWARI_CARD_GATEWAY_SECRET": SECRET}
    process = subprocess.Popen(command, env=environment)
    gateway = RunningGateway(f"http://127.0.0.1:{port}", process)
    try:
        for _ in range(200):
            assert process.poll() is None, "the gateway did not start"
            try:
                gateway.book()
                break
            except OSError:
                time.sleep(0.05)
        yield gateway
    finally:
        process.kill()
        process.wait()
