"""異議申立て: restrictions contested by members, decided by somebody else of staff than who made them (A127)."""

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.restrictions import CAUSES
from kotowari.console.account_card import account_of
from kotowari.console.pages import staff_screen
from kotowari.enforcement import gates, services
from kotowari.enforcement.models import Appeal
from kotowari.enforcement.selectors import appeals_visible_to
from kotowari.enforcement.transitions import APPEAL
from kotowari.foundation import subjects
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import decide_many, explain
from kotowari.kernel.text import Text
from kotowari.web import paging
from kotowari.web.drawing import Tab
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

SHOWN = 50
TONES = {"open": "wait", "upheld": "plain", "granted": "done", "lapsed": "loss"}
VIEWS = {"open": Text("回答待ち", "Waiting"), "": Text("終わったもの", "Over")}


class AnswerForm(KotowariForm):
    """The reasons; the member reads them."""

    answer = LongTextField(
        Text("回答と理由", "Answer and reasons"),
        hint=Text(
            "どの事実をどう確かめ、なぜそう決めたのか。本人がこのまま読みます。",
            "Which facts were looked at, how, and why you decide so. The member reads this as it is.",
        ),
        max_length=services.ANSWER_MAX,
        rows=5,
    )


@staff_screen(
    "console.appeals",
    path="appeals/",
    title=Text("異議申立て", "Appeals"),
    actions=[gates.UPHOLD_APPEAL, gates.GRANT_APPEAL],
)
def appeals(request: HttpRequest, staff: Member) -> HttpResponse:
    """What waits, the most urgent first, each with whether this member of staff may decide it; or what is over."""
    shown = "" if request.GET.get("show") == "" else "open"
    rows = appeals_visible_to(staff)
    page = None
    found: Sequence[Appeal]
    if shown == "open":
        found = list(rows.filter(state="open").order_by("due_at", "id")[:SHOWN])
    else:
        page = paging.newest_first(rows.exclude(state="open"), request.GET.get("after"))
        found = page.rows
    return render(
        request,
        "console/appeals.html",
        {
            "rows": list(zip(found, decide_many(gates.GRANT_APPEAL, staff, found), strict=True)),
            "page": page,
            "causes": CAUSES,
            "states": APPEAL.states,
            "tones": TONES,
            "tabs": [Tab(words, f"?show={key}", key == shown) for key, words in VIEWS.items()],
        },
    )


@staff_screen(
    "console.appeal",
    path="appeals/<uuid:appeal_id>/",
    title=Text("異議申立ての案件", "An appeal"),
    actions=[gates.UPHOLD_APPEAL, gates.GRANT_APPEAL],
    parent="console.appeals",
    methods=["GET", "POST"],
)
def appeal(request: HttpRequest, staff: Member, appeal_id: UUID) -> HttpResponse:
    """What was decided and what the member says, side by side; the answer leads to the next one."""
    row: Appeal = subjects.load("enforcement.appeal", str(appeal_id), actor=staff)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    acts = {"uphold": services.uphold_appeal, "grant": services.grant_appeal}
    if request.method == "POST" and request.POST.get("act", "") not in acts:
        raise NotVisible("enforcement.appeal.act", request.POST.get("act", ""))
    if form.is_bound and form.is_valid():
        with form.merging():
            act = acts[request.POST["act"]]
            act(actor=staff, appeal_id=row.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("回答しました。本人に知らせました。", "Answered; the member has been told."))
            return redirect("console.appeals")
    restriction = row.restriction
    return render(
        request,
        "console/appeal.html",
        {
            "appeal": row,
            "restriction": restriction,
            "cause": CAUSES[restriction.cause],
            "state": APPEAL.states[row.state],
            "tone": TONES[row.state],
            "account": account_of(staff, restriction.member),
            "form": form,
            "can_uphold": explain(gates.UPHOLD_APPEAL, staff, row),
            "can_grant": explain(gates.GRANT_APPEAL, staff, row),
        },
        status=form.status,
    )
