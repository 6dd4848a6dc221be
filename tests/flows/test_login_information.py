"""ログイン情報: what opens an account, shown and changed on one page."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from tests.conftest import MovableClock

from kotowari.accounts.models import AddressProof, Member
from kotowari.accounts.services import register_member
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail
from kotowari.kernel import clock as kernel_clock

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
NEW = "seven gentle foxes dancing"
PAGE = "/my/settings/login/"
SECOND = "taro@work.example"


@pytest.fixture
def member(client: Client, clock: MovableClock) -> Member:
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


def mail_to(email: str) -> OutgoingMail:
    return OutgoingMail.objects.filter(to=email).latest("id")


def found_in(email: str, pattern: str) -> str:
    found = re.search(pattern, mail_to(email).body)
    assert found, mail_to(email).body
    return found[0].removeprefix(settings.BASE_URL)


def add_address(client: Client, email: str = SECOND) -> None:
    sent = client.post(f"{PAGE}addresses/add/", {"email": email})
    assert sent.status_code == 303
    link = found_in(email, r"https?://\S+/addresses/\S+")
    page = client.get(link)
    code = found_in(email, r"[A-Z]{4}-[A-Z]{4}")
    assert f'value="{code}"' in page.content.decode()
    done = client.post(link.partition("?")[0], {"code": code}, follow=True)
    assert f"{email} を追加しました" in done.content.decode()


def address_id(email: str) -> int:
    return EmailAddress.objects.get(email=email).pk


@pytest.mark.rule("A067", "A115")
def test_an_address_is_added_by_the_code_from_its_mail_and_opens_the_account(client: Client, member: Member) -> None:
    wrong = client.post(f"{PAGE}addresses/add/", {"email": "no address"})
    assert (wrong.status_code, "no address" in wrong.content.decode()) == (422, True)
    assert not AddressProof.objects.exists()
    add_address(client)
    other = Client()
    assert other.post("/login/", {"login": SECOND, "password": PASSWORD})["Location"] == "/my/"


def test_a_code_is_tried_five_times_and_a_new_one_goes_on(client: Client, member: Member) -> None:
    client.post(f"{PAGE}addresses/add/", {"email": SECOND})
    proof = AddressProof.objects.get()
    where = f"{PAGE}addresses/{proof.pk}/"
    for _ in range(5):
        assert client.post(where, {"code": "AAAA-AAAA"}).status_code == 422
    stopped = client.post(where, {"code": found_in(SECOND, r"[A-Z]{4}-[A-Z]{4}")})
    assert stopped.status_code == 429
    assert f"{where}#resend" in stopped.content.decode()
    assert client.post(f"{where}resend/").status_code == 303
    assert client.post(where, {"code": found_in(SECOND, r"[A-Z]{4}-[A-Z]{4}")}).status_code == 303
    assert client.get(where).status_code == 404


def test_an_address_that_waits_stands_on_the_page_and_can_be_given_up(client: Client, member: Member) -> None:
    client.post(f"{PAGE}addresses/add/", {"email": SECOND})
    proof = AddressProof.objects.get()
    assert "確認待ち" in client.get(PAGE).content.decode()
    assert client.post(f"{PAGE}addresses/{proof.pk}/drop/")["Location"] == f"{PAGE}#addresses"
    assert not AddressProof.objects.exists()


@pytest.mark.rule("A115", "A121")
def test_the_main_address_changes_and_the_old_one_takes_it_back_without_signing_in(
    client: Client, member: Member
) -> None:
    add_address(client)
    assert client.post(f"{PAGE}addresses/{address_id(SECOND)}/primary/").status_code == 303
    member.refresh_from_db()
    assert member.email == SECOND
    early = client.post(f"{PAGE}addresses/{address_id('taro@example.jp')}/remove/")
    assert (early.status_code, "いままでのアドレスはしばらく残します" in early.content.decode()) == (409, True)
    undo = next(
        found[0].removeprefix(settings.BASE_URL)
        for mail in OutgoingMail.objects.filter(to="taro@example.jp")
        if (found := re.search(r"https?://\S+/login/address-undo/\S+", mail.body))
    )
    owner = Client()
    page = owner.get(undo)
    assert (page.status_code, "変更を元に戻して、アカウントを守る" in page.content.decode()) == (200, True)
    member.refresh_from_db()
    assert member.email == SECOND, "a mail scanner that opens links changes nothing"
    assert owner.post(undo)["Location"] == "/password/reset/"
    member.refresh_from_db()
    assert member.email == "taro@example.jp"
    assert client.get(PAGE)["Location"].startswith("/login/"), "whoever was signed in is out"
    assert owner.post("/login/", {"login": "taro", "password": PASSWORD}).status_code == 422
    twice = owner.post(undo)
    assert (twice.status_code, "すでに元に戻されています" in twice.content.decode()) == (409, True)


@pytest.mark.parametrize("key", ["x", "bm90LW91cnM:abc:def", "%E3%81%82"])
def test_a_link_that_is_cut_off_says_so(client: Client, db: None, key: str) -> None:
    page = client.get(f"/login/address-undo/{key}/")
    assert (page.status_code, "途中で切れているか" in page.content.decode()) == (409, True)


@pytest.mark.rule("A030", "A031", "A032")
def test_a_password_is_set_from_the_profile_by_the_button_of_that_name(client: Client, member: Member) -> None:
    member.set_unusable_password()
    member.save(update_fields=["password"])
    update = Client()
    update.force_login(member)
    session = update.session
    session["proved_at"] = kernel_clock.now().isoformat()
    session.save()
    page = update.get("/my/profile/").content.decode()
    form = page[page.index('id="own-password"') :]
    for words in ("パスワード", "パスワード(確認)", "ログイン情報を更新する"):
        assert words in form, words
    assert "いまのパスワード" not in form
    differs = update.post(f"{PAGE}password/", {"password": NEW, "password_again": NEW + "x"})
    assert (differs.status_code, "上のパスワードと違います" in differs.content.decode()) == (422, True)
    assert update.post(f"{PAGE}password/", {"password": NEW, "password_again": NEW}).status_code == 303
    assert update.get(PAGE).status_code == 200, "this session stays"
    assert Client().post("/login/", {"login": "taro@example.jp", "password": NEW})["Location"] == "/my/"


@pytest.mark.rule("A115")
def test_later_the_present_password_is_asked_for_and_wrong_ones_are_counted(
    client: Client, member: Member, clock: MovableClock
) -> None:
    clock.move(hours=2)
    elsewhere = Client()
    elsewhere.force_login(member)
    assert "いまのパスワード" in client.get(PAGE).content.decode()
    twice = {"password": NEW, "password_again": NEW}
    wrong = client.post(f"{PAGE}password/", {"current": "not this one at all", **twice})
    assert (wrong.status_code, "いまのパスワードと違います" in wrong.content.decode()) == (422, True)
    assert client.post(f"{PAGE}password/", {"current": PASSWORD, **twice}).status_code == 303
    assert client.get(PAGE).status_code == 200
    assert elsewhere.get(PAGE)["Location"].startswith("/login/")
    clock.move(hours=2)
    for _ in range(30):
        stopped = client.post(f"{PAGE}password/", {"current": "never right", **twice})
        if stopped.status_code != 422:
            break
    assert stopped.status_code == 429


@pytest.mark.rule("A093", "A094", "A095")
def test_a_username_changes_and_the_old_address_of_the_profile_leads_on(client: Client, member: Member) -> None:
    taken = client.post(f"{PAGE}username/", {"username": "admin"})
    assert taken.status_code == 422
    assert client.post(f"{PAGE}username/", {"username": "taro_new"}).status_code == 303
    moved = Client().get("/members/taro/")
    assert (moved.status_code, moved["Location"]) == (301, "/members/taro_new/")
    assert Client().get("/members/taro_new/").status_code == 200
    page = client.get(PAGE).content.decode()
    assert "前のユーザー名(1件)" in page
    assert "前に変えてから30日たつと変えられます" in page
    assert Client().post("/login/", {"login": "taro", "password": PASSWORD}).status_code == 422
    assert Client().post("/login/", {"login": "taro_new", "password": PASSWORD})["Location"] == "/my/"


@pytest.mark.rule("A095")
def test_where_names_stay_the_page_says_how_to_get_another(client: Client, member: Member) -> None:
    with policy.overridden({"accounts.username_change_days": 0}):
        page = client.get(PAGE).content.decode()
        refused = client.post(f"{PAGE}username/", {"username": "taro_new"})
    assert "退会して登録し直す必要があります" in page
    assert refused.status_code == 409


def test_without_a_fresh_proof_every_section_says_what_is_needed(
    client: Client, member: Member, clock: MovableClock
) -> None:
    clock.move(hours=2)
    page = client.get(PAGE).content.decode()
    assert page.count("/login/again/") >= 2
    refused = client.post(f"{PAGE}addresses/add/", {"email": SECOND})
    assert refused.status_code == 403
    assert SECOND in refused.content.decode(), "what was typed stays"
