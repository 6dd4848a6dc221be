"""Time limits of rewards: warned of, paid out, kept or forfeited; what stops the clock; what comes back."""

import contextlib
import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.service.payouts.market import (
    Market,
    available_yen,
    books_are_right,
    lots_yen,
    notices,
    register,
    reward,
)

from kotowari.accounts.models import Lock
from kotowari.accounts.services import restrict
from kotowari.foundation import deadlines, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import InputError, Refused
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.payouts import services
from kotowari.payouts.limits import limits_of
from kotowari.payouts.models import ExpiredReward, ExpiryRound, ExpiryWarning, Payout
from kotowari.payouts.services import expiring
from kotowari.payouts.tasks import expire_due, make_late_run
from kotowari.pricing import PayoutTerms

FORFEITS = {"payouts.at_expiry": "forfeited", "payouts.at_expiry_without_account": "forfeited"}


def old_reward(market: Market, member: Any, amount_yen: int, days: int) -> None:
    reward(member, amount_yen, fixed_at=market.clock.moment - timedelta(days=days))


def round_of(market: Market) -> None:
    """Today's round, all of it."""
    while services.expire_rewards(actor=SYSTEM, day=kernel_clock.today()):
        pass


def next_day(market: Market, days: int = 1) -> None:
    market.clock.move(days=days)
    round_of(market)


def dormant_yen(member: Any) -> int:
    return ledger.balance_of(accounts.dormant(member.pk))


@pytest.mark.django_db
@pytest.mark.rule("A041", "A043")
def test_at_the_limit_any_amount_is_paid_to_the_account_whatever_the_method(market: Market) -> None:
    worker = market.worker("hanako")
    services.choose_method(actor=worker, method="carry_over")
    old_reward(market, worker, 999, 180)
    old_reward(market, worker, 3_000, 179)
    round_of(market)
    assert not Payout.objects.exists(), "the 180th day is still its owner's"
    next_day(market)
    payout = Payout.objects.get()
    assert (payout.kind, payout.gross_yen, payout.net_yen, payout.closing) == ("expiry", 999, 999, None)
    assert (available_yen(worker), lots_yen(worker)) == (3_000, [3_000])
    assert make_late_run() == 1
    payout.refresh_from_db()
    assert payout.run is not None
    assert payout.run.pays_on == payout.pays_on
    market.tell()
    assert "payouts.paid_at_limit" in notices(worker)
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A041", "A043")
def test_without_an_account_it_is_kept_and_comes_back_with_one(market: Market) -> None:
    worker = market.worker("hanako", has_account=False)
    old_reward(market, worker, 700, 200)
    old_reward(market, worker, 300, 190)
    round_of(market)
    row = ExpiredReward.objects.get()
    assert (row.state, row.amount_yen, row.expired_on) == ("dormant", 1_000, date(2026, 11, 19))
    assert (available_yen(worker), dormant_yen(worker), lots_yen(worker)) == (0, 1_000, [])
    books_are_right()
    with pytest.raises(Refused) as error:
        services.revive_reward(actor=worker, expired_id=row.pk)
    assert [b.code for b in error.value.decision.blockers] == ["payouts.expired.revive.no_bank_account"]
    register(worker)
    row.refresh_from_db()
    assert (row.state, available_yen(worker), dormant_yen(worker), lots_yen(worker)) == (
        "revived",
        1_000,
        0,
        [700, 300],
    )
    next_day(market)
    assert (Payout.objects.get().kind, Payout.objects.get().gross_yen) == ("expiry", 1_000)
    market.tell()
    assert {"payouts.reward_dormant", "payouts.reward_revived"} <= set(notices(worker))
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A041")
def test_where_the_rules_forfeit_staff_can_take_it_back_with_a_reason(market: Market) -> None:
    worker, staff = market.worker("hanako"), market.staff()
    old_reward(market, worker, 900, 181)
    with policy.overridden(FORFEITS):
        round_of(market)
        row = ExpiredReward.objects.get()
        assert (row.state, available_yen(worker), lots_yen(worker)) == ("forfeited", 0, [])
        assert ledger.balance_of(accounts.forfeiture_income()) == 900
        with pytest.raises(Refused):
            services.restore_reward(actor=worker, expired_id=row.pk, reason="困ります")
        with pytest.raises(InputError):
            services.restore_reward(actor=staff, expired_id=row.pk, reason=" ")
        services.restore_reward(actor=staff, expired_id=row.pk, reason="入院していたため")
        row.refresh_from_db()
        assert (row.state, row.came_back_by, row.reason) == ("restored", staff, "入院していたため")
        assert (available_yen(worker), lots_yen(worker)) == (900, [900])
        assert ledger.balance_of(accounts.forfeiture_income()) == 0
        next_day(market)
        assert available_yen(worker) == 900, "its time is counted anew"
        assert limits_of(worker.pk, PayoutTerms.in_force())[0].last_on == date(2026, 11, 20) + timedelta(days=180)
        with pytest.raises(Refused):
            services.restore_reward(actor=staff, expired_id=row.pk, reason="もう一度")
    market.tell()
    assert {"payouts.reward_forfeited", "payouts.reward_restored"} <= set(notices(worker))
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A042")
@pytest.mark.parametrize("stop", ["lock", "hold"])
def test_the_clock_stands_still_while_its_owner_is_kept_from_the_money(market: Market, stop: str) -> None:
    worker = market.worker("hanako")
    old_reward(market, worker, 900, 170)
    until = market.clock.moment + timedelta(days=5)
    if stop == "lock":
        Lock.objects.create(member=worker, level=1, tries=5, since=market.clock.moment, until=until)
    else:
        restrict(actor=SYSTEM, member_id=worker.pk, cause="not_me", until=until)
    fixed_on = date(2026, 11, 20) - timedelta(days=170)
    [limit] = limits_of(worker.pk, PayoutTerms.in_force())
    assert limit.last_on == fixed_on + timedelta(days=185)
    next_day(market, 15)
    assert not Payout.objects.exists()
    next_day(market)
    assert Payout.objects.get().kind == "expiry"
    with policy.overridden({"payouts.expiry_pauses_while_locked": False}):
        old_reward(market, worker, 900, 170)
        assert limits_of(worker.pk, PayoutTerms.in_force())[0].last_on == kernel_clock.today() + timedelta(days=10)


@pytest.mark.django_db
@pytest.mark.rule("A042")
def test_what_is_held_waits_even_where_the_clock_is_not_stopped(market: Market) -> None:
    worker = market.worker("hanako")
    old_reward(market, worker, 900, 181)
    restrict(actor=SYSTEM, member_id=worker.pk, cause="not_me", until=market.clock.moment + timedelta(days=2))
    with policy.overridden({"payouts.expiry_pauses_while_locked": False}):
        round_of(market)
        assert not Payout.objects.exists()
        next_day(market, 3)
        assert Payout.objects.get().gross_yen == 900


@pytest.mark.django_db
@pytest.mark.rule("A041", "A056")
def test_warned_at_90_30_7_and_1_days_once_each_with_a_quick_payout_proposed(market: Market) -> None:
    worker = market.worker("hanako")
    services.choose_method(actor=worker, method="threshold")
    old_reward(market, worker, 600, 89)
    told: list[int] = []
    for _ in range(91):
        before = ExpiryWarning.objects.count()
        next_day(market)
        if ExpiryWarning.objects.count() > before:
            told.append(ExpiryWarning.objects.latest("warned_at").days_before)
            assert (limits_of(worker.pk, PayoutTerms.in_force())[0].last_on - kernel_clock.today()).days == told[-1]
    assert told == [90, 30, 7, 1]
    market.tell()
    said = Notice.objects.filter(member=worker, kind="payouts.limit_near")
    assert said.count() == 4
    assert "クイック出金" in said.first().body_text["ja"]
    assert said.first().url == "/my/rewards/#quick"


@pytest.mark.django_db
@pytest.mark.rule("A056")
@pytest.mark.parametrize(("amount_yen", "proposed"), [(519, False), (520, True), (999, True), (1_000, False)])
def test_a_quick_payout_is_proposed_for_what_no_closing_pays(market: Market, amount_yen: int, proposed: bool) -> None:
    worker = market.worker("hanako")
    old_reward(market, worker, amount_yen, 175)
    round_of(market)
    market.tell()
    said = Notice.objects.get(member=worker, kind="payouts.limit_near")
    assert ("クイック出金" in said.body_text["ja"]) is proposed


@pytest.mark.django_db
def test_a_transfer_that_comes_back_starts_the_time_anew(market: Market) -> None:
    worker, staff = market.worker("hanako"), market.staff()
    old_reward(market, worker, 900, 181)
    round_of(market)
    payout = Payout.objects.get()
    services.cancel_payout(actor=staff, payout_id=payout.pk, reason="口座を確かめるため")
    next_day(market)
    assert Payout.objects.count() == 1
    assert limits_of(worker.pk, PayoutTerms.in_force())[0].last_on == date(2026, 11, 20) + timedelta(days=180)


@pytest.mark.django_db
def test_a_closing_that_is_over_takes_its_own_first(market: Market) -> None:
    worker = market.worker("hanako")
    old_reward(market, worker, 5_000, 171)
    market.after(date(2026, 11, 30))
    assert expire_due() == 0, "the closing has not been made"
    deadlines.run_all_due()
    assert [payout.kind for payout in Payout.objects.all()] == ["reward"]


@pytest.mark.django_db
def test_a_round_is_made_once_a_day_in_chunks_and_goes_on_where_it_stopped(
    market: Market, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(expiring, "CHUNK", 2)
    for number in range(5):
        old_reward(market, market.worker(f"worker{number}", account_number=f"{9000010 + number}"), 900, 181)
    assert services.expire_rewards(actor=SYSTEM, day=kernel_clock.today()) == 2
    assert Payout.objects.count() == 2
    round_of(market)
    assert Payout.objects.count() == 5
    assert ExpiryRound.objects.get().done_at is not None
    with django_assert_max_num_queries(2):
        assert expire_due() == 0
    books_are_right()


@pytest.mark.django_db
@pytest.mark.parametrize("members", [2, 30])
def test_a_step_takes_as_many_queries_for_many_members_as_for_two(
    market: Market, members: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(members):
        has_account = number % 2 == 0
        worker = market.worker(f"worker{number}", has_account=has_account)
        old_reward(market, worker, 900, 181)
        old_reward(market, worker, 100, 120)
    with django_assert_max_num_queries(45):
        services.expire_rewards(actor=SYSTEM, day=kernel_clock.today())
    assert Payout.objects.count() + ExpiredReward.objects.count() == members


@pytest.mark.django_db
def test_the_database_keeps_what_expired(market: Market) -> None:
    worker = market.worker("hanako", has_account=False)
    old_reward(market, worker, 900, 181)
    round_of(market)
    row = ExpiredReward.objects.get()
    for change in ({"amount_yen": 1}, {"state": "restored"}, {"state": "forfeited"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ExpiredReward.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A041")
@pytest.mark.parametrize("rival", ["quick", "closing", "account"])
def test_of_a_limit_and_a_payout_at_once_one_wins(market: Market, rival: str) -> None:
    """Each reward leaves once, whoever comes first."""
    has_account = rival != "account"
    workers = [market.worker(f"worker{n}", has_account=has_account) for n in range(6)]
    for worker in workers:
        old_reward(market, worker, 2_000, 200)
    if rival == "closing":
        market.after(date(2026, 11, 30))
    if rival == "quick":
        for worker in workers:
            services.choose_method(actor=worker, method="carry_over")
        market.close()  # which leaves them their rewards: a quick payout can take them
    day = kernel_clock.today()
    start = threading.Barrier(2)
    wrong: list[BaseException] = []

    def compete(act: Any) -> None:
        start.wait()
        try:
            act()
        except Refused:
            pass
        except BaseException as error:
            wrong.append(error)
        finally:
            connection.close()

    def rivals() -> None:
        if rival == "closing":
            services.close(actor=SYSTEM)
            return
        for worker in workers:
            if rival == "account":
                register(worker)
                continue
            with contextlib.suppress(Refused):
                services.request_quick_payout(actor=worker)

    def limit() -> None:
        while services.expire_rewards(actor=SYSTEM, day=day):
            pass

    threads = [threading.Thread(target=compete, args=(act,)) for act in (rivals, limit)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    for worker in workers:
        paid = sum(Payout.objects.filter(member=worker).values_list("gross_yen", flat=True))
        assert paid + available_yen(worker) + dormant_yen(worker) == 2_000
    books_are_right()
