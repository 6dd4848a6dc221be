"""端末と記録: what their owner sees and presses."""

import re

import pytest
from django.test import Client
from tests.conftest import MovableClock

from kotowari.accounts.models import Device, Member, Session
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
PAGE, HISTORY = "/my/settings/login/devices/", "/my/settings/login/history/"


@pytest.fixture
def member(db: None) -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def come(*, remember: bool = False, agent: str = CHROME, address: str = "203.0.113.77") -> Client:
    browser = Client(headers={"user-agent": agent, "accept-language": "ja"}, REMOTE_ADDR=address)
    given = {"login": "taro", "password": PASSWORD} | ({"remember": "on"} if remember else {})
    assert browser.post("/login/", given).status_code in (302, 303)
    return browser


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.rule("A035", "A119")
def test_devices_show_what_where_when_and_which_is_this_one(member: Member, clock: MovableClock) -> None:
    mine = come(remember=True)
    clock.move(minutes=7)
    come(agent="", address="198.51.100.9")
    page = text(mine, PAGE)
    for words in ("Chrome 140 / Windows", "203.0.113.0/24", "この端末", "保存中(14日間)", "名前のわからない端末"):
        assert words in page, words
    assert "203.0.113.77" not in page
    for session in Session.objects.all():
        assert session.session_key not in page
    section = text(mine, "/my/settings/login/")
    section = section[section.index('id="devices"') :]
    assert "Chrome 140 / Windows" in section
    assert PAGE in section
    assert HISTORY in section


@pytest.mark.rule("A035")
def test_pressing_ends_that_session_and_no_other(member: Member) -> None:
    mine, other = come(), come()
    theirs = Session.objects.get(pk=other.session.session_key)
    answer = mine.post(f"{PAGE}sessions/{theirs.public_id}/end/")
    assert answer["Location"] == PAGE
    assert "端末をログアウトしました。" in text(mine, PAGE)
    assert other.get("/my/").status_code == 302
    assert mine.post(f"{PAGE}sessions/{theirs.public_id}/end/").status_code == 404


@pytest.mark.rule("A035")
def test_ending_the_present_one_signs_this_browser_out_and_nothing_else(member: Member) -> None:
    mine, other = come(), come()
    this = Session.objects.get(pk=mine.session.session_key)
    answer = mine.post(f"{PAGE}sessions/{this.public_id}/end/", follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert mine.get("/my/").status_code == 302
    assert other.get("/my/").status_code == 200


def test_all_others_or_all(member: Member) -> None:
    mine, other = come(), come()
    assert mine.post(f"{PAGE}end-others/")["Location"] == PAGE
    assert other.get("/my/").status_code == 302
    page = text(mine, PAGE)
    assert "ほかにログイン中の端末はありません。" in page
    assert mine.post(f"{PAGE}end-others/").status_code == 409
    assert mine.post(f"{PAGE}end-all/")["Location"] == "/"
    assert mine.get("/my/").status_code == 302
    assert not Session.objects.filter(member=member).exists()


@pytest.mark.rule("A035")
def test_a_device_is_forgotten_by_its_button(member: Member) -> None:
    mine = come()
    come(agent="curl/8.5")
    device = Device.objects.latest("id")
    mine.post(f"{PAGE}{device.pk}/forget/")
    page = text(mine, PAGE)
    assert "端末の記憶を消しました。" in page
    assert f"device-{device.pk}" not in page
    assert mine.post(f"{PAGE}{device.pk}/forget/").status_code == 409


@pytest.mark.rule("A119")
def test_the_history_is_in_plain_words_and_paged(member: Member, clock: MovableClock) -> None:
    mine = come()
    stranger = Client(headers={"user-agent": "curl/8.5"}, REMOTE_ADDR="198.51.100.9")
    for _ in range(9):
        stranger.post("/login/", {"login": "taro", "password": "not my password"})
        clock.move(minutes=3)
    for _ in range(14):
        come()
    first = text(mine, HISTORY)
    assert "ログインしました" in first
    more = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert more
    second = text(mine, more[1].replace("&amp;", "&"))
    assert "パスワードが違いました" in second
    assert "198.51.100.0/24" in second
    assert "not my password" not in first + second


@pytest.mark.rule("A035")
def test_without_asking_to_be_remembered_the_cookie_ends_with_the_browser(member: Member) -> None:
    assert come().cookies["sessionid"]["max-age"] == ""
    assert int(come(remember=True).cookies["sessionid"]["max-age"]) == 14 * 24 * 3600
    assert list(Session.objects.order_by("opened_at").values_list("remembered", flat=True)) == [False, True]
