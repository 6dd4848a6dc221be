"""`post`: one journal, whole or not at all; the same event once; only what the chart knows."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.ledger import books

from kotowari.foundation.actors import SYSTEM, SystemActor
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import IdempotencyConflict
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, services
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import InsufficientFunds, NotInChart, PeriodClosed
from kotowari.ledger.models import Account, Journal, Posting
from kotowari.ledger.selectors import balance_of, balances_of
from kotowari.ledger.services import Entry, Line

pytestmark = pytest.mark.django_db


def test_a_journal_moves_its_accounts_and_nothing_else():
    milestone_id, member_id = books.fund(11_000), new_id()
    books.accept(milestone_id, member_id, escrow_yen=11_000, fee_yen=2_000, tax_yen=200)
    assert balances_of(
        [
            accounts.bank_deposits(),
            accounts.escrow(milestone_id),
            accounts.available(member_id),
            accounts.fee_income(),
            accounts.consumption_tax_payable(),
            accounts.bank_payouts(),
        ]
    ) == {
        accounts.bank_deposits(): -11_000,
        accounts.escrow(milestone_id): 0,
        accounts.available(member_id): 8_800,
        accounts.fee_income(): 2_000,
        accounts.consumption_tax_payable(): 200,
        accounts.bank_payouts(): 0,
    }
    books.assert_whole()


def test_an_account_is_opened_by_its_first_journal_with_its_class():
    milestone_id = books.fund(500)
    row = Account.objects.get(code=f"escrow:milestone:{milestone_id}")
    assert (row.account_class, row.kind, row.floor_yen, row.mode) == ("escrow", "liability", 0, "sync")
    assert (row.owner_kind, row.owner_id) == ("milestone", milestone_id)


def test_the_same_event_posted_again_is_the_same_journal_whoever_asks_and_whenever(clock):
    milestone_id, member_id = books.fund(1_000), new_id()
    lines = [Line(accounts.escrow(milestone_id), -1_000), Line(accounts.available(member_id), 1_000)]
    request = {
        "kind": JournalKind.MILESTONE_ACCEPTED,
        "scope": "milestones.accept",
        "key": str(milestone_id),
        "contract_id": milestone_id,
        "milestone_id": milestone_id,
    }
    first = services.post(lines=lines, actor=SYSTEM, **request)
    clock.move(days=2)
    second = services.post(lines=lines[::-1], actor=SystemActor("another part"), **request)
    assert (first.is_replay, second.is_replay) == (False, True)
    assert second.id == first.id
    assert balance_of(accounts.available(member_id)) == 1_000


def test_the_same_key_for_another_request_is_refused_and_writes_nothing():
    milestone_id = books.fund(1_000)
    journals = Journal.objects.count()
    with pytest.raises(IdempotencyConflict) as refusal, transaction.atomic():
        services.post(
            kind=JournalKind.DEPOSIT_RECEIVED,
            scope="deposits.receive",
            key=Journal.objects.get(kind="deposit_received").key,
            lines=[Line(accounts.bank_deposits(), -999), Line(accounts.suspense(milestone_id), 999)],
            actor=SYSTEM,
            deposit_id=milestone_id,
        )
    assert refusal.value.key == Journal.objects.get(kind="deposit_received").key
    assert Journal.objects.count() == journals


def test_an_account_with_a_floor_cannot_go_below_zero_and_the_error_says_which():
    milestone_id, member_id = books.fund(1_000), new_id()
    with pytest.raises(InsufficientFunds) as refusal, transaction.atomic():
        books.accept(milestone_id, member_id, escrow_yen=1_001)
    assert refusal.value.account == accounts.escrow(milestone_id).code
    assert (refusal.value.balance_yen, refusal.value.change_yen) == (1_000, -1_001)
    assert balance_of(accounts.escrow(milestone_id)) == 1_000
    books.accept(milestone_id, member_id, escrow_yen=1_000)
    books.assert_whole()


def test_lines_of_zero_are_left_out_and_lines_on_one_account_are_added_up():
    milestone_id, member_id = books.fund(1_000), new_id()
    posted = services.post(
        kind=JournalKind.MILESTONE_ACCEPTED,
        scope="milestones.accept",
        key=str(milestone_id),
        lines=[
            Line(accounts.escrow(milestone_id), -1_000),
            Line(accounts.available(member_id), 900),
            Line(accounts.fee_income(), 60),
            Line(accounts.fee_income(), 40),
            Line(accounts.consumption_tax_payable(), 0),
        ],
        actor=SYSTEM,
        contract_id=milestone_id,
        milestone_id=milestone_id,
    )
    amounts = Posting.objects.filter(journal_id=posted.id).order_by("line_no").values_list("amount_yen", flat=True)
    assert list(amounts) == [-1_000, 900, 100]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"lines": [Line(accounts.bank_deposits(), -10), Line(accounts.suspense(new_id()), 9)]}, ValueError),
        ({"lines": []}, ValueError),
        ({"lines": [Line(accounts.bank_deposits(), 10), Line(accounts.suspense(new_id()), -10)]}, NotInChart),
        ({"lines": [Line(accounts.bank_deposits(), -10), Line(accounts.escrow(new_id()), 10)]}, NotInChart),
        ({"deposit_id": None}, NotInChart),
        ({"kind": JournalKind.OWN_FUNDS_TAKEN_OUT}, NotInChart),
        ({"kind": JournalKind.DEPOSIT_SENT_BACK}, NotInChart),
        ({}, None),
    ],
)
def test_only_what_the_chart_knows_is_posted(change, error):
    request = {
        "kind": JournalKind.DEPOSIT_RECEIVED,
        "scope": "test",
        "key": "one",
        "lines": [Line(accounts.bank_deposits(), -10), Line(accounts.suspense(new_id()), 10)],
        "actor": SYSTEM,
        "deposit_id": new_id(),
        **change,
    }
    if error is None:
        assert not services.post(**request).is_replay
    else:
        with pytest.raises(error):
            services.post(**request)
        assert not Journal.objects.exists()


def test_more_lines_than_any_event_has_are_refused():
    lines = [Line(accounts.suspense(new_id()), 1) for _ in range(services.posting.MAX_LINES)]
    with pytest.raises(ValueError, match="2 to 32 accounts"):
        services.post(
            kind=JournalKind.DEPOSIT_RECEIVED,
            scope="test",
            key="one",
            lines=[Line(accounts.bank_deposits(), -len(lines)), *lines],
            actor=SYSTEM,
            deposit_id=new_id(),
        )


def test_a_closed_day_is_never_written_to_and_the_day_after_is(clock):
    today = kernel_clock.today()
    yesterday = today - timedelta(days=1)
    services.close_period(through=yesterday, actor=SYSTEM)
    with pytest.raises(PeriodClosed) as refusal, transaction.atomic():
        books.receive(1_000, occurred_at=kernel_clock.end_of(yesterday) - timedelta(seconds=1))
    assert refusal.value.closed_through == yesterday
    books.receive(1_000, occurred_at=kernel_clock.start_of(today))
    books.assert_whole()


def test_periods_close_forwards_only_and_not_before_the_day_is_over(clock):
    today = kernel_clock.today()
    services.close_period(through=today - timedelta(days=3), actor=SYSTEM)
    with pytest.raises(PeriodClosed):
        services.close_period(through=today - timedelta(days=3), actor=SYSTEM)
    with pytest.raises(ValueError, match="not over"):
        services.close_period(through=today, actor=SYSTEM)
    clock.move(days=1)
    services.close_period(through=today, actor=SYSTEM)


def test_one_journal_is_one_round_trip(django_assert_num_queries):
    books.fund(10)
    with django_assert_num_queries(1):
        books.receive(10)


def match_entry(deposit_id, milestone_id, amount_yen=100):
    return Entry(
        kind=JournalKind.DEPOSIT_MATCHED,
        scope="deposits.match",
        key=f"{deposit_id} {milestone_id}",
        lines=[Line(accounts.suspense(deposit_id), -amount_yen), Line(accounts.escrow(milestone_id), amount_yen)],
        deposit_id=deposit_id,
        milestone_id=milestone_id,
    )


def test_a_batch_is_one_round_trip_and_all_or_nothing(django_assert_num_queries):
    deposits = [books.receive(100) for _ in range(3)]
    milestones = [new_id() for _ in deposits]
    with pytest.raises(InsufficientFunds) as refusal, transaction.atomic():
        services.post_many(
            [match_entry(deposits[0], milestones[0]), match_entry(deposits[1], milestones[1], 101)], actor=SYSTEM
        )
    assert refusal.value.account == accounts.suspense(deposits[1]).code
    assert balance_of(accounts.escrow(milestones[0])) == 0
    entries = [match_entry(*pair) for pair in zip(deposits, milestones, strict=True)]
    with django_assert_num_queries(1):
        posted = services.post_many(entries, actor=SYSTEM)
    assert [p.is_replay for p in posted] == [False] * 3
    again = services.post_many(entries, actor=SYSTEM)
    assert [(p.id, p.is_replay) for p in again] == [(p.id, True) for p in posted]
    assert services.post_many([], actor=SYSTEM) == []
    with pytest.raises(ValueError, match="too many"):
        services.post_many(entries * 400, actor=SYSTEM)
    books.assert_whole()


def test_a_batch_may_repeat_what_was_posted_and_what_it_posts_itself():
    deposits = [books.receive(100) for _ in range(3)]
    entries = [match_entry(deposit_id, new_id()) for deposit_id in deposits]
    [first] = services.post_many([entries[1]], actor=SYSTEM)
    posted = services.post_many([entries[0], entries[1], entries[2], entries[0]], actor=SYSTEM)
    assert [p.is_replay for p in posted] == [False, True, False, True]
    assert posted[1].id == first.id
    assert posted[3].id == posted[0].id
    with pytest.raises(IdempotencyConflict), transaction.atomic():
        services.post_many(
            [match_entry(deposits[0], new_id(), 1), entries[0]._replace(lines=entries[1].lines)], actor=SYSTEM
        )
    books.assert_whole()


def test_journals_of_a_batch_happen_one_after_the_other():
    """What comes in first may go out later in the batch; what would go out first may not."""
    deposit_id, milestone_id, member_id = books.receive(1_000), new_id(), new_id()

    def refund(number, amount_yen):
        return Entry(
            kind=JournalKind.MILESTONE_REFUNDED,
            scope="test",
            key=f"{number}",
            lines=[Line(accounts.escrow(milestone_id), -amount_yen), Line(accounts.refund_due(member_id), amount_yen)],
            contract_id=milestone_id,
            milestone_id=milestone_id,
        )

    fill = match_entry(deposit_id, milestone_id, 1_000)
    with pytest.raises(InsufficientFunds) as refusal, transaction.atomic():
        services.post_many([refund(1, 600), fill, refund(2, 400)], actor=SYSTEM)
    assert (refusal.value.balance_yen, refusal.value.change_yen) == (0, -600)
    posted = services.post_many([fill, refund(1, 600), refund(2, 400)], actor=SYSTEM)
    lines = Posting.objects.filter(account__code=accounts.escrow(milestone_id).code).order_by("account_version")
    assert [(line.journal_id, line.account_version, line.balance_after_yen) for line in lines] == [
        (posted[0].id, 1, 1_000),
        (posted[1].id, 2, 400),
        (posted[2].id, 3, 0),
    ]
    services.reverse(journal_id=posted[2].id, actor=SYSTEM, reason="試験")
    services.reverse(journal_id=posted[1].id, actor=SYSTEM, reason="試験")
    books.assert_whole()


def test_hot_accounts_read_the_same_before_and_after_they_are_rolled_up():
    for _ in range(5):
        books.receive(70)
    assert balance_of(accounts.bank_deposits()) == -350
    assert services.roll_up() == 5
    assert services.roll_up() == 0
    books.receive(7)
    assert balance_of(accounts.bank_deposits()) == -357
    books.assert_whole()
