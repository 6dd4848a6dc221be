"""When the owner is told during the cooling-off of a recovery. Pure."""

from datetime import datetime, timedelta

DAILY = timedelta(days=1)


def next_notice(*, now: datetime, cooling_until: datetime, last_hours: int) -> datetime | None:
    """The next time to tell after telling now: daily, and once before the end; None after that last time."""
    last = cooling_until - timedelta(hours=last_hours)
    return None if now >= last else min(now + DAILY, last)


def end_after_telling(*, now: datetime, cooling_until: datetime, last_hours: int) -> datetime:
    """The end of the cooling-off: the owner has had the last notice for its hours, however late it went out."""
    return max(cooling_until, now + timedelta(hours=last_hours))
