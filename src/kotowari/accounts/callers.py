"""From where somebody tries to come in, as far as a request tells: network, browser, and devices known before."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any
from uuid import UUID

from allauth.core.internal.httpkit import get_client_ip
from django.core import signing
from django.http import HttpRequest
from ua_parser import parse

from kotowari.kernel.text import Text

DEVICE_COOKIE = "device"
DEVICE_COOKIE_DAYS = 400
"""Browsers keep no cookie longer."""
DEVICES_IN_COOKIE = 5
"""So many people of one household can share a browser, each with a lane of their own."""
DEVICE_TOKEN_MAX = 1_000
"""No value of ours is longer."""
_SALT = "accounts.devices"
LABEL_MAX = 100
UNKNOWN_LABEL = "?"
UNKNOWN_NETWORK = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Where a try comes from. `devices` are the ids of a signed cookie; whose they are the database tells."""

    network: str
    label: str
    devices: tuple[UUID, ...] = ()


def caller_of(request: HttpRequest) -> Caller:
    """What this request tells."""
    return Caller(
        network=network_of(request),
        label=label_of(request.headers.get("User-Agent", "")),
        devices=devices_in(request.COOKIES.get(DEVICE_COOKIE, "")),
    )


def network_of(request: HttpRequest) -> str:
    """The network a request comes from: /24 or, in IPv6, /48, as one household or office has one."""
    address = get_client_ip(request)
    if not address:
        return UNKNOWN_NETWORK
    try:
        bits = 24 if ip_address(address).version == 4 else 48
        return str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        return str(address)


@lru_cache(maxsize=512)
def label_of(user_agent: str) -> str:
    """Browser and system in words (`Chrome 140 / Windows`); what a browser says of itself, believed by nobody."""
    found = parse(user_agent[:512])
    browser = found.user_agent
    parts = [
        " ".join(filter(None, [browser.family, browser.major])) if browser else "",
        found.os.family if found.os else "",
    ]
    return " / ".join(part for part in parts if part)[:LABEL_MAX] or UNKNOWN_LABEL


def label_in_words(label: str) -> Text:
    """The device as its owner reads it."""
    return (
        Text(label, label)
        if label and label != UNKNOWN_LABEL
        else Text("名前のわからない端末", "a device without a name")
    )


def network_in_words(network: str) -> Text:
    """From where, as far as it is known: no map of networks is kept or asked, so a place is not told (A119)."""
    if not network or network == UNKNOWN_NETWORK:
        return Text("回線は不明", "network unknown")
    return Text(f"回線 {network}", f"network {network}")


def cookie_of(devices: tuple[UUID, ...]) -> str:
    """The signed value that a browser keeps; the newest device first."""
    return signing.dumps([each.hex for each in devices[:DEVICES_IN_COOKIE]], salt=_SALT)


@lru_cache(maxsize=512)
def devices_in(cookie: str) -> tuple[UUID, ...]:
    """The device ids in a cookie of ours; none in anything else."""
    if not cookie or len(cookie) > DEVICE_TOKEN_MAX:
        return ()
    try:
        found: Any = signing.loads(cookie, salt=_SALT)
        return tuple(UUID(each) for each in found[:DEVICES_IN_COOKIE])
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return ()
