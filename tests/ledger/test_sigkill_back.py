"""L14 on the way back: killed at any step, done again, and nothing is lost or doubled."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from tests.conftest import MovableClock
from tests.ledger.killing import killed_and_done_again, told
from tests.service.payments.bank_files import file, line
from tests.service.payouts.market import (
    Market,
    available_yen,
    books_are_right,
    in_flight_yen,
    lots_yen,
    register,
    reward,
)

from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice, OutboxEvent
from kotowari.kernel import clock as kernel_clock
from kotowari.ledger.models import Journal
from kotowari.papers.models import Paper
from kotowari.payments.services import import_statement
from kotowari.payouts import services
from kotowari.payouts.models import BankEntry, ExpiredReward, Payout, PayoutRun
from kotowari.payouts.tasks import make_quick_runs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def policy_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kotowari.foundation.policy.inforce.CACHE_SECONDS", 3_600.0)


@pytest.fixture
def market(clock: MovableClock) -> Market:
    return Market(clock)


def with_the_bank(market: Market) -> Callable[[], Payout]:
    """Makes quick payouts, each of an amount of its own, in a file that the bank has."""
    staff = market.staff()
    count = iter(range(1_000))

    def fresh() -> Payout:
        n = next(count)
        worker = market.worker(f"worker{n}", reward_yen=5_000 + n, account_number=f"{9000100 + n}")
        payout = services.request_quick_payout(actor=worker)
        make_quick_runs()
        payout.refresh_from_db()
        services.write_run_file(actor=staff, run_id=payout.run_id)
        told()
        return Payout.objects.select_related("member", "run").get(pk=payout.pk)

    return fresh


def journals(payout: Payout, kind: str) -> int:
    return Journal.objects.filter(payout_id=payout.pk, kind=kind).count()


def is_back_once(payout: Payout) -> None:
    payout.refresh_from_db()
    assert (payout.state, payout.run.state) == ("returned", "done")
    assert (journals(payout, "payout_returned"), in_flight_yen(payout)) == (1, 0)
    assert (available_yen(payout.member), lots_yen(payout.member)) == (payout.gross_yen, [payout.gross_yen])


@pytest.mark.rule("P010")
def test_a_return_by_staff_killed_anywhere_brings_the_money_back_once(market: Market) -> None:
    fresh, staff = with_the_bank(market), market.staff("jiro")

    def act(payout: Payout) -> None:
        services.return_payout(actor=staff, payout_id=payout.pk, reason="no_such_account")

    for payout in killed_and_done_again(fresh, act):
        is_back_once(payout)
    books_are_right()


@pytest.mark.rule("P010")
@pytest.mark.parametrize("way", ["out", "back"])
def test_a_statement_killed_between_import_and_outcome_settles_or_returns_once(market: Market, way: str) -> None:
    fresh, staff = with_the_bank(market), market.staff("jiro")
    files: dict[Any, bytes] = {}

    def brought() -> Payout:
        payout = fresh()
        market.on(payout.pays_on)
        entry = line(payout.net_yen, way="out" if way == "out" else "in", summary="" if way == "out" else "ｸﾐﾓﾄﾞｼ")
        files[payout.pk] = file(entry)
        return payout

    def act(payout: Payout) -> None:
        import_statement(actor=staff, data=files[payout.pk])
        told()

    papers = 0
    for payout in killed_and_done_again(brought, act):
        assert BankEntry.objects.get(Q(payout=payout) | Q(run=payout.run)).state == "matched"
        if way == "back":
            is_back_once(payout)
        else:
            payout.refresh_from_db()
            assert (payout.state, payout.run.state, journals(payout, "payout_settled")) == ("settled", "done", 1)
        kind = "payouts.settled" if way == "out" else "payouts.returned"
        assert Notice.objects.filter(member=payout.member, kind=kind).count() == 1
        papers = papers or Paper.objects.filter(payout=payout).count()
        assert Paper.objects.filter(payout=payout).count() == papers
    assert not OutboxEvent.objects.filter(delivered_at__isnull=True).exists()
    assert OutboxEvent.objects.filter(attempts__gt=0).count() == 0
    books_are_right()


@pytest.mark.rule("A043", "A152")
def test_an_account_registered_anew_and_killed_anywhere_brings_what_was_kept_back_once(market: Market) -> None:
    count = iter(range(1_000))

    def fresh() -> Any:
        worker = market.worker(f"worker{next(count)}", has_account=False)
        reward(worker, 900, fixed_at=market.clock.moment - timedelta(days=200))
        market.clock.move(days=1)
        while services.expire_rewards(actor=SYSTEM, day=kernel_clock.today()):
            pass
        assert ExpiredReward.objects.get(member=worker).state == "dormant"
        return worker

    for worker in killed_and_done_again(fresh, lambda worker: register(worker)):
        assert ExpiredReward.objects.get(member=worker).state == "revived"
        assert (available_yen(worker), lots_yen(worker)) == (900, [900])
        assert Journal.objects.filter(kind="reward_revived", payout_id__in=_expired(worker)).count() == 1
    books_are_right()


def _expired(worker: Any) -> list[Any]:
    return list(ExpiredReward.objects.filter(member=worker).values_list("pk", flat=True))


@pytest.mark.rule("A041")
def test_a_forfeiture_taken_back_and_killed_anywhere_is_taken_back_once(market: Market) -> None:
    staff, count = market.staff(), iter(range(1_000))

    def fresh() -> ExpiredReward:
        worker = market.worker(f"worker{next(count)}", has_account=False)
        reward(worker, 900, fixed_at=market.clock.moment - timedelta(days=200))
        market.clock.move(days=1)
        forfeits = {"payouts.at_expiry": "forfeited", "payouts.at_expiry_without_account": "forfeited"}
        with policy.overridden(forfeits):
            while services.expire_rewards(actor=SYSTEM, day=kernel_clock.today()):
                pass
        return ExpiredReward.objects.select_related("member").get(member=worker)

    def act(row: ExpiredReward) -> None:
        services.restore_reward(actor=staff, expired_id=row.pk, reason="入院していたため")

    for row in killed_and_done_again(fresh, act):
        row.refresh_from_db()
        assert (row.state, available_yen(row.member), lots_yen(row.member)) == ("restored", 900, [900])
    books_are_right()


@pytest.mark.rule("A053")
def test_runs_of_quick_payouts_killed_anywhere_take_each_payout_once(market: Market) -> None:
    count = iter(range(1_000))

    def fresh() -> Payout:
        n = next(count)
        worker = market.worker(f"worker{n}", reward_yen=5_000, account_number=f"{9000100 + n}")
        return services.request_quick_payout(actor=worker)

    for payout in killed_and_done_again(fresh, lambda _: services.make_quick_runs(actor=SYSTEM)):
        payout.refresh_from_db()
        assert payout.run
    assert PayoutRun.objects.count() == 1
    books_are_right()
