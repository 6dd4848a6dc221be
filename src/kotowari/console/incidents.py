"""障害・事故: the record of what goes wrong with the market itself, and whom it touches (A132)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import members_named
from kotowari.console.incident_forms import (
    ClosingForm,
    LetterForm,
    NamesForm,
    OpenForm,
    OverForm,
    ResetForm,
    SignedInForm,
    UpdateForm,
    minute,
)
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.incidents import gates, notices, services
from kotowari.incidents.models import Incident
from kotowari.incidents.selectors import incidents_visible_to, opening_words
from kotowari.incidents.services.affected import check_letter
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import Action, explain
from kotowari.kernel.text import Text
from kotowari.web import paging
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, tell
from kotowari.web.status import timeline_of, words

AFFECTED_SHOWN = 100
FORMS: dict[str, tuple[type[KotowariForm], Action]] = {
    "update": (UpdateForm, gates.UPDATE),
    "recover": (OverForm, gates.RECOVER),
    "close": (ClosingForm, gates.CLOSE),
    "name": (NamesForm, gates.NAME_AFFECTED),
    "signed_in": (SignedInForm, gates.NAME_AFFECTED),
    "reset": (ResetForm, gates.RESET_AFFECTED),
}
"""The forms of the page of one incident, by what they do."""
BUTTONS: dict[str, Action] = {"publish": gates.PUBLISH, "everybody": gates.NAME_AFFECTED}


@staff_screen("console.incidents", path="incidents/", title=Text("障害・事故", "Incidents"), actions=[gates.OPEN])
def incidents(request: HttpRequest, staff: Member) -> HttpResponse:
    """All of them, the newest first."""
    page = paging.newest_first(incidents_visible_to(staff), request.GET.get("after"))
    return render(request, "console/incidents.html", {"page": page, "decision": explain(gates.OPEN, staff), **words()})


@staff_screen(
    "console.incident.new",
    path="incidents/new/",
    title=Text("障害・事故の記録を始める", "Begin the record of an incident"),
    actions=[gates.OPEN],
    parent="console.incidents",
    methods=["GET", "POST"],
)
def new(request: HttpRequest, staff: Member) -> HttpResponse:
    """What is wrong since when, for whom to read, and when there is further word."""
    initial = {"started_at": minute(clock.tokyo(clock.now())), "kind": "outage", "severity": "major"}
    form = OpenForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with form.merging():
            row = services.open_incident(
                actor=staff,
                kind=given["kind"],
                severity=given["severity"],
                functions=given["functions"],
                title=form.pair("title"),
                words=form.pair("words"),
                started_at=given["started_at"],
                is_public=given["is_public"],
                next_minutes=given["next_minutes"],
                idempotency_key=form.key,
            )
            tell(request, Text("記録を始めました。", "The record is begun."))
            return redirect("console.incident", incident_id=row.pk)
    context = {"form": form, "decision": explain(gates.OPEN, staff)}
    return render(request, "console/incident_new.html", context, status=form.status)


@staff_screen(
    "console.incident",
    path="incidents/<uuid:incident_id>/",
    title=Text("障害・事故", "An incident"),
    actions=[*(action for _, action in FORMS.values()), *BUTTONS.values(), gates.TELL_AFFECTED],
    parent="console.incidents",
    methods=["GET", "POST"],
)
def incident(request: HttpRequest, staff: Member, incident_id: UUID) -> HttpResponse:
    """The whole record, with everything that can be done about it now."""
    row: Incident = subjects.load("incidents.incident", str(incident_id), actor=staff)
    act = request.POST.get("act", "")
    forms = {name: form() for name, (form, _) in FORMS.items()}
    status = 200
    if request.method == "POST":
        if act in BUTTONS:
            _press(staff, row, act, posted_key(request.POST))
            return _done(request, row, act)
        if act not in FORMS:
            raise NotVisible("incidents.incident.act", act)
        forms[act] = FORMS[act][0](request.POST)
        if forms[act].is_valid():
            with forms[act].merging():
                ACTS[act](staff, row, forms[act])
                return _done(request, row, act)
        status = forms[act].status
    return render(request, "console/incident.html", _context(staff, row, forms, act), status=status)


@staff_screen(
    "console.incident.tell",
    path="incidents/<uuid:incident_id>/tell/",
    title=Text("影響を受けた会員に知らせる", "Tell the affected members"),
    actions=[gates.TELL_AFFECTED],
    parent="console.incident",
    methods=["GET", "POST"],
)
def tell_them(request: HttpRequest, staff: Member, incident_id: UUID) -> HttpResponse:
    """The letter, then as they will read it, then the one press."""
    row: Incident = subjects.load("incidents.incident", str(incident_id), actor=staff)
    form = LetterForm(request.POST if request.method == "POST" else None, initial=_letter_so_far(row))
    preview: tuple[Text, Text] | None = None
    if form.is_bound and form.is_valid():
        letter = {"data": form.pair("data"), "advice": form.pair("advice"), "act_on": form.cleaned_data["act_on"]}
        with form.merging():
            if "confirmed" in request.POST:
                services.tell_affected(actor=staff, incident_id=row.pk, **letter, idempotency_key=form.key)
                return _done(request, row, "tell")
            if "edit" not in request.POST:
                check_letter(**letter)
                row.data_text, row.advice_text = letter["data"].as_dict(), letter["advice"].as_dict()
                row.act_on = letter["act_on"]
                preview = notices.affected(row, opening_words(row))
    context = {"incident": row, "form": form, "preview": preview, "decision": explain(gates.TELL_AFFECTED, staff, row)}
    return render(request, "console/incident_tell.html", context, status=form.status)


def _update(staff: Member, row: Incident, form: Any) -> None:
    minutes = form.cleaned_data["next_minutes"]
    services.add_update(
        actor=staff, incident_id=row.pk, words=form.pair("words"), next_minutes=minutes, idempotency_key=form.key
    )


def _recover(staff: Member, row: Incident, form: Any) -> None:
    ended_at = form.cleaned_data["ended_at"]
    services.recover_incident(
        actor=staff, incident_id=row.pk, words=form.pair("words"), ended_at=ended_at, idempotency_key=form.key
    )


def _close(staff: Member, row: Incident, form: Any) -> None:
    services.close_incident(actor=staff, incident_id=row.pk, words=form.pair("words"), idempotency_key=form.key)


def _name(staff: Member, row: Incident, form: Any) -> None:
    ids = [member.pk for member in members_named(form.cleaned_data["names"])]
    services.name_affected(actor=staff, incident_id=row.pk, member_ids=ids, idempotency_key=form.key)


def _signed_in(staff: Member, row: Incident, form: Any) -> None:
    services.name_signed_in(actor=staff, incident_id=row.pk, **form.cleaned_data, idempotency_key=form.key)


def _reset(staff: Member, row: Incident, form: Any) -> None:
    services.reset_affected(actor=staff, incident_id=row.pk, reason=form.pair("reason"), idempotency_key=form.key)


ACTS: dict[str, Callable[[Member, Incident, Any], None]] = {
    "update": _update,
    "recover": _recover,
    "close": _close,
    "name": _name,
    "signed_in": _signed_in,
    "reset": _reset,
}


def _press(staff: Member, row: Incident, act: str, key: str | None) -> None:
    command = services.publish_incident if act == "publish" else services.name_everybody
    command(actor=staff, incident_id=row.pk, idempotency_key=key)


def _done(request: HttpRequest, row: Incident, act: str) -> HttpResponse:
    tell(request, DONE[act])
    return redirect("console.incident", incident_id=row.pk)


DONE: Mapping[str, Text] = {
    "update": Text("続報を出しました。", "It is written on."),
    "recover": Text("復旧を知らせました。", "It is called over."),
    "close": Text("解決済みにしました。", "It is closed."),
    "name": Text("影響を受けた会員に加えました。", "They are named."),
    "signed_in": Text("影響を受けた会員に加えました。", "They are named."),
    "everybody": Text("全員を対象にしました。", "Everybody is named."),
    "publish": Text("公開しました。", "It is public."),
    "tell": Text("知らせ始めました。数秒ごとに少しずつ進みます。", "It has begun and goes on every few seconds."),
    "reset": Text("新しいパスワードを求めました。", "New passwords are required."),
}


def _letter_so_far(row: Incident) -> dict[str, Any]:
    if row.data is None or row.advice is None:
        return {}
    pairs = {"data": row.data, "advice": row.advice}
    letter: dict[str, Any] = {f"{name}_ja": text.ja for name, text in pairs.items()}
    return {**letter, **{f"{name}_en": text.en for name, text in pairs.items()}, "act_on": row.act_on}


def _context(staff: Member, row: Incident, forms: Mapping[str, KotowariForm], act: str) -> dict[str, Any]:
    """What the page is drawn with; `act` is the form that came back."""
    return {
        "incident": row,
        "entries": timeline_of(row)[::-1],
        "affected": row.affected.select_related("member").order_by("-id")[:AFFECTED_SHOWN],
        "forms": forms,
        "came_back": act,
        "can": {name: explain(action, staff, row) for name, (_, action) in FORMS.items()}
        | {name: explain(action, staff, row) for name, action in BUTTONS.items()}
        | {"tell": explain(gates.TELL_AFFECTED, staff, row)},
        **words(),
    }
