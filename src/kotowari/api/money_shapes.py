"""What the calls of money take and give. All amounts in yen, tax included."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from kotowari.api.shapes import DecisionShape


class LotShape(Schema):
    """One reward as far as it is not paid out. `expires_on` is the last day on which it can be paid out by choice.

    `at_expiry` is what then becomes of it. `stopped_until`: its clock stands still, since its owner cannot get at it.
    """

    milestone_id: UUID
    title: str
    url: str
    fixed_at: datetime
    amount_yen: int
    remaining_yen: int
    age_days: int
    expires_on: date
    at_expiry: Literal["paid_out", "dormant", "forfeited"]
    stopped_until: datetime | None
    stopped_days: int


class ClosingShape(Schema):
    """What a closing would make of the balance as it is now; nothing is paid where `net_yen` is 0."""

    closes_on: date
    pays_on: date
    gross_yen: int
    fee_yen: int
    net_yen: int


class PayoutShape(Schema):
    """One transfer. `reason` says why it was held, sent back or called off."""

    id: UUID
    reference: str
    kind: Literal["reward", "quick", "expiry", "refund"]
    state: str
    gross_yen: int
    fee_yen: int = Field(description="All that is taken off, with its tax")
    quick_fee_yen: int = Field(description="Of it for being paid at once")
    net_yen: int
    pays_on: date
    promised_on: date | None = Field(description="The day by which a quick payout has to be there")
    settled_on: date | None
    lapses_at: datetime | None = Field(description="When a hold ends by itself")
    reason: str | None


class PayoutList(Schema):
    items: list[PayoutShape]
    next_cursor: str | None


class BankAccountShape(Schema):
    """Where I am paid. Only the last three digits of the number are ever shown."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_kind: int
    number_ends_in: str
    holder_kana: str
    registered_at: datetime
    fault: str | None = Field(description="Why it cannot be paid, if so")


class QuickShape(Schema):
    """All that is free, paid at once: what it costs and when it arrives. `decision` says whether it can be had now."""

    decision: DecisionShape
    free_yen: int
    amount_yen: int
    quick_fee_yen: int
    transfer_fee_yen: int
    net_yen: int
    planned_on: date
    promised_on: date


class BestDayShape(Schema):
    """The closing that saves most fees before anything reaches its time limit."""

    closes_on: date
    pays_on: date
    amount_yen: int
    fees_yen: int
    saved_yen: int
    at_risk_yen: int


class ExpiredShape(Schema):
    """Rewards whose time limit came and that were not paid out."""

    id: UUID
    state: Literal["dormant", "forfeited", "revived", "restored"]
    amount_yen: int
    expired_on: date
    came_back_at: datetime | None
    reason: str


class QuickPayout(Schema):
    amount_yen: int | None = Field(None, description="How much; without it all that is free", ge=1, le=10**12)


class RewardsShape(Schema):
    available_yen: int
    refund_due_yen: int
    method: str
    methods: list[str]
    minimum_yen: int
    bank_account: BankAccountShape | None
    receive: DecisionShape = Field(description="Whether the next closing pays, and if not, every reason")
    closings: list[ClosingShape]
    lots: list[LotShape]
    in_flight: list[PayoutShape]
    quick: QuickShape
    best_day: BestDayShape | None
    fees_so_far_yen: int
    dormant_yen: int = Field(description="Kept since its time limit until there is a bank account")
    expired: list[ExpiredShape]


class LineShape(Schema):
    """One line of what is mine, in words. `amount_yen` is what the account's balance changed by, `balance_after_yen` what it was then.

    `account` names the kind of account (`available`, `escrow`, …); `rule` the rule behind it, empty where only the
    agreement is. `work` is the contract and milestone it was for, `reason` why it was taken back or sent back.
    """

    journal_id: UUID
    kind: str
    occurred_at: datetime
    words: str
    work: str
    account: str
    account_title: str
    amount_yen: int
    balance_after_yen: int | None
    rule: str
    reason: str
    contract_id: UUID | None
    milestone_id: UUID | None
    payout_id: UUID | None


class LineList(Schema):
    items: list[LineShape]
    next_cursor: str | None


class JournalLineShape(Schema):
    """One account of a whole journal. `is_mine`: the money in it is the caller's. `note` says how a fee was reckoned."""

    account: str
    account_title: str
    amount_yen: int
    rule: str
    note: str | None
    is_mine: bool


class JournalShape(Schema):
    """A whole journal: its lines sum to zero. `policy_version` is the version of the rules it was made under."""

    id: UUID
    kind: str
    occurred_at: datetime
    posted_at: datetime
    words: str
    work: str
    lines: list[JournalLineShape]
    rule: str
    policy_version: str
    reason: str
    reverses_id: UUID | None
    contract_id: UUID | None
    milestone_id: UUID | None
    payout_id: UUID | None


class ChooseMethod(Schema):
    method: str = Field(description="One of `methods`")


class SetBankAccount(Schema):
    """Bank, branch, kind and number; or for ゆうちょ銀行 symbol and number. The holder's name always."""

    bank_code: str = ""
    branch_code: str = ""
    account_kind: str = Field("", description="1 ordinary, 2 current, 4 savings, 9 other; or its name")
    account_number: str = ""
    holder_kana: str
    yucho_symbol: str = ""
    yucho_number: str = ""
    yucho_is_savings: bool = False


class InstructionShape(Schema):
    """Type `reference` before the sender's name. `missing_yen` is what is still to be sent."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    account_kind: int
    account_number: str
    holder_kana: str
    amount_yen: int
    received_yen: int
    missing_yen: int
    reference: str
    deadline_at: datetime | None


class Fund(Schema):
    """How the client wants to pay."""

    method: Literal["bank", "card"] = "bank"


class CardPaymentShape(Schema):
    """A payment on the card processor's page. Send the payer to `hosted_url` while `state` is `open`.

    `unknown` is being found out and never paid for again; `code` is the processor's word for a decline.
    """

    id: UUID
    state: Literal["recorded", "sent", "open", "unknown", "set_aside", "succeeded", "declined", "expired", "refunded"]
    amount_yen: int
    refunded_yen: int
    hosted_url: str
    code: str
    reason: str | None
    ends_at: datetime | None = Field(description="Until when it can be paid, or by when staff look into it")


class HeardShape(Schema):
    """`is_new` is false for a message that had come before; it changed nothing."""

    is_new: bool
