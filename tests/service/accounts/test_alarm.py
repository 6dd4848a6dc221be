"""Passwords tried across many accounts come before staff, however many tries there are, with a bounded few questions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.service.accounts.conftest import Join

from kotowari.accounts import tasks
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Member, RiskCase, SignInRecord
from kotowari.accounts.services import appoint_staff, close_risk, sign_in, watch_sign_ins
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice
from kotowari.kernel.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.rule("A019")]
ATTACKER, HOME = "203.0.113.0/24", "192.0.2.0/24"


@pytest.fixture
def staff(clock: MovableClock, join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_one").pk)


def crowd(count: int) -> list[Member]:
    return Member.objects.bulk_create(
        Member(username=f"member{n}", display_name=f"会員{n}", email=f"member{n}@example.jp") for n in range(count)
    )


def failures(whose: Iterable[Member | None], at: datetime, network: str = ATTACKER, way: str = "password") -> None:
    SignInRecord.objects.bulk_create(
        SignInRecord(member=member, way=way, outcome="wrong", label="curl", network=network, at=at) for member in whose
    )


def came_in(member: Member, network: str) -> None:
    sign_in(actor=member, way="password", caller=Caller(network=network, label="Chrome / Windows"))


def test_many_accounts_from_one_network_raise_one_case_that_names_what_was_opened(
    clock: MovableClock, staff: Member, join: Join, django_assert_max_num_queries: Any
) -> None:
    robbed, at_home = join("robbed"), join("at_home")
    came_in(at_home, HOME)
    clock.move(hours=2)
    people = crowd(1_500)
    failures(people, clock.moment)
    failures([None] * 2_000, clock.moment)
    failures(people[:15], clock.moment, network="198.51.100.0/24")
    came_in(robbed, ATTACKER)
    came_in(at_home, HOME)
    with django_assert_max_num_queries(24):
        assert watch_sign_ins(actor=SYSTEM) == 1
    case = RiskCase.objects.get()
    assert (case.kind, case.member, case.state) == ("credential_stuffing", None, "open")
    assert case.facts["networks"] == [{"network": ATTACKER, "failures": 3_500, "touched": 3_500}]
    assert [each["member"] for each in case.facts["opened"]] == [str(robbed.pk)]
    told = Notice.objects.get(member=staff, kind="accounts.alarm")
    assert told.url == f"/console/risks/{case.pk}/"
    assert "3515件" in told.body.ja


def test_quiet_times_cost_three_questions(clock: MovableClock, staff: Member, django_assert_num_queries: Any) -> None:
    failures(crowd(10), clock.moment)
    failures([None] * 10, clock.moment)
    with django_assert_num_queries(5):  # two of them are the transaction's own
        assert watch_sign_ins(actor=SYSTEM) == 0
    assert not RiskCase.objects.exists()


@pytest.mark.parametrize(("touched", "raised"), [(20, 0), (21, 1)])
def test_the_operators_number_of_logins_is_the_line(
    clock: MovableClock, staff: Member, touched: int, raised: int
) -> None:
    failures([*crowd(10), *[None] * (touched - 10)], clock.moment)
    assert watch_sign_ins(actor=SYSTEM) == raised


def test_one_person_who_types_wrongly_again_and_again_is_no_attack(clock: MovableClock, join: Join) -> None:
    failures([join()] * 200, clock.moment)
    failures(crowd(100), clock.moment, way="passkey")
    failures(crowd_again(), clock.moment - timedelta(minutes=15))
    assert watch_sign_ins(actor=SYSTEM) == 0


def crowd_again() -> list[Member]:
    return list(Member.objects.filter(username__startswith="member"))


@pytest.mark.parametrize(("usual_per_window", "raised"), [(100, 0), (60, 1)])
def test_failures_spread_over_many_networks_are_compared_with_the_usual(
    clock: MovableClock, staff: Member, usual_per_window: int, raised: int
) -> None:
    now, window = clock.moment, timedelta(minutes=15)
    for n in range(1, 21):
        failures([None] * usual_per_window, now - n * window - timedelta(seconds=1), network=f"10.{n}.0.0/24")
    SignInRecord.objects.bulk_create(
        SignInRecord(way="password", outcome="wrong", label="curl", network=f"10.9.{n}.0/24", at=now)
        for n in range(400)
    )
    assert watch_sign_ins(actor=SYSTEM) == raised
    if raised:
        facts = RiskCase.objects.get().facts
        assert (facts["failures"], facts["networks"]) == (400, [])
        assert usual_per_window <= facts["usual"] <= usual_per_window * 1.06


def test_an_attack_that_goes_on_is_counted_on_once_per_window_and_keeps_what_it_named(
    clock: MovableClock, staff: Member, join: Join
) -> None:
    people, first, second = crowd(30), join("first_one"), join("second_one")
    failures(people, clock.moment)
    came_in(first, ATTACKER)
    assert tasks.sound_alarm() == 1
    assert tasks.sound_alarm() == 0, "the same minutes are not looked at twice"
    clock.move(minutes=16)
    failures(people, clock.moment, network="198.51.100.0/24")
    came_in(second, "198.51.100.0/24")
    assert tasks.sound_alarm() == 1
    case = RiskCase.objects.get()
    assert case.happened == 2
    assert {each["network"] for each in case.facts["networks"]} == {ATTACKER, "198.51.100.0/24"}
    assert {each["member"] for each in case.facts["opened"]} == {str(first.pk), str(second.pk)}
    assert Notice.objects.filter(kind="accounts.alarm").count() == 1, "staff are told once"
    close_risk(actor=staff, case_id=case.pk, conclusion="回線を調べた。")
    clock.move(minutes=16)
    failures(people, clock.moment)
    assert tasks.sound_alarm() == 1
    assert RiskCase.objects.count() == 2


def test_only_the_market_itself_sounds_it(clock: MovableClock, staff: Member) -> None:
    with pytest.raises(Refused):
        watch_sign_ins(actor=staff)
