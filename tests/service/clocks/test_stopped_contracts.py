"""Whoever is shut out loses nothing by it: deadlines of contracts stand still, aloud, and go on afterwards."""

from datetime import timedelta

import pytest
from tests import story
from tests.conftest import MovableClock
from tests.service.clocks.conftest import Freeze, outage, settle, thaw

from kotowari.accounts.models import Lock, Member
from kotowari.accounts.services import end_lock, lock_account
from kotowari.contracts import services
from kotowari.contracts.gates import ACCEPT
from kotowari.contracts.models import EndRequest, Milestone
from kotowari.contracts.waits import latest_acceptance
from kotowari.foundation import deadlines
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import allowed_among
from kotowari.ledger import invariants
from kotowari.ledger.models import Lot
from kotowari.pricing import PayoutTerms, closing_dates

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def again(milestone: Milestone) -> Milestone:
    return Milestone.objects.select_related("contract__client", "contract__worker").get(pk=milestone.pk)


def told(member: Member, kind: str = "contracts.clock_moved") -> list[Notice]:
    return list(Notice.objects.filter(member=member, kind=kind).order_by("pk"))


@pytest.mark.rule("A185", "A040")
def test_a_frozen_client_s_time_to_inspect_stands_still_and_both_sides_are_told_neutrally(
    clock: MovableClock, staff: Member, freeze: Freeze
) -> None:
    (milestone,) = story.delivered()
    client, worker = milestone.contract.client, milestone.contract.worker
    before = milestone.deadline_at
    assert before is not None
    clock.move(days=5)
    freeze(client, 10)
    settle()
    milestone = again(milestone)
    assert milestone.deadline_at == before + 10 * DAY
    assert milestone.stopped_for == 10 * DAY
    (to_worker,) = told(worker)
    assert "お相手の方がいまサイトを使えないため、この期限を止めています。" in to_worker.body.ja
    assert "凍結" not in to_worker.body.ja + to_worker.title.ja
    assert "あなたがサイトを使えないあいだ" in told(client)[0].body.ja
    assert AuditEntry.objects.filter(kind="contracts.clock_moved", subject_id=milestone.pk).count() == 1
    clock.move(days=4)  # where it would have been accepted
    settle()
    assert again(milestone).state == "delivered"
    clock.set(before + 10 * DAY - timedelta(seconds=1))
    settle()
    assert again(milestone).state == "delivered"
    clock.set(before + 10 * DAY)
    settle()
    assert again(milestone).state == "accepted"
    assert len(told(worker)) == 1


@pytest.mark.rule("A185")
def test_lifted_early_the_rest_of_the_time_is_exactly_what_was_left(
    clock: MovableClock, staff: Member, freeze: Freeze
) -> None:
    (milestone,) = story.delivered()
    before = milestone.deadline_at
    assert before is not None
    clock.move(days=1)
    row = freeze(milestone.contract.client, 20)
    settle()
    assert again(milestone).deadline_at == latest_for(milestone)  # the law on payment is nearer than twenty days
    clock.move(days=3)
    thaw(staff, row)
    settle()
    assert again(milestone).deadline_at == before + 3 * DAY
    assert "新しい期限は" in told(milestone.contract.worker)[-1].body.ja


def latest_for(milestone: Milestone):
    assert milestone.delivered_at is not None
    days = milestone.contract.job.payment_due_days
    return latest_acceptance(kernel_clock.tokyo(milestone.delivered_at).date(), days, PayoutTerms.in_force())


@pytest.mark.rule("A185")
@pytest.mark.parametrize("due_days", [45, 60])
def test_however_long_the_client_is_shut_out_pay_comes_within_its_days_from_the_delivery(
    clock: MovableClock, freeze: Freeze, due_days: int
) -> None:
    (milestone,) = story.delivered(payment_due_days=due_days)
    assert milestone.delivered_at is not None
    delivered_on = kernel_clock.tokyo(milestone.delivered_at).date()
    freeze(milestone.contract.client, 80)
    settle()
    stopped = again(milestone)
    assert stopped.stopped_for > timedelta()
    clock.set(stopped.deadline_at)
    settle()
    assert again(milestone).state == "accepted"
    fixed_on = kernel_clock.tokyo(Lot.objects.get(milestone_id=milestone.pk).fixed_at).date()
    pays_on = closing_dates(fixed_on, PayoutTerms.in_force())[1]
    assert (pays_on - delivered_on).days + 1 <= due_days


@pytest.mark.rule("A185")
def test_a_frozen_worker_s_time_to_deliver_stands_still_up_to_the_longest_stop(
    clock: MovableClock, freeze: Freeze
) -> None:
    (milestone,) = story.funded()
    before = milestone.deadline_at
    assert before is not None
    freeze(milestone.contract.worker, 80)
    settle()
    assert again(milestone).deadline_at == before + 30 * DAY
    clock.set(before + 30 * DAY)
    settle()
    assert again(milestone).state == "refunded"


@pytest.mark.rule("A185")
def test_a_worker_s_absence_does_not_stop_what_waits_for_the_client(clock: MovableClock, freeze: Freeze) -> None:
    (milestone,) = story.delivered()
    freeze(milestone.contract.worker, 10)
    settle()
    assert again(milestone).deadline_at == milestone.deadline_at
    clock.set(milestone.deadline_at)
    settle()
    assert again(milestone).state == "accepted"


@pytest.mark.rule("A185")
def test_a_short_lock_counts_to_the_second_and_nobody_is_written_to(clock: MovableClock) -> None:
    (milestone,) = story.delivered()
    before = milestone.deadline_at
    assert before is not None
    clock.move(days=1)
    client = milestone.contract.client
    lock_account(actor=SYSTEM, member_id=client.pk, until=clock.moment + timedelta(minutes=15), tries=10)
    clock.move(seconds=37)
    end_lock(actor=SYSTEM, lock_id=Lock.objects.get().pk, by="link")
    clock.set(before)
    settle()
    milestone = again(milestone)
    assert milestone.state == "delivered"
    assert milestone.deadline_at == before + timedelta(seconds=37)
    assert not told(milestone.contract.worker)
    clock.move(seconds=37)
    settle()
    assert again(milestone).state == "accepted"


@pytest.mark.rule("A185")
def test_a_lock_that_ends_early_gives_back_what_it_was_foreseen_to_take(clock: MovableClock) -> None:
    (milestone,) = story.delivered()
    before = milestone.deadline_at
    assert before is not None
    clock.set(before - timedelta(minutes=10))
    client = milestone.contract.client
    row = lock_account(actor=SYSTEM, member_id=client.pk, until=before + timedelta(minutes=50), tries=10)
    clock.set(before)
    settle()
    assert again(milestone).deadline_at == before + timedelta(hours=1)
    end_lock(actor=SYSTEM, lock_id=row.pk, by="staff")
    settle()
    assert again(milestone).deadline_at == before + timedelta(minutes=10)


@pytest.mark.rule("A040", "A185")
def test_an_outage_and_a_freeze_at_once_count_once(clock: MovableClock, staff: Member, freeze: Freeze) -> None:
    (milestone,) = story.delivered()
    before = milestone.deadline_at
    assert before is not None
    clock.move(days=2)
    row = freeze(milestone.contract.client, 1)
    clock.move(hours=30)
    assert row.until == clock.moment - timedelta(hours=6)
    outage(staff, clock, hours_ago=10, until_hours_ago=4)  # four hours of it within the freeze
    clock.set(before)
    settle()
    assert again(milestone).deadline_at == before + timedelta(hours=24 + 2)


@pytest.mark.rule("A040")
def test_while_an_outage_goes_on_nothing_runs_out(clock: MovableClock, staff: Member) -> None:
    (milestone,) = story.delivered()
    before = milestone.deadline_at
    assert before is not None
    clock.set(before)
    row = outage(staff, clock, hours_ago=3)
    for _ in range(4):
        settle()
        assert again(milestone).state == "delivered"
        assert again(milestone).deadline_at > clock.moment
        clock.move(hours=1)
    row.state, row.ended_at, row.closes_at = "watching", clock.moment, clock.moment + DAY
    row.save()
    clock.set(clock.moment + timedelta(hours=3))
    settle()
    assert again(milestone).state == "accepted"
    assert len(told(milestone.contract.worker)) == 1


@pytest.mark.rule("A185")
def test_a_wait_that_begins_while_somebody_is_shut_out_begins_stopped(clock: MovableClock, freeze: Freeze) -> None:
    (milestone,) = story.funded()
    freeze(milestone.contract.client, 5)
    settle()
    clock.move(days=1)
    services.deliver(actor=milestone.contract.worker, milestone_id=milestone.pk, message="納品します。", links=[])
    milestone = again(milestone)
    days = milestone.contract.inspection_days
    assert milestone.deadline_at == kernel_clock.end_of(kernel_clock.today() + days * DAY) + 4 * DAY


@pytest.mark.rule("A185")
def test_an_early_end_does_not_take_effect_against_who_cannot_answer(
    clock: MovableClock, staff: Member, freeze: Freeze
) -> None:
    (milestone,) = story.funded()
    contract = milestone.contract
    request = services.ask_end(actor=contract.client, contract_id=contract.pk, reason="no_longer_needed")
    before = request.lapses_at
    row = freeze(contract.worker, 10)
    settle()
    clock.set(before)
    settle()
    assert EndRequest.objects.get().lapses_at == before + 10 * DAY
    assert EndRequest.objects.get().state == "open"
    with pytest.raises(Refused) as refused:
        services.ask_end(actor=contract.client, contract_id=contract.pk, reason="no_longer_needed")
    (blocker,) = refused.value.decision.blockers
    assert blocker.facts["stopped"] is True
    assert blocker.clears_at == before + 10 * DAY
    assert "お相手の方がいまサイトを使えないため" in blocker.reason.ja
    thaw(staff, row)
    settle()
    clock.set(EndRequest.objects.get().lapses_at)
    settle()
    assert EndRequest.objects.get().state == "lapsed"


def test_a_set_of_deliveries_is_accepted_as_each_alone_would_be(
    clock: MovableClock, freeze: Freeze, staff: Member
) -> None:
    due, thawed, frozen, already = (story.delivered()[0] for _ in range(4))
    ban = freeze(thawed.contract.client, 3)
    clock.move(days=1)
    thaw(staff, ban)
    services.accept_delivery(actor=already.contract.client, milestone_id=already.pk)
    assert due.deadline_at is not None
    clock.set(due.deadline_at - timedelta(hours=1))
    freeze(frozen.contract.client, 3)
    clock.move(hours=2)
    later = story.delivered()[0]
    rows = [again(m) for m in (due, thawed, frozen, already, later)]
    alone = [m.pk for m in allowed_among(ACCEPT, SYSTEM, rows)]
    assert alone == [due.pk], (
        "one is later by the day that its client was out, one stands still, one is done, one is new"
    )
    assert services.accept_due_deliveries(actor=SYSTEM, milestone_ids=[m.pk for m in rows]) == 1
    clock.move(days=1)
    assert services.accept_due_deliveries(actor=SYSTEM, milestone_ids=[m.pk for m in rows]) == 1
    assert [again(m).state for m in rows] == ["accepted", "accepted", "delivered", "accepted", "delivered"]
    assert [again(m).accepted_by_clock for m in rows] == [True, True, False, False, False]
    assert Lot.objects.count() == 3
    assert services.accept_due_deliveries(actor=SYSTEM, milestone_ids=[]) == 0
    assert [law for law in ("L1", "L5", "L6", "lots") if not invariants.check(law).ok] == []


def test_moving_what_is_right_already_changes_nothing(clock: MovableClock) -> None:
    (milestone,) = story.delivered()
    assert services.move_clocks(actor=SYSTEM, contract_id=milestone.contract_id) == 0
    with pytest.raises(Refused):
        services.move_clocks(actor=milestone.contract.client, contract_id=milestone.contract_id)


def test_many_due_at_once_cost_no_more_to_look_at(
    clock: MovableClock, freeze: Freeze, django_assert_max_num_queries
) -> None:
    rows = story.delivered((10_000, 20_000, 30_000))
    freeze(rows[0].contract.client, 10)
    settle()
    clock.set(rows[0].deadline_at)
    with django_assert_max_num_queries(5 * len(deadlines.SWEEPS)):
        deadlines.run_all_due()
    assert {again(m).state for m in rows} == {"delivered"}
