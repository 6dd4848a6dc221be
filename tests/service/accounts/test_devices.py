"""Sessions and devices are their owner's: listed, ended, forgotten, and deleted in time."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import gates
from kotowari.accounts.callers import Caller
from kotowari.accounts.models import Device, Member, Session, SignInRecord
from kotowari.accounts.selectors import devices_visible_to, open_sessions, records_visible_to
from kotowari.accounts.services import (
    end_all_sessions,
    end_other_sessions,
    end_session,
    forget_device,
    restrict,
    set_password,
    sign_in,
)
from kotowari.foundation import deadlines, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.foundation.subjects import load
from kotowari.kernel import clock as kernel_clock
from kotowari.kernel.errors import NotVisible, Refused
from kotowari.kernel.gates import explain

HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")
NOBODYS = UUID("00000000-0000-7000-8000-000000000000")


def opened(member: Member, *, remember: bool = False) -> Client:
    """A browser of its own in which the member signed in with the password."""
    browser = Client()
    given = {"login": member.username, "password": PASSWORD} | ({"remember": "on"} if remember else {})
    assert browser.post("/login/", given).status_code in (302, 303)
    return browser


def key_of(browser: Client) -> str:
    return str(browser.session.session_key)


def is_in(browser: Client) -> bool:
    return browser.get("/my/").status_code == 200


@pytest.mark.django_db
@pytest.mark.rule("A035", "A119")
def test_what_is_open_is_listed_the_present_one_first_and_never_by_its_key(member: Member, clock: MovableClock) -> None:
    first = opened(member, remember=True)
    clock.move(minutes=10)
    opened(member)
    found = open_sessions(member, key_of(first))
    assert [(each.is_this, each.is_remembered) for each in found] == [(True, True), (False, False)]
    assert found[0].opened_at < found[1].opened_at
    assert len({each.pk for each in found}) == 2
    for each in found:
        assert load("accounts.session", str(each.pk), actor=member).row == each.row
        told = str(explain(gates.END_SESSION, member, each).as_json())
        assert str(each.pk) in told
        assert str(each.row.session_key) not in told


@pytest.mark.django_db
@pytest.mark.rule("A035")
def test_one_is_ended_or_all_others_or_all(member: Member) -> None:
    here, there, elsewhere, last = (opened(member) for _ in range(4))
    end_session(actor=member, session_id=Session.objects.get(pk=key_of(there)).public_id)
    assert [is_in(each) for each in (here, there, elsewhere)] == [True, False, True]
    end_other_sessions(actor=member, present_key=key_of(here))
    assert [is_in(each) for each in (here, elsewhere, last)] == [True, False, False]
    with pytest.raises(Refused) as refused:
        end_other_sessions(actor=member, present_key=key_of(here))
    assert [b.code for b in refused.value.decision.blockers] == ["accounts.session.end_others.no_others"]
    end_all_sessions(actor=member)
    assert not is_in(here)
    kinds = AuditEntry.objects.filter(kind__startswith="accounts.session").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["accounts.session_ended", "accounts.sessions_ended", "accounts.sessions_ended"]


@pytest.mark.django_db
def test_what_is_not_ones_own_is_not_there(member: Member, join: Join) -> None:
    other = join("tanin")
    browser = opened(other)
    session, device = Session.objects.get(member=other), Device.objects.get(member=other)
    for attempt in (
        lambda: end_session(actor=member, session_id=session.public_id),
        lambda: end_session(actor=member, session_id=NOBODYS),
        lambda: forget_device(actor=member, device_id=device.pk),
        lambda: load("accounts.session", str(session.public_id), actor=member),
        lambda: load("accounts.device", str(device.pk), actor=member),
    ):
        with pytest.raises(NotVisible):
            attempt()
    assert is_in(browser)
    for seen in (open_sessions(member, None), devices_visible_to(member), records_visible_to(member)):
        assert not list(seen)


@pytest.mark.django_db
@pytest.mark.rule("A035", "A119")
def test_a_forgotten_device_is_a_stranger_again(member: Member) -> None:
    opened(member)
    browser = opened(member)
    device = Device.objects.latest("id")
    forget_device(actor=member, device_id=device.pk)
    assert not is_in(browser)
    assert device not in devices_visible_to(member)
    with pytest.raises(Refused):
        forget_device(actor=member, device_id=device.pk)
    before = Notice.objects.filter(kind="accounts.new_device").count()
    browser.post("/login/", {"login": member.username, "password": PASSWORD})
    assert Notice.objects.filter(kind="accounts.new_device").count() == before + 1
    assert Device.objects.filter(member=member, forgotten_at__isnull=True).count() == 2


@pytest.mark.django_db
def test_forgetting_the_device_in_use_leaves_its_owner_signed_in(member: Member) -> None:
    browser = opened(member)
    forget_device(actor=member, device_id=Device.objects.get().pk, present_key=key_of(browser))
    assert is_in(browser)


@pytest.mark.django_db
@pytest.mark.rule("A130")
def test_a_new_password_ends_every_session_at_once(member: Member) -> None:
    browser = opened(member)
    set_password(actor=member, password="seven gentle foxes dancing")
    assert not Session.objects.filter(member=member).exists()
    assert not is_in(browser)


@pytest.mark.django_db
@pytest.mark.rule("A119")
def test_the_history_holds_failures_too_and_is_deleted_in_time(member: Member, clock: MovableClock) -> None:
    browser = opened(member, remember=True)
    Client().post("/login/", {"login": member.username, "password": "not my password"})
    assert list(records_visible_to(member).values_list("outcome", flat=True)) == ["wrong", "in"]
    days = policy.value("accounts.history_days")
    clock.move(days=days)
    sign_in(actor=member, way="passkey", caller=HERE)
    clock.move(seconds=1)
    deadlines.run_all_due()
    assert list(SignInRecord.objects.values_list("way", flat=True)) == ["passkey"]
    # A device with an open session stays known as long as that; one that is just old goes.
    assert Device.objects.count() == 2
    Session.objects.get(pk=key_of(browser)).delete()
    deadlines.run_all_due()
    assert Device.objects.get().label == HERE.label


@pytest.mark.django_db
def test_a_visitor_ends_nothing(member: Member) -> None:
    (blocker,) = explain(gates.END_ALL_SESSIONS, None).blockers
    assert (blocker.code, blocker.status) == ("accounts.session.end_all.sign_in_needed", 401)


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A120", "A123")
@pytest.mark.parametrize("_round", range(3))
def test_signing_in_while_all_sessions_are_ended_leaves_none_open(member: Member, _round: int) -> None:
    """Whoever signs in at the very moment of a freeze is before it and thrown out, or after it and not let in."""
    EmailAddress.objects.get(user=member)  # a proved member
    barrier, browser, answers = threading.Barrier(2), Client(raise_request_exception=False), {}

    def run(name: str, call: Any) -> None:
        try:
            barrier.wait(10)
            answers[name] = call()
        finally:
            connection.close()

    until = kernel_clock.now() + timedelta(days=1)
    staff = Member.objects.create_user("unei_one", "unei@example.jp", display_name="x", is_staff=True)
    calls = {
        "sign_in": lambda: browser.post("/login/", {"login": member.username, "password": PASSWORD}),
        "freeze": lambda: restrict(
            actor=staff, member_id=member.pk, cause="terms_breach", until=until, explanation="x"
        ),
    }
    threads = [threading.Thread(target=run, args=item) for item in calls.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(answers) == {"sign_in", "freeze"}
    assert not Session.objects.filter(member=member).exists()
    assert not is_in(browser)


@pytest.mark.django_db
def test_the_market_itself_has_no_devices() -> None:
    assert not devices_visible_to(SYSTEM).exists()
    assert open_sessions(SYSTEM, None) == []
