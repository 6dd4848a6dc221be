"""The closing: who is paid, who is not and why, and that it happens once."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from tests.service.payouts.market import (
    Market,
    available_yen,
    books_are_right,
    in_flight_yen,
    lots_yen,
    notices,
    refund,
    refund_due_yen,
    register,
    reward,
    was_registered_at,
)

from kotowari.foundation import deadlines, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import explain
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payouts import gates, services
from kotowari.payouts.models import BankAccount, CarriedOver, Closing, Payout, PayoutRun
from kotowari.payouts.services import closing as closing_service

END_OF_NOVEMBER = date(2026, 11, 30)
MIDDLE_OF_DECEMBER = date(2026, 12, 15)


def codes(row: CarriedOver) -> list[str]:
    return [blocker["code"].removeprefix("payouts.receive.") for blocker in row.blockers]


@pytest.mark.django_db
@pytest.mark.rule("A046", "A050", "A052")
def test_what_was_fixed_by_the_end_of_the_day_is_on_its_way_to_the_registered_account(closed: Market) -> None:
    payout = Payout.objects.get()
    assert (payout.member, payout.kind, payout.method) == (closed.hanako, "reward", "standard")
    assert (payout.gross_yen, payout.fee_yen, payout.net_yen) == (48_620, 0, 48_620)
    assert (payout.state, payout.pays_on) == ("requested", date(2026, 12, 15))
    assert (payout.account_number, payout.holder_kana) == ("9000011", "ﾔﾏﾀﾞ ﾊﾅｺ")
    assert (available_yen(closed.hanako), in_flight_yen(payout), lots_yen(closed.hanako)) == (0, 48_620, [])
    run = PayoutRun.objects.get()
    assert (run.state, run.pays_on, list(run.payouts.all())) == ("ready", date(2026, 12, 15), [payout])
    closed.tell()
    assert notices(closed.hanako)[-1] == "payouts.requested"
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A044", "A046")
def test_the_least_amount_is_paid_and_one_yen_less_is_carried_over_with_its_reason(market: Market) -> None:
    enough = market.worker("enough", reward_yen=1_000)
    too_little = market.worker("little", reward_yen=999)
    market.after(END_OF_NOVEMBER)
    closing = market.close()
    assert [p.member for p in Payout.objects.all()] == [enough]
    row = CarriedOver.objects.get()
    assert (row.member, row.closing, row.amount_yen, codes(row)) == (too_little, closing, 999, ["below_minimum"])
    assert "999円" in row.reasons[0].ja
    assert "あと1円" in row.reasons[0].ja
    assert available_yen(too_little) == 999
    market.tell()
    assert "payouts.not_paid" not in notices(too_little)


@pytest.mark.django_db
@pytest.mark.rule("A046", "A044")
def test_what_was_carried_over_is_paid_with_what_comes_after(market: Market) -> None:
    worker = market.worker("little", reward_yen=999)
    market.after(END_OF_NOVEMBER)
    market.close()
    reward(worker, 1)
    market.after(MIDDLE_OF_DECEMBER)
    market.close()
    payout = Payout.objects.get()
    assert (payout.gross_yen, payout.pays_on) == (1_000, date(2026, 12, 30))
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A047", "A048", "A045")
def test_each_method_has_its_own_minimum_and_carry_over_never_pays(market: Market) -> None:
    for username, method, yen in (
        ("exact", "threshold", 50_000),
        ("below", "threshold", 49_999),
        ("keeps", "carry_over", 900_000),
    ):
        services.choose_method(actor=market.worker(username, reward_yen=yen), method=method)
    market.after(END_OF_NOVEMBER)
    market.close()
    assert list(Payout.objects.values_list("member__username", "method")) == [("exact", "threshold")]
    found = {row.member.username: codes(row) for row in CarriedOver.objects.select_related("member")}
    assert found == {"below": ["below_minimum"], "keeps": ["carry_over_chosen"]}


@pytest.mark.django_db
@pytest.mark.rule("A152", "A050")
def test_without_an_account_the_reward_waits_and_its_owner_is_told_what_to_do(market: Market) -> None:
    worker = market.worker("nobank", reward_yen=20_000, has_account=False)
    market.after(END_OF_NOVEMBER)
    market.close()
    assert codes(CarriedOver.objects.get()) == ["no_bank_account"]
    market.tell()
    assert notices(worker) == ["payouts.not_paid"]
    decision = explain(gates.RECEIVE, worker)
    assert [b.code for b in decision.blockers] == ["payouts.receive.no_bank_account"]
    assert decision.blockers[0].remedy is not None
    assert decision.blockers[0].remedy.url == "/my/bank-account/"
    register(worker)
    assert explain(gates.RECEIVE, worker).allowed
    market.after(MIDDLE_OF_DECEMBER)
    market.close()
    assert Payout.objects.get().member == worker


@pytest.mark.django_db
@pytest.mark.rule("A153")
def test_an_account_whose_branch_has_gone_is_not_paid_until_it_is_put_right(market: Market) -> None:
    worker = market.worker("moved", reward_yen=20_000)
    was_registered_at(BankAccount.objects.get(), bank_code="0001", branch_code="000")
    market.after(END_OF_NOVEMBER)
    market.close()
    row = CarriedOver.objects.get()
    assert codes(row) == ["account_unusable"]
    assert "000" in row.reasons[0].ja
    market.tell()
    assert notices(worker)[-1] == "payouts.not_paid"
    register(worker)
    market.after(MIDDLE_OF_DECEMBER)
    market.close()
    assert Payout.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.rule("A043")
def test_every_reason_is_told_at_once(market: Market) -> None:
    worker = market.worker("nobank", reward_yen=500, has_account=False)
    services.choose_method(actor=worker, method="threshold")
    market.after(END_OF_NOVEMBER)
    market.close()
    assert codes(CarriedOver.objects.get()) == ["below_minimum", "no_bank_account"]
    blocker = explain(gates.RECEIVE, worker).blockers[0]
    assert blocker.facts == {
        "available_yen": 500,
        "minimum_yen": 50_000,
        "missing_yen": 49_500,
        "next_closes_on": MIDDLE_OF_DECEMBER,
    }


@pytest.mark.django_db
@pytest.mark.rule("A046")
def test_what_was_fixed_after_the_day_belongs_to_the_next_closing(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=3_000)
    market.after(END_OF_NOVEMBER)
    reward(worker, 7_000)
    market.close()
    assert Payout.objects.get().gross_yen == 3_000
    assert (available_yen(worker), lots_yen(worker)) == (7_000, [7_000])
    books_are_right()


@pytest.mark.django_db
def test_lots_are_taken_oldest_first_and_a_fee_is_taken_with_its_tax(market: Market) -> None:
    worker = market.worker("hanako")
    for yen in (300, 700, 9_000):
        reward(worker, yen)
    market.after(END_OF_NOVEMBER)
    with policy.overridden(
        {
            "payouts.transfer_fees": [{"fee_yen": 100, "bank_code": "0036"}, {"fee_yen": 500}],
            "payouts.free_transfers_per_closing": 0,
        }
    ):
        market.close()
    payout = Payout.objects.get()
    assert (payout.gross_yen, payout.fee_yen, payout.fee_tax_yen, payout.net_yen) == (10_000, 500, 45, 9_500)
    assert ledger.balance_of(accounts.transfer_fee_income()) == 455
    assert ledger.balance_of(accounts.consumption_tax_payable()) == 45
    books_are_right()


@pytest.mark.django_db
def test_money_due_back_is_paid_in_the_same_run_whatever_its_size(market: Market) -> None:
    client, nobank = market.worker("client"), market.worker("nobank", has_account=False)
    worker = market.worker("hanako", reward_yen=5_000)
    refund(client, 300)
    refund(nobank, 8_000)
    market.after(END_OF_NOVEMBER)
    closing = market.close()
    assert set(Payout.objects.values_list("member__username", "kind", "gross_yen", "fee_yen")) == {
        ("client", "refund", 300, 0),
        (worker.username, "reward", 5_000, 0),
    }
    assert market.run_of(closing).payouts.count() == 2
    assert (refund_due_yen(client), refund_due_yen(nobank)) == (0, 8_000)
    row = CarriedOver.objects.get()
    assert (row.member, row.kind, codes(row)) == (nobank, "refund", ["no_bank_account"])
    market.tell()
    assert notices(nobank) == ["payouts.not_paid"]
    books_are_right()


@pytest.mark.django_db
def test_a_refund_that_its_fee_would_swallow_goes_without_one(market: Market) -> None:
    small, large = market.worker("small"), market.worker("large")
    refund(small, 500)
    refund(large, 501)
    market.after(END_OF_NOVEMBER)
    with policy.overridden({"payments.refund_transfer_fees": [{"fee_yen": 500}]}):
        market.close()
    assert dict(Payout.objects.values_list("member__username", "net_yen")) == {"small": 500, "large": 1}
    books_are_right()


@pytest.mark.django_db
def test_one_person_can_be_paid_a_reward_and_a_refund_by_one_closing(market: Market) -> None:
    both = market.worker("both", reward_yen=2_000)
    refund(both, 700)
    market.after(END_OF_NOVEMBER)
    market.close()
    assert sorted(Payout.objects.values_list("kind", "net_yen")) == [("refund", 700), ("reward", 2_000)]


@pytest.mark.django_db
def test_closing_twice_is_closing_once(closed: Market) -> None:
    before = AuditEntry.objects.count()
    again = closed.close()
    assert again.state == "closed"
    assert (Payout.objects.count(), PayoutRun.objects.count(), Closing.objects.count()) == (1, 1, 1)
    assert AuditEntry.objects.count() == before
    books_are_right()


@pytest.mark.django_db
def test_the_database_refuses_a_second_payout_of_one_closing(closed: Market) -> None:
    payout = Payout.objects.get()
    payout.pk, payout.number = None, 99_999_999
    with pytest.raises(IntegrityError), transaction.atomic():
        payout.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.rule("P003", "A046")
def test_only_a_closing_day_that_is_over_can_be_closed_and_only_by_the_operator(market: Market) -> None:
    for actor, day, code in (
        (SYSTEM, date(2026, 11, 14), "no_closing_day"),
        (SYSTEM, END_OF_NOVEMBER, "not_due"),
        (market.member("hanako"), date(2026, 11, 15), "not_your_step"),
    ):
        with pytest.raises(Refused) as refused:
            services.close(actor=actor, on=day)
        assert [b.code for b in refused.value.decision.blockers] == [f"payouts.close.{code}"]
    assert not Closing.objects.exists()
    services.close(actor=market.staff(), on=date(2026, 11, 15))
    assert Closing.objects.get().state == "closed"


@pytest.mark.django_db
@pytest.mark.rule("A050")
def test_it_happens_by_itself_once_the_day_is_over(market: Market) -> None:
    market.worker("hanako", reward_yen=5_000)
    market.clock.set(kernel_clock.end_of(END_OF_NOVEMBER) - timedelta(seconds=1))
    deadlines.run_all_due()
    assert not Payout.objects.exists()
    market.clock.move(seconds=1)
    deadlines.run_all_due()
    assert Payout.objects.count() == 1
    deadlines.run_all_due()
    assert list(Closing.objects.order_by("closes_on").values_list("closes_on", flat=True)) == [
        date(2026, 11, 15),
        END_OF_NOVEMBER,
    ]


@pytest.mark.django_db
def test_a_market_that_slept_makes_each_closing_it_missed(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    deadlines.run_all_due()
    market.after(date(2027, 1, 15))
    reward(worker, 6_000)
    deadlines.run_all_due()
    found = list(Closing.objects.order_by("closes_on").values_list("closes_on", "payouts__gross_yen"))
    assert found == [
        (date(2026, 11, 15), None),
        (END_OF_NOVEMBER, 5_000),
        (MIDDLE_OF_DECEMBER, None),
        (date(2026, 12, 31), None),
        (date(2027, 1, 15), None),
    ]
    payout = Payout.objects.get()
    assert payout.pays_on == date(2027, 1, 18), "the pay date has passed: the first day on which the bank still can"
    market.tell()
    assert "payouts.delayed" not in notices(worker), "the day that is told is the day that is meant"


@pytest.mark.django_db
def test_an_interrupted_closing_goes_on_where_it_stopped_and_before_the_next(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing_service, "CHUNK", 2)
    for number in range(5):
        market.worker(f"worker{number}", reward_yen=2_000 + number, account_number=f"{9000000 + number}")
    market.after(END_OF_NOVEMBER)
    services.begin_closing(actor=SYSTEM, closes_on=END_OF_NOVEMBER)
    assert services.gather_rewards(actor=SYSTEM, closes_on=END_OF_NOVEMBER) == 2
    assert Payout.objects.count() == 2
    market.after(MIDDLE_OF_DECEMBER)
    market.close(on=MIDDLE_OF_DECEMBER)
    assert Payout.objects.filter(closing__closes_on=END_OF_NOVEMBER).count() == 5
    assert not Payout.objects.exclude(closing__closes_on=END_OF_NOVEMBER).exists()
    assert set(Closing.objects.values_list("state", flat=True)) == {"closed"}
    books_are_right()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("closers", [2, 8])
def test_many_who_close_at_once_close_once(market: Market, monkeypatch: pytest.MonkeyPatch, closers: int) -> None:
    monkeypatch.setattr(closing_service, "CHUNK", 3)
    workers = [
        market.worker(f"worker{n:02d}", reward_yen=2_000 + n, account_number=f"{9000000 + n}") for n in range(10)
    ]
    refund(workers[0], 400)
    market.after(END_OF_NOVEMBER)
    barrier, found, wrong = threading.Barrier(closers), [], []

    def call() -> None:
        barrier.wait()
        try:
            found.append(services.close(actor=SYSTEM, on=END_OF_NOVEMBER).pk)
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    crowd = [threading.Thread(target=call) for _ in range(closers)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert not wrong
    assert len(set(found)) == 1
    assert Payout.objects.count() == 11
    assert PayoutRun.objects.count() == 1
    assert all(available_yen(worker) == 0 for worker in workers)
    assert AuditEntry.objects.filter(kind="payouts.closed").count() == 1
    books_are_right()


@pytest.mark.django_db
def test_a_step_that_the_database_sacrificed_to_a_deadlock_is_done_again(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.worker("hanako", reward_yen=5_000)
    market.after(END_OF_NOVEMBER)
    step, tries = closing_service.gather_rewards, []

    class DeadlockError(Exception):
        sqlstate = "40P01"

    def unlucky(**arguments: Any) -> int:
        tries.append(arguments)
        if len(tries) == 1:
            raise OperationalError("deadlock detected") from DeadlockError()
        return step(**arguments)

    monkeypatch.setattr(closing_service, "gather_rewards", unlucky)
    market.close()
    assert len(tries) == 3
    assert Payout.objects.count() == 1


@pytest.mark.django_db
def test_a_closing_that_fails_is_left_for_the_next_round_and_later_ones_wait_for_it(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.worker("hanako", reward_yen=5_000)
    deadlines.run_all_due()
    market.after(MIDDLE_OF_DECEMBER)

    def broken(**arguments: Any) -> int:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(closing_service, "gather_refunds", broken)
        deadlines.run_all_due()
    assert list(Closing.objects.filter(state="gathering").values_list("closes_on", flat=True)) == [END_OF_NOVEMBER]
    assert not Closing.objects.filter(closes_on=MIDDLE_OF_DECEMBER).exists()
    deadlines.run_all_due()
    assert not Closing.objects.filter(state="gathering").exists()
    assert Payout.objects.get().closing.closes_on == END_OF_NOVEMBER
    books_are_right()


@pytest.mark.django_db
def test_where_the_rules_close_every_day_every_day_is_closed(market: Market) -> None:
    with policy.overridden({"payouts.closings": [{"closes_day": "daily", "pays_bank_days_later": 3}]}):
        deadlines.run_all_due()
        worker = market.worker("hanako", reward_yen=5_000)
        market.on(date(2026, 11, 24))
        deadlines.run_all_due()
        assert list(Closing.objects.order_by("closes_on").values_list("closes_on", flat=True)) == [
            date(2026, 11, day) for day in (19, 20, 21, 22, 23)
        ]
    payout = Payout.objects.get()
    assert (payout.member, payout.closing.closes_on) == (worker, date(2026, 11, 20))
    assert payout.pays_on == date(2026, 11, 26), "three bank days after Friday the 20th; the 23rd is a holiday"


@pytest.mark.django_db
def test_the_work_of_a_closing_grows_with_its_chunks_not_with_its_members(
    market: Market, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        market.worker(f"worker{number:02d}", reward_yen=500, account_number=f"{9000000 + number}")
    market.after(END_OF_NOVEMBER)
    services.begin_closing(actor=SYSTEM, closes_on=END_OF_NOVEMBER)
    with django_assert_max_num_queries(18):
        services.gather_rewards(actor=SYSTEM, closes_on=END_OF_NOVEMBER)
