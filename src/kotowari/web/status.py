"""稼働状況: what works now, what does not, what was said about it, and what holds me of my own (A039, A167)."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import locks_in_force
from kotowari.foundation import policy
from kotowari.incidents import gates
from kotowari.incidents.kinds import FUNCTIONS, KINDS, SEVERITIES
from kotowari.incidents.models import Incident
from kotowari.incidents.selectors import (
    changes_touching,
    functions_now,
    login_changes,
    past_incidents,
    public_incidents,
    touching,
)
from kotowari.incidents.transitions import INCIDENT, LOGIN_CHANGE
from kotowari.kernel.text import Text
from kotowari.web import current
from kotowari.web.drawing import Entry
from kotowari.web.screens import render, screen
from kotowari.web.security_check import holds_on

CURRENT = ("open", "watching")
TONES = {"open": "wait", "watching": "info", "closed": "done", "lapsed": "plain"}
CHANGE_TONES = {"announced": "wait", "complete": "done", "withdrawn": "plain"}
PAST_SHOWN = 50
CHANGES_SHOWN = 100


@screen("status", path="status/", title=Text("稼働状況", "Status"), actions=[gates.SEE_STATUS])
@never_cache
def status(request: HttpRequest) -> HttpResponse:
    """Each function, what goes on with its whole timeline, the past, and my own flags when I am signed in."""
    me = current.member_of(request)
    going_on = list(public_incidents().filter(state__in=CURRENT))
    return render(
        request,
        "status.html",
        {
            "functions": functions_now(going_on),
            "going_on": [(row, timeline_of(row)) for row in going_on],
            "past": [(row, timeline_of(row)) for row in past_incidents()[:PAST_SHOWN]],
            "days": policy.value("incidents.history_days"),
            "mine": _mine(me) if me else None,
            **words(),
        },
    )


@screen(
    "login_changes",
    path="terms/changes/",
    title=Text("変更のお知らせ", "Announced changes"),
    actions=[gates.SEE_CHANGES],
)
def changes(request: HttpRequest) -> HttpResponse:
    """Changes of signing in, to come and past, each with its days and its guide (A118)."""
    rows = list(login_changes()[:CHANGES_SHOWN])
    me = current.member_of(request)
    return render(
        request,
        "login_changes.html",
        {
            "coming": sorted((r for r in rows if r.state == "announced"), key=lambda r: r.over_on),
            "past": [r for r in rows if r.state != "announced"],
            "mine": {r.pk for r in changes_touching(me)} if me else set(),
            "states": LOGIN_CHANGE.states,
            "tones": CHANGE_TONES,
        },
    )


def timeline_of(row: Incident) -> Sequence[Entry]:
    """What was said, the newest first."""
    tones = {"open": "wait", "watching": "plain", "closed": "done", "lapsed": "plain"}
    return [
        Entry(each.at, INCIDENT.states[each.state], body=each.words, tone=tones[each.state])  # type: ignore[arg-type]
        for each in row.updates.all()
    ]


def words() -> dict[str, object]:
    """What the closed lists are called, for every page that draws incidents."""
    return {
        "kinds": KINDS,
        "severities": SEVERITIES,
        "states": INCIDENT.states,
        "tones": TONES,
        "function_names": {name: function.title for name, function in FUNCTIONS.items()},
    }


def _mine(me: Member) -> dict[str, object]:
    return {
        "locks": list(locks_in_force().filter(member=me).order_by("-since")),
        "holds": holds_on(me),
        "password_void_since": me.password_void_since,
        "touching": touching(me),
    }
