"""Faults of ours over HTTP: the banner and the status for everybody, the record for staff, the letter for the affected."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from tests.conftest import MovableClock
from tests.flows.test_contract_pages import as_member
from tests.service.accounts.conftest import PASSWORD, Join

from kotowari.accounts import tasks as account_tasks
from kotowari.accounts.models import ForcedReset, Member
from kotowari.accounts.services import appoint_staff, lock_account
from kotowari.foundation import policy
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.models import AuditEntry, Notice
from kotowari.foundation.policy.selectors import stored_changes
from kotowari.incidents.models import Incident, LoginChange
from kotowari.web import standing
from kotowari.web.visitor_cache import Pages, caching

pytestmark = pytest.mark.django_db


@pytest.fixture
def suzuki(clock: MovableClock, join: Join) -> Member:
    return appoint_staff(actor=SYSTEM, member_id=join("unei_one", display_name="運営 鈴木").pk)


@pytest.fixture
def staff(suzuki: Member) -> Client:
    return as_member(suzuki)


@pytest.fixture
def hanako(clock: MovableClock, join: Join) -> Member:
    return join()


def page(browser: Client, address: str, status: int = 200, **query: str) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def begin(staff: Client, **more: Any) -> Incident:
    """Staff begin a record through the console's form."""
    given = {
        "kind": "outage",
        "severity": "major",
        "functions": ["sign_in"],
        "title_ja": "ログインできないことがあります",
        "title_en": "Signing in fails at times",
        "words_ja": "認証のサーバーが遅くなっています。",
        "words_en": "The sign-in server is slow.",
        "started_at": "2026-11-20T09:40",
        "next_minutes": "60",
    }
    answer = staff.post("/console/incidents/new/", {**given, **more})
    assert answer.status_code == 303, answer.content.decode()
    return Incident.objects.latest("id")


def act(staff: Client, row: Incident, act: str, status: int = 303, **more: Any) -> str:
    answer = staff.post(f"/console/incidents/{row.pk}/", {"act": act, **more})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


@pytest.mark.rule("A014", "A039")
def test_while_something_is_wrong_every_page_says_that_it_is_ours(staff: Client, clock: MovableClock) -> None:
    visitor = Client()
    assert "知られている不具合はありません" in page(visitor, "/status/")
    assert "こちらの不具合です" not in page(visitor, "/login/")
    row = begin(staff)
    for address in ("/", "/jobs/", "/help/", "/login/"):
        seen = page(visitor, address)
        for words in ("ログインできないことがあります", "こちらの不具合です", "11:00", 'href="/status/"'):
            assert words in seen, f"{words} on {address}"
    assert "間違いの回数に数えません" in page(visitor, "/login/")
    assert "間違いの回数に数えません" not in page(visitor, "/jobs/")
    seen = page(visitor, "/status/")
    for words in ("認証のサーバーが遅くなっています", "ログイン・会員登録", "あなたの入力や端末のせいではありません"):
        assert words in seen
    act(staff, row, "update", words_ja="原因がわかりました。", next_minutes="120")
    assert "原因がわかりました" in page(visitor, "/status/")
    assert "12:00" in page(visitor, "/login/")
    act(staff, row, "recover", words_ja="復旧しました。", ended_at="2026-11-20T09:55")
    assert "しばらく様子を見ています" in page(visitor, "/login/")
    act(staff, row, "close", words_ja="解決しました。")
    assert "ログインできないことがあります" not in page(visitor, "/login/")
    assert "ログインできないことがあります" in page(visitor, "/status/"), "it stays on record"
    clock.move(days=91)
    assert "ログインできないことがあります" not in page(visitor, "/status/")
    english = visitor.get("/status/", headers={"Accept-Language": "en"}).content.decode()
    assert "No incident is on record" in english


@pytest.mark.rule("A039")
def test_a_kept_page_is_never_without_the_banner(staff: Client) -> None:
    drawn: list[int] = []

    def view(_request: Any) -> HttpResponse:
        drawn.append(len(standing.incidents()))
        return HttpResponse("page")

    cached = caching(view, Pages())
    request = RequestFactory().get("/jobs/")
    cached(request)
    cached(request)
    assert drawn == [0], "the second comes from the store"
    begin(staff)
    cached(request)
    cached(request)
    assert drawn == [0, 1]

    def silent() -> str:
        raise OperationalError

    pages = Pages()
    caching(view, pages)(request)
    caching(view, pages, silent)(request)
    assert drawn == [0, 1, 1, 1], "without the database nothing is taken from the store"


@pytest.mark.rule("A039", "A132")
def test_what_is_not_public_reaches_only_those_whom_it_touches(staff: Client, hanako: Member) -> None:
    row = begin(staff, kind="leak", title_ja="名簿の漏えい", words_ja="外から読まれました。")
    visitor, browser = Client(), as_member(hanako)
    assert "名簿の漏えい" not in page(visitor, "/status/") + page(browser, "/status/")
    assert "見つからない会員" in act(staff, row, "name", 422, names="nobody_here")
    act(staff, row, "name", names="hanako_s")
    address = f"/console/incidents/{row.pk}/"
    assert "1人" in page(staff, address)
    letter = {"data_ja": "メールアドレスです。", "advice_ja": "パスワードを変えてください。", "act_on": "2026-11-27"}
    preview = staff.post(f"{address}tell/", letter).content.decode()
    for words in ("外から読まれました", "メールアドレスです", "2026年11月27日まで", "知らせる"):
        assert words in preview
    assert not Notice.objects.filter(kind="incidents.affected").exists(), "it is only shown"
    assert staff.post(f"{address}tell/", {**letter, "confirmed": "1"}).status_code == 303
    account_tasks.run_rounds()
    seen = page(browser, "/status/")
    for words in (
        "名簿の漏えい",
        "あなたのアカウントにかかわります",
        "パスワードを変えてください",
        "/my/security-check/",
    ):
        assert words in seen
    assert "名簿の漏えい" in page(browser, "/notices/")
    assert "名簿の漏えい" not in page(visitor, "/status/")
    assert "すでに知らせています" in page(staff, f"{address}tell/")
    act(staff, row, "publish")
    assert "名簿の漏えい" in page(visitor, "/status/")
    assert "すでに公開しています" in act(staff, row, "publish", 409)


@pytest.mark.rule("A132")
def test_the_affected_are_found_by_their_sign_ins_and_led_to_new_passwords(
    staff: Client, hanako: Member, clock: MovableClock
) -> None:
    Client(REMOTE_ADDR="203.0.113.5").post("/login/", {"login": hanako.username, "password": PASSWORD})
    row = begin(staff, kind="security")
    given = {"begins_at": "2026-11-20T09:00", "ends_at": "2026-11-20T10:30"}
    assert "見つかりませんでした" in act(staff, row, "signed_in", 422, **given, network="198.51.100.1")
    act(staff, row, "signed_in", **given)
    assert [each.member for each in row.affected.all()] == [hanako]
    act(staff, row, "reset", reason_ja="不正アクセスのため。")
    account_tasks.run_rounds()
    assert "新しいパスワードが必要です" in page(as_member(hanako), "/status/")
    assert ForcedReset.objects.get().incident == row
    assert "すでに求めています" in act(staff, row, "reset", 409, reason_ja="もう一度。")
    act(staff, row, "everybody")
    assert "すでに全員が対象" in act(staff, row, "everybody", 409)
    kinds = set(AuditEntry.objects.filter(subject_id=row.pk).values_list("kind", flat=True))
    assert kinds >= {"incidents.opened", "incidents.affected_named", "incidents.affected_reset"}


@pytest.mark.rule("A039")
def test_my_own_flags_stand_on_the_status_page_for_me_alone(hanako: Member, join: Join, clock: MovableClock) -> None:
    lock_account(actor=SYSTEM, member_id=hanako.pk, until=clock.moment + timedelta(minutes=40), tries=20)
    seen = page(as_member(hanako), "/status/")
    for words in ("ロック中", "20回", "10:40"):
        assert words in seen
    assert "ロック中" not in page(as_member(join("tanin")), "/status/") + page(Client(), "/status/")


def test_the_desk_shows_the_word_that_is_due(staff: Client, clock: MovableClock) -> None:
    row = begin(staff)
    assert "障害・事故の続報" in page(staff, "/console/")
    assert "ログインできないことがあります" in page(staff, "/console/incidents/")
    assert "認証のサーバーが遅くなっています" in page(staff, f"/console/incidents/{row.pk}/")
    wrong = staff.post("/console/incidents/new/", {"kind": "outage", "started_at": "2026-13-40 99:99"})
    assert wrong.status_code == 422
    assert "「2026-13-40 99:99」という時刻はありません" in wrong.content.decode()


@pytest.mark.rule("A039")
def test_programs_read_the_status_without_a_token(staff: Client, clock: MovableClock) -> None:
    row = begin(staff)
    begin(staff, kind="leak", title_ja="非公開")
    found = Client().get("/api/v1/status", headers={"Accept-Language": "en"}).json()
    works = {each["name"]: each["works"] for each in found["functions"]}
    assert works["sign_in"] is False
    assert works["payouts"] is True
    assert [(each["id"], each["title"]) for each in found["going_on"]] == [(str(row.pk), "Signing in fails at times")]
    assert found["going_on"][0]["updates"][0]["words"] == "The sign-in server is slow."
    assert found["going_on"][0]["further_word_at"] == "2026-11-20T02:00:00Z"
    assert found["past"] == []


@pytest.fixture
def a_provider(settings: Any) -> Iterator[None]:
    apps = [{"provider_id": "minna", "name": "みんなのID", "client_id": "x", "secret": "y", "settings": {}}]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": apps}}
    policy.read_changes_from(stored_changes)
    yield
    policy.read_changes_from(None)


@pytest.mark.rule("A117", "A118")
def test_a_change_of_signing_in_is_told_where_people_sign_in(
    staff: Client, hanako: Member, join: Join, clock: MovableClock, a_provider: None
) -> None:
    SocialAccount.objects.create(user=hanako, provider="minna", uid="1")
    given = {
        "method": "external",
        "provider": "minna",
        "title_ja": "みんなのIDでのログインが終わります",
        "words_ja": "それまでにパスワードを設定してください。",
        "takes_effect_on": "2026-12-20",
        "old_until_on": "2026-12-20",
        "guide_url": "/help/sign-in-trouble/",
    }
    early = staff.post("/console/login-changes/new/", {**given, "old_until_on": "2026-12-01"})
    assert early.status_code == 422
    assert "2026年12月20日以降" in early.content.decode()
    preview = staff.post("/console/login-changes/new/", given).content.decode()
    assert "いままでの方法は2026年12月20日(日)まで使えます" in preview
    assert not LoginChange.objects.exists()
    assert staff.post("/console/login-changes/new/", {**given, "confirmed": "1"}).status_code == 303
    row = LoginChange.objects.get()
    account_tasks.run_rounds()
    clock.move(days=2)
    visitor, browser = Client(), as_member(hanako)
    seen = page(visitor, "/login/")
    for words in ("みんなのIDでのログインが終わります", "いままでの方法は2026年12月20日", "/help/sign-in-trouble/"):
        assert words in seen
    assert seen.count("みんなのIDでのログインは") == 0, "said once, not twice"
    assert "みんなのIDでのログインが終わります" in page(browser, "/my/settings/login/")
    assert "みんなのIDでのログインが終わります" not in page(as_member(join("tanin")), "/my/settings/login/")
    assert "あなたが使っている方法です" in page(browser, "/terms/changes/")
    assert "あなたが使っている方法です" not in page(visitor, "/terms/changes/")
    address = f"/console/login-changes/{row.pk}/"
    assert "1人" in page(staff, address)
    assert "みんなのID" in page(staff, "/console/login-changes/")
    assert staff.post(address, {"because_ja": "続けることになりました。"}).status_code == 303
    assert staff.post(address, {"because_ja": "もう一度。"}).status_code == 409
    assert "続けることになりました" in page(visitor, "/terms/changes/")
    assert "みんなのIDでのログインが終わります" not in page(visitor, "/login/")


def test_pages_ask_a_bounded_number_of_queries(
    staff: Client, hanako: Member, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        begin(staff)
    browser = as_member(hanako)
    with django_assert_max_num_queries(4):
        page(Client(), "/status/")
    with django_assert_max_num_queries(16):
        page(browser, "/status/")
    with django_assert_max_num_queries(10):
        page(staff, "/console/incidents/")
