"""Payouts when two things happen to them at the same moment: one winner, decided by lock."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.races import at_once, refused, under_way
from tests.service.payouts.market import Market, available_yen, books_are_right, in_flight_yen, register, reward
from tests.service.payouts.test_holds import held

from kotowari.accounts.models import Restriction
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.payouts import services
from kotowari.payouts.files import run_files
from kotowari.payouts.models import Payout, PayoutMethod, PayoutRun

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def ready(market: Market, *names: str) -> PayoutRun:
    """A run that waits for its file, with a transfer for each of these workers."""
    for number, name in enumerate(names):
        market.worker(name, reward_yen=20_000 + number, account_number=f"{9000020 + number}")
    market.after(date(2026, 11, 30))
    run = market.run_of(market.close())
    market.on(date(2026, 12, 1))
    return run


def handed_over(market: Market, *names: str) -> PayoutRun:
    run = ready(market, *names)
    services.write_run_file(actor=market.staff(), run_id=run.pk)
    market.on(run.pays_on)
    return run


def of(name: str) -> Payout:
    return Payout.objects.select_related("member", "run").get(member__username=name)


def nobody_stuck(run: PayoutRun) -> None:
    """Every transfer of a run that was handed over is in its file."""
    run.refresh_from_db()
    if run.state != "ready":
        assert not run.payouts.filter(state="requested").exists()
        assert [p.pk for f in run_files(run) for p in f.payouts] == [
            p.pk for p in run.payouts.filter(state="in_file").order_by("number")
        ]


# A protective hold and the bank's file


@pytest.mark.rule("A120")
def test_a_hold_under_way_keeps_its_owners_money_out_of_a_file(market: Market) -> None:
    run, staff = ready(market, "hanako", "taro"), market.staff()
    member = of("hanako").member
    met = under_way(lambda: held(member), lambda: services.write_run_file(actor=staff, run_id=run.pk))
    assert met.waited
    assert (of("hanako").state, of("hanako").run) == ("requested", None)
    assert of("taro").state == "in_file"
    nobody_stuck(run)
    books_are_right()


@pytest.mark.rule("A120")
def test_a_file_under_way_goes_and_the_hold_comes_after_it(market: Market) -> None:
    run, staff = ready(market, "hanako"), market.staff()
    member = of("hanako").member
    met = under_way(lambda: services.write_run_file(actor=staff, run_id=run.pk), lambda: held(member))
    assert met.waited
    assert isinstance(met.second, Restriction)
    assert of("hanako").state == "in_file"
    books_are_right()


@pytest.mark.rule("A120")
def test_hold_and_file_at_once_have_one_winner(market: Market) -> None:
    run, staff = ready(market, *(f"worker{n}" for n in range(ROUNDS))), market.staff()
    members = [of(f"worker{n}").member for n in range(ROUNDS)]
    at_once(
        lambda: services.write_run_file(actor=staff, run_id=run.pk),
        *(lambda member=member: held(member) for member in members),
    )
    for payout in Payout.objects.all():
        assert (payout.state, payout.run) in {("in_file", run), ("requested", None)}
    nobody_stuck(run)
    books_are_right()


# A protective hold and a quick payout, a closing


@pytest.mark.rule("A120", "A053")
@pytest.mark.parametrize("hold_first", [True, False])
def test_of_a_hold_and_a_quick_payout_the_first_wins(market: Market, hold_first: bool) -> None:
    worker = market.worker("hanako", reward_yen=5_000)

    def hold() -> object:
        return held(worker)

    def pay() -> object:
        return services.request_quick_payout(actor=worker)

    met = under_way(hold, pay) if hold_first else under_way(pay, hold)
    assert met.waited
    if hold_first:
        assert refused(met.second) == ["held"]
        assert (Payout.objects.count(), available_yen(worker)) == (0, 5_000)
    else:
        assert isinstance(met.second, Restriction)
        assert in_flight_yen(Payout.objects.get()) > 0
    books_are_right()


@pytest.mark.rule("A120")
@pytest.mark.parametrize("hold_first", [True, False])
def test_of_a_hold_and_a_closing_the_first_wins(market: Market, hold_first: bool) -> None:
    worker = market.worker("hanako", reward_yen=5_000)
    market.after(date(2026, 11, 30))

    def hold() -> object:
        return held(worker)

    met = under_way(hold, market.close) if hold_first else under_way(market.close, hold)
    assert met.waited
    assert Payout.objects.count() == (0 if hold_first else 1)
    assert available_yen(worker) == (5_000 if hold_first else 0)
    books_are_right()


@pytest.mark.rule("A120", "A053")
def test_hold_quick_payout_and_closing_at_once_pay_once_or_not_at_all(market: Market) -> None:
    market.after(date(2026, 11, 30))
    for number in range(ROUNDS):
        worker = market.worker(f"worker{number}", account_number=f"{9000020 + number}")
        reward(worker, 5_000)
        found = at_once(lambda w=worker: held(w), lambda w=worker: services.request_quick_payout(actor=w))
        assert refused(found[1]) in ([], ["held"])
        assert available_yen(worker) == (5_000 if refused(found[1]) else 0)
    books_are_right()


# A change of the bank account and the bank's file


@pytest.mark.rule("A152")
def test_an_account_that_is_being_changed_is_waited_for_and_the_file_goes_to_the_new_one(market: Market) -> None:
    run, staff = ready(market, "hanako", "taro"), market.staff()
    member = of("hanako").member
    met = under_way(
        lambda: register(member, account_number="9000777"),
        lambda: services.write_run_file(actor=staff, run_id=run.pk),
    )
    assert met.waited
    assert {of("hanako").state, of("taro").state} == {"in_file"}
    assert of("hanako").account_number == "9000777"
    nobody_stuck(run)
    books_are_right()


@pytest.mark.rule("A152")
def test_a_file_that_is_being_written_keeps_its_account_and_the_change_comes_after_it(market: Market) -> None:
    run, staff = ready(market, "hanako"), market.staff()
    payout = of("hanako")
    met = under_way(
        lambda: services.write_run_file(actor=staff, run_id=run.pk),
        lambda: register(payout.member, account_number="9000777"),
    )
    assert met.waited
    assert (of("hanako").state, of("hanako").account_number) == ("in_file", payout.account_number)
    nobody_stuck(run)
    books_are_right()


@pytest.mark.rule("A152")
def test_changes_of_account_and_file_at_once_leave_nobody_out(market: Market) -> None:
    run, staff = ready(market, *(f"worker{n}" for n in range(ROUNDS))), market.staff()
    members = [of(f"worker{n}").member for n in range(ROUNDS)]
    at_once(
        *(
            lambda member=member, n=n: register(member, account_number=f"{9000700 + n}")
            for n, member in enumerate(members)
        ),
        lambda: services.write_run_file(actor=staff, run_id=run.pk),
    )
    assert set(Payout.objects.values_list("state", flat=True)) == {"in_file"}
    nobody_stuck(run)
    books_are_right()


# A time limit and the choice of a method


@pytest.mark.rule("A041", "A045")
@pytest.mark.parametrize("limit_first", [True, False, None])
def test_of_a_limit_and_a_change_of_method_each_counts_once(market: Market, limit_first: bool | None) -> None:
    worker = market.worker("hanako")
    reward(worker, 900, fixed_at=market.clock.moment - timedelta(days=200))
    day = kernel_clock.today()

    def limit() -> object:
        return services.expire_rewards(actor=SYSTEM, day=day)

    def choose() -> object:
        return services.choose_method(actor=worker, method="carry_over")

    if limit_first is None:
        at_once(limit, choose)
    else:
        met = under_way(limit, choose) if limit_first else under_way(choose, limit)
        assert met.waited
    payout = Payout.objects.get()
    assert (payout.kind, payout.gross_yen, available_yen(worker)) == ("expiry", 900, 0)
    assert PayoutMethod.objects.get().method == "carry_over"
    if limit_first is not None:
        assert payout.method == ("standard" if limit_first else "carry_over")
    books_are_right()


@pytest.mark.rule("A041", "A053")
@pytest.mark.parametrize("limit_first", [True, False])
def test_of_a_limit_and_a_quick_payout_the_second_finds_what_is_left(market: Market, limit_first: bool) -> None:
    worker = market.worker("hanako")
    services.choose_method(actor=worker, method="carry_over")
    reward(worker, 2_000, fixed_at=market.clock.moment - timedelta(days=200))
    market.close()  # and so no closing is still to take it
    day = kernel_clock.today()

    def limit() -> object:
        return services.expire_rewards(actor=SYSTEM, day=day)

    def pay() -> object:
        return services.request_quick_payout(actor=worker)

    met = under_way(limit, pay) if limit_first else under_way(pay, limit)
    assert met.waited
    assert Payout.objects.get().kind == ("expiry" if limit_first else "quick")
    assert refused(met.second) == (["nothing_fixed"] if limit_first else [])
    books_are_right()


# Staff at the same run


@pytest.mark.rule("P010")
def test_two_staff_write_the_same_file_and_it_is_one_file(market: Market) -> None:
    run = ready(market, "hanako", "taro")
    first, second = market.staff("ichiro"), market.staff("jiro")
    met = under_way(
        lambda: services.write_run_file(actor=first, run_id=run.pk),
        lambda: services.write_run_file(actor=second, run_id=run.pk),
    )
    assert met.waited
    run.refresh_from_db()
    assert run.handed_over_by == first
    nobody_stuck(run)


@pytest.mark.rule("P010")
@pytest.mark.parametrize("is_at_once", [False, True])
def test_two_staff_record_the_same_run_as_paid_and_one_of_them_does(market: Market, is_at_once: bool) -> None:
    run = handed_over(market, "hanako", "taro")
    calls = [
        lambda actor=actor: services.settle_run(actor=actor, run_id=run.pk)
        for actor in (market.staff("ichiro"), market.staff("jiro"))
    ]
    if is_at_once:
        found = at_once(*calls)
    else:
        met = under_way(*calls)
        assert met.waited
        found = [met.first, met.second]
    assert sorted(map(refused, found)) == [[], ["is_done"]]
    assert set(Payout.objects.values_list("state", flat=True)) == {"settled"}
    books_are_right()


# What the bank says, by its statement and by staff's hand


@pytest.mark.rule("P010")
@pytest.mark.parametrize("return_first", [True, False])
def test_a_return_and_a_settlement_of_the_run_both_count(market: Market, return_first: bool) -> None:
    run, staff = handed_over(market, "hanako", "taro"), market.staff("jiro")
    payout = of("hanako")

    def give_back() -> object:
        return services.return_payout(actor=staff, payout_id=payout.pk, reason="no_such_account")

    def settle() -> object:
        return services.settle_run(actor=staff, run_id=run.pk)

    met = under_way(give_back, settle) if return_first else under_way(settle, give_back)
    assert met.waited
    assert (refused(met.first), refused(met.second)) == ([], [])
    run.refresh_from_db()
    assert (of("hanako").state, of("taro").state, run.state) == ("returned", "settled", "done")
    assert available_yen(payout.member) == payout.gross_yen
    books_are_right()


@pytest.mark.rule("P010")
@pytest.mark.parametrize("by_statement", ["out", "back"])
@pytest.mark.parametrize("staff_first", [True, False, None])
def test_the_statement_and_staff_say_the_same_thing_at_the_same_moment(
    market: Market, by_statement: str, staff_first: bool | None
) -> None:
    handed_over(market, "hanako", "taro")
    staff, payout = market.staff("jiro"), of("hanako")
    line: dict[str, Any] = {"entry_key": "k", "amount_yen": payout.net_yen, "booked_on": kernel_clock.today()}

    def by_hand() -> object:
        return services.return_payout(actor=staff, payout_id=payout.pk, reason="no_such_account")

    def by_line() -> object:
        match = services.match_outgoing if by_statement == "out" else services.match_returned
        return match(actor=SYSTEM, **line)

    if staff_first is None:
        found = at_once(by_hand, by_line)
    else:
        met = under_way(by_hand, by_line) if staff_first else under_way(by_line, by_hand)
        assert met.waited
        found = [met.first, met.second] if staff_first else [met.second, met.first]
    assert refused(found[0]) in ([], ["is_returned"])
    assert of("hanako").state == "returned"
    assert available_yen(payout.member) == payout.gross_yen
    entry = by_line()
    if staff_first:
        assert entry.state == "open", "a line about what staff have recorded waits for their word"
    books_are_right()


@pytest.mark.rule("P010")
@pytest.mark.parametrize("cancel_first", [True, False])
def test_of_calling_off_and_the_file_the_first_wins(market: Market, cancel_first: bool) -> None:
    run, staff = ready(market, "hanako", "taro"), market.staff()
    payout = of("hanako")

    def cancel() -> object:
        return services.cancel_payout(actor=staff, payout_id=payout.pk, reason="本人の希望")

    def write() -> object:
        return services.write_run_file(actor=staff, run_id=run.pk)

    met = under_way(cancel, write) if cancel_first else under_way(write, cancel)
    assert met.waited
    assert refused(met.second) == ([] if cancel_first else ["is_in_file"])
    assert of("hanako").state == ("cancelled" if cancel_first else "in_file")
    nobody_stuck(run)
    books_are_right()


def test_calling_off_what_is_just_put_into_a_run_takes_the_run_along(market: Market) -> None:
    worker, staff = market.worker("hanako"), market.staff()
    reward(worker, 900, fixed_at=market.clock.moment - timedelta(days=200))
    services.expire_rewards(actor=SYSTEM, day=kernel_clock.today())
    payout = of("hanako")
    met = under_way(
        lambda: services.make_run(actor=SYSTEM),
        lambda: services.cancel_payout(actor=staff, payout_id=payout.pk, reason="本人の希望"),
    )
    assert met.waited
    assert (of("hanako").state, PayoutRun.objects.get().state) == ("cancelled", "dissolved")
    assert available_yen(worker) == 900
    books_are_right()


@pytest.mark.rule("A053")
def test_a_change_of_account_and_a_quick_payout_at_once_go_to_one_account(market: Market) -> None:
    for number in range(ROUNDS):
        worker = market.worker(f"worker{number}", reward_yen=5_000, account_number=f"{9000020 + number}")
        at_once(
            lambda w=worker: services.request_quick_payout(actor=w),
            lambda w=worker, n=number: register(w, account_number=f"{9000700 + n}"),
        )
        payout = of(f"worker{number}")
        assert payout.account.replaced_at is None
        assert payout.account_number == f"{9000700 + number}"
    books_are_right()
