"""Every "no" of the site as a page: what happened, why, what to do, and when it changes.

There is no bare 403, 404 or 500: refusals of gates, unknown addresses, stale forms and faults of ours all come
through here, each with its own words and status. Programs under `/api/` are answered in `application/problem+json`.
"""

import logging
import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.template import loader

from kotowari.kernel import clock
from kotowari.kernel.errors import IdempotencyConflict, InputError, NotVisible, Refused
from kotowari.kernel.gates import Action, Blocker, Decision, Remedy, explain, refuse
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.gates import OPEN_MEMBER_PAGE, READ, SEND_FORM
from kotowari.web.screens import exists

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 30
"""How long a busy page asks to wait."""
_SECRETS = ("password", "code", "secret", "token")
_CSRF_WORDS = {
    "stale": (
        "stale_form",
        Text(
            "画面を開いたあとに、別のタブなどでログインの状態が変わりました。念のため、まだ何も送信していません。",
            "You signed in or out elsewhere after this page was opened. To be safe, nothing was sent yet.",
        ),
    ),
    "no_cookie": (
        "cookies_off",
        Text(
            "ブラウザからCookieが届きませんでした。Cookieを受け入れる設定にすると送信できます。まだ何も行っていません。",
            "Your browser sent no cookie. Allow cookies for this site and send again; nothing was done.",
        ),
    ),
    "foreign": (
        "foreign_form",
        Text(
            "このサイトの画面から送られたものかどうかを確認できませんでした。安全のため、まだ何も行っていません。",
            "We could not tell that this came from a page of this site. To be safe, nothing was done.",
        ),
    ),
}


def from_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for anything that a view says no with; None for what is not ours to draw here."""
    if isinstance(exception, Refused):
        return refused(request, exception.decision)
    if isinstance(exception, NotVisible):
        return page_not_found(request, exception)
    if isinstance(exception, InputError):
        return unusable_input(request, exception)
    if isinstance(exception, IdempotencyConflict):
        return sent_twice(request)
    if isinstance(exception, OperationalError):
        logger.warning("the database did not answer: %s", type(exception).__name__)
        return busy(request)
    return None


def refused(request: HttpRequest, decision: Decision) -> HttpResponse:
    """A gate's refusal: reason, remedy, clock, on whom it waits, rule and policy version."""
    if _is_program(request):
        return _problem(decision.as_json(), decision.status)
    response = _page(request, "refused.html", decision.status, decision=decision, back=_way_back(request))
    return told_when(response, decision)


def told_when(response: HttpResponse, decision: Decision | None) -> HttpResponse:
    """The answer, with the end of the wait for programs that read `Retry-After`."""
    if decision and decision.status in (429, 503):
        wait = (decision.clears_at - clock.now()).total_seconds() if decision.clears_at else RETRY_AFTER_SECONDS
        response["Retry-After"] = str(max(1, int(wait)))
    return response


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Nothing stands at this address, or nothing that this person may see: the two are never told apart."""
    return _refuse(
        request,
        READ,
        Blocker(
            code="nothing_here",
            reason=Text(
                "このアドレスにページがないか、あなたには公開されていません。"
                "アドレスの打ち間違い、終了して非公開になったもの、別の会員のもの、のどれかです。",
                "There is no page at this address, or it is not open to you: the address may be mistyped, "
                "the page may have been withdrawn, or it belongs to somebody else.",
            ),
            rule="A195",
            resolved_by="you",
            remedy=Remedy(Text("画面一覧から探す", "Find it in the list of screens"), "/paths/"),
            status=404,
        ),
    )


def signed_out_meanwhile(request: HttpRequest) -> HttpResponse:
    """A form came from somebody who is no longer signed in."""
    decision = explain(OPEN_MEMBER_PAGE, None, _way_back(request) or "/")
    if _is_program(request):
        return _problem(decision.as_json(), decision.status)
    return _page(request, "refused.html", decision.status, decision=decision, back=None, repeat=_repeatable(request))


def wrong_method(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    """An address that only takes forms was opened like a page, or the other way round."""
    response = _refuse(
        request,
        READ,
        Blocker(
            code="only_through_its_button",
            reason=Text(
                "ここは画面のボタンから送られた内容を受け取るアドレスで、直接開くページではありません。",
                "This address receives what a button on a page sends; it is not a page to be opened by itself.",
            ),
            rule="A195",
            resolved_by="you",
            remedy=Remedy(Text("画面一覧から目的の画面を開く", "Open the page from the list of screens"), "/paths/"),
            status=403,
        ),
        status=405,
    )
    response["Allow"] = ", ".join(allowed)
    return response


def unusable_input(request: HttpRequest, problem: InputError) -> HttpResponse:
    """Input that no form on the page can show: the fields, what is wrong and what would be right."""
    if _is_program(request):
        fields = {name: [str(text) for text in texts] for name, texts in problem.fields.items()}
        return _problem({"type": "/problems/input", "title": str(SEND_FORM.no), "status": 422, "fields": fields}, 422)
    return _page(request, "unusable_input.html", 422, fields=problem.fields, back=_way_back(request))


def sent_twice(request: HttpRequest) -> HttpResponse:
    """The same form came again with other content: the first sending stands, the second did nothing."""
    return _refuse(
        request,
        SEND_FORM,
        Blocker(
            code="form_already_used",
            reason=Text(
                "この画面からの送信は、別の内容で一度受け付けています。二重になるのを防ぐため、今回の内容は反映していません。",
                "This form was already sent once with other content. To prevent doing it twice, nothing was done now.",
            ),
            rule="A014",
            resolved_by="you",
            remedy=Remedy(
                Text(
                    "画面を開き直して、結果を確かめてから入力する",
                    "Open the page again, check the result, then enter it",
                ),
                _way_back(request) or "/",
            ),
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose seal does not fit: stale after signing in or out elsewhere, or sent from another site.

    What was typed is kept: when the browser says that the form came from our own page, it is offered for sending
    again. A form from another site is never offered.
    """
    ours = own_page(request) is True and not reason.startswith(("Origin checking", "Referer checking"))
    code, words = _CSRF_WORDS["no_cookie" if reason == REASON_NO_CSRF_COOKIE else "stale" if ours else "foreign"]
    blocker = Blocker(
        code=code,
        reason=words,
        rule="A014",
        resolved_by="you",
        remedy=Remedy(Text("元の画面を開き直す", "Open the page again"), (_way_back(request) if ours else None) or "/"),
        status=403,
    )
    decision = refuse(SEND_FORM, blocker).decision
    if _is_program(request):
        return _problem(decision.as_json(), 403)
    return _page(
        request, "refused.html", 403, decision=decision, back=None, repeat=_repeatable(request) if ours else None
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Django's own "forbidden", in our words."""
    return _refuse(
        request,
        READ,
        Blocker(
            code="not_yours",
            reason=Text(
                "このページは、あなたの権限では開けません。", "Your account does not have the right to open this page."
            ),
            rule="A195",
            resolved_by="operator",
            remedy=Remedy(Text("ホームへ戻る", "Go to the home page"), "/"),
            status=403,
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that could not be read at all: too large, or not made by a browser of ours."""
    logger.info("unreadable request: %s", type(exception).__name__)
    decision = refuse(
        SEND_FORM,
        Blocker(
            code="unreadable",
            reason=Text(
                "送られてきた内容を読み取れませんでした。大きすぎるファイルが付いているか、アドレスが途中で切れています。",
                "What was sent could not be read: a file may be too large, or the address was cut off.",
            ),
            rule="A014",
            resolved_by="you",
            remedy=Remedy(Text("ホームから開き直す", "Start again from the home page"), "/"),
            status=422,
        ),
    ).decision
    if _is_program(request):
        return _problem({**decision.as_json(), "status": 400}, 400)
    return _page(request, "refused.html", 400, decision=decision, back=None, bare=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours, said as ours, with a number under which it can be found in our records."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return busy(request)
    reference = new_id().hex[-8:].upper()
    logger.error("fault %s at %s", reference, getattr(request.resolver_match, "view_name", None) or "an unknown view")
    title = Text("こちらの不具合で、表示できませんでした", "A fault of ours: the page could not be shown")
    if _is_program(request):
        return _problem({"type": "/problems/fault", "title": str(title), "status": 500, "reference": reference}, 500)
    return _page(request, "fault.html", 500, title=title, reference=reference, bare=True)


def busy(request: HttpRequest, retry_after_seconds: int = RETRY_AFTER_SECONDS) -> HttpResponse:
    """Too many at once, or the database is away: ours, not yours, and when to try again (A038, A039)."""
    title = Text("繋がりにくくなっています", "The service is hard to reach")
    retry_at = clock.now() + timedelta(seconds=retry_after_seconds)
    if _is_program(request):
        response = _problem({"type": "/problems/busy", "title": str(title), "status": 503}, 503)
    else:
        response = _page(
            request,
            "busy.html",
            503,
            title=title,
            retry_after_seconds=retry_after_seconds,
            retry_at=retry_at,
            retry_url=request.get_full_path() if request.method in ("GET", "HEAD") else None,
            bare=True,
        )
    response["Retry-After"] = str(retry_after_seconds)
    return response


def refuse_on_page(request: HttpRequest, action: Action, blocker: Blocker) -> HttpResponse:
    """For views: refuse with a blocker found outside a rule."""
    return _refuse(request, action, blocker)


def _refuse(request: HttpRequest, action: Action, blocker: Blocker, status: int | None = None) -> HttpResponse:
    decision = refuse(action, blocker).decision
    if _is_program(request):
        return _problem({**decision.as_json(), "status": status or decision.status}, status or decision.status)
    return _page(request, "refused.html", status or decision.status, decision=decision, back=_way_back(request))


def _page(request: HttpRequest, template: str, status: int, *, bare: bool = False, **context: Any) -> HttpResponse:
    """Draws a page that tells a no; `bare` asks nothing of the database."""
    from kotowari.web.middleware import reading_as_asked

    with current.answering(request), reading_as_asked(request, ask_member=not bare):
        html = loader.get_template(f"refusals/{template}").render({"bare": bare, "repeat": None, **context}, request)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    return _unlogged(response)


def _problem(body: dict[str, Any], status: int) -> HttpResponse:
    return _unlogged(
        JsonResponse(
            body, status=status, content_type="application/problem+json", json_dumps_params={"ensure_ascii": False}
        )
    )


def _unlogged(response: HttpResponse) -> HttpResponse:
    """A refusal is an answer: Django shall not note the address, which may hold what is private. Faults it notes."""
    if response.status_code != 500:
        response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _is_program(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _way_back(request: HttpRequest) -> str | None:
    """The page of ours from which a form was sent; None for pages that were simply opened."""
    if request.method in ("GET", "HEAD"):
        return None
    if not _same_host(request, request.headers.get("Referer", "")):
        return None
    parts = urlsplit(request.headers["Referer"])
    back = parts.path + (f"?{parts.query}" if parts.query else "")
    return back if exists(back) else None


def _same_host(request: HttpRequest, address: str) -> bool:
    return bool(address) and urlsplit(address).netloc == request.get_host()


def own_page(request: HttpRequest) -> bool | None:
    """Whether a form came from a page of ours, as the browser itself says; None when it says nothing.

    Asked by `Sec-Fetch-Site`, else by `Origin`, else by `Referer`.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    told = request.headers.get("Origin") or request.headers.get("Referer")
    return _same_host(request, told) if told else None


def _repeatable(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What was typed, to be sent again; None when it holds a secret or a file, which are never shown back."""
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    if request.FILES or any(word in name.lower() for name in names for word in _SECRETS):
        return None
    return [(name, value) for name in names for value in request.POST.getlist(name)]
