"""The list of screens: every page, the way to it and what can be done there (A195)."""

from django.http import HttpRequest, HttpResponse

from kotowari.kernel.text import Text
from kotowari.web import screens
from kotowari.web.gates import READ
from kotowari.web.screens import render, screen


@screen("paths", path="paths/", title=Text("画面一覧", "List of screens"), actions=[READ])
def paths(request: HttpRequest) -> HttpResponse:
    """Every screen below the one it is reached from; addresses that only take forms are no screens."""
    rows = [(depth, shown) for depth, shown in screens.tree() if "GET" in shown.methods and screens.is_open(shown)]
    return render(request, "paths.html", {"rows": rows, "lineage": screens.lineage})
