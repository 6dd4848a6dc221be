"""A mistake is taken back with a new journal: once, exactly, dated today, with the lots that went with it."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.ledger import books

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, services
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import InsufficientFunds, LotsDisagree, NotReversible
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of, journal, lots_of
from kotowari.ledger.services import posting

pytestmark = pytest.mark.django_db


def reverse(journal_id, reason="取込の誤り"):
    return services.reverse(journal_id=journal_id, actor=SYSTEM, reason=reason)


def test_a_reversal_restores_every_account_and_says_what_it_takes_back(clock):
    deposit_id, milestone_id = books.receive(1_000), new_id()
    matched = books.match(deposit_id, milestone_id, 1_000)
    clock.move(days=4)
    reversal = reverse(matched.id)
    assert balance_of(accounts.escrow(milestone_id)) == 0
    assert balance_of(accounts.suspense(deposit_id)) == 1_000
    view = journal(reversal.id)
    assert view.reverses_id == matched.id
    assert view.sentence.ja == "取消:入金を仮払いに充てました"
    assert view.sentence.en == "Reversed: A deposit was put into escrow"
    assert view.occurred_at == kernel_clock.now()
    assert (view.deposit_id, view.milestone_id, view.reason) == (deposit_id, milestone_id, "取込の誤り")
    books.assert_whole()


def test_reversing_again_is_the_same_reversal():
    matched = books.match(books.receive(1_000), new_id(), 1_000)
    first, second = reverse(matched.id), reverse(matched.id, "別の理由")
    assert (first.is_replay, second.is_replay) == (False, True)
    assert second.id == first.id
    assert Journal.objects.filter(kind="reversal").count() == 1


def test_what_cannot_be_reversed_says_so():
    reversal = reverse(books.match(books.receive(1_000), new_id(), 1_000).id)
    with pytest.raises(NotReversible):
        reverse(reversal.id)
    with pytest.raises(NotReversible):
        reverse(new_id())
    with pytest.raises(ValueError, match="says why"):
        reverse(Journal.objects.filter(kind="deposit_received").get().id, " ")


def test_what_was_reversed_in_another_way_is_not_reversed_again():
    deposit_id = books.receive(1_000)
    original = Journal.objects.get()
    changes = {accounts.bank_deposits(): 1_000, accounts.suspense(deposit_id): -1_000}
    about = {"contract_id": None, "milestone_id": None, "payout_id": None, "deposit_id": deposit_id}
    by_hand = posting.request(JournalKind.REVERSAL, "by hand", "1", changes, about, original.id)
    posting.write([by_hand], actor=SYSTEM, reason="手作業")
    with pytest.raises(NotReversible) as refusal, transaction.atomic():
        reverse(original.id)
    assert refusal.value.journal_id == original.id
    books.assert_whole()


def test_money_that_has_moved_on_is_not_taken_back_from_where_it_was():
    milestone_id, client_id = books.fund(1_000), new_id()
    funding = Journal.objects.get(kind="deposit_matched")
    refunded = books.refund(milestone_id, client_id, 1_000)
    with pytest.raises(InsufficientFunds), transaction.atomic():
        reverse(funding.id)
    reverse(refunded.id)
    reverse(funding.id)
    books.assert_whole()


def test_reversing_an_acceptance_withdraws_its_lot_and_the_milestone_can_be_accepted_again():
    milestone_id, member_id = books.fund(1_000), new_id()
    accepted = books.accept(milestone_id, member_id, escrow_yen=1_000)
    reverse(accepted.id)
    assert lots_of(member_id) == []
    books.assert_whole()
    books.accept(milestone_id, member_id, escrow_yen=1_000, fee_yen=100, key="again")
    assert [lot.remaining_yen for lot in lots_of(member_id)] == [900]
    books.assert_whole()


def test_an_acceptance_whose_reward_was_paid_out_is_not_reversed_from_other_rewards():
    member_id = new_id()
    milestone_id = books.fund(1_000)
    accepted = books.accept(milestone_id, member_id, escrow_yen=1_000)
    books.earn(member_id, 5_000)
    payout_id = books.request_payout(member_id, 400)
    with pytest.raises(LotsDisagree), transaction.atomic():
        reverse(accepted.id)
    reverse(Journal.objects.get(kind="payout_requested").id)
    assert balance_of(accounts.payout_in_flight(payout_id)) == 0
    reverse(accepted.id)
    assert balance_of(accounts.available(member_id)) == 5_000
    books.assert_whole()


def test_reversing_a_return_takes_the_lots_again():
    member_id = new_id()
    books.earn(member_id, 1_000)
    payout_id = books.request_payout(member_id, 1_000)
    returned = books.return_payout(payout_id, member_id, 1_000, was_settled=False)
    books.assert_whole()
    reverse(returned.id)
    assert balance_of(accounts.available(member_id)) == 0
    assert lots_of(member_id) == []
    books.assert_whole()


def test_a_journal_of_a_closed_day_is_reversed_today(clock):
    matched = books.match(books.receive(1_000), new_id(), 1_000)
    clock.move(days=10)
    services.close_period(through=kernel_clock.today() - timedelta(days=1), actor=SYSTEM)
    reverse(matched.id)
    books.assert_whole()
