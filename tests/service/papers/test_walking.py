"""What nobody made is found: deals older than the room, lost events; and a year that ended is summed up."""

from collections import Counter
from typing import Any

import pytest
from tests import story
from tests.conftest import MovableClock
from tests.service.papers.deals import accepted, lawful, paper, sides, told

from kotowari.foundation import deadlines
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice, OutboxEvent
from kotowari.kernel import clock as kernel_clock
from kotowari.ledger import invariants
from kotowari.papers import services, tasks
from kotowari.papers.models import Paper, Walk
from kotowari.papers.services import walking

pytestmark = pytest.mark.django_db
OF_A_DEAL = ["order", "receipt", "delivery_note", "acceptance_note", "invoice", "system_fee_invoice"]


def walked() -> int:
    rounds = 0
    while tasks.find_missing():
        rounds += 1
    return rounds


def old_deals(clock: MovableClock, count: int, **given: Any) -> None:
    """Deals of which nobody told this room."""
    people = sides()
    for _ in range(count):
        story.accepted((10_000,), **people, **given)
    OutboxEvent.objects.update(delivered_at=kernel_clock.now())
    clock.move(hours=2)


def test_old_deals_get_their_papers_without_being_told(clock: MovableClock) -> None:
    old_deals(clock, 3)
    assert invariants.check("papers.invoices").wrong == 3
    walked()
    assert Counter(Paper.objects.values_list("kind", flat=True)) == Counter(OF_A_DEAL * 3)
    lawful()
    assert walked() == 0


def test_the_walk_goes_in_steps_and_remembers_where_it_was(
    clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "STEP", 2)
    old_deals(clock, 3)
    assert services.walk_on(actor=SYSTEM, name="contracts") == 2
    assert Paper.objects.filter(kind="order").count() == 2
    assert services.walk_on(actor=SYSTEM, name="contracts") == 2
    assert Paper.objects.filter(kind="order").count() == 3
    assert services.walk_on(actor=SYSTEM, name="contracts") == 0
    assert Walk.objects.get(name="contracts").through is not None


def test_what_is_younger_than_an_hour_is_left_to_the_outbox(clock: MovableClock) -> None:
    story.accepted(**sides())
    assert walked() == 0
    assert not Paper.objects.exists()
    told()
    clock.move(hours=2)
    before = Paper.objects.count()
    walked()
    assert Paper.objects.count() == before == len(OF_A_DEAL)


def test_the_walk_waits_until_the_operator_has_a_name(clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    old_deals(clock, 1)
    monkeypatch.setattr(walking, "operator_identity", lambda: None)
    assert walked() == 0
    monkeypatch.undo()
    walked()
    assert Paper.objects.count() == len(OF_A_DEAL)


def test_a_year_that_ended_is_summed_up_for_both_sides(clock: MovableClock) -> None:
    people = sides()
    withheld = {"has_withholding": True, "withholding_kind": "design"}
    accepted((100_000,), **people, **withheld)
    accepted((20_000,), **people, has_withholding=True, withholding_kind="translation")
    accepted((40_000,), client=people["client"], worker=story.member("jiro"), **withheld)
    accepted((70_000,), **people)
    deadlines.run_all_due()
    assert not Paper.objects.filter(subject__startswith="year:").exists()
    clock.move(days=60)
    deadlines.run_all_due()
    told()
    summaries = {p.counterparty_id: p for p in Paper.objects.filter(kind="withholding_summary")}
    assert len(summaries) == 3
    hers = summaries[people["worker"].pk]
    assert (hers.total_yen, hers.withholding_yen) == (132_000, 12_252)
    theirs = summaries[people["client"].pk]
    assert (theirs.total_yen, theirs.withholding_yen) == (176_000, 16_336)
    records = {p.counterparty_name: p for p in Paper.objects.filter(kind="payment_record")}
    assert records["Hanako"].sheet.extra == {
        "price_yen": 120_000,
        "tax_yen": 12_000,
        "is_due": True,
        "kinds": ["design", "translation"],
    }
    assert records["Jiro"].sheet.extra["is_due"] is False
    assert "マイナンバー" in str(records["Jiro"].sheet.notes[1])
    assert Notice.objects.filter(kind="papers.year_summed").count() == 3
    assert {p.year for p in Paper.objects.filter(kind="payment_record")} == {2027}
    before = Paper.objects.count()
    deadlines.run_all_due()
    assert Paper.objects.count() == before
    lawful()


@pytest.mark.parametrize(("price_yen", "is_due"), [(45_455, False), (45_456, True)])
def test_exactly_fifty_thousand_is_not_above_it(clock: MovableClock, price_yen: int, is_due: bool) -> None:
    accepted((price_yen,), **sides(), has_withholding=True, withholding_kind="design")
    clock.move(days=60)
    deadlines.run_all_due()
    assert paper("payment_record").sheet.extra["is_due"] is is_due
