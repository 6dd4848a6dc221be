"""L10 on live data: a payout that was asked for while a hold stopped payouts is found; before and after it is none."""

from datetime import date, timedelta

import pytest
from tests.service.payouts.market import Market

from kotowari.accounts.models import Restriction
from kotowari.ledger import invariants
from kotowari.payouts.models import Payout

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A120")]


@pytest.fixture
def payout(market: Market) -> Payout:
    market.worker("hanako", reward_yen=5_000)
    market.after(date(2026, 11, 30))
    market.close()
    return Payout.objects.get()


def hold(payout: Payout, begins: timedelta, ends: timedelta, **more: object) -> None:
    """A hold on its owner's payouts, from and until so long after the payout was asked for."""
    at = payout.requested_at
    given = {"scope": ["payout"], "cause": "not_me", **more}
    Restriction.objects.create(member=payout.member, since=at + begins, until=at + ends, **given)


HOUR = timedelta(hours=1)


def test_a_payout_under_a_hold_is_found(payout: Payout) -> None:
    assert invariants.check("L10").ok
    hold(payout, -HOUR, HOUR)
    found = invariants.check("L10")
    assert (found.checked, found.wrong) == (1, 1)
    assert f"payout {payout.number} was asked for" in found.violations[0]


@pytest.mark.parametrize(
    ("begins", "ends", "more"),
    [
        (timedelta(), HOUR, {}),
        (-2 * HOUR, -HOUR, {}),
        (-2 * HOUR, HOUR, {"scope": ["payout_destination"]}),
    ],
)
def test_a_hold_that_began_with_it_ended_before_or_stops_something_else_is_none(
    payout: Payout, begins: timedelta, ends: timedelta, more: dict[str, object]
) -> None:
    hold(payout, begins, ends, **more)
    assert invariants.check("L10").ok


def test_a_hold_that_was_lifted_before_is_none(payout: Payout) -> None:
    hold(payout, -2 * HOUR, HOUR, lifted_at=payout.requested_at - HOUR)
    assert invariants.check("L10").ok
