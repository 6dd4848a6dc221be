"""Turns at work that fills a core: so many at once, the others wait in a line that has an end."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class NoTurn(Exception):  # noqa: N818 - it says that nothing was done
    """The line was full, or the turn did not come in time; nothing was done."""


class Turns:
    """At most `at_once` threads of this process inside `turn`; up to `waiting_most` wait, first come, first served.

    Whoever leaves hands the turn to the first in the line, so nobody who comes later slips in between. A turn is
    given back whatever happens inside it, and a thread that is stopped while it waits leaves the line.
    """

    def __init__(self, *, at_once: int, waiting_most: int, longest_wait_seconds: float) -> None:
        if at_once < 1 or waiting_most < 0 or longest_wait_seconds <= 0:
            raise ValueError("turns need at least one at a time and some time to wait")
        self.at_once, self.waiting_most, self.longest_wait_seconds = at_once, waiting_most, longest_wait_seconds
        self._lock = threading.Lock()
        self._inside = 0
        self._line: deque[threading.Event] = deque()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it for the block. Raises `NoTurn`."""
        place = self._come()
        if place is not None:
            self._wait(place)
        try:
            yield
        finally:
            self._leave()

    def _come(self) -> threading.Event | None:
        """None with a turn at once, else the place in the line."""
        with self._lock:
            if self._inside < self.at_once:
                self._inside += 1
                return None
            if len(self._line) >= self.waiting_most:
                raise NoTurn
            place = threading.Event()
            self._line.append(place)
            return place

    def _wait(self, place: threading.Event) -> None:
        called = False
        try:
            called = place.wait(self.longest_wait_seconds)
        finally:
            if not called:
                self._go(place)
        if not called:
            raise NoTurn

    def _go(self, place: threading.Event) -> None:
        """Leave the line; a turn that was given at the very last moment goes to the next."""
        with self._lock:
            if place in self._line:
                self._line.remove(place)
                return
        self._leave()

    def _leave(self) -> None:
        with self._lock:
            if self._line:
                self._line.popleft().set()  # the turn is handed over, so as many are inside as before
            else:
                self._inside -= 1
