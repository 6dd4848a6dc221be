"""External accounts, through the pages, against a provider that is not ours (`oidc-provider-mock`) on loopback."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings as django_settings
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread
from tests.conftest import MovableClock

from kotowari.accounts.models import Member, SignInRecord, SignUp
from kotowari.accounts.services import appoint_staff, register_member, restrict
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import Notice, OutgoingMail
from kotowari.kernel import clock as kernel_clock

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
NEW = "seven gentle foxes dancing"
PAGE = "/my/settings/login/"
BACK = "/login/with/mock/back/"
JOINING = {
    "username": "hanako_s",
    "display_name": "佐藤 花子",
    "kind": "individual",
    "terms": "on",
    "message_check": "on",
}
PEOPLE = {
    "hanako": {"email": "hanako@example.jp", "email_verified": True, "name": "Hanako"},
    "taro": {"email": "taro@example.jp", "email_verified": True},
    "unsure": {"email": "unsure@example.jp", "email_verified": False},
    "pretends": {"email": "taro@example.jp", "email_verified": False},
    "nameless": {},
}


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    people = [User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(autouse=True)
def provider(settings: Any, mock: str, clock: MovableClock) -> None:
    app = {
        "provider_id": "mock",
        "name": "Mock",
        "client_id": "cid",
        "secret": "never shown to anybody",
        "settings": {"server_url": mock, "scope": ["openid", "email"], "fetch_userinfo": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


@pytest.fixture
def taro() -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def at_provider(page: Any, sub: str | None) -> str:
    """What somebody does at the provider: who they are there, or nothing; the address that it sends them back to."""
    assert page.status_code == 200, page.content.decode()
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', page.content.decode())
    assert found
    data = {"sub": sub} if sub else {"action": "deny"}
    answer = requests.post(unescape(found[1]), data=data, allow_redirects=False, timeout=5)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].removeprefix(django_settings.BASE_URL)


def come(client: Client, sub: str | None, **more: str) -> Any:
    """Press the button of the provider, be somebody there, and come back."""
    return client.get(at_provider(client.post("/login/with/mock/", more), sub))


def link(client: Client, sub: str) -> Any:
    back = client.get(at_provider(client.post(f"{PAGE}external/mock/link/"), sub))
    assert back["Location"] == f"{PAGE}external/confirm/"
    return client.post(back["Location"])


def unsealed(page: str) -> str:
    return re.sub(r'name="(csrfmiddlewaretoken|idempotency_key)" value="[^"]*"', "", page)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def mails_to(email: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(to=email).order_by("id"))


# --- Becoming a member, and signing in again ----------------------------------------------------------------


@pytest.mark.rule("A028", "A029", "A033")
def test_a_new_person_becomes_a_member_without_a_password_and_signs_in_the_same_way(client: Client) -> None:
    assert "Mockでログイン" in client.get("/login/").content.decode()
    first = come(client, "hanako")
    assert first["Location"] == "/signup/with/"
    form = client.get("/signup/with/").content.decode()
    assert "hanako@example.jp" in form
    assert 'name="email"' not in form
    assert 'name="password"' not in form
    wrong = client.post("/signup/with/", {"username": "a"})
    assert (wrong.status_code, Member.objects.count()) == (422, 0)
    assert client.post("/signup/with/", JOINING)["Location"] == "/my/"
    member = Member.objects.get()
    assert (member.username, member.email, member.has_usable_password()) == ("hanako_s", "hanako@example.jp", False)
    assert member.consents.count() == 2
    assert SocialAccount.objects.get().extra_data == {"email": "hanako@example.jp"}
    assert not SocialToken.objects.exists()
    assert not SocialApp.objects.exists()
    again = Client()
    assert come(again, "hanako", next=PAGE)["Location"] == PAGE
    assert is_signed_in(again)
    assert SignInRecord.objects.filter(member=member, outcome="in").latest("id").way == "socialaccount"


def test_the_way_there_carries_state_nonce_and_pkce_and_no_secret(client: Client, monkeypatch: Any) -> None:
    page = client.post("/login/with/mock/")
    found = re.search(r'content="0;url=([^"]+)"', page.content.decode())
    assert found
    asked = parse_qs(urlsplit(unescape(found[1])).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["nonce"][0]) >= 32
    assert len(asked["state"][0]) >= 16
    assert asked["redirect_uri"] == [f"{django_settings.BASE_URL}{BACK}"]
    assert set(asked["scope"][0].split()) == {"openid", "email"}
    assert "never shown" not in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    from kotowari.accounts.external.sending import Asking

    sent: list[dict[str, str]] = []
    real = Asking.request

    def spy(self: Any, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("data"):
            sent.append(kwargs["data"])
        return real(self, method, url, *args, **kwargs)

    monkeypatch.setattr(Asking, "request", spy)
    assert come(client, "hanako")["Location"] == "/signup/with/"
    assert len(sent[0]["code_verifier"]) >= 43


@pytest.mark.rule("A028")
@pytest.mark.parametrize(("sub", "typed"), [("unsure", "unsure@example.jp"), ("nameless", "nobody.yet@example.jp")])
def test_an_address_that_the_provider_does_not_vouch_for_is_proved_by_the_code(
    client: Client, sub: str, typed: str
) -> None:
    assert come(client, sub)["Location"] == "/signup/with/"
    assert 'name="email"' in client.get("/signup/with/").content.decode()
    assert client.post("/signup/with/", {**JOINING, "email": typed})["Location"] == "/signup/verify/"
    assert not Member.objects.exists()
    body = mails_to(typed)[-1].body
    code = re.search(r"[A-Z]{4}-[A-Z]{4}", body)
    link = re.search(r"/signup/verify/[0-9a-f-]+/", body)
    assert code
    assert link
    elsewhere = Client().post(link[0], {"code": code[0], "password": ""})
    assert (elsewhere.status_code, "始めたブラウザで" in elsewhere.content.decode()) == (409, True)
    assert client.post("/signup/verify/", {"code": code[0]})["Location"] == "/my/"
    member = Member.objects.get()
    assert not member.has_usable_password()
    assert come(Client(), sub)["Location"] == "/my/"
    assert not SignUp.objects.exists()


# --- Never linked silently ----------------------------------------------------------------------------------


@pytest.mark.rule("A033", "A197")
def test_an_account_with_a_members_address_is_linked_only_by_its_owner_who_signs_in(
    client: Client, taro: Member
) -> None:
    assert come(client, "taro")["Location"] == "/login/link/"
    assert not SocialAccount.objects.exists()
    assert not is_signed_in(client)
    page = client.get("/login/link/").content.decode()
    assert "まだつながっていません" in page
    assert f"/login/?next={PAGE}external/confirm/" in page
    inside = client.post("/login/", {"login": "taro", "password": PASSWORD, "next": f"{PAGE}external/confirm/"})
    assert inside["Location"] == f"{PAGE}external/confirm/"
    shown = client.get(f"{PAGE}external/confirm/").content.decode()
    for words in ("taro@example.jp", "つなぐMockアカウント", "つなぐ"):
        assert words in shown, words
    assert not SocialAccount.objects.exists()
    assert client.post(f"{PAGE}external/confirm/")["Location"] == f"{PAGE}#external"
    assert come(Client(), "taro")["Location"] == "/my/"
    assert "Mockのアカウントがつながりました" in [mail.subject for mail in mails_to("taro@example.jp")]


@pytest.mark.rule("A033")
def test_or_by_the_link_that_goes_to_the_registered_address(client: Client, taro: Member, clock: MovableClock) -> None:
    come(client, "taro")
    assert "リンクを送りました" in client.post("/login/link/").content.decode()
    found = re.search(r"/login/by-mail/\S+/", mails_to("taro@example.jp")[-1].body)
    assert found
    clock.move(minutes=5)
    assert client.get(found[0])["Location"] == "/login/by-mail/go/"
    assert not is_signed_in(client), "a scanner of mails that opens links signs nobody in"
    assert client.post("/login/by-mail/go/")["Location"] == f"{PAGE}external/confirm/"
    client.post(f"{PAGE}external/confirm/")
    assert SocialAccount.objects.get().user == taro


def test_an_address_that_is_merely_claimed_neither_opens_nor_links_anything(client: Client, taro: Member) -> None:
    assert come(client, "pretends")["Location"] == "/signup/with/"
    sent = client.post("/signup/with/", {**JOINING, "email": "taro@example.jp"})
    assert sent["Location"] == "/signup/verify/"
    assert "すでに登録されています" in mails_to("taro@example.jp")[-1].body
    assert not SocialAccount.objects.exists()
    assert client.get("/login/link/").status_code == 409


# --- The same gate ------------------------------------------------------------------------------------------


@pytest.fixture
def linked(taro: Member) -> Member:
    SocialAccount.objects.create(user=taro, provider="mock", uid="taro")
    return taro


def test_a_frozen_member_is_told_why_and_how_to_contest(client: Client, linked: Member) -> None:
    staff = register_member(
        actor=SYSTEM, username="unei_one", display_name="運営", email="unei@example.jp", password=PASSWORD
    )
    appoint_staff(actor=SYSTEM, member_id=staff.pk)
    staff.refresh_from_db()
    until = kernel_clock.now() + timedelta(days=7)
    restrict(actor=staff, member_id=linked.pk, cause="terms_breach", until=until, explanation="10月の投稿")
    page = come(client, "taro")
    assert page.status_code == 403
    for words in ("利用規約に反する行為", "異議を申し立てる"):
        assert words in page.content.decode(), words
    assert not is_signed_in(client)
    assert SignInRecord.objects.latest("id").outcome == "frozen"


def test_a_locked_account_opens_from_no_unknown_device_in_this_way_either(client: Client, linked: Member) -> None:
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    for number in range(40):
        stranger.post("/login/", {"login": "taro", "password": f"wrong {number}"})
        if linked.locks.exists():
            break
        stranger = Client(REMOTE_ADDR=f"198.51.{number}.7")
    assert linked.locks.exists()
    page = come(client, "taro")
    assert (page.status_code, "一時的にロックしています" in page.content.decode()) == (403, True)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("change", "words"),
    [({"left_at": True}, "退会済みです"), ({"is_active": False}, "運営が閉じました")],
)
def test_who_has_left_and_whose_account_is_closed_are_told_so(
    client: Client, linked: Member, change: dict[str, Any], words: str
) -> None:
    values = {name: kernel_clock.now() if value is True else value for name, value in change.items()}
    Member.objects.filter(pk=linked.pk).update(**values)
    page = come(client, "taro")
    assert (page.status_code, words in page.content.decode()) == (403, True)
    assert not is_signed_in(client)


# --- Linking and unlinking ----------------------------------------------------------------------------------


@pytest.mark.rule("A033", "A034")
def test_linked_accounts_are_shown_and_unlinked_but_never_the_last_way(client: Client, taro: Member) -> None:
    client.post("/login/", {"login": "taro", "password": PASSWORD})
    link(client, "hanako")
    page = client.get(PAGE).content.decode()
    assert "hanako@example.jp" in page[page.index('id="external"') :]
    row = SocialAccount.objects.get()
    taro.set_unusable_password()
    taro.save(update_fields=["password"])
    inside = Client()
    come(inside, "hanako")
    refused = inside.post(f"{PAGE}external/{row.pk}/unlink/")
    assert refused.status_code == 409
    text = refused.content.decode()
    assert "先にパスワードを設定するか、パスキーを追加して" in text
    assert f"{PAGE}#password" in text
    assert inside.post(f"{PAGE}password/", {"password": NEW, "password_again": NEW}).status_code == 303
    assert inside.post(f"{PAGE}external/{row.pk}/unlink/")["Location"] == f"{PAGE}#external"
    assert not SocialAccount.objects.exists()
    assert "Mockのアカウントが外されました" in mails_to("taro@example.jp")[-1].subject


@pytest.mark.rule("A032")
def test_after_setting_a_password_the_address_of_the_external_account_and_it_sign_in(client: Client) -> None:
    come(client, "hanako")
    client.post("/signup/with/", JOINING)
    assert client.post(f"{PAGE}password/", {"password": NEW, "password_again": NEW}).status_code == 303
    fresh = Client()
    assert fresh.post("/login/", {"login": "hanako@example.jp", "password": NEW})["Location"] == "/my/"


def test_an_external_account_of_somebody_else_cannot_be_linked_too(client: Client, linked: Member) -> None:
    register_member(actor=SYSTEM, username="jiro", display_name="次郎", email="jiro@example.jp", password=PASSWORD)
    client.post("/login/", {"login": "jiro", "password": PASSWORD})
    answer = link(client, "taro")
    assert (answer.status_code, "別の会員につながっています" in answer.content.decode()) == (409, True)
    assert SocialAccount.objects.get().user == linked


def test_linking_asks_for_a_fresh_proof(client: Client, taro: Member, clock: MovableClock) -> None:
    client.post("/login/", {"login": "taro", "password": PASSWORD})
    clock.move(hours=3)
    refused = client.post(f"{PAGE}external/mock/link/")
    assert (refused.status_code, "/login/again/" in refused.content.decode()) == (403, True)


def test_nobody_unlinks_somebody_elses(client: Client, linked: Member) -> None:
    register_member(actor=SYSTEM, username="jiro", display_name="次郎", email="jiro@example.jp", password=PASSWORD)
    client.post("/login/", {"login": "jiro", "password": PASSWORD})
    assert client.post(f"{PAGE}external/{SocialAccount.objects.get().pk}/unlink/").status_code == 404
    assert SocialAccount.objects.exists()


# --- Mail, and the words that only the owner gets ----------------------------------------------------------


@pytest.mark.rule("A028")
def test_only_the_registered_address_learns_that_an_account_signs_in_externally(client: Client) -> None:
    come(client, "hanako")
    client.post("/signup/with/", JOINING)
    stranger = Client()
    known, unknown = (
        stranger.post("/login/", {"login": login, "password": "wrong one here"}).content.decode()
        for login in ("hanako_s", "nobody_s")
    )
    assert unsealed(known) == unsealed(unknown).replace("nobody_s", "hanako_s")
    stranger.post("/password/reset/", {"email": "hanako@example.jp"})
    body = mails_to("hanako@example.jp")[-1].body
    assert "このアカウントはMockでログインする設定で、パスワードはまだありません" in body
    path = re.search(r"/password/reset/\S+/", body)
    assert path
    page = stranger.get(path[0], follow=True)
    assert page.status_code == 200
    where = page.redirect_chain[-1][0]
    assert stranger.post(where, {"password": NEW, "password_again": NEW})["Location"] == "/login/"
    assert stranger.post("/login/", {"login": "hanako@example.jp", "password": NEW})["Location"] == "/my/"


# --- A provider that dies strands nobody ----------------------------------------------------------------------


@pytest.mark.rule("A029")
def test_a_provider_that_ends_is_announced_and_then_a_link_by_mail_leads_on(
    client: Client, clock: MovableClock
) -> None:
    come(client, "hanako")
    client.post("/signup/with/", JOINING)
    with policy.overridden({"accounts.provider_ends": [{"provider": "mock", "name": "Mock", "ends_on": "2026-12-01"}]}):
        before = Client().get("/login/").content.decode()
        assert "2026年12月1日" in before
        assert "Mockでログイン</button>" in before.replace("\n", "")
        clock.move(days=20)
        after = Client().get("/login/").content.decode()
        assert "に終わりました" in after
        assert "/login/with/mock/" not in after
        over = Client().post("/login/with/mock/")
        assert (over.status_code, "/login/by-mail/" in over.content.decode()) == (409, True)
        owner = Client()
        assert owner.post("/login/by-mail/", {"email": "hanako@example.jp"})["Location"] == "/login/by-mail/sent/"
        found = re.search(r"/login/by-mail/\S+/", mails_to("hanako@example.jp")[-1].body)
        assert found
        owner.get(found[0])
        assert owner.post("/login/by-mail/go/")["Location"] == "/my/"
        unlink = SocialAccount.objects.get().pk
        page = owner.get(PAGE).content.decode()
        assert "いまは使えません" in page
        assert owner.post(f"{PAGE}external/{unlink}/unlink/").status_code == 409


@pytest.mark.rule("A029")
def test_a_provider_without_keys_is_not_offered_and_says_what_else_there_is(client: Client, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
    assert "Mock" not in client.get("/login/").content.decode()
    for answer in (client.post("/login/with/mock/"), client.get(f"{BACK}?state=x&code=y")):
        assert answer.status_code == 404
        assert "/login/by-mail/" in answer.content.decode()


def test_no_notice_is_lost(client: Client, linked: Member) -> None:
    come(client, "taro")
    row = SocialAccount.objects.get()
    client.post(f"{PAGE}external/{row.pk}/unlink/")
    assert Notice.objects.filter(member=linked).latest("id").kind == "accounts.external_unlinked"
