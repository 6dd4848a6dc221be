"""Books and bank: where they agree nobody is bothered; what differs is named to the yen, with an owner and a clock."""

from datetime import timedelta
from typing import Any

import pytest
from tests import story
from tests.service.payments.bank_files import line
from tests.service.payouts.bank import Bank, open_differences, paid_for, with_the_bank
from tests.service.payouts.market import Market, notices

from kotowari.accounts.models import Member
from kotowari.foundation import deadlines
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.ledger import invariants
from kotowari.payments.models import Deposit
from kotowari.payments.services import send_back_deposit
from kotowari.payouts import selectors, services
from kotowari.payouts.models import BankDifference, BankEntry, Payout, PayoutRun, Reconciliation

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P009")]


@pytest.fixture
def bank(market: Market) -> Bank:
    return Bank(market)


@pytest.fixture
def staff(market: Market) -> Member:
    return market.staff()


def told_of(staff: Member) -> int:
    return notices(staff).count("payouts.bank_differs")


def l12() -> list[str]:
    return invariants.check("L12").violations


def test_from_the_first_deposit_to_the_settled_transfer_books_and_bank_agree(
    market: Market, bank: Bank, staff: Member
) -> None:
    payout = with_the_bank(market, bank, staff)
    told = bank.say(line(payout.net_yen, "", way="out", summary="ｿｳｺﾞｳﾌﾘｺﾐ"))
    assert told is not None
    assert Payout.objects.get(pk=payout.pk).state == "settled"
    last = selectors.last_reconciliation()
    assert (last.bank_yen, last.differs_by_yen) == (told.closing_yen, 0)
    assert last.books_yen == told.closing_yen > 0, "the market's own fees lie there"
    assert open_differences() == []
    assert invariants.check("L12").ok
    assert invariants.check("L12").checked == 1
    assert told_of(staff) == 0


def test_without_a_balance_of_the_bank_nothing_is_claimed(market: Market, bank: Bank) -> None:
    milestone = story.milestones(story.contract())[0]
    assert bank.say(line(milestone.client_pays_yen, f"{milestone.reference}ﾐﾎﾝ"), without_balance=True) is None
    assert services.reconcile(actor=SYSTEM) == 0
    assert not Reconciliation.objects.exists()
    assert invariants.check("L12").checked == 0


def test_money_from_before_the_books_is_a_gap_until_staff_tell_it(market: Market, staff: Member) -> None:
    bank = Bank(market, opening_yen=300_000)
    paid_for(bank)
    assert open_differences() == [("gap", 300_000)]
    assert told_of(staff) == 1
    today = kernel_clock.today()
    with pytest.raises(InputError) as refused:
        services.tell_opening_balance(actor=staff, as_of=today, amount_yen=300_000, note="通帳")
    assert "as_of" in refused.value.fields
    services.tell_opening_balance(actor=staff, as_of=today - timedelta(days=1), amount_yen=300_000, note="通帳")
    assert services.reconcile(actor=SYSTEM) == 0
    assert open_differences() == []
    assert BankDifference.objects.get().state == "cleared"
    assert selectors.last_reconciliation().differs_by_yen == 0


def test_a_line_that_was_never_imported_is_a_gap_that_can_be_explained_and_opens_again(
    market: Market, bank: Bank, staff: Member, clock: Any
) -> None:
    paid_for(bank)
    clock.move(days=1)
    bank.say(off_yen=-660)
    assert open_differences() == [("gap", -660)]
    row = BankDifference.objects.get()
    assert row.decide_by == kernel_clock.end_of(kernel_clock.today() + timedelta(days=7))
    with pytest.raises(InputError):
        services.explain_difference(actor=staff, difference_id=row.pk, note=" ")
    with pytest.raises(Refused):
        services.explain_difference(actor=market.member("hanako"), difference_id=row.pk, note="手数料")
    services.explain_difference(actor=staff, difference_id=row.pk, note="口座維持手数料")
    with pytest.raises(Refused):
        services.explain_difference(actor=staff, difference_id=row.pk, note="もう一度")
    assert services.reconcile(actor=SYSTEM) == 0, "explained, it is known"
    clock.move(days=1)
    bank.say(off_yen=-100)
    assert open_differences() == [("gap", -760)], "another amount is another question"
    clock.move(days=1)
    bank.say(off_yen=760)
    assert open_differences() == []
    assert BankDifference.objects.get().state == "cleared"


def test_a_run_recorded_by_hand_waits_for_its_line_and_a_line_that_came_later_clears_it(
    market: Market, bank: Bank, staff: Member, clock: Any
) -> None:
    payout = with_the_bank(market, bank, staff)
    run = PayoutRun.objects.get()
    services.settle_run(actor=staff, run_id=run.pk)
    services.reconcile(actor=SYSTEM)
    assert open_differences() == [], "the bank has not told of that day yet"
    clock.move(days=1)
    bank.say()
    assert open_differences() == [("run", -payout.net_yen)]
    assert BankDifference.objects.get().subject_id == run.pk
    clock.move(days=1)
    bank.say(line(payout.net_yen, "", way="out", summary="ｿｳｺﾞｳﾌﾘｺﾐ"))
    assert BankEntry.objects.get().state == "open", "nothing waits for it any more"
    assert open_differences() == [], "yet it is the same amount around the same day"
    last = selectors.last_reconciliation()
    assert (last.differs_by_yen, last.unlisted_yen, last.unbooked_yen) == (0, -payout.net_yen, -payout.net_yen)
    assert last.rest_yen == 0


def test_what_was_sent_back_by_hand_is_known_by_its_line(market: Market, bank: Bank, staff: Member, clock: Any) -> None:
    bank.say(line(5_000, "ﾅﾅｼ"))
    send_back_deposit(actor=staff, deposit_id=Deposit.objects.get().pk, reason="送り主に確認できないため")
    clock.move(days=1)
    bank.say()
    assert open_differences() == [("sent_back", -5_000)]
    clock.move(days=1)
    bank.say(line(5_000, "ﾅﾅｼ", way="out"))
    assert open_differences() == []


@pytest.mark.parametrize("order", ["out first", "back first"])
def test_a_transfer_that_came_back_leaves_nothing(
    market: Market, bank: Bank, staff: Member, clock: Any, order: str
) -> None:
    payout = with_the_bank(market, bank, staff)
    out = line(payout.net_yen, "", way="out", summary="ｿｳｺﾞｳﾌﾘｺﾐ")
    back = line(payout.net_yen, payout.holder_kana, summary="ｸﾐﾓﾄﾞｼ")
    first, second = (out, back) if order == "out first" else (back, out)
    if order == "out first":
        bank.say(first)
        clock.move(days=1)
        bank.say(second)
    else:
        bank.say(first, second)
    assert Payout.objects.get(pk=payout.pk).state == "returned"
    last = selectors.last_reconciliation()
    assert last.rest_yen == last.gap_yen == 0
    assert last.differs_by_yen == last.unlisted_yen - last.unbooked_yen
    assert not BankDifference.objects.filter(kind__in=["gap", "rest"]).exists()


def test_money_that_left_the_bank_and_not_the_books_breaks_l12(
    market: Market, bank: Bank, staff: Member, clock: Any
) -> None:
    milestone = paid_for(bank)
    assert l12() == []
    clock.move(days=1)
    bank.say(line(milestone.client_pays_yen - 1, "ﾀﾞﾚｶ", way="out"))
    assert l12() == [], "a line that nobody has looked at yet is another wait"
    services.set_entry_aside(actor=staff, entry_id=BankEntry.objects.get().pk, note="担当者が引き出した")
    [words] = l12()
    assert f"members are owed {milestone.client_pays_yen}, the bank has 1" in words


def test_what_is_late_is_told_every_day_and_daily_work_compares_by_itself(
    market: Market, bank: Bank, staff: Member, clock: Any
) -> None:
    paid_for(bank)
    bank.say(off_yen=-660)
    assert told_of(staff) == 1
    for _ in range(10):
        clock.move(days=1)
        deadlines.run_all_long()
        deadlines.run_all_long()
        market.tell()
    assert Reconciliation.objects.count() == 2 + 10
    assert told_of(staff) == 1 + 3, "from the eighth day on"
