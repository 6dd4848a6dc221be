"""What happens to profiles, jobs and proposals, told to the rooms above after the fact."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("market.profile_updated", Text("プロフィールが更新されました", "A profile was updated"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileUpdated(Event):
    member_id: UUID


@event("market.job_posted", Text("仕事「{title}」が募集されました", "Job “{title}” was posted"))
@dataclass(frozen=True, slots=True, kw_only=True)
class JobPosted(Event):
    job_id: UUID
    client_id: UUID
    title: str


@event("market.job_closed", Text("仕事「{title}」の募集が終了しました", "Job “{title}” was closed"))
@dataclass(frozen=True, slots=True, kw_only=True)
class JobClosed(Event):
    job_id: UUID
    client_id: UUID
    title: str


@event("market.job_lapsed", Text("仕事「{title}」の応募が締め切られました", "Applications to “{title}” closed"))
@dataclass(frozen=True, slots=True, kw_only=True)
class JobLapsed(Event):
    job_id: UUID
    client_id: UUID
    title: str
    waiting: int
    answer_until: datetime | None


@event("market.job_filled", Text("仕事「{title}」の採用が決まりました", "Job “{title}” was filled"))
@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilled(Event):
    job_id: UUID
    client_id: UUID
    title: str


@event("market.proposal_sent", Text("仕事「{title}」に応募がありました", "A proposal came for “{title}”"))
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalSent(Event):
    proposal_id: UUID
    job_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str
    lapses_at: datetime


@event(
    "market.proposal_withdrawn",
    Text("仕事「{title}」への応募が取り下げられました", "A proposal to “{title}” was withdrawn"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalWithdrawn(Event):
    proposal_id: UUID
    job_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str


@event(
    "market.proposal_declined",
    Text("仕事「{title}」への応募が不採用になりました", "A proposal to “{title}” was declined"),
    personal=("note",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalDeclined(Event):
    proposal_id: UUID
    job_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str
    reason: str
    note: str


@event(
    "market.proposal_accepted", Text("仕事「{title}」への応募が採用されました", "A proposal to “{title}” was accepted")
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAccepted(Event):
    proposal_id: UUID
    job_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str


@event(
    "market.proposal_lapsed", Text("仕事「{title}」への応募が期限切れになりました", "A proposal to “{title}” lapsed")
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLapsed(Event):
    proposal_id: UUID
    job_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str
    excused: bool


@event(
    "market.proposal_clock_moved",
    Text("仕事「{title}」への応募の期限が改められました", "The clock of a proposal to “{title}” was moved"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalClockMoved(Event):
    """A deadline moved because the client it waits for cannot, or could not, act; never why."""

    proposal_id: UUID
    job_id: UUID
    client_id: UUID
    worker_id: UUID
    title: str
    was_at: datetime
    lapses_at: datetime
    is_stopped: bool
