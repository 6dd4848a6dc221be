"""Rewards are lots: the oldest leaves first, exactly as much as is paid out, and comes back where it came from."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.ledger import books

from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.ids import new_id
from kotowari.ledger import services
from kotowari.ledger.errors import InsufficientFunds, LotsDisagree
from kotowari.ledger.models import Lot, LotUse
from kotowari.ledger.selectors import fixed_before, lots_of, members_with_reward
from kotowari.ledger.services import NewLot, Taking

pytestmark = pytest.mark.django_db


@pytest.fixture
def member_id(clock):
    """A member with three rewards, fixed on three days: 100, 200, 300."""
    member_id = new_id()
    for amount_yen in (100, 200, 300):
        books.earn(member_id, amount_yen)
        clock.move(days=1)
    return member_id


def remaining(member_id) -> list[int]:
    rows = Lot.objects.filter(member_id=member_id, withdrawn_at=None).order_by("fixed_at")
    return list(rows.values_list("remaining_yen", flat=True))


@pytest.mark.rule("A041")
def test_a_payout_takes_the_oldest_lots_first_and_exactly_its_amount(member_id):
    books.request_payout(member_id, 250)
    assert remaining(member_id) == [0, 50, 300]
    books.request_payout(member_id, 350)
    assert remaining(member_id) == [0, 0, 0]
    books.assert_whole()


def test_the_oldest_is_what_was_fixed_first_even_if_it_was_recorded_last(member_id):
    now = kernel_clock.now()
    services.open_lot(member_id=member_id, milestone_id=new_id(), amount_yen=40, fixed_at=now - timedelta(days=90))
    taken = services.take_from_lots(member_id=member_id, amount_yen=50, payout_id=new_id())
    assert [part.amount_yen for part in taken] == [40, 10]
    assert taken[0].fixed_at == now - timedelta(days=90)


def test_taking_again_for_the_same_payout_is_the_same_event(member_id):
    payout_id = new_id()
    first = services.take_from_lots(member_id=member_id, amount_yen=250, payout_id=payout_id)
    assert services.take_from_lots(member_id=member_id, amount_yen=250, payout_id=payout_id) == first
    assert remaining(member_id) == [0, 50, 300]
    with pytest.raises(IdempotencyConflict), transaction.atomic():
        services.take_from_lots(member_id=member_id, amount_yen=251, payout_id=payout_id)


def test_more_than_the_lots_hold_is_refused_and_all_they_hold_is_not(member_id):
    with pytest.raises(InsufficientFunds) as refusal, transaction.atomic():
        services.take_from_lots(member_id=member_id, amount_yen=601, payout_id=new_id())
    assert refusal.value.balance_yen == 600
    assert remaining(member_id) == [100, 200, 300]
    services.take_from_lots(member_id=member_id, amount_yen=600, payout_id=new_id())
    assert remaining(member_id) == [0, 0, 0]


def test_what_is_given_back_goes_where_it_came_from(member_id):
    payout_id = books.request_payout(member_id, 450)
    assert services.give_back(payout_id=payout_id, amount_yen=100) == 100
    assert remaining(member_id) == [0, 0, 250]
    assert services.give_back(payout_id=payout_id) == 350
    assert remaining(member_id) == [100, 200, 300]
    assert services.give_back(payout_id=payout_id) == 0
    with pytest.raises(LotsDisagree), transaction.atomic():
        services.give_back(payout_id=payout_id, amount_yen=1)
    assert sum(LotUse.objects.filter(payout_id=payout_id).values_list("amount_yen", flat=True)) == 0


def test_a_returned_transfer_whose_fee_was_kept_gives_back_what_came_back(member_id):
    payout_id = books.request_payout(member_id, 600, fee_yen=50)
    books.settle(payout_id, 550)
    books.return_payout(payout_id, member_id, 550, was_settled=True)
    assert remaining(member_id) == [50, 200, 300]
    books.assert_whole()


def test_many_payouts_take_from_many_members_in_two_statements(member_id, django_assert_num_queries):
    other, payouts = new_id(), [new_id(), new_id()]
    books.earn(other, 70)
    takings = [Taking(member_id, 250, payouts[0]), Taking(other, 70, payouts[1])]
    with django_assert_num_queries(2):
        taken = services.take_from_lots_many(takings)
    assert {payout: [use.amount_yen for use in uses] for payout, uses in taken.items()} == {
        payouts[0]: [100, 150],
        payouts[1]: [70],
    }
    assert services.take_from_lots_many(takings) == taken
    with pytest.raises(InsufficientFunds), transaction.atomic():
        services.take_from_lots_many([Taking(member_id, 1, new_id()), Taking(other, 1, new_id())])
    assert remaining(member_id) == [0, 50, 300]
    with pytest.raises(ValueError, match="one payout in a batch"):
        services.take_from_lots_many([Taking(member_id, 1, new_id()), Taking(member_id, 1, new_id())])


def test_a_milestone_has_one_lot(member_id):
    milestone_id = new_id()
    first = services.open_lot(member_id=member_id, milestone_id=milestone_id, amount_yen=5)
    assert services.open_lot(member_id=member_id, milestone_id=milestone_id, amount_yen=5) == first
    with pytest.raises(IdempotencyConflict):
        services.open_lot(member_id=member_id, milestone_id=milestone_id, amount_yen=6)
    with pytest.raises(IdempotencyConflict):
        services.open_lot(member_id=new_id(), milestone_id=milestone_id, amount_yen=5)


def test_lots_can_be_opened_many_at_once(django_assert_num_queries):
    member_id, now = new_id(), kernel_clock.now()
    lots = [NewLot(member_id, new_id(), amount_yen, now) for amount_yen in (1, 2, 3)]
    with django_assert_num_queries(1):
        services.open_lots(lots)
    services.open_lots([])
    services.open_lots([*lots[1:], NewLot(member_id, new_id(), 4, now)])
    assert sum(remaining(member_id)) == 10
    with pytest.raises(IdempotencyConflict):
        services.open_lots([lots[0]._replace(amount_yen=2)])


@pytest.mark.parametrize("amount_yen", [0, -1])
def test_amounts_are_positive(amount_yen):
    with pytest.raises(ValueError, match="yen"):
        services.open_lot(member_id=new_id(), milestone_id=new_id(), amount_yen=amount_yen)
    with pytest.raises(ValueError, match="yen"):
        services.take_from_lots(member_id=new_id(), amount_yen=amount_yen, payout_id=new_id())


def test_a_closing_sees_what_was_fixed_before_it(member_id, clock):
    second_day_ends = kernel_clock.end_of(kernel_clock.today() - timedelta(days=2))
    assert fixed_before(second_day_ends, member_ids=[member_id, new_id()]) == {member_id: 300}
    books.request_payout(member_id, 150)
    assert fixed_before(second_day_ends, member_ids=[member_id]) == {member_id: 150}
    other = new_id()
    books.earn(other, 70)
    assert members_with_reward(fixed_before=kernel_clock.end_of(kernel_clock.today())) == {member_id: 450, other: 70}
    assert members_with_reward(fixed_before=kernel_clock.end_of(kernel_clock.today()), after=member_id) == {other: 70}
    assert members_with_reward(fixed_before=kernel_clock.end_of(kernel_clock.today()), limit=1) == {member_id: 450}


def test_lots_are_listed_oldest_first_while_open_and_newest_first_as_history(member_id):
    books.request_payout(member_id, 100)
    assert [lot.remaining_yen for lot in lots_of(member_id)] == [200, 300]
    assert [lot.amount_yen for lot in lots_of(member_id, only_open=False)] == [300, 200, 100]
    assert [lot.amount_yen for lot in lots_of(member_id, only_open=False, limit=1)] == [300]
