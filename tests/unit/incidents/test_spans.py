"""Spans put together: the same moments, none twice."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kotowari.incidents.selectors import Span, merged

START = datetime(2026, 11, 20, tzinfo=UTC)
MINUTES = 60


def covered(spans: list[Span]) -> set[int]:
    """The minutes that lie in one of the spans."""
    return {
        minute
        for minute in range(MINUTES)
        for span in spans
        if span.start <= START + timedelta(minutes=minute)
        and (span.end is None or START + timedelta(minutes=minute) < span.end)
    }


@st.composite
def one_span(draw: st.DrawFn) -> Span:
    first = draw(st.integers(0, MINUTES - 1))
    last = draw(st.none() | st.integers(first + 1, MINUTES))
    return Span(START + timedelta(minutes=first), None if last is None else START + timedelta(minutes=last))


@given(st.lists(one_span(), max_size=8))
def test_the_same_minutes_are_covered_and_no_two_spans_touch(spans: list[Span]) -> None:
    found = merged(sorted(spans, key=lambda each: each.start))
    assert covered(found) == covered(spans)
    for earlier, later in itertools.pairwise(found):
        assert earlier.end is not None
        assert earlier.end < later.start
