"""The demo's mailbox: what was sent is there, and a newcomer gets in by the link in a mail."""

import re
from typing import Any

import pytest
from django.test import Client

from kotowari.accounts.consents import ALL
from kotowari.accounts.models import Member
from kotowari.foundation import mail
from kotowari.foundation.models import MailboxMessage
from kotowari.web.mailbox import linked

pytestmark = pytest.mark.django_db
PASSPHRASE = "a row of quiet garden words"


def letter(to: str = "aoi@example.jp", subject: str = "お知らせ", body: str = "本文", **more: Any) -> MailboxMessage:
    return MailboxMessage.objects.create(to=to, subject=subject, body=body, **more)


def test_a_newcomer_signs_up_by_following_the_link_in_the_mail(client: Client, settings: Any, clock: Any) -> None:
    settings.EMAIL_BACKEND = "kotowari.foundation.mail.MailboxBackend"
    begun = client.post(
        "/signup/",
        {
            "username": "aoi_new",
            "display_name": "あおい",
            "email": "aoi@example.jp",
            "password": PASSPHRASE,
            "kind": "individual",
            **{consent.kind: "on" for consent in ALL},
        },
    )
    assert begun.status_code == 303, begun.content.decode()
    mail.send_waiting()
    page = client.get("/demo/mailbox/").text
    found = re.search(r'<a href="(/signup/verify/[^"]+)">', page)
    assert found is not None, "the link leads to this very server"
    path = found.group(1).replace("&amp;", "&")
    elsewhere = Client()
    assert elsewhere.get(path).status_code == 200
    code = path.partition("code=")[2]
    done = elsewhere.post(path, {"code": code, "password": PASSPHRASE})
    assert done.status_code in (302, 303), done.content.decode()
    assert Member.objects.filter(username="aoi_new").exists()


def test_the_newest_stands_first_and_the_rest_is_paged(client: Client) -> None:
    for n in range(25):
        letter(subject=f"通知{n:02d}番")
    first = client.get("/demo/mailbox/").text
    assert first.index("通知24番") < first.index("通知23番")
    assert "通知04番" not in first
    after = re.search(r"after=([0-9a-f-]{36})", first)
    assert after is not None
    assert "通知04番" in client.get(f"/demo/mailbox/?after={after.group(1)}").text


def test_an_address_leaves_only_its_own_mail(client: Client) -> None:
    letter(to="mine@example.jp", subject="わたし宛")
    letter(to="yours@example.jp", subject="あなた宛")
    page = client.get("/demo/mailbox/", {"to": "MINE@"}).text
    assert "わたし宛" in page
    assert "あなた宛" not in page
    assert "届いたメールはありません" in client.get("/demo/mailbox/", {"to": "nobody"}).text


def test_a_text_message_is_there_as_such(client: Client) -> None:
    letter(to="09000000000", subject="", body="確認コード", channel="sms")
    assert "SMS" in client.get("/demo/mailbox/").text


def test_links_lead_here_or_nowhere_and_everything_is_escaped(settings: Any) -> None:
    settings.BASE_URL = "http://localhost:8000"
    words = "見る http://localhost:8000/jobs/?q=1&a=2\nhttp://localhost:8000.example.com/x\n<b> https://example.com/"
    html = str(linked(words))
    assert '<a href="/jobs/?q=1&amp;a=2">' in html
    assert html.count("<a ") == 1
    assert "&lt;b&gt;" in html


def test_the_mailbox_asks_a_bounded_number_of_questions(client: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(60):
        letter(subject=f"通知{n}")
    with django_assert_max_num_queries(2):
        client.get("/demo/mailbox/")
