"""Pages as visitors get them: the same words for everybody who is not signed in, kept for a few seconds.

Most readers of a marketplace come from search engines and links. Whoever carries a cookie of ours gets a page of
their own; everybody else shares one, at most `KEPT_SECONDS` old. Stands before every other middleware, so a kept
page costs no session, no template and hardly a query: kept with it is what stands on every page at the moment, so
that nobody gets a page without the banner of an incident that has begun.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from kotowari.web import standing
from kotowari.web.middleware import language_of

KEPT_SECONDS = 5
KEPT_PAGES = 1_000
PATHS = ("/jobs/", "/members/")
GetResponse = Callable[[HttpRequest], HttpResponse]
Kept = tuple[float, bytes, list[tuple[str, str]]]


class Pages:
    """A bounded number of pages, the ones not asked for longest going first."""

    def __init__(self, size: int = KEPT_PAGES) -> None:
        self._size = size
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> HttpResponse | None:
        """A fresh copy of a page, if there is one that is young enough."""
        kept = self._pages.get(key)
        if kept is None or kept[0] < time.monotonic():
            return None
        response = HttpResponse(kept[1])
        for name, value in kept[2]:
            response.headers[name] = value
        return response

    def keep(self, key: str, response: HttpResponse) -> None:
        """Keep a page for everybody else."""
        with self._lock:
            self._pages[key] = (time.monotonic() + KEPT_SECONDS, response.content, list(response.headers.items()))
            self._pages.move_to_end(key)
            while len(self._pages) > self._size:
                self._pages.popitem(last=False)


def visitor_cache(get_response: GetResponse) -> GetResponse:
    """Answer visitors with the page that another visitor got a moment ago."""
    if settings.TESTING:
        return get_response
    return caching(get_response, Pages())


def caching(get_response: GetResponse, pages: Pages, mark: Callable[[], str] = standing.mark) -> GetResponse:
    """The middleware itself, over a given store; `mark` stands for what every page says at the moment."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _is_shared(request):
            return get_response(request)
        try:
            key = f"{language_of(request, ask_member=False)} {request.get_full_path()} {mark()}"
        except OperationalError:  # the page itself says that we are busy
            return get_response(request)
        kept = pages.get(key)
        if kept is not None:
            return kept
        response = get_response(request)
        if response.status_code == 200 and not response.cookies and not response.streaming:
            pages.keep(key, response)
        return response

    return middleware


def _is_shared(request: HttpRequest) -> bool:
    if request.method != "GET" or request.COOKIES or "Authorization" in request.headers:
        return False
    return request.path == "/" or request.path.startswith(PATHS)
