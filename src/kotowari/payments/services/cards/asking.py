"""Asking the processor what became of a payment, and keeping what it says. Nothing here runs in a transaction."""

import logging
from uuid import UUID

from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import require
from kotowari.payments.cards import CardAnswer, NoAnswer, Rejected
from kotowari.payments.cards.choice import processor_of
from kotowari.payments.gates import ASK_CARD
from kotowari.payments.models import CardPayment
from kotowari.payments.services.cards.paying import RELATED, next_question_at, order_of, page_time
from kotowari.payments.services.cards.settling import lose_card_answer, settle_card_payment
from kotowari.payments.transitions import CARD_PAYMENT

logger = logging.getLogger(__name__)
EVENTS = {"open": "open", "succeeded": "succeed", "declined": "decline", "expired": "expire"}


def ask_about_card(*, actor: Actor, payment_id: UUID) -> CardPayment:
    """Ask the processor where a payment stands, now; returns it as it stands then. Raises `Refused`, `NotVisible`."""
    payment = CardPayment.objects.select_related(*RELATED).get(pk=payment_id)
    require(ASK_CARD, actor, payment)
    find_out(payment)
    return _again(payment)


def ask_for_page(payment: CardPayment) -> CardPayment:
    """The first call, for a payment that is marked as sent."""
    taker = processor_of(payment.processor, payment.account)
    try:
        if taker is None:
            raise NoAnswer("not configured")
        _keep(payment, taker.create(order_of(payment)))
    except Rejected as rejected:
        logger.warning("card payment %s was rejected: %s", payment.pk, rejected.code)
        _keep(payment, _nothing_came(payment, "declined", f"rejected_{rejected.code}"))
    except NoAnswer as lost:
        logger.warning("card payment %s: no answer (%s)", payment.pk, lost)
        _lose(payment)
    return _again(payment)


def find_out(payment: CardPayment) -> bool:
    """Ask about a payment and keep the answer; whether there was one. One without is asked for again later."""
    taker = processor_of(payment.processor, payment.account)
    try:
        if taker is None:
            raise NoAnswer("not configured")
        # Past its time the page is closed first: the answer is then the last that can be.
        is_over = payment.made_at + page_time() <= clock.now()
        answer = (taker.close if is_over else taker.ask)(order_of(payment))
        if is_over and answer is not None and answer.outcome == "open":
            raise NoAnswer("not closed")
        if answer is None and payment.state in ("recorded", "sent"):
            return False  # it is just being sent, perhaps: its clock asks again
        _keep(payment, answer or _nothing_came(payment, "expired", "never_asked"))
    except (NoAnswer, Rejected) as lost:
        logger.info("card payment %s cannot be found out yet (%s)", payment.pk, lost)
        CardPayment.objects.filter(pk=payment.pk, state__in=["unknown", "set_aside"]).update(due_at=next_question_at())
        return False
    return True


def _keep(payment: CardPayment, answer: CardAnswer) -> None:
    """Settle by an answer, if it changes anything. Raises `NoAnswer` for one that cannot be about this payment."""
    if answer.outcome == "succeeded" and answer.amount_yen != payment.amount_yen:
        logger.error("card payment %s: %s was paid for %s", payment.pk, answer.amount_yen, payment.amount_yen)
        raise NoAnswer("another amount")
    payment = _again(payment)
    if payment.state == answer.outcome == "open" and payment.code == answer.code:
        return
    if payment.state != "open" and not CARD_PAYMENT.may(payment.state, EVENTS[answer.outcome]):
        return
    try:
        settle_card_payment(actor=SYSTEM, payment_id=payment.pk, answer=answer)
    except Refused:
        logger.info("card payment %s was settled by somebody else meanwhile", payment.pk)


def _lose(payment: CardPayment) -> None:
    try:
        lose_card_answer(actor=SYSTEM, payment_id=payment.pk)
    except Refused:
        logger.info("card payment %s was settled by somebody else meanwhile", payment.pk)


def _nothing_came(payment: CardPayment, outcome: str, code: str) -> CardAnswer:
    assert outcome in ("declined", "expired")
    return CardAnswer(
        outcome="declined" if outcome == "declined" else "expired",
        reference=payment.reference,
        amount_yen=payment.amount_yen,
        code=code,
    )


def _again(payment: CardPayment) -> CardPayment:
    return CardPayment.objects.select_related(*RELATED).get(pk=payment.pk)
