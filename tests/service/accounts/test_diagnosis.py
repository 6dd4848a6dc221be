"""Why an account does not open: told to its owner alone, with the one step that opens it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.service.accounts.conftest import PASSWORD

from kotowari.accounts import authentication
from kotowari.accounts.actors import VISITOR
from kotowari.accounts.callers import Caller
from kotowari.accounts.mails import lock_in
from kotowari.accounts.models import Lock, Member, Restriction
from kotowari.accounts.services import ask_password_reset, ask_why
from kotowari.foundation import outbox
from kotowari.foundation.models import AuditEntry, OutboxEvent, OutgoingMail
from kotowari.kernel.errors import InputError, Refused

pytestmark = pytest.mark.django_db(transaction=True)
HERE = Caller(network="192.0.2.0/24", label="Firefox / Linux")


def reason(login: str = "hanako_s@example.jp", language: Any = "ja") -> OutgoingMail:
    ask_why(actor=VISITOR, login=login, language=language)
    while outbox.deliver_waiting():
        pass
    return OutgoingMail.objects.latest("id")


def link_in(mail: OutgoingMail, step: str) -> str:
    return mail.body.split(step)[1].split()[0]


@pytest.mark.rule("A013", "A184")
@pytest.mark.parametrize("login", ["hanako_s", " Ｈanako_S@example.jp "])
def test_an_account_in_order_says_so_and_how_to_sign_in(member: Member, login: str) -> None:
    mail = reason(login)
    assert mail.to == member.email
    assert "hanako_s" in mail.body
    assert "いつもどおり使えます" in mail.body
    assert link_in(mail, "次の一歩: ログインする(パスワードがわからなければ再設定もできます)").endswith("/login/")


@pytest.mark.rule("A001", "A013")
def test_a_wrong_password_is_named_with_its_time_and_device_and_leads_to_a_new_one(
    clock: MovableClock, member: Member
) -> None:
    with pytest.raises(Refused):
        authentication.by_password(login="hanako_s", password="wrong", caller=HERE)
    mail = reason()
    for words in ("入力されたパスワードが登録と違っていました", "11/20 10:00 Firefox / Linux パスワードが違いました"):
        assert words in mail.body
    assert "/password/reset/" in link_in(mail, "次の一歩: 新しいパスワードを設定する")


@pytest.mark.rule("A017")
def test_a_lock_is_told_with_its_end_and_a_link_that_ends_it(clock: MovableClock, member: Member) -> None:
    lock = Lock.objects.create(member=member, level=1, tries=20, until=clock.moment + timedelta(minutes=10))
    mail = reason()
    assert "2026-11-20 10:10" in mail.body
    token = link_in(mail, "次の一歩: いますぐロックを解く").split("/login/unlock/")[1].strip("/")
    assert lock_in(token) == lock.pk


@pytest.mark.rule("A123", "A126")
def test_a_freeze_is_told_with_its_facts_its_end_and_its_appeal(clock: MovableClock, member: Member) -> None:
    row = Restriction.objects.create(
        member=member,
        cause="defamation",
        scope=["sign_in"],
        explanation="11月1日のメッセージ",
        until=clock.moment + timedelta(days=30),
    )
    mail = reason(language="en")
    assert "誹謗中傷" in mail.body, "in the member's language"
    for words in ("11月1日のメッセージ", "2026-12-20", f"/appeals/{row.pk}/"):
        assert words in mail.body


def test_leaving_and_a_void_password_are_told(clock: MovableClock, member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(password_void_since=clock.moment)
    assert "新しいパスワードを設定してください" in reason().body
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    mail = reason()
    assert "退会済み" in mail.body
    assert "2026-11-20" in mail.body
    assert link_in(mail, "次の一歩: もう一度会員登録する").endswith("/signup/")


@pytest.mark.rule("A023")
def test_who_asks_for_a_new_password_of_an_account_that_left_is_told_why_it_would_open_nothing(
    clock: MovableClock, member: Member
) -> None:
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    ask_password_reset(actor=VISITOR, email=member.email)
    while outbox.deliver_waiting():
        pass
    assert "退会済み" in OutgoingMail.objects.get().body


@pytest.mark.rule("A010")
def test_asking_leaves_the_same_traces_whoever_is_asked_about(member: Member) -> None:
    for login in ("hanako_s@example.jp", "nobody@example.jp", "nobody"):
        ask_why(actor=VISITOR, login=login)
    assert OutboxEvent.objects.filter(kind="accounts.why_asked").count() == 3
    assert not OutgoingMail.objects.exists()
    assert not AuditEntry.objects.filter(kind="accounts.asked_why", subject_id__isnull=False).exists()
    while outbox.deliver_waiting():
        pass
    assert set(OutgoingMail.objects.values_list("to", flat=True)) == {"hanako_s@example.jp", "nobody@example.jp"}


@pytest.mark.parametrize("login", ["", "x", "a@", "花子", "x" * 400])
def test_what_is_no_login_says_what_would_be_one(login: str) -> None:
    with pytest.raises(InputError) as unusable:
        ask_why(actor=VISITOR, login=login)
    assert list(unusable.value.fields) == ["login"]


def test_the_reason_in_the_mail_is_true_of_the_password_too(member: Member) -> None:
    assert authentication.by_password(login="hanako_s", password=PASSWORD, caller=HERE) == member
