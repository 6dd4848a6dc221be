"""Lines of the bank that are about the operator's own money: booked, so that books and bank agree, and taken back."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import date, timedelta

import pytest
from django.db import connection, connections
from tests import races, story
from tests.ledger.books import behind_the_ledgers_back
from tests.service.payments.bank_files import line
from tests.service.payouts.bank import Bank, open_differences, paid_for, with_the_bank
from tests.service.payouts.market import Market

from kotowari.accounts.models import Member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.kernel.ids import new_id
from kotowari.ledger import accounts, invariants
from kotowari.ledger import explaining as ledger_explaining
from kotowari.ledger import selectors as ledger
from kotowari.ledger import services as books
from kotowari.ledger.accounts import Account
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.models import CheckRun, Journal
from kotowari.ledger.services import Line
from kotowari.payouts import selectors, services
from kotowari.payouts.models import BankEntry
from kotowari.payouts.services import settling

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P019")]

KINDS = {
    "bank_fee_paid": accounts.bank_fees(),
    "tax_paid": accounts.consumption_tax_payable(),
    "own_funds_taken_out": accounts.operator_funds(),
}


@pytest.fixture
def staff(market: Market) -> Member:
    return market.staff()


@pytest.fixture
def bank(market: Market) -> Bank:
    return Bank(market)


def went_out(bank: Bank, yen: int, name: str = "ﾃｽｳﾘﾖｳ") -> BankEntry:
    """The bank tells of money that fits no transfer."""
    bank.say(line(yen, name, way="out"))
    return BankEntry.objects.order_by("-id").first()


def balance(account: Account) -> int:
    return ledger.balance_of(account)


def whole() -> None:
    """Every law holds but L12, which says in these tests what it should."""
    broken = {result.name: result.violations for result in invariants.check_all() if not result.ok}
    broken.pop("L12", None)
    assert broken == {}


def differs_by() -> int:
    services.reconcile(actor=SYSTEM)
    return selectors.last_reconciliation().differs_by_yen


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_is_booked_and_books_and_bank_agree(market: Market, bank: Bank, staff: Member, clock, kind: str) -> None:
    payout = with_the_bank(market, bank, staff)
    bank.say(line(payout.net_yen, "", way="out", summary="ｿｳｺﾞｳﾌﾘｺﾐ"))
    clock.move(days=1)
    before = balance(KINDS[kind])
    entry = went_out(bank, 660)
    assert entry.state == "open"
    assert differs_by() == 660
    booked = services.book_entry(actor=staff, entry_id=entry.pk, kind=kind)
    assert booked.state == "booked"
    assert balance(KINDS[kind]) == before - 660
    journal = Journal.objects.get(pk=booked.journal_id)
    assert (journal.kind, kernel_clock.tokyo(journal.occurred_at).date()) == (kind, entry.booked_on)
    assert (differs_by(), open_differences()) == (0, [])
    assert selectors.last_reconciliation().unbooked_yen == 0
    assert AuditEntry.objects.filter(kind="payouts.line_booked", subject_id=entry.pk).count() == 1
    assert invariants.check("L12").ok
    whole()


def test_words_say_more_and_too_many_or_none_of_the_kinds_are_refused(bank: Bank, staff: Member) -> None:
    entry = went_out(bank, 660)
    for wrong in ({"kind": "milestone_accepted"}, {"kind": ""}):
        with pytest.raises(InputError) as refused:
            services.book_entry(actor=staff, entry_id=entry.pk, **wrong)
        assert set(refused.value.fields) == {"kind"}
    with pytest.raises(InputError) as refused:
        services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid", note="あ" * 501)
    assert set(refused.value.fields) == {"note"}
    booked = services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid", note="11月分")
    assert booked.explanation.ja == "銀行手数料の支払い(11月分)"


def test_only_staff_and_only_once(market: Market, bank: Bank, staff: Member) -> None:
    entry = went_out(bank, 660)
    with pytest.raises(Refused):
        services.book_entry(actor=market.member("hanako"), entry_id=entry.pk, kind="bank_fee_paid")
    services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid", idempotency_key="one")
    services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid", idempotency_key="one")
    with pytest.raises(Refused) as refused:
        services.book_entry(actor=staff, entry_id=entry.pk, kind="tax_paid")
    assert races.refused(refused.value) == ["is_booked"]
    assert balance(accounts.bank_fees()) == -660
    again = services.match_outgoing(
        actor=SYSTEM, entry_key=entry.key, amount_yen=660, booked_on=entry.booked_on, name=entry.name
    )
    assert again.state == "booked", "the same line in another file has no effect"
    whole()


def test_a_mistake_is_taken_back_with_a_reason_and_booked_anew(bank: Bank, staff: Member, clock) -> None:
    entry = went_out(bank, 660)
    first = services.book_entry(actor=staff, entry_id=entry.pk, kind="own_funds_taken_out").journal_id
    clock.move(days=2)
    with pytest.raises(InputError):
        services.reopen_entry(actor=staff, entry_id=entry.pk, reason=" ")
    opened = services.reopen_entry(actor=staff, entry_id=entry.pk, reason="銀行の手数料だった")
    assert (opened.state, opened.closed_at) == ("open", None)
    assert "銀行の手数料だった" in opened.explanation.ja
    assert balance(accounts.operator_funds()) == balance(accounts.bank_payouts()) == 0
    assert differs_by() == 660
    whole()
    with pytest.raises(Refused) as refused:
        services.reopen_entry(actor=staff, entry_id=entry.pk, reason="もう一度")
    assert races.refused(refused.value) == ["is_open"]
    second = services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid").journal_id
    assert first != second
    assert (balance(accounts.bank_fees()), differs_by()) == (-660, 0)
    services.reopen_entry(actor=staff, entry_id=entry.pk, reason="やはり")
    services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid")
    assert (balance(accounts.bank_fees()), differs_by()) == (-660, 0)
    whole()


def test_what_was_only_set_aside_in_words_can_be_opened_and_booked(bank: Bank, staff: Member) -> None:
    entry = went_out(bank, 660)
    services.set_entry_aside(actor=staff, entry_id=entry.pk, note="手数料")
    services.reopen_entry(actor=staff, entry_id=entry.pk, reason="帳簿に入れるため")
    assert Journal.objects.count() == 0, "nothing was booked, so nothing is reversed"
    services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid")
    assert differs_by() == 0


def test_what_came_back_is_never_the_operators(market: Market, bank: Bank, staff: Member) -> None:
    entry = services.match_returned(
        actor=SYSTEM, entry_key="b", amount_yen=500, booked_on=kernel_clock.today(), name="ｸﾐﾓﾄﾞｼ"
    )
    with pytest.raises(Refused) as refused:
        services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid")
    assert races.refused(refused.value) == ["came_back"]


def test_a_line_of_a_month_that_was_closed_is_dated_on_the_first_open_day(bank: Bank, staff: Member, clock) -> None:
    entry = went_out(bank, 660)
    clock.set(kernel_clock.start_of(date(2026, 12, 10)))
    books.close_period(through=date(2026, 11, 30), actor=SYSTEM)
    booked = services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid")
    journal = Journal.objects.get(pk=booked.journal_id)
    assert kernel_clock.tokyo(journal.occurred_at).date() == date(2026, 12, 1)
    whole()


def test_a_month_that_closes_meanwhile_is_said_so(bank: Bank, staff: Member, clock, monkeypatch) -> None:
    entry = went_out(bank, 660)
    clock.set(kernel_clock.start_of(date(2026, 12, 10)))
    books.close_period(through=date(2026, 11, 30), actor=SYSTEM)
    monkeypatch.setattr(settling.ledger, "closed_through", lambda: None)
    with pytest.raises(InputError) as refused:
        services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid")
    assert set(refused.value.fields) == {"kind"}


def test_what_is_the_operators_is_what_members_are_not_owed(market: Market, bank: Bank, staff: Member, clock) -> None:
    payout = with_the_bank(market, bank, staff)
    now = selectors.operators_money()
    assert (now.bank_yen, now.own_yen) == (bank.balance_yen, bank.balance_yen - payout.net_yen)
    earned_yen = now.own_yen
    assert earned_yen == balance(accounts.fee_income()) + now.tax_yen, "fees and their tax, and nothing else"
    assert now.to_take_out_yen == earned_yen - now.tax_yen > 0
    bank.say(line(payout.net_yen, "", way="out", summary="ｿｳｺﾞｳﾌﾘｺﾐ"))
    assert selectors.operators_money().own_yen == earned_yen, "a payout takes nothing of it"
    clock.move(days=1)
    entry = went_out(bank, now.to_take_out_yen)
    services.book_entry(actor=staff, entry_id=entry.pk, kind="own_funds_taken_out")
    clock.move(days=1)
    entry = went_out(bank, now.tax_yen)
    services.book_entry(actor=staff, entry_id=entry.pk, kind="tax_paid")
    left = selectors.operators_money()
    assert (left.own_yen, left.to_take_out_yen, left.tax_yen, left.is_short) == (0, 0, 0, False)
    assert not CheckRun.objects.exists()
    whole()


def test_what_eats_members_money_is_booked_and_told_at_once(bank: Bank, staff: Member, clock) -> None:
    milestone = paid_for(bank)
    clock.move(days=1)
    entry = went_out(bank, 1_000)
    before = selectors.operators_money()
    assert (before.own_yen, before.short_yen, before.short_if_own(entry)) == (-1_000, 0, 1_000)
    assert invariants.check("L12").ok, "nobody knows yet what it was"
    services.book_entry(actor=staff, entry_id=entry.pk, kind="own_funds_taken_out")
    assert selectors.operators_money().short_yen == 1_000
    assert CheckRun.objects.get().state == "waiting"
    books.run_waiting_check()
    [words] = invariants.check("L12").violations
    assert f"members are owed {milestone.client_pays_yen}" in words
    assert [alarm.name for alarm in ledger.alarms_open()] == ["L12"]
    services.reopen_entry(actor=staff, entry_id=entry.pk, reason="取り違え")
    assert selectors.operators_money().short_yen == 0
    whole()


@pytest.mark.rule("P021")
def test_what_a_dispute_holds_is_neither_the_operators_nor_missing_until_it_is_lost(bank: Bank, clock) -> None:
    paid_for(bank)
    milestone_id = new_id()
    held, disputed = accounts.card_held(new_id()), accounts.card_disputed(new_id())
    processor = accounts.card_clearing("stripe")

    def told(kind: str, taken: Account, given: Account) -> selectors.OperatorsMoney:
        lines = [Line(taken, -10_000), Line(given, 10_000)]
        books.post(kind=JournalKind(kind), scope="test", key=kind, lines=lines, actor=SYSTEM, milestone_id=milestone_id)
        return selectors.operators_money()

    paid = told("card_received", processor, held)
    assert (paid.own_yen, paid.processors_yen, paid.disputed_yen) == (0, 10_000, 0)
    taken_back = told("card_dispute_opened", disputed, processor)
    assert (taken_back.own_yen, taken_back.processors_yen, taken_back.disputed_yen) == (-10_000, 0, 10_000)
    assert taken_back.to_take_out_yen == taken_back.short_yen == 0
    assert invariants.check("L12").ok
    lost = told("card_dispute_lost", accounts.card_dispute_losses(), disputed)
    assert lost.disputed_yen == 0
    assert lost.short_yen == 10_000
    assert not invariants.check("L12").ok


def test_without_a_balance_of_the_bank_the_books_say_what_lies_there(market: Market, staff: Member) -> None:
    bank = Bank(market)
    milestone = story.milestones(story.contract())[0]
    bank.say(line(milestone.client_pays_yen, f"{milestone.reference}ﾐﾎﾝ"), without_balance=True)
    before = kernel_clock.today() - timedelta(days=1)
    services.tell_opening_balance(actor=staff, as_of=before, amount_yen=3_000, note="通帳")
    now = selectors.operators_money()
    assert (now.bank_says_on, now.bank_yen, now.own_yen) == (None, milestone.client_pays_yen + 3_000, 3_000)


@pytest.mark.django_db(transaction=True)
def test_two_of_staff_who_book_the_same_line_book_it_once(market: Market, bank: Bank, staff: Member) -> None:
    entry, other = went_out(bank, 660), market.staff("second")
    met = races.under_way(
        lambda: services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid"),
        lambda: services.book_entry(actor=other, entry_id=entry.pk, kind="tax_paid"),
    )
    assert met.waited
    assert races.refused(met.second) == ["is_booked"]
    outcomes = races.at_once(
        *(
            lambda who=who: services.reopen_entry(actor=who, entry_id=entry.pk, reason="取り違え")
            for who in (staff, other)
        )
    )
    assert sorted(races.refused(each) for each in outcomes) == [[], ["is_open"]]
    assert balance(accounts.bank_fees()) == 0
    whole()


SCRIPT = """
import os, signal, sys
from datetime import datetime
import django
from django.db import connection
name, moment, point, staff_id, entry_id, work = sys.argv[1:7]
django.setup()
connection.settings_dict["NAME"] = name
from kotowari.kernel import clock
clock.set_source(lambda: datetime.fromisoformat(moment))
from kotowari.accounts.models import Member
from kotowari.payouts import services
staff = Member.objects.get(pk=staff_id)
seen = 0
def count_down(execute, sql, params, many, context):
    global seen
    seen += 1
    if seen == int(point):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(count_down):
    exec(work)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("P009")
def test_killed_anywhere_a_line_is_either_booked_or_open(market: Market, bank: Bank, staff: Member) -> None:
    entry = went_out(bank, 660)
    works = {
        "booked": f"services.book_entry(actor=staff, entry_id='{entry.pk}', kind='bank_fee_paid')",
        "open": f"services.reopen_entry(actor=staff, entry_id='{entry.pk}', reason='取り違え')",
    }
    for becomes, work in works.items():
        was = BankEntry.objects.get().state
        for point in (2, 4, 6):
            arguments = (connection.settings_dict["NAME"], market.clock.moment.isoformat(), str(point))
            done = subprocess.run(
                [sys.executable, "-c", textwrap.dedent(SCRIPT), *arguments, str(staff.pk), str(entry.pk), work],
                env={**os.environ},
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == -signal.SIGKILL, done.stderr
            assert BankEntry.objects.get().state == was
            whole()
        exec(work, {"services": services, "staff": staff})
        assert BankEntry.objects.get().state == becomes
        whole()
    connections.close_all()


def test_a_line_and_its_journal_that_disagree_are_found_and_explained_money_names_them(
    bank: Bank, staff: Member
) -> None:
    entry = went_out(bank, 660)
    services.book_entry(actor=staff, entry_id=entry.pk, kind="bank_fee_paid")
    told = ledger_explaining.why_of([accounts.bank_fees(), accounts.operator_funds(), accounts.interest_income()])
    assert all(why.words.ja and why.words.en for why in told.values())
    assert len(told) == 3
    with behind_the_ledgers_back():
        BankEntry.objects.filter(pk=entry.pk).update(amount_yen=661)
    [words] = invariants.check("payouts.own_money").violations
    assert "660 booked instead of 661" in words
    with behind_the_ledgers_back():
        BankEntry.objects.filter(pk=entry.pk).update(state="open", amount_yen=660)
    [words] = invariants.check("payouts.own_money").violations
    assert "660 booked instead of 0" in words
