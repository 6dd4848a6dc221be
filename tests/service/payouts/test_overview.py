"""The page of rewards: what is there, when it comes, what it costs, what stands in the way; in few queries."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.service.payouts.market import Market, available_yen, refund, register, reward

from kotowari.foundation import policy
from kotowari.foundation.models import Notice
from kotowari.kernel.gates import decide_many, explain
from kotowari.kernel.text import use_language
from kotowari.payouts import gates, services
from kotowari.payouts.models import Payout, PayoutRun
from kotowari.payouts.selectors import reward_overview, run_totals, runs_visible_to

pytestmark = pytest.mark.django_db


@pytest.mark.rule("A052", "A046")
def test_the_closings_to_come_say_what_this_very_balance_would_bring(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=10_000)
    with policy.overridden({"payouts.transfer_fees": [{"fee_yen": 160}], "payouts.free_transfers_per_closing": 0}):
        page = reward_overview(worker.pk)
    assert [(c.closes_on, c.pays_on) for c in page.closings] == [
        (date(2026, 11, 30), date(2026, 12, 15)),
        (date(2026, 12, 15), date(2026, 12, 30)),
        (date(2026, 12, 31), date(2027, 1, 15)),
    ]
    assert {(c.gross_yen, c.fee_yen, c.net_yen) for c in page.closings} == {(10_000, 160, 9_840)}
    assert page.decision.allowed
    assert (page.available_yen, page.method, page.minimum_yen) == (10_000, "standard", 1_000)


@pytest.mark.rule("A044")
def test_below_the_minimum_nothing_comes_and_the_page_says_how_much_is_missing(market: Market) -> None:
    worker = market.worker("hanako", reward_yen=830)
    page = reward_overview(worker.pk)
    blocker = page.decision.blockers[0]
    assert blocker.facts["missing_yen"] == 170
    assert {closing.net_yen for closing in page.closings} == {0}
    with use_language("ja"):
        assert "あと170円" in str(blocker.reason)
    with use_language("en"):
        assert "¥170" in str(blocker.reason)


@pytest.mark.rule("A041")
def test_lots_are_as_old_as_they_are_and_expire_only_where_the_rules_say_so(market: Market) -> None:
    worker = market.worker("hanako")
    reward(worker, 400, fixed_at=market.clock.moment - timedelta(days=30))
    reward(worker, 500)
    page = reward_overview(worker.pk)
    assert [(lot.remaining_yen, lot.age_days) for lot in page.lots] == [(400, 30), (500, 0)]
    assert {lot.at_expiry for lot in page.lots} == {"paid_out"}
    assert page.lots[0].expires_on == date(2026, 10, 21) + timedelta(days=180)
    without = market.member("nobank")
    reward(without, 400)
    [lot] = reward_overview(without.pk).lots
    assert (lot.at_expiry, lot.expires_on) == ("dormant", date(2026, 11, 20) + timedelta(days=180))


def test_what_is_on_its_way_what_has_come_and_what_was_left_are_told_apart(closed: Market) -> None:
    worker = closed.hanako
    refund(worker, 2_500)
    page = reward_overview(worker.pk)
    assert [payout.net_yen for payout in page.in_flight] == [48_620]
    assert (page.history, page.available_yen, page.refund_due_yen) == ([], 0, 2_500)
    assert not page.refund_blockers
    decision = explain(gates.RECEIVE, worker)
    assert [b.code for b in decision.blockers] == ["payouts.receive.in_flight"]
    assert decision.clears_at is not None
    services.write_run_file(actor=closed.staff(), run_id=PayoutRun.objects.get().pk)
    closed.on(date(2026, 12, 15))
    services.settle_run(actor=closed.staff("second"), run_id=PayoutRun.objects.get().pk)
    reward(worker, 300)
    closed.after(date(2026, 12, 15))
    closed.close()
    page = reward_overview(worker.pk)
    assert [payout.net_yen for payout in page.in_flight] == [2_500]
    assert [payout.state for payout in page.history] == ["settled"]
    assert [(past.closes_on, past.amount_yen) for past in page.carried_over] == [(date(2026, 12, 15), 300)]


@pytest.mark.rule("A152")
def test_a_refund_without_an_account_says_so_on_the_page(market: Market) -> None:
    client = market.member("client")
    refund(client, 2_500)
    page = reward_overview(client.pk)
    assert [b.code for b in page.refund_blockers] == ["payouts.receive.no_bank_account"]
    register(client)
    assert not reward_overview(client.pk).refund_blockers


def test_the_page_takes_as_many_queries_for_much_as_for_nothing(
    market: Market, django_assert_max_num_queries: Any
) -> None:
    empty, rich = market.member("empty"), market.worker("rich")
    for _ in range(40):
        reward(rich, 1_000)
        market.after(market.clock.moment.date() + timedelta(days=1))
    for worker in (empty, rich):
        with django_assert_max_num_queries(21):
            reward_overview(worker.pk)
    assert available_yen(rich) == 40_000


@pytest.mark.parametrize("members", [2, 20])
def test_the_console_lists_runs_and_payouts_with_their_decisions_in_few_queries(
    market: Market, members: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(members):
        market.worker(f"worker{number}", reward_yen=5_000, account_number=f"{9000010 + number}")
    market.after(date(2026, 11, 30))
    market.close()
    staff = market.staff()
    with django_assert_max_num_queries(5):
        runs = list(runs_visible_to(staff)[:50])
        totals = run_totals(runs)
        decide_many(gates.FILE, staff, runs)
        payouts = list(Payout.objects.filter(run=runs[0]).order_by("number")[:50])
        decide_many(gates.CANCEL, staff, payouts)
    assert totals[runs[0].pk].transfers == members
    assert totals[runs[0].pk].total_yen == 5_000 * members


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_notice_is_whole_in_both_languages(closed: Market, language: str) -> None:
    staff = closed.staff()
    run = PayoutRun.objects.get()
    closed.worker("nobank", reward_yen=2_000, has_account=False)
    closed.on(date(2026, 12, 14))
    services.write_run_file(actor=staff, run_id=run.pk)
    closed.on(date(2026, 12, 16))
    services.settle_run(actor=staff, run_id=run.pk)
    services.return_payout(actor=staff, payout_id=Payout.objects.get().pk, reason="name_mismatch")
    closed.close()
    closed.tell()
    kinds = set(Notice.objects.values_list("kind", flat=True))
    assert {"payouts.requested", "payouts.settled", "payouts.returned", "payouts.not_paid"} <= kinds
    with use_language(language):
        for notice in Notice.objects.all():
            said = f"{notice.title} {notice.body}"
            assert "{" not in said
            assert "None" not in said
            assert notice.url.startswith("/")
