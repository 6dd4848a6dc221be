"""What happens to money that comes in, told to the rooms above after the fact."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEvent(Event):
    """A line of the bank's statement. `entry_key` is the same whenever and in whichever file it is seen.

    `name` is what the line says of the other side, half-width, perhaps nothing.
    """

    entry_key: str
    amount_yen: int
    booked_on: date
    name: str


@event(
    "payments.outgoing_seen",
    Text("{amount_yen}円の出金が明細にありました", "¥{amount_yen} went out"),
    personal=("name",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingSeen(LineEvent):
    pass


@event(
    "payments.return_seen",
    Text("{amount_yen}円の組戻しが明細にありました", "A transfer of ¥{amount_yen} came back"),
    personal=("name",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSeen(LineEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositEvent(Event):
    """A deposit whose sender is known by its reference."""

    deposit_id: UUID
    contract_id: UUID
    milestone_id: UUID
    client_id: UUID
    title: str
    amount_yen: int
    remaining_yen: int


@event("payments.deposit_waits", Text("{remaining_yen}円が仮受金になりました", "¥{remaining_yen} waits in suspense"))
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositWaits(DepositEvent):
    reason_code: str
    why_ja: str
    why_en: str
    advice_ja: str
    advice_en: str
    decide_by: datetime


@event("payments.deposit_to_go_back", Text("{remaining_yen}円を返送に回しました", "¥{remaining_yen} is to go back"))
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositToGoBack(DepositEvent):
    pass


@event("payments.deposit_sent_back", Text("{remaining_yen}円を返送しました", "¥{remaining_yen} was sent back"))
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositSentBack(DepositEvent):
    """`remaining_yen` is what went back."""

    reason: str


@event("payments.deposit_taken_back", Text("銀行が入金を取り消しました", "The bank cancelled a deposit"))
@dataclass(frozen=True, slots=True, kw_only=True)
class DepositTakenBack(DepositEvent):
    pass


@event("payments.operator_reminded", Text("運営に催促しました", "The operator was reminded"))
@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorReminded(Event):
    waiting: int
    to_send_back: int
    cancellations: int
    cards: int = 0
    overdue_yen: int = 0
    disputes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardEvent(Event):
    """Base of what happens to a card payment or its refund."""

    payment_id: UUID
    contract_id: UUID
    milestone_id: UUID
    client_id: UUID
    title: str
    amount_yen: int


@event("payments.card_not_paid", Text("カードでは支払われませんでした", "Nothing was paid by card"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CardNotPaid(CardEvent):
    """`code` is the processor's word for why; empty when nobody tried a card."""

    code: str


@event(
    "payments.card_paid_in_vain",
    Text("{amount_yen}円のカード払いをカードに返します", "A card payment of ¥{amount_yen} goes back to the card"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CardPaidInVain(CardEvent):
    """The milestone awaited no money any more."""

    milestone_state: str


@event("payments.card_refunded", Text("{amount_yen}円をカードに返金しました", "¥{amount_yen} went back to the card"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefunded(CardEvent):
    pass


@event(
    "payments.card_refund_failed",
    Text("{amount_yen}円をカードに返せませんでした", "The card did not take ¥{amount_yen} back"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefundFailed(CardEvent):
    """It is due to the client by bank instead."""


@event(
    "payments.card_refund_replaced",
    Text(
        "{amount_yen}円はカードの発行会社がもう返しています", "¥{amount_yen} was given back by the card's bank already"
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefundReplaced(CardEvent):
    """A dispute that was lost has given the cardholder the money, so a refund of it does not go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeEvent(Event):
    """Base of what happens to a dispute (chargeback). Of an unknown payment there is no more than the dispute."""

    dispute_id: UUID
    payment_id: UUID | None
    contract_id: UUID | None
    milestone_id: UUID | None
    client_id: UUID | None
    title: str
    amount_yen: int
    taken_yen: int
    fee_yen: int


@event(
    "payments.card_dispute_opened",
    Text("カードの支払い{amount_yen}円に申立てがありました", "A card payment of ¥{amount_yen} is disputed"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CardDisputeOpened(DisputeEvent):
    """`worker_id` is told while the milestone holds money for work, else nobody needs to be."""

    worker_id: UUID | None
    evidence_due_at: datetime | None
    decide_by: datetime


@event(
    "payments.card_dispute_ended",
    Text("カードの支払い{amount_yen}円の申立てが決まりました", "The dispute of ¥{amount_yen} was decided"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class CardDisputeEnded(DisputeEvent):
    """`state` is `won` or `lost`; `due_yen` goes to the client by bank, since the bank took back what it had given."""

    state: str
    due_yen: int


@event("payments.cards_allowed", Text("カード払いを再び認めました", "Cards are taken again after a dispute"))
@dataclass(frozen=True, slots=True, kw_only=True)
class CardsAllowed(DisputeEvent):
    pass


@event(
    "payments.balance_told",
    Text(
        "銀行の残高が{to_on}時点で{closing_yen}円と分かりました", "The bank says ¥{closing_yen} at the end of {to_on}"
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTold(Event):
    """A statement said what lies in the account; told after everything else of its file."""

    to_on: date
    closing_yen: int
