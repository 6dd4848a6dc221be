"""L15 on live data: what time should have decided and did not is found, and that it decided twice."""

from datetime import timedelta
from typing import Any

import pytest
from tests import story

from kotowari.contracts import entries
from kotowari.contracts.models import Milestone
from kotowari.foundation import audit, deadlines
from kotowari.foundation.actors import SYSTEM
from kotowari.ledger import invariants

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P003")]


def test_a_delivery_that_nobody_accepted_in_time_is_found_until_the_clock_is_heard(clock: Any) -> None:
    milestone = story.delivered()[0]
    clock.set(milestone.deadline_at + timedelta(hours=24))
    assert invariants.check("L15 contracts").ok, "within the grace"
    clock.move(seconds=1)
    found = invariants.check("L15 contracts")
    assert (found.checked, found.wrong) == (1, 1)
    assert f"milestone {milestone.pk} (delivered) waits since" in found.violations[0]
    deadlines.run_all_due()
    assert Milestone.objects.get().state == "accepted"
    assert invariants.check("L15 contracts").ok
    assert invariants.check("L15 once").checked == 1


def test_that_time_closed_a_milestone_twice_is_found(clock: Any) -> None:
    milestone = story.delivered()[0]
    clock.set(milestone.deadline_at)
    deadlines.run_all_due()
    assert invariants.check("L15 once").ok
    audit.record(actor=SYSTEM, kind=entries.REFUNDED, subject=milestone, title="x", amount_yen=1)
    assert f"milestone {milestone.pk} was closed by time 2 times" in invariants.check("L15 once").violations
