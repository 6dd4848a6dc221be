"""A lost second factor through the pages: from the password or from a mail, through the console, to signing in again."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.conftest import MovableClock
from tests.flows.test_contract_pages import as_member
from tests.service.accounts.factors import app_code, with_app

from kotowari.accounts import services
from kotowari.accounts.models import Factor, FactorRecovery, Lock, Member, Restriction
from kotowari.accounts.recovery_words import start_path
from kotowari.accounts.services import register_member
from kotowari.foundation import outbox
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import run_all_due
from kotowari.foundation.models import AuditEntry, OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P013")]
PASSWORD = "correct horse battery staple"
HERE, CASE = "/login/recovery/", "/login/recovery/case/"
ANSWERS = {
    "happened": "水没しました",
    "joined": "2026年11月",
    "last_use": "昨日 Windows",
    "dealings": "なし",
    "payout": "",
}


def made(username: str, **more: Any) -> Member:
    member = register_member(
        actor=SYSTEM, username=username, display_name=username, email=f"{username}@example.jp", password=PASSWORD
    )
    if more:
        Member.objects.update_or_create(pk=member.pk, defaults=more)
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def taro(clock: MovableClock) -> Member:
    return made("taro")


def sign_in(client: Client) -> Any:
    return client.post("/login/", {"login": "taro", "password": PASSWORD})


def newest(to: str, words: str) -> str:
    return str(OutgoingMail.objects.filter(to=to, body__contains=words).latest("id").body)


def path_in(body: str, part: str) -> str:
    found = re.search(rf"https?://[^/\s]+({part}\S*)", body)
    assert found, body
    return found[1]


def begins(client: Client, taro: Member) -> None:
    with_app(taro)
    assert sign_in(client)["Location"] == "/login/second-factor/"
    assert 'href="/login/recovery/"' in client.get("/login/second-factor/").content.decode()
    assert "二段階認証の復旧を始める" in client.get(HERE).content.decode()
    assert client.post(HERE)["Location"] == CASE


def test_from_the_password_to_done_and_in_again(client: Client, taro: Member, clock: MovableClock) -> None:
    begins(client, taro)
    seen = client.get(CASE).content.decode()
    assert "あなたの番です" in seen
    assert "_auth_user_id" not in client.session
    code = re.search(r"\b\d{6}\b", newest(taro.email, "復旧の確認コード"))
    assert code
    assert client.post(CASE, {"code": code[0]}).status_code == 422, "the questions come first"
    wrong = client.post(CASE, {"code": "12345", **ANSWERS})
    assert wrong.status_code == 422
    assert "水没しました" in wrong.content.decode(), "what was typed stays"
    assert client.post(CASE, {"code": code[0], **ANSWERS}).status_code == 303
    row = FactorRecovery.objects.get()
    first, second = (as_member(made(name, is_staff=True)) for name in ("kanri_a", "kanri_b"))
    assert "二段階認証の復旧" in first.get("/console/").content.decode()
    assert "taro" in first.get("/console/recoveries/").content.decode()
    address = f"/console/recoveries/{row.pk}/"
    shown = first.get(address).content.decode()
    assert "水没しました" in shown
    assert "確かめた" in shown
    assert AuditEntry.objects.filter(kind="console.member_seen", subject_id=taro.pk).exists()
    assert first.post(f"{address}ask/", {"words": "登録時の住所は?"}).status_code == 303
    again = Client()
    assert again.get(path_in(newest(taro.email, "質問"), CASE))["Location"] == CASE
    assert "登録時の住所は?" in again.get(CASE).content.decode()
    assert again.post(CASE, {"words": "千代田区です"}).status_code == 303
    assert "千代田区です" in first.get(address).content.decode()
    assert first.post(f"{address}refuse/", {"because": ""}).status_code == 422
    assert first.post(f"{address}approve/").status_code == 303
    twice = first.post(f"{address}approve/")
    assert twice.status_code == 403
    assert "別の担当者" in twice.content.decode()
    assert "別の担当者が確認します" in first.get(address).content.decode(), "a disabled button with its reason"
    assert second.post(f"{address}approve/").status_code == 303
    row.refresh_from_db()
    assert row.cooling_until == clock.moment + timedelta(hours=72)
    assert "確認期間" in client.get(CASE).content.decode()
    for _ in range(12):
        clock.move(hours=6)
        run_all_due()
    assert "ログインする" in client.get(CASE).content.decode()
    assert not Factor.objects.filter(member=taro).exists()
    assert sign_in(Client())["Location"] == "/my/"


def test_one_press_in_any_notice_stops_it_and_opening_the_link_alone_does_not(client: Client, taro: Member) -> None:
    begins(client, taro)
    link = path_in(newest(taro.email, "復旧の手続きが始まりました"), "/login/recovery/cancel/")
    anybody = Client()
    assert "復旧を取りやめる" in anybody.get(link).content.decode()
    assert FactorRecovery.objects.get().state == "asked"
    assert anybody.post(link)["Location"] == "/login/"
    assert FactorRecovery.objects.get().state == "cancelled"
    assert "すでに終わっています" in anybody.get(link).content.decode()
    assert anybody.post(link).status_code == 409
    assert anybody.get(link[:-2] + "/").status_code == 409


def test_signing_in_with_the_app_after_all_cancels_it(client: Client, taro: Member) -> None:
    begins(client, taro)
    factor = Factor.objects.get()
    browser = Client()
    sign_in(browser)
    assert browser.post("/login/second-factor/", {"kind": "totp", "totp.code": app_code(factor)})["Location"] == "/my/"
    assert FactorRecovery.objects.get().state == "cancelled"
    assert "もう一度始める" in client.get(CASE).content.decode()


def test_by_mail_the_answer_is_the_same_for_everybody_and_the_link_begins_nothing_by_itself(
    client: Client, taro: Member
) -> None:
    with_app(taro)
    pages = [
        client.post(HERE, {"login": login})["Location"] for login in ("taro", "taro@example.jp", "nobody@example.jp")
    ]
    assert pages == ["/login/recovery/sent/"] * 3
    while outbox.deliver_waiting():
        pass
    link = path_in(newest(taro.email, "/login/recovery/start/"), "/login/recovery/start/")
    assert "会員はいません" in newest("nobody@example.jp", "会員")
    assert "二段階認証の復旧を始める" in client.get(link).content.decode()
    assert not FactorRecovery.objects.exists()
    assert client.post(link)["Location"] == CASE
    row = FactorRecovery.objects.get()
    assert not row.has_password
    assert row.address_proved_at
    assert 'name="code"' not in client.get(CASE).content.decode()
    assert client.post(link).status_code == 409, "one at a time"
    assert client.post(CASE, ANSWERS).status_code == 303
    assert FactorRecovery.objects.get().state == "proving"


def test_an_address_is_asked_for_five_times_in_an_hour(client: Client, taro: Member) -> None:
    for _ in range(5):
        assert client.post(HERE, {"login": "taro"}).status_code == 303
    often = client.post(HERE, {"login": "taro"})
    assert often.status_code == 429
    assert "Retry-After" in often


def test_without_its_link_a_recovery_is_not_there(client: Client, taro: Member) -> None:
    begins(client, taro)
    stranger = Client()
    for answer in (stranger.get(CASE), stranger.post(CASE, ANSWERS), stranger.post("/login/recovery/code/")):
        assert answer.status_code == 409
        assert "メールのリンクから開きます" in answer.content.decode()
    assert not FactorRecovery.objects.get().statement


def test_strangers_who_ask_for_mails_keep_no_owner_from_beginning(client: Client, taro: Member) -> None:
    with_app(taro)
    for number in range(6):
        answer = Client(REMOTE_ADDR=f"198.51.100.{number}").post(HERE, {"login": "taro"})
    assert answer.status_code == 429
    sign_in(client)
    assert client.post(HERE)["Location"] == CASE


def test_the_password_alone_does_not_open_a_recovery_under_way_and_a_link_is_mailed(
    client: Client, taro: Member
) -> None:
    begins(client, taro)
    another = Client()
    sign_in(another)
    shown = another.get(HERE).content.decode()
    assert "すでに始まっています" in shown
    assert 'value="taro"' in shown
    assert another.get(CASE).status_code == 409
    assert another.post(HERE, {"login": "taro"})["Location"] == "/login/recovery/sent/"
    while outbox.deliver_waiting():
        pass
    link = path_in(newest(taro.email, "復旧の手続きが進んでいます"), CASE)
    assert another.get(link)["Location"] == CASE
    assert "あなたの番です" in another.get(CASE).content.decode()


@pytest.mark.parametrize("state", ["frozen", "left", "closed", "locked"])
def test_an_account_that_cannot_be_entered_is_not_recovered_either(
    client: Client, taro: Member, clock: MovableClock, state: str
) -> None:
    with_app(taro)
    sign_in(client)
    link = start_path(taro)
    soon = clock.moment + timedelta(days=1)
    if state == "frozen":
        Restriction.objects.create(member=taro, cause="terms_breach", scope=["sign_in"], until=soon)
    if state == "locked":
        Lock.objects.create(member=taro, level=1, tries=20, until=soon)
    change = {"left": {"left_at": clock.moment}, "closed": {"is_active": False}}.get(state)
    if change:
        Member.objects.filter(pk=taro.pk).update(**change)
    for answer in (client.post(HERE), Client().post(link)):
        assert answer.status_code == 403, state
    assert not FactorRecovery.objects.exists()


def test_a_member_sees_nothing_of_it_in_the_console(client: Client, taro: Member) -> None:
    with_app(taro)
    row = services.start_recovery(actor=taro, has_password=False)
    assert as_member(taro).get(f"/console/recoveries/{row.pk}/").status_code == 403
