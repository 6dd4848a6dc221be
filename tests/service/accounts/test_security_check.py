"""「これは私ではありません」: one press protects the account, however often; and the check-up from time to time."""

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD, Join
from tests.story import proved

from kotowari.accounts.callers import Caller
from kotowari.accounts.check_up import AREAS
from kotowari.accounts.links import Fate, not_me_path, record_by_not_me
from kotowari.accounts.models import (
    Device,
    Member,
    Restriction,
    RiskCase,
    SecurityCheck,
    Session,
    SignInRecord,
)
from kotowari.accounts.selectors import last_check, restrictions_on
from kotowari.accounts.services import (
    appoint_staff,
    authenticate_token,
    complete_check,
    create_api_token,
    lift,
    remind_of_check,
    report_not_me,
    set_password,
    sign_in,
)
from kotowari.foundation import deadlines, policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice, OutgoingMail
from kotowari.kernel.errors import InputError, NotVisible, Refused

HOME = Caller(network="192.0.2.0/24", label="Firefox / Linux")
ABROAD = Caller(network="198.51.100.0/24", label="Chrome 140 / Windows")
NEW = "seven gentle foxes dancing"
RIGHT = dict.fromkeys(AREAS, "right")


def at_home(member: Member) -> Caller:
    """The caller from the one device that the account knows."""
    return Caller(network=HOME.network, label=HOME.label, devices=(Device.objects.earliest("id").pk,))


def last_record() -> SignInRecord:
    return SignInRecord.objects.latest("id")


def token_of(record: SignInRecord) -> str:
    return not_me_path(record).split("/")[-2]


@pytest.fixture
def opened(member: Member, clock: MovableClock) -> SignInRecord:
    """The owner came in from home, then somebody from elsewhere: the record of that somebody."""
    sign_in(actor=member, way="password", caller=HOME)
    sign_in(actor=member, way="password", caller=ABROAD)
    return last_record()


@pytest.mark.django_db
@pytest.mark.rule("A119", "A122")
def test_a_new_device_is_told_at_every_address_with_what_when_and_a_link(member: Member, clock: MovableClock) -> None:
    EmailAddress.objects.create(user=member, email="second@example.jp", verified=True)
    EmailAddress.objects.create(user=member, email="unproved@example.jp", verified=False)
    sign_in(actor=member, way="password", caller=HOME)
    assert not Notice.objects.exists()
    sign_in(actor=member, way="password", caller=ABROAD)
    notice = Notice.objects.get()
    path = not_me_path(last_record())
    assert (notice.kind, notice.url) == ("accounts.new_device", path)
    for words in ("11月20日 10:00", "Chrome 140 / Windows", "回線 198.51.100.0/24", "7日間"):
        assert words in notice.body.ja, words
    mails = OutgoingMail.objects.order_by("id")
    assert [mail.to for mail in mails] == [member.email, "second@example.jp"]
    assert all(path in mail.body for mail in mails)


@pytest.mark.django_db
@pytest.mark.rule("A119")
def test_a_known_device_on_a_new_network_is_told_in_the_site_alone(member: Member) -> None:
    sign_in(actor=member, way="password", caller=HOME)
    known = at_home(member)
    sign_in(actor=member, way="password", caller=known)
    assert not Notice.objects.exists()
    sign_in(
        actor=member, way="password", caller=Caller(network=ABROAD.network, label=HOME.label, devices=known.devices)
    )
    assert [n.kind for n in Notice.objects.all()] == ["accounts.new_network"]
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
@pytest.mark.rule("A120", "A121")
def test_one_press_closes_every_way_in_and_stops_the_money(member: Member, opened: SignInRecord) -> None:
    EmailAddress.objects.create(user=member, email="second@example.jp", verified=True)
    token = create_api_token(actor=proved(member), name="books", scopes=["jobs:read"])
    intruder = Client()
    assert intruder.post("/login/", {"login": member.username, "password": PASSWORD}).status_code in (302, 303)
    before = OutgoingMail.objects.latest("id").pk
    row = report_not_me(actor=member, record_id=opened.pk)
    assert row.until == row.since + timedelta(days=policy.value("accounts.hold_days"))
    assert [r.id for scope in ("payout", "payout_destination") for r in restrictions_on(member.pk, scope)] == [
        row.pk,
        row.pk,
    ]
    assert not Session.objects.filter(member=member).exists()
    assert intruder.get("/my/").status_code == 302
    assert not Device.objects.filter(member=member, forgotten_at__isnull=True).exists()
    with pytest.raises(Refused):
        authenticate_token(f"Bearer {token.plaintext}")
    member.refresh_from_db()
    assert member.password_void_since
    again = Client().post("/login/", {"login": member.username, "password": PASSWORD})
    assert again.status_code == 422
    case = RiskCase.objects.get()
    assert (case.kind, case.facts["label"], case.facts["network"]) == ("not_me", ABROAD.label, ABROAD.network)
    sent = list(OutgoingMail.objects.filter(pk__gt=before).order_by("id"))
    assert [mail.to for mail in sent] == [member.email, "second@example.jp", member.email]
    assert "保護措置" in sent[0].subject
    assert "すべての端末をログアウトし" in sent[0].body
    assert re.search(r"/password/reset/\S+/", sent[2].body)


@pytest.mark.django_db
@pytest.mark.rule("A120")
def test_however_often_it_is_pressed_it_is_done_once(member: Member, opened: SignInRecord, clock: MovableClock) -> None:
    first = report_not_me(actor=member, record_id=opened.pk)
    told = (OutgoingMail.objects.count(), Notice.objects.count())
    clock.move(hours=1)
    assert report_not_me(actor=member, record_id=opened.pk) == first
    assert (OutgoingMail.objects.count(), Notice.objects.count()) == told
    assert Restriction.objects.count() == RiskCase.objects.get().happened == 1
    assert AuditEntry.objects.filter(kind="accounts.not_me_reported").count() == 2


@pytest.mark.django_db
@pytest.mark.rule("A120", "A121")
def test_a_later_sign_in_that_was_not_mine_either_begins_the_hold_anew_and_wants_another_password(
    member: Member, opened: SignInRecord, clock: MovableClock
) -> None:
    row = report_not_me(actor=member, record_id=opened.pk)
    clock.move(minutes=5)
    member = set_password(actor=member, password=NEW)
    clock.move(days=1)
    sign_in(actor=member, way="password", caller=ABROAD)
    again = report_not_me(actor=member)
    row.refresh_from_db()
    assert again.since == row.until == clock.moment
    assert [held.id for held in restrictions_on(member.pk, "payout")] == [again.pk]
    with pytest.raises(Refused) as early:
        lift(actor=Member.objects.get(), restriction_id=again.pk)
    assert [b.code for b in early.value.decision.blockers] == ["accounts.restriction.lift.password_first"]
    clock.move(minutes=5)
    member = set_password(actor=member, password=f"{NEW} again")
    lift(actor=member, restriction_id=again.pk)
    assert not restrictions_on(member.pk, "payout")


@pytest.mark.django_db
@pytest.mark.rule("A120")
def test_staff_are_protected_all_the_same_and_another_of_them_lifts_it(join: Join, clock: MovableClock) -> None:
    mine, other = (appoint_staff(actor=SYSTEM, member_id=join(name).pk) for name in ("unei_one", "unei_two"))
    row = report_not_me(actor=mine)
    clock.move(minutes=5)
    mine = set_password(actor=mine, password=NEW)
    with pytest.raises(Refused) as refused:
        lift(actor=mine, restriction_id=row.pk)
    assert [b.code for b in refused.value.decision.blockers] == ["accounts.restriction.lift.oneself"]
    lift(actor=other, restriction_id=row.pk, because="本人に電話で確かめました。")


@pytest.mark.django_db
def test_what_is_no_sign_in_of_mine_is_not_there(member: Member, opened: SignInRecord, join: Join) -> None:
    with pytest.raises(NotVisible):
        report_not_me(actor=join("tanin"), record_id=opened.pk)
    with pytest.raises(Refused):
        report_not_me(actor=SYSTEM)
    assert not Restriction.objects.exists()


@pytest.mark.django_db
@pytest.mark.rule("A120")
def test_each_link_says_what_became_of_it(member: Member, opened: SignInRecord, clock: MovableClock) -> None:
    token = token_of(opened)
    assert record_by_not_me(token) == (opened, Fate.GOOD)
    for broken in (token[:-1], token + "x", "never-one-of-ours", ""):
        assert record_by_not_me(broken)[1] is Fate.BROKEN, broken
    clock.set(opened.at + timedelta(days=7) - timedelta(seconds=1))
    assert record_by_not_me(token)[1] is Fate.GOOD
    clock.move(seconds=1)
    assert record_by_not_me(token)[1] is Fate.EXPIRED
    clock.set(opened.at + timedelta(hours=1))
    report_not_me(actor=member, record_id=opened.pk)
    assert record_by_not_me(token)[1] is Fate.USED
    opened.delete()
    assert record_by_not_me(token) == (None, Fate.EXPIRED)


@pytest.mark.django_db
@pytest.mark.rule("A131", "A133")
def test_a_check_needs_an_answer_for_each_area_and_what_is_not_mine_comes_before_staff(member: Member) -> None:
    with pytest.raises(InputError) as missing:
        complete_check(actor=member, answers={"money": "right", "devices": "perhaps"})
    assert set(missing.value.fields) == set(AREAS) - {"money"}
    complete_check(actor=member, answers=RIGHT)
    assert not RiskCase.objects.exists()
    row = complete_check(actor=member, answers={**RIGHT, "money": "not_mine", "tokens": "not_mine"})
    assert row.doubtful == ["money", "tokens"]
    assert last_check(member) == row
    case = RiskCase.objects.get()
    assert (case.kind, case.facts) == ("unfamiliar_activity", {"areas": ["money", "tokens"]})
    assert SecurityCheck.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.rule("A133")
def test_the_check_is_brought_to_mind_once_in_six_months_and_not_by_mail(member: Member, clock: MovableClock) -> None:
    def reminders() -> int:
        deadlines.run_all_due()
        return Notice.objects.filter(kind="accounts.check_due").count()

    complete_check(actor=member, answers=RIGHT)
    clock.move(days=180)
    assert reminders() == 0
    clock.move(days=2)
    assert reminders() == 1
    assert reminders() == 1
    assert not OutgoingMail.objects.filter(subject__contains="点検").exists()
    clock.move(days=100)
    complete_check(actor=member, answers=RIGHT)
    clock.move(days=100)
    assert reminders() == 1
    clock.move(days=90)
    assert reminders() == 2
    with pytest.raises(Refused) as early:
        remind_of_check(actor=SYSTEM, member_id=member.pk)
    assert [b.code for b in early.value.decision.blockers] == ["accounts.security_check.remind.not_due"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("A120")
@pytest.mark.parametrize("_round", range(3))
def test_who_signs_in_while_the_owner_says_not_me_is_out_in_the_end(member: Member, _round: int) -> None:
    """The intruder is before it and thrown out, or after it with a password that opens nothing."""
    barrier, intruder, answers = threading.Barrier(2), Client(raise_request_exception=False), {}

    def run(name: str, call: Any) -> None:
        try:
            barrier.wait(10)
            answers[name] = call()
        finally:
            connection.close()

    calls = {
        "sign_in": lambda: intruder.post("/login/", {"login": member.username, "password": PASSWORD}),
        "report": lambda: report_not_me(actor=member),
    }
    threads = [threading.Thread(target=run, args=item) for item in calls.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(answers) == {"sign_in", "report"}
    assert not Session.objects.filter(member=member).exists()
    assert intruder.get("/my/").status_code == 302
    assert Restriction.objects.filter(member=member, cause="not_me").count() == 1
