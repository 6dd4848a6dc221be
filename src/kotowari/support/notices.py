"""Telling the customer by mail, and a member in the site as well, what became of a question."""

from datetime import datetime

from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.support import events, mails
from kotowari.support.models import Ticket, TicketMessage
from kotowari.support.selectors import place_of


@on(events.TicketOpened)
def ticket_opened(e: events.TicketOpened) -> None:
    ticket = Ticket.objects.get(pk=e.ticket_id)
    mails.send_received(ticket, due=_day(ticket.due_at or clock.now()), place=place_of(ticket))


@on(events.TicketAnswered)
def ticket_answered(e: events.TicketAnswered) -> None:
    ticket = Ticket.objects.get(pk=e.ticket_id)
    message = TicketMessage.objects.get(pk=e.message_id)
    mails.send_answer(ticket, message.body or "", closes=_day(ticket.closes_at or clock.now()))
    _tell_member(ticket, "answered", Text("お問い合わせへの回答が届きました", "Your question was answered"))


@on(events.TicketBecameLate)
def ticket_became_late(e: events.TicketBecameLate) -> None:
    ticket = Ticket.objects.get(pk=e.ticket_id)
    if not ticket.waits_for_us:  # answered meanwhile: the apology would only confuse
        return
    mails.send_late(ticket, due=_day(ticket.due_at or clock.now()))
    _tell_member(ticket, "late", Text("お問い合わせの回答が遅れています", "Our answer to your question is late"))


@on(events.TicketClosed)
def ticket_closed(e: events.TicketClosed) -> None:
    """Whoever settled it themselves needs no mail about it."""
    ticket = Ticket.objects.get(pk=e.ticket_id)
    if e.by == "customer" or ticket.reopen_until is None:
        return
    mails.send_closed(ticket, until=_day(ticket.reopen_until))
    _tell_member(ticket, "closed", Text("お問い合わせが完了しました", "Your question was closed"))


def _tell_member(ticket: Ticket, kind: str, title: Text) -> None:
    """In the site only: the mail with the link has gone to the ticket's address."""
    if ticket.member_id is None:
        return
    notify(
        member_id=ticket.member_id,
        kind=f"support.{kind}",
        title=title,
        body=Text("受付番号 {number}のやりとりです。", "Conversation {number}.").format(number=ticket.number),
        url=f"/contact/{ticket.pk}/",
        by_mail=False,
    )


def _day(moment: datetime) -> Text:
    on = clock.last_day(moment)
    return Text(f"{on.month}月{on.day}日", f"{on:%-d %B}")
