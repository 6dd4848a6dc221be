"""What customers do: ask, write on, take up again, settle, have the link sent again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from allauth.core.internal.cryptokit import generate_user_code

from kotowari.accounts.credentials import member_of
from kotowari.accounts.models import Member
from kotowari.accounts.names import folded
from kotowari.foundation import audit
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.kernel.text import Language
from kotowari.support import entries, gates, mails
from kotowari.support.actors import LinkHolder
from kotowari.support.events import TicketClosed, TicketOpened
from kotowari.support.inputs import Question, checked
from kotowari.support.models import Ticket, TicketMessage
from kotowari.support.selectors import due_for
from kotowari.support.services.closing import shut
from kotowari.support.services.saying import checked_words, say
from kotowari.support.transitions import TICKET


@command(gates.OPEN)
def open_ticket(*, actor: Any, question: Question, language: Language = "ja") -> Ticket:
    """Send a question. Open to everybody; a visitor's way is the same whether the address has an account or not.

    Raises `InputError` for what cannot be used, among it (for members only) an address that is not theirs (A066).
    """
    require(gates.OPEN, actor)
    signed_in = actor if isinstance(actor, Member) else None
    question = checked(question, signed_in)
    owner = member_of(question.email) if signed_in is None else signed_in
    now = clock.now()
    ticket = Ticket(
        number=generate_user_code(length=8),
        topic=question.topic,
        member=owner,
        is_signed_in=signed_in is not None,
        language=language,
        code=question.code,
        browser=question.browser,
        came_from=question.came_from,
        article=question.article,
        tried=list(question.tried),
        result=question.result,
        opened_at=now,
        due_at=due_for(question.topic),
    )
    ticket.email, ticket.login = question.email, question.login or None
    ticket.save(force_insert=True)
    _say(actor, ticket, question.body)
    audit.record(actor=actor, kind=entries.OPENED, subject=ticket, number=ticket.number)
    emit(TicketOpened(ticket_id=ticket.pk))
    return ticket


@command(gates.WRITE)
def write_to_ticket(*, actor: Any, ticket_id: UUID, body: str) -> TicketMessage:
    """Write on in a conversation that is not closed; after an answer, we owe the next one. Raises `InputError`."""
    ticket = lock(Ticket, ticket_id)
    require(gates.WRITE, actor, ticket)
    message = _say(actor, ticket, checked_words(body))
    if ticket.state == "answered":
        _wait_for_us(ticket, "write")
    audit.record(actor=actor, kind=entries.WRITTEN, subject=ticket, number=ticket.number, length=len(body.strip()))
    return message


@command(gates.REOPEN)
def reopen_ticket(*, actor: Any, ticket_id: UUID, body: str) -> TicketMessage:
    """Take a closed conversation up again, with words. Raises `InputError`, `Refused` when it is too late."""
    ticket = lock(Ticket, ticket_id)
    require(gates.REOPEN, actor, ticket)
    message = _say(actor, ticket, checked_words(body))
    ticket.closed_at = ticket.reopen_until = None
    _wait_for_us(ticket, "reopen")
    audit.record(actor=actor, kind=entries.REOPENED, subject=ticket, number=ticket.number)
    return message


@command(gates.SETTLE)
def settle_ticket(*, actor: Any, ticket_id: UUID) -> Ticket:
    """Say that it is settled: the conversation closes."""
    ticket = lock(Ticket, ticket_id)
    require(gates.SETTLE, actor, ticket)
    shut(ticket, "settle")
    audit.record(actor=actor, kind=entries.SETTLED, subject=ticket, number=ticket.number)
    emit(TicketClosed(ticket_id=ticket.pk, by="customer"))
    return ticket


@command(gates.SEND_LINK)
def send_link(*, actor: Any, email: str, number: str, language: Language = "ja") -> None:
    """Mail the link of a ticket to its address once more.

    Whatever was typed, one mail goes to the typed address and the same is written: only its owner learns whether
    there is such a ticket (P012).
    """
    require(gates.SEND_LINK, actor)
    email = folded(email)
    row = Ticket.objects.filter(Ticket.email.matching(email), number=_as_number(number)).first()
    if row is not None:
        mails.send_link(row)
    else:
        mails.send_no_such_ticket(to=email, language=language)
    audit.record(actor=actor, kind=entries.LINK_ASKED, subject=None)


def _as_number(typed: str) -> str:
    """A number however it was typed: `qdvf sndj` is QDVF-SNDJ."""
    letters = "".join(c for c in folded(typed).upper() if c.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def _say(actor: Any, ticket: Ticket, body: str) -> TicketMessage:
    ways: Sequence[tuple[type, str]] = ((Member, "signed_in"), (LinkHolder, "link"))
    way = next((way for kind, way in ways if isinstance(actor, kind)), "form")
    return say(ticket, body, side="customer", way=way, author_id=actor.pk)


def _wait_for_us(ticket: Ticket, event: str) -> None:
    ticket.state = TICKET.require(ticket.state, event)
    ticket.due_at, ticket.closes_at = due_for(ticket.topic), None
    ticket.save(update_fields=["state", "due_at", "closes_at", "closed_at", "reopen_until"])
