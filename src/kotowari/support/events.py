"""What happens to tickets. Ids only: what was written stays in its sealed rows."""

from dataclasses import dataclass
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketEvent(Event):
    """Something about one ticket."""

    ticket_id: UUID


@event("support.ticket_opened", Text("お問い合わせを受け付けました", "A question came in"))
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketOpened(TicketEvent):
    pass


@event("support.ticket_answered", Text("お問い合わせに答えました", "A question was answered"))
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketAnswered(TicketEvent):
    message_id: UUID


@event("support.ticket_became_late", Text("お問い合わせの回答が期限に遅れました", "An answer became late"))
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketBecameLate(TicketEvent):
    pass


@event("support.ticket_closed", Text("お問い合わせが完了しました", "A conversation was closed"))
@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClosed(TicketEvent):
    """`by` is `customer`, `operator` or `time`."""

    by: str
