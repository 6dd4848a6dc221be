"""What happened to appeals, for the rooms above."""

from dataclasses import dataclass
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("enforcement.appeal_made", Text("異議申立てを受け付けました", "A restriction was contested"))
@dataclass(frozen=True, slots=True, kw_only=True)
class AppealMade(Event):
    """A member contests a restriction; staff owe an answer."""

    member_id: UUID
    appeal_id: UUID


@event("enforcement.appeal_ended", Text("異議申立てが終わりました({state})", "An appeal ended ({state})"))
@dataclass(frozen=True, slots=True, kw_only=True)
class AppealEnded(Event):
    """`state` is `upheld`, `granted` or `lapsed`."""

    member_id: UUID
    appeal_id: UUID
    state: str
