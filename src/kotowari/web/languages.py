"""Choosing the language at the foot of every page."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from kotowari.accounts import services
from kotowari.kernel.text import LANGUAGES, Text
from kotowari.web import current, refusals
from kotowari.web.demo import back_to
from kotowari.web.gates import SWITCH_LANGUAGE
from kotowari.web.middleware import LANGUAGE_COOKIE
from kotowari.web.screens import screen, see

_YEAR_SECONDS = 365 * 24 * 3600


@screen(
    "language",
    path="language/",
    title=Text("表示言語の切り替え", "Switch the language"),
    actions=[SWITCH_LANGUAGE],
    methods=["POST"],
)
@csrf_exempt  # the foot stands on pages that are cached for visitors; `own_page` asks the browser instead
def switch(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie and with the member, and show the same page again."""
    if refusals.own_page(request) is False:
        return refusals.csrf_failure(request, "Origin checking failed")
    response = see(back_to(request))
    chosen = request.POST.get("language")
    if chosen in LANGUAGES:
        keep_language(response, chosen)
        member = current.member_of(request)
        if member is not None and member.language != chosen:
            services.change_settings(actor=member, display_name=member.display_name, language=chosen)
    return response


def keep_language(response: HttpResponse, chosen: str) -> None:
    """Remember a language on this device."""
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=_YEAR_SECONDS, samesite="Lax", httponly=True)
