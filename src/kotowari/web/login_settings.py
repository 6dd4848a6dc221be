"""ログイン情報: everything by which an account is opened, on one page made of sections.

Each subject registers its section and draws it in `account/login/<name>.html`; what a section's forms send goes to
addresses of its own, which come back to this page.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts import gates, selectors
from kotowari.incidents.selectors import changes_touching
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.screens import render, screen, see

Given = Mapping[str, Any]
SectionOf = Callable[[HttpRequest], Given]

ADDRESS = "/my/settings/login/"
ORDER = ("overview", "username", "addresses", "password", "external", "factors", "devices")
"""The sections from top to bottom; one that nobody registered is not there."""
SECTIONS: dict[str, SectionOf] = {}
"""What each section is drawn with, by name."""


def section(name: str) -> Callable[[SectionOf], SectionOf]:
    """Register a section: the function gives what `account/login/<name>.html` reads as `given`."""
    if name not in ORDER or name in SECTIONS:
        raise ValueError(f"{name} is no free section of the login information; they are {ORDER}")

    def register(function: SectionOf) -> SectionOf:
        SECTIONS[name] = function
        return function

    return register


def show(request: HttpRequest, name: str = "", given: Given | None = None, *, status: int = 200) -> HttpResponse:
    """The page; `given` replaces what the section `name` is drawn with, such as a form that came back."""
    drawn = [
        (each, {**SECTIONS[each](request), **(given or {} if each == name else {})})
        for each in ORDER
        if each in SECTIONS
    ]
    return render(request, "account/login/page.html", {"sections": drawn}, status=status)


def back_to(name: str) -> HttpResponse:
    """See the page again, at this section."""
    return see(f"{ADDRESS}#{name}")


@screen(
    "my_settings_login",
    path="my/settings/login/",
    title=Text("ログイン情報", "Login information"),
    actions=[gates.SEE_OWN],
    parent="my_settings",
    members_only=True,
)
@never_cache
def login_settings(request: HttpRequest) -> HttpResponse:
    """Addresses, password, external accounts, second factor, devices: what opens this account, and what changes it."""
    return show(request)


@section("overview")
def overview(_request: HttpRequest) -> Given:
    """What opens the account now: shown before anything of it is changed (A197)."""
    me = current.me()
    return {"ways": selectors.ways_in(me), "changes": changes_touching(me)}
