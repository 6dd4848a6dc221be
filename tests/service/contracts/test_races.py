"""A release of escrow when something else happens to it at the same moment: one winner, decided by lock."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests import story
from tests.conftest import MovableClock
from tests.races import Met, at_once, refused, under_way

from kotowari.accounts.models import Member, Restriction
from kotowari.accounts.services import restrict
from kotowari.contracts import services, tasks
from kotowari.contracts.models import Contract, EndRequest, Milestone
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel import clock as kernel_clock
from kotowari.ledger import accounts
from kotowari.ledger.invariants import check_all
from kotowari.ledger.models import Journal
from kotowari.ledger.selectors import balance_of

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def books_are_right() -> None:
    assert [result.detail for result in check_all() if not result.ok] == []


def protect(member: Member) -> Restriction:
    until = kernel_clock.now() + timedelta(days=14)
    return restrict(actor=member, member_id=member.pk, cause="not_me", until=until)


def accept(m: Milestone) -> Callable[[], Milestone]:
    return lambda: services.accept_delivery(actor=m.contract.client, milestone_id=m.pk)


def meet(first: Callable[[], object], second: Callable[[], object], turned: bool) -> Met:
    """The two, in one order or the other; the outcomes come back in the order they were given."""
    met = under_way(second, first) if turned else under_way(first, second)
    return Met(met.second, met.first, met.waited) if turned else met


def closed_once(m: Milestone) -> str:
    """The milestone left its escrow by one journal, or is still waiting with all of it; how it stands."""
    m = Milestone.objects.get(pk=m.pk)
    journals = Journal.objects.filter(milestone_id=m.pk, kind__in=["milestone_accepted", "milestone_refunded"])
    assert journals.count() == (m.state in ("accepted", "refunded"))
    assert balance_of(accounts.escrow(m.pk)) == (0 if journals else m.client_pays_yen)
    return m.state


# A protective hold


@pytest.mark.rule("A120")
@pytest.mark.parametrize("hold_first", [True, False])
def test_of_a_clients_hold_and_their_acceptance_the_first_wins(clock: MovableClock, hold_first: bool) -> None:
    (m,) = story.delivered()
    met = meet(accept(m), lambda: protect(m.contract.client), turned=hold_first)
    assert met.waited
    assert isinstance(met.second, Restriction)
    assert refused(met.first) == (["held"] if hold_first else [])
    assert closed_once(m) == ("delivered" if hold_first else "accepted")
    books_are_right()


@pytest.mark.rule("A120")
def test_hold_and_acceptance_at_once_release_only_what_came_before_the_hold(clock: MovableClock) -> None:
    for _ in range(ROUNDS):
        (m,) = story.delivered()
        found = at_once(accept(m), lambda m=m: protect(m.contract.client))
        assert refused(found[0]) in ([], ["held"])
        assert closed_once(m) == ("delivered" if refused(found[0]) else "accepted")
    books_are_right()


@pytest.mark.rule("A120", "P003")
def test_a_held_client_costs_the_worker_nothing_the_clock_accepts(clock: MovableClock) -> None:
    (m,) = story.delivered()
    protect(m.contract.client)
    assert m.deadline_at
    clock.set(m.deadline_at)
    assert tasks.accept_by_clock() == 1
    assert closed_once(m) == "accepted"


@pytest.mark.rule("A120")
@pytest.mark.parametrize("hold_first", [True, False])
def test_a_workers_hold_does_not_keep_their_reward_from_being_fixed(clock: MovableClock, hold_first: bool) -> None:
    (m,) = story.delivered()
    met = meet(accept(m), lambda: protect(m.contract.worker), turned=hold_first)
    assert (refused(met.first), closed_once(m)) == ([], "accepted")
    assert balance_of(accounts.available(m.contract.worker_id)) == m.worker_receives_yen
    books_are_right()


# An early end


def end_asked(m: Milestone) -> EndRequest:
    """Their worker asks to end a contract with one delivery yet to come; then that delivery comes after all."""
    return services.ask_end(actor=m.contract.worker, contract_id=m.contract_id, reason="cannot_do")


def agree(request: EndRequest, m: Milestone) -> Callable[[], EndRequest]:
    return lambda: services.agree_end(actor=m.contract.client, request_id=request.pk)


def two_with_one_delivered() -> tuple[Milestone, Milestone, EndRequest]:
    """An early end was asked for before the first of two milestones was delivered."""
    first, second = story.funded((10_000, 20_000))
    request = end_asked(first)
    services.deliver(actor=first.contract.worker, milestone_id=first.pk, message="納品します。", links=[])
    first, second = story.milestones(first.contract)
    return first, second, request


@pytest.mark.rule("A078", "A087")
@pytest.mark.parametrize("by_clock", [False, True])
@pytest.mark.parametrize("accept_first", [True, False])
def test_of_an_acceptance_and_an_early_end_the_delivery_is_paid_and_the_rest_goes_back(
    clock: MovableClock, accept_first: bool, by_clock: bool
) -> None:
    first, second, request = two_with_one_delivered()
    release = accept(first)
    if by_clock:
        assert first.deadline_at
        clock.set(first.deadline_at)
        release = lambda: services.accept_due_deliveries(actor=SYSTEM, milestone_ids=[first.pk])  # noqa: E731
    met = meet(release, agree(request, first), turned=not accept_first)
    if accept_first:
        assert met.waited
        assert refused(met.second) == []
        assert (closed_once(first), closed_once(second)) == ("accepted", "refunded")
        assert Contract.objects.get(pk=first.contract_id).state == "ended"
    else:  # a delivery has to be answered first; the end says so, and the acceptance goes through
        assert refused(met.second) == ["delivery_unanswered"]
        assert closed_once(second) == "funded"
    books_are_right()


@pytest.mark.rule("A078")
@pytest.mark.parametrize("end_first", [True, False])
def test_of_a_delivery_and_an_early_end_the_first_wins(clock: MovableClock, end_first: bool) -> None:
    (m,) = story.funded()
    request = end_asked(m)
    met = meet(
        lambda: services.deliver(actor=m.contract.worker, milestone_id=m.pk, message="納品します。", links=[]),
        agree(request, m),
        turned=end_first,
    )
    assert met.waited
    if end_first:
        assert set(refused(met.first)) <= {"contract_closed", "is_refunded"}
        assert refused(met.first)
        assert closed_once(m) == "refunded"
    else:
        assert refused(met.second) == ["delivery_unanswered"]
        assert closed_once(m) == "delivered"
    books_are_right()


@pytest.mark.rule("A078", "A087")
@pytest.mark.parametrize("by_clock", [False, True])
def test_acceptance_and_early_end_at_once_have_one_outcome_each(clock: MovableClock, by_clock: bool) -> None:
    for _ in range(ROUNDS):
        (m,) = story.funded()
        request = end_asked(m)
        if by_clock:
            clock.set(request.lapses_at - timedelta(days=6))

        def deliver_and_accept(m: Milestone = m) -> object:
            services.deliver(actor=m.contract.worker, milestone_id=m.pk, message="納品します。", links=[])
            return services.accept_delivery(actor=m.contract.client, milestone_id=m.pk)

        if by_clock:
            clock.set(request.lapses_at)
        end = (lambda r=request: services.lapse_end(actor=SYSTEM, request_id=r.pk)) if by_clock else agree(request, m)
        found = at_once(deliver_and_accept, end)
        state = closed_once(m)
        assert (state == "accepted", state == "refunded") == (not refused(found[0]), not refused(found[1]))
        assert Contract.objects.get(pk=m.contract_id).state == ("completed" if state == "accepted" else "ended")
    books_are_right()


@pytest.mark.rule("A078")
@pytest.mark.parametrize("answer", ["refuse_end", "withdraw_end"])
@pytest.mark.parametrize("agree_first", [True, False])
def test_two_answers_to_one_request_are_one_answer(clock: MovableClock, answer: str, agree_first: bool) -> None:
    (m,) = story.funded()
    request = end_asked(m)
    actor = m.contract.client if answer == "refuse_end" else m.contract.worker
    met = meet(
        agree(request, m),
        lambda: getattr(services, answer)(actor=actor, request_id=request.pk),
        turned=not agree_first,
    )
    assert met.waited
    assert refused(met.second if agree_first else met.first) == ["already_answered"]
    assert closed_once(m) == ("refunded" if agree_first else "funded")
    books_are_right()


# Back to the client by the clock


@pytest.mark.rule("P003")
@pytest.mark.parametrize("refund_first", [True, False, None])
def test_of_a_refund_by_the_clock_and_a_late_delivery_one_wins(clock: MovableClock, refund_first: bool | None) -> None:
    (m,) = story.funded()
    assert m.deadline_at
    clock.set(m.deadline_at)

    def deliver() -> object:
        return services.deliver(actor=m.contract.worker, milestone_id=m.pk, message="遅れました。", links=[])

    def lapse() -> object:
        return services.lapse_milestone(actor=SYSTEM, milestone_id=m.pk)

    if refund_first is None:
        found: list[Any] = at_once(deliver, lapse)
    else:
        met = meet(deliver, lapse, turned=refund_first)
        assert met.waited
        found = [met.first, met.second]
    state = closed_once(m)
    assert (bool(refused(found[0])), bool(refused(found[1]))) == (state == "refunded", state == "delivered")
    if refund_first is not None:
        assert state == ("refunded" if refund_first else "delivered")
    books_are_right()


@pytest.mark.rule("P009")
def test_client_and_clock_accept_the_same_delivery_once(clock: MovableClock) -> None:
    for _ in range(ROUNDS):
        (m,) = story.delivered()
        assert m.deadline_at
        clock.set(m.deadline_at)
        at_once(accept(m), tasks.accept_by_clock, accept(m))
        assert closed_once(m) == "accepted"
        assert balance_of(accounts.available(m.contract.worker_id)) == m.worker_receives_yen
    books_are_right()
