"""Why there is money in suspense, and money of cards in no escrow."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.explaining import Why, explains
from kotowari.payments.models import CardDispute, CardPayment, CardRefund, Deposit
from kotowari.payments.selectors.disputes import against_payments, page_of_dispute
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
    """Each is asked of the processor, or being found out, or waits for the end of a dispute."""
    words = Text(
        "カードへの返金({state})。カード会社の答えを待っています。",
        "Refund to a card ({state}); the processor is asked.",
    )
    waits = Text(
        "カードへの返金。この支払いには申立て(チャージバック)が出ているため、二重に返さないよう、決まるまで待っています。",
        "Refund to a card. The payment is disputed (chargeback), so it waits until that is decided, lest it go twice.",
    )
    rows = list(CardRefund.objects.filter(pk__in=refund_ids).select_related("payment__made_by"))
    disputed = against_payments(row.payment_id for row in rows if row.state == "recorded")
    return {
        row.pk: Why(
            waits if row.payment_id in disputed else words.format(state=CARD_REFUND.states[row.state]),
            "P021" if row.payment_id in disputed else "",
            row.payment.made_by.display_name,
            row.payment.made_by_id,
            row.due_at,
        )
        for row in rows
    }


@explains(accounts.CARD_DISPUTED)
def card_disputes(dispute_ids: Sequence[UUID]) -> Mapping[UUID, Why]:
    """What a processor took back, until the cardholder's bank decides."""
    known = Text(
        "「{title}」のカード払いへの申立て(チャージバック)で、カード会社が引き上げています。発行会社が決めるのを待っています。"
        "仮払いと報酬はそのままです。",
        "Taken back by the card processor, since the card payment for “{title}” is disputed (chargeback); the card's bank "
        "decides. Escrow and reward stay as they are.",
    )
    unknown = Text(
        "記録にない支払いへの申立て(チャージバック)で、カード会社が引き上げています。",
        "Taken back by the card processor for a dispute of a payment that is not in our records.",
    )
    rows = CardDispute.objects.filter(pk__in=dispute_ids).select_related("payment__milestone__contract__client")
    found = {}
    for row in rows:
        milestone = row.payment.milestone if row.payment else None
        client = milestone.contract.client if milestone else None
        found[row.pk] = Why(
            known.format(title=milestone.title) if milestone else unknown,
            "P021",
            client.display_name if client else "",
            client.pk if client else None,
            row.decide_by,
            page_of_dispute(row),
        )
    return found
