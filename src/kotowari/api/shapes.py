"""The shapes of what the API takes and gives; they are the OpenAPI document."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

STOPPED = (
    "The clock stands still, as whom it waits for cannot use the site; the time given is when it ends as it stands"
)


class RemedyShape(Schema):
    label: str
    url: str


class AppealShape(Schema):
    url: str
    until: datetime


class BlockerShape(Schema):
    code: str
    rule: str
    reason: str
    facts: dict[str, Any]
    remedy: RemedyShape | None
    clears_at: datetime | None
    resolved_by: Literal["you", "counterparty", "operator", "time"]
    decided_by: Literal["rule", "staff"]
    appeal: AppealShape | None


class DecisionShape(Schema):
    type: str
    title: str
    status: int
    action: str
    subject: str | None
    allowed: bool
    policy_version: str
    blockers: list[BlockerShape]


class Problem(DecisionShape):
    """Every "no": an RFC 9457 problem with all its reasons. `errors` only with unusable input, by field."""

    errors: dict[str, list[str]] | None = None


class ActionShape(Schema):
    name: str
    title: str
    subject: str
    rules: int = Field(description="How many rules are asked")


class PayShape(Schema):
    """What a job pays, in yen. `price` is without tax; `reaches` what the worker receives of it."""

    price_min_yen: int
    price_max_yen: int
    reaches_min_yen: int
    reaches_max_yen: int


class JobShape(Schema):
    id: UUID
    title: str
    state: str
    kind: str
    category: str
    client: str = Field(description="The client's username")
    pay: PayShape
    hires_wanted: int
    hires_made: int
    apply_until: datetime
    due_on: date
    stays_inside: bool
    posted_at: datetime
    url: str


class JobDetail(JobShape):
    description: str
    work_place: str
    delivery_place: str
    rights: str
    inspection_days: int
    payment_due_days: int
    proposals: dict[str, int]


class JobList(Schema):
    items: list[JobShape]
    next_cursor: str | None


class NewJob(Schema):
    """A posting with all its facts and terms; amounts in yen without tax."""

    title: str
    description: str
    category: str
    budget_min_yen: int
    budget_max_yen: int | None = None
    work_amount: int | None = None
    work_unit: Literal["", "hour", "character", "piece"] = ""
    hires_wanted: int = 1
    apply_until_on: date
    starts_on: date | None = None
    due_on: date
    stays_inside: bool = True
    poster_name: str
    poster_address: str
    poster_contact: str
    work_place: str
    rights: Literal["transfer", "licence", "keep"]
    rights_note: str = ""
    delivery_place: str
    inspection_days: int
    payment_due_days: int
    has_non_cash_payment: bool = False
    non_cash_terms: str = ""
    is_recommission: bool = False
    recommission_terms: str = ""
    has_withholding: bool = False
    withholding_kind: str = ""


class NewMilestone(Schema):
    title: str
    price_yen: int = Field(description="Without tax")
    due_on: date


class NewProposal(Schema):
    message: str
    milestones: list[NewMilestone]


class ProposalShape(Schema):
    id: UUID
    job_id: UUID
    worker: str
    state: str
    message: str
    milestones: list[NewMilestone]
    sent_at: datetime
    lapses_at: datetime
    stopped: bool = Field(description=STOPPED)
    decline_reason: str


class Decline(Schema):
    reason: str
    note: str = ""


class DeliveryShape(Schema):
    number: int
    message: str
    links: list[str]
    delivered_at: datetime
    changes_requested: list[str]


class MilestoneShape(Schema):
    """All amounts in yen. `deadline_at` is the clock of the present state."""

    id: UUID
    contract_id: UUID
    position: int
    title: str
    state: str
    due_on: date
    deadline_at: datetime | None
    stopped: bool = Field(description=STOPPED)
    price_yen: int
    tax_yen: int
    client_fee_yen: int
    system_fee_yen: int
    withholding_yen: int
    client_pays_yen: int
    worker_receives_yen: int
    deliveries: list[DeliveryShape]


class EndRequestShape(Schema):
    id: UUID
    asked_by: str
    reason: str
    state: str
    lapses_at: datetime
    stopped: bool = Field(description=STOPPED)


class TermShape(Schema):
    number: int
    title: str
    value: str


class ContractShape(Schema):
    id: UUID
    title: str
    state: str
    client: str
    worker: str
    job_id: UUID
    made_at: datetime
    closed_at: datetime | None
    milestones: list[MilestoneShape]


class ContractDetail(ContractShape):
    terms: list[TermShape]
    terms_sha256: str
    end_requests: list[EndRequestShape]


class ContractList(Schema):
    items: list[ContractShape]
    next_cursor: str | None


class AskEnd(Schema):
    reason: str
    explanation: str = ""


class Deliver(Schema):
    message: str
    links: list[str] = []


class Changes(Schema):
    points: list[str]


class MessageShape(Schema):
    id: UUID
    thread_id: UUID
    author: str
    body: str
    sent_at: datetime


class ThreadShape(Schema):
    id: UUID
    proposal_id: UUID
    job_title: str
    client: str
    worker: str
    last_message_at: datetime


class ThreadList(Schema):
    items: list[ThreadShape]
    next_cursor: str | None


class NewMessage(Schema):
    body: str
