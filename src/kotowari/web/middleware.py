"""What happens around every page: the reader's language, the demo's clock, refusals, and what browsers load."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation
from django.utils.cache import patch_vary_headers

from kotowari.accounts import sessions
from kotowari.accounts.callers import DEVICE_COOKIE, DEVICE_COOKIE_DAYS, cookie_of, devices_in
from kotowari.accounts.sessions import DEVICE
from kotowari.kernel.text import LANGUAGES, Language, use_language
from kotowari.web import current
from kotowari.web import refusals as refusal_pages

GetResponse = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "language"
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Nothing inline, nothing from elsewhere: styles, scripts and fonts come from our own files only."""


def language(get_response: GetResponse) -> GetResponse:
    """Answer in the reader's language, for our own texts and for Django's and allauth's alike."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with current.answering(request), reading_as_asked(request) as code:
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return middleware


@contextmanager
def reading_as_asked(request: HttpRequest, *, ask_member: bool = True) -> Iterator[Language]:
    """Speak the language of this request's reader inside the block."""
    code = language_of(request, ask_member=ask_member)
    with use_language(code), translation.override(code):
        yield code


def language_of(request: HttpRequest, *, ask_member: bool = True) -> Language:
    """What was chosen at the foot, else what the member keeps, else what the browser prefers, else Japanese."""
    chosen = request.COOKIES.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return "en" if chosen == "en" else "ja"
    if ask_member and settings.SESSION_COOKIE_NAME in request.COOKIES:
        member = current.member_of(request)
        if member is not None:
            return "en" if member.language == "en" else "ja"
    return _preferred(request.headers.get("Accept-Language", ""))


def _preferred(header: str) -> Language:
    """The first of our languages that an Accept-Language header names, by weight; Japanese when it names neither."""
    best: tuple[float, Language] = (0.0, "ja")
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        code = tag.strip().lower()[:2]
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        if quality > best[0] and code in LANGUAGES:
            best = (quality, "en" if code == "en" else "ja")
    return best[1]


def demo_clock(get_response: GetResponse) -> GetResponse:
    """In a demo, see at each request how far the clock was moved."""
    if not settings.DEMO:
        return get_response

    from kotowari.foundation import demo_clock as movable

    def middleware(request: HttpRequest) -> HttpResponse:
        movable.refresh()
        return get_response(request)

    return middleware


def devices(get_response: GetResponse) -> GetResponse:
    """Let a browser keep the device it came in with, and note when a session was last used (A035, A119)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session = request.session
        if settings.SESSION_COOKIE_NAME in response.cookies and DEVICE in session:
            _keep_device(request, response, UUID(session[DEVICE]))
        sessions.note_use(session)
        return response

    return middleware


def _keep_device(request: HttpRequest, response: HttpResponse, device: UUID) -> None:
    kept = devices_in(request.COOKIES.get(DEVICE_COOKIE, ""))
    if kept[:1] == (device,):
        return
    response.set_cookie(
        DEVICE_COOKIE,
        cookie_of((device, *(each for each in kept if each != device))),
        max_age=DEVICE_COOKIE_DAYS * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def refusals(get_response: GetResponse) -> GetResponse:
    """Draw whatever a view says no with; must stand last, next to the views."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    middleware.process_exception = refusal_pages.from_exception  # type: ignore[attr-defined]
    middleware.process_view = _without_nul  # type: ignore[attr-defined]
    return middleware


def _without_nul(request: HttpRequest, view: object, args: object, values: Mapping[str, object]) -> HttpResponse | None:  # noqa: ARG001
    """Leave out NUL wherever it was typed, since no text of the database can hold it; no address has one in it."""
    if any(isinstance(value, str) and "\0" in value for value in values.values()):
        return refusal_pages.page_not_found(request)
    for place in ("GET", "POST"):
        typed: QueryDict = getattr(request, place)
        if any("\0" in value for _, several in typed.lists() for value in several):
            kept = typed.copy()
            for name, several in typed.lists():
                kept.setlist(name, [value.replace("\0", "") for value in several])
            setattr(request, place, kept)
    return None


def content_security(get_response: GetResponse) -> GetResponse:
    """Tell browsers to load nothing but our own files and to keep the page to itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
        )
        return response

    return middleware
