"""Money back to the card that paid: recorded before the processor is called, settled by what it says."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from kotowari.contracts.models import Milestone
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.gates import require
from kotowari.kernel.ids import new_id
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.selectors import balance_of
from kotowari.ledger.services import Line, post
from kotowari.payments import entries, events
from kotowari.payments.cards import NoAnswer, RefundAnswer, RefundOrder, Rejected
from kotowari.payments.cards.choice import processor_of
from kotowari.payments.gates import CLOSE_REFUND, LAPSE_REFUND, REFUND_CARD, SEND_REFUND, SETTLE_REFUND
from kotowari.payments.models import CardPayment, CardRefund
from kotowari.payments.reasons import read_words
from kotowari.payments.selectors.disputes import against_payments
from kotowari.payments.services.cards.covering import close_if_refunded, reconsider_refunds
from kotowari.payments.services.cards.paying import next_question_at
from kotowari.payments.transitions import CARD_REFUND

logger = logging.getLogger(__name__)
RELATED = ("payment__milestone__contract__client",)


@command(REFUND_CARD)
def request_card_refund(*, actor: Actor, payment_id: UUID, amount_yen: int) -> CardRefund | None:
    """An escrow that a card had filled goes back to that card, or a part of it; once.

    Raises `InputError` for more than is held.
    """
    milestone_id = CardPayment.objects.filter(pk=payment_id).values_list("milestone_id", flat=True).first()
    lock(Milestone, milestone_id or payment_id)
    payment = lock(CardPayment, payment_id, "milestone__contract__client")
    there = payment.refunds.filter(cause="escrow_refunded").first()
    if there is not None:
        audit.record(actor=actor, kind=entries.CARD_REFUND_KNOWN, subject=there, amount_yen=there.amount_yen)
        return there
    require(REFUND_CARD, actor, payment)
    held_yen = balance_of(accounts.card_held(payment.pk))
    if not 1 <= amount_yen <= held_yen:
        text = Text("カードに返せるのは1円から{held}までです。", "Between ¥1 and {held} can go back to the card.")
        raise InputError({"amount_yen": [text.format(held=yen(held_yen))]})
    return begin_refund(actor, payment, cause="escrow_refunded", amount_yen=amount_yen)


def begin_refund(actor: Actor, payment: CardPayment, *, cause: str, amount_yen: int) -> CardRefund:
    """Record a refund of a locked payment, and put its money aside for it: no more than is held can be."""
    id, now = new_id(), clock.now()
    refund = CardRefund.objects.create(
        id=id,
        payment=payment,
        amount_yen=amount_yen,
        cause=cause,
        key=f"refund-{id}",
        due_at=now,
        give_up_at=now + timedelta(hours=policy.value("payments.card_unknown_hours")),
    )
    _post(actor, refund, JournalKind.CARD_REFUND_REQUESTED, accounts.card_held(payment.pk), accounts.card_refund(id))
    payment.refunded_yen += amount_yen
    payment.save(update_fields=["refunded_yen"])
    audit.record(actor=actor, kind=entries.CARD_REFUND_STARTED, subject=refund, amount_yen=amount_yen, cause=cause)
    reconsider_refunds(actor, payment)
    refund.refresh_from_db()
    return refund


def _post(
    actor: Actor, refund: CardRefund, kind: JournalKind, giver: accounts.Account, taker: accounts.Account
) -> None:
    milestone = refund.payment.milestone
    post(
        kind=kind,
        scope=f"card.{kind}",
        key=str(refund.pk),
        lines=[Line(giver, -refund.goes_yen), Line(taker, refund.goes_yen)],
        actor=actor,
        contract_id=milestone.contract_id,
        milestone_id=milestone.pk,
    )


@command(SEND_REFUND)
def mark_refund_sent(*, actor: Actor, refund_id: UUID) -> CardRefund:
    """The processor is about to be called, under the refund's one key."""
    refund = _locked(refund_id)
    require(SEND_REFUND, actor, refund)
    refund.state = CARD_REFUND.require(refund.state, "send")
    refund.due_at = next_question_at()
    refund.save(update_fields=["state", "due_at"])
    audit.record(actor=actor, kind=entries.CARD_SENT, subject=refund, processor=refund.payment.processor)
    return refund


@command(SETTLE_REFUND)
def settle_card_refund(*, actor: Actor, refund_id: UUID, answer: RefundAnswer) -> CardRefund:
    """Keep what the processor answered; one that it has not decided itself is asked about again later."""
    refund = _locked(refund_id)
    require(SETTLE_REFUND, actor, refund)
    refund.reference, refund.code = answer.reference or refund.reference, answer.code
    if answer.outcome == "pending":
        refund.due_at = next_question_at()
        if CARD_REFUND.may(refund.state, "lose"):
            refund.state = CARD_REFUND.require(refund.state, "lose")
        refund.save(update_fields=["state", "due_at", "reference", "code"])
        audit.record(actor=actor, kind=entries.CARD_REFUND_PENDING, subject=refund, amount_yen=refund.amount_yen)
        return refund
    _finish(actor, refund, has_succeeded=answer.outcome == "succeeded")
    return refund


def _locked(refund_id: UUID) -> CardRefund:
    payment_id = CardRefund.objects.filter(pk=refund_id).values_list("payment_id", flat=True).first()
    lock(CardPayment, payment_id or refund_id)
    return lock(CardRefund, refund_id, *RELATED)


def _finish(actor: Actor, refund: CardRefund, *, has_succeeded: bool) -> None:
    """The refund's money leaves its account: to the processor's, which has paid it, or due to the client by bank.

    While a dispute may pay it, or has, one that did not go waits for that instead: by bank it would go twice.
    """
    if not has_succeeded and against_payments([refund.payment_id]):
        _hold(actor, refund)
        return
    payment, held = refund.payment, accounts.card_refund(refund.pk)
    client_id = payment.milestone.contract.client_id
    if has_succeeded:
        _post(actor, refund, JournalKind.CARD_REFUNDED, held, accounts.card_clearing(payment.processor))
    else:
        _post(actor, refund, JournalKind.CARD_REFUND_FAILED, held, accounts.refund_due(client_id))
    refund.state = CARD_REFUND.require(refund.state, "succeed" if has_succeeded else "fail")
    refund.due_at, refund.closed_at = None, clock.now()
    refund.save(update_fields=["state", "due_at", "closed_at", "reference", "code", "note"])
    close_if_refunded(payment)
    audit.record(
        actor=actor,
        kind=entries.CARD_REFUND_DONE if has_succeeded else entries.CARD_REFUND_FAILED,
        subject=refund,
        amount_yen=refund.goes_yen,
    )
    told = events.CardRefunded if has_succeeded else events.CardRefundFailed
    emit(told(**_names(refund)))


def _hold(actor: Actor, refund: CardRefund) -> None:
    """What the dispute made fail is another refund when it goes again: its name at the processor is forgotten."""
    refund.state, refund.due_at, refund.reference = CARD_REFUND.require(refund.state, "hold"), clock.now(), ""
    refund.save(update_fields=["state", "due_at", "reference", "code", "note"])
    audit.record(actor=actor, kind=entries.CARD_REFUND_HELD, subject=refund, amount_yen=refund.goes_yen)
    reconsider_refunds(actor, refund.payment)


def _names(refund: CardRefund) -> dict[str, Any]:
    milestone = refund.payment.milestone
    return {
        "payment_id": refund.payment_id,
        "contract_id": milestone.contract_id,
        "milestone_id": milestone.pk,
        "client_id": milestone.contract.client_id,
        "title": milestone.title,
        "amount_yen": refund.goes_yen,
    }


@command(LAPSE_REFUND)
def lapse_card_refund(*, actor: Actor, refund_id: UUID) -> CardRefund:
    """What time does: an answer that does not come makes it unknown; what stays unknown goes to staff."""
    refund = lock(CardRefund, refund_id, *RELATED)
    require(LAPSE_REFUND, actor, refund)
    refund.state = CARD_REFUND.require(refund.state, "lapse")
    refund.due_at = next_question_at() if refund.state == "set_aside" else clock.now()
    refund.save(update_fields=["state", "due_at"])
    audit.record(actor=actor, kind=entries.CARD_LAPSED, subject=refund, state=refund.state)
    return refund


@command(CLOSE_REFUND)
def close_card_refund(*, actor: Actor, refund_id: UUID, outcome: str, note: str) -> CardRefund:
    """Staff found out at the processor what became of a refund. Raises `InputError` under `outcome` and `note`."""
    refund = _locked(refund_id)
    require(CLOSE_REFUND, actor, refund)
    if outcome not in ("succeeded", "failed"):
        raise InputError({"outcome": [Text("結果を選んでください。", "Choose what became of it.")]})
    refund.note = read_words(note, "note").ja
    _finish(actor, refund, has_succeeded=outcome == "succeeded")
    return refund


def order_of(refund: CardRefund) -> RefundOrder:
    """The refund as the processor is asked for it."""
    return RefundOrder(
        key=refund.key, charge=refund.payment.charge, amount_yen=refund.goes_yen, reference=refund.reference
    )


def send_card_refund(*, refund_id: UUID) -> bool:
    """Call the processor for a refund, outside any transaction; whether it answered."""
    try:
        refund = mark_refund_sent(actor=SYSTEM, refund_id=refund_id)
    except Refused:
        return True
    return _call(refund, may_send=True)


def find_out_refund(*, refund_id: UUID) -> bool:
    """Ask about a refund; one that the processor never heard of is sent again, under the same key. Whether it answered."""
    refund = CardRefund.objects.select_related(*RELATED).get(pk=refund_id)
    return _call(refund, may_send=False)


def _call(refund: CardRefund, *, may_send: bool) -> bool:
    taker = processor_of(refund.payment.processor, refund.payment.account)
    try:
        if taker is None:
            raise NoAnswer("not configured")
        answer = taker.refund(order_of(refund)) if may_send else taker.ask_refund(order_of(refund))
    except Rejected as rejected:
        # Perhaps it went back some other way already. Only a refund that the processor itself calls failed is one.
        answer = RefundAnswer(
            outcome="pending", reference=refund.reference, amount_yen=refund.goes_yen, code=rejected.code
        )
    except NoAnswer as lost:
        logger.info("card refund %s: no answer (%s)", refund.pk, lost)
        _ask_later(refund)
        return False
    if answer is None and refund.state in ("unknown", "set_aside") and against_payments([refund.payment_id]):
        answer = RefundAnswer(outcome="failed", reference="", amount_yen=refund.goes_yen, code="never_sent")
    if answer is None and refund.state == "unknown":
        return send_card_refund(refund_id=refund.pk)
    if answer is None:
        _ask_later(refund)
        return True
    if answer.amount_yen != refund.goes_yen:
        logger.error("card refund %s: %s instead of %s", refund.pk, answer.amount_yen, refund.goes_yen)
        _ask_later(refund)
        return False
    try:
        settle_card_refund(actor=SYSTEM, refund_id=refund.pk, answer=answer)
    except Refused:
        logger.info("card refund %s was settled by somebody else meanwhile", refund.pk)
    return True


def _ask_later(refund: CardRefund) -> None:
    # One that was sent becomes unknown by its own clock, which is as long.
    CardRefund.objects.filter(pk=refund.pk, state__in=["unknown", "set_aside"]).update(due_at=next_question_at())
