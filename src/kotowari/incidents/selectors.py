"""Incidents as somebody may see them, and the facts that gates ask for."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from kotowari.incidents.kinds import STOPPING
from kotowari.incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (inclusive) to `end` (exclusive); without an end it goes on."""

    start: datetime
    end: datetime | None


def outages_since(moment: datetime) -> list[Span]:
    """The spans in which the whole site was down, of those that went on after `moment`: while they last, nobody can keep
    a date (A040, A185).

    Oldest first, none touching another; the first may begin before `moment`. One query.
    """
    rows = Incident.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment), kind="outage")
    spans = rows.filter(functions__overlap=list(STOPPING)).order_by("started_at").values_list("started_at", "ended_at")
    return merged([Span(start, end) for start, end in spans if end is None or end > start])


def merged(spans: list[Span]) -> list[Span]:
    """Spans in the order of their starts, with those that overlap or touch made one. Pure."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if last is None or (last.end is not None and last.end < span.start):
            found.append(span)
        elif last.end is not None:
            found[-1] = Span(last.start, None if span.end is None else max(last.end, span.end))
    return found
