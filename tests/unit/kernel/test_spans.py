"""Deadlines whose clocks stand still: nothing is lost by a stop, and nothing is won by counting one twice."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kotowari.kernel.spans import Span, merged, running_clock, time_run, within

START = datetime(2026, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float) -> datetime:
    return START + hours * HOUR


spans = st.lists(
    st.tuples(st.integers(-200, 400), st.integers(0, 100)).map(lambda pair: Span(at(pair[0]), at(sum(pair)))),
    max_size=8,
)
waits = st.tuples(st.integers(-50, 50), st.integers(1, 200)).map(lambda pair: (at(pair[0]), at(sum(pair))))
caps = st.one_of(st.none(), st.integers(0, 200).map(lambda n: n * HOUR))


def test_a_span_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        Span(at(1), at(0))


def test_a_stop_in_the_middle_moves_the_deadline_by_its_length() -> None:
    clock = running_clock(since=at(0), due_at=at(10), spans=[Span(at(4), at(7))])
    assert clock.due_at == at(13)
    assert clock.stopped_for == 3 * HOUR
    assert clock.stopped_until(at(5)) == at(7)
    assert clock.stopped_until(at(7)) is None
    assert clock.stopped_until(at(3)) is None


def test_only_the_part_after_the_beginning_counts() -> None:
    assert running_clock(since=at(0), due_at=at(10), spans=[Span(at(-5), at(2))]).due_at == at(12)


def test_what_begins_after_the_deadline_has_come_changes_nothing() -> None:
    assert running_clock(since=at(0), due_at=at(10), spans=[Span(at(10), at(20))]).due_at == at(10)


def test_what_begins_within_the_time_won_by_an_earlier_stop_counts() -> None:
    stops = [Span(at(4), at(7)), Span(at(12), at(14))]
    assert running_clock(since=at(0), due_at=at(10), spans=stops).due_at == at(15)


def test_two_at_once_count_once() -> None:
    both = [Span(at(2), at(6)), Span(at(4), at(8)), Span(at(3), at(5))]
    assert running_clock(since=at(0), due_at=at(10), spans=both).due_at == at(16)


def test_after_the_most_it_may_stop_the_clock_runs_whatever_happens() -> None:
    clock = running_clock(since=at(0), due_at=at(10), spans=[Span(at(1), at(3)), Span(at(5), at(50))], at_most=6 * HOUR)
    assert clock.due_at == at(16)
    assert clock.stops == (Span(at(1), at(3)), Span(at(5), at(9)))
    assert clock.stopped_until(at(9)) is None


@given(waits, spans, caps)
def test_never_earlier_than_without_stops_and_never_later_than_allowed(wait, found, cap) -> None:
    since, due_at = wait
    clock = running_clock(since=since, due_at=due_at, spans=found, at_most=cap)
    assert due_at <= clock.due_at
    assert clock.stopped_for == clock.due_at - due_at
    assert cap is None or clock.stopped_for <= cap


@given(waits, spans)
def test_what_runs_before_the_deadline_is_exactly_the_time_that_was_given(wait, found) -> None:
    since, due_at = wait
    clock = running_clock(since=since, due_at=due_at, spans=found)
    assert time_run(since, clock.due_at, found) == due_at - since


@given(waits, spans, caps, st.randoms())
def test_the_order_of_spans_does_not_matter(wait, found, cap, random) -> None:
    since, due_at = wait
    shuffled = list(found)
    random.shuffle(shuffled)
    assert running_clock(since=since, due_at=due_at, spans=found, at_most=cap) == running_clock(
        since=since, due_at=due_at, spans=shuffled, at_most=cap
    )


@given(waits, spans, caps, st.integers(0, 100))
def test_a_span_in_two_halves_is_the_whole_span(wait, found, cap, percent) -> None:
    since, due_at = wait
    halves = []
    for span in found:
        middle = span.start + span.length * percent / 100
        halves += [Span(span.start, middle), Span(middle, span.end)]
    assert running_clock(since=since, due_at=due_at, spans=found, at_most=cap) == running_clock(
        since=since, due_at=due_at, spans=halves, at_most=cap
    )


@given(waits, spans, spans)
def test_further_spans_never_bring_a_deadline_forward(wait, found, more) -> None:
    since, due_at = wait
    fewer = running_clock(since=since, due_at=due_at, spans=found).due_at
    assert running_clock(since=since, due_at=due_at, spans=found + more).due_at >= fewer


@given(spans, st.integers(-300, 300), st.integers(0, 300), st.integers(0, 300))
def test_time_that_ran_adds_up(found, start, first, second) -> None:
    a, b, c = at(start), at(start + first), at(start + first + second)
    assert time_run(a, b, found) + time_run(b, c, found) == time_run(a, c, found)
    assert timedelta(0) <= time_run(a, c, found) <= c - a


@given(spans)
def test_merged_spans_are_apart_and_in_order(found) -> None:
    apart = merged(found)
    assert all(a.end < b.start for a, b in itertools.pairwise(apart))
    assert merged(apart) == apart
    assert within(found, at(-1000), at(1000)) == apart


@given(waits, spans, st.integers(-100, 600))
def test_a_clock_that_must_end_by_a_moment_ends_by_it_or_where_it_would_without_stops(wait, found, latest) -> None:
    since, due_at = wait
    whole = running_clock(since=since, due_at=due_at, spans=found)
    cut = whole.ending_by(at(latest))
    assert cut.due_at == min(whole.due_at, max(due_at, at(latest)))
    assert cut.stopped_for == cut.due_at - due_at
    assert cut == running_clock(since=since, due_at=due_at, spans=found, at_most=cut.stopped_for)
