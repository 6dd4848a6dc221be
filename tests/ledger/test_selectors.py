"""Every balance opens into its journals in words, a page at a time."""

import pytest
from tests.ledger import books

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.errors import InputError
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import use_language
from kotowari.ledger import accounts, selectors, services
from kotowari.ledger.selectors import journals_for, statement_for, statement_of

pytestmark = pytest.mark.django_db


def test_a_statement_tells_its_owner_what_happened_newest_first(clock):
    member_id = new_id()
    milestone_id = books.earn(member_id, 1_000)
    clock.move(days=20)
    payout_id = books.request_payout(member_id, 1_000, fee_yen=50)
    clock.move(days=1)
    books.return_payout(payout_id, member_id, 950, was_settled=False)
    rows = statement_of(accounts.available(member_id)).rows
    assert [(row.sentence.ja, row.amount_yen, row.balance_after_yen) for row in rows] == [
        ("振込が届かず、報酬に戻りました", 950, 950),
        ("出金の手続きを始めました", -1_000, 0),
        ("報酬が確定しました", 1_000, 1_000),
    ]
    assert [row.milestone_id for row in rows] == [None, None, milestone_id]
    assert [row.payout_id for row in rows] == [payout_id, payout_id, None]
    assert rows[0].occurred_at > rows[1].occurred_at > rows[2].occurred_at
    with use_language("en"):
        assert str(rows[2].sentence) == "Your reward was fixed"


def test_the_same_journal_reads_differently_to_each_owner():
    milestone_id = books.fund(1_000)
    books.accept(milestone_id, new_id(), escrow_yen=1_000, fee_yen=100)
    told = [
        statement_of(account).rows[0].sentence.ja for account in (accounts.escrow(milestone_id), accounts.fee_income())
    ]
    assert told == ["検収により支払われました", "システム利用料を受け取りました"]


def test_a_reversed_journal_reads_as_such():
    milestone_id = books.fund(1_000)
    accepted = books.accept(milestone_id, (member_id := new_id()), escrow_yen=1_000)
    services.reverse(journal_id=accepted.id, actor=SYSTEM, reason="誤操作")
    row = statement_of(accounts.available(member_id)).rows[0]
    assert (row.sentence.ja, row.amount_yen, row.reason) == ("取消:報酬が確定しました", -1_000, "誤操作")


@pytest.mark.parametrize("account_of", [accounts.available, lambda _: accounts.bank_deposits()])
def test_a_statement_is_paged_without_gap_or_repeat(account_of):
    member_id = new_id()
    for amount_yen in range(1, 8):
        books.earn(member_id, amount_yen)
    account = account_of(member_id)
    seen, cursor = [], None
    while True:
        page = statement_of(account, cursor=cursor, limit=3)
        seen.append([abs(row.amount_yen) for row in page.rows])
        cursor = page.next_cursor
        if cursor is None:
            break
        books.earn(member_id, 999)
    assert seen == [[7, 6, 5], [4, 3, 2], [1]]


def test_a_members_accounts_are_told_in_one_list(clock):
    member_id = new_id()
    for amount_yen in (10, 20, 30):
        books.earn(member_id, amount_yen)
        clock.move(hours=1)
        books.refund(books.fund(amount_yen + 1), member_id, amount_yen + 1)
        clock.move(hours=1)
    seen, cursor = [], None
    while True:
        page = statement_for(member_id, cursor=cursor, limit=2)
        seen += [row.amount_yen for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [31, 30, 21, 20, 11, 10]
    assert statement_for(new_id()).rows == []


def test_statements_need_as_many_queries_for_many_rows_as_for_few(django_assert_num_queries):
    few, many = new_id(), new_id()
    for _ in range(3):
        books.earn(few, 10)
    for _ in range(60):
        books.earn(many, 10)
    for member_id in (few, many):
        with django_assert_num_queries(2):
            statement_for(member_id)
        with django_assert_num_queries(1):
            statement_of(accounts.available(member_id))


@pytest.mark.parametrize("cursor", ["x", "e30x", "bnVsbA==", "eyJhIjoxfQ==", "eyJhIjoiLTEifQ==", "44GC"])
def test_a_cursor_that_is_none_of_ours_is_bad_input(cursor):
    with pytest.raises(InputError) as refusal:
        statement_of(accounts.fee_income(), cursor=cursor)
    assert "最初のページ" in refusal.value.fields["cursor"][0].ja


def test_a_cursor_of_another_account_is_harmless():
    members = [new_id(), new_id()]
    for member_id in members:
        for _ in range(3):
            books.earn(member_id, 10)
    cursor = statement_of(accounts.available(members[0]), limit=1).next_cursor
    assert len(statement_of(accounts.available(members[1]), cursor=cursor).rows) == 3


def test_all_journals_about_one_thing_are_found_with_their_lines(django_assert_num_queries):
    milestone_id, member_id = books.fund(1_000), new_id()
    books.accept(milestone_id, member_id, escrow_yen=1_000, fee_yen=100)
    with django_assert_num_queries(2):
        page = journals_for(subject="milestone_id", subject_id=milestone_id)
    assert [journal.kind.value for journal in page.journals] == ["milestone_accepted", "deposit_matched"]
    assert [(str(line.account), line.amount_yen) for line in page.journals[0].lines] == [
        (f"escrow:milestone:{milestone_id}", -1_000),
        (f"available:member:{member_id}", 900),
        ("fee:income", 100),
    ]
    assert page.journals[0].actor_name == "system"
    first = journals_for(subject="milestone_id", subject_id=milestone_id, limit=1)
    second = journals_for(subject="milestone_id", subject_id=milestone_id, limit=1, cursor=first.next_cursor)
    assert [journal.kind.value for journal in second.journals] == ["deposit_matched"]
    assert second.next_cursor is None
    assert selectors.journal(new_id()) is None


def test_what_the_market_holds_owes_and_earned_sums_to_zero():
    member_id = new_id()
    books.accept(books.fund(1_000), member_id, escrow_yen=1_000, fee_yen=100, tax_yen=10)
    services.roll_up()
    books.receive(5)
    totals = selectors.totals_by_class()
    assert totals["bank:deposits"] == -1_005
    assert totals["available"] == 890
    assert sum(totals.values()) == 0


def test_a_code_names_its_account():
    member_id = new_id()
    for account in (accounts.available(member_id), accounts.fee_income(), accounts.suspense(member_id)):
        assert accounts.parse(account.code) == account
        assert accounts.parse(account.code).owner_id == account.owner_id
    for wrong in ("", "escrow", f"escrow:member:{member_id}", "escrow:milestone:7", "fee:income:x", "purse"):
        with pytest.raises(ValueError, match=r".+"):
            accounts.parse(wrong)
