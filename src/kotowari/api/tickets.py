"""Questions to the operator, as programs ask and read them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from kotowari.accounts.callers import network_of
from kotowari.api.calls import Token, caller, key_of
from kotowari.foundation import subjects
from kotowari.kernel.text import language
from kotowari.support import limits, selectors, services
from kotowari.support.inputs import Question
from kotowari.support.models import Ticket

router = Router(tags=["tickets"])


class NewTicket(Schema):
    """A question. Without `email` the answer goes to the account's main address; another must be one of its own."""

    topic: str = Field(
        description="One of cannot_sign_in, not_me, address_lost, account, contract, money, other", max_length=50
    )
    body: str
    email: str = ""
    code: str = Field("", description="The code of the blocker that it is about")
    browser: str = Field("", description="What you use, with its version")
    article: str = Field("", description="Slug of the article that was read")
    tried: list[str] = Field(
        [],
        description="Any of read_articles, checked_connection, checked_input, reset_password, other_browser, waited",
    )
    result: str = Field("", description="One of same, other_message, no_mail, sometimes")


class TicketMessageShape(Schema):
    id: UUID
    side: Literal["customer", "operator"]
    body: str
    written_at: datetime


class TicketShape(Schema):
    """`place` and `due_at` while the operator owes an answer; `closes_at` after one; `reopen_until` once closed."""

    id: UUID
    number: str
    topic: str
    state: Literal["open", "late", "answered", "closed"]
    opened_at: datetime
    place: int | None
    due_at: datetime | None
    closes_at: datetime | None
    reopen_until: datetime | None
    url: str
    messages: list[TicketMessageShape]


@router.post("/tickets", auth=Token("support:write"), response={201: TicketShape}, summary="Ask the operator")
def ask(request: HttpRequest, body: NewTicket) -> Any:
    member, key = caller(request), key_of(request)
    email = body.email or member.email
    limits.count_ticket(actor=member, email=email, network=network_of(request))
    given = {**body.model_dump(), "email": email, "tried": tuple(body.tried)}
    found = services.open_ticket(actor=member, question=Question(**given), language=language.get(), idempotency_key=key)
    return Status(201, _shape(found))


@router.get("/tickets/{id}", auth=Token("support:read"), response=TicketShape, summary="A question and its answers")
def read(request: HttpRequest, id: str) -> Any:
    return _shape(subjects.load("support.ticket", id, actor=caller(request)))


def _shape(ticket: Ticket) -> dict[str, Any]:
    return {
        "id": ticket.pk,
        "number": ticket.number,
        "topic": ticket.topic,
        "state": ticket.state,
        "opened_at": ticket.opened_at,
        "place": selectors.place_of(ticket),
        "due_at": ticket.due_at,
        "closes_at": ticket.closes_at,
        "reopen_until": ticket.reopen_until,
        "url": f"/contact/{ticket.pk}/",
        "messages": [
            {"id": m.pk, "side": m.side, "body": m.body, "written_at": m.written_at}
            for m in selectors.messages_of(ticket)
        ],
    }
