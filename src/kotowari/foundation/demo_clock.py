"""The demo's movable clock: one row says how far it runs ahead, and what falls due on the way then happens."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings

from kotowari.foundation import deadlines, mail, outbox
from kotowari.foundation.models import DemoClock
from kotowari.kernel import clock

_ahead = timedelta()


def install() -> None:
    """Let the product's clock follow the demo's (called at start, in a demo only)."""
    clock.set_source(lambda: clock.machine_now() + _ahead)


def refresh() -> None:
    """Read how far the clock was moved, perhaps by another process: at each request and each round of jobs."""
    global _ahead
    row = DemoClock.objects.filter(pk=1).first()
    _ahead = timedelta(seconds=row.ahead_seconds if row else 0)


def ahead() -> timedelta:
    """How far the demo's clock runs ahead of the machine's."""
    return _ahead


def set_ahead(by: timedelta) -> None:
    """Place the clock without letting anything fall due: for filling a demo with a past."""
    global _ahead
    DemoClock.objects.update_or_create(pk=1, defaults={"ahead_seconds": int(by.total_seconds())})
    _ahead = by


def advance(by: timedelta, tell: Callable[[], object] = lambda: None) -> dict[str, int]:
    """Move the clock forward a day at a time, letting what falls due happen on its own day; `tell` after each.

    Returns how many of each deadline were handled. Raises `ValueError` outside a demo or for a step back.
    """
    if not settings.DEMO:
        raise ValueError("the clock can be moved only in a demo")
    if by < timedelta():
        raise ValueError("the clock moves forward only")
    handled: dict[str, int] = {}
    remaining = by
    while remaining > timedelta():
        step = min(remaining, timedelta(days=1))
        remaining -= step
        set_ahead(_ahead + step)
        for name, count in catch_up().items():
            handled[name] = handled.get(name, 0) + count
        tell()
    return handled


def catch_up() -> dict[str, int]:
    """Handle what is due now, tell everybody, and send the mail."""
    handled = deadlines.run_all_due() | deadlines.run_all_long()
    while outbox.deliver_waiting():
        pass
    mail.send_waiting()
    return handled


def next_moment(candidates: list[datetime]) -> datetime | None:
    """The earliest of some moments that is still to come."""
    return min((m for m in candidates if m > clock.now()), default=None)
