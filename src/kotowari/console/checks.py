"""帳簿の検査: every law in plain words with since when it holds or is broken, the runs, and the alarms."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console import services
from kotowari.console.gates import ACKNOWLEDGE_ALARM, CHECK_BOOKS
from kotowari.console.pages import staff_screen
from kotowari.console.selectors import names_of
from kotowari.foundation import subjects
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.ledger import events, selectors
from kotowari.ledger.invariants import INVARIANTS, in_order
from kotowari.ledger.transitions import CHECK_ALARM, CHECK_RUN
from kotowari.web import paging
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, tell

RUN_TONES = {"waiting": "wait", "running": "info", "complete": "done", "interrupted": "loss"}
ALARM_TONES = {"open": "loss", "acknowledged": "wait", "mended": "done"}
BY_TESTS = (
    (
        "L14",
        Text(
            "どの時点で落ちても、やり直せば1度だけ行われ、何も失われない",
            "Whatever is killed, at whatever step: done again, it has happened once and nothing is lost",
        ),
        "tests/ledger/test_sigkill.py",
    ),
)
"""Laws that no look at the data can show, with the tests that do."""


class NoteForm(KotowariForm):
    """What is known, and what is done about it."""

    note = LongTextField(
        Text("分かっていること・すること", "What is known, and what you do"),
        hint=Text(
            "ほかの担当者と監査の人が読みます。個人の情報は書かないでください。",
            "Other staff and auditors read it; leave personal data out.",
        ),
        max_length=500,
        rows=3,
    )


@staff_screen(
    "console.checks",
    path="ledger/checks/",
    title=Text("帳簿の検査", "Checks of the books"),
    actions=[CHECK_BOOKS],
    parent="console.ledger",
    methods=["GET", "POST"],
)
def checks(request: HttpRequest, staff: Member) -> HttpResponse:
    """The laws as the last run found them, and the runs; with POST a run is asked for."""
    if request.method == "POST":
        services.ask_check(actor=staff, idempotency_key=posted_key(request.POST))
        tell(
            request,
            Text(
                "検査を依頼しました。1分以内に始まり、終わると結果がここに出ます。",
                "A check was asked for: it begins within a minute, and what it finds appears here.",
            ),
        )
        return redirect("console.checks")
    last = selectors.last_complete_run()
    page = paging.newest_first(selectors.runs(), request.GET.get("after"))
    return render(
        request,
        "console/checks.html",
        {
            "last": last,
            "laws": selectors.laws(last),
            "by_tests": BY_TESTS,
            "alarms": selectors.alarms_open(),
            "alarm_states": CHECK_ALARM.states,
            "alarm_tones": ALARM_TONES,
            "silence": events.SILENCE,
            "overdue_since": selectors.checks_overdue_since(),
            "under_way": selectors.run_under_way(),
            "head": selectors.head(),
            "page": page,
            "names": names_of(run.asked_by_id for run in page.rows),
            "states": CHECK_RUN.states,
            "tones": RUN_TONES,
            "decision": explain(CHECK_BOOKS, staff),
        },
    )


@staff_screen(
    "console.check",
    path="ledger/checks/<uuid:check_id>/",
    title=Text("検査の結果", "What a check found"),
    actions=[CHECK_BOOKS],
    parent="console.checks",
)
def check(request: HttpRequest, staff: Member, check_id: UUID) -> HttpResponse:  # noqa: ARG001 - a screen takes the staff
    """One run with what each law answered in it."""
    run = selectors.run(check_id)
    if run is None:
        raise NotVisible("ledger.checkrun", check_id)
    found = selectors.last_results(run)
    return render(
        request,
        "console/check.html",
        {
            "run": run,
            "state": CHECK_RUN.states[run.state],
            "tone": RUN_TONES[run.state],
            "asked_by": names_of([run.asked_by_id]).get(run.asked_by_id),
            "rows": _with_titles(found),
        },
    )


@staff_screen(
    "console.alarm",
    path="ledger/checks/alarms/<uuid:alarm_id>/",
    title=Text("帳簿の警報", "Alarm of the books"),
    actions=[ACKNOWLEDGE_ALARM],
    parent="console.checks",
    methods=["GET", "POST"],
)
def alarm(request: HttpRequest, staff: Member, alarm_id: UUID) -> HttpResponse:
    """What is broken, since when, who looks into it; with POST one takes it on."""
    row = subjects.load("ledger.checkalarm", str(alarm_id), actor=staff)
    form = NoteForm(request.POST) if request.method == "POST" else NoteForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            services.acknowledge_alarm(
                actor=staff, alarm_id=row.pk, note=form.cleaned_data["note"], idempotency_key=form.key
            )
            tell(request, Text("対応を引き受けました。", "You look into it now."))
            return redirect("console.alarm", alarm_id=row.pk)
    return render(
        request,
        "console/alarm.html",
        {
            "alarm": row,
            "is_silence": row.name == events.SILENCE,
            "state": CHECK_ALARM.states[row.state],
            "tone": ALARM_TONES[row.state],
            "by": names_of([row.acknowledged_by_id]).get(row.acknowledged_by_id, row.acknowledged_by_name),
            "decision": explain(ACKNOWLEDGE_ALARM, staff, row),
            "form": form,
        },
        status=form.status,
    )


def _with_titles(results: Mapping[str, Any]) -> list[tuple[Text, Any]]:
    """Results with what their laws say, in the order of the plan; a law that was taken away since keeps its name."""
    known = [name for name in in_order() if name in results]
    gone = sorted(set(results) - set(known))
    return [(INVARIANTS[name].title, results[name]) for name in known] + [
        (Text(name, name), results[name]) for name in gone
    ]
