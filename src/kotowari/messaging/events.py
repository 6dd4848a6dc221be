"""What happens in threads."""

from dataclasses import dataclass
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("messaging.message_sent", Text("メッセージが届きました", "A message was sent"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Event):
    thread_id: UUID
    message_id: UUID
    author_id: UUID
    reader_id: UUID
    job_title: str
