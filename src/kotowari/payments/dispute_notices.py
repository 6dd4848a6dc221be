"""Who is told of a dispute (chargeback): staff always; its client; a worker only while money is held for their work."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kotowari.foundation.notices import notify, notify_many
from kotowari.foundation.outbox import on
from kotowari.kernel import clock
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payments import events
from kotowari.payments.notices import staff_ids

NOBODYS = Text("(記録にない支払い)", "(a payment not in our records)")


def _said(e: events.DisputeEvent) -> dict[str, object]:
    return {"title": e.title or NOBODYS, "amount": yen(e.amount_yen), "taken": yen(e.taken_yen), "fee": yen(e.fee_yen)}


def _staff(e: events.DisputeEvent, kind: str, title: Text, body: Text, **more: object) -> None:
    _many(staff_ids(), kind, title, body, f"/console/cards/disputes/{e.dispute_id}/", {**_said(e), **more})


def _many(members: Iterable[UUID], kind: str, title: Text, body: Text, url: str, said: dict[str, object]) -> None:
    notify_many(
        member_ids=list(members),
        kind=f"payments.{kind}",
        title=title.format(**said),
        body=body.format(**said),
        url=url,
    )


def _client(e: events.DisputeEvent, kind: str, title: Text, body: Text, **more: object) -> None:
    if e.client_id is None:
        return
    said = {**_said(e), **more}
    where = f"/contracts/{e.contract_id}/milestones/{e.milestone_id}/fund/card/{e.payment_id}/"
    notify(
        member_id=e.client_id, kind=f"payments.{kind}", title=title.format(**said), body=body.format(**said), url=where
    )


def _by(moment: datetime | None) -> Text:
    if moment is None:
        return Text("カード会社の画面にある期限", "the deadline that the processor shows")
    day = clock.tokyo(moment)
    return Text(f"{day.month}月{day.day}日{day:%H:%M}", f"{day:%-d %B %H:%M}")


@on(events.CardDisputeOpened)
def dispute_opened(e: events.CardDisputeOpened) -> None:
    _staff(
        e,
        "dispute_opened_staff",
        Text("カードの支払い{amount}に申立てがありました:{title}", "A card payment of {amount} is disputed: {title}"),
        Text(
            "カード会社が{taken}と手数料{fee}を引き上げました。反論できるのは{until}までです。カード会社の管理画面で証拠を出してください。",
            "The processor took {taken} and a fee of {fee}. Evidence counts until {until}; hand it in at the processor.",
        ),
        until=_by(e.evidence_due_at),
    )
    _client(
        e,
        "dispute_opened",
        Text(
            "カードのお支払い{amount}に申立てが出ています:「{title}」",
            "Your card payment of {amount} is disputed: “{title}”",
        ),
        Text(
            "カードの発行会社から、このお支払いに申立て(チャージバック)があったと連絡がありました。契約や仮払いは、申立てでは変わりません。"
            "発行会社が決めるまで、カードでの新しいお支払いはお待ちいただきます。発行会社が引き上げたお金の返金も、二重に返さないよう、決まるまで待ちます。"
            "銀行振込はご利用いただけます。"
            "お心当たりがないときは、カードの発行会社にお確かめください。",
            "Your card's bank says that this payment is disputed (chargeback). Contract and escrow do not change by that. Until "
            "the bank has decided, no new payment by card is taken from you, and what the bank has taken back is not refunded "
            "as well; bank transfers are taken as ever. If it was not you, please check with your card's bank.",
        ),
    )
    if e.worker_id is not None:
        notify(
            member_id=e.worker_id,
            kind="payments.dispute_reward_safe",
            title=Text("報酬は守られています:「{title}」", "Your reward is safe: “{title}”").format(title=e.title),
            body=Text(
                "この仮払いに使われたカードについて、発行会社に申立てがありました。仮払いはそのまま預かっており、"
                "検収されれば約束どおり報酬になります。申立ての結果は運営が負担し、あなたの報酬には影響しません。手続きは要りません。",
                "The card payment behind this escrow is disputed with the card's bank. The escrow stays as it "
                "is and becomes your reward on acceptance, as agreed. However the dispute ends, the operator bears it, not "
                "you. There is nothing you need to do.",
            ),
            url=f"/contracts/{e.contract_id}/",
        )


@on(events.CardDisputeEnded)
def dispute_ended(e: events.CardDisputeEnded) -> None:
    is_won = e.state == "won"
    _staff(
        e,
        "dispute_ended_staff",
        Text("カードの申立てが退けられました:{title}", "The dispute was turned down: {title}")
        if is_won
        else Text("カードの申立てが認められました:{title}", "The dispute was decided for the cardholder: {title}"),
        Text("お金は運営のもとにあります(手数料{fee})。", "The money is with us again (fee {fee}).")
        if is_won
        else Text(
            "{taken}は戻らず、運営の費用になりました(ほかに手数料{fee})。仮払いと報酬はそのままです。",
            "{taken} does not come back and is the operator's expense (the fee is {fee}). Escrow and reward stay.",
        ),
    )
    _client(
        e,
        "dispute_ended",
        Text("カードの申立てが決まりました:「{title}」", "The dispute was decided: “{title}”"),
        _WON.format(bank=_BY_BANK.format(due=yen(e.due_yen)) if e.due_yen else "") if is_won else _LOST,
    )


_WON = Text(
    "申立ては退けられ、お支払いはそのまま有効です。ほかに申立てがなければ、カード払いはまたご利用いただけ、待っていた返金はすぐに進みます。{bank}",
    "The dispute was turned down: your payment stands. Unless another payment is disputed, cards are taken from you again and "
    "a refund that waited goes now. {bank}",
)
_BY_BANK = Text(
    "カードの発行会社が取り戻した{due}は、銀行振込でお返しします。",
    "The {due} that your card's bank took from you again comes back by bank transfer.",
)
_LOST = Text(
    "申立てが認められ、カードの発行会社が{taken}をお返しします。この額を重ねて返金することはありません。これからのお支払いは銀行振込でお願いします。"
    "お心当たりがないときは、お問い合わせください。",
    "The dispute was decided for the cardholder: the card's bank gives {taken} back, which is not refunded a second time. Please "
    "pay by bank transfer from now on. If you think this is wrong, contact us.",
)


@on(events.CardsAllowed)
def cards_allowed(e: events.CardsAllowed) -> None:
    _client(
        e,
        "cards_allowed",
        Text("カード払いを再びご利用いただけます", "You can pay by card again"),
        Text(
            "運営の担当者が確かめ、カード払いを再開しました。銀行振込もこれまでどおりご利用いただけます。",
            "The operator's staff looked into it: cards are taken from you again, and bank transfers as ever.",
        ),
    )
