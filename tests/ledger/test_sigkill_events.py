"""L14 in what ends a wait and in what follows from events: killed at any step and done again, it has happened once."""

from datetime import timedelta

import pytest
from tests import story
from tests.conftest import MovableClock
from tests.ledger.killing import killed_and_done_again, told

from kotowari.contracts import services as contracts
from kotowari.contracts.models import Contract, EndRequest, Milestone
from kotowari.contracts.waits import clocks_of_milestones
from kotowari.foundation.models import OutboxEvent
from kotowari.incidents.models import Incident
from kotowari.incidents.services import open_incident, recover_incident
from kotowari.kernel.text import Text
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.papers.models import Paper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def policy_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kotowari.foundation.policy.inforce.CACHE_SECONDS", 3_600.0)


@pytest.mark.rule("A078")
def test_an_early_end_killed_anywhere_refunds_once_and_ends_the_contract(clock: MovableClock) -> None:
    client, worker = story.member(), story.member()

    def fresh() -> EndRequest:
        first, _ = story.milestones(story.contract((10_000, 20_000), client=client, worker=worker))
        story.fund(first)
        return contracts.ask_end(actor=worker, contract_id=first.contract_id, reason="cannot_do")

    def act(request: EndRequest) -> None:
        contracts.agree_end(actor=client, request_id=request.pk)

    ended = []
    for request in killed_and_done_again(fresh, act):
        ended.append(request.contract_id)
        states = set(Milestone.objects.filter(contract_id=request.contract_id).values_list("state", flat=True))
        assert states == {"refunded", "cancelled"}
    assert set(Contract.objects.filter(pk__in=ended).values_list("state", flat=True)) == {"ended"}
    assert Journal.objects.filter(kind="milestone_refunded").count() == len(ended)
    assert [result.detail for result in check_all() if not result.ok] == []


@pytest.mark.rule("P015")
def test_papers_of_events_that_were_killed_anywhere_come_once_with_numbers_without_gaps(clock: MovableClock) -> None:
    client, worker = story.member(), story.member()

    def fresh() -> Milestone:
        return story.accepted(client=client, worker=worker)[0]

    kinds: list[str] = []
    for milestone in killed_and_done_again(fresh, lambda _: told()):
        found = sorted(Paper.objects.filter(contract_id=milestone.contract_id).values_list("kind", flat=True))
        kinds = kinds or found
        assert len(found) >= 3
        assert found == kinds
    assert not OutboxEvent.objects.filter(delivered_at__isnull=True).exists()
    for series in Paper.objects.values_list("series", flat=True).distinct():
        numbers = sorted(Paper.objects.filter(series=series).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    assert [result.detail for result in check_all() if not result.ok] == []


@pytest.mark.rule("A040")
def test_the_end_of_an_outage_that_was_killed_anywhere_is_one_end_and_moves_each_clock_once(
    clock: MovableClock,
) -> None:
    staff = story.member(is_staff=True)
    words = Text("復旧しました。", "It works again.")

    def fresh() -> tuple[Incident, Milestone]:
        (milestone,) = story.delivered()
        clock.move(hours=1)
        row = open_incident(
            actor=staff,
            kind="outage",
            severity="critical",
            functions=["site"],
            title=Text("サイトが開きません", "The site does not open"),
            words=Text("調べています。", "Looking."),
            started_at=clock.moment - timedelta(minutes=30),
            is_public=True,
            next_minutes=60,
        )
        clock.move(hours=3)
        return row, milestone

    def act(given: tuple[Incident, Milestone]) -> None:
        recover_incident(actor=staff, incident_id=given[0].pk, words=words)

    for row, milestone in killed_and_done_again(fresh, act):
        told()
        row.refresh_from_db()
        assert (row.state, row.updates.filter(state="watching").count()) == ("watching", 1)
        [running] = clocks_of_milestones([milestone])
        assert milestone.deadline_at
        assert running
        assert running.due_at == milestone.deadline_at + timedelta(hours=3, minutes=30)
        assert row.ended_at - row.started_at == timedelta(hours=3, minutes=30)
        contracts.accept_delivery(actor=milestone.contract.client, milestone_id=milestone.pk)
