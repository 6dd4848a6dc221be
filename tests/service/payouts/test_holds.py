"""A hold on an account is respected by money: the account stays as it is, and nothing leaves until it is over."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.service.payouts.market import (
    Market,
    available_yen,
    books_are_right,
    in_flight_yen,
    refund,
    refund_due_yen,
    register,
)

from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.selectors import restrictions_in_force
from kotowari.accounts.services import lift, restrict, set_password
from kotowari.foundation import deadlines, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Blocker, explain
from kotowari.payouts import gates, services
from kotowari.payouts.models import BankAccount, CarriedOver, Payout
from kotowari.payouts.selectors import reward_overview

PASSWORD = "seven gentle foxes dancing"


def held(member: Member, *, days: int = 14, cause: str = "not_me") -> Restriction:
    actor = member if cause == "not_me" else SYSTEM
    until = kernel_clock.now() + timedelta(days=days)
    return restrict(actor=actor, member_id=member.pk, cause=cause, until=until)


def only(refused: pytest.ExceptionInfo[Refused]) -> Blocker:
    (blocker,) = refused.value.decision.blockers
    return blocker


@pytest.mark.django_db
@pytest.mark.rule("A120")
def test_the_bank_account_stays_as_it_is_under_a_hold_with_its_end_and_the_way_out(market: Market) -> None:
    member = market.worker("hanako")
    row = held(member)
    with pytest.raises(Refused) as refused:
        register(member, branch_code="999")
    blocker = only(refused)
    assert (blocker.code, blocker.rule, blocker.clears_at) == ("payouts.bank_account.set.held", "A120", row.until)
    assert (blocker.resolved_by, blocker.remedy and blocker.remedy.url) == ("you", "/my/security-check/")
    market.clock.set(row.until)
    register(member, branch_code="999")


@pytest.mark.django_db
@pytest.mark.rule("A121", "A022")
def test_a_password_set_by_mail_holds_the_account_for_hours_and_a_second_one_begins_anew(market: Market) -> None:
    member = market.worker("hanako")
    set_password(actor=member, password=PASSWORD)
    hours = timedelta(hours=policy.value("accounts.reset_hold_hours"))
    with pytest.raises(Refused) as refused:
        register(member, branch_code="999")
    assert only(refused).clears_at == market.clock.moment + hours
    assert only(refused).resolved_by == "time"
    market.clock.move(hours=1)
    set_password(actor=member, password=f"{PASSWORD} again")
    assert [row.until for row in restrictions_in_force()] == [market.clock.moment + hours]
    assert AuditEntry.objects.filter(kind="accounts.restricted", actor_name="system").count() == 2
    # Money still arrives where it always did: only the change is stopped.
    assert [b.code for b in explain(gates.RECEIVE, member).blockers] == ["payouts.receive.nothing_fixed"]
    market.clock.move(hours=72)
    register(member, branch_code="999")


@pytest.mark.django_db
@pytest.mark.rule("A120")
def test_the_closing_leaves_out_who_is_held_and_pays_them_once_it_is_over(market: Market) -> None:
    worker, other = market.worker("hanako", reward_yen=20_000), market.worker("taro", reward_yen=20_000)
    refund(worker, 3_000)
    market.on(date(2026, 11, 29))
    row = held(worker)
    assert [b.code for b in explain(gates.RECEIVE, worker).blockers] == ["payouts.receive.held"]
    market.after(date(2026, 11, 30))
    market.close()
    assert [p.member for p in Payout.objects.all()] == [other]
    assert {c.kind: [b["code"] for b in c.blockers] for c in CarriedOver.objects.filter(member=worker)} == {
        "reward": ["payouts.receive.held"],
        "refund": ["payouts.receive.held"],
    }
    assert (available_yen(worker), refund_due_yen(worker)) == (20_000, 3_000)
    overview = reward_overview(worker.pk)
    assert overview.held
    assert overview.held.id == row.pk
    assert [b.code for b in overview.refund_blockers] == ["payouts.receive.held"]
    market.after(date(2026, 12, 15))
    market.close()
    assert sorted(Payout.objects.filter(member=worker).values_list("net_yen", flat=True)) == [3_000, 20_000]
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A120")
def test_what_is_prepared_but_not_with_the_bank_waits_and_goes_with_the_next_run(closed: Market) -> None:
    other = closed.worker("taro", account_number="9000012")
    payout = Payout.objects.get()
    closed.on(date(2026, 12, 1))
    row = held(closed.hanako)
    run = services.write_run_file(actor=closed.staff(), run_id=payout.run_id)
    payout.refresh_from_db()
    assert (run.state, payout.state, payout.run_id) == ("dissolved", "requested", None)
    assert in_flight_yen(payout) == 48_620
    assert AuditEntry.objects.filter(kind="payouts.kept_back").count() == 1
    deadlines.run_all_due()
    payout.refresh_from_db()
    assert payout.run_id is None
    closed.clock.move(minutes=5)
    lift(actor=set_password(actor=closed.hanako, password=PASSWORD), restriction_id=row.pk)
    deadlines.run_all_due()
    payout.refresh_from_db()
    assert payout.run
    assert payout.run.state == "ready"
    assert other.payouts.count() == 0
    books_are_right()


@pytest.mark.django_db
@pytest.mark.rule("A123")
def test_whoever_is_frozen_reads_at_the_closing_too_that_staff_decided_it_and_where_to_contest(market: Market) -> None:
    worker, staff = market.worker("hanako", reward_yen=20_000), market.staff()
    until = market.clock.moment + timedelta(days=30)
    row = restrict(actor=staff, member_id=worker.pk, cause="terms_breach", until=until, explanation="x")
    (blocker,) = explain(gates.RECEIVE, worker).blockers
    assert (blocker.decided_by, blocker.resolved_by, blocker.rule) == ("staff", "operator", "A124")
    assert blocker.appeal
    assert blocker.appeal.url == f"/appeals/{row.pk}/"


@pytest.mark.django_db
def test_a_whole_closing_asks_once_for_everybodys_holds(market: Market, django_assert_num_queries: Any) -> None:
    from kotowari.payouts.receiving import receivers
    from kotowari.pricing import PayoutTerms

    few = [market.worker(f"worker{n}", account_number=f"{9000010 + n}") for n in range(3)]
    for member in few[:2]:
        held(member)
    terms = PayoutTerms.in_force()
    with django_assert_num_queries(3):
        found = receivers([member.pk for member in few], terms)
    assert set(found.held) == {member.pk for member in few[:2]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A120")
@pytest.mark.parametrize("_round", range(3))
def test_a_hold_that_races_a_change_of_account_has_one_winner(market: Market, _round: int) -> None:
    """Either the account was changed before the hold began, or the change is refused: never a change after it."""
    member = market.worker("hanako")
    barrier, outcome = threading.Barrier(2), {}

    def run(name: str, call: Any) -> None:
        try:
            barrier.wait(10)
            outcome[name] = call()
        except Refused as refused:
            outcome[name] = refused
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=("hold", lambda: held(member))),
        threading.Thread(target=run, args=("change", lambda: register(member, branch_code="999"))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert isinstance(outcome["hold"], Restriction)
    active = BankAccount.objects.get(replaced_at__isnull=True)
    order = list(
        AuditEntry.objects.filter(kind__in=["accounts.restricted", "payouts.account_set"])
        .order_by("id")
        .values_list("kind", flat=True)
    )
    if isinstance(outcome["change"], Refused):
        assert active.branch_code == "998"
        assert order == ["payouts.account_set", "accounts.restricted"]
    else:
        assert active.branch_code == "999"
        assert order == ["payouts.account_set", "payouts.account_set", "accounts.restricted"]
