"""危険の知らせ: matters that the market brings before staff, each with its clock and the case beside it (A019)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts import gates, services
from kotowari.accounts.models import Member, RiskCase
from kotowari.accounts.risks import KINDS
from kotowari.accounts.selectors import cards_of, risk_cases_visible_to
from kotowari.accounts.transitions import RISK_CASE
from kotowari.console.account_card import account_of
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.web import paging
from kotowari.web.drawing import Tab
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

SHOWN = 50
TONES = {"open": "wait", "closed": "done", "lapsed": "loss"}
NOTED = {
    "level": Text("1週間のロックの回数", "Locks within a week"),
    "tries": Text("続いた間違いの数", "Wrong passwords in a row"),
    "failures": Text("失敗の数(最後の時間帯)", "Failures in the last window"),
    "usual": Text("ふだんの数", "The usual number"),
}
"""What each number in `RiskCase.facts` is called."""
VIEWS = {"open": Text("確認待ち", "Waiting"), "": Text("終わったもの", "Over")}


class ConclusionForm(KotowariForm):
    """What staff found; nobody outside the console reads it."""

    conclusion = LongTextField(
        Text("確かめたこと", "What you found"),
        hint=Text("運営の中だけの記録です。本人には伝わりません。", "For staff only; the member does not read it."),
        max_length=2_000,
        rows=4,
    )


@staff_screen(
    "console.risks",
    path="risks/",
    title=Text("危険の知らせ", "Risks"),
    actions=[gates.CLOSE_RISK],
)
def risks(request: HttpRequest, staff: Member) -> HttpResponse:
    """What waits, the most urgent first; or what is over, the newest first."""
    shown = "" if request.GET.get("show") == "" else "open"
    rows = risk_cases_visible_to(staff)
    page = None
    waiting: Sequence[RiskCase] = []
    if shown == "open":
        waiting = list(rows.filter(state="open").order_by("due_at", "id")[:SHOWN])
    else:
        page = paging.newest_first(rows.exclude(state="open"), request.GET.get("after"))
    return render(
        request,
        "console/risks.html",
        {
            "rows": page.rows if page else waiting,
            "page": page,
            "kinds": KINDS,
            "states": RISK_CASE.states,
            "tones": TONES,
            "tabs": [Tab(words, f"?show={key}", key == shown) for key, words in VIEWS.items()],
        },
    )


@staff_screen(
    "console.risk",
    path="risks/<uuid:case_id>/",
    title=Text("危険の知らせ", "A matter of risk"),
    actions=[gates.CLOSE_RISK, gates.ASK_FORCED_RESET],
    parent="console.risks",
    methods=["GET", "POST"],
)
def risk(request: HttpRequest, staff: Member, case_id: UUID) -> HttpResponse:
    """The matter, the account beside it, and what to do about it; closing it leads to the next one."""
    case: RiskCase = subjects.load("accounts.riskcase", str(case_id), actor=staff)
    form = ConclusionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.merging():
            services.close_risk(actor=staff, case_id=case.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("確認済みにしました。", "Closed."))
            return _next(staff)
    return render(
        request,
        "console/risk.html",
        {
            "case": case,
            "kind": KINDS[case.kind],
            "state": RISK_CASE.states[case.state],
            "tone": TONES[case.state],
            "account": account_of(staff, case.member) if case.member else None,
            "form": form,
            "decision": explain(gates.CLOSE_RISK, staff, case),
            "can_reset": explain(gates.ASK_FORCED_RESET, staff),
            **_facts(case),
        },
        status=form.status,
    )


def _facts(case: RiskCase) -> dict[str, Any]:
    """What the market noted: (label, value) pairs, suspicious networks, and accounts opened from them."""
    opened = case.facts.get("opened", [])
    cards = cards_of(UUID(each["member"]) for each in opened)
    return {
        "facts": [(words, case.facts[name]) for name, words in NOTED.items() if case.facts.get(name) is not None],
        "networks": case.facts.get("networks", []),
        "opened": [(cards[UUID(each["member"])], each) for each in opened if UUID(each["member"]) in cards],
        "watched": (datetime.fromisoformat(case.facts["since"]), datetime.fromisoformat(case.facts["until"]))
        if "until" in case.facts
        else None,
    }


def _next(staff: Member) -> HttpResponse:
    """The next matter that waits, else the list."""
    row = risk_cases_visible_to(staff).filter(state="open").exclude(member=staff).order_by("due_at", "id").first()
    return redirect("console.risk", case_id=row.pk) if row else redirect("console.risks")
