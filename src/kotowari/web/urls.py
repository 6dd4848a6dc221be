"""The addresses of all pages, built from the register of screens.

Every module of this room is a subject; importing it registers its screens. Literal addresses go before those with
names in them, so `/jobs/new/` is never taken for a job.
"""

import importlib
import pkgutil

from django.urls import URLPattern, path

import kotowari.web
from kotowari.web import screens

CONSOLE = "console/"
"""What lies below is addressed by the console itself."""

for _module in pkgutil.iter_modules(kotowari.web.__path__):
    importlib.import_module(f"kotowari.web.{_module.name}")


def _literal_first(shown: screens.Screen) -> list[tuple[bool, str]]:
    return [("<" in part, part) for part in shown.path.split("/")]


urlpatterns: list[URLPattern] = [
    path(shown.path, screens.guarded_view(shown), name=shown.name)
    for shown in sorted(screens.SCREENS.values(), key=_literal_first)
    if screens.is_open(shown) and not shown.path.startswith(CONSOLE)
]
