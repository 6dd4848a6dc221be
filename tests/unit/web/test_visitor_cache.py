"""Pages shared by visitors: never a member's, never another language's, never too old."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from kotowari.web import visitor_cache
from kotowari.web.visitor_cache import Pages, caching


@pytest.fixture
def site() -> tuple[Callable[[HttpRequest], HttpResponse], list[str]]:
    asked: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        asked.append(request.get_full_path())
        response = HttpResponse(f"page {len(asked)}", status=404 if "missing" in request.path else 200)
        response["X-Kind"] = "whole"
        return response

    return caching(view, Pages(size=3), mark=str), asked


def get(path: str, **headers: str) -> HttpRequest:
    return RequestFactory().get(path, headers=headers)


def test_the_second_visitor_gets_the_firsts_page_with_its_headers(site) -> None:
    pages, asked = site
    first, second = pages(get("/jobs/")), pages(get("/jobs/"))
    assert first.content == second.content == b"page 1"
    assert second["X-Kind"] == "whole"
    assert asked == ["/jobs/"]


def test_a_cookie_a_token_another_language_or_query_gets_a_page_of_its_own(site) -> None:
    pages, asked = site
    pages(get("/jobs/"))
    signed_in = get("/jobs/")
    signed_in.COOKIES["sessionid"] = "x"
    for request in (
        signed_in,
        get("/jobs/", **{"Accept-Language": "en"}),
        get("/jobs/?q=翻訳"),
        get("/jobs/", Authorization="Bearer x"),
        RequestFactory().post("/jobs/"),
    ):
        pages(request)
    assert len(asked) == 6


def test_only_whole_public_pages_are_kept(site) -> None:
    pages, asked = site
    for path in ("/jobs/missing/", "/jobs/missing/", "/my/", "/my/"):
        pages(get(path))
    assert len(asked) == 4


def test_a_page_grows_old_and_room_is_bounded(site, monkeypatch: pytest.MonkeyPatch) -> None:
    pages, asked = site
    for n in range(4):
        pages(get(f"/jobs/?q={n}"))
    pages(get("/jobs/?q=3"))
    assert len(asked) == 4
    pages(get("/jobs/?q=0"))
    assert len(asked) == 5, "the oldest had made room"
    later = visitor_cache.time.monotonic() + visitor_cache.KEPT_SECONDS + 1
    monkeypatch.setattr(visitor_cache.time, "monotonic", lambda: later)
    pages(get("/jobs/?q=3"))
    assert len(asked) == 6
