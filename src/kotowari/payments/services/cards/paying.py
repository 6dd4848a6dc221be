"""A card payment from its record to the processor's page."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from kotowari.contracts.models import Milestone
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import require
from kotowari.kernel.ids import new_id
from kotowari.payments import entries
from kotowari.payments.cards import CardOrder, processor
from kotowari.payments.gates import PAY_BY_CARD, SEND_CARD
from kotowari.payments.models import CardPayment
from kotowari.payments.selectors.cards import page_of
from kotowari.payments.transitions import CARD_PAYMENT

RELATED = ("milestone__contract__client",)


@command(PAY_BY_CARD)
def start_card_payment(*, actor: Actor, milestone_id: UUID) -> CardPayment:
    """Record that a client wants to pay a milestone by card. Nobody is called yet: `open_card_page` does that."""
    milestone = lock(Milestone, milestone_id, "contract__client")
    require(PAY_BY_CARD, actor, milestone)
    taker = processor()
    assert taker is not None, "the gate asked"
    assert actor.pk is not None, "the gate lets the client through"
    id, now = new_id(), clock.now()
    payment = CardPayment.objects.create(
        id=id,
        milestone=milestone,
        made_by_id=actor.pk,
        amount_yen=milestone.client_pays_yen,
        processor=taker.name,
        account=taker.account,
        key=f"payment-{id}",
        due_at=next_question_at(),
        give_up_at=now + page_time() + timedelta(hours=policy.value("payments.card_unknown_hours")),
    )
    audit.record(
        actor=actor, kind=entries.CARD_STARTED, subject=payment, title=milestone.title, amount_yen=payment.amount_yen
    )
    return payment


@command(SEND_CARD)
def mark_card_sent(*, actor: Actor, payment_id: UUID) -> CardPayment:
    """The processor is about to be called: once, whoever else is about to."""
    payment = lock(CardPayment, payment_id, *RELATED)
    require(SEND_CARD, actor, payment)
    payment.state = CARD_PAYMENT.require(payment.state, "send")
    payment.due_at = next_question_at()
    payment.save(update_fields=["state", "due_at"])
    audit.record(actor=actor, kind=entries.CARD_SENT, subject=payment, processor=payment.processor)
    return payment


def open_card_page(*, payment_id: UUID) -> CardPayment:
    """Ask the processor for its page, for a payment that is recorded; returns it as it stands then.

    Call it after the record is committed. Called twice it asks once; killed anywhere, the clock finds out the rest.
    """
    from kotowari.payments.services.cards.asking import ask_for_page

    payment = CardPayment.objects.select_related(*RELATED).get(pk=payment_id)
    if payment.state != "recorded":
        return payment
    try:
        payment = mark_card_sent(actor=SYSTEM, payment_id=payment_id)
    except Refused:
        return CardPayment.objects.select_related(*RELATED).get(pk=payment_id)
    return ask_for_page(payment)


def order_of(payment: CardPayment) -> CardOrder:
    """The payment as the processor is asked for it: the same words each time."""
    return CardOrder(
        key=payment.key,
        amount_yen=payment.amount_yen,
        title=payment.milestone.title,
        back_url=f"{settings.BASE_URL}{page_of(payment)}back/",
        reference=payment.reference,
    )


def next_question_at() -> datetime:
    """When a processor that has not answered is asked next."""
    return clock.now() + timedelta(minutes=policy.value("payments.card_answer_minutes"))


def page_time() -> timedelta:
    """How long the processor's page stays open."""
    return timedelta(minutes=policy.value("payments.card_page_minutes"))
