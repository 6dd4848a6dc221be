"""A journey for each cause of not getting in, from the failed sign-in to being in, in a real browser."""

import re
from datetime import timedelta
from typing import Any

import pytest
from tests.browser.conftest import Comes, Person
from tests.conftest import MovableClock

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member
from kotowari.accounts.services import lock_account, register_member, start_sign_up
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"
NEW = "seven gentle foxes dancing"
ADDRESS = "hanako@example.jp"


@pytest.fixture
def member(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="hanako_s", display_name="佐藤 花子", email=ADDRESS, password=PASSWORD
    )


def tries(person: Person, login: str, password: str) -> Person:
    return person.open("/login/").fill(login=login, password=password)


def fails(person: Person, login: str = ADDRESS, password: str = "not the password at all") -> Person:
    """A failed sign-in answers 422, which the browser notes; nothing else may."""
    tries(person, login, password)
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="ログインする", exact=True).click()
    assert all("422" in fault for fault in person.faults), person.faults
    person.faults.clear()
    return person.look()


def asks_why(person: Person) -> None:
    person.press("理由を登録メールアドレスに送る").sees("登録されたメールアドレスに")


def opens_mail(person: Person, to: str, part: str) -> Person:
    """Follow the link of the newest mail, as its reader does."""
    while outbox.deliver_waiting():
        pass
    mail = OutgoingMail.objects.filter(to=to).latest("id")
    link = re.search(rf"https?://[^/\s]+({part}\S*)", mail.body)
    assert link, mail.body
    return person.open(link[1])


def is_in(person: Person) -> None:
    person.open("/my/").sees("マイページ")


def chooses(person: Person, password: str) -> None:
    person.fill(password=password, password_again=password).press("新しいパスワードにする").sees("ログインしてください")


@pytest.mark.rule("A001", "A002", "A017", "A024")
@pytest.mark.parametrize("width", [360, 1440])
def test_a_wrong_password_ends_in_a_new_one(comes: Comes, member: Member, width: int) -> None:
    person = fails(comes(width=width))
    asks_why(person)
    opens_mail(person, ADDRESS, "/password/reset/")
    chooses(person, NEW)
    tries(person, ADDRESS, NEW).press("ログインする")
    is_in(person)


@pytest.mark.rule("A003", "A004")
@pytest.mark.parametrize("typed", [PASSWORD + " ", "ｃｏｒｒｅｃｔ　horse battery staple"])
def test_a_stray_space_or_full_width_is_pointed_out_and_forgiven(comes: Comes, member: Member, typed: str) -> None:
    person = tries(comes(), " ＨＡＮＡＫＯ＠example.jp ", typed)
    person.page.locator('[name="password"]').press("End")
    assert person.page.locator(".reveal__notes").inner_text()
    person.press("ログインする")
    is_in(person)


@pytest.mark.rule("A023", "A184")
def test_another_address_is_found_out_by_mail_and_the_right_one_opens(comes: Comes, member: Member) -> None:
    person = fails(comes(), "hanako@other.example", PASSWORD)
    asks_why(person)
    opens_mail(person, "hanako@other.example", "/password/reset/")
    person.fill(email=ADDRESS).press("再設定のメールを送る").sees("メールを送りました")
    opens_mail(person, ADDRESS, "/password/reset/")
    chooses(person, NEW)
    tries(person, "hanako_s", NEW).press("ログインする")
    is_in(person)


@pytest.mark.rule("A015", "A017", "A019", "A020")
def test_a_locked_account_is_opened_by_the_link_in_its_owners_mail(
    comes: Comes, clock: MovableClock, member: Member
) -> None:
    lock_account(actor=SYSTEM, member_id=member.pk, until=clock.moment + timedelta(minutes=10), tries=20)
    person = fails(comes(), ADDRESS, PASSWORD)
    asks_why(person)
    opens_mail(person, ADDRESS, "/login/unlock/").press("ロックを解く").sees("ロックを解きました")
    tries(person, ADDRESS, PASSWORD).press("ログインする")
    is_in(person)


@pytest.mark.rule("A017")
def test_a_lock_ends_by_itself(comes: Comes, clock: MovableClock, member: Member) -> None:
    lock_account(actor=SYSTEM, member_id=member.pk, until=clock.moment + timedelta(minutes=10), tries=20)
    person = fails(comes(), ADDRESS, PASSWORD)
    clock.move(minutes=10)
    tries(person, ADDRESS, PASSWORD).press("ログインする")
    is_in(person)


def test_whoever_has_left_learns_it_by_mail_and_can_begin_anew(
    comes: Comes, clock: MovableClock, member: Member
) -> None:
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    person = fails(comes(), ADDRESS, PASSWORD)
    asks_why(person)
    opens_mail(person, ADDRESS, "/signup/").sees("登録は無料です")


def test_a_sign_up_that_was_not_finished_is_finished_on_the_spot(comes: Comes, clock: MovableClock) -> None:
    start_sign_up(
        actor=VISITOR,
        username="hanako_s",
        display_name="佐藤 花子",
        email=ADDRESS,
        password=PASSWORD,
        agreed=["terms", "message_check"],
    )
    person = tries(comes(), ADDRESS, PASSWORD)
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="ログインする", exact=True).click()
    assert all("403" in fault for fault in person.faults)
    person.faults.clear()
    person.press("確認コードを入力して登録を終える")
    code: Any = re.search(r"[A-Z]{4}-[A-Z]{4}", OutgoingMail.objects.latest("id").body)
    person.fill(code=code[0]).press("登録を終える").sees("会員登録が完了しました")
    is_in(person)
