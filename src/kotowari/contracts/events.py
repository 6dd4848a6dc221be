"""What happens to contracts, told to the rooms above after the fact."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("contracts.contract_made", Text("契約「{title}」が成立しました", "Contract “{title}” was made"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ContractMade(Event):
    contract_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneEvent(Event):
    """Base of what happens to a milestone."""

    contract_id: UUID
    milestone_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str


@event("contracts.milestone_funded", Text("「{title}」が仮払いされました", "“{title}” was funded"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneFunded(MilestoneEvent):
    amount_yen: int


@event("contracts.milestone_delivered", Text("「{title}」が納品されました", "“{title}” was delivered"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneDelivered(MilestoneEvent):
    accept_by: datetime


@event("contracts.changes_requested", Text("「{title}」の修正が依頼されました", "Changes to “{title}” were requested"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesRequested(MilestoneEvent):
    deliver_by: datetime
    points: int


@event("contracts.milestone_accepted", Text("「{title}」が検収されました", "“{title}” was accepted"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneAccepted(MilestoneEvent):
    reward_yen: int
    by_clock: bool


@event(
    "contracts.milestone_refunded", Text("「{title}」の仮払いが返金されました", "The escrow of “{title}” was refunded")
)
@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneRefunded(MilestoneEvent):
    amount_yen: int
    by_clock: bool


@event("contracts.milestone_cancelled", Text("「{title}」は取りやめになりました", "“{title}” was cancelled"))
@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneCancelled(MilestoneEvent):
    by_clock: bool


@event("contracts.clock_moved", Text("「{title}」の期限が改められました", "The clock of “{title}” was moved"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMoved(Event):
    """A deadline moved because the member it waits for cannot, or could not, act; never why."""

    contract_id: UUID
    awaited_id: UUID
    other_id: UUID
    title: str
    was_at: datetime
    due_at: datetime
    is_stopped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEvent(Event):
    """Base of what happens to a request to end a contract early."""

    contract_id: UUID
    request_id: UUID
    asked_by_id: UUID
    other_id: UUID
    title: str


@event(
    "contracts.end_asked", Text("「{title}」の途中終了が申し出られました", "An early end of “{title}” was asked for")
)
@dataclass(frozen=True, slots=True, kw_only=True)
class EndAsked(EndEvent):
    lapses_at: datetime


@event("contracts.end_refused", Text("「{title}」の途中終了は合意されませんでした", "The end of “{title}” was refused"))
@dataclass(frozen=True, slots=True, kw_only=True)
class EndRefused(EndEvent):
    pass


@event(
    "contracts.end_withdrawn", Text("「{title}」の申し出は取り下げられました", "The request to end “{title}” is off")
)
@dataclass(frozen=True, slots=True, kw_only=True)
class EndWithdrawn(EndEvent):
    pass


@event("contracts.contract_ended", Text("契約「{title}」は途中終了しました", "Contract “{title}” ended early"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEnded(EndEvent):
    by_clock: bool
