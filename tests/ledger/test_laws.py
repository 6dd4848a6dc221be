"""The laws stand in the database: each is broken by plain SQL, as the market's own role, and refused.

Where a law stands behind the law of the one writer, the test first steps past that one, so that each law is
seen to hold by itself. Every refusal has a twin that differs in one fact and is allowed.
"""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction
from tests.ledger import books

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, services
from kotowari.ledger.models import Account, Journal, Lot, Posting
from kotowari.ledger.selectors import balance_of

APPEND_ONLY = "KL010"
ONE_WRITER = "KL011"
NOT_WHOLE = "KL012"
NOT_ITS_LINE = "KL013"
ILL_FORMED = "KL014"
CLOSED = "KL003"
NOT_REVERSIBLE = "KL004"
CHECK = "23514"
UNIQUE = "23505"
FOREIGN_KEY = "23503"


@contextmanager
def refused(code: str):
    """The block is a transaction that the database refuses with this SQLSTATE, at the latest when it commits."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():  # noqa: PT012 - the block is the caller's
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert refusal.value.__cause__.sqlstate == code, refusal.value


@contextmanager
def allowed():
    """The same with one fact changed goes through, and the books are whole; then it is taken back."""
    with transaction.atomic():
        yield
        run("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def pass_for_the_writer() -> None:
    run("SELECT set_config('kotowari.ledger_writer', 'on', true)")


def write_journal(**changes: object):
    """A journal's row by plain SQL; two lines are announced."""
    now = kernel_clock.now()
    row = {
        "id": new_id(),
        "kind": "own_funds_taken_out",
        "scope": "test",
        "key": str(new_id()),
        "request_hash": b"x",
        "line_count": 2,
        "occurred_at": now,
        "posted_at": now,
        "actor_name": "test",
        "reason": "",
        **changes,
    }
    columns = ", ".join(row)
    run(f"INSERT INTO ledger_journal ({columns}) VALUES ({', '.join(['%s'] * len(row))})", *row.values())
    return row["id"]


def write_line(journal_id, line_no: int, account: str, amount_yen: int, version=None, after=None) -> None:
    run(
        "INSERT INTO ledger_posting (journal_id, line_no, account_id, amount_yen, balance_after_yen, account_version) "
        "SELECT %s, %s, id, %s, %s, %s FROM ledger_account WHERE code = %s",
        journal_id, line_no, amount_yen, after, version, account,
    )  # fmt: skip


@pytest.fixture
def two_hot_accounts(db) -> None:
    """Both of the market's bank accounts are open, so that lines can name them."""
    pay_somebody()


def pay_somebody() -> None:
    """100 yen go all the way: both bank accounts, a lot and its use are there afterwards."""
    member_id = new_id()
    books.earn(member_id, 100)
    books.settle(books.request_payout(member_id, 100), 100)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    ["ledger_journal", "ledger_posting", "ledger_account", "ledger_period", "ledger_period_balance", "ledger_lot_use"],
)
def test_what_is_written_once_is_neither_changed_nor_deleted_nor_emptied(table):
    pay_somebody()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    column = {"ledger_account": "code", "ledger_period": "actor_name"}.get(table, "id")
    column = {"ledger_posting": "amount_yen", "ledger_journal": "reason"}.get(table, column)
    column = "balance_yen" if table == "ledger_period_balance" else column
    with refused(APPEND_ONLY):
        pass_for_the_writer()
        run(f"UPDATE {table} SET {column} = {column}")
    with refused(APPEND_ONLY):
        pass_for_the_writer()
        run(f"DELETE FROM {table}")
    with refused(APPEND_ONLY):
        pass_for_the_writer()
        run(f"TRUNCATE {table} CASCADE")
    with allowed():
        run(f"SELECT {column} FROM {table}")
    books.assert_whole()


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["ledger_balance", "ledger_lot", "ledger_rollup_tail"])
def test_what_changes_in_its_own_way_is_never_removed(table):
    books.earn(new_id(), 100)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    if table != "ledger_rollup_tail":
        with refused(APPEND_ONLY):
            pass_for_the_writer()
            run(f"DELETE FROM {table}")
    with refused(APPEND_ONLY):
        pass_for_the_writer()
        run(f"TRUNCATE {table} CASCADE")
    books.assert_whole()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO ledger_account (code, account_class, kind, floor_yen, mode, opened_at) "
        "VALUES ('fee:transfer', 'fee:transfer', 'income', -9223372036854775808, 'rollup', now())",
        "UPDATE ledger_balance SET balance_yen = balance_yen + 1",
        "INSERT INTO ledger_rollup_tail (account_id, amount_yen, lines) SELECT id, 1, 1 FROM ledger_account LIMIT 1",
        "DELETE FROM ledger_rollup_tail",
    ],
)
def test_only_the_functions_of_the_ledger_write(statement):
    books.receive(100)
    with refused(ONE_WRITER):
        run(statement)
    with allowed():
        pass_for_the_writer()
        run(statement)
    books.assert_whole()


def test_a_journal_by_hand_is_refused_whole_as_it_may_be(two_hot_accounts):
    with refused(ONE_WRITER):
        write_journal()
    with refused(ONE_WRITER):
        write_line(new_id(), 1, "bank:deposits", -1)
    with allowed():
        pass_for_the_writer()
        journal_id = write_journal()
        write_line(journal_id, 1, "bank:deposits", -1)
        write_line(journal_id, 2, "bank:payouts", 1)


@pytest.mark.parametrize(
    ("lines", "announced"),
    [
        ([-100, 99], 2),
        ([-100], 1),
        ([], 0),
        ([-100], 2),
        ([], 2),
    ],
)
def test_a_journal_needs_the_lines_it_announced_and_two_that_sum_to_zero(two_hot_accounts, lines, announced):
    with refused(NOT_WHOLE):
        pass_for_the_writer()
        journal_id = write_journal(line_count=announced)
        for number, (amount_yen, code) in enumerate(zip(lines, ("bank:deposits", "bank:payouts"), strict=False), 1):
            write_line(journal_id, number, code, amount_yen)
    books.assert_whole()


@pytest.mark.parametrize(
    ("line_no", "account", "amount_yen", "version", "code"),
    [
        (3, "bank:deposits", 1, None, NOT_ITS_LINE),
        (0, "bank:deposits", 1, None, NOT_ITS_LINE),
        (2, "bank:deposits", 0, None, NOT_ITS_LINE),
        (2, "bank:deposits", 1, 7, NOT_ITS_LINE),
        (1, "bank:deposits", 1, None, UNIQUE),
        (2, "bank:payouts", 1, None, None),
    ],
)
def test_a_line_is_one_that_was_announced_and_moves_something(
    two_hot_accounts, line_no, account, amount_yen, version, code
):
    with refused(code) if code else allowed():
        pass_for_the_writer()
        journal_id = write_journal()
        write_line(journal_id, 1, "bank:deposits", -1)
        write_line(journal_id, line_no, account, amount_yen, version, version)


def test_a_line_without_account_or_journal_is_refused(two_hot_accounts):
    line = (
        "INSERT INTO ledger_posting (journal_id, line_no, account_id, amount_yen) "
        "VALUES (%s, 1, (SELECT coalesce(max(id), 0) + %s FROM ledger_account WHERE mode = 'rollup'), 5)"
    )
    with refused(NOT_ITS_LINE):
        pass_for_the_writer()
        run(line, write_journal(), 1_000_000)
    with refused(NOT_ITS_LINE):
        pass_for_the_writer()
        run(line, new_id(), 0)


def test_a_line_on_a_locked_account_carries_its_number(two_hot_accounts):
    deposit_id = books.receive(100)
    with refused(NOT_ITS_LINE):
        pass_for_the_writer()
        write_line(write_journal(), 1, f"suspense:deposit:{deposit_id}", 5)


@pytest.mark.django_db(transaction=True)
def test_no_line_joins_a_journal_after_its_transaction():
    books.receive(100)
    journal = Journal.objects.get()
    for line_no, code in ((1, UNIQUE), (2, UNIQUE), (3, NOT_ITS_LINE)):
        with refused(code):
            pass_for_the_writer()
            write_line(journal.id, line_no, "bank:deposits", 5)
    books.assert_whole()


@pytest.mark.django_db(transaction=True)
def test_no_line_joins_a_journal_that_was_found_whole_earlier_in_its_transaction():
    books.receive(100)
    pay_somebody()
    with refused(NOT_ITS_LINE):
        pass_for_the_writer()
        journal_id = write_journal()
        write_line(journal_id, 1, "bank:deposits", -1)
        write_line(journal_id, 2, "bank:payouts", 1)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        write_line(journal_id, 3, "bank:deposits", 5)
    books.assert_whole()


@pytest.mark.django_db
def test_no_balance_goes_below_its_floor():
    deposit_id = books.receive(100)
    change = "UPDATE ledger_balance SET balance_yen = balance_yen - %s WHERE floor_yen = 0"
    with refused(CHECK):
        pass_for_the_writer()
        run(change, 101)
    with allowed():
        pass_for_the_writer()
        run(change, 100)
    with refused(FOREIGN_KEY):
        pass_for_the_writer()
        run("UPDATE ledger_balance SET floor_yen = -9223372036854775808")
    assert balance_of(accounts.suspense(deposit_id)) == 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "is_allowed"),
    [
        ({}, True),
        ({"mode": "rollup"}, False),
        ({"floor_yen": -5}, False),
        ({"kind": "goodwill"}, False),
        ({"account_class": "piggy_bank"}, False),
        ({"owner_kind": None}, False),
        ({"owner_id": new_id()}, False),
    ],
)
def test_an_account_is_what_its_code_says(change, is_allowed):
    owner_id = new_id()
    row = {
        "code": f"escrow:milestone:{owner_id}",
        "account_class": "escrow",
        "kind": "liability",
        "floor_yen": 0,
        "mode": "sync",
        "owner_kind": "milestone",
        "owner_id": owner_id,
        **change,
    }
    with allowed() if is_allowed else refused(CHECK):
        pass_for_the_writer()
        run(
            f"INSERT INTO ledger_account ({', '.join(row)}, opened_at) VALUES (%s, %s, %s, %s, %s, %s, %s, now())",
            *row.values(),
        )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "is_allowed"),
    [
        (lambda: {}, True),
        (lambda: {"scope": ""}, False),
        (lambda: {"key": ""}, False),
        (lambda: {"occurred_at": kernel_clock.end_of(kernel_clock.today())}, False),
        (lambda: {"occurred_at": kernel_clock.start_of(kernel_clock.today())}, True),
        (lambda: {"kind": "reversal"}, False),
        (lambda: {"reverses_id": new_id()}, False),
    ],
)
def test_a_journal_names_its_event_and_is_not_dated_ahead(clock, change: Callable, is_allowed):
    pay_somebody()
    with allowed() if is_allowed else refused(ILL_FORMED):
        pass_for_the_writer()
        journal_id = write_journal(**change())
        write_line(journal_id, 1, "bank:deposits", -1)
        write_line(journal_id, 2, "bank:payouts", 1)


@pytest.mark.django_db
def test_a_kind_that_the_catalogue_does_not_have_is_refused():
    with refused("22P02"):
        pass_for_the_writer()
        write_journal(kind="tip_jar")


@pytest.mark.django_db
def test_a_closed_day_is_closed_for_everybody(clock):
    pay_somebody()
    yesterday = kernel_clock.today()
    clock.move(days=1)
    services.close_period(through=yesterday, actor=SYSTEM)
    with refused(CLOSED):
        pass_for_the_writer()
        write_journal(occurred_at=kernel_clock.end_of(yesterday) - clock.moment.resolution)
    with allowed():
        pass_for_the_writer()
        journal_id = write_journal(occurred_at=kernel_clock.end_of(yesterday))
        write_line(journal_id, 1, "bank:deposits", -1)
        write_line(journal_id, 2, "bank:payouts", 1)


def write_reversal(original: Journal, factor: int = -1, **changes: object) -> None:
    """A reversal by plain SQL of a journal between the two bank accounts."""
    journal_id = write_journal(**{"kind": "reversal", "reverses_id": original.id, "reason": "誤り", **changes})
    for posting in Posting.objects.filter(journal=original).select_related("account"):
        write_line(journal_id, posting.line_no, posting.account.code, factor * posting.amount_yen)


@pytest.mark.django_db(transaction=True)
def test_a_journal_is_reversed_once_exactly_with_a_reason_and_dated_now(clock):
    pay_somebody()
    with transaction.atomic():
        pass_for_the_writer()
        journal_id = write_journal()
        write_line(journal_id, 1, "bank:deposits", -1)
        write_line(journal_id, 2, "bank:payouts", 1)
    original = Journal.objects.get(id=journal_id)
    clock.move(days=3)
    earlier = kernel_clock.start_of(kernel_clock.today())
    for code, factor, changes in (
        (NOT_WHOLE, -2, {}),
        (NOT_WHOLE, 1, {}),
        (ILL_FORMED, -1, {"reason": ""}),
        (ILL_FORMED, -1, {"occurred_at": earlier}),
        (ILL_FORMED, -1, {"kind": "own_funds_taken_out"}),
        (NOT_REVERSIBLE, -1, {"reverses_id": new_id()}),
    ):
        with refused(code):
            pass_for_the_writer()
            write_reversal(original, factor, **changes)
    with transaction.atomic():
        pass_for_the_writer()
        write_reversal(original)
    with refused(UNIQUE):
        pass_for_the_writer()
        write_reversal(original)
    with refused(NOT_REVERSIBLE):
        pass_for_the_writer()
        write_reversal(Journal.objects.get(kind="reversal"))


@pytest.mark.django_db
def test_a_lot_keeps_its_terms_and_its_bounds():
    books.earn(new_id(), 100)
    lot = Lot.objects.get()
    for change in ("amount_yen = 200", "fixed_at = now()", "member_id = gen_random_uuid()"):
        with refused(APPEND_ONLY):
            run(f"UPDATE ledger_lot SET {change} WHERE id = %s", lot.id)
    for remaining_yen in (-1, 101):
        with refused(CHECK):
            run("UPDATE ledger_lot SET remaining_yen = %s", remaining_yen)
    with allowed():
        run("UPDATE ledger_lot SET remaining_yen = 0")


@pytest.mark.django_db
def test_two_accounts_never_have_one_code():
    books.receive(100)
    with refused(UNIQUE):
        pass_for_the_writer()
        run(
            "INSERT INTO ledger_account (code, account_class, kind, floor_yen, mode, opened_at) "
            "SELECT code, account_class, kind, floor_yen, mode, opened_at FROM ledger_account WHERE owner_id IS NULL"
        )
    assert Account.objects.count() == 2


@pytest.mark.django_db
def test_a_role_that_may_only_read_the_books_still_posts_through_the_writer():
    """Two roles, as an operator may set them up: the market's own has SELECT and no more on the books."""
    run("CREATE ROLE ledger_test_reader")
    run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO ledger_test_reader")
    run("SET LOCAL ROLE ledger_test_reader")
    deposit_id = books.receive(100)
    services.roll_up()
    assert balance_of(accounts.suspense(deposit_id)) == 100
    with refused("42501"):
        pass_for_the_writer()
        write_journal()
    run("RESET ROLE")
    run("DROP OWNED BY ledger_test_reader")
    run("DROP ROLE ledger_test_reader")
