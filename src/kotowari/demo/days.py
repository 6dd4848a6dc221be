"""The demo's days: the movable clock is set back and lived through up to the present, moment by moment."""

import heapq
import itertools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import IntEnum

from kotowari.foundation import demo_clock, mail, outbox
from kotowari.kernel import clock

Step = Callable[[], object]
"""Something that is done at a moment."""


class Part(IntEnum):
    """The parts of a day; what is planned for one happens at its moment."""

    DAWN = 0
    MORNING = 1
    NOON = 2
    BANK = 3
    EVENING = 4


_TIMES = {
    Part.DAWN: (0, 12),
    Part.MORNING: (9, 20),
    Part.NOON: (12, 40),
    Part.BANK: (15, 50),
    Part.EVENING: (20, 10),
}


class Days:
    """A plan of steps by day and part of the day, and the clock that goes through them.

    Day 0 lies `last` days before the present day, which is day `last`.
    """

    def __init__(self, last: int) -> None:
        self.last = last
        self.now = (0, Part.DAWN)
        self._ends_at = clock.machine_now()
        self._first_on = clock.tokyo(self._ends_at).date() - timedelta(days=last)
        self._plan: list[tuple[int, Part, int, Step]] = []
        self._order = itertools.count()

    def on(self, day: int) -> date:
        """The date of a day."""
        return self._first_on + timedelta(days=day)

    @property
    def today(self) -> int:
        """The day that is being lived."""
        return self.now[0]

    def at(self, day: int, part: Part, step: Step) -> None:
        """Plan a step; one for a moment that is over comes next. What lies in the future never happens."""
        heapq.heappush(self._plan, (day, part, next(self._order), step))

    def day_of(self, date: date) -> int:
        """The day that has this date."""
        return (date - self._first_on).days

    def live(self, told: Callable[[int], None]) -> None:
        """Go through all days. At dawn what falls due happens; after each part everybody is told."""
        for day in range(self.last + 1):
            for part in Part:
                if part is Part.DAWN or self._is_planned(day, part):
                    self._live_through(day, part)
            told(day)
        demo_clock.set_ahead(timedelta())
        demo_clock.catch_up()

    def _is_planned(self, day: int, part: Part) -> bool:
        return bool(self._plan) and self._plan[0][:2] <= (day, part)

    def _live_through(self, day: int, part: Part) -> None:
        self.now = (day, part)
        demo_clock.set_ahead(self._moment(day, part) - clock.machine_now())
        while self._is_planned(day, part):
            heapq.heappop(self._plan)[3]()
        if part is Part.DAWN:
            demo_clock.catch_up()
        else:
            tell()

    def _moment(self, day: int, part: Part) -> datetime:
        hours, minutes = _TIMES[part]
        varied = (day * 7 + part * 11) % 37
        midnight = clock.start_of(self.on(day))
        if day < self.last:
            return midnight + timedelta(hours=hours, minutes=minutes + varied)
        # The present day is lived in what has passed of it.
        return midnight + (self._ends_at - midnight) * (part + 1) / (len(Part) + 1)


def tell() -> None:
    """Deliver what waits: events to those who act on them, mails to the mailbox."""
    while outbox.deliver_waiting():
        pass
    while mail.send_waiting():
        pass
