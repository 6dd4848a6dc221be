"""プライバシー設定: the way there, what it says, and what others see of it."""

from datetime import date

import pytest
from django.test import Client
from tests import story
from tests.conftest import MovableClock

from kotowari.accounts.models import Member
from kotowari.kernel import clock as kernel_clock
from kotowari.market.menus import PRIVACY_ITEMS
from kotowari.market.services import ProfileText, update_profile
from kotowari.messaging.services import send_message

pytestmark = pytest.mark.django_db
PAGE = "/my/settings/privacy/"
ALL = list(PRIVACY_ITEMS)
SWITCH = "ログイン時間を表示しない"


@pytest.fixture
def me(clock: MovableClock) -> Member:
    member = story.member("hanako")
    Member.objects.filter(pk=member.pk).update(last_login=clock.moment)
    update_profile(actor=member, profile=ProfileText(introduction="翻訳が得意です", skills=["校正"]))
    return member


def browser(member: Member | None = None) -> Client:
    found = Client(headers={"accept-language": "ja"})
    if member is not None:
        found.force_login(member)
    return found


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.rule("A107", "A108", "A109", "K-2")
def test_the_switch_is_found_from_my_page_by_either_name(me: Member) -> None:
    mine = browser(me)
    assert 'href="/my/settings/"' in text(mine, "/my/")
    assert f'href="{PAGE}"' in text(mine, "/my/settings/")
    page = text(mine, PAGE)
    for words in (SWITCH, "「ログイン時間の表示」をオフにする", "いま: ログイン時間を表示していません"):
        assert words in page, words
    for words in ("ログイン時間の表示", SWITCH):
        found = browser().get("/help/", {"q": words}).content.decode()
        assert "/help/login-time/" in found, words
    assert PAGE in text(browser(), "/help/login-time/")


@pytest.mark.rule("A106", "A107", "A110", "A196")
def test_others_see_a_coarse_value_only_when_it_is_shown_and_the_page_says_so(me: Member, clock: MovableClock) -> None:
    profile, mine = f"/members/{me.username}/", browser(me)
    assert "3日以内" not in text(browser(), profile)
    assert mine.post(PAGE, {"shown": ALL}).status_code == 303
    seen = text(browser(), profile)
    assert "3日以内" in seen
    assert "10:00" not in seen
    assert "ほかの人には「3日以内」とだけ表示されています。" in text(mine, PAGE)
    clock.move(days=20)
    browser(me)
    assert mine.post(PAGE, {"hides_last_login": "on", "shown": ALL}).status_code == 303
    assert "日以内" not in text(browser(), profile)
    assert "いま: ログイン時間を表示していません" in text(mine, PAGE)


@pytest.mark.rule("A111")
def test_what_is_not_ticked_is_on_no_page_and_in_no_search(me: Member) -> None:
    mine, profile = browser(me), f"/members/{me.username}/"
    open_page = text(browser(), profile)
    for words in ("翻訳が得意です", "校正", "検収された仕事", "登録"):
        assert words in open_page, words
    shown = [item for item in ALL if item not in ("introduction", "skills", "works_done", "joined_at")]
    mine.post(PAGE, {"hides_last_login": "on", "shown": shown})
    closed = text(browser(), profile)
    for words in ("翻訳が得意です", "校正", "検収された仕事"):
        assert words not in closed, words
    assert "2026年11月" not in closed
    assert me.display_name not in text(browser(), "/members/?q=校正")
    assert "翻訳が得意です" in text(mine, "/my/profile/")


@pytest.mark.rule("A112")
def test_being_away_is_told_on_profile_list_thread_and_proposal(me: Member) -> None:
    client = story.member("kurai")
    job = story.job(client)
    proposal = story.proposal(job, me, (10_000,))
    thread = send_message(actor=client, proposal_id=proposal.pk, body="よろしくお願いします。").thread
    update_profile(actor=me, profile=ProfileText(introduction="翻訳が得意です", away_until=date(2026, 11, 30)))
    words, theirs = "11月30日まで不在", browser(client)
    for address in (
        f"/members/{me.username}/",
        "/members/",
        "/threads/",
        f"/threads/{thread.pk}/",
        f"/jobs/{job.pk}/",
    ):
        assert words in text(theirs, address), address
    assert words not in text(browser(me), f"/threads/{thread.pk}/")
    update_profile(actor=client, profile=ProfileText(away_until=date(2026, 12, 5)))
    assert "発注者は12月5日まで不在" in text(browser(me), f"/jobs/{job.pk}/")
    assert kernel_clock.today() == date(2026, 11, 20)
