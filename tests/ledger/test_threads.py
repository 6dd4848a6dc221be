"""Real threads on real connections: one event has one journal, and no floor gives way."""

import random
from collections import Counter
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from tests.ledger import books

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, services
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import InsufficientFunds, PeriodClosed
from kotowari.ledger.models import Account, Journal, Lot, LotUse
from kotowari.ledger.selectors import balance_of, balances_of
from kotowari.ledger.services import Entry, Line

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("threads", [2, 20, 200])
def test_however_many_accept_at_once_there_is_one_journal_and_one_lot(threads):
    milestone_id, member_id = books.fund(11_000), new_id()

    @transaction.atomic
    def accept():
        return books.accept(milestone_id, member_id, escrow_yen=11_000, fee_yen=2_000, tax_yen=200)

    outcomes = books.at_once([accept] * threads)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert len({outcome.value.id for outcome in outcomes}) == 1
    assert Counter(outcome.value.is_replay for outcome in outcomes) == {False: 1, True: threads - 1}
    assert Journal.objects.filter(kind="milestone_accepted").count() == 1
    assert Lot.objects.get().amount_yen == balance_of(accounts.available(member_id)) == 8_800
    books.assert_whole()


def test_of_two_requests_with_one_key_one_wins_and_the_other_is_told():
    deposit_id = new_id()
    outcomes = books.at_once([partial(books.receive, amount, deposit_id=deposit_id) for amount in (100, 200) * 10])
    won = {type(outcome.error) for outcome in outcomes}
    assert won == {type(None), IdempotencyConflict}
    assert Counter(outcome.error is None for outcome in outcomes) == {True: 10, False: 10}
    assert Journal.objects.count() == 1
    books.assert_whole()


def test_threads_on_one_account_never_take_it_below_zero():
    member_id = new_id()
    books.earn(member_id, 1_000)

    @transaction.atomic
    def take():
        return books.request_payout(member_id, 150)

    outcomes = books.at_once([take] * 20)
    assert Counter(type(outcome.error) for outcome in outcomes) == {type(None): 6, InsufficientFunds: 14}
    assert balance_of(accounts.available(member_id)) == 100
    assert LotUse.objects.count() == 6
    books.assert_whole()


def test_accounts_that_are_crossed_in_every_direction_neither_deadlock_nor_lose_a_yen():
    """Refunds are due and taken back between four members in all orders, many journals to a transaction's end."""
    members = [new_id() for _ in range(4)]
    for member_id in members:
        books.refund(books.fund(5_000), member_id, 5_000)

    def churn(seed: int) -> None:
        for turn in range(8):
            member_id = members[(seed + turn * (1 + seed % 3)) % 4]
            books.refund(books.fund(10), member_id, 10)
            milestone_id = books.fund(30)
            books.accept(milestone_id, members[(seed + turn) % 4], escrow_yen=30, fee_yen=7)
            services.roll_up() if turn % 4 == seed % 4 else None

    outcomes = books.at_once([partial(churn, seed) for seed in range(12)])
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    held = balances_of([accounts.refund_due(member_id) for member_id in members])
    assert sum(held.values()) == 4 * 5_000 + 12 * 8 * 10
    assert balance_of(accounts.fee_income()) == 12 * 8 * 7
    books.assert_whole()


def test_batches_in_any_order_wait_for_each_other_and_never_in_a_circle():
    """Twelve batches move the same ten members' accounts, each in an order of its own, half of them twice over."""
    members = [new_id() for _ in range(10)]
    milestones = [[books.fund(100) for _ in members] for _ in range(6)]

    def entries(batch: int) -> list[Entry]:
        chance = random.Random(batch)
        made = [
            Entry(
                kind=JournalKind.MILESTONE_REFUNDED,
                scope="test",
                key=str(milestone_id),
                lines=[Line(accounts.escrow(milestone_id), -100), Line(accounts.refund_due(member_id), 100)],
                contract_id=milestone_id,
                milestone_id=milestone_id,
            )
            for milestone_id, member_id in zip(milestones[batch % 6], members, strict=True)
        ]
        return chance.sample(made, len(made))

    outcomes = books.at_once([partial(services.post_many, entries(batch), actor=SYSTEM) for batch in range(12)])
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert Counter(posted.is_replay for outcome in outcomes for posted in outcome.value) == {False: 60, True: 60}
    assert set(balances_of([accounts.refund_due(member_id) for member_id in members]).values()) == {600}
    books.assert_whole()


def test_an_account_that_many_need_first_is_opened_once():
    member_id = new_id()
    milestones = [books.fund(100) for _ in range(20)]

    def accept(milestone_id):
        with transaction.atomic():
            return books.accept(milestone_id, member_id, escrow_yen=100, fee_yen=10, tax_yen=1)

    outcomes = books.at_once([partial(accept, milestone_id) for milestone_id in milestones])
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert Account.objects.filter(owner_id=member_id).count() == 1
    assert balance_of(accounts.available(member_id)) == 20 * 89
    books.assert_whole()


def test_hot_accounts_read_right_while_they_are_rolled_up():
    books.receive(1)

    def read() -> list[int]:
        return [-balance_of(accounts.bank_deposits()) for _ in range(20)]

    def receive() -> None:
        for _ in range(10):
            books.receive(1)

    def roll_up() -> None:
        for _ in range(10):
            services.roll_up()

    outcomes = books.at_once([read, receive, roll_up, receive, roll_up, read])
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    for outcome in (outcomes[0], outcomes[5]):
        assert outcome.value == sorted(outcome.value), "a balance that only grows was read smaller than before"
    assert balance_of(accounts.bank_deposits()) == -21
    books.assert_whole()


def test_closing_the_books_lets_nothing_slip_in_behind_it(clock):
    yesterday = kernel_clock.today() - timedelta(days=1)
    at = kernel_clock.start_of(yesterday)
    clock.move(seconds=1)

    def receive():
        return books.receive(100, occurred_at=at)

    def close():
        clock.move(seconds=1)
        return services.close_period(through=yesterday, actor=SYSTEM)

    outcomes = books.at_once([receive] * 9 + [close] + [receive] * 10)
    assert outcomes[9].error is None
    posted = [outcome for outcome in outcomes if outcome.error is None]
    assert {type(outcome.error) for outcome in outcomes} <= {type(None), PeriodClosed}
    assert Journal.objects.count() == len(posted) - 1
    with pytest.raises(PeriodClosed):
        receive()


def test_a_journal_that_is_reversed_by_many_is_reversed_once():
    milestone_id = new_id()
    matched = books.match(books.receive(500), milestone_id, 500)
    reverse = partial(services.reverse, journal_id=matched.id, actor=SYSTEM, reason="誤り")
    outcomes = books.at_once([reverse] * 20)
    assert [outcome.error for outcome in outcomes if outcome.error] == []
    assert len({outcome.value.id for outcome in outcomes}) == 1
    assert balance_of(accounts.escrow(milestone_id)) == 0
    books.assert_whole()
