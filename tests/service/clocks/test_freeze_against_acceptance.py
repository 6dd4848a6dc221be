"""Real threads: somebody is frozen at the very moment in which time would accept their delivery."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from tests import story
from tests.conftest import MovableClock
from tests.service.clocks.conftest import Freeze

from kotowari.contracts import tasks
from kotowari.contracts.models import Milestone
from kotowari.ledger.models import Lot

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(call: Any) -> threading.Thread:
    def run() -> None:
        try:
            call()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.rule("A185")
def test_a_freeze_that_is_under_way_is_waited_for_and_wins(clock: MovableClock, freeze: Freeze) -> None:
    (milestone,) = story.delivered()
    assert milestone.deadline_at is not None
    clock.set(milestone.deadline_at - timedelta(seconds=1))
    accepted: list[int] = []
    with transaction.atomic():
        freeze(milestone.contract.client, 10)
        clock.set(milestone.deadline_at)
        sweep = in_thread(lambda: accepted.append(tasks.accept_by_clock()))
        sweep.join(30)
        assert accepted == [0]  # it neither waited nor accepted behind the freeze's back
    assert Milestone.objects.get(pk=milestone.pk).state == "delivered"
    tasks.accept_by_clock()
    row = Milestone.objects.get(pk=milestone.pk)
    assert row.state == "delivered"
    assert row.deadline_at == milestone.deadline_at + timedelta(days=10)


@pytest.mark.rule("A185")
def test_an_acceptance_that_is_under_way_stands_and_the_freeze_comes_after_it(
    clock: MovableClock, freeze: Freeze
) -> None:
    (milestone,) = story.delivered()
    assert milestone.deadline_at is not None
    clock.set(milestone.deadline_at)
    frozen = threading.Event()

    def later() -> None:
        freeze(milestone.contract.client, 10)
        frozen.set()

    with transaction.atomic():
        assert tasks.accept_by_clock() == 1
        freezing = in_thread(later)
        assert not frozen.wait(1)
    freezing.join(30)
    assert frozen.is_set()
    tasks.accept_by_clock()
    assert Milestone.objects.get(pk=milestone.pk).state == "accepted"
    assert Lot.objects.filter(milestone_id=milestone.pk).count() == 1


@pytest.mark.rule("A185")
def test_at_the_same_moment_one_of_them_wins_and_nothing_is_half_done(clock: MovableClock, freeze: Freeze) -> None:
    rows = [story.delivered()[0] for _ in range(6)]
    clock.set(max(m.deadline_at for m in rows if m.deadline_at) + timedelta(0))
    together = threading.Barrier(len(rows) + 1)

    def freezing(milestone: Milestone) -> Any:
        def run() -> None:
            together.wait(10)
            freeze(milestone.contract.client, 10)

        return run

    def sweeping() -> None:
        together.wait(10)
        tasks.accept_by_clock()

    threads = [in_thread(freezing(m)) for m in rows] + [in_thread(sweeping)]
    for each in threads:
        each.join(30)
    tasks.accept_by_clock()
    for milestone in rows:
        row = Milestone.objects.get(pk=milestone.pk)
        # A freeze that begins when the deadline has come, and no earlier, stops nothing.
        assert row.state == "accepted"
        assert Lot.objects.filter(milestone_id=row.pk).count() == 1
