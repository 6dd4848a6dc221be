"""A provider of external accounts on loopback that answers whatever a test wants, sealed with a key of its own."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

CLIENT_ID, SECRET = "kotowari-test", "a-secret-of-at-least-thirty-two-letters"


class OddProvider:
    """`tokens` is what the token endpoint answers with (a dict, or raw bytes), `claims` what the ID token says."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.url = ""
        self.claims: dict[str, Any] = {"sub": "sub-1", "email": "hanako@example.jp", "email_verified": True}
        self.headers: dict[str, str] = {"kid": "k1"}
        self.algorithm = "ES256"
        self.signs_with: Any = self.key
        self.answers: dict[str, tuple[int, Any]] = {}
        self.nonce = ""
        self.asked: list[tuple[str, dict[str, list[str]]]] = []

    def settings(self, **more: Any) -> dict[str, Any]:
        app = {
            "provider_id": "odd",
            "name": "Odd",
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "settings": {"server_url": self.url, "scope": ["openid", "email"], **more},
        }
        return {"openid_connect": {"APPS": [app]}}

    def answer(self, path: str) -> tuple[int, Any]:
        if path in self.answers:
            return self.answers[path]
        return 200, {
            "/.well-known/openid-configuration": lambda: {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "jwks_uri": f"{self.url}/jwks",
            },
            "/jwks": lambda: {
                "keys": [{**jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True), "kid": "k1"}]
            },
            "/token": lambda: {"access_token": "at", "id_token": self.id_token()},
            "/userinfo": lambda: {"sub": self.claims.get("sub"), "email": "told@example.jp", "email_verified": True},
        }[path]()

    def id_token(self) -> str:
        now = int(time.time())
        said = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": self.nonce, **self.claims}
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(said, self.signs_with, algorithm=self.algorithm, headers=self.headers)


@contextmanager
def odd_provider() -> Iterator[OddProvider]:
    """The provider, answering on a free port of loopback for as long as the block lasts."""
    provider = OddProvider()

    class Handler(BaseHTTPRequestHandler):
        def respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            path = urlsplit(self.path).path
            provider.asked.append((path, parse_qs(self.rfile.read(length).decode())))
            status, body = provider.answer(path)
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = respond  # noqa: N815 - the names that http.server calls

        def log_message(self, *_args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    provider.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
