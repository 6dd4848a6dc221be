"""What every test stands on: the clock that can be moved, and tables that can be emptied between tests."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.models.signals import post_save
from django.test import TransactionTestCase
from hypothesis import settings

from kotowari.kernel import clock as kernel_clock

# How long one example takes says nothing on a machine that does other things too.
settings.register_profile("kotowari", deadline=None)
settings.load_profile("kotowari")

_teardown = TransactionTestCase._fixture_teardown


def _empty_all_tables(self: Any) -> None:
    """Django empties the tables after such a test; our laws against TRUNCATE rest meanwhile."""
    for alias in connections:
        with connections[alias].cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
    try:
        _teardown(self)
    finally:
        for alias in connections:
            with connections[alias].cursor() as cursor:
                cursor.execute("SET session_replication_role = origin")


TransactionTestCase._fixture_teardown = _empty_all_tables


def _staff_hold_a_factor(instance: Any, **_: Any) -> None:
    """Whoever is made staff in a test has an authenticator app, as staff do: what needs one opens to them."""
    if instance.is_staff and not instance.factors.exists():
        now = kernel_clock.now()
        app = instance.factors.model(member=instance, kind="totp", name="app", setup_until=now, confirmed_at=now)
        app.secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        app.save()


post_save.connect(_staff_hold_a_factor, sender="accounts.Member")


class MovableClock:
    """The product's clock in a test: it stands still until it is moved, in every thread."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 20, 10, 0, tzinfo=kernel_clock.TOKYO)

    def move(self, **by: float) -> datetime:
        """Forward by `days=`, `hours=`, … as timedelta takes them."""
        self.moment += timedelta(**by)
        return self.moment

    def set(self, moment: datetime) -> None:
        """To one aware moment."""
        self.moment = moment


@pytest.fixture
def clock() -> Iterator[MovableClock]:
    movable = MovableClock()
    kernel_clock.set_source(lambda: movable.moment.astimezone(kernel_clock.UTC))
    yield movable
    kernel_clock.set_source(None)
