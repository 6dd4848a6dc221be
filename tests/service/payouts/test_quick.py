"""クイック出金: how much, what it costs, by when, and every reason why not."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.service.payouts.market import (
    Market,
    available_yen,
    books_are_right,
    in_flight_yen,
    lots_yen,
    notices,
    register,
    reward,
)

from kotowari.accounts.services import restrict
from kotowari.foundation import deadlines, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import Refused
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payouts import services
from kotowari.payouts.models import Payout, PayoutRun
from kotowari.payouts.tasks import make_quick_runs, tell_late


def refused(member: Any, amount_yen: int | None = None) -> list[str]:
    with pytest.raises(Refused) as error:
        services.request_quick_payout(actor=member, amount_yen=amount_yen)
    return [blocker.code.removeprefix("payouts.quick.") for blocker in error.value.decision.blockers]


@pytest.mark.django_db
@pytest.mark.rule("A053", "A055")
def test_everything_is_paid_at_once_less_its_fee_planned_in_two_and_promised_in_three_bank_days(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=10_000)
    payout = services.request_quick_payout(actor=worker)
    assert (payout.kind, payout.gross_yen, payout.quick_fee_yen, payout.fee_yen) == ("quick", 10_000, 350, 350)
    assert (payout.net_yen, payout.fee_tax_yen) == (9_650, 31)
    assert (payout.pays_on, payout.promised_on) == (date(2026, 11, 25), date(2026, 11, 26))  # the 23rd is a holiday
    assert (available_yen(worker), in_flight_yen(payout), lots_yen(worker)) == (0, 9_650, [])
    assert ledger.balance_of(accounts.quick_fee_income()) == 319
    assert ledger.balance_of(accounts.consumption_tax_payable()) == 31
    market.tell()
    assert notices(worker)[-1] == "payouts.quick_requested"
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A054")
def test_520_yen_are_enough_and_519_are_not(market: Market) -> None:
    enough, little = market.worker("enough", reward_yen=520), market.worker("little", reward_yen=519)
    assert services.request_quick_payout(actor=enough).net_yen == 502
    assert refused(little) == ["below_minimum"]


@pytest.mark.django_db
def test_a_part_takes_the_oldest_rewards_first(market: Market) -> None:
    worker = market.worker("hanako")
    for yen in (600, 700, 900):
        reward(worker, yen)
    payout = services.request_quick_payout(actor=worker, amount_yen=1_000)
    assert (payout.gross_yen, available_yen(worker), lots_yen(worker)) == (1_000, 1_200, [300, 900])
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A053")
def test_it_goes_to_the_bank_in_a_run_of_its_own_and_not_with_the_next_closing(closed: Market) -> None:
    reward(closed.hanako, 5_000)
    other = closed.worker("other", reward_yen=5_000, account_number="9000012")
    for worker in (closed.hanako, other):
        services.request_quick_payout(actor=worker)
    assert make_quick_runs() == 2
    assert make_quick_runs() == 0
    run = PayoutRun.objects.get(is_quick=True)
    assert (run.closing, run.pays_on, run.payouts.count()) == (None, date(2026, 12, 3), 2)
    services.write_run_file(actor=closed.staff(), run_id=run.pk)
    closed.on(date(2026, 12, 3))
    services.settle_run(actor=closed.staff("second"), run_id=run.pk)
    assert set(run.payouts.values_list("state", flat=True)) == {"settled"}
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A053")
def test_one_that_cannot_be_there_in_time_is_told_once_to_owner_and_operator(market: Market) -> None:
    worker, staff = market.worker("hanako", reward_yen=5_000), market.staff()
    payout = services.request_quick_payout(actor=worker)
    make_quick_runs()
    market.on(date(2026, 11, 25))  # the file could still be written for the 26th
    assert tell_late() == 0
    market.on(payout.promised_on)
    assert tell_late() == 1
    assert tell_late() == 0
    market.tell()
    assert "payouts.quick_late" in notices(worker)
    assert "payouts.quick_late_staff" in notices(staff)
    services.write_run_file(actor=staff, run_id=PayoutRun.objects.get().pk)
    payout.refresh_from_db()
    assert (payout.pays_on, tell_late()) == (date(2026, 11, 27), 0)


@pytest.mark.django_db
def test_a_quick_payout_that_comes_back_costs_nothing(market: Market) -> None:
    worker, staff = market.worker("hanako", reward_yen=5_000), market.staff()
    payout = services.request_quick_payout(actor=worker)
    make_quick_runs()
    services.write_run_file(actor=staff, run_id=PayoutRun.objects.get().pk)
    services.return_payout(actor=staff, payout_id=payout.pk, reason="recalled")
    assert (available_yen(worker), lots_yen(worker)) == (5_000, [5_000])
    assert ledger.balance_of(accounts.quick_fee_income()) == 0
    assert ledger.balance_of(accounts.consumption_tax_payable()) == 0
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A053", "P001")
def test_every_reason_against_it_is_said_at_once(market: Market) -> None:
    assert refused(market.worker("nobank", reward_yen=300, has_account=False)) == ["below_minimum", "no_bank_account"]
    assert refused(market.worker("empty")) == ["nothing_fixed"]
    worker = market.worker("hanako", reward_yen=5_000)
    assert refused(worker, 5_001) == ["more_than_there_is"]
    assert refused(worker, 0) == ["more_than_there_is"]
    with policy.overridden({"payouts.quick_only_with_carry_over": True}):
        assert refused(worker) == ["closing_pays_already"]
        services.choose_method(actor=worker, method="quick")
        services.request_quick_payout(actor=worker, amount_yen=1_000)
    assert refused(worker) == ["quick_in_flight"]
    with policy.overridden({"payouts.quick_offered": False, "payouts.methods": ["standard", "carry_over"]}):
        assert "not_offered" in refused(worker)
    held = market.worker("held", reward_yen=5_000)
    restrict(actor=SYSTEM, member_id=held.pk, cause="not_me", until=market.clock.moment + timedelta(days=2))
    assert refused(held) == ["held"]


@pytest.mark.django_db
@pytest.mark.rule("A053")
def test_what_a_closing_that_is_over_takes_cannot_be_asked_for_again(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    market.after(date(2026, 11, 30))  # the closing is over, and has not been made yet
    reward(worker, 800)
    assert refused(worker, 800) == ["promised_to_closing"]
    market.close()
    assert services.request_quick_payout(actor=worker).gross_yen == 800
    assert sorted(Payout.objects.values_list("kind", "gross_yen")) == [("quick", 800), ("reward", 5_000)]
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A052")
def test_the_first_payout_since_a_closing_goes_without_a_transfer_fee(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=9_000)
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 100}]}):
        first = services.request_quick_payout(actor=worker, amount_yen=1_000)
        market.after(date(2026, 11, 30))
        market.close()
    assert first.fee_yen == 35
    second = Payout.objects.get(kind="reward")
    assert (second.gross_yen, second.fee_yen) == (8_000, 100)
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 100}]}):
        reward(worker, 3_000)
        market.after(date(2026, 12, 15))
        market.close()
    assert Payout.objects.get(gross_yen=3_000).fee_yen == 0


@pytest.mark.django_db
@pytest.mark.rule("A045", "A051")
def test_with_quick_as_the_method_no_closing_pays(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    services.choose_method(actor=worker, method="quick")
    market.after(date(2026, 11, 30))
    market.close()
    assert not Payout.objects.exists()
    assert services.request_quick_payout(actor=worker).method == "quick"


@pytest.mark.django_db
def test_a_held_one_goes_on_with_a_new_promise_once_its_account_is_put_right(market: Market) -> None:
    worker, staff = market.worker("hanako", reward_yen=5_000), market.staff()
    payout = services.request_quick_payout(actor=worker)
    make_quick_runs()
    Payout.objects.update(bank_code="0001", branch_code="000")  # the branch is gone since
    services.write_run_file(actor=staff, run_id=PayoutRun.objects.get().pk)
    payout.refresh_from_db()
    assert payout.state == "held"
    market.on(date(2026, 12, 1))
    register(worker)
    payout.refresh_from_db()
    assert (payout.state, payout.promised_on) == ("requested", date(2026, 12, 4))
    assert make_quick_runs() == 1
    assert tell_late() == 0


@pytest.mark.django_db
def test_the_database_itself_allows_one_at_a_time(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    services.request_quick_payout(actor=worker, amount_yen=1_000)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.filter(pk=Payout.objects.get().pk).update(quick_fee_yen=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.update(promised_on=None)


@pytest.mark.django_db
def test_the_same_key_is_the_same_payout(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    first = services.request_quick_payout(actor=worker, amount_yen=1_000, idempotency_key="k")
    again = services.request_quick_payout(actor=worker, amount_yen=1_000, idempotency_key="k")
    assert first == again
    assert Payout.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A053")
def test_of_many_presses_at_once_one_wins(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    said: list[str] = []
    start = threading.Barrier(6)

    def press() -> None:
        start.wait()
        try:
            services.request_quick_payout(actor=worker, amount_yen=1_000)
            said.append("paid")
        except Refused:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["paid", *["refused"] * 5]
    assert (Payout.objects.count(), available_yen(worker)) == (1, 4_000)
    books_are_right()


@pytest.mark.django_db
def test_the_sweep_does_all_of_it_by_itself(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    services.request_quick_payout(actor=worker)
    deadlines.run_all_due()
    assert PayoutRun.objects.get().is_quick
    market.clock.set(kernel_clock.end_of(date(2026, 11, 26)))
    handled = deadlines.run_all_due()
    assert handled["payouts.tell_late"] == 1
