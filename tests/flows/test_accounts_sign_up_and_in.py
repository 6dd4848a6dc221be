"""Signing up, signing in, new passwords and settings, through the pages."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.conftest import MovableClock

from kotowari.accounts.models import Member, SignUp
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
NEW = "seven gentle foxes dancing"
FORM: dict[str, Any] = {
    "username": "hanako_s",
    "display_name": "佐藤 花子",
    "email": "hanako@example.jp",
    "password": PASSWORD,
    "kind": "individual",
    "terms": "on",
    "message_check": "on",
}


@pytest.fixture
def member() -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def last_mail() -> OutgoingMail:
    return OutgoingMail.objects.latest("id")


def code_in_mail() -> str:
    found = re.search(r"[A-Z]{4}-[A-Z]{4}", last_mail().body)
    assert found, last_mail().body
    return found[0]


def path_in_mail(part: str) -> str:
    found = re.search(rf"https?://[^/\s]+({part}\S*)", last_mail().body)
    assert found, last_mail().body
    return found[1]


def same(content: bytes, *typed: str) -> str:
    """A page without what differs each time: seals, idempotency keys, and what was typed."""
    text = re.sub(r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"', "", content.decode())
    for word in typed:
        text = text.replace(word, "TYPED")
    return text


def sign_in(client: Client, login: str = "taro", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/login/", {"login": login, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- The whole way -------------------------------------------------------------------------------------


@pytest.mark.rule("A036", "A037")
def test_sign_up_prove_the_address_sign_out_and_sign_in_again(client: Client) -> None:
    page = client.get("/signup/")
    assert page.status_code == 200
    begun = client.post("/signup/", FORM)
    assert (begun.status_code, begun["Location"]) == (303, "/signup/verify/")
    assert not Member.objects.exists()
    assert not is_signed_in(client)
    assert "hanako@example.jp" in client.get("/signup/verify/").content.decode()
    done = client.post("/signup/verify/", {"code": code_in_mail().lower()})
    assert (done.status_code, done["Location"]) == (302, "/my/")
    member = Member.objects.get()
    assert client.session["_auth_user_id"] == str(member.pk)
    assert client.get("/login/")["Location"] == "/my/"

    top = client.get("/my/").content.decode().partition("<main")[0]
    assert re.search(r'href="/my/".*action="/logout/".*ログアウト', top, re.S), (
        "at the top of my page, below one's name"
    )
    assert "退会にはなりません" in client.get("/logout/").content.decode()
    out = client.post("/logout/")
    member.refresh_from_db()
    assert member.left_at is None
    assert out["Location"] == "/"
    assert not is_signed_in(client)
    assert client.get("/my/settings/")["Location"].startswith("/login/?next=")

    back = sign_in(client, "Ｈanako@Example.jp ", next="/my/settings/")
    assert back["Location"] == "/my/settings/"
    assert "佐藤 花子" in client.get("/my/settings/").content.decode()


def test_the_link_in_the_mail_carries_the_code_and_asks_for_the_password_in_another_browser(client: Client) -> None:
    client.post("/signup/", FORM)
    link = path_in_mail("/signup/verify/")
    code = code_in_mail()
    here = client.get(link).content.decode()
    assert code in here
    assert 'name="password"' not in here
    other = Client()
    there = other.get(link).content.decode()
    assert code in there
    assert 'name="password"' in there
    assert "hanako@example.jp" not in there
    wrong = other.post(link, {"code": code, "password": "somebody else's idea"})
    assert wrong.status_code == 422
    assert not Member.objects.exists()
    assert other.post(link, {"code": code, "password": PASSWORD}).status_code == 302
    assert is_signed_in(other)
    assert client.get(link).status_code == 409  # finished


def test_a_wrong_code_keeps_the_page_and_five_make_it_void(client: Client, clock: MovableClock) -> None:
    client.post("/signup/", FORM)
    code = code_in_mail()
    for _ in range(5):
        wrong = client.post("/signup/verify/", {"code": "BBBB-CCCC"})
        assert wrong.status_code == 422
        assert "確認コードが違います" in wrong.content.decode()
    void = client.post("/signup/verify/", {"code": code})
    assert void.status_code == 429
    assert "新しいコードを送る" in void.content.decode()
    assert client.post("/signup/resend/").status_code == 303
    assert client.post("/signup/verify/", {"code": code_in_mail()}).status_code == 302


def test_a_code_that_has_expired_says_so_before_it_is_typed(client: Client, clock: MovableClock) -> None:
    client.post("/signup/", FORM)
    clock.move(minutes=10)
    assert "期限が過ぎました" in client.get("/signup/verify/").content.decode()
    clock.move(days=1)
    gone = client.get("/signup/verify/")
    assert gone.status_code == 409
    assert "/signup/" in gone.content.decode()


def test_without_a_sign_up_there_is_nothing_to_prove(client: Client) -> None:
    for answer in (
        client.get("/signup/verify/"),
        client.post("/signup/resend/"),
        client.get("/signup/verify/0198b1c5-0000-7000-8000-000000000000/"),
    ):
        assert answer.status_code == 409
        assert "見つかりません" in answer.content.decode()


def test_what_was_typed_stays_and_every_field_says_what_is_wrong(client: Client) -> None:
    wrong = client.post("/signup/", {"username": "花", "display_name": "花子", "email": "x", "password": "short"})
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert 'value="花"' in page
    assert 'value="花子"' in page
    assert "short" not in page
    for words in ("半角英小文字", "name@example.com", "選んでください", "同意が必要"):
        assert words in page, words
    weak = client.post("/signup/", {**FORM, "password": "short"})
    assert "15文字以上" in weak.content.decode()
    assert (
        "15 characters"
        in client.post("/signup/", {**FORM, "password": "x"}, headers={"accept-language": "en"}).content.decode()
    )


@pytest.mark.rule("A010")
def test_signing_up_with_a_members_address_looks_the_same_to_the_byte(client: Client, member: Member) -> None:
    known, unknown = Client(), Client()
    answers = []
    for browser, name, email in ((known, "probe_a", member.email), (unknown, "probe_b", "nobd@example.jp")):
        begun = browser.post("/signup/", {**FORM, "username": name, "email": email})
        page = browser.get("/signup/verify/")
        wrong = browser.post("/signup/verify/", {"code": "BBBB-CCCC"})
        answers.append(
            (
                begun.status_code,
                begun["Location"],
                same(page.content, email),
                wrong.status_code,
                same(wrong.content, email),
            )
        )
    # the clock of the code is the only other thing that differs
    unclocked = [[re.sub(r"<time.*?</time>", "", str(part)) for part in answer] for answer in answers]
    assert unclocked[0] == unclocked[1]
    assert OutgoingMail.objects.filter(to=member.email, subject__contains="登録済み").exists()
    assert Member.objects.count() == 1


@pytest.mark.rule("A125")
def test_a_member_who_opens_the_sign_up_page_is_told_why_not(client: Client, member: Member) -> None:
    client.force_login(member)
    page = client.get("/signup/").content.decode()
    assert "aria-disabled" in page
    assert "複数のアカウント" in page
    refused = client.post("/signup/", FORM)
    assert refused.status_code == 409
    assert not SignUp.objects.exists()


def test_a_double_click_begins_one_sign_up(client: Client) -> None:
    for _ in range(2):
        client.post("/signup/", {**FORM, "idempotency_key": "the-form"})
    assert SignUp.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_one_address_gets_only_so_many_codes_an_hour(client: Client, clock: MovableClock) -> None:
    client.post("/signup/", FORM)
    for _ in range(4):
        assert client.post("/signup/resend/").status_code == 303
    limited = client.post("/signup/resend/")
    assert limited.status_code == 429
    assert int(limited["Retry-After"]) == 3600
    again = client.post("/signup/", FORM)
    assert again.status_code == 429
    assert 'value="hanako_s"' in again.content.decode()
    clock.move(hours=1)
    assert client.post("/signup/resend/").status_code == 303


# --- Signing in ----------------------------------------------------------------------------------------


@pytest.mark.rule("A010", "A011")
def test_an_unknown_address_and_a_wrong_password_are_answered_in_the_same_bytes(client: Client, member: Member) -> None:
    for known, unknown in (("taro@example.jp", "nobd@example.jp"), ("taro", "nobd")):
        first = sign_in(Client(), known, "Correct Horse battery staple")
        second = sign_in(Client(), unknown, "Correct Horse battery staple")
        assert first.status_code == second.status_code == 422
        assert same(first.content, known) == same(second.content, unknown)
        assert "大文字と小文字は区別されます" in first.content.decode()
        assert PASSWORD not in first.content.decode()


@pytest.mark.rule("A003", "A004")
def test_a_slip_that_can_be_seen_is_pointed_out(client: Client, member: Member) -> None:
    page = sign_in(client, "taro", "wrong horse ").content.decode()
    assert "先頭または末尾に空白があります" in page.split('id="slips"')[1]
    assert sign_in(client, "taro", PASSWORD).status_code == 302


@pytest.mark.rule("A015", "A018", "A020")
@pytest.mark.parametrize("login", ["taro@example.jp", "nobd@example.jp"])
def test_after_ten_wrong_passwords_the_page_says_until_when_and_offers_the_reset(
    client: Client, member: Member, clock: MovableClock, login: str
) -> None:
    for left in range(9, -1, -1):
        assert f"あと{left}回まで" in sign_in(client, login, "wrong").content.decode()
    waits = sign_in(client, login, PASSWORD)
    page = waits.content.decode()
    assert (waits.status_code, waits["Retry-After"]) == (429, "30")
    assert not is_signed_in(client)
    assert "10:01" in page
    assert "データが消えたり" in page
    assert page.index("/password/reset/") < page.index('id="login"')
    clock.move(seconds=30)
    assert sign_in(client, login, "wrong").status_code == 422
    assert sign_in(client, login, PASSWORD)["Retry-After"] == "60"
    clock.move(seconds=60)
    assert sign_in(client, login, PASSWORD).status_code == (302 if login.startswith("taro") else 422)


def test_an_unfinished_sign_up_leads_to_its_code(client: Client) -> None:
    client.post("/signup/", FORM)
    other = Client()
    refused = sign_in(other, "hanako@example.jp")
    assert refused.status_code == 403
    assert "/signup/verify/" in refused.content.decode()
    assert other.get("/signup/verify/").status_code == 200
    assert sign_in(Client(), "hanako@example.jp", "wrong").status_code == 422


@pytest.mark.rule("A010")
def test_whoever_has_left_is_answered_like_anybody_else_even_with_the_right_password(
    client: Client, member: Member, clock: MovableClock
) -> None:
    unknown = sign_in(Client(), "nobd")
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    left = sign_in(Client())
    assert left.status_code == unknown.status_code == 422
    assert same(left.content, "taro") == same(unknown.content, "nobd")
    Member.objects.filter(pk=member.pk).update(left_at=None)
    assert sign_in(client).status_code == 302
    Member.objects.filter(pk=member.pk).update(left_at=clock.moment)
    assert client.get("/my/settings/")["Location"].startswith("/login/")


@pytest.mark.rule("A035")
def test_a_session_ends_with_the_browser_unless_it_is_asked_to_last(client: Client, member: Member) -> None:
    sign_in(client)
    assert client.cookies["sessionid"]["max-age"] == ""
    assert client.session.get_expiry_age() == 12 * 3600
    lasting = Client()
    sign_in(lasting, remember="on")
    assert lasting.cookies["sessionid"]["max-age"] == 14 * 24 * 3600


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_signing_in_never_leads_to_another_site(client: Client, member: Member, target: str) -> None:
    assert sign_in(client, next=target)["Location"] == "/my/"


def test_signing_in_changes_the_session_key(client: Client, member: Member) -> None:
    client.post("/signup/", FORM)
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


@pytest.mark.rule("A007", "A012")
@pytest.mark.parametrize(
    ("page", "tokens"),
    [
        ("/login/", ["username", "current-password"]),
        ("/signup/", ["email", "username", "nickname", "new-password"]),
        ("/password/reset/", ["username"]),
    ],
)
def test_browsers_and_password_managers_know_every_field(client: Client, page: str, tokens: list[str]) -> None:
    html = client.get(page).content.decode()
    for token in tokens:
        assert f'autocomplete="{token}"' in html
    assert "onpaste" not in html


@pytest.mark.rule("A001", "A002", "A006", "A024")
def test_the_way_to_a_new_password_is_always_beside_the_field(client: Client, member: Member) -> None:
    for page in (client.get("/login/"), sign_in(client, "taro", "wrong")):
        html = page.content.decode()
        form = html.split('id="login"')[1]
        assert "/password/reset/" in form
        assert 'type="password"' in form
        assert 'data-show="表示"' in form


# --- A new password ------------------------------------------------------------------------------------


@pytest.mark.rule("A021", "A022", "A023", "A024", "A030", "A031")
def test_a_new_password_by_mail_ends_every_session_and_does_not_sign_in(client: Client, member: Member) -> None:
    elsewhere = Client()
    sign_in(elsewhere)
    assert client.post("/password/reset/", {"email": "Ｔaro@example.jp"})["Location"] == "/password/reset/sent/"
    link = path_in_mail("/password/reset/")
    opened = client.get(link)
    assert opened.status_code == 303
    hidden = opened["Location"]
    assert hidden == "/password/reset/new/"
    assert client.get(hidden).status_code == 200
    differ = client.post(hidden, {"password": NEW, "password_again": NEW + "!"})
    assert differ.status_code == 422
    weak = client.post(hidden, {"password": "short", "password_again": "short"})
    assert "15文字以上" in weak.content.decode()
    assert client.post(hidden, {"password": NEW, "password_again": NEW})["Location"] == "/login/"
    assert not is_signed_in(client)
    assert elsewhere.get("/my/settings/")["Location"].startswith("/login/")
    assert sign_in(client, "taro", PASSWORD).status_code == 422
    assert sign_in(client, "taro", NEW).status_code == 302
    assert OutgoingMail.objects.filter(to=member.email, subject="パスワードが変更されました").exists()
    dead = Client().get(link)
    assert dead.status_code == 409
    assert "新しいリンクを送る" in dead.content.decode()


@pytest.mark.rule("A023")
def test_a_reset_looks_the_same_for_every_address(client: Client, member: Member) -> None:
    pages = []
    for email in (member.email, "nobd@example.jp"):
        asked = Client()
        answer = asked.post("/password/reset/", {"email": email})
        pages.append((answer.status_code, answer["Location"], same(asked.get(answer["Location"]).content)))
    assert pages[0] == pages[1]
    assert OutgoingMail.objects.filter(to="nobd@example.jp").exists()


def test_resets_are_limited_for_every_address_alike(client: Client, member: Member, clock: MovableClock) -> None:
    for email in (member.email, "nobd@example.jp"):
        for _ in range(5):
            assert client.post("/password/reset/", {"email": email}).status_code == 303
        assert client.post("/password/reset/", {"email": email}).status_code == 429
    clock.move(hours=1)
    assert client.post("/password/reset/", {"email": member.email}).status_code == 303


@pytest.mark.parametrize("key", ["x", "x-y", "zzzz-set-password", "0-new", "sent2"])
def test_an_address_that_is_no_link_says_so(client: Client, key: str) -> None:
    assert client.get(f"/password/reset/{key}/").status_code == 409


# --- Settings and tokens -------------------------------------------------------------------------------


def test_settings_change_the_name_and_the_language_at_once(client: Client, member: Member) -> None:
    client.force_login(member)
    wrong = client.post("/my/settings/", {"display_name": "花\u200b子", "language": "ja"})
    assert wrong.status_code == 422
    assert client.post("/my/settings/", {"display_name": "Taro", "language": "en"}).status_code == 303
    page = client.get("/my/settings/").content.decode()
    assert '<html lang="en">' in page
    assert "Your settings are updated." in page
    member.refresh_from_db()
    assert (member.display_name, member.language) == ("Taro", "en")


def test_a_token_is_made_shown_once_and_revoked(client: Client, member: Member) -> None:
    sign_in(client)
    assert "まだありません" in client.get("/my/settings/api/").content.decode()
    form = {"name": "会計", "scopes": ["jobs:read", "money:read"], "idempotency_key": "k"}
    page = client.post("/my/settings/api/", form)
    shown = re.search(r"kotowari_[\w-]{43}", page.content.decode())
    assert shown
    assert page["Cache-Control"].count("no-store") == 1
    assert shown[0] not in client.post("/my/settings/api/", form).content.decode()
    listed = client.get("/my/settings/api/").content.decode()
    assert shown[0] not in listed
    revoke = re.search(r'action="(/my/settings/api/[0-9a-f-]+/revoke/)"', listed)
    assert revoke
    assert client.post(revoke[1]).status_code == 303
    assert client.post(revoke[1]).status_code == 409
    nobody = client.post("/my/settings/api/", {"name": "", "scopes": []})
    assert nobody.status_code == 422


def test_nobody_revokes_somebody_elses_token(client: Client, member: Member) -> None:
    sign_in(client)
    client.post("/my/settings/api/", {"name": "会計", "scopes": ["jobs:read"]})
    token = member.api_tokens.get()
    other = register_member(
        actor=SYSTEM, username="jiro", display_name="次郎", email="jiro@example.jp", password=PASSWORD
    )
    client.force_login(other)
    assert client.post(f"/my/settings/api/{token.pk}/revoke/").status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None
