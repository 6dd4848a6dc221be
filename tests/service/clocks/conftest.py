"""Shutting people out, and letting them in again, as staff do it."""

from datetime import timedelta
from typing import Protocol

import pytest
from tests import story
from tests.conftest import MovableClock

from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.services import lift, restrict
from kotowari.foundation import deadlines, outbox
from kotowari.incidents.models import Incident
from kotowari.kernel.text import Text


class Freeze(Protocol):
    def __call__(self, member: Member, days: float) -> Restriction: ...


@pytest.fixture
def staff(db: None) -> Member:
    return story.member("unei_one", is_staff=True)


@pytest.fixture
def freeze(staff: Member, clock: MovableClock) -> Freeze:
    """Freeze a member for so many days: `freeze(client, 10)`."""

    def frozen(member: Member, days: float) -> Restriction:
        until = clock.moment + timedelta(days=days)
        return restrict(actor=staff, member_id=member.pk, cause="terms_breach", until=until, explanation="事実")

    return frozen


def thaw(staff: Member, row: Restriction) -> None:
    lift(actor=staff, restriction_id=row.pk, because="確認できました。")


def settle() -> None:
    """What the worker does every few seconds: deliver events, and do what is due."""
    outbox.deliver_waiting()
    deadlines.run_all_due()
    outbox.deliver_waiting()


def outage(staff: Member, clock: MovableClock, *, hours_ago: float, until_hours_ago: float | None = None) -> Incident:
    """The whole site was down, or still is."""
    ended_at = None if until_hours_ago is None else clock.moment - timedelta(hours=until_hours_ago)
    now = clock.moment
    row = Incident.objects.create(
        kind="outage",
        severity="critical",
        functions=["site"],
        is_public=True,
        title_text=Text("サイトが開きません", "The site does not open").as_dict(),
        started_at=now - timedelta(hours=hours_ago),
        opened_by=staff,
        update_due_at=now + timedelta(hours=1),
        remind_at=now + timedelta(hours=1),
        lapses_at=now + timedelta(days=7),
    )
    if ended_at is not None:
        row.state, row.ended_at, row.closes_at = "watching", ended_at, now + timedelta(days=2)
        row.save()
    return row
