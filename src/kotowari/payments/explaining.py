"""Why there is money in suspense, and money of cards in no escrow."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.explaining import Why, explains
from kotowari.payments.models import CardPayment, CardRefund, Deposit
from kotowari.payments.transitions import CARD_REFUND, DEPOSIT


@explains(accounts.SUSPENSE)
def deposits(deposit_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """Each waits with its reason, for somebody, until a day."""
    rows = Deposit.objects.filter(pk__in=deposit_ids, state__in=("in_suspense", "to_send_back"))
    return {row.pk: _deposit(row) for row in rows.select_related("milestone__contract__client")}


def _deposit(row: Deposit) -> Why:
    waits = {
        "client": Text("発注者を待っています", "waits for the client"),
        "operator": Text("運営を待っています", "waits for the operator"),
    }[row.waits_for]
    client = row.milestone.contract.client if row.milestone and row.is_certain else None
    words = Text("{state}:{why}{waits}。", "{state}: {why} It {waits}.")
    return Why(
        words.format(state=DEPOSIT.states[row.state], why=row.why, waits=waits),
        owner=client.display_name if client else row.payer_name or "",
        owner_id=client.pk if client else None,
        until=row.decide_by,
        url=f"/console/deposits/{row.pk}/",
    )


@explains(accounts.CARD_HELD)
def card_payments(payment_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """What was paid by card and has not found its escrow, or goes back to the card."""
    words = Text(
        "カードで支払われ、仮払いに入るかカードに返るのを待っています。", "Paid by card; goes into escrow or back."
    )
    rows = CardPayment.objects.filter(pk__in=payment_ids).select_related("made_by")
    return {row.pk: Why(words, "", row.made_by.display_name, row.made_by_id, row.due_at) for row in rows}


@explains(accounts.CARD_REFUND)
def card_refunds(refund_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """Each is asked of the processor, or being found out."""
    words = Text(
        "カードへの返金({state})。カード会社の答えを待っています。",
        "Refund to a card ({state}); the processor is asked.",
    )
    rows = CardRefund.objects.filter(pk__in=refund_ids).select_related("payment__made_by")
    return {
        row.pk: Why(
            words.format(state=CARD_REFUND.states[row.state]),
            "",
            row.payment.made_by.display_name,
            row.payment.made_by_id,
            row.due_at,
        )
        for row in rows
    }
