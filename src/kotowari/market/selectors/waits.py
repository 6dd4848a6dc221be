"""When proposals end that wait for their client: the clock stands still while they cannot act (A185, ADR 0013)."""

from collections.abc import Sequence

from kotowari.clocks import Wait, clocks_of
from kotowari.kernel.spans import RunningClock
from kotowari.market.models import Proposal


def clocks_of_proposals(proposals: Sequence[Proposal]) -> list[RunningClock | None]:
    """When each ends as things stand (with `job` read along); None for what is decided. Three queries for any number."""
    waiting = [p for p in proposals if p.state == "sent"]
    waits = [Wait(member_id=p.job.client_id, since=p.sent_at, due_at=p.lapses_at - p.stopped_for) for p in waiting]
    found = dict(zip((p.pk for p in waiting), clocks_of(waits), strict=True))
    return [found.get(p.pk) for p in proposals]
