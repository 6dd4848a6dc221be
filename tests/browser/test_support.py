"""Help in a real browser: from a failed sign-in to an answer read through the link in the mail; the pages as axe judges them."""

import re

import pytest
from tests import story
from tests.browser.conftest import Comes
from tests.browser.test_accessible import ids_used_twice, violations

from kotowari.accounts.actors import VISITOR
from kotowari.accounts.models import Member
from kotowari.accounts.services import register_member
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail
from kotowari.support import services
from kotowari.support.faq import ARTICLES
from kotowari.support.inputs import Question
from kotowari.support.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "correct horse battery staple"
SIZES = pytest.mark.parametrize(("width", "language"), [(360, "ja"), (1440, "en"), (1440, "ja"), (360, "en")])


@pytest.fixture
def hanako() -> Member:
    return register_member(
        actor=SYSTEM, username="hanako", display_name="花子", email="hanako@example.jp", password=PASSWORD
    )


def link_in_the_last_mail() -> str:
    while outbox.deliver_waiting():
        pass
    found = re.search(r"https?://[^/\s]+(/contact/\S+key=\S+)", OutgoingMail.objects.latest("id").body)
    assert found
    return found[1]


@pytest.mark.rule("A008", "A060", "A061")
def test_from_a_failed_sign_in_to_the_answer(comes: Comes, hanako: Member) -> None:
    person = comes(width=360)
    person.open("/login/").fill(login="hanako@example.jp", password="not this one at all")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="ログインする").click()
    person.faults.clear()  # that it did not work is told with 422
    with person.page.expect_navigation():
        person.page.locator("form[action='/contact/begin/'] button").click()
    person.look()
    assert person.page.locator("[name=email]").input_value() == "hanako@example.jp"
    assert person.page.locator("[name=code]").input_value() == "accounts.sign_in.no_match"
    assert "Chrome" in person.page.locator("[name=browser]").input_value()
    person.sees("【共通】ログインができない")
    person.put("body", "秘密の質問の答えを忘れました。")
    person.page.locator("[name=body]").blur()
    person.page.locator("#answers", has_text="【共通】秘密の質問はありますか").wait_for()
    assert person.page.locator("[name=body]").input_value() == "秘密の質問の答えを忘れました。"
    person.press("お問い合わせを送る").sees("hanako@example.jp", "1番目", Ticket.objects.get().number)

    staff = story.member("kanri", is_staff=True)
    services.answer_ticket(actor=staff, ticket_id=Ticket.objects.get().pk, body="再設定のリンクをお送りしました。")
    elsewhere = comes(width=360)
    elsewhere.open(link_in_the_last_mail()).sees("再設定のリンクをお送りしました。", "回答済み")
    assert "key=" not in elsewhere.page.url
    elsewhere.put("body", "入れました。ありがとうございます。")
    elsewhere.press("返信する").sees("入れました。", "運営の回答待ち")
    elsewhere.press("解決したので完了にする").sees("完了")


@pytest.mark.rule("A062")
def test_without_javascript_the_form_sends_just_as_well(comes: Comes) -> None:
    person = comes(width=360, java_script_enabled=False)
    person.context.set_default_timeout(10_000)
    person.page.goto(person.address + "/contact/?topic=not_me")
    assert "【共通】覚えのないログインがあったとき" in person.page.content()
    person.fill(email="nobody@example.com", body="知らない端末があります。")
    with person.page.expect_navigation():
        person.page.get_by_role("button", name="お問い合わせを送る").click()
    assert person.page.url.endswith("/contact/sent/")


@pytest.mark.rule("A065")
@SIZES
def test_the_orange_button_stands_out_at_the_foot(comes: Comes, width: int, language: str) -> None:
    person = comes(width=width, language=language)
    for path in ("/", "/jobs/", "/help/", "/login/", "/contact/"):
        person.open(path)
        button = person.page.locator("footer a.button--help")
        assert button.inner_text() == {"ja": "お問い合わせ", "en": "Contact us"}[language]
        colour = button.evaluate("e => getComputedStyle(e).backgroundColor")
        red, green, blue = (int(n) for n in re.findall(r"\d+", colour)[:3])
        assert red > 200 > green > 60 >= blue, f"{colour} is not orange"
        box = button.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


@SIZES
def test_the_pages_as_axe_judges_them(comes: Comes, hanako: Member, width: int, language: str) -> None:
    staff = story.member("kanri", is_staff=True)
    ticket = services.open_ticket(
        actor=hanako, question=Question(topic="money", email=hanako.email, body="いつ振り込まれますか。")
    )
    services.open_ticket(
        actor=VISITOR, question=Question(topic="cannot_sign_in", email="nobody@example.com", body="x" * 200)
    )
    services.answer_ticket(actor=staff, ticket_id=ticket.pk, body="11月30日です。")
    services.note_on_ticket(actor=staff, ticket_id=ticket.pk, body="確認済み。")
    pages: dict[Member | None, list[str]] = {
        None: ["/help/", "/help/?q=xyzzy", "/contact/?topic=cannot_sign_in", "/contact/link/"],
        hanako: ["/contact/", f"/contact/{ticket.pk}/", *(a.url for a in ARTICLES.values())],
        staff: ["/console/tickets/", "/console/tickets/?show=all", f"/console/tickets/{ticket.pk}/"],
    }
    told: list[str] = []
    for member, paths in pages.items():
        if member is not None:
            Member.objects.filter(pk=member.pk).update(language=language)
        person = comes(member, width=width, language=language, bypass_csp=True)
        for path in paths:
            person.open(path)
            told += [*violations(person), *ids_used_twice(person)]
    assert told == []
