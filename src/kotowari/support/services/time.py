"""What time does to tickets."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel.gates import require
from kotowari.support import entries, gates
from kotowari.support.events import TicketBecameLate, TicketClosed
from kotowari.support.models import Ticket
from kotowari.support.selectors import next_promise
from kotowari.support.services.closing import shut
from kotowari.support.transitions import TICKET


@command(gates.LAPSE)
def lapse_ticket(*, actor: Actor, ticket_id: UUID) -> Ticket:
    """Close a conversation in which nothing was written after our answer. Raises `Refused` before its time."""
    ticket = lock(Ticket, ticket_id)
    require(gates.LAPSE, actor, ticket)
    shut(ticket, "lapse")
    audit.record(actor=actor, kind=entries.LAPSED, subject=ticket, number=ticket.number)
    emit(TicketClosed(ticket_id=ticket.pk, by="time"))
    return ticket


@command(gates.BE_LATE)
def be_late(*, actor: Actor, ticket_id: UUID) -> Ticket:
    """We did not answer in time: say so, with a new time. Repeats until somebody answers."""
    ticket = lock(Ticket, ticket_id)
    require(gates.BE_LATE, actor, ticket)
    ticket.state = TICKET.require(ticket.state, "be_late")
    ticket.due_at = next_promise()
    ticket.save(update_fields=["state", "due_at"])
    audit.record(actor=actor, kind=entries.BECAME_LATE, subject=ticket, number=ticket.number)
    emit(TicketBecameLate(ticket_id=ticket.pk))
    return ticket
