"""What time does to card payments, refunds and disputes: the processor is asked, one after the other, while it answers."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.payments.models import CardDispute, CardPayment, CardRefund
from kotowari.payments.services.cards.asking import find_out
from kotowari.payments.services.cards.disputing import find_out_dispute
from kotowari.payments.services.cards.paying import RELATED
from kotowari.payments.services.cards.refunding import find_out_refund, lapse_card_refund, send_card_refund
from kotowari.payments.services.cards.settling import lapse_card_payment

AT_ONCE = 50
LOST = ("recorded", "sent", "open")


@deadline("payments.lapse_cards", Text("カード払いの期限", "End of the time to pay by card"))
def lapse_cards() -> int:
    """What got no answer or no payer in its time is not known any more."""
    due = CardPayment.objects.filter(state__in=LOST, due_at__lte=clock.now())
    return _handle("payments.lapse_cards", due, lambda id: lapse_card_payment(actor=SYSTEM, payment_id=id))


@deadline("payments.find_out_cards")
def find_out_cards() -> int:
    """Ask about what is not known."""
    due = CardPayment.objects.select_related(*RELATED).filter(
        state__in=["unknown", "set_aside"], due_at__lte=clock.now()
    )
    return _while_it_answers(find_out, due.order_by("due_at")[:AT_ONCE])


@deadline("payments.give_up_cards", Text("結果不明のカード払い", "Card payments of unknown outcome"))
def give_up_cards() -> int:
    """What was asked for long enough goes to staff."""
    due = CardPayment.objects.filter(state="unknown", give_up_at__lte=clock.now())
    return _handle("payments.give_up_cards", due, lambda id: lapse_card_payment(actor=SYSTEM, payment_id=id))


@deadline("payments.send_card_refunds", Text("カードへの返金", "Refunds to cards"))
def send_card_refunds() -> int:
    """Ask the processor for refunds that are recorded, unless a dispute may pay them."""
    disputed = CardDispute.objects.filter(payment=OuterRef("payment"), state="opened", taken_yen__gt=0)
    due = CardRefund.objects.filter(~Exists(disputed), state="recorded", due_at__lte=clock.now())
    ids = due.order_by("due_at").values_list("pk")[:AT_ONCE]
    return _while_it_answers(lambda row: send_card_refund(refund_id=row[0]), ids)


@deadline("payments.lapse_card_refunds")
def lapse_card_refunds() -> int:
    """What got no answer in its time is not known any more."""
    due = CardRefund.objects.filter(state="sent", due_at__lte=clock.now())
    return _handle("payments.lapse_card_refunds", due, lambda id: lapse_card_refund(actor=SYSTEM, refund_id=id))


@deadline("payments.find_out_card_refunds")
def find_out_card_refunds() -> int:
    """Ask about refunds that are not known."""
    due = CardRefund.objects.filter(state__in=["unknown", "set_aside"], due_at__lte=clock.now())
    rows = due.order_by("due_at").values_list("pk")[:AT_ONCE]
    return _while_it_answers(lambda row: find_out_refund(refund_id=row[0]), rows)


@deadline("payments.give_up_card_refunds", Text("結果不明のカード返金", "Card refunds of unknown outcome"))
def give_up_card_refunds() -> int:
    """What was asked for long enough goes to staff."""
    due = CardRefund.objects.filter(state="unknown", give_up_at__lte=clock.now())
    return _handle("payments.give_up_card_refunds", due, lambda id: lapse_card_refund(actor=SYSTEM, refund_id=id))


@deadline("payments.find_out_disputes", Text("カードの係争の確認", "Questions about card disputes"))
def find_out_disputes() -> int:
    """Ask about disputes whose end is not known."""
    due = CardDispute.objects.filter(state__in=["heard", "opened"], due_at__lte=clock.now())
    rows = due.order_by("due_at").values_list("pk")[:AT_ONCE]
    return _while_it_answers(lambda row: find_out_dispute(dispute_id=row[0]), rows)


def _handle(name: str, due: Any, command: Callable[[UUID], object]) -> int:
    return handle(name, due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE], command)


def _while_it_answers(ask: Callable[[Any], bool], rows: Iterable[Any]) -> int:
    """How many were answered; the rest waits when the processor does not answer, so that no other deadline has to."""
    answered = 0
    for row in rows:
        if not ask(row):
            break
        answered += 1
    return answered
