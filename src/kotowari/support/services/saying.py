"""Writing into a conversation, for either side."""

from uuid import UUID

from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.support.inputs import body_problems
from kotowari.support.models import Ticket, TicketMessage


def checked_words(body: str) -> str:
    """The words as they are kept. Raises `InputError` for none and for too many."""
    problems = body_problems(body)
    if problems:
        raise InputError({"body": problems})
    return body.strip()


def say(ticket: Ticket, words: str, *, side: str, way: str, author_id: UUID | None) -> TicketMessage:
    """Put words into the conversation."""
    message = TicketMessage(ticket=ticket, side=side, way=way, author_id=author_id, written_at=clock.now())
    message.body = words
    message.save(force_insert=True)
    return message
