"""When waits end, from what is on record of who was shut out when: in bulk, with a bounded number of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kotowari.accounts.restrictions import KEEPS_OUT
from kotowari.accounts.selectors import shut_out_spans
from kotowari.foundation import policy
from kotowari.incidents.selectors import outages_since
from kotowari.kernel import clock
from kotowari.kernel.spans import RunningClock, Span, merged, running_clock

OUTAGE_FORESEEN = timedelta(minutes=30)
"""How much longer an outage that goes on is taken to last: what it stops is looked at again after that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something waits for a member since a moment, until `due_at`, if nobody keeps them from acting meanwhile."""

    member_id: UUID
    since: datetime
    due_at: datetime


def stopped_spans(
    member_ids: Iterable[UUID], since: datetime, *, scopes: Collection[str] = KEEPS_OUT
) -> dict[UUID, list[Span]]:
    """For each member the time since a moment in which they were shut out or the site was down, each moment once.

    Three queries for any number. `scopes` as for `accounts.selectors.shut_out_spans`.
    """
    out = shut_out_spans(member_ids, since, scopes=scopes)
    if not out:
        return {}
    foreseen = clock.now() + OUTAGE_FORESEEN
    down = [Span(o.start, max(o.start, o.end or foreseen)) for o in outages_since(since)]
    return {id: merged([*spans, *down]) for id, spans in out.items()}


def clocks_of(waits: Sequence[Wait]) -> list[RunningClock]:
    """When each wait ends, with the time left out in which its member could not act, up to the policy's longest stop.

    Three queries for any number, none for none.
    """
    if not waits:
        return []
    spans = stopped_spans({w.member_id for w in waits}, min(w.since for w in waits))
    at_most = timedelta(days=policy.value("accounts.stopped_days_max"))
    return [running_clock(since=w.since, due_at=w.due_at, spans=spans[w.member_id], at_most=at_most) for w in waits]
