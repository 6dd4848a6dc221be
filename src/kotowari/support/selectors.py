"""Tickets as a person may see them, how long answers take, and the facts that gates ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import is_system
from kotowari.foundation import policy
from kotowari.foundation.subjects import subject
from kotowari.kernel import calendar, clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.support import gates
from kotowari.support.actors import LinkHolder
from kotowari.support.models import StaffNote, Ticket, TicketMessage
from kotowari.support.topics import URGENT
from kotowari.support.transitions import WAITING_FOR_US

MEASURED_MAX = 2_000
"""So many answers are measured at most; the newest ones."""


# --- Rows ----------------------------------------------------------------------------------------------


def tickets_visible_to(actor: Any) -> QuerySet[Ticket]:
    """A customer's own: by membership, or the one whose link was opened. Staff read them as cases, at the console."""
    if isinstance(actor, LinkHolder):
        return Ticket.objects.filter(pk=actor.ticket_id)
    if is_system(actor):
        return Ticket.objects.all()
    pk = getattr(actor, "pk", None)
    return Ticket.objects.filter(member_id=pk).order_by("-id") if pk is not None else Ticket.objects.none()


def cases_visible_to(actor: Any) -> QuerySet[Ticket]:
    """Every ticket, for staff who are still here."""
    rows = Ticket.objects.select_related("member")
    return rows if isinstance(actor, Member) and actor.is_staff and actor.left_at is None else rows.none()


def messages_of(ticket: Ticket) -> list[TicketMessage]:
    """The conversation in order. All that a customer is ever shown of what was written."""
    return list(ticket.messages.select_related("author").order_by("id"))


def notes_visible_to(actor: Any, ticket: Ticket) -> list[StaffNote]:
    """What staff noted, for staff; for everybody else there is nothing."""
    if not cases_visible_to(actor).filter(pk=ticket.pk).exists():
        return []
    return list(ticket.staff_notes.select_related("author").order_by("id"))


def tickets_of_address(actor: Any, email: str) -> QuerySet[Ticket]:
    """For staff: what came from this address, newest first."""
    return cases_visible_to(actor).filter(Ticket.email.matching(email)).order_by("-id")


@subject("support.ticket")
def _ticket(actor: Any, id: str) -> Ticket:
    row = tickets_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("support.ticket", id)
    return row


@subject("support.case")
def _case(actor: Any, id: str) -> Ticket:
    row = cases_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("support.case", id)
    return row


# --- Clocks --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """How long first answers took of late: half of them came within one span, nine in ten within the other."""

    count: int
    half_within: timedelta
    most_within: timedelta


def answer_times() -> AnswerTimes | None:
    """Measured over the last weeks; None when too few were answered to say anything (A061)."""
    since = clock.now() - timedelta(weeks=policy.value("support.measured_weeks"))
    rows = Ticket.objects.filter(first_answered_at__gte=since).order_by("-first_answered_at")
    moments = rows.values_list("opened_at", "first_answered_at")[:MEASURED_MAX]
    took = sorted(answered - opened for opened, answered in moments if answered is not None)
    if len(took) < policy.value("support.measured_least"):
        return None
    return AnswerTimes(len(took), took[(len(took) - 1) // 2], took[(len(took) * 9 - 1) // 10])


def answer_days(topic: str) -> int:
    """The limit for an answer, in bank days."""
    days: int = policy.value("support.urgent_answer_bank_days" if topic in URGENT else "support.answer_bank_days")
    return days


def due_for(topic: str) -> datetime:
    """When a question that comes in now is due: the end of a bank day."""
    return _end_of_bank_day(answer_days(topic))


def next_promise() -> datetime:
    """The new time that is promised when an answer is late."""
    return _end_of_bank_day(policy.value("support.urgent_answer_bank_days"))


def _end_of_bank_day(days: int) -> datetime:
    closed = set(policy.value("calendar.extra_closed_days"))
    return clock.end_of(calendar.add_bank_days(clock.today(), days, closed))


def waiting_in_order(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Those of the tickets to which we owe an answer, the next first: what is late already, then by clock."""
    late_first = Case(When(state="late", then=0), default=1)
    return rows.filter(state__in=WAITING_FOR_US).order_by(late_first, "due_at", "pk")


def place_of(ticket: Ticket) -> int | None:
    """The place in the queue, 1 being next; None when we owe no answer."""
    if not ticket.waits_for_us:
        return None
    before = Q(state=ticket.state) & (Q(due_at__lt=ticket.due_at) | Q(due_at=ticket.due_at, pk__lt=ticket.pk))
    if ticket.state == "open":
        before |= Q(state="late")
    return Ticket.objects.filter(before).count() + 1


# --- Facts ---------------------------------------------------------------------------------------------


@facts_for(
    gates.SEE,
    gates.WRITE,
    gates.REOPEN,
    gates.SETTLE,
    gates.LAPSE,
    gates.BE_LATE,
    gates.SEE_CASE,
    gates.ANSWER,
    gates.NOTE,
    gates.CLOSE,
)
def ticket_facts(actor: Any, tickets: Sequence[Ticket]) -> list[gates.TicketFacts]:
    """Who the actor is to each ticket, and where it stands: no query."""
    now = clock.now()
    is_member = isinstance(actor, Member)
    return [
        gates.TicketFacts(
            is_customer=_is_customer(actor, ticket),
            is_staff=is_member and actor.is_staff,
            is_system=is_system(actor),
            left_at=actor.left_at if is_member else None,
            now=now,
            number=ticket.number,
            url=f"/contact/{ticket.pk}/",
            state=ticket.state,
            due_at=ticket.due_at,
            closes_at=ticket.closes_at,
            reopen_until=ticket.reopen_until,
        )
        for ticket in tickets
    ]


def _is_customer(actor: Any, ticket: Ticket) -> bool:
    if isinstance(actor, LinkHolder):
        return actor.ticket_id == ticket.pk
    return isinstance(actor, Member) and ticket.member_id is not None and actor.pk == ticket.member_id
