"""Whatever is altered behind the ledger's back is found, by the invariant that speaks of it."""

from datetime import timedelta

import pytest
from django.db import transaction
from tests.ledger import books
from tests.ledger.books import behind_the_ledgers_back

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.ledger import accounts, invariants, services, tasks
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.invariants import Finding
from kotowari.ledger.models import Journal
from kotowari.ledger.services import Line

pytestmark = pytest.mark.django_db

NAMES = ["L1", "L2", "L3", "L4", "L5", "L7", "L8", "L9", "balances", "chart", "lots", "periods"]


@pytest.fixture
def a_lively_ledger(clock) -> None:
    """Some of everything, all of it whole."""
    member_id, client_id = new_id(), new_id()
    for amount_yen in (1_000, 2_000):
        books.accept(
            books.fund(amount_yen),
            member_id,
            escrow_yen=amount_yen,
            fee_yen=amount_yen // 10,
            tax_yen=amount_yen // 100,
        )
        clock.move(days=1)
    books.refund(books.fund(500), client_id, 500)
    books.fund(700)
    payout_id = books.request_payout(member_id, 1_500, fee_yen=100)
    books.settle(payout_id, 1_400)
    wrong = books.match(books.receive(900), new_id(), 900)
    services.reverse(journal_id=wrong.id, actor=SYSTEM, reason="取り違え")
    services.roll_up()
    books.receive(50)
    for days_ago in (2, 1):
        services.close_period(through=kernel_clock.today() - timedelta(days=days_ago), actor=SYSTEM)
    assert services.keep_balances() == 2
    assert services.keep_balances() == 0


def test_a_lively_ledger_holds_every_law(a_lively_ledger):
    results = {result.name: result for result in invariants.check_all()}
    assert set(NAMES) <= set(results)
    assert all(result.ok for result in results.values()), books.broken()
    assert all(results[name].checked > 0 for name in NAMES)
    assert results["L2"].detail == f"帳簿全体の合計が0円({results['L2'].checked}件)"


ALTERATIONS = {
    "an amount": ("UPDATE ledger_posting SET amount_yen = amount_yen + 1 WHERE line_no = 1", {"L1", "L2", "L3", "L7"}),
    "a pair of amounts and all that follows from them": (
        "WITH j AS (SELECT journal_id FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id "
        "WHERE a.account_class = 'refund_due') "
        "UPDATE ledger_posting SET amount_yen = amount_yen + sign(amount_yen), "
        "balance_after_yen = balance_after_yen + sign(amount_yen) WHERE journal_id IN (SELECT journal_id FROM j)",
        {"L7"},
    ),
    "a line taken away": ("DELETE FROM ledger_posting WHERE line_no = 2", {"L1", "L2", "L3", "L7"}),
    "a line added": (
        "INSERT INTO ledger_posting (journal_id, line_no, account_id, amount_yen) "
        "SELECT journal_id, line_no + 50, account_id, 1 FROM ledger_posting WHERE account_version IS NULL",
        {"L1", "L2", "L3"},
    ),
    "a balance": ("UPDATE ledger_balance SET balance_yen = balance_yen + 1", {"L2", "L3"}),
    "a version": ("UPDATE ledger_balance SET version = version + 1", {"L3"}),
    "a running balance": (
        "UPDATE ledger_posting SET balance_after_yen = balance_after_yen + 1 WHERE account_version = 1",
        {"L3"},
    ),
    "a gap in the numbers": (
        "UPDATE ledger_posting SET account_version = account_version + 1000 WHERE account_version >= 2",
        {"L3"},
    ),
    "a balance below zero": (
        "ALTER TABLE ledger_balance DROP CONSTRAINT ledger_balance_floor; "
        "UPDATE ledger_balance SET balance_yen = -1 WHERE balance_yen = 0",
        {"L2", "L3", "L4"},
    ),
    "a floor": ("UPDATE ledger_balance SET floor_yen = -9223372036854775808", {"L4"}),
    "an account that vanished": ("DELETE FROM ledger_account WHERE account_class = 'escrow'", {"L3"}),
    "a tail that was lost": ("DELETE FROM ledger_rollup_tail", {"L2", "L3"}),
    "what a journal is about": (
        "UPDATE ledger_journal SET milestone_id = gen_random_uuid() WHERE kind = 'milestone_refunded'",
        {"L5", "L7"},
    ),
    "a journal's kind": (
        "UPDATE ledger_journal SET kind = 'milestone_split' WHERE kind = 'milestone_accepted'",
        {"L7", "chart"},
    ),
    "a journal without lines": (
        "DELETE FROM ledger_posting WHERE journal_id = (SELECT max(id::text)::uuid FROM ledger_journal)",
        {"L1"},
    ),
    "lines without a journal": ("DELETE FROM ledger_journal WHERE kind = 'payout_settled'", {"L1"}),
    "a reversal of nothing": (
        "UPDATE ledger_journal SET reverses_id = gen_random_uuid() WHERE kind = 'reversal'",
        {"L7", "L8"},
    ),
    "a second journal for one event": (
        "UPDATE ledger_journal SET milestone_id = (SELECT milestone_id FROM ledger_journal "
        "WHERE kind = 'milestone_accepted' LIMIT 1) WHERE kind = 'milestone_accepted'",
        {"L5", "L7", "L9"},
    ),
    "a lot": ("UPDATE ledger_lot SET remaining_yen = remaining_yen - 1 WHERE remaining_yen > 0", {"lots"}),
    "a lot that vanished": ("DELETE FROM ledger_lot", {"lots"}),
    "what a payout took": ("UPDATE ledger_lot_use SET amount_yen = amount_yen - 1", {"lots"}),
    "a date in a closed period": (
        "UPDATE ledger_journal SET occurred_at = occurred_at - interval '30 days', "
        "posted_at = posted_at + interval '30 days'",
        {"periods", "balances"},
    ),
    "a balance that was kept": (
        "UPDATE ledger_period_balance SET balance_yen = balance_yen + 1 WHERE account_class = 'escrow'",
        {"balances"},
    ),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_an_alteration_is_found(a_lively_ledger, what):
    statement, expected = ALTERATIONS[what]
    with behind_the_ledgers_back() as cursor:
        for part in statement.split("; "):
            cursor.execute(part)
        assert cursor.rowcount > 0
    found = books.broken()
    assert expected <= set(found), found
    assert all(violations and all(violations) for violations in found.values())


def test_a_key_that_stands_twice_is_found_although_no_index_should_let_it(a_lively_ledger):
    with behind_the_ledgers_back() as cursor:
        cursor.execute("ALTER TABLE ledger_journal DROP CONSTRAINT ledger_journal_key_once")
        cursor.execute("UPDATE ledger_journal SET key = 'one', scope = 'one'")
    assert any("one one was posted" in words for words in books.broken()["L7"])


def test_a_floor_that_was_broken_and_mended_is_still_found():
    """L4 speaks of every committed instant, not only of now."""
    deposit_id = books.receive(100)
    with behind_the_ledgers_back() as cursor:
        cursor.execute("UPDATE ledger_posting SET balance_after_yen = -100 WHERE account_version = 1")
    assert any("-100 after posting 1" in words for words in books.broken()["L4"])
    assert deposit_id


def test_one_milestones_journal_does_not_move_anothers_escrow():
    """The chart allows the move; that journal and escrow speak of the same milestone is L5."""
    deposit_id, milestone_id, other = books.receive(100), new_id(), new_id()
    services.post(
        kind=JournalKind.DEPOSIT_MATCHED,
        scope="test",
        key="crossed",
        lines=[Line(accounts.suspense(deposit_id), -100), Line(accounts.escrow(other), 100)],
        actor=SYSTEM,
        deposit_id=deposit_id,
        milestone_id=milestone_id,
    )
    assert set(books.broken()) == {"L5"}


def test_violations_are_told_up_to_a_limit_and_counted_beyond_it():
    for _ in range(invariants.MAX_VIOLATIONS + 5):
        books.receive(10)
    with behind_the_ledgers_back() as cursor:
        cursor.execute("UPDATE ledger_posting SET amount_yen = amount_yen + 1 WHERE line_no = 1")
    result = invariants.check("L1")
    assert len(result.violations) == invariants.MAX_VIOLATIONS
    assert result.wrong == result.checked == invariants.MAX_VIOLATIONS + 5
    assert result.violations[0] in result.detail


def test_rooms_above_add_what_only_they_know(monkeypatch):
    monkeypatch.setattr(invariants, "INVARIANTS", dict(invariants.INVARIANTS))
    invariants.register_invariant("L6", Text("状態と残高", "States and balances"), lambda: Finding(3, 1, ["one"]))
    results = {result.name: result for result in invariants.check_all()}
    assert (results["L6"].ok, results["L6"].checked, results["L6"].violations) == (False, 3, ["one"])
    names = list(results)
    assert names.index("L5") < names.index("L6") < names.index("L7")
    with pytest.raises(ValueError, match="twice"):
        invariants.register_invariant("L6", Text("同じ名前", "The same name"), lambda: Finding(0, 0, []))


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_all_invariants_see_one_moment(monkeypatch):
    """Each check is made to let something happen in between; none of them notices."""
    books.receive(100)
    seen = []
    monkeypatch.setattr(invariants, "INVARIANTS", dict(invariants.INVARIANTS))

    def count() -> Finding:
        seen.append(Journal.objects.count())
        [outcome] = books.at_once([lambda: books.receive(100)])
        assert outcome.error is None
        return Finding(1, 0, [])

    for name in ("Z1", "Z2"):
        invariants.register_invariant(name, Text("試験", "Test"), count)
    assert all(result.ok for result in invariants.check_all())
    assert seen == [1, 1]
    with transaction.atomic():
        invariants.check_all()
    assert seen == [1, 1, 3, 4]


def test_a_long_tail_is_rolled_up_by_the_sweep_and_a_short_one_left(monkeypatch):
    monkeypatch.setattr(tasks, "ROLL_UP_FROM_ROWS", 4)
    for _ in range(3):
        books.receive(10)
    assert tasks.roll_up_when_long() == 0
    books.receive(10)
    assert tasks.roll_up_when_long() == 4
    assert tasks.roll_up_when_long() == 0
    books.assert_whole()
