"""When members could not act: locks, freezes and holds, as they really were, each moment once."""

from datetime import timedelta

import pytest
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join

from kotowari.accounts.models import Member
from kotowari.accounts.restrictions import ANY
from kotowari.accounts.selectors import shut_out_spans
from kotowari.accounts.services import appoint_staff, end_lock, lift, lock_account, restrict
from kotowari.accounts.services.restrictions import hold
from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.spans import Span

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_one").pk)


def freeze(staff: Member, member: Member, until):
    return restrict(actor=staff, member_id=member.pk, cause="terms_breach", until=until, explanation="事実")


@pytest.mark.rule("A185")
def test_a_lock_counts_until_it_is_ended_and_no_longer(member: Member, clock: MovableClock) -> None:
    start = clock.moment
    row = lock_account(actor=SYSTEM, member_id=member.pk, until=start + timedelta(minutes=15), tries=10)
    assert shut_out_spans([member.pk], start) == {member.pk: [Span(start, start + timedelta(minutes=15))]}
    clock.move(seconds=37)
    end_lock(actor=SYSTEM, lock_id=row.pk, by="link")
    assert shut_out_spans([member.pk], start) == {member.pk: [Span(start, clock.moment)]}


@pytest.mark.rule("A185")
def test_a_freeze_and_a_lock_at_once_count_once_and_a_freeze_counts_until_it_is_lifted(
    member: Member, staff: Member, clock: MovableClock
) -> None:
    start = clock.moment
    row = freeze(staff, member, start + timedelta(days=30))
    lock_account(actor=SYSTEM, member_id=member.pk, until=start + timedelta(hours=1), tries=10)
    assert shut_out_spans([member.pk], start)[member.pk] == [Span(start, start + timedelta(days=30))]
    clock.move(days=4)
    lift(actor=staff, restriction_id=row.pk, because="確認できました。")
    assert shut_out_spans([member.pk], start)[member.pk] == [Span(start, clock.moment)]


@pytest.mark.rule("A042")
def test_a_hold_keeps_nobody_from_acting_but_money_is_out_of_reach(member: Member, clock: MovableClock) -> None:
    start = clock.moment
    hold(actor=SYSTEM, member=member, cause="not_me", until=start + timedelta(days=14))
    clock.move(days=1)
    hold(actor=SYSTEM, member=member, cause="not_me", until=clock.moment + timedelta(days=14))
    assert shut_out_spans([member.pk], start)[member.pk] == []
    assert shut_out_spans([member.pk], start, scopes=ANY)[member.pk] == [Span(start, start + timedelta(days=15))]


def test_what_was_over_before_is_left_out_and_many_cost_no_more_than_one(
    join: Join, staff: Member, clock: MovableClock, django_assert_num_queries
) -> None:
    members = [join(f"member_{n}") for n in range(5)]
    for each in members:
        freeze(staff, each, clock.moment + timedelta(days=1))
    clock.move(days=2)
    with django_assert_num_queries(2):
        found = shut_out_spans([each.pk for each in members], clock.moment)
    assert found == {each.pk: [] for each in members}
    with django_assert_num_queries(0):
        assert shut_out_spans([], clock.moment) == {}
