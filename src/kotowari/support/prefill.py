"""What a page knows when it sends somebody to the form, carried in the session instead of the address (A008).

A page that refuses calls `keep(request.session, login=..., code=..., came_from="/login/")` and links to
`/contact/?topic=cannot_sign_in`. The typed login is a person's own: sealed, and forgotten after an hour.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kotowari.foundation.crypto import CryptoError, keyring
from kotowari.kernel import clock

SESSION_KEY = "support.prefill"
KEPT = timedelta(hours=1)
LONGEST = 254
_LABEL, _ROW = "support.prefill", "session"


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the form begins with."""

    login: str = ""
    code: str = ""
    came_from: str = ""


def keep(session: Any, *, login: str = "", code: str = "", came_from: str = "") -> None:
    """Remember for the form what was typed where signing in, and what the page answered."""
    told = {"login": login[:LONGEST], "code": code[:LONGEST], "came_from": came_from[:LONGEST]}
    told["until"] = (clock.now() + KEPT).isoformat()
    sealed = keyring().seal(json.dumps(told).encode(), label=_LABEL, row=_ROW)
    session[SESSION_KEY] = base64.b64encode(sealed).decode()


def kept(session: Any) -> Prefill:
    """What was remembered, or nothing when it is too old or not ours."""
    try:
        sealed = base64.b64decode(session.get(SESSION_KEY, ""), validate=True)
        told = json.loads(keyring().open(sealed, label=_LABEL, row=_ROW))
    except (CryptoError, binascii.Error, ValueError):
        return Prefill()
    if clock.now() >= datetime.fromisoformat(told.pop("until")):
        return Prefill()
    return Prefill(**told)


def forget(session: Any) -> None:
    """The ticket was sent: nothing of it stays in the session."""
    session.pop(SESSION_KEY, None)
