"""The link by mail that signs in: for accounts without a password, the same answer for every address."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.conftest import MovableClock

from kotowari.accounts.models import Member, SignInRecord
from kotowari.accounts.services import lock_account, register_member
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, OutgoingMail

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
ASK, GO = "/login/by-mail/", "/login/by-mail/go/"


@pytest.fixture
def member(clock: MovableClock) -> Member:
    """Somebody whose account has no password."""
    taro = register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )
    taro.set_unusable_password()
    taro.save(update_fields=["password"])
    return taro


@pytest.fixture
def with_password(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="jiro", display_name="次郎", email="jiro@example.jp", password=PASSWORD
    )


def ask(client: Client, email: str = "taro@example.jp") -> str:
    """The link in the mail, or "" when it has none."""
    assert client.post(ASK, {"email": email})["Location"] == "/login/by-mail/sent/"
    found = re.search(r"https?://\S+/login/by-mail/[^/\s]+:[^/\s]+/", OutgoingMail.objects.latest("id").body)
    return found[0].removeprefix(settings.BASE_URL) if found else ""


def dead(answer: Any, words: str) -> None:
    assert answer.status_code == 409
    text = answer.content.decode()
    assert words in text
    assert f'href="{ASK}"' in text


@pytest.mark.rule("A029")
def test_a_member_without_a_password_signs_in_at_a_press_and_once(
    client: Client, member: Member, clock: MovableClock
) -> None:
    link = ask(client)
    clock.move(minutes=29)
    assert client.get(link)["Location"] == GO
    assert "taro" in client.get(GO).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(GO)["Location"] == "/my/"
    assert SignInRecord.objects.latest("id").way == "mail"
    dead(Client().get(link), "もう使えません")
    dead(client.post(GO), "途中で切れているか")


def test_a_link_works_for_its_minutes(client: Client, member: Member, clock: MovableClock) -> None:
    link = ask(client)
    clock.move(minutes=31)
    dead(client.get(link), "期限(30分)が過ぎました")


@pytest.mark.parametrize("key", ["x", "bm90LW91cnM:abc:def", "go"])
def test_what_is_no_link_says_so(client: Client, db: None, key: str) -> None:
    dead(client.get(f"{ASK}{key}/"), "途中で切れているか")


@pytest.mark.rule("A010")
def test_every_address_gets_the_same_page_and_as_many_writes(
    member: Member, with_password: Member, clock: MovableClock
) -> None:
    seen = []
    for email in ("taro@example.jp", "jiro@example.jp", "nobody@example.jp"):
        mails, entries = OutgoingMail.objects.count(), AuditEntry.objects.count()
        answer = Client().post(ASK, {"email": email})
        seen.append(
            (
                answer.status_code,
                answer["Location"],
                answer.content,
                OutgoingMail.objects.count() - mails,
                AuditEntry.objects.count() - entries,
            )
        )
    assert len(set(seen)) == 1
    assert Client().get("/login/by-mail/sent/").status_code == 200


def test_who_has_a_password_is_told_to_use_it_unless_policy_says_otherwise(
    client: Client, with_password: Member
) -> None:
    assert ask(client, "jiro@example.jp") == ""
    assert "パスワードがあるため" in OutgoingMail.objects.latest("id").body
    with policy.overridden({"accounts.sign_in_link_for": "everybody"}):
        assert ask(client, "jiro@example.jp")


def test_an_address_that_nobody_has_gets_a_mail_that_says_so(client: Client, db: None) -> None:
    assert ask(client, "nobody@example.jp") == ""
    assert OutgoingMail.objects.latest("id").to == "nobody@example.jp"


def test_the_link_passes_the_same_gate(client: Client, member: Member, clock: MovableClock) -> None:
    link = ask(client)
    until = clock.moment.replace(hour=23)
    lock_account(actor=SYSTEM, member_id=member.pk, until=until, tries=100)
    client.get(link)
    answer = client.post(GO)
    assert (answer.status_code, "一時的にロックしています" in answer.content.decode()) == (403, True)
    assert SignInRecord.objects.latest("id").outcome == "locked"


def test_so_many_links_for_one_address_and_no_more(client: Client, member: Member) -> None:
    for _ in range(5):
        ask(client)
    stopped = client.post(ASK, {"email": " TARO@example.jp"})
    assert stopped.status_code == 429
    assert "Retry-After" in stopped


@pytest.mark.parametrize("email", ["", "no address", "a" * 300 + "@example.jp"])
def test_what_is_no_address_is_said(client: Client, db: None, email: str) -> None:
    assert client.post(ASK, {"email": email}).status_code == 422
    assert not OutgoingMail.objects.exists()


def test_the_sign_in_page_offers_it(client: Client, db: None) -> None:
    assert f'href="{ASK}"' in client.get("/login/").content.decode()
