"""口座の名義: accounts whose holder is not simply the registered name, looked at side by side (A153)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import registered_name_of
from kotowari.console.pages import staff_screen
from kotowari.console.services import look_at_member
from kotowari.foundation import subjects
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain, require
from kotowari.kernel.text import Text
from kotowari.payouts import gates, selectors, services
from kotowari.payouts.holder_check import passes_by_clock
from kotowari.payouts.models import HolderReview
from kotowari.payouts.reasons import LONGEST
from kotowari.payouts.transitions import HOLDER_REVIEW
from kotowari.web import paging
from kotowari.web.drawing import Tab
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

SHOWN = 50
WAITING = ("open", "contested")
TONES = {
    "open": "wait",
    "contested": "wait",
    "approved": "done",
    "refused": "loss",
    "upheld": "loss",
    "overtaken": "plain",
}
VIEWS = {"waiting": Text("確認待ち", "Waiting"), "": Text("すべて", "All")}
FINDINGS = {
    "differs": Text("登録の名前と違う", "Differs from the registered name"),
    "trade_name": Text("屋号つき", "Carries a trade name"),
}
BY_CLOCK = {
    True: Text("自動で認められます:", "It passes:"),
    False: Text("自動で、認めなかったことになります:", "It counts as refused:"),
}


class DecisionForm(KotowariForm):
    """Why; its owner reads it."""

    reason = LongTextField(
        Text("理由", "Why"),
        hint=Text("会員がこのまま読みます。", "The member reads it as it is."),
        max_length=LONGEST,
        rows=3,
    )


@staff_screen(
    "console.holders",
    path="payouts/holders/",
    title=Text("口座の名義の確認", "Holders to look at"),
    actions=[gates.SEE_HOLDER],
    parent="console.payouts",
)
def holders(request: HttpRequest, staff: Member) -> HttpResponse:
    """What waits for staff by its clock; or all, the newest first."""
    shown = "" if request.GET.get("show") == "" else "waiting"
    rows = selectors.holder_reviews_visible_to(staff)
    page = None if shown else paging.newest_first(rows, request.GET.get("after"))
    waiting = list(rows.filter(state__in=WAITING).order_by("due_at", "id")[:SHOWN]) if shown else []
    return render(
        request,
        "console/holders.html",
        {
            "rows": page.rows if page else waiting,
            "page": page,
            "states": HOLDER_REVIEW.states,
            "tones": TONES,
            "findings": FINDINGS,
            "tabs": [Tab(words, f"?show={key}", key == shown) for key, words in VIEWS.items()],
        },
    )


@staff_screen(
    "console.holder",
    path="payouts/holders/<uuid:review_id>/",
    title=Text("口座の名義", "Holder of an account"),
    actions=[gates.SEE_HOLDER, gates.APPROVE_HOLDER, gates.REFUSE_HOLDER],
    parent="console.holders",
    methods=["GET", "POST"],
)
def holder(request: HttpRequest, staff: Member, review_id: UUID) -> HttpResponse:
    """Registered name and holder side by side, and the two answers. Looking is recorded."""
    row: HolderReview = subjects.load("payouts.holderreview", str(review_id), actor=staff)
    require(gates.SEE_HOLDER, staff, row)
    act = request.POST.get("act", "")
    commands = {"approve": services.approve_holder, "refuse": services.refuse_holder}
    forms = {
        each: DecisionForm(request.POST if act == each else None, auto_id=f"f-{each}-%s", label_suffix="")
        for each in commands
    }
    if request.method == "POST" and act not in commands:
        raise NotVisible("payouts.holderreview.act", act)
    if act and forms[act].is_valid():
        form = forms[act]
        with form.merging():
            commands[act](actor=staff, review_id=row.pk, **form.cleaned_data, idempotency_key=form.key)
            tell(request, Text("決めて、本人に知らせました。", "Decided; its owner is told."))
            return redirect("console.holders")
    look_at_member(actor=staff, member_id=row.account.member_id)
    return render(
        request,
        "console/holder.html",
        {
            "row": row,
            "account": row.account,
            "name": registered_name_of(row.account.member_id),
            "state": HOLDER_REVIEW.states[row.state],
            "tone": TONES[row.state],
            "finding": FINDINGS[row.finding],
            "by_clock": BY_CLOCK[passes_by_clock(row.state, row.finding)],
            "can": {
                "approve": explain(gates.APPROVE_HOLDER, staff, row),
                "refuse": explain(gates.REFUSE_HOLDER, staff, row),
            },
            "forms": forms,
        },
        status=max(form.status for form in forms.values()),
    )
