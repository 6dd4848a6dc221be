"""L13: what is sealed cannot be altered, taken away or rearranged without being found, and nothing stays unsealed."""

from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.ledger import books
from tests.ledger.books import behind_the_ledgers_back

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.ids import new_id
from kotowari.ledger import invariants, selectors, services, tasks
from kotowari.ledger.models import Journal, Posting, Seal, Sealed
from kotowari.ledger.services import posting, sealing

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P016")]

OTHER = {
    "uuid": "gen_random_uuid()",
    "text": "{} || 'x'",
    "bytea": "sha256({})",
    "smallint": "{} + 20",
    "bigint": "{} + 1000",
    "timestamp with time zone": "{} - interval '1 microsecond'",
    "xid8": "'1'::xid8",
    "ledger_journal_kind": "'own_funds_taken_out'",
}
"""Another value of each type that the columns have."""


@pytest.fixture
def sealed_books(clock) -> None:
    """Two seals, over a reward that was earned and paid out, and over what came after."""
    member_id = new_id()
    books.earn(member_id, 1_000)
    books.settle(books.request_payout(member_id, 600), 600)
    assert services.seal() == 5
    wrong = books.match(books.receive(900), new_id(), 900)
    services.reverse(journal_id=wrong.id, actor=SYSTEM, reason="取り違え")
    assert services.seal() == 3


def columns_of(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            [table],
        )
        return cursor.fetchall()


def l13() -> list[str]:
    return invariants.check("L13").violations


def test_the_chain_holds_whatever_the_session_shows_times_and_bytes_like(sealed_books):
    assert books.broken() == {}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TimeZone = 'America/Lima'; SET LOCAL DateStyle = 'SQL, DMY'")
        cursor.execute("SET LOCAL bytea_output = 'escape'; SET LOCAL extra_float_digits = 0")
    assert l13() == []
    assert invariants.check("L13").checked == Journal.objects.count() == 8


@pytest.mark.parametrize("model", [Journal, Posting])
def test_any_column_of_any_row_that_is_altered_is_found(sealed_books, model):
    table = model._meta.db_table
    ids = list(Journal.objects.order_by("id").values_list("id", flat=True))
    key = "id" if model is Journal else "journal_id"
    altered = 0
    for column, kind in columns_of(table):
        for journal_id in ids:
            at = transaction.savepoint()
            with behind_the_ledgers_back() as cursor:
                other, only = OTHER[kind].format(column), "AND line_no = 1" if column == "line_no" else ""
                cursor.execute(f"UPDATE {table} SET {column} = {other} WHERE {key} = %s {only}", [journal_id])
                assert cursor.rowcount >= 1, (column, journal_id)
            found = books.broken()
            assert found, (table, column, journal_id)
            if model is Journal:
                words = " ".join(found["L13"])
                assert f"journal {journal_id} under seal" in words
                assert ("is gone" if column == "id" else "was altered") in words
            altered += 1
            transaction.savepoint_rollback(at)
    assert altered == len(columns_of(table)) * 8
    assert books.broken() == {}


def test_a_journal_that_is_taken_away_is_found_even_with_its_seal_row(sealed_books):
    gone = Journal.objects.order_by("id").first()
    with behind_the_ledgers_back() as cursor:
        cursor.execute("DELETE FROM ledger_journal WHERE id = %s", [gone.id])
    assert l13() == [f"journal {gone.id} under seal 1 is gone"]
    with behind_the_ledgers_back() as cursor:
        cursor.execute("DELETE FROM ledger_sealed WHERE journal_id = %s", [gone.id])
    assert l13() == ["seal 1: its digest is not that of the 4 journals under it"]


def test_who_alters_a_journal_and_its_digest_has_to_alter_every_seal_after_it(sealed_books):
    some = Journal.objects.order_by("id").first()
    with behind_the_ledgers_back() as cursor:
        cursor.execute("UPDATE ledger_journal SET reason = 'x' WHERE id = %s", [some.id])
        cursor.execute(
            "UPDATE ledger_sealed s SET digest = ledger_journal_digest(j) FROM ledger_journal j WHERE j.id = s.journal_id"
        )
    assert l13() == ["seal 1: its digest is not that of the 5 journals under it"]
    with behind_the_ledgers_back() as cursor:
        cursor.execute(
            "UPDATE ledger_seal l SET digest = ledger_seal_digest(l.previous_digest, 1, 5, u.digests) FROM "
            "(SELECT string_agg(digest, '' ORDER BY journal_id) AS digests FROM ledger_sealed WHERE seal_number = 1) u "
            "WHERE l.number = 1"
        )
    assert l13() == ["seal 2: does not follow the one before it"]


def test_a_chain_that_was_made_anew_is_not_the_one_that_an_earlier_check_saw(sealed_books):
    services.check_and_record(actor=SYSTEM)
    seen = selectors.head()
    with behind_the_ledgers_back() as cursor:
        cursor.execute("UPDATE ledger_journal SET reason = 'x' WHERE key = (SELECT min(key) FROM ledger_journal)")
        cursor.execute("DELETE FROM ledger_sealed; DELETE FROM ledger_seal")
    services.seal()
    services.seal()
    assert selectors.head().digest != seen.digest, "an auditor who kept the digest sees it at once"
    assert "is not the one that the check of" in l13()[0]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_seal SET number = 3 - number",
        "UPDATE ledger_seal SET previous_digest = digest WHERE number = 2",
        "DELETE FROM ledger_seal WHERE number = 1",
        "DELETE FROM ledger_seal WHERE number = 2",
        "UPDATE ledger_seal SET journals = journals + 1",
        "UPDATE ledger_sealed SET seal_number = 3 - seal_number",
        "UPDATE ledger_seal SET number = number + 1, previous_number = previous_number + 1 WHERE number = 2",
    ],
)
def test_seals_that_are_rearranged_are_found(sealed_books, change):
    with behind_the_ledgers_back() as cursor:
        cursor.execute("ALTER TABLE ledger_seal DROP CONSTRAINT ledger_seal_follows")
        cursor.execute("ALTER TABLE ledger_seal DROP CONSTRAINT ledger_seal_gapless")
        cursor.execute("ALTER TABLE ledger_seal DROP CONSTRAINT ledger_seal_pkey")
        cursor.execute(change)
        assert cursor.rowcount >= 1
    assert any(words.startswith("seal ") for words in l13()), l13()


@pytest.mark.django_db(transaction=True)
def test_a_journal_that_is_committed_late_comes_under_the_next_seal():
    posted, may_commit = Event(), Event()
    failures = []

    def slow() -> None:
        try:
            with transaction.atomic():
                books.receive(111)
                posted.set()
                may_commit.wait(timeout=30)
        except Exception as error:
            failures.append(error)
        finally:
            posted.set()
            connection.close()

    books.receive(10)  # opens the account that both move
    thread = Thread(target=slow)
    thread.start()
    assert posted.wait(timeout=30)
    books.earn(new_id(), 500)
    assert services.seal() == 4, "the one under way is not seen yet, and is waited for by nobody"
    may_commit.set()
    thread.join()
    assert not failures
    late = Journal.objects.exclude(id__in=Sealed.objects.values("journal_id")).get()
    assert late.id < Sealed.objects.order_by("-journal_id").first().journal_id, "older than what is sealed already"
    assert services.seal() == 1
    assert services.seal() == 0
    books.assert_whole()


@pytest.mark.django_db(transaction=True)
def test_sealers_side_by_side_make_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    calls = [lambda: books.receive(10) for _ in range(12)] + [services.seal for _ in range(6)]
    assert all(outcome.error is None for outcome in books.at_once(calls))
    services.seal()
    numbers = list(Seal.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert Sealed.objects.count() == 12
    books.assert_whole()


def test_what_is_older_than_the_look_back_is_told_and_found_by_the_nightly_seal(monkeypatch, sealed_books):
    day_ms = 24 * 60 * 60 * 1000
    old = UUID(int=new_id().int - ((2 * day_ms) << 80))
    monkeypatch.setattr(posting, "new_id", lambda: old)
    books.receive(10)
    assert services.seal() == 0
    assert l13() == [f"journal {old} is under no seal, younger ones are"]
    assert services.seal(everything=True) == 1
    assert l13() == []


def test_the_sweep_seals_once_in_a_while(clock):
    books.receive(10)
    assert tasks.seal_journals() == 1
    books.receive(10)
    clock.move(minutes=5)
    assert tasks.seal_journals() == 0, "ledger.seal_minutes have not passed"
    clock.move(minutes=6)
    assert tasks.seal_journals() == 1
    assert tasks.seal_journals() == 0
    assert selectors.head().number == 2


@pytest.mark.parametrize("table", ["ledger_seal", "ledger_sealed"])
def test_seals_are_written_once_by_one_writer(sealed_books, table):
    column = "digest"
    for code, statement in (
        ("KL010", f"UPDATE {table} SET {column} = ''"),
        ("KL010", f"DELETE FROM {table}"),
        ("KL010", f"TRUNCATE {table} CASCADE"),
        ("KL011", f"INSERT INTO {table} SELECT * FROM {table}"),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(DatabaseError) as refused, transaction.atomic():
                cursor.execute(statement)
        assert refused.value.__cause__.sqlstate == code, (statement, refused.value)


def test_an_id_ahead_of_the_clock_hides_no_journal_from_the_seals(sealed_books, monkeypatch):
    ahead = UUID(f"0fff{new_id().hex[4:]}")
    with monkeypatch.context() as patched:
        patched.setattr(posting, "new_id", lambda: ahead)
        books.receive(700)
    assert services.seal(everything=True) == 1
    books.receive(800)
    assert services.seal() == 1
    assert l13() == []
