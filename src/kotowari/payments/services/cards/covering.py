"""Refunds of a payment whose cardholder's bank takes the money back: none goes while that may pay it twice (P021)."""

from datetime import datetime, timedelta

from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, post
from kotowari.payments import entries, events
from kotowari.payments.models import CardDispute, CardPayment, CardRefund
from kotowari.payments.transitions import CARD_PAYMENT, CARD_REFUND


def reconsider_refunds(actor: Actor, payment: CardPayment) -> None:
    """What becomes of a locked payment's refunds that were not sent: they cover what was lost, wait, or go now.

    Call it whenever a refund is recorded, and whenever a dispute changes.
    """
    refunds = list(CardRefund.objects.select_for_update().filter(payment=payment, state="recorded").order_by("pk"))
    disputes = list(
        CardDispute.objects.select_for_update().filter(payment=payment, state__in=["opened", "lost"]).order_by("pk")
    )
    for refund in refunds:
        refund.payment = payment
        for dispute in disputes:
            if dispute.state == "lost":
                _cover(actor, dispute, refund)
    open_until = [d.decide_by for d in disputes if d.state == "opened" and d.taken_yen and d.decide_by]
    for refund in refunds:
        if refund.state == "recorded":
            _wait_or_go(actor, refund, max(open_until, default=None))


def _wait_or_go(actor: Actor, refund: CardRefund, until: datetime | None) -> None:
    """Give a refund its clock: until the dispute should be decided, else now."""
    now, was = clock.now(), refund.due_at
    if until is not None:
        refund.due_at = refund.give_up_at = until
    elif (was is not None and was > now) or (refund.give_up_at is not None and refund.give_up_at <= now):
        refund.due_at = now
        refund.give_up_at = now + timedelta(hours=policy.value("payments.card_unknown_hours"))
    if refund.due_at == was:
        return
    refund.save(update_fields=["due_at", "give_up_at"])
    kind = entries.CARD_REFUND_HELD if until is not None else entries.CARD_REFUND_FREED
    audit.record(actor=actor, kind=kind, subject=refund, amount_yen=refund.goes_yen)


def _cover(actor: Actor, dispute: CardDispute, refund: CardRefund) -> None:
    """The cardholder has this money already: as much of the refund as was lost covers the loss instead."""
    milestone, covers_yen = refund.payment.milestone, min(dispute.uncovered_yen, refund.goes_yen)
    if covers_yen <= 0:
        return
    post(
        kind=JournalKind.CARD_DISPUTE_COVERED,
        scope="card.card_dispute_covered",
        key=f"{dispute.pk}:{refund.pk}:{refund.covered_yen}",
        lines=[Line(accounts.card_refund(refund.pk), -covers_yen), Line(accounts.card_dispute_losses(), covers_yen)],
        actor=actor,
        contract_id=milestone.contract_id,
        milestone_id=milestone.pk,
    )
    dispute.covered_yen += covers_yen
    dispute.save(update_fields=["covered_yen"])
    refund.covered_yen += covers_yen
    if not refund.goes_yen:
        refund.state = CARD_REFUND.require(refund.state, "replace")
        refund.due_at, refund.closed_at = None, clock.now()
    refund.save(update_fields=["covered_yen", "state", "due_at", "closed_at"])
    audit.record(actor=actor, kind=entries.CARD_REFUND_COVERED, subject=refund, amount_yen=covers_yen)
    if refund.state == "replaced":
        close_if_refunded(refund.payment)
        emit(
            events.CardRefundReplaced(
                payment_id=refund.payment_id,
                contract_id=milestone.contract_id,
                milestone_id=milestone.pk,
                client_id=milestone.contract.client_id,
                title=milestone.title,
                amount_yen=refund.amount_yen,
            )
        )


def close_if_refunded(payment: CardPayment) -> None:
    """A payment of which everything went back is refunded."""
    done_yen = sum(r.amount_yen for r in payment.refunds.filter(state__in=["succeeded", "replaced"]))
    if done_yen == payment.amount_yen:
        payment.state = CARD_PAYMENT.require(payment.state, "refund")
        payment.save(update_fields=["state"])
