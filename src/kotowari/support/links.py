"""The signed link that opens one ticket without signing in (A060). Stateless: what it opens and until when is in it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.kernel.text import Text

Fault = Literal["broken", "foreign", "expired"]
FAULTS: dict[Fault, Text] = {
    "broken": Text(
        "このリンクは途中で切れているか、書き換わっています。メールのリンクを、改行のところも含めて最後まで開いてください。",
        "This link was cut off or changed. Please open the whole of it, even where the mail breaks the line.",
    ),
    "foreign": Text("このリンクは、別のお問い合わせのものです。", "This link belongs to another conversation."),
    "expired": Text(
        "このリンクの期限が過ぎました。新しいリンクを受け取ってください。",
        "This link has expired. Please have a new one mailed.",
    ),
}
_SHAPE = re.compile(r"([0-9a-f]{32})\.(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link is worth for a ticket: it opens it until a moment, or it does not and here is why."""

    until: datetime | None = None
    fault: Fault | None = None


def key_for(ticket_id: UUID) -> str:
    """The secret part of a link that is made now."""
    until = clock.now() + timedelta(days=policy.value("support.link_days"))
    return _signer().sign(f"{ticket_id.hex}.{int(until.timestamp())}")


def url_for(ticket_id: UUID) -> str:
    """The whole address for a mail."""
    return f"{settings.BASE_URL}/contact/{ticket_id}/?key={key_for(ticket_id)}"


def read(key: str, ticket_id: UUID) -> Opened:
    """Whether this key opens this ticket now; nothing is asked of the database, so nothing else is told."""
    try:
        match = _SHAPE.fullmatch(_signer().unsign(key))
    except BadSignature:
        match = None
    if match is None:
        return Opened(fault="broken")
    if match[1] != ticket_id.hex:
        return Opened(fault="foreign")
    until = datetime.fromtimestamp(int(match[2]), UTC)
    return Opened(until=until) if clock.now() < until else Opened(fault="expired")


def _signer() -> Signer:
    return Signer(salt="support.ticket", sep="~")
