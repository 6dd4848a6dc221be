"""Pages of the console: screens like any other that only staff opens, behind one gate."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.gates import OPEN
from kotowari.kernel.gates import Action, require
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.screens import screen

PREFIX = "console/"
StaffView = Callable[..., HttpResponse]


def staff_screen(
    name: str,
    *,
    path: str = "",
    title: Text,
    actions: Sequence[Action] = (),
    parent: str = "console",
    methods: Sequence[str] = ("GET",),
) -> Callable[[StaffView], Callable[..., HttpResponse]]:
    """Register a view `(request, staff, …)` as a page below `/console/`; whoever is not staff reads why not."""

    def register(view: StaffView) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def opened(request: HttpRequest, **values: Any) -> HttpResponse:
            staff = current.member_of(request)
            require(OPEN, staff)
            assert isinstance(staff, Member), "the gate asks for staff"
            response = view(request, staff, **values)
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        return screen(
            name,
            path=PREFIX + path,
            title=title,
            actions=[OPEN, *actions],
            parent="home" if name == "console" else parent,
            methods=methods,
            members_only=True,
        )(opened)

    return register
