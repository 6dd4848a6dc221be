"""The page for whoever cannot sign in, the reason by mail, and the link that ends a lock."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.flows.test_accounts_sign_up_and_in import PASSWORD, same, sign_in

from kotowari.accounts.models import Lock, Member
from kotowari.accounts.services import lock_account, register_member
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def mail_to(address: str) -> str:
    while outbox.deliver_waiting():
        pass
    return OutgoingMail.objects.filter(to=address).latest("id").body


@pytest.mark.rule("A013")
def test_the_order_is_connection_input_new_password_and_then_people(client: Client) -> None:
    page = client.get("/help/cannot-log-in/").content.decode()
    places = [page.index(f'id="{part}"') for part in ("connection", "typed", "reset", "reason")]
    assert places == sorted(places)
    assert "ログインできないとき" in client.get("/login/").content.decode()


@pytest.mark.rule("A001", "A010")
def test_one_press_after_a_failure_sends_the_reason_to_the_registered_address(client: Client, member: Member) -> None:
    page = sign_in(client, "taro", "wrong").content.decode()
    form = page.split('id="reason"')[1].split("</form>")[0]
    assert 'action="/help/cannot-log-in/"' in page
    assert 'name="login" value="taro"' in form
    answers = []
    for login in ("taro", "nobd", "taro@example.jp", "nobd@example.jp"):
        asked = Client()
        sent = asked.post("/help/cannot-log-in/", {"login": login})
        assert (sent.status_code, sent["Location"]) == (303, "/help/cannot-log-in/sent/")
        answers.append(same(asked.get(sent["Location"]).content))
    assert len(set(answers)) == 1
    assert "パスワードが登録と違っていました" in mail_to("taro@example.jp")
    assert "このアドレスの会員はいません" in mail_to("nobd@example.jp")


def test_the_reason_is_mailed_only_so_often_to_whoever_it_is(client: Client, member: Member) -> None:
    for login in ("taro", "nobd"):
        for _ in range(5):
            assert client.post("/help/cannot-log-in/", {"login": login}).status_code == 303
        assert client.post("/help/cannot-log-in/", {"login": login}).status_code == 429
    odd = client.post("/help/cannot-log-in/", {"login": "花子"})
    assert odd.status_code == 422
    assert 'value="花子"' in odd.content.decode()


@pytest.mark.rule("A017")
def test_the_link_in_the_mail_ends_the_lock_when_its_button_is_pressed(
    client: Client, clock: MovableClock, member: Member
) -> None:
    lock_account(actor=SYSTEM, member_id=member.pk, until=clock.moment + timedelta(minutes=10), tries=20)
    assert sign_in(client).status_code == 422
    link = re.search(r"/login/unlock/\S+", mail_to(member.email))
    assert link
    page = client.get(link[0])
    assert "10:10" in page.content.decode()
    assert Lock.objects.get().ended_at is None, "a mail scanner that opens links ends nothing"
    assert client.post(link[0])["Location"] == "/login/"
    assert sign_in(client).status_code == 302
    again = Client().get(link[0])
    assert again.status_code == 409
    assert "すでに解けています" in again.content.decode()
    assert Client().post(link[0]).status_code == 409
    broken = Client().get(link[0][:-3] + "/")
    assert broken.status_code == 409
    assert "途中で切れているか" in broken.content.decode()


@pytest.mark.rule("A022")
def test_each_link_for_a_new_password_says_what_became_of_it(
    client: Client, clock: MovableClock, member: Member
) -> None:
    client.post("/password/reset/", {"email": member.email})
    found = re.search(r"/password/reset/\S+", mail_to(member.email))
    assert found
    link = found[0]
    assert "途中で切れているか" in Client().get(link[:-4] + "/").content.decode()
    sign_in(client)
    assert "もう使えません" in Client().get(link).content.decode()
    clock.move(minutes=31)
    expired = Client().get(link)
    assert (expired.status_code, "30分" in expired.content.decode()) == (409, True)
