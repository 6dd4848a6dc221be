"""An act that is killed at many steps of its way, and done again: what tests of SIGKILL share."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TypeVar

from tests.ledger.test_sigkill import killed_at, points, steps_of

from kotowari.foundation import outbox
from kotowari.kernel.errors import Refused

PLACES = 6
"""At so many places, spread evenly, and around every last commit."""
Subject = TypeVar("Subject")


def told() -> None:
    while outbox.deliver_waiting():
        pass


def killed_and_done_again(fresh: Callable[[], Subject], act: Callable[[Subject], object]) -> Iterator[Subject]:
    """Subjects on each of which the act was killed at another step and done again, twice."""
    probe = fresh()
    steps = steps_of(lambda: act(probe))
    assert steps >= PLACES
    yield probe
    for point in points(steps, every=max(1, steps // PLACES)):
        subject = fresh()
        killed = killed_at(point, lambda subject=subject: act(subject))
        assert killed or point >= steps - 3, f"step {point} of {steps} is not reached"
        for _ in range(2):
            with suppress(Refused):  # it was done before the end came, or it is done now
                act(subject)
        yield subject
