"""What the calls of money take and give. All amounts in yen, tax included."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from ninja import Field, Schema

from kotowari.api.shapes import DecisionShape


class LotShape(Schema):
    """One reward as far as it is not paid out. `expires_on` is null where rewards are kept without a limit."""

    milestone_id: UUID
    title: str
    url: str
    fixed_at: datetime
    amount_yen: int
    remaining_yen: int
    age_days: int
    expires_on: date | None
    at_expiry: Literal["paid_out", "dormant", "forfeited"]


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
    kind: Literal["reward", "refund"]
    state: str
    gross_yen: int
    fee_yen: int
    net_yen: int
    pays_on: date
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
