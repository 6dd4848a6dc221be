"""What happened to the market itself, for the rooms above."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event("incidents.opened", Text("障害・事故が記録されました({kind})", "An incident was recorded ({kind})"))
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpened(Event):
    """From `started_at` on something of ours does not work, or accounts may be affected."""

    incident_id: UUID
    kind: str
    started_at: datetime
    stops_deadlines: bool


@event("incidents.ended", Text("障害・事故が終わりました({kind})", "An incident is over ({kind})"))
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded(Event):
    """It lasted until `ended_at`; `stops_deadlines` when it was an outage of the whole site."""

    incident_id: UUID
    kind: str
    started_at: datetime
    ended_at: datetime
    stops_deadlines: bool


@event(
    "incidents.login_change_announced",
    Text("ログイン方法の変更が予告されました", "A change of signing in was announced"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class LoginChangeAnnounced(Event):
    """Until `over_on` both ways work."""

    change_id: UUID
    method: str
