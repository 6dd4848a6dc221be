"""The one way in which a conversation closes, whoever closes it."""

from datetime import timedelta

from kotowari.foundation import policy
from kotowari.kernel import clock
from kotowari.support.models import Ticket
from kotowari.support.transitions import TICKET


def shut(ticket: Ticket, event: str) -> None:
    """Close it; for some days its customer may take it up again."""
    ticket.state = TICKET.require(ticket.state, event)
    ticket.closed_at = clock.now()
    ticket.reopen_until = ticket.closed_at + timedelta(days=policy.value("support.reopen_days"))
    ticket.due_at = ticket.closes_at = None
    ticket.save(update_fields=["state", "due_at", "closes_at", "closed_at", "reopen_until"])
