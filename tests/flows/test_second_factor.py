"""The second step of signing in, and the proof before the keys of an account are touched, through the pages."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.service.accounts.factors import app_code, text_code, with_app, with_passkey, with_telephone
from tests.soft_passkey import SoftPasskey

from kotowari.accounts import services
from kotowari.accounts.models import Device, DeviceTrust, Factor, Member, SignInRecord
from kotowari.accounts.services import register_member
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import OutgoingMail

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"
STEP, SETTINGS, AGAIN = "/login/second-factor/", "/my/settings/login/second-factor/", "/login/again/"


@pytest.fixture
def taro() -> Member:
    return register_member(
        actor=SYSTEM, username="taro", display_name="太郎", email="taro@example.jp", password=PASSWORD
    )


def sign_in(client: Client, **more: str) -> Any:
    return client.post("/login/", {"login": "taro", "password": PASSWORD, **more})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def asked_in(page: str) -> dict[str, Any]:
    """What the page asks the browser's passkeys."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found
    return dict(json.loads(unescape(found[1])))


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return str(answer.content.decode())


# --- Signing in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["set", "void"])
def test_another_password_ends_a_sign_in_that_waits_for_its_second_factor(
    client: Client, taro: Member, change: str
) -> None:
    factor = with_app(taro)
    assert sign_in(client)["Location"] == STEP
    if change == "set":
        services.set_password(actor=taro, password="seven gentle foxes dancing")
    else:
        services.report_not_me(actor=taro)
    assert client.get(STEP).status_code == 409
    assert client.post(STEP, {"kind": "totp", "totp.code": app_code(factor)}).status_code == 409
    assert not is_in(client)
    assert "二段階認証の復旧を始める" not in client.get("/login/recovery/").content.decode()


@pytest.mark.rule("A114")
def test_the_password_alone_opens_nothing_and_the_apps_code_does(client: Client, taro: Member) -> None:
    factor = with_app(taro)
    first = sign_in(client, next="/my/settings/", remember="on")
    assert first["Location"] == STEP
    assert not is_in(client)
    assert client.get("/my/")["Location"].startswith("/login/")
    seen = page(client, STEP)
    assert 'autocomplete="one-time-code"' in seen
    assert "SMSで確かめる" not in seen
    wrong = client.post(STEP, {"kind": "totp", "totp.code": "12345"})
    assert wrong.status_code == 422
    assert "あと4回まで試せます" in wrong.content.decode()
    code = app_code(factor)
    right = client.post(STEP, {"kind": "totp", "totp.code": f"{code[:3]} {code[3:]}"})
    assert right["Location"] == "/my/settings/"
    assert is_in(client)
    assert client.session["remember"] is True
    assert client.get(STEP)["Location"] == "/my/"
    other = Client()
    sign_in(other)
    assert other.post(STEP, {"kind": "totp", "totp.code": code}).status_code == 422, "the same code once more"


def test_without_a_second_factor_nothing_is_asked(client: Client, taro: Member) -> None:
    assert sign_in(client)["Location"] == "/my/"


def test_the_page_by_itself_says_what_is_missing(client: Client) -> None:
    for answer in (client.get(STEP), client.post(STEP, {"kind": "totp"}), client.post(f"{STEP}send/")):
        assert answer.status_code == 409
        assert "/login/" in answer.content.decode()


def test_a_code_by_text_message(client: Client, taro: Member) -> None:
    factor = with_telephone(taro)
    sign_in(client)
    assert "…5678にコードを送る" in page(client, STEP)
    sent = client.post(f"{STEP}send/", {"factor": str(factor.pk)})
    assert sent["Location"] == f"{STEP}#sms"
    assert "…5678の電話にコードを送りました" in page(client, STEP)
    assert client.post(STEP, {"kind": "sms", "sms.code": text_code()})["Location"] == "/my/"
    other = register_member(actor=SYSTEM, username="jiro", display_name="次郎", email="j@example.jp", password=PASSWORD)
    with_app(other)
    stranger = Client()
    stranger.post("/login/", {"login": "jiro", "password": PASSWORD})
    assert stranger.post(f"{STEP}send/", {"factor": str(factor.pk)}).status_code == 404
    assert stranger.post(f"{STEP}send/", {"factor": "x"}).status_code == 404


@pytest.mark.rule("A116")
def test_a_recovery_code_works_once(client: Client, taro: Member) -> None:
    with_app(taro)
    codes = services.make_recovery_codes(actor=taro).plaintexts
    sign_in(client)
    assert client.post(STEP, {"kind": "recovery", "recovery.code": codes[0].lower()})["Location"] == "/my/"
    other = Client()
    sign_in(other)
    again = other.post(STEP, {"kind": "recovery", "recovery.code": codes[0]})
    assert again.status_code == 422
    assert "この回復コードは使えません" in again.content.decode()
    assert other.post(STEP, {"kind": "recovery", "recovery.code": codes[1]})["Location"] == "/my/"


def test_a_passkey_as_second_factor(client: Client, taro: Member) -> None:
    _, key = with_passkey(taro)
    sign_in(client)
    asked = asked_in(page(client, STEP))
    assert len(asked["allowCredentials"]) == 1
    answer = json.dumps(key.shown(asked, verified=False))
    assert client.post(STEP, {"kind": "passkey", "passkey.answer": answer})["Location"] == "/my/"
    other = Client()
    sign_in(other)
    page(other, STEP)
    for wrong in (answer, "", "x", "[]", "{}"):
        assert other.post(STEP, {"kind": "passkey", "passkey.answer": wrong}).status_code == 422
    assert not is_in(other)


@pytest.mark.rule("A114", "A115")
def test_a_passkey_alone_signs_in_and_counts_as_both(client: Client, taro: Member) -> None:
    _, key = with_passkey(taro)
    with_app(taro)
    assert 'href="/login/passkey/"' in page(client, "/login/")
    asked = asked_in(page(client, "/login/passkey/?next=/my/settings/"))
    form = {"answer": json.dumps(key.shown(asked)), "next": "/my/settings/", "remember": "on"}
    assert client.post("/login/passkey/", form)["Location"] == "/my/settings/"
    assert SignInRecord.objects.get(member=taro).way == "passkey"
    assert client.get("/login/passkey/")["Location"] == "/my/"
    replayed = Client()
    page(replayed, "/login/passkey/")
    assert replayed.post("/login/passkey/", form).status_code == 422
    unverified = Client()
    asked = asked_in(page(unverified, "/login/passkey/"))
    sent = {"answer": json.dumps(key.shown(asked, verified=False))}
    refused = unverified.post("/login/passkey/", sent)
    assert refused.status_code == 422
    assert "このパスキーでは確かめられませんでした" in refused.content.decode()
    assert not is_in(unverified)


def test_what_a_browser_was_asked_is_good_for_ten_minutes_and_once(
    client: Client, taro: Member, clock: MovableClock
) -> None:
    _, key = with_passkey(taro)
    asked = asked_in(page(client, "/login/passkey/"))
    clock.move(minutes=10)
    assert client.post("/login/passkey/", {"answer": json.dumps(key.shown(asked))}).status_code == 422


def test_a_passkey_nobody_registered_is_told_no_more_than_a_wrong_one(client: Client, taro: Member) -> None:
    with_passkey(taro)
    stranger = SoftPasskey()
    asked = asked_in(page(client, "/login/passkey/"))
    refused = client.post("/login/passkey/", {"answer": json.dumps(stranger.shown(asked))})
    assert refused.status_code == 422
    assert "このパスキーでは確かめられませんでした" in refused.content.decode()


# --- Trusted devices -----------------------------------------------------------------------------------


def test_a_device_known_by_its_cookie_is_still_asked_unless_its_owner_trusts_it(
    client: Client, taro: Member, clock: MovableClock
) -> None:
    factor = with_app(taro)
    sign_in(client)
    client.post(STEP, {"kind": "totp", "totp.code": app_code(factor, ahead=0)})
    assert Device.objects.filter(member=taro).count() == 1
    client.post("/logout/")
    assert sign_in(client)["Location"] == STEP, "known, but not trusted"
    done = client.post(STEP, {"kind": "totp", "totp.code": app_code(factor), "totp.trust": "on"})
    assert done["Location"] == "/my/"
    assert DeviceTrust.objects.get().device.member == taro
    client.post("/logout/")
    assert sign_in(client)["Location"] == "/my/", "trusted"
    client.post("/logout/")
    assert sign_in(Client())["Location"] == STEP, "another browser"
    services.set_password(actor=taro, password="another long passphrase here")
    client.post("/login/", {"login": "taro", "password": "another long passphrase here"})
    assert not is_in(client)


# --- Proof again ---------------------------------------------------------------------------------------


@pytest.mark.rule("A197")
def test_after_an_hour_the_proof_is_asked_for_once_more_and_leads_back(
    client: Client, taro: Member, clock: MovableClock
) -> None:
    sign_in(client)
    assert "認証アプリを登録する" in page(client, SETTINGS)
    clock.move(minutes=61)
    seen = page(client, SETTINGS)
    assert "本人であることをもう一度確かめます" in seen
    assert 'href="/login/again/"' in seen
    assert client.post(f"{SETTINGS}app/").status_code == 403
    tokens = page(client, "/my/settings/api/")
    assert "本人であることをもう一度確かめます" in tokens
    assert client.post("/my/settings/api/", {"name": "x", "scopes": ["jobs:read"]}).status_code == 403
    asked = client.get(AGAIN, headers={"referer": f"http://testserver{SETTINGS}"}).content.decode()
    assert f'name="next" value="{SETTINGS}"' in asked
    key = client.session.session_key
    wrong = client.post(AGAIN, {"kind": "password", "password.password": "wrong", "next": SETTINGS})
    assert wrong.status_code == 422
    assert "パスワードが違います" in wrong.content.decode()
    right = client.post(AGAIN, {"kind": "password", "password.password": PASSWORD, "next": SETTINGS})
    assert right["Location"] == SETTINGS
    assert client.session.session_key != key, "whoever knew the session's key gains nothing by the proof"
    assert client.post(f"{SETTINGS}app/").status_code == 303


def test_each_factor_is_proof_enough(client: Client, taro: Member) -> None:
    app, telephone, (_, key) = with_app(taro), with_telephone(taro), with_passkey(taro)
    client.force_login(taro)

    def proves(kind: str, **given: str) -> None:
        session = client.session
        session.pop("proved_at", None)
        session.save()
        assert client.post(f"{SETTINGS}app/").status_code == 403
        form = {"kind": kind, **{f"{kind}.{name}": value for name, value in given.items()}}
        assert client.post(AGAIN, form)["Location"] == "/my/settings/login/"
        assert client.post(f"{SETTINGS}app/").status_code == 303

    proves("totp", code=app_code(app))
    client.post(f"{AGAIN}send/", {"factor": str(telephone.pk)})
    proves("sms", code=text_code())
    proves("passkey", answer=json.dumps(key.shown(asked_in(page(client, AGAIN)))))


def test_without_password_and_factor_a_code_comes_by_mail(client: Client, taro: Member) -> None:
    client.force_login(taro)
    assert "メールで届くコード" not in page(client, AGAIN)
    assert client.post(f"{AGAIN}send/").status_code == 409
    taro.set_unusable_password()
    taro.save()
    client.force_login(taro)
    seen = page(client, AGAIN)
    assert "メールで届くコード" in seen
    assert 'name="password.password"' not in seen
    assert client.post(f"{AGAIN}send/").status_code == 303
    body = OutgoingMail.objects.filter(to=taro.email).latest("id").body
    code = next(line.strip() for line in body.splitlines() if line.strip().isdigit())
    assert client.post(AGAIN, {"kind": "mail", "mail.code": code})["Location"] == "/my/settings/login/"


@pytest.mark.parametrize(
    "next_page", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/nowhere/"]
)
def test_the_way_back_is_a_page_of_ours(client: Client, taro: Member, next_page: str) -> None:
    sign_in(client)
    done = client.post(AGAIN, {"kind": "password", "password.password": PASSWORD, "next": next_page})
    assert done["Location"] == "/my/settings/login/"


# --- Settings ------------------------------------------------------------------------------------------


@pytest.mark.rule("A113")
def test_from_the_login_information_an_app_is_added_renamed_and_removed(client: Client, taro: Member) -> None:
    sign_in(client)
    login = page(client, "/my/settings/login/")
    assert "ログイン方法の変更: 二段階認証" in login
    assert f'action="{SETTINGS}app/"' in login
    begun = client.post(f"{SETTINGS}app/")
    confirm = begun["Location"]
    seen = page(client, confirm)
    factor = Factor.objects.get()
    assert "<svg" in seen
    assert 'style="' not in seen
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', seen)
    assert secret
    assert secret[1].replace(" ", "") == factor.secret
    assert "no-store" in client.get(confirm)["Cache-Control"]
    assert client.post(confirm, {"code": "12345"}).status_code == 422
    done = client.post(confirm, {"code": app_code(factor, ahead=0)})
    assert done["Location"] == f"{SETTINGS}codes/", "recovery codes are the next step"
    again = client.get(confirm)
    assert factor.secret not in again.content.decode(), "the secret is shown no more"
    assert "すでに登録されています" in again.content.decode()
    name = f"{SETTINGS}{factor.pk}/rename/"
    assert client.post(name, {"name": ""}).status_code == 422
    assert client.post(name, {"name": "仕事用の電話"})["Location"] == SETTINGS
    assert "仕事用の電話" in page(client, SETTINGS)
    assert client.post(f"{SETTINGS}{factor.pk}/remove/")["Location"] == SETTINGS
    assert "使っていません" in page(client, SETTINGS)


@pytest.mark.rule("A116")
def test_recovery_codes_are_shown_once_and_can_be_kept_as_text(client: Client, taro: Member) -> None:
    with_app(taro)
    sign_in(client)
    services.show_code(actor=taro, kind="totp", typed="x")
    client.force_login(taro)
    session = client.session
    session["proved_at"] = taro.proved_at.isoformat() if taro.proved_at else ""
    session.save()
    assert "回復コードがまだありません" in page(client, SETTINGS)
    made = client.post(f"{SETTINGS}codes/", {"idempotency_key": "k"})
    text = made.content.decode()
    codes = re.findall(r"<code>([A-Z2-9-]{14})</code>", text)
    assert len(codes) == 10
    assert 'download="kotowari-recovery-codes.txt"' in text
    assert codes[9] in unescape(re.search(r'href="(data:text/plain[^"]*)"', text)[1])  # type: ignore[index]
    assert "no-store" in made["Cache-Control"]
    repeated = client.post(f"{SETTINGS}codes/", {"idempotency_key": "k"}).content.decode()
    assert codes[0] not in repeated
    assert "残り10個" in page(client, f"{SETTINGS}codes/")
    for code in codes[:7]:
        assert services.show_code(actor=taro, kind="recovery", typed=code)
    assert "残りが少なくなっています" in page(client, SETTINGS)


def test_a_telephone_is_added_by_the_code_sent_there(client: Client, taro: Member) -> None:
    sign_in(client)
    address = f"{SETTINGS}telephone/"
    assert "固定電話" in client.post(address, {"number": "03-1234-5678"}).content.decode()
    confirm = client.post(address, {"number": "０９０ー１２３４ー５６７８"})["Location"]
    assert "…5678" in page(client, confirm)
    first = text_code()
    assert client.post(confirm.replace("confirm", "send"))["Location"] == confirm
    second = text_code()
    if first != second:
        assert client.post(confirm, {"code": first}).status_code == 422
    assert client.post(confirm, {"code": second}).status_code == 303
    assert "…5678" in page(client, SETTINGS)


def test_a_passkey_is_added_with_a_name(client: Client, taro: Member) -> None:
    sign_in(client)
    address, key = f"{SETTINGS}passkey/", SoftPasskey()
    asked = asked_in(page(client, address))
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    missing = client.post(address, {"name": "x", "answer": ""})
    assert missing.status_code == 422
    assert "パスキーを受け取れませんでした" in missing.content.decode()
    asked = asked_in(missing.content.decode())
    assert client.post(address, {"name": "会社のPC", "answer": json.dumps(key.made(asked))}).status_code == 303
    assert Factor.objects.get().name == "会社のPC"
    excluded = asked_in(page(client, address))["excludeCredentials"]
    assert len(excluded) == 1


def test_somebody_elses_factor_is_not_there(client: Client, taro: Member) -> None:
    other = register_member(actor=SYSTEM, username="jiro", display_name="次郎", email="j@example.jp", password=PASSWORD)
    factor = with_app(other)
    sign_in(client)
    for path in ("confirm", "rename"):
        assert client.get(f"{SETTINGS}{factor.pk}/{path}/").status_code == 404
        assert client.post(f"{SETTINGS}{factor.pk}/{path}/", {"code": "1", "name": "x"}).status_code == 404
    for path in ("remove", "send"):
        assert client.post(f"{SETTINGS}{factor.pk}/{path}/").status_code == 404
