"""What can be done with card payments and their refunds, and every reason why not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.contracts.gates import FUND, MilestoneFacts
from kotowari.foundation.transitions import TransitionTable
from kotowari.kernel.gates import Blocker, Remedy, Rule
from kotowari.kernel.money import yen
from kotowari.kernel.text import Text
from kotowari.payments.gates.deposits import DepositFacts, OperatorFacts, action, handled_by, still_waits
from kotowari.payments.gates.disputes import Standing, no_dispute, not_twice
from kotowari.payments.transitions import CARD_PAYMENT, CARD_REFUND

TO_CARDS = Remedy(Text("カード払いの一覧を開く", "Open the card payments"), "/console/cards/")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A card payment of the same milestone whose outcome is still open."""

    id: UUID
    state: str
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PayByCardFacts(MilestoneFacts):
    """A milestone, whether cards are taken, what is under way for it already, and whether its client disputes money."""

    has_processor: bool
    amount_yen: int
    card_max_yen: int
    under_way: UnderWay | None
    dispute: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts(OperatorFacts):
    """One card payment or refund and its clocks."""

    now: datetime
    state: str
    due_at: datetime | None
    give_up_at: datetime
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRefundFacts(CardFacts):
    """A refund, and the dispute that its payment is under."""

    dispute: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCardFacts(OperatorFacts):
    """A card payment and how much of it can still go back."""

    state: str
    held_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessorFacts(DepositFacts):
    """A deposit and what the card processor owes in all; `claimed_yen` is the deposit with the fee kept back."""

    owed_yen: int
    claimed_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HearFacts:
    """A message that says it comes from the card processor."""

    has_processor: bool
    is_genuine: bool


def _cards_taken(facts: PayByCardFacts | HearFacts) -> Blocker | None:
    if facts.has_processor:
        return None
    remedy = None
    if isinstance(facts, PayByCardFacts):
        where = f"{facts.url}milestones/{facts.milestone_id}/fund/"
        remedy = Remedy(Text("銀行振込で仮払いする", "Fund it by bank transfer"), where)
    return Blocker(
        code="no_cards_taken",
        reason=Text("このサイトではカード払いを受け付けていません。", "Cards are not taken on this site."),
        rule="P008",
        resolved_by="operator",
        remedy=remedy,
    )


def _amount_for_card(facts: PayByCardFacts) -> Blocker | None:
    if facts.amount_yen <= facts.card_max_yen:
        return None
    return Blocker(
        code="too_much_for_card",
        reason=Text(
            "カードで支払えるのは{max}までです。この仮払いは{amount}です。",
            "Up to {max} can be paid by card; this escrow is {amount}.",
        ).format(max=yen(facts.card_max_yen), amount=yen(facts.amount_yen)),
        rule="P009",
        resolved_by="you",
        facts={"amount_yen": facts.amount_yen, "max_yen": facts.card_max_yen},
        remedy=Remedy(
            Text("銀行振込で仮払いする", "Fund it by bank transfer"),
            f"{facts.url}milestones/{facts.milestone_id}/fund/#instruction",
        ),
    )


def _none_under_way(facts: PayByCardFacts) -> Blocker | None:
    """Two payments at once would be paid twice by a client who finishes both."""
    if facts.under_way is None:
        return None
    return Blocker(
        code="card_under_way",
        reason=Text(
            "この仮払いのカード払いが進行中です({state})。二重のお支払いを防ぐため、終わるまで新しく始められません。",
            "A card payment for this escrow is under way ({state}). So that nothing is paid twice, another one cannot "
            "begin before it is over.",
        ).format(state=CARD_PAYMENT.states[facts.under_way.state]),
        rule="P014",
        resolved_by="you",
        facts={"state": facts.under_way.state},
        remedy=Remedy(
            Text("進行中のお支払いを開く", "Open the payment under way"),
            f"{facts.url}milestones/{facts.milestone_id}/fund/card/{facts.under_way.id}/",
        ),
        clears_at=facts.under_way.due_at,
    )


def _not_over(table: TransitionTable, *over: str) -> Rule:
    """Nothing more can become of it."""

    def rule(facts: CardFacts) -> Blocker | None:
        if facts.state not in over:
            return None
        return Blocker(
            code=f"is_{facts.state}",
            reason=Text("もう「{state}」と決まっています。", "It is “{state}” already.").format(
                state=table.states[facts.state]
            ),
            rule="P002",
            resolved_by="you",
            facts={"state": facts.state},
            remedy=Remedy(Text("お支払いを見る", "See the payment"), facts.url),
        )

    return rule


def _can_be_sent(table: TransitionTable) -> Rule:
    """The processor is called once; whoever comes second asks instead."""
    sources = table.sources_of("send")

    def rule(facts: CardFacts) -> Blocker | None:
        if facts.state in sources:
            return None
        return Blocker(
            code="sent_already",
            reason=Text(
                "もうカード会社に依頼しています({state})。", "The processor was asked already ({state})."
            ).format(state=table.states[facts.state]),
            rule="P014",
            resolved_by="time",
            facts={"state": facts.state},
            remedy=Remedy(Text("お支払いを見る", "See the payment"), facts.url),
        )

    return rule


def _waits_by_clock(table: TransitionTable) -> Rule:
    """Only what waits has a deadline."""
    waiting = table.sources_of("lapse")

    def rule(facts: CardFacts) -> Blocker | None:
        if facts.state in waiting:
            return None
        return Blocker(
            code="has_no_deadline",
            reason=Text("「{state}」には期限がありません。", "“{state}” has no deadline.").format(
                state=table.states[facts.state]
            ),
            rule="P003",
            resolved_by="operator",
            facts={"state": facts.state},
            remedy=TO_CARDS,
        )

    return rule


def _clock_has_come(facts: CardFacts) -> Blocker | None:
    until = facts.give_up_at if facts.state == "unknown" else facts.due_at
    if until is None or until <= facts.now:
        return None
    return Blocker(
        code="not_due",
        reason=Text("期限はまだ来ていません。", "The deadline has not come."),
        rule="P003",
        resolved_by="time",
        clears_at=until,
    )


def _set_aside(table: TransitionTable) -> Rule:
    """Staff decide only what could not be found out by asking."""

    def rule(facts: CardFacts) -> Blocker | None:
        if facts.state == "set_aside":
            return None
        return Blocker(
            code="not_set_aside",
            reason=Text(
                "「{state}」です。担当者が決めるのは、自動で確かめられなかったものだけです。",
                "It is “{state}”. Staff decide only what could not be found out by asking.",
            ).format(state=table.states[facts.state]),
            rule="P014",
            resolved_by="time",
            facts={"state": facts.state},
            remedy=TO_CARDS,
        )

    return rule


def _held(facts: RefundCardFacts) -> Blocker | None:
    if facts.held_yen > 0:
        return None
    return Blocker(
        code="nothing_held",
        reason=Text(
            "この支払いで預かっているお金はありません。返金は預かっている額までです。",
            "Nothing of this payment is held; no more than that can go back.",
        ),
        rule="P009",
        resolved_by="operator",
        facts={"held_yen": facts.held_yen, "state": facts.state},
        remedy=TO_CARDS,
    )


def _owed(facts: ProcessorFacts) -> Blocker | None:
    if facts.claimed_yen <= facts.owed_yen:
        return None
    return Blocker(
        code="more_than_owed",
        reason=Text(
            "カード会社の未収は{owed}です。この入金と手数料の合計{claimed}はそれを超えます。",
            "The card processor owes {owed}; this deposit and the fee make {claimed}.",
        ).format(owed=yen(facts.owed_yen), claimed=yen(facts.claimed_yen)),
        rule="P009",
        resolved_by="you",
        facts={"owed_yen": facts.owed_yen, "claimed_yen": facts.claimed_yen},
        remedy=TO_CARDS,
    )


def _genuine(facts: HearFacts) -> Blocker | None:
    if facts.is_genuine:
        return None
    return Blocker(
        code="signature_wrong",
        reason=Text(
            "署名が合わないか、時刻が古すぎます。何も行っていません。",
            "The signature does not fit, or its time is too long ago. Nothing was done.",
        ),
        rule="P014",
        resolved_by="operator",
        status=403,
    )


_OVER = ("succeeded", "refunded")
_REFUND_OVER = ("succeeded", "failed", "replaced")

PAY_BY_CARD = action(
    "card.pay",
    Text("カードで支払う", "Pay by card"),
    Text("いまはカードで支払えません", "It cannot be paid by card now"),
    "contracts.milestone",
    *FUND.rules,
    _cards_taken,
    _amount_for_card,
    _none_under_way,
    no_dispute,
)
SEE_CARDS = action(
    "cards.see",
    Text("カード払いを見る", "See card payments"),
    Text("カード払いの一覧は見られません", "The card payments cannot be seen"),
    "",
    handled_by("staff", "system"),
)
SEE_CARD = action(
    "card.see",
    Text("カードのお支払いを見る", "See a card payment"),
    Text("このお支払いは見られません", "This payment cannot be seen"),
    "payments.cardpayment",
    handled_by("client", "staff", "system"),
)
ASK_CARD = action(
    "card.ask",
    Text("カード会社に確かめる", "Ask the card processor"),
    Text("確かめることはもうありません", "There is nothing left to ask"),
    "payments.cardpayment",
    handled_by("client", "staff", "system"),
    _not_over(CARD_PAYMENT, *_OVER),
)
SEND_CARD = action(
    "card.send",
    Text("カード会社に支払いを依頼する", "Ask the processor for a payment"),
    Text("もう依頼しています", "It was asked already"),
    "payments.cardpayment",
    handled_by("system"),
    _can_be_sent(CARD_PAYMENT),
)
SETTLE_CARD = action(
    "card.settle",
    Text("カード払いの結果を記録する", "Record what became of a card payment"),
    Text("結果はもう記録されています", "What became of it is recorded"),
    "payments.cardpayment",
    handled_by("system"),
    _not_over(CARD_PAYMENT, *_OVER),
)
LAPSE_CARD = action(
    "card.lapse",
    Text("期限によりカード払いを確かめる", "Find out a card payment by its deadline"),
    Text("期限では変わりません", "It does not change by a deadline"),
    "payments.cardpayment",
    handled_by("system"),
    _waits_by_clock(CARD_PAYMENT),
    _clock_has_come,
)
CLOSE_CARD = action(
    "card.close",
    Text("支払われなかったことにする", "Close as not paid"),
    Text("いまは閉じられません", "It cannot be closed now"),
    "payments.cardpayment",
    handled_by("staff"),
    _set_aside(CARD_PAYMENT),
)
REFUND_CARD = action(
    "card.refund",
    Text("カードに返金する", "Refund the card"),
    Text("カードには返金できません", "The card cannot be refunded"),
    "payments.cardpayment",
    handled_by("system"),
    _held,
)
SEND_REFUND = action(
    "cardrefund.send",
    Text("カード会社に返金を依頼する", "Ask the processor for a refund"),
    Text("もう依頼しています", "It was asked already"),
    "payments.cardrefund",
    handled_by("system"),
    _can_be_sent(CARD_REFUND),
    not_twice,
)
SETTLE_REFUND = action(
    "cardrefund.settle",
    Text("カード返金の結果を記録する", "Record what became of a card refund"),
    Text("結果はもう記録されています", "What became of it is recorded"),
    "payments.cardrefund",
    handled_by("system"),
    _not_over(CARD_REFUND, *_REFUND_OVER),
)
LAPSE_REFUND = action(
    "cardrefund.lapse",
    Text("期限によりカード返金を確かめる", "Find out a card refund by its deadline"),
    Text("期限では変わりません", "It does not change by a deadline"),
    "payments.cardrefund",
    handled_by("system"),
    _waits_by_clock(CARD_REFUND),
    _clock_has_come,
)
CLOSE_REFUND = action(
    "cardrefund.close",
    Text("カード返金の結果を決める", "Decide what became of a card refund"),
    Text("いまは決められません", "It cannot be decided now"),
    "payments.cardrefund",
    handled_by("staff"),
    _set_aside(CARD_REFUND),
)
KNOW_PROCESSOR = action(
    "deposit.from_processor",
    Text("カード会社からの入金として記録する", "Record as the card processor's transfer"),
    Text("カード会社からの入金にはできません", "It cannot be the card processor's"),
    "payments.deposit",
    handled_by("staff"),
    still_waits,
    _owed,
)
HEAR = action(
    "webhook.hear",
    Text("カード会社の知らせを受け取る", "Hear the card processor"),
    Text("この知らせは受け取れません", "This message is not taken"),
    "",
    _cards_taken,
    _genuine,
)
