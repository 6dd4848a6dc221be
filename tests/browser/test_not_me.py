"""Somebody else is in: from the mail on a phone to a safe account, in a real browser."""

import re

import pytest
from tests.browser.conftest import Comes, Person
from tests.conftest import MovableClock

from kotowari.accounts.check_up import AREAS
from kotowari.accounts.models import Member, Restriction, Session
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD, NEW = "correct horse battery staple", "seven gentle foxes dancing"


@pytest.fixture
def member(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def link(pattern: str) -> str:
    """The newest link of this kind in the mails that were sent."""
    for mail in OutgoingMail.objects.order_by("-id"):
        if found := re.search(rf"http://[^/]+({pattern}\S+)", mail.body):
            return found[1]
    raise AssertionError(f"no mail with {pattern}")


def signs_in(person: Person, password: str = PASSWORD, **more: str) -> Person:
    return person.open("/login/").fill(login="taro", password=password, **more).press("ログインする")


@pytest.mark.rule("A119", "A120", "A121", "A130", "A131", "A133")
def test_new_device_mail_not_me_hold_reset_in_again_checklist_lift(
    comes: Comes, member: Member, clock: MovableClock
) -> None:
    owner = signs_in(comes(), remember="on")
    clock.move(hours=1)
    intruder = signs_in(comes(width=1440))
    assert Session.objects.filter(member=member).count() == 2

    clock.move(minutes=5)
    mail = comes()
    mail.open(link("/my/security-check/not-me/")).sees("このログインはあなたですか", "Chrome", "11:00")
    mail.press("これは私ではありません").sees("アカウントを保護しました", "お金もデータもなくなっていません")
    assert not Session.objects.filter(member=member).exists()
    intruder.open("/my/").sees("ログイン")
    assert "/login/" in intruder.page.url

    clock.move(minutes=5)
    mail.open(link("/password/reset/")).fill(password=NEW, password_again=NEW).press("新しいパスワードにする")
    signs_in(owner, NEW).open("/my/security-check/").sees("保護措置", "済み", "いまお使いの端末")
    for area in AREAS:
        owner.put(area, "right")
    owner.press("点検を終える").sees("問題は見つかりませんでした。")

    clock.move(minutes=5)
    hold = Restriction.objects.get(cause="not_me")
    owner.unfold("解除する", within=f"#hold-{hold.pk}").press("解除する", within=f"#hold-{hold.pk} form")
    owner.sees("解除しました。")
    assert not owner.page.locator(f"#hold-{hold.pk}").count()
