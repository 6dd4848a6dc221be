"""What happens to payouts, told to the rooms above after the fact."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("payouts.bank_account_set", Text("口座が登録されました", "A bank account was registered"))
@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccountSet(Event):
    """`redirected` payouts that were not with the bank yet now go to it; `revived` rewards are in the balance again.

    `is_waiting`: nothing goes there before somebody has looked at its holder.
    """

    member_id: UUID
    account_id: UUID
    is_change: bool
    redirected: int
    revived: int = 0
    is_waiting: bool = False


@event("payouts.holder_differs", Text("口座の名義の確認が必要です", "The holder of an account has to be looked at"))
@dataclass(frozen=True, slots=True, kw_only=True)
class HolderDiffers(Event):
    """An account is not simply its owner's by name; `is_contested` when staff said no and are asked again."""

    member_id: UUID
    review_id: UUID
    due_on: date
    reason_ja: str
    reason_en: str
    is_contested: bool = False


@event("payouts.holder_decided", Text("口座の名義の確認が終わりました", "The holder of an account was looked at"))
@dataclass(frozen=True, slots=True, kw_only=True)
class HolderDecided(Event):
    """`state` is `approved`, `refused` or `upheld`; without staff's words, `approved` says that the names fit now.

    `by_clock`: staff did not decide in time (P020), so there are no words of theirs.
    """

    member_id: UUID
    state: str
    reason: str
    review_id: UUID | None = None
    by_clock: bool = False


@event("payouts.method_chosen", Text("出金方法が選ばれました({method})", "The payout method was chosen ({method})"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MethodChosen(Event):
    member_id: UUID
    method: str


@event("payouts.closed", Text("{closes_on}の締めが終わりました", "The closing of {closes_on} is done"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Event):
    closing_id: UUID
    closes_on: date
    payouts: int
    total_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutEvent(Event):
    """Base of what happens to a payout. `kind` is `reward`, `quick`, `expiry` or `refund`."""

    payout_id: UUID
    member_id: UUID
    kind: str
    gross_yen: int
    fee_yen: int
    net_yen: int
    pays_on: date


@event("payouts.requested", Text("{net_yen}円の振込が準備されました", "A transfer of ¥{net_yen} is being prepared"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRequested(PayoutEvent):
    closes_on: date


@event(
    "payouts.quick_requested",
    Text("クイック出金{net_yen}円の申請がありました", "A quick payout of ¥{net_yen} was asked for"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class QuickPayoutRequested(PayoutEvent):
    """Planned for `pays_on`, promised by `promised_on`."""

    promised_on: date


@event("payouts.quick_late", Text("クイック出金{net_yen}円が遅れます", "A quick payout of ¥{net_yen} is late"))
@dataclass(frozen=True, slots=True, kw_only=True)
class QuickPayoutLate(PayoutEvent):
    """It cannot be there by `promised_on`; `pays_on` is the earliest day on which it can."""

    promised_on: date


@event("payouts.paid_at_limit", Text("出金期限の来た{net_yen}円を振り込みます", "¥{net_yen} is paid at its time limit"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PaidAtLimit(PayoutEvent):
    """`expired_on` was the last day on which it could be paid out by choice."""

    expired_on: date


@event(
    "payouts.limit_near",
    Text("{amount_yen}円の出金期限が{last_on}です", "The time limit of ¥{amount_yen} is {last_on}"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LimitNear(Event):
    """`last_on` is the earliest last day among so many rewards; `outcome` what then becomes of them."""

    member_id: UUID
    amount_yen: int
    rewards: int
    last_on: date
    days_left: int
    outcome: str
    has_account: bool
    proposes_quick: bool


@event("payouts.reward_expired", Text("{amount_yen}円の出金期限が来ました", "The time limit of ¥{amount_yen} has come"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RewardExpired(Event):
    """`state` is `dormant` (kept for its owner) or `forfeited`."""

    member_id: UUID
    state: str
    amount_yen: int
    expired_on: date


@event("payouts.reward_revived", Text("お預かりの{amount_yen}円が残高に戻りました", "¥{amount_yen} is available again"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRevived(Event):
    member_id: UUID
    amount_yen: int


@event(
    "payouts.reward_restored",
    Text("{amount_yen}円の失効を取り消しました", "The forfeiture of ¥{amount_yen} was taken back"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class RewardRestored(Event):
    """`reason` is what staff gave."""

    member_id: UUID
    amount_yen: int
    reason: str


@event("payouts.not_paid", Text("{closes_on}の締めで支払われませんでした", "The closing of {closes_on} did not pay"))
@dataclass(frozen=True, slots=True, kw_only=True)
class NotPaid(Event):
    """A closing passed over money that only waits for its owner to do something about the bank account."""

    member_id: UUID
    kind: str
    amount_yen: int
    closes_on: date
    reason_ja: str
    reason_en: str


@event("payouts.held", Text("{net_yen}円の振込を保留しました", "A transfer of ¥{net_yen} is on hold"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutHeld(PayoutEvent):
    """`until` is the last day on which putting the account right lets this payout go on."""

    until: date
    reason_ja: str
    reason_en: str


@event("payouts.delayed", Text("振込の日が{pays_on}になりました", "The transfer moved to {pays_on}"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDelayed(PayoutEvent):
    promised_on: date


@event("payouts.settled", Text("{net_yen}円が振り込まれました", "¥{net_yen} was transferred"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutSettled(PayoutEvent):
    settled_on: date


@event("payouts.returned", Text("{net_yen}円の振込が戻りました", "A transfer of ¥{net_yen} came back"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReturned(PayoutEvent):
    reason_ja: str
    reason_en: str
    is_about_account: bool


@event("payouts.cancelled", Text("{net_yen}円の振込を取りやめました", "A transfer of ¥{net_yen} was cancelled"))
@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutCancelled(PayoutEvent):
    reason_ja: str
    reason_en: str


@event("payouts.run_ready", Text("{pays_on}の振込の束ができました", "The run of {pays_on} is ready"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RunReady(Event):
    """`hand_over_by` is the last bank day on which the bank takes its file."""

    run_id: UUID
    pays_on: date
    hand_over_by: date
    transfers: int
    total_yen: int


@event("payouts.run_handed_over", Text("{pays_on}の振込を銀行に依頼しました", "The run of {pays_on} is with the bank"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RunHandedOver(Event):
    run_id: UUID
    pays_on: date
    transfers: int
    total_yen: int


@event("payouts.run_done", Text("{pays_on}の振込がすべて終わりました", "Every transfer of {pays_on} is done"))
@dataclass(frozen=True, slots=True, kw_only=True)
class RunDone(Event):
    run_id: UUID
    pays_on: date


@event("payouts.operator_reminded", Text("運営に催促しました", "The operator was reminded"))
@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorReminded(Event):
    """What lies with the operator's staff beyond its time."""

    runs_to_hand_over: int
    runs_without_outcome: int
    lines_to_explain: int
    holders_to_check: int = 0


@event("payouts.bank_differs", Text("帳簿と銀行が合いません", "Books and bank differ"))
@dataclass(frozen=True, slots=True, kw_only=True)
class BankDiffers(Event):
    """How many differences are open, how many of them are new, and how many are late."""

    differences: int
    fresh: int
    late: int
    differs_by_yen: int
