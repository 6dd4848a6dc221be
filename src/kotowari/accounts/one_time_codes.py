"""Codes that authenticator apps count out (TOTP, RFC 6238), and how typed codes are read. Pure."""

import base64
import re
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives import constant_time
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

DIGITS = 6
STEP_SECONDS = 30
STEPS_ASIDE = 1
"""A clock may be half a minute off, to either side."""
SECRET_BYTES = 20
ISSUER = "Kotowari"
_BETWEEN = re.compile(r"[\s\-‐‑‒–—―−ー・._]+")


def tidied(typed: str) -> str:
    """What was typed as a code, in half width, without the spaces and dashes by which people group it."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", typed[:100]))


def new_secret() -> str:
    """160 random bits in the letters that apps take."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def new_digits() -> str:
    """Six random digits to be sent."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def grouped(secret: str) -> str:
    """The secret as people copy it: in groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def address_for_apps(secret: str, account: str) -> str:
    """The `otpauth:` address that a QR code shows to an app."""
    label = quote(f"{ISSUER}:{account}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER, 'digits': DIGITS, 'period': STEP_SECONDS})}"


def step_at(moment: datetime) -> int:
    """The half minute that a moment lies in, counted from 1970."""
    return int(moment.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The code that an app shows in this half minute."""
    # SHA-1 is what apps take; in HMAC its weakness does not count (RFC 6238, 1.2).
    counted = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS, enforce_key_length=True)  # noqa: S303
    return counted.generate(step * STEP_SECONDS).decode()


def step_of(typed: str, secret: str, at: datetime) -> int | None:
    """The half minute whose code this is, near `at`; None when it is none of them. The newest wins."""
    plain = tidied(typed)
    if len(plain) != DIGITS or not plain.isascii() or not plain.isdigit():
        return None
    now = step_at(at)
    found = None
    for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
        if constant_time.bytes_eq(code_of(secret, step).encode(), plain.encode()):
            found = step
    return found
