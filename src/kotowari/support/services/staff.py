"""What staff do with a case: look, answer, note, close. Looking is recorded, too (A063)."""

from datetime import timedelta
from uuid import UUID

from kotowari.foundation import audit, policy, subjects
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.support import entries, gates
from kotowari.support.events import TicketAnswered, TicketClosed
from kotowari.support.models import StaffNote, Ticket, TicketMessage
from kotowari.support.services.closing import shut
from kotowari.support.services.saying import checked_words, say
from kotowari.support.transitions import TICKET


@command(gates.SEE_CASE)
def look_at_case(*, actor: Actor, ticket_id: UUID) -> Ticket:
    """The row of a case, with an entry in the audit that somebody looked. Raises `NotVisible`, `Refused`."""
    ticket: Ticket = subjects.load("support.case", str(ticket_id), actor=actor)
    require(gates.SEE_CASE, actor, ticket)
    audit.record(actor=actor, kind=entries.CASE_SEEN, subject=ticket, number=ticket.number)
    return ticket


@command(gates.ANSWER)
def answer_ticket(*, actor: Actor, ticket_id: UUID, body: str) -> TicketMessage:
    """Answer: the words go to the registered address, and the customer's clock begins. Raises `InputError`."""
    ticket = lock(Ticket, ticket_id)
    require(gates.ANSWER, actor, ticket)
    words = checked_words(body)
    message = say(ticket, words, side="operator", way="signed_in", author_id=actor.pk)
    ticket.state = TICKET.require(ticket.state, "answer")
    ticket.first_answered_at = ticket.first_answered_at or clock.now()
    ticket.due_at = None
    ticket.closes_at = clock.end_of(clock.today() + timedelta(days=policy.value("support.silent_close_days")))
    ticket.save(update_fields=["state", "first_answered_at", "due_at", "closes_at"])
    audit.record(actor=actor, kind=entries.ANSWERED, subject=ticket, number=ticket.number, length=len(words))
    emit(TicketAnswered(ticket_id=ticket.pk, message_id=message.pk))
    return message


@command(gates.NOTE)
def note_on_ticket(*, actor: Actor, ticket_id: UUID, body: str) -> StaffNote:
    """Tell the other staff something; no customer ever reads it. Raises `InputError`."""
    ticket = lock(Ticket, ticket_id)
    require(gates.NOTE, actor, ticket)
    assert actor.pk is not None, "the gate lets only staff through"
    note = StaffNote(ticket=ticket, author_id=actor.pk, written_at=clock.now())
    note.body = checked_words(body)
    note.save(force_insert=True)
    audit.record(actor=actor, kind=entries.NOTED, subject=ticket, number=ticket.number)
    return note


@command(gates.CLOSE)
def close_ticket(*, actor: Actor, ticket_id: UUID) -> Ticket:
    """Close what was answered. Raises `Refused` while the customer's last words have no answer."""
    ticket = lock(Ticket, ticket_id)
    require(gates.CLOSE, actor, ticket)
    shut(ticket, "settle")
    audit.record(actor=actor, kind=entries.CLOSED, subject=ticket, number=ticket.number)
    emit(TicketClosed(ticket_id=ticket.pk, by="operator"))
    return ticket
