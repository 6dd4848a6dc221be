"""The spans in which the whole site was down: while they last, nobody can keep a date."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from tests.conftest import MovableClock
from tests.story import member

from kotowari.incidents.models import Incident, IncidentUpdate
from kotowari.incidents.selectors import Span, outages_since
from kotowari.kernel.text import Text

HOUR = timedelta(hours=1)
TITLE = Text("サイトが開きません", "The site does not open").as_dict()


def outage(clock: MovableClock, *, starts: float, ends: float | None, **more: Any) -> Incident:
    """An outage from and until so many hours from now."""
    now = clock.moment
    given = {
        "kind": "outage",
        "severity": "critical",
        "functions": ["site"],
        "is_public": True,
        "title_text": TITLE,
        "started_at": now + starts * HOUR,
        "opened_by": member(),
        "update_due_at": now + HOUR,
        "remind_at": now + HOUR,
        "lapses_at": now + 24 * HOUR,
    }
    row = Incident.objects.create(**{**given, **more})
    if ends is not None:
        row.state, row.ended_at, row.closes_at = "watching", now + ends * HOUR, now + 48 * HOUR
        row.save()
    return row


@pytest.mark.django_db
@pytest.mark.rule("A040")
def test_only_outages_of_the_whole_site_that_went_on_after_the_moment_count(clock: MovableClock) -> None:
    now = clock.moment
    outage(clock, starts=-30, ends=-20)
    outage(clock, starts=-10, ends=-8)
    outage(clock, starts=-9, ends=-7)
    outage(clock, starts=-6, ends=-5, functions=["sign_in", "payments"])
    outage(clock, starts=-6, ends=-5, kind="security")
    outage(clock, starts=-4, ends=-3, functions=["mail", "site"])
    outage(clock, starts=-1, ends=None)
    assert outages_since(now - 20 * HOUR) == [
        Span(now - 10 * HOUR, now - 7 * HOUR),
        Span(now - 4 * HOUR, now - 3 * HOUR),
        Span(now - HOUR, None),
    ]
    assert outages_since(now) == [Span(now - HOUR, None)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"functions": []},
        {"functions": ["coffee"]},
        {"is_public": False},
        {"kind": "weather"},
        {"severity": "awful"},
        {"state": "closed"},
        {"state": "open", "ended_at": "now"},
    ],
)
def test_the_database_refuses_what_no_incident_is(clock: MovableClock, wrong: dict[str, Any]) -> None:
    if wrong.get("ended_at"):
        wrong = {**wrong, "ended_at": clock.moment}
    with pytest.raises(IntegrityError), transaction.atomic():
        outage(clock, starts=-1, ends=None, **wrong)


@pytest.mark.django_db
def test_an_incident_that_is_over_never_opens_again_and_its_words_stay(clock: MovableClock) -> None:
    row = outage(clock, starts=-2, ends=-1)
    said = IncidentUpdate.objects.create(incident=row, state="watching", words_text=TITLE)
    row.state, row.ended_at = "open", None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    for change in (said.delete, said.save):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
