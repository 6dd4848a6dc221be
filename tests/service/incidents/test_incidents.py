"""The record of an incident: begun, written on, over; and what the clock does when nobody writes."""

from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.service.incidents.conftest import Begin
from tests.story import member

from kotowari.accounts.models import Member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice, OutboxEvent
from kotowari.incidents import tasks
from kotowari.incidents.models import Incident
from kotowari.incidents.selectors import Span, functions_now, going_on, outages_since, past_incidents
from kotowari.incidents.services import (
    add_update,
    close_by_time,
    close_incident,
    lapse_incident,
    publish_incident,
    recover_incident,
    remind_staff,
)
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.text import Text

MORE = Text("原因がわかりました。", "The cause is known.")
OVER = Text("復旧しました。", "It works again.")


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [b.code.rpartition(".")[2] for b in refused.value.decision.blockers]


def state_of(row: Incident) -> str:
    return Incident.objects.get(pk=row.pk).state


@pytest.mark.django_db
@pytest.mark.rule("A039", "A040")
def test_an_outage_of_the_site_is_told_from_its_beginning_to_its_end(
    clock: MovableClock, staff: Member, begin: Begin
) -> None:
    began = clock.moment - timedelta(minutes=20)
    row = begin(functions=["site", "mail"], started_at=began, is_public=False)
    assert row.is_public, "what is down can be seen by everybody anyway"
    assert outages_since(clock.moment) == [Span(began, None)]
    assert [each.name for each in functions_now([row]) if each.incident] == [
        each.name for each in functions_now([row])
    ], "while the whole site is down, so is each of its functions"
    clock.move(minutes=30)
    add_update(actor=staff, incident_id=row.pk, words=MORE, next_minutes=120)
    clock.move(hours=1)
    recover_incident(actor=staff, incident_id=row.pk, words=OVER, ended_at=clock.moment - timedelta(minutes=10))
    assert outages_since(began) == [Span(began, clock.moment - timedelta(minutes=10))]
    assert [each.pk for each in going_on()] == [row.pk], "while it is watched the banner stays"
    with pytest.raises(Refused) as again:
        recover_incident(actor=staff, incident_id=row.pk, words=OVER)
    assert codes_of(again) == ["recovered"]
    close_incident(actor=staff, incident_id=row.pk, words=OVER)
    assert list(going_on()) == []
    assert [(u.state, u.words.en) for u in past_incidents()[0].updates.all()] == [
        ("closed", "It works again."),
        ("watching", "It works again."),
        ("open", "The cause is known."),
        ("open", "We are looking for the cause."),
    ]
    with pytest.raises(Refused) as over:
        add_update(actor=staff, incident_id=row.pk, words=MORE, next_minutes=60)
    assert codes_of(over) == ["over"]
    assert set(AuditEntry.objects.filter(subject_id=row.pk).values_list("kind", flat=True)) == {
        "incidents.opened",
        "incidents.updated",
        "incidents.recovered",
        "incidents.closed",
    }
    ended = OutboxEvent.objects.get(kind="incidents.ended")
    assert ended.payload["stops_deadlines"] is True


@pytest.mark.django_db
@pytest.mark.rule("A039")
def test_staff_are_reminded_of_missing_word_again_and_again_until_it_counts_as_over(
    clock: MovableClock, staff: Member, begin: Begin
) -> None:
    second = member("unei_two", is_staff=True)
    row = begin()
    with pytest.raises(Refused) as early:
        remind_staff(actor=SYSTEM, incident_id=row.pk)
    assert codes_of(early) == ["not_due"]
    clock.move(minutes=60)
    assert tasks.remind_of_incidents() == 1
    assert tasks.remind_of_incidents() == 0, "once until the next time"
    clock.move(minutes=30)
    assert tasks.remind_of_incidents() == 1
    for one in (staff, second):
        assert Notice.objects.filter(member=one, kind="incidents.word_due").count() == 2
    add_update(actor=second, incident_id=row.pk, words=MORE, next_minutes=60)
    assert tasks.remind_of_incidents() == 0, "word resets the clock"
    with pytest.raises(Refused):
        lapse_incident(actor=SYSTEM, incident_id=row.pk)
    clock.move(days=7)
    assert tasks.remind_of_incidents() == 0
    assert tasks.lapse_incidents() == 1
    assert state_of(row) == "lapsed"
    assert row.updates.latest("id").by is None


@pytest.mark.django_db
def test_what_was_watched_and_stayed_quiet_closes_by_itself(clock: MovableClock, staff: Member, begin: Begin) -> None:
    row = begin()
    with pytest.raises(Refused) as open_still:
        close_incident(actor=staff, incident_id=row.pk, words=OVER)
    assert codes_of(open_still) == ["not_watched"]
    recover_incident(actor=staff, incident_id=row.pk, words=OVER)
    with pytest.raises(Refused) as early:
        close_by_time(actor=SYSTEM, incident_id=row.pk)
    assert codes_of(early) == ["not_due"]
    clock.move(hours=24)
    assert tasks.close_incidents() == 1
    assert state_of(row) == "closed"


@pytest.mark.django_db
def test_only_staff_write_about_incidents(clock: MovableClock, begin: Begin) -> None:
    someone = member()
    row = begin(kind="security", is_public=False)
    for act, more in (
        (add_update, {"words": MORE, "next_minutes": 60}),
        (recover_incident, {"words": OVER}),
        (publish_incident, {}),
    ):
        with pytest.raises(Refused) as refused:
            act(actor=someone, incident_id=row.pk, **more)
        assert codes_of(refused) == ["staff_only"]
    with pytest.raises(Refused) as begun:
        begin(actor=someone)
    assert codes_of(begun) == ["staff_only"]


@pytest.mark.django_db
def test_what_is_not_public_is_read_by_staff_only_until_it_is_made_public(
    clock: MovableClock, staff: Member, begin: Begin
) -> None:
    row = begin(kind="leak", is_public=False)
    assert list(going_on()) == []
    publish_incident(actor=staff, incident_id=row.pk)
    assert [each.pk for each in going_on()] == [row.pk]
    with pytest.raises(Refused) as again:
        publish_incident(actor=staff, incident_id=row.pk)
    assert codes_of(again) == ["public_already"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": Text("あ", " ")}, "title_en"),
        ({"words": Text("", "x")}, "words_ja"),
        ({"kind": "weather"}, "kind"),
        ({"functions": []}, "functions"),
        ({"functions": ["site", "coffee"]}, "functions"),
        ({"next_minutes": 4_321}, "next_minutes"),
        ({"ahead": 1}, "started_at"),
        ({"ahead": -91 * 24 * 60}, "started_at"),
    ],
)
def test_what_cannot_be_recorded_says_which_field_and_why(
    clock: MovableClock, begin: Begin, wrong: dict[str, Any], field: str
) -> None:
    if "ahead" in wrong:
        wrong = {"started_at": clock.moment + timedelta(minutes=wrong["ahead"])}
    with pytest.raises(InputError) as problem:
        begin(**wrong)
    assert list(problem.value.fields) == [field]
