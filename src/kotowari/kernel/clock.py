"""The one clock. Nobody asks the machine for the time: in a demo and in tests it can be moved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
DAY = timedelta(days=1)


def _machine_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _machine_time
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def set_source(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source` (aware, UTC) from now on; `None` is the machine's own clock."""
    global _source
    _source = source or _machine_time


def machine_now() -> datetime:
    """The machine's own time, whatever the demo pretends: for leases and heartbeats only."""
    return _machine_time()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _frozen.get() or _source()


def today() -> date:
    """The present date in Tokyo: the day on which closings and deadlines are counted."""
    return now().astimezone(TOKYO).date()


def tokyo(moment: datetime) -> datetime:
    """The same moment as Tokyo's clocks show it."""
    return moment.astimezone(TOKYO)


def start_of(day: date) -> datetime:
    """Midnight at the beginning of a Tokyo day, as a moment."""
    return datetime(day.year, day.month, day.day, tzinfo=TOKYO)


def end_of(day: date) -> datetime:
    """Midnight at the end of a Tokyo day: the first moment that is no longer on it; of the last day there is, its begin."""
    return start_of(min(day, date.max - DAY) + DAY)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at one moment inside the block (this thread and task only)."""
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)


def last_day(moment: datetime) -> date:
    """The last Tokyo day that lies before a moment: what people call the day of a deadline at midnight."""
    return tokyo(moment - timedelta(microseconds=1)).date()
