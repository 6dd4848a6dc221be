"""ログイン方法の変更: announced to whoever uses that way, and taken back while there is time (A117)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.incident_forms import ChangeForm, WithdrawForm
from kotowari.console.pages import staff_screen
from kotowari.foundation import policy, subjects
from kotowari.incidents import gates, services
from kotowari.incidents.methods import METHODS
from kotowari.incidents.models import LoginChange
from kotowari.incidents.selectors import login_changes
from kotowari.incidents.services.login_changes import check_login_change
from kotowari.incidents.transitions import LOGIN_CHANGE
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.web import paging
from kotowari.web.screens import redirect, render, tell
from kotowari.web.status import CHANGE_TONES


@staff_screen(
    "console.login_changes",
    path="login-changes/",
    title=Text("ログイン方法の変更", "Changes of signing in"),
    actions=[gates.ANNOUNCE_CHANGE],
)
def changes(request: HttpRequest, staff: Member) -> HttpResponse:
    """All of them, the newest first."""
    page = paging.newest_first(login_changes().select_related("told").order_by("-id"), request.GET.get("after"))
    return render(
        request,
        "console/login_changes.html",
        {"page": page, "decision": explain(gates.ANNOUNCE_CHANGE, staff), **_names()},
    )


@staff_screen(
    "console.login_change.new",
    path="login-changes/new/",
    title=Text("ログイン方法の変更を知らせる", "Announce a change of signing in"),
    actions=[gates.ANNOUNCE_CHANGE],
    parent="console.login_changes",
    methods=["GET", "POST"],
)
def new(request: HttpRequest, staff: Member) -> HttpResponse:
    """What changes for whom, as they will read it, then the press that tells them."""
    form = ChangeForm(request.POST if request.method == "POST" else None)
    preview = False
    if form.is_bound and form.is_valid():
        names = ("method", "takes_effect_on", "old_until_on", "provider", "guide_url")
        given: dict[str, Any] = {name: form.cleaned_data[name] for name in names}
        given |= {"title": form.pair("title"), "words": form.pair("words")}
        with form.merging():
            if "confirmed" in request.POST:
                row = services.announce_login_change(actor=staff, **given, idempotency_key=form.key)
                tell(request, Text("知らせ始めました。", "They are being told."))
                return redirect("console.login_change", change_id=row.pk)
            if "edit" not in request.POST:
                check_login_change(**given)
                preview = True
    return render(
        request,
        "console/login_change_new.html",
        {
            "form": form,
            "preview": preview,
            "days": policy.value("incidents.login_change_days"),
            "decision": explain(gates.ANNOUNCE_CHANGE, staff),
            **_names(),
        },
        status=form.status,
    )


@staff_screen(
    "console.login_change",
    path="login-changes/<uuid:change_id>/",
    title=Text("ログイン方法の変更", "A change of signing in"),
    actions=[gates.WITHDRAW_CHANGE],
    parent="console.login_changes",
    methods=["GET", "POST"],
)
def change(request: HttpRequest, staff: Member, change_id: UUID) -> HttpResponse:
    """Its days, how many were told, and the way back."""
    row: LoginChange = subjects.load("incidents.loginchange", str(change_id), actor=staff)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.merging():
            services.withdraw_login_change(
                actor=staff, change_id=row.pk, because=form.pair("because"), idempotency_key=form.key
            )
            tell(
                request, Text("取りやめました。知らせた会員にも伝えます。", "Withdrawn; whoever was told learns of it.")
            )
            return redirect("console.login_change", change_id=row.pk)
    decision = explain(gates.WITHDRAW_CHANGE, staff, row)
    context = {"change": row, "form": form, "decision": decision, **_names()}
    return render(request, "console/login_change.html", context, status=form.status)


def _names() -> dict[str, Any]:
    return {"methods": METHODS, "states": LOGIN_CHANGE.states, "tones": CHANGE_TONES}
