"""What clients are told about their card payments, and what of a contract concerns them."""

from kotowari.contracts.events import MilestoneRefunded
from kotowari.contracts.transitions import MILESTONE
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.notices import notify
from kotowari.foundation.outbox import on
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payments import events
from kotowari.payments.card_words import what_helps, why_not_paid


def _tell(e: events.CardEvent, kind: str, title: Text, body: Text, **values: object) -> None:
    said = {"title": e.title, "amount": yen(e.amount_yen), **values}
    where = f"/contracts/{e.contract_id}/milestones/{e.milestone_id}/fund/"
    notify(
        member_id=e.client_id,
        kind=f"payments.{kind}",
        title=title.format(**said),
        body=body.format(**said),
        url=where if kind == "card_not_paid" else f"{where}card/{e.payment_id}/",
    )


@on(events.CardNotPaid)
def card_not_paid(e: events.CardNotPaid) -> None:
    _tell(
        e,
        "card_not_paid",
        Text("カードでは支払われていません:「{title}」", "Not paid by card: “{title}”"),
        Text("{why}{helps}", "{why} {helps}"),
        why=why_not_paid(e.code),
        helps=what_helps(e.code),
    )


@on(events.CardPaidInVain)
def card_paid_in_vain(e: events.CardPaidInVain) -> None:
    _tell(
        e,
        "card_paid_in_vain",
        Text("カードのお支払い{amount}をお返しします:「{title}」", "Your {amount} goes back to your card: “{title}”"),
        Text(
            "お支払いが済んだときには、この仮払いはもう「{state}」で、入金を待っていませんでした。全額をカードにお返しします。"
            "手続きは要りません。済みしだいお知らせします。",
            "When you had paid, this escrow was “{state}” and awaited no money. All of it goes back to your card; there "
            "is nothing you need to do, and we tell you when it is done.",
        ),
        state=MILESTONE.states[e.milestone_state],
    )


@on(events.CardRefunded)
def card_refunded(e: events.CardRefunded) -> None:
    _tell(
        e,
        "card_refunded",
        Text("カードに{amount}を返金しました:「{title}」", "{amount} went back to your card: “{title}”"),
        Text(
            "カード会社の返金処理が済みました。ご利用明細への反映は、カード会社により数日から1か月ほどかかります。",
            "The processor has refunded it. It shows on your card's statement within some days to a month.",
        ),
    )


@on(events.CardRefundFailed)
def card_refund_failed(e: events.CardRefundFailed) -> None:
    _tell(
        e,
        "card_refund_failed",
        Text("{amount}は銀行振込でお返しします:「{title}」", "{amount} comes back by bank transfer: “{title}”"),
        Text(
            "カードに返金できなかったため、銀行振込でお返しします。振込先の口座と予定は「報酬」のページにあります。",
            "Your card took no refund, so it comes by bank transfer. The account and the date stand on “Rewards”.",
        ),
    )


@on(events.CardRefundReplaced)
def card_refund_replaced(e: events.CardRefundReplaced) -> None:
    _tell(
        e,
        "card_refund_replaced",
        Text(
            "{amount}はカードの発行会社が返しています:「{title}」",
            "Your card's bank has given {amount} back: “{title}”",
        ),
        Text(
            "この支払いは申立て(チャージバック)により、カードの発行会社がもうお返ししています。重ねての返金はありません。"
            "お心当たりがないときは、カードの発行会社にお確かめのうえ、お問い合わせください。",
            "By your dispute (chargeback) the card's bank has given this payment back already, so no further refund is "
            "made. If you do not see it, please check with your card's bank, then contact us.",
        ),
    )


@on(MilestoneRefunded)
def escrow_refunded(e: MilestoneRefunded) -> None:
    """What a card had filled goes back to that card."""
    from kotowari.payments.services import request_card_refund

    if e.card_payment_id is not None:
        request_card_refund(actor=SYSTEM, payment_id=e.card_payment_id, amount_yen=e.amount_yen)
