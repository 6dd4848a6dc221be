"""From the notice of a new device to a safe account: what its owner sees on the way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.service.payouts.market import register, reward
from tests.story import proved

from kotowari.accounts.check_up import AREAS
from kotowari.accounts.models import Member, Restriction, SecurityCheck
from kotowari.accounts.services import create_api_token, register_member, restrict
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail

pytestmark = pytest.mark.django_db
PASSWORD, NEW = "correct horse battery staple", "seven gentle foxes dancing"
PAGE, PROTECTED = "/my/security-check/", "/my/security-check/protected/"


@pytest.fixture
def member(clock: MovableClock) -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def come(password: str = PASSWORD, *, agent: str = "", **options: Any) -> Client:
    browser = Client(headers={"accept-language": "ja", "user-agent": agent}, **options)
    assert browser.post("/login/", {"login": "taro", "password": password}).status_code in (302, 303)
    return browser


def text(browser: Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def link(pattern: str) -> str:
    """The newest link of this kind in the mails that were sent."""
    for mail in OutgoingMail.objects.order_by("-id"):
        if found := re.search(rf"http://[^/]+({pattern}\S+)", mail.body):
            return found[1]
    raise AssertionError(f"no mail with {pattern}")


@pytest.mark.rule("A119", "A120", "A121")
def test_from_the_mail_to_not_me_to_a_new_password_to_the_checklist_to_lifting(
    member: Member, clock: MovableClock
) -> None:
    mine = come()
    register(member)
    clock.move(hours=1)
    come(REMOTE_ADDR="198.51.100.9", agent="curl/8.5")
    reader, path = Client(headers={"accept-language": "ja"}), link("/my/security-check/not-me/")
    asked = text(reader, path)
    for words in ("curl 8", "198.51.100.0/24", "11:00", "これは私ではありません"):
        assert words in asked, words
    assert "太郎" not in asked
    assert not Restriction.objects.exists()
    clock.move(minutes=1)
    assert reader.post(path)["Location"] == PROTECTED
    assert "メールを開き、新しいパスワードを設定する" in text(reader, PROTECTED)
    assert "すでに知らせを受け" in text(reader, path)
    assert reader.post(path)["Location"] == PROTECTED
    assert Restriction.objects.count() == 1
    assert mine.get("/my/").status_code == 302
    assert reader.post("/login/", {"login": "taro", "password": PASSWORD}).status_code == 422

    clock.move(minutes=1)
    page = reader.get(link("/password/reset/"), follow=True)
    here = page.redirect_chain[-1][0]
    assert reader.post(here, {"password": NEW, "password_again": NEW})["Location"] == "/login/"
    mine = come(NEW)
    check = text(mine, PAGE)
    for words in ("保護措置", "パスワード再設定後の確認期間", "済み", "見本銀行", "curl 8"):
        assert words in check, words
    assert "保護措置" in text(mine, "/my/can/")
    assert "お守りしています" in text(mine, "/my/bank-account/")
    hold = Restriction.objects.get(cause="not_me")
    clock.move(minutes=1)
    assert mine.post(f"{PAGE}holds/{hold.pk}/lift/")["Location"] == PAGE
    after = text(mine, PAGE)
    assert "解除しました。" in after
    assert f"hold-{hold.pk}" not in after
    # What follows from the new password ends by the clock, not by its owner.
    caution = Restriction.objects.get(cause="password_reset")
    assert mine.post(f"{PAGE}holds/{caution.pk}/lift/").status_code == 403
    assert "パスワードを再設定したばかりです。" in text(mine, "/my/bank-account/")


@pytest.mark.rule("A120", "A130")
def test_the_same_button_stands_in_the_check_for_whoever_is_signed_in(member: Member) -> None:
    mine = come()
    assert 'action="/my/security-check/not-me/"' in text(mine, PAGE)
    assert mine.post(f"{PAGE}not-me/")["Location"] == PROTECTED
    assert "アカウントを保護しました" in text(mine, PROTECTED)
    assert mine.get("/my/").status_code == 302
    assert Restriction.objects.get().cause == "not_me"


def test_pressing_it_on_the_page_of_the_link_while_signed_in_signs_this_browser_out_cleanly(member: Member) -> None:
    come()
    mine = come()
    path = link("/my/security-check/not-me/")
    assert mine.post(path, follow=True).status_code == 200
    assert mine.get("/my/").status_code == 302


@pytest.mark.rule("A120")
def test_a_hold_wants_a_new_password_before_it_is_lifted(member: Member, clock: MovableClock) -> None:
    mine = come()
    until = clock.moment + timedelta(days=14)
    hold = restrict(actor=member, member_id=member.pk, cause="not_me", until=until)
    page = text(mine, PAGE)
    assert "先に新しいパスワードを設定してください。" in page
    assert mine.post(f"{PAGE}holds/{hold.pk}/lift/").status_code == 409


@pytest.mark.rule("A120")
def test_expired_cut_off_and_foreign_links_say_which_they_are_and_show_the_way(
    member: Member, clock: MovableClock
) -> None:
    come()
    come()
    path = link("/my/security-check/not-me/")
    visitor = Client(headers={"accept-language": "ja"})
    assert "途中で切れているか" in text(visitor, path[:-5] + "/", status=409)
    clock.move(days=7)
    gone = text(visitor, path, status=409)
    assert "期限(7日)が過ぎました" in gone
    assert 'href="/my/security-check/"' in gone
    assert visitor.post(path).status_code == 409
    assert not Restriction.objects.exists()


@pytest.mark.rule("A131")
def test_one_screen_shows_money_accounts_messages_devices_tokens_and_ways_in(
    member: Member, clock: MovableClock
) -> None:
    mine = come()
    register(member)
    reward(member, 48_620)
    create_api_token(actor=proved(member), name="会計ソフト連携", scopes=["money:read"])
    page = text(mine, PAGE)
    for words in ("48,620", "見本銀行 駅前 末尾011", "会計ソフト連携", "taro@example.jp", "いまお使いの端末"):
        assert words in page, words
    for area in AREAS:
        assert f'id="area-{area}"' in page
        assert f'name="{area}"' in page
    assert "/contact/?topic=not_me" in page


@pytest.mark.rule("A133", "A131")
def test_the_check_is_recorded_when_every_area_is_answered(member: Member) -> None:
    mine = come()
    assert "まだ点検したことがありません。" in text(mine, PAGE)
    unfinished = mine.post(PAGE, {"money": "right"})
    assert unfinished.status_code == 422
    assert "6か所をご確認ください。" in unfinished.content.decode()
    assert mine.post(PAGE, dict.fromkeys(AREAS, "right"))["Location"] == PAGE
    page = text(mine, PAGE)
    assert "問題は見つかりませんでした。" in page
    assert "前回の点検" in page
    mine.post(PAGE, {**dict.fromkeys(AREAS, "right"), "messages": "not_mine"})
    assert "心当たりがないもの: 送ったメッセージ" in text(mine, PAGE)
    assert list(SecurityCheck.objects.order_by("id").values_list("doubtful", flat=True)) == [[], ["messages"]]


def test_a_new_password_set_while_signed_in_ends_this_session_without_a_fault(member: Member) -> None:
    mine = come()
    Client().post("/password/reset/", {"email": "taro@example.jp"})
    here = mine.get(link("/password/reset/"), follow=True).redirect_chain[-1][0]
    answer = mine.post(here, {"password": NEW, "password_again": NEW}, follow=True)
    assert answer.status_code == 200
    assert mine.get("/my/").status_code == 302
    come(NEW)


@pytest.mark.rule("A120")
def test_rewards_tell_of_a_hold_with_the_way_out(member: Member, clock: MovableClock) -> None:
    mine = come()
    register(member)
    reward(member, 48_620)
    restrict(actor=member, member_id=member.pk, cause="not_me", until=clock.moment + timedelta(days=14))
    page = text(mine, "/my/rewards/")
    assert "お守りしています" in page
    assert 'href="/my/security-check/"' in page
    assert "12月4日" in page


def test_the_page_asks_a_bounded_number_of_questions(member: Member, django_assert_max_num_queries: Any) -> None:
    mine = come()
    for _ in range(7):
        come()
    with django_assert_max_num_queries(34):
        mine.get(PAGE)
