"""Recognising somebody by a password: three counters, the lane of a known device, one answer for every no."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import OperationalError
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import authentication, gates, tries
from kotowari.accounts.callers import Caller, cookie_of, devices_in
from kotowari.accounts.models import Device, Lock, Member, Restriction, RiskCase, SignInRecord
from kotowari.accounts.services import end_lock, sign_in
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.kernel.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")


def elsewhere(number: int) -> Caller:
    return Caller(network=f"198.51.{number}.0/24", label="?")


def attempt(login: str = "hanako_s", password: str = PASSWORD, caller: Caller = HERE) -> Member | Refused:
    try:
        found = authentication.by_password(login=login, password=password, caller=caller)
    except Refused as refused:
        return refused
    assert isinstance(found, Member)
    return found


def code_of(answer: Member | Refused) -> str:
    assert isinstance(answer, Refused)
    return answer.decision.blockers[0].code.rpartition(".")[2]


def known(member: Member, caller: Caller = HERE) -> Caller:
    device = sign_in(actor=member, way="password", caller=caller)
    return Caller(network=caller.network, label=caller.label, devices=(device.pk,))


def strangers_lock(member: Member, tries: int = 20) -> Lock:
    for number in range(tries):
        assert code_of(attempt(password="wrong", caller=elsewhere(number))) == "no_match"
    return Lock.objects.filter(member=member).latest("id")


@pytest.mark.rule("A010", "A184")
@pytest.mark.parametrize("state", ["unknown", "wrong", "locked", "frozen", "left", "closed", "void"])
def test_every_no_is_one_answer_and_only_the_record_knows_the_cause(
    member: Member, clock: MovableClock, state: str
) -> None:
    changes = {
        "left": {"left_at": clock.moment},
        "closed": {"is_active": False},
        "void": {"password_void_since": clock.moment},
    }
    Member.objects.filter(pk=member.pk).update(**changes.get(state, {"language": "ja"}))
    if state == "frozen":
        Restriction.objects.create(
            member=member, cause="terms_breach", scope=["sign_in"], until=clock.moment + timedelta(days=7)
        )
    if state == "locked":
        Lock.objects.create(member=member, level=1, tries=20, until=clock.moment + timedelta(minutes=10))
    answer = attempt("nobody" if state == "unknown" else "hanako_s", "wrong" if state == "wrong" else PASSWORD)
    assert isinstance(answer, Refused)
    (blocker,) = answer.decision.blockers
    assert blocker == authentication.refuse(gates.SIGN_IN, authentication.no_match("x", 9)).decision.blockers[0]
    cause = {"unknown": "wrong", "left": "has_left", "void": "password_void"}.get(state, state)
    record = SignInRecord.objects.get()
    assert (record.outcome, record.member_id) == (cause, None if state == "unknown" else member.pk)


@pytest.mark.rule("A015")
def test_wrong_passwords_from_one_network_wait_and_a_right_one_begins_anew(member: Member, clock: MovableClock) -> None:
    for left in range(9, -1, -1):
        answer = attempt(password="wrong")
        assert isinstance(answer, Refused)
        assert answer.decision.blockers[0].facts["remaining"] == left
    assert code_of(attempt()) == "too_many_tries"
    assert isinstance(attempt(caller=elsewhere(1)), Member)
    clock.move(seconds=30)
    assert isinstance(attempt(), Member)
    for _ in range(10):
        assert code_of(attempt(password="wrong")) == "no_match"


def test_one_network_cannot_try_many_accounts_and_a_right_password_does_not_begin_it_anew(
    member: Member, clock: MovableClock
) -> None:
    for number in range(tries.NETWORK_FREE):
        if number % 10 == 9:
            assert isinstance(attempt(), Member)
        assert code_of(attempt(f"member_{number}")) == "no_match"
    assert code_of(attempt("member_next")) == "network_waits"
    assert code_of(attempt("member_next", caller=elsewhere(2))) == "no_match"


@pytest.mark.rule("A015", "A017", "A019")
def test_strangers_lock_the_account_against_strangers_and_the_owner_is_told(
    member: Member, clock: MovableClock
) -> None:
    mine = known(member)
    lock = strangers_lock(member)
    assert lock.until == clock.moment + timedelta(minutes=10)
    assert code_of(attempt(caller=elsewhere(99))) == "no_match"
    assert SignInRecord.objects.latest("id").outcome == "locked"
    notice = Notice.objects.get(kind="accounts.locked")
    assert "10:10" in notice.body.ja
    assert notice.url.startswith("/login/unlock/")
    assert isinstance(attempt(caller=mine), Member), "a device that the account knows has a lane of its own"
    clock.move(minutes=10)
    assert isinstance(attempt(caller=elsewhere(99)), Member)


def test_a_lock_is_ended_by_link_or_staff_and_tries_begin_anew(member: Member, clock: MovableClock) -> None:
    lock = strangers_lock(member)
    end_lock(actor=SYSTEM, lock_id=lock.pk, by="link")
    assert isinstance(attempt(caller=elsewhere(99)), Member)
    with pytest.raises(Refused) as refused:
        end_lock(actor=SYSTEM, lock_id=lock.pk, by="staff")
    assert code_of(refused.value) == "not_locked"


@pytest.mark.rule("A019")
def test_locks_that_come_again_are_longer_and_come_before_staff(member: Member, clock: MovableClock) -> None:
    lock = strangers_lock(member)
    lengths = [lock.until - lock.since]
    for number in range(100, 102):
        clock.set(lock.until)
        attempt(password="wrong", caller=elsewhere(number))
        lock = Lock.objects.latest("id")
        lengths.append(lock.until - lock.since)
    assert lengths == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    case = RiskCase.objects.get()
    assert (case.kind, case.member_id, case.facts["level"]) == ("repeated_locks", member.pk, 3)


def test_the_lane_of_a_device_is_its_owners_alone_and_counts_too(
    member: Member, join: Join, clock: MovableClock
) -> None:
    mine = known(member)
    join("taro_y")
    for _ in range(10):
        assert code_of(attempt(password="wrong", caller=mine)) == "no_match"
    assert code_of(attempt(caller=mine)) == "too_many_tries"
    assert isinstance(attempt(login="taro_y", caller=mine), Member)
    Device.objects.update(forgotten_at=clock.moment)
    assert isinstance(attempt(caller=mine), Member), "a forgotten device is a stranger with counters of its own"


def test_a_cookie_of_devices_is_believed_only_as_it_was_signed(member: Member) -> None:
    device = sign_in(actor=member, way="password", caller=HERE)
    cookie = cookie_of((device.pk,) * 7)
    assert devices_in(cookie) == (device.pk,) * 5
    for odd in ("", "x", cookie[:-1], cookie.upper(), "a:b:c", "x" * 5000):
        assert devices_in(odd) == ()


@pytest.mark.rule("A014")
def test_a_fault_of_ours_counts_against_nobody(member: Member, clock: MovableClock) -> None:
    for _ in range(30):
        with (
            mock.patch("kotowari.accounts.credentials.fits", side_effect=OperationalError("away")),
            pytest.raises(OperationalError),
        ):
            authentication.by_password(login="hanako_s", password=PASSWORD, caller=HERE)
    assert isinstance(attempt(), Member)
    assert not Lock.objects.exists()


@pytest.mark.rule("A119")
def test_a_device_that_is_not_the_first_is_told_to_the_owner(member: Member, clock: MovableClock) -> None:
    mine = known(member)
    assert not Notice.objects.filter(kind="accounts.new_device").exists()
    known(member, mine)
    assert Device.objects.count() == 1
    known(member, Caller(network="203.0.113.0/24", label="Safari / iOS"))
    assert "Safari / iOS" in Notice.objects.get(kind="accounts.new_device").body.ja
    assert list(SignInRecord.objects.order_by("id").values_list("outcome", flat=True)) == ["in"] * 3
    assert AuditEntry.objects.filter(kind="accounts.signed_in").count() == 3
