"""The seal on messages of the demo's gateway: HMAC-SHA256 over moment and body, as processors do it.

The machine's own time is right here, and not the product's: a demo whose clock was moved still talks to a gateway
that lives in the present.
"""

import hashlib
import hmac
import time

HEADER = "Gateway-Signature"
TOLERANCE_SECONDS = 300


def sign(body: bytes, secret: str, at: int | None = None) -> str:
    """The header's value: `t=<seconds>,v1=<hex>`."""
    moment = int(time.time()) if at is None else at
    return f"t={moment},v1={_seal(body, secret, moment)}"


def is_genuine(body: bytes, header: str, secret: str, now: float | None = None) -> bool:
    """Whether the header seals this body with this secret, not longer ago than is right."""
    parts = dict(part.partition("=")[::2] for part in header.split(",")[:10])
    moment = parts.get("t", "")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 12):
        return False
    if abs((time.time() if now is None else now) - int(moment)) > TOLERANCE_SECONDS:
        return False
    return hmac.compare_digest(parts.get("v1", "").encode(), _seal(body, secret, int(moment)).encode())


def _seal(body: bytes, secret: str, moment: int) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
