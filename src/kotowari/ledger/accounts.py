"""The accounts: which classes there are, what each means, and how one account is named.

Amounts are credit-positive: what the market owes or has earned is positive, and money that lies in its bank
shows as a negative balance, so that the whole ledger always sums to zero.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Literal
from uuid import UUID

from kotowari.kernel.text import Text

Kind = Literal["asset", "liability", "equity", "income", "expense"]
Mode = Literal["sync", "rollup"]
OwnerKind = Literal["deposit", "milestone", "member", "payout", "card", "refund", "dispute"]
CardProcessor = Literal["stripe", "fake"]
"""The card processors there are adapters for; each owes us what it took in an account of its own."""


NO_FLOOR_YEN = -(2**63)


@dataclass(frozen=True, slots=True, eq=False)
class AccountClass:
    """A class of accounts.

    `floor_yen`: what the balance never falls below, zero or nothing (`NO_FLOOR_YEN`). `mode`: `sync` keeps the exact balance in one locked row
    and numbers every posting; `rollup` takes no lock and sums what was not yet rolled up, for accounts that
    every journal moves. A floor needs the lock, so a `rollup` account has none. `owner_kind` is None for the
    market's own accounts, of which there is one each.
    """

    name: str
    title: Text
    meaning: Text
    kind: Kind
    floor_yen: int
    mode: Mode
    owner_kind: OwnerKind | None
    opening: str = field(init=False)
    """What the database needs to know to open an account of this class."""

    def __post_init__(self) -> None:
        if self.floor_yen != NO_FLOOR_YEN and self.mode != "sync":
            raise ValueError(f"{self.name}: a floor cannot be kept without a lock")
        if self.name in ACCOUNT_CLASSES:
            raise ValueError(f"account class {self.name} is defined twice")
        opening = f"{self.name}/{self.kind}/{self.floor_yen}/{self.mode}/{self.owner_kind or ''}"
        object.__setattr__(self, "opening", opening)
        ACCOUNT_CLASSES[self.name] = self


@dataclass(frozen=True, slots=True)
class Account:
    """One account, by its class and owner; it is opened by the first journal that moves it."""

    of: AccountClass = field(compare=False)
    code: str
    owner_id: UUID | None = field(compare=False)

    def __str__(self) -> str:
        return self.code


ACCOUNT_CLASSES: dict[str, AccountClass] = {}

BANK_DEPOSITS = AccountClass(
    name="bank:deposits",
    title=Text("預り金口座", "Deposit bank account"),
    meaning=Text(
        "発注者の入金を受け取る銀行口座。残高がマイナスのぶんだけ口座にお金がある。",
        "The bank account that receives clients' money. As much lies in it as the balance is below zero.",
    ),
    kind="asset",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
BANK_PAYOUTS = AccountClass(
    name="bank:payouts",
    title=Text("振込用口座", "Payout bank account"),
    meaning=Text(
        "出金と返金の振込元になる銀行口座。",
        "The bank account from which payouts and refunds are transferred.",
    ),
    kind="asset",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
SUSPENSE = AccountClass(
    name="suspense",
    title=Text("仮受金", "Suspense"),
    meaning=Text(
        "届いたが、まだどの仮払いのものか決まっていない入金。入金ごとに1口座。",
        "Money that has come in but is not yet matched to an escrow. One account per deposit.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="deposit",
)
ESCROW = AccountClass(
    name="escrow",
    title=Text("仮払い", "Escrow"),
    meaning=Text(
        "ひとつのマイルストーンのために預かっているお金。検収・返金で必ず0円に戻る。",
        "Money held for one milestone. Acceptance or refund always brings it back to zero.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="milestone",
)
AVAILABLE = AccountClass(
    name="available",
    title=Text("未出金報酬", "Available reward"),
    meaning=Text(
        "確定していて、まだ出金していない報酬。ロットの残りの合計に等しい。",
        "Reward that is fixed and not yet paid out. Equals the sum of what remains in the member's lots.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="member",
)
DORMANT = AccountClass(
    name="dormant",
    title=Text("期限後のお預かり", "Kept after its time limit"),
    meaning=Text(
        "出金期限が来たとき振り込む先の口座がなかった報酬。会員ごとに1口座。なくならず、口座が登録されると報酬に戻る。",
        "Reward that met its time limit without an account to pay it to. One account per member. It is not lost: it is "
        "available again once there is a bank account.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="member",
)
REFUND_DUE = AccountClass(
    name="refund_due",
    title=Text("返金予定", "Refund due"),
    meaning=Text(
        "発注者に返すと決まり、まだ振り込んでいないお金。",
        "Money that goes back to a client and has not been transferred yet.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="member",
)
PAYOUT_IN_FLIGHT = AccountClass(
    name="payout_in_flight",
    title=Text("振込中", "Transfer in flight"),
    meaning=Text(
        "銀行に頼んだ、または頼むところの振込。1件ごとに1口座。結果が分かると0円に戻る。",
        "A transfer that the bank was or is being asked for. One account each; zero again when its outcome is known.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="payout",
)
FEE_INCOME = AccountClass(
    name="fee:income",
    title=Text("システム利用料収入", "Fee income"),
    meaning=Text(
        "運営が得たシステム利用料(税抜)。",
        "System fees earned by the operator, without tax.",
    ),
    kind="income",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
TRANSFER_FEE_INCOME = AccountClass(
    name="fee:transfer",
    title=Text("振込手数料収入", "Transfer fee income"),
    meaning=Text(
        "出金・返金のときに受け取る手数料(税抜)。",
        "Fees taken for payouts and refunds, without tax.",
    ),
    kind="income",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
QUICK_FEE_INCOME = AccountClass(
    name="fee:quick",
    title=Text("クイック出金利用料収入", "Quick payout fee income"),
    meaning=Text(
        "クイック出金のときに受け取る利用料(税抜)。",
        "Fees taken for quick payouts, without tax.",
    ),
    kind="income",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
FORFEITURE_INCOME = AccountClass(
    name="income:forfeited",
    title=Text("失効した報酬", "Forfeited rewards"),
    meaning=Text(
        "規則により出金期限で失効した報酬。誤りであれば理由を付けて取り消せる。",
        "Rewards that the rules forfeited at their time limit. Taken back, with a reason, when that was wrong.",
    ),
    kind="income",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
CONSUMPTION_TAX = AccountClass(
    name="tax:consumption",
    title=Text("仮受消費税", "Consumption tax payable"),
    meaning=Text(
        "手数料とともに受け取り、国に納める消費税。",
        "Consumption tax received with fees, to be paid to the state.",
    ),
    kind="liability",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
CARD_HELD = AccountClass(
    name="card_held",
    title=Text("カード預り金", "Card money held"),
    meaning=Text(
        "カードで支払われ、仮払いに入っていないお金。支払いごとに1口座。仮払いに充てるか、カードに返すと0円になる。",
        "Money paid by card that is in no escrow, not yet or no more. One account per payment; it goes into escrow or "
        "back to the card.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="card",
)
CARD_REFUND = AccountClass(
    name="card_refund",
    title=Text("カード返金中", "Card refund under way"),
    meaning=Text(
        "カード会社に返金を頼んだ、または頼むところのお金。返金ごとに1口座。結果が分かると0円に戻る。",
        "A refund that the card processor was or is being asked for. One account each; zero again when its outcome is "
        "known.",
    ),
    kind="liability",
    floor_yen=0,
    mode="sync",
    owner_kind="refund",
)


def _clearing_class(processor: CardProcessor, ja: str, en: str) -> AccountClass:
    return AccountClass(
        name=f"psp:{processor}:clearing",
        title=Text(f"カード未収金({ja})", f"Card clearing ({en})"),
        meaning=Text(
            f"{ja}がカードから受け取り、まだ運営の銀行口座に入金していないお金。残高がマイナスのぶんだけ未収がある。",
            f"What {en} has taken from cards and not yet transferred to the market's bank. As much is owed by it as "
            "the balance is below zero.",
        ),
        kind="asset",
        floor_yen=NO_FLOOR_YEN,
        mode="rollup",
        owner_kind=None,
    )


CARD_CLEARINGS: dict[str, AccountClass] = {
    "stripe": _clearing_class("stripe", "Stripe", "Stripe"),
    "fake": _clearing_class("fake", "デモのカード会社", "the demo's card gateway"),
}
CARD_FEES = AccountClass(
    name="expense:card_fees",
    title=Text("カード決済手数料", "Card processing fees"),
    meaning=Text(
        "カード会社が入金から差し引いた手数料と、カードの係争でとる手数料。運営が負担する。",
        "What card processors keep back of their transfers to us, and take for disputes; the operator bears it.",
    ),
    kind="expense",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
CARD_DISPUTED = AccountClass(
    name="card_disputed",
    title=Text("カード係争中", "Card money in dispute"),
    meaning=Text(
        "カードの持ち主の申立てによりカード会社が引き上げ、まだ結末が決まっていないお金。申立てごとに1口座。戻るか、運営の損失になると0円になる。",
        "What a card processor took back because the cardholder disputes it, until that is decided. One account per "
        "dispute: zero again when it is given back, or has become the operator's loss.",
    ),
    kind="asset",
    floor_yen=NO_FLOOR_YEN,
    mode="sync",
    owner_kind="dispute",
)
CARD_DISPUTES = AccountClass(
    name="expense:card_disputes",
    title=Text("カード係争損失", "Losses by card disputes"),
    meaning=Text(
        "戻らないと決まった、カードの持ち主が取り戻したお金。運営が負担し、受注者の報酬には触れない。",
        "What cardholders took back for good. The operator bears it; no worker's reward is touched.",
    ),
    kind="expense",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
BANK_FEES = AccountClass(
    name="expense:bank_fees",
    title=Text("銀行手数料", "Bank fees"),
    meaning=Text(
        "振込などのために銀行が口座から引き落とした手数料(税込)。運営が負担する。",
        "What the bank takes from the account for transfers and the like, tax included; the operator bears it.",
    ),
    kind="expense",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
INTEREST_INCOME = AccountClass(
    name="income:interest",
    title=Text("受取利息", "Bank interest"),
    meaning=Text(
        "銀行が口座に付けた利息。運営のお金になる。",
        "Interest that the bank pays on the account; it is the operator's.",
    ),
    kind="income",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)
OPERATOR_FUNDS = AccountClass(
    name="operator:funds",
    title=Text("運営の資金", "Operator's funds"),
    meaning=Text(
        "運営が自分のお金から口座に入れた額から、口座から引き出した額を引いたもの。利用料収入などを引き出すとマイナスになる。",
        "What the operator put into the account of its own money, less what it took out; below zero once it has taken "
        "out fees that were earned.",
    ),
    kind="equity",
    floor_yen=NO_FLOOR_YEN,
    mode="rollup",
    owner_kind=None,
)


@cache
def _own(account_class: AccountClass) -> Account:
    return Account(account_class, account_class.name, None)


def bank_deposits() -> Account:
    """The bank account that receives clients' money."""
    return _own(BANK_DEPOSITS)


def bank_payouts() -> Account:
    """The bank account that transfers go out from."""
    return _own(BANK_PAYOUTS)


def fee_income() -> Account:
    """System fees earned, without tax."""
    return _own(FEE_INCOME)


def transfer_fee_income() -> Account:
    """Fees for payouts and refunds, without tax."""
    return _own(TRANSFER_FEE_INCOME)


def quick_fee_income() -> Account:
    """Fees for quick payouts, without tax."""
    return _own(QUICK_FEE_INCOME)


def forfeiture_income() -> Account:
    """Rewards forfeited at their time limit."""
    return _own(FORFEITURE_INCOME)


def consumption_tax_payable() -> Account:
    """Tax received with fees."""
    return _own(CONSUMPTION_TAX)


def card_clearing(processor: str) -> Account:
    """What a card processor owes us: `stripe`, or the demo's own `fake`."""
    return _own(CARD_CLEARINGS[processor])


def card_fees() -> Account:
    """Fees that card processors kept."""
    return _own(CARD_FEES)


def bank_fees() -> Account:
    """Fees that the bank took from the account."""
    return _own(BANK_FEES)


def interest_income() -> Account:
    """Interest that the bank paid."""
    return _own(INTEREST_INCOME)


def operator_funds() -> Account:
    """Own money that the operator put in, less what it took out."""
    return _own(OPERATOR_FUNDS)


def card_dispute_losses() -> Account:
    """What disputes of cardholders cost the operator."""
    return _own(CARD_DISPUTES)


def card_disputed(dispute_id: UUID) -> Account:
    """What a processor took back for one dispute whose end is not known."""
    return Account(CARD_DISPUTED, f"card_disputed:dispute:{dispute_id}", dispute_id)


def card_held(payment_id: UUID) -> Account:
    """What was paid by one card payment, as far as it lies in no escrow."""
    return Account(CARD_HELD, f"card_held:card:{payment_id}", payment_id)


def card_refund(refund_id: UUID) -> Account:
    """One refund to a card until its outcome is known."""
    return Account(CARD_REFUND, f"card_refund:refund:{refund_id}", refund_id)


def suspense(deposit_id: UUID) -> Account:
    """One deposit, as far as it is not matched yet."""
    return Account(SUSPENSE, f"suspense:deposit:{deposit_id}", deposit_id)


def escrow(milestone_id: UUID) -> Account:
    """What is held for one milestone."""
    return Account(ESCROW, f"escrow:milestone:{milestone_id}", milestone_id)


def available(member_id: UUID) -> Account:
    """A worker's fixed reward that is not yet paid out."""
    return Account(AVAILABLE, f"available:member:{member_id}", member_id)


def dormant(member_id: UUID) -> Account:
    """A worker's reward that is kept after its time limit."""
    return Account(DORMANT, f"dormant:member:{member_id}", member_id)


def refund_due(member_id: UUID) -> Account:
    """What goes back to a client and is not yet transferred."""
    return Account(REFUND_DUE, f"refund_due:member:{member_id}", member_id)


def payout_in_flight(payout_id: UUID) -> Account:
    """One transfer out, a worker's payout or a client's refund, until its outcome is known."""
    return Account(PAYOUT_IN_FLIGHT, f"payout_in_flight:payout:{payout_id}", payout_id)


def parse(code: str) -> Account:
    """The account that a code names. Raises `ValueError` for a code that cannot be one."""
    if (own := ACCOUNT_CLASSES.get(code)) is not None and own.owner_kind is None:
        return _own(own)
    name, _, rest = code.partition(":")
    owner_kind, _, owner_id = rest.partition(":")
    account_class = ACCOUNT_CLASSES.get(name)
    if account_class is None or account_class.owner_kind != owner_kind:
        raise ValueError(f"{code!r} names no account")
    return Account(account_class, code, UUID(owner_id))
