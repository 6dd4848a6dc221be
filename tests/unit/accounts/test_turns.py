"""Turns at work that fills a core: real threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

import pytest

from kotowari.accounts.hashing import at_once
from kotowari.accounts.turns import NoTurn, Turns

PEOPLE = 64


class Work:
    """Something slow that counts how many are at it."""

    def __init__(self, turns: Turns, seconds: float = 0.005, fails: bool = False) -> None:
        self.turns, self.seconds, self.fails = turns, seconds, fails
        self.lock = threading.Lock()
        self.inside = self.most = self.done = 0

    def do(self, _: int = 0) -> str:
        try:
            with self.turns.turn():
                with self.lock:
                    self.inside += 1
                    self.most = max(self.most, self.inside)
                time.sleep(self.seconds)
                with self.lock:
                    self.inside -= 1
                    self.done += 1
                if self.fails:
                    raise ZeroDivisionError
        except NoTurn:
            return "told"
        except ZeroDivisionError:
            return "failed"
        return "served"


def together(work: Work, people: int = PEOPLE) -> list[str]:
    """What becomes of so many who come at the same moment, each in a thread."""
    gate = threading.Barrier(people)

    def one(number: int) -> str:
        gate.wait()
        return work.do(number)

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people), timeout=60))


def free(turns: Turns) -> bool:
    """Whether nobody is inside or waits: as many as may can go in at once."""
    work = Work(turns, seconds=0.2)
    return together(work, turns.at_once) == ["served"] * turns.at_once and work.most == turns.at_once


@pytest.mark.rule("A014")
@pytest.mark.parametrize("at_once", [1, 2, 5])
def test_64_at_once_are_all_served_and_never_more_than_may_at_a_time(at_once: int) -> None:
    work = Work(Turns(at_once=at_once, waiting_most=PEOPLE, longest_wait_seconds=30))
    assert together(work) == ["served"] * PEOPLE
    assert work.most == at_once
    assert work.done == PEOPLE
    assert free(work.turns)


@pytest.mark.rule("A014")
def test_whoever_finds_the_line_full_is_told_at_once_and_the_others_are_served() -> None:
    work = Work(Turns(at_once=2, waiting_most=10, longest_wait_seconds=30), seconds=0.3)
    found = together(work)
    assert found.count("served") == 12
    assert found.count("told") == PEOPLE - 12
    assert work.most == 2
    assert free(work.turns)


@pytest.mark.rule("A014")
def test_whoever_waits_too_long_is_told_and_leaves_the_line() -> None:
    work = Work(Turns(at_once=2, waiting_most=PEOPLE, longest_wait_seconds=0.25), seconds=0.2)
    started = time.monotonic()
    found = together(work)
    assert 0 < found.count("served") < PEOPLE
    assert set(found) == {"served", "told"}
    assert work.done == found.count("served")
    assert time.monotonic() - started < 10
    assert work.most == 2
    assert free(work.turns)


@pytest.mark.rule("A014")
def test_a_turn_is_given_back_whatever_happens_in_it() -> None:
    work = Work(Turns(at_once=2, waiting_most=PEOPLE, longest_wait_seconds=30), fails=True)
    assert together(work) == ["failed"] * PEOPLE
    assert work.most == 2
    assert free(work.turns)


def test_turns_come_in_the_order_of_arrival() -> None:
    turns = Turns(at_once=1, waiting_most=PEOPLE, longest_wait_seconds=30)
    order: list[int] = []

    def one(number: int) -> None:
        with turns.turn():
            order.append(number)

    with turns.turn():
        threads = [threading.Thread(target=one, args=[number]) for number in range(20)]
        for number, thread in enumerate(threads):
            thread.start()
            while len(turns._line) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(10)
    assert order == list(range(20))


def test_a_thread_that_is_stopped_while_it_waits_leaves_the_line() -> None:
    class StoppedError(BaseException):
        pass

    turns = Turns(at_once=1, waiting_most=5, longest_wait_seconds=30)
    with turns.turn():
        place = turns._come()
        assert place is not None
        place.wait = mock.Mock(side_effect=StoppedError)  # type: ignore[method-assign]
        with pytest.raises(StoppedError):
            turns._wait(place)
        assert not turns._line
    assert free(turns)


def test_a_turn_that_comes_at_the_last_moment_goes_to_the_next() -> None:
    turns = Turns(at_once=1, waiting_most=5, longest_wait_seconds=30)
    with turns.turn():
        place = turns._come()
        assert place is not None
        # Time is up just before the turn is given.
        place.wait = mock.Mock(return_value=False)  # type: ignore[method-assign]
    with pytest.raises(NoTurn):
        turns._wait(place)
    assert free(turns)


def test_nonsense_is_refused_when_it_is_made() -> None:
    for wrong in ({"at_once": 0}, {"waiting_most": -1}, {"longest_wait_seconds": 0}):
        with pytest.raises(ValueError, match="turns need"):
            Turns(**{"at_once": 1, "waiting_most": 1, "longest_wait_seconds": 1, **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cores", "workers", "each"), [(1, 1, 1), (2, 2, 1), (8, 2, 4), (8, 3, 2), (2, 8, 1), (16, 1, 16)]
)
def test_the_processes_share_the_cores(cores: int, workers: int, each: int) -> None:
    assert at_once(cores=cores, workers=workers) == each
