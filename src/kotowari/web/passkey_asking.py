"""Asking a browser for a passkey: what the page holds for `static/passkeys.js`, and what the session keeps meanwhile."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.http import HttpRequest

from kotowari.accounts import passkeys
from kotowari.kernel import clock
from kotowari.kernel.text import Text

SESSION_KEY = "passkeys_asked"
ANSWER_WITHIN = timedelta(minutes=10)
UNSUPPORTED = Text(
    "このブラウザではパスキーを使えません。JavaScriptが止められている場合は、許可すると使えます。",
    "This browser cannot use passkeys. If JavaScript is off, allow it for this site.",
)
FAILED = Text(
    "パスキーを使わずに終わりました。もう一度押すか、ほかの方法をお使いください。",
    "No passkey was used. Press the button again, or choose another way.",
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a form carries to ask the browser: `do` is `get` or `create`, `options` the words of WebAuthn as JSON."""

    do: Literal["get", "create"]
    options: str
    unsupported: Text = UNSUPPORTED
    failed: Text = FAILED


def ask(request: HttpRequest, purpose: str, asked: passkeys.Asked, do: Literal["get", "create"] = "get") -> Asking:
    """Keep what was asked for this purpose in the session, in place of what was asked before."""
    options, state = asked
    kept = request.session.get(SESSION_KEY) or {}
    kept[purpose] = {"at": clock.now().isoformat(), "state": dict(state)}
    request.session[SESSION_KEY] = kept
    return Asking(do, json.dumps(options, ensure_ascii=False))


def asked_before(request: HttpRequest, purpose: str) -> Mapping[str, Any]:
    """What was asked for this purpose, to be compared with the answer: once, and for some minutes."""
    kept = request.session.get(SESSION_KEY) or {}
    found = kept.pop(purpose, None)
    request.session[SESSION_KEY] = kept
    if found is None or clock.now() >= datetime.fromisoformat(found["at"]) + ANSWER_WITHIN:
        return {}
    state: Mapping[str, Any] = found["state"]
    return state
