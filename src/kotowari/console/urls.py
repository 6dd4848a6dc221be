"""The addresses below `/console/`: one module per queue, each registers its screens when it is imported."""

from django.urls import URLPattern, path

from kotowari.console import (  # noqa: F401 - they register screens
    accounts,
    appeals,
    bank_lines,
    cancellations,
    cards,
    checks,
    deposits,
    disputes,
    forced_resets,
    holders,
    home,
    incidents,
    ledger,
    login_changes,
    members,
    papers,
    payouts,
    periods,
    policy,
    reconciliation,
    recoveries,
    risks,
    tickets,
)
from kotowari.console.pages import PREFIX
from kotowari.web import screens

urlpatterns: list[URLPattern] = [
    path(shown.path.removeprefix(PREFIX), screens.guarded_view(shown), name=shown.name)
    for shown in sorted(screens.SCREENS.values(), key=lambda s: [("<" in part, part) for part in s.path.split("/")])
    if shown.path.startswith(PREFIX)
]
