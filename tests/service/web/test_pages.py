"""The face over HTTP: language, refusals as pages, forms of the frame, and what browsers are told."""

import json
import logging

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from kotowari.accounts.models import Member
from kotowari.kernel.errors import IdempotencyConflict, InputError, NotVisible, Refused
from kotowari.kernel.text import Text
from kotowari.web import kit_samples, refusals, screens
from kotowari.web import urls as _urls  # noqa: F401 - builds the register of screens
from kotowari.web.middleware import language_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    return Member.objects.create_user("taro", "taro@example.com", display_name="山田 太郎")


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


# Language


@pytest.mark.parametrize(
    ("header", "code"),
    [("", "ja"), ("en-GB,en;q=0.9", "en"), ("fr,en;q=0.5,ja;q=0.8", "ja"), ("de", "ja"), ("en;q=x", "ja")],
)
def test_the_browsers_preference_is_heard_and_japanese_is_the_first_language(header, code) -> None:
    assert language_of(RequestFactory().get("/", headers={"Accept-Language": header})) == code


@pytest.mark.parametrize(("code", "words"), [("ja", "画面一覧"), ("en", "List of screens")])
def test_pages_speak_both_languages(client, code, words) -> None:
    response = client.get("/paths/", headers={"Accept-Language": code})
    assert f'<html lang="{code}">' in response.text
    assert words in response.text
    assert response["Content-Language"] == code
    assert "Accept-Language" in response["Vary"]


def test_the_language_chosen_at_the_foot_stays_and_so_does_the_page(client) -> None:
    response = client.post("/language/", {"language": "en", "next": "/paths/?x=1"})
    assert response.status_code == 303
    assert response["Location"] == "/paths/?x=1"
    assert "List of screens" in client.get("/paths/").text


def test_a_members_language_is_kept_with_the_member(client, member) -> None:
    client.force_login(member)
    client.post("/language/", {"language": "en", "next": "/paths/"})
    member.refresh_from_db()
    assert member.language == "en"
    client.cookies.pop("language")
    assert "List of screens" in client.get("/paths/").text


@pytest.mark.parametrize("next_page", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_the_foot_never_leads_to_another_site(client, next_page) -> None:
    assert client.post("/language/", {"language": "en", "next": next_page})["Location"] == "/"


def test_another_site_cannot_press_the_foots_buttons(client) -> None:
    response = client.post("/language/", {"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert "language" not in client.cookies


# Refusals


def raising(problem: Exception):
    return refusals.from_exception(_request(), problem)


def _request(**options):
    from django.contrib.auth.models import AnonymousUser

    request = RequestFactory().get("/jobs/", **options)
    request.user = AnonymousUser()
    return request


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (Refused(kit_samples.decisions()["two"]), 409, "進行中の契約が1件あります。"),
        (NotVisible("job", "x"), 404, "画面一覧から探す"),
        (InputError({"": [Text("金額が必要です", "An amount is needed")]}), 422, "金額が必要です"),
        (IdempotencyConflict("k"), 409, "今回の内容は反映していません"),
        (OperationalError("secret"), 503, "繋がりにくくなっています"),
    ],
    ids=lambda p: type(p).__name__ if isinstance(p, Exception) else None,
)
def test_every_no_of_a_view_is_a_page_with_its_status(problem, status, words) -> None:
    response = raising(problem)
    assert response is not None
    assert response.status_code == status
    assert words in response.text
    assert "secret" not in response.text
    assert response["Cache-Control"] == "no-store"


def test_what_is_no_refusal_is_left_to_be_a_fault() -> None:
    assert raising(ValueError("x")) is None


def test_an_unknown_address_is_answered_with_the_way_on(client) -> None:
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert 'href="/paths/"' in response.text
    assert "規則 A195" in response.text


def test_what_is_not_there_and_what_is_not_mine_look_the_same(client) -> None:
    assert "打ち間違い" in client.get("/nowhere/").text
    assert "打ち間違い" in raising(NotVisible("job", "x")).text


def test_programs_are_answered_in_problem_json(client) -> None:
    response = client.get("/api/nowhere")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["blockers"][0]["code"] == "web.read.nothing_here"
    assert body["allowed"] is False


@pytest.mark.rule("A038", "A039")
def test_the_busy_page_says_that_it_is_ours_and_when_to_try_again(clock) -> None:
    response = refusals.busy(_request(), retry_after_seconds=90)
    assert response.status_code == 503
    assert response["Retry-After"] == "90"
    words = "大変申し訳ありません。ただいまサービスに繋がりにくくなっています。"
    assert words in response.text
    assert "ご迷惑をおかけしますが、しばらくしてから再度お試しください。" in response.text
    assert "こちらの不具合です" in response.text
    assert "90秒ほどあと(10:01ごろ)" in response.text
    assert 'href="/jobs/"' in response.text


@pytest.mark.rule("A014")
def test_a_fault_is_said_as_ours_without_asking_the_database(django_assert_num_queries, caplog) -> None:
    with django_assert_num_queries(0), caplog.at_level(logging.ERROR):
        try:
            raise ValueError("private words")
        except ValueError:
            response = refusals.server_error(_request())
    assert response.status_code == 500
    assert "こちらの不具合です" in response.text
    assert "private words" not in response.text
    reference = caplog.records[-1].args[0]
    assert reference in response.text


def test_the_fault_page_is_busy_when_the_database_is_away() -> None:
    try:
        raise OperationalError("no connection")
    except OperationalError:
        assert refusals.server_error(_request()).status_code == 503


def test_refusals_leave_no_address_in_the_log(client, caplog) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/reset/secret-token/")
    assert "secret-token" not in caplog.text


def test_a_request_that_cannot_be_read_is_told_in_words(client, caplog) -> None:
    with caplog.at_level(logging.CRITICAL):
        response = client.get("/paths/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "読み取れませんでした" in response.text


@pytest.mark.rule("A037")
def test_a_members_page_asks_for_signing_in_and_says_which_page_asked(client) -> None:
    page = next(s for s in screens.SCREENS.values() if s.members_only and not s.needs and "GET" in s.methods)
    response = client.get(f"/{page.path}?tab=1")
    assert response.status_code == 302
    assert response["Location"] == f"/login/?next=%2F{page.path.replace('/', '%2F')}%3Ftab%3D1"
    if screens.exists("/login/"):
        assert f"「{page.title.ja}」を開くには、ログインが必要です。" in client.get(response["Location"]).text


@pytest.mark.rule("A037")
def test_what_was_typed_is_kept_when_one_was_signed_out_meanwhile(client) -> None:
    page = next(s for s in screens.SCREENS.values() if s.members_only and not s.needs and "POST" in s.methods)
    response = client.post(f"/{page.path}", {"title": "ロゴ制作"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 401
    assert "ログインが必要です" in response.text
    assert 'name="title" value="ロゴ制作"' in response.text


def test_an_address_that_only_takes_forms_says_so(client) -> None:
    response = client.get("/language/")
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "ボタンから" in response.text


# Stale forms


def _stale(client: Client, path: str, data: dict[str, str], **headers: str):
    client.cookies["csrftoken"] = "a" * 32
    return client.post(path, {**data, "csrfmiddlewaretoken": "b" * 32}, headers=headers)


def test_a_stale_form_from_our_own_page_keeps_what_was_typed(strict) -> None:
    response = _stale(strict, "/paths/", {"title": "ロゴ <制作>"}, **{"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 403
    assert "まだ何も送信していません" in response.text
    assert 'name="title" value="ロゴ &lt;制作&gt;"' in response.text
    assert "同じ内容をもう一度送る" in response.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_from_elsewhere_is_never_offered_for_sending_again(strict, site) -> None:
    response = _stale(strict, "/paths/", {"title": "x"}, **{"Sec-Fetch-Site": site})
    assert response.status_code == 403
    assert "もう一度送る" not in response.text
    assert 'name="title"' not in response.text


def test_secrets_are_never_shown_back(strict) -> None:
    response = _stale(strict, "/paths/", {"password1": "hunter2", "title": "x"}, **{"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 403
    assert "hunter2" not in response.text
    assert "もう一度送る" not in response.text


def test_without_cookies_the_page_says_what_to_allow(strict) -> None:
    response = strict.post("/paths/", {"title": "x"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 403
    assert "Cookieを受け入れる設定" in response.text


# What browsers are told


@pytest.mark.parametrize("path", ["/paths/", "/kit/", "/nowhere/"])
def test_browsers_load_nothing_inline_and_nothing_from_elsewhere(client, path) -> None:
    response = client.get(path)
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    html = response.text
    assert " style=" not in html
    assert "<style" not in html
    assert " onclick=" not in html
    assert "<script>" not in html
    assert "https://" not in html.replace("https://example.com/", "")


def test_the_gallery_asks_the_database_for_visitors_only_what_stands_on_every_page(
    client, django_assert_num_queries
) -> None:
    client.get("/kit/")
    with django_assert_num_queries(1):
        assert client.get("/kit/").status_code == 200


def test_a_member_sees_the_own_name_and_what_is_unread(client, member) -> None:
    client.force_login(member)
    html = client.get("/paths/").text
    assert "山田 太郎" in html
