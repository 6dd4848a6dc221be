"""Real threads: however many issue at once, and whoever rolls back, numbers have no gap and no paper is doubled."""

import random
from typing import Any

import pytest
from django.db import transaction
from tests import story
from tests.ledger.books import at_once
from tests.service.papers.deals import lawful, sides

from kotowari.foundation.actors import SYSTEM
from kotowari.papers import services
from kotowari.papers.drafting import Wanted
from kotowari.papers.models import Paper, Series
from kotowari.papers.services.walking import ON_ACCEPTANCE

pytestmark = pytest.mark.django_db(transaction=True)


class PowerError(Exception):
    """The power goes before the commit."""


def test_one_deal_told_twenty_times_at_once_has_its_papers_once() -> None:
    milestone = story.accepted(**sides())[0]
    wanted = [Wanted(kind, f"milestone:{milestone.pk}") for kind in (*ON_ACCEPTANCE, "receipt")]

    def issue() -> int:
        return services.issue_papers(actor=SYSTEM, wanted=random.sample(wanted, len(wanted)))

    outcomes = at_once([issue] * 20)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert sorted(outcome.value for outcome in outcomes)[-1] == 4
    assert Paper.objects.count() == 4
    lawful()


def test_numbers_stay_gapless_when_half_of_those_who_issue_roll_back() -> None:
    rows = story.accepted((10_000,) * 16, **sides())

    def issue(milestone: Any, breaks: bool) -> None:
        with transaction.atomic():
            services.issue_papers(
                actor=SYSTEM, wanted=[Wanted(kind, f"milestone:{milestone.pk}") for kind in ON_ACCEPTANCE]
            )
            if breaks:
                raise PowerError

    outcomes = at_once([lambda m=m, n=n: issue(m, n % 2 == 0) for n, m in enumerate(rows)])
    assert {type(o.error) for o in outcomes if o.error} == {PowerError}
    numbers = sorted(Paper.objects.filter(kind="invoice").values_list("number", flat=True))
    assert numbers == list(range(1, 9))
    assert Series.objects.get(series="INV").last_number == 8
    for milestone in rows:
        issue(milestone, breaks=False)
    assert Paper.objects.filter(kind="invoice").count() == 16
    lawful()
