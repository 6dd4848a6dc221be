"""ログイン情報: what opens an account, shown and changed on one page."""

import pytest
from django.test import Client

from kotowari.accounts.models import Member
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
PAGE = "/my/settings/login/"


@pytest.fixture
def member(client: Client) -> Member:
    taro = register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )
    client.post("/login/", {"login": "taro", "password": PASSWORD})
    return taro


@pytest.mark.rule("A197")
def test_the_page_first_shows_what_opens_the_account(client: Client, member: Member) -> None:
    page = client.get(PAGE)
    assert "no-store" in page["Cache-Control"]
    text = page.content.decode()
    overview = text[text.index('id="overview"') :]
    for words in ("taro", "taro@example.jp", "設定済み"):
        assert words in overview, words


@pytest.mark.parametrize("way", ["/my/", "/my/profile/", "/my/settings/"])
def test_it_is_two_clicks_from_the_name_and_from_my_page(client: Client, member: Member, way: str) -> None:
    assert f'href="{PAGE}"' in client.get(way).content.decode()


def test_a_visitor_is_led_to_signing_in(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/login/?next={PAGE.replace('/', '%2F')}"
