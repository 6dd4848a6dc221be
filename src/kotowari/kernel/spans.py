"""Stretches of time in which a clock stands still, and what is left of a deadline. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From a moment up to another, which is no longer in it."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A deadline with the stretches in which its clock stood, or will stand, still: in order, apart, before `due_at`."""

    due_at: datetime
    stops: tuple[Span, ...] = ()

    @property
    def stopped_for(self) -> timedelta:
        """By how much the deadline is later than it would be without stops."""
        return sum((stop.length for stop in self.stops), NOTHING)

    def stopped_until(self, now: datetime) -> datetime | None:
        """Until when the clock stands still that does so now; None when it runs."""
        return next((stop.end for stop in self.stops if stop.start <= now < stop.end), None)

    def ending_by(self, latest: datetime) -> "RunningClock":
        """The same clock with its last stops cut so that it ends by then; never before it would without any stop."""
        stops = list(self.stops)
        too_long = min(self.due_at - latest, self.stopped_for)
        due_at = min(self.due_at, self.due_at - too_long)
        while too_long > NOTHING:
            last = stops.pop()
            if last.length > too_long:
                stops.append(Span(last.start, last.end - too_long))
            too_long -= last.length
        return RunningClock(due_at, tuple(stops))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in order and without overlaps: what two spans share counts once; empty ones vanish."""
    found: list[Span] = []
    for span in sorted(span for span in spans if span.length):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def within(spans: Iterable[Span], since: datetime, until: datetime) -> list[Span]:
    """The part of the spans that lies between two moments, merged."""
    cut = (Span(max(s.start, since), min(s.end, until)) for s in spans if s.start < until and s.end > since)
    return merged(cut)


def time_run(since: datetime, until: datetime, spans: Iterable[Span]) -> timedelta:
    """How much of the time between two moments counts: all of it that lies in no span."""
    stopped = sum((span.length for span in within(spans, since, until)), NOTHING)
    return max(until - since, NOTHING) - stopped


def running_clock(
    *, since: datetime, due_at: datetime, spans: Sequence[Span], at_most: timedelta | None = None
) -> RunningClock:
    """The clock of a wait that began at `since` and would end at `due_at`, when it does not run in the spans.

    A span moves the deadline only if it begins before the deadline has come, as moved by those before it. In all, the
    deadline moves by no more than `at_most`: after that the clock runs whatever happens.
    """
    stops: list[Span] = []
    left = at_most
    for span in merged(spans):
        start = max(span.start, since)
        if start >= due_at or left == NOTHING:
            break
        if span.end <= start:
            continue
        length = span.end - start if left is None else min(span.end - start, left)
        stops.append(Span(start, start + length))
        due_at += length
        left = None if left is None else left - length
    return RunningClock(due_at, tuple(stops))
