"""What became of a card payment, in one transaction with the money; and what time and staff make of the rest."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from kotowari.contracts.gates import FUND
from kotowari.contracts.models import Milestone
from kotowari.contracts.services import record_card_funding
from kotowari.foundation import audit
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import explain, require
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, post
from kotowari.payments import entries, events
from kotowari.payments.cards import CardAnswer
from kotowari.payments.gates import CLOSE_CARD, LAPSE_CARD, SETTLE_CARD
from kotowari.payments.models import CardDispute, CardPayment
from kotowari.payments.reasons import read_words
from kotowari.payments.services.cards.paying import RELATED, page_time
from kotowari.payments.services.cards.refunding import begin_refund
from kotowari.payments.transitions import CARD_PAYMENT

ASK_AGAIN = timedelta(hours=1)
"""How often the processor is asked about what staff already have before them."""


@command(SETTLE_CARD)
def settle_card_payment(*, actor: Actor, payment_id: UUID, answer: CardAnswer) -> CardPayment:
    """Keep what the processor answered. Money that came funds the milestone, or goes back when it is too late.

    Ask only with an answer whose outcome the payment's state allows, and whose amount is the payment's.
    """
    payment = _locked(payment_id)
    require(SETTLE_CARD, actor, payment)
    payment.reference = answer.reference or payment.reference
    payment.charge = answer.charge or payment.charge
    payment.hosted_url, payment.code = answer.hosted_url or payment.hosted_url, answer.code
    if answer.outcome == "open":
        _open(payment)
    else:
        _close(payment, {"succeeded": "succeed", "declined": "decline", "expired": "expire"}[answer.outcome])
    audit.record(
        actor=actor,
        kind=entries.CARD_ANSWERED,
        subject=payment,
        amount_yen=payment.amount_yen,
        state=payment.state,
        code=payment.code,
    )
    if answer.outcome == "succeeded":
        _take_money(actor, payment)
    elif answer.outcome != "open":
        emit(events.CardNotPaid(**names(payment), code=payment.code))
    return payment


def _locked(payment_id: UUID) -> CardPayment:
    """The payment behind its milestone's lock: the order in which everything that moves an escrow takes them."""
    milestone_id = CardPayment.objects.filter(pk=payment_id).values_list("milestone_id", flat=True).first()
    lock(Milestone, milestone_id or payment_id)
    return lock(CardPayment, payment_id, *RELATED)


def _open(payment: CardPayment) -> None:
    if payment.state != "open":
        payment.state = CARD_PAYMENT.require(payment.state, "open")
        payment.due_at = payment.made_at + page_time()
    payment.save(update_fields=["reference", "charge", "hosted_url", "code", "state", "due_at"])


def _close(payment: CardPayment, event: str) -> None:
    payment.state = CARD_PAYMENT.require(payment.state, event)
    payment.due_at, payment.closed_at = None, clock.now()
    payment.save(
        update_fields=["reference", "charge", "hosted_url", "code", "note", "state", "due_at", "closed_at"],
    )


def _take_money(actor: Actor, payment: CardPayment) -> None:
    milestone = payment.milestone
    # A bank may dispute what we did not know to be paid yet.
    early = CardDispute.objects.filter(processor=payment.processor, account=payment.account, payment=None)
    early.filter(charge=payment.charge).exclude(charge="").update(payment=payment)
    post(
        kind=JournalKind.CARD_RECEIVED,
        scope="card.receive",
        key=str(payment.pk),
        lines=[
            Line(accounts.card_clearing(payment.processor), -payment.amount_yen),
            Line(accounts.card_held(payment.pk), payment.amount_yen),
        ],
        actor=actor,
        contract_id=milestone.contract_id,
        milestone_id=milestone.pk,
    )
    if explain(FUND, SYSTEM, milestone).allowed:
        record_card_funding(
            actor=SYSTEM, milestone_id=milestone.pk, card_payment_id=payment.pk, occurred_at=clock.now()
        )
    else:
        begin_refund(actor, payment, cause="not_awaiting", amount_yen=payment.amount_yen)
        emit(events.CardPaidInVain(**names(payment), milestone_state=milestone.state))


@command(SETTLE_CARD)
def lose_card_answer(*, actor: Actor, payment_id: UUID) -> CardPayment:
    """The processor was called and did not answer: from now on it is asked."""
    payment = lock(CardPayment, payment_id, *RELATED)
    require(SETTLE_CARD, actor, payment)
    if CARD_PAYMENT.may(payment.state, "lose"):
        payment.state = CARD_PAYMENT.require(payment.state, "lose")
        payment.due_at = clock.now()
        payment.save(update_fields=["state", "due_at"])
    audit.record(actor=actor, kind=entries.CARD_ANSWER_LOST, subject=payment, processor=payment.processor)
    return payment


@command(LAPSE_CARD)
def lapse_card_payment(*, actor: Actor, payment_id: UUID) -> CardPayment:
    """What time does: an answer or a payer that does not come makes it unknown; what stays so goes to staff."""
    payment = lock(CardPayment, payment_id, *RELATED)
    require(LAPSE_CARD, actor, payment)
    payment.state = CARD_PAYMENT.require(payment.state, "lapse")
    payment.due_at = clock.now() + (ASK_AGAIN if payment.state == "set_aside" else timedelta())
    payment.save(update_fields=["state", "due_at"])
    audit.record(actor=actor, kind=entries.CARD_LAPSED, subject=payment, state=payment.state)
    return payment


@command(CLOSE_CARD)
def close_card_payment(*, actor: Actor, payment_id: UUID, note: str) -> CardPayment:
    """Staff found out at the processor that nothing was paid. Should it say otherwise later, the money is booked.

    Raises `InputError` under `note`.
    """
    payment = lock(CardPayment, payment_id, *RELATED)
    require(CLOSE_CARD, actor, payment)
    payment.note = read_words(note, "note").ja
    _close(payment, "expire")
    audit.record(actor=actor, kind=entries.CARD_CLOSED, subject=payment, note=payment.note)
    emit(events.CardNotPaid(**names(payment), code="closed_by_staff"))
    return payment


def names(payment: CardPayment) -> dict[str, Any]:
    """What every event of a card payment carries."""
    milestone = payment.milestone
    return {
        "payment_id": payment.pk,
        "contract_id": milestone.contract_id,
        "milestone_id": milestone.pk,
        "client_id": milestone.contract.client_id,
        "title": milestone.title,
        "amount_yen": payment.amount_yen,
    }
