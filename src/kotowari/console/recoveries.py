"""二段階認証の復旧: lost second factors that wait for two different members of staff, the most urgent first."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts import factor_words, gates, services
from kotowari.accounts.models import FactorRecovery, Member
from kotowari.accounts.recovery_questions import QUESTIONS
from kotowari.accounts.selectors import factors_of, recoveries_visible_to, statement_of
from kotowari.accounts.services.recoveries import WORDS_MAX
from kotowari.accounts.transitions import FACTOR_RECOVERY
from kotowari.console.account_card import account_of
from kotowari.console.pages import staff_screen
from kotowari.console.services import look_at_member
from kotowari.foundation import subjects
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.web import paging
from kotowari.web.drawing import Tab
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.recovery import steps_of
from kotowari.web.screens import redirect, render, tell

SHOWN = 50
WITH_STAFF = ("proving", "first_approval")
TONES = {
    "asked": "plain",
    "proving": "wait",
    "first_approval": "wait",
    "cooling": "wait",
    "done": "done",
    "cancelled": "plain",
    "refused": "loss",
    "lapsed": "plain",
}
VIEWS = {"waiting": Text("確認待ち", "Waiting"), "": Text("すべて", "All")}


class QuestionForm(KotowariForm):
    """What staff want to know."""

    words = LongTextField(
        Text("本人への質問", "Your question"),
        hint=Text(
            "会員がこのまま読みます。答えそのものを書かないでください。",
            "The member reads it. Do not give the answer away.",
        ),
        max_length=WORDS_MAX,
        rows=3,
    )


class RefuseForm(KotowariForm):
    """Why it is refused."""

    because = LongTextField(
        Text("お断りする理由", "Why"),
        hint=Text("会員がこのまま読みます。", "The member reads it as it is."),
        max_length=WORDS_MAX,
        rows=3,
    )


@staff_screen(
    "console.recoveries",
    path="recoveries/",
    title=Text("二段階認証の復旧", "Lost second factors"),
    actions=[gates.APPROVE_RECOVERY],
)
def recoveries(request: HttpRequest, staff: Member) -> HttpResponse:
    """What waits for staff by its clock; or all, the newest first."""
    shown = "" if request.GET.get("show") == "" else "waiting"
    rows = recoveries_visible_to(staff)
    page = None if shown else paging.newest_first(rows, request.GET.get("after"))
    waiting = list(rows.filter(state__in=WITH_STAFF).order_by("due_at", "id")[:SHOWN]) if shown else []
    return render(
        request,
        "console/recoveries.html",
        {
            "rows": page.rows if page else waiting,
            "page": page,
            "states": FACTOR_RECOVERY.states,
            "tones": TONES,
            "tabs": [Tab(words, f"?show={key}", key == shown) for key, words in VIEWS.items()],
        },
    )


@staff_screen(
    "console.recovery",
    path="recoveries/<uuid:recovery_id>/",
    title=Text("二段階認証の復旧", "A lost second factor"),
    actions=[gates.APPROVE_RECOVERY, gates.REFUSE_RECOVERY, gates.ASK_IN_RECOVERY],
    parent="console.recoveries",
)
def recovery(request: HttpRequest, staff: Member, recovery_id: UUID) -> HttpResponse:
    """What the member says beside what the market knows; looking is recorded."""
    return _page(request, staff, _found(staff, recovery_id), QuestionForm(), RefuseForm())


@staff_screen(
    "console.recovery.approve",
    path="recoveries/<uuid:recovery_id>/approve/",
    title=Text("本人と認める", "Approve: this is the owner"),
    actions=[gates.APPROVE_RECOVERY],
    parent="console.recovery",
    methods=["POST"],
)
def approve(request: HttpRequest, staff: Member, recovery_id: UUID) -> HttpResponse:
    """One of the two approvals."""
    row = services.approve_recovery(actor=staff, recovery_id=recovery_id, idempotency_key=posted_key(request.POST))
    tell(
        request,
        Text("確認期間を始め、本人に知らせました。", "The cooling-off began, and the owner was told.")
        if row.state == "cooling"
        else Text("承認しました。もう1人の承認を待ちます。", "Approved; it waits for somebody else of staff."),
    )
    return redirect("console.recovery", recovery_id=recovery_id)


@staff_screen(
    "console.recovery.refuse",
    path="recoveries/<uuid:recovery_id>/refuse/",
    title=Text("復旧をお断りする", "Refuse a recovery"),
    actions=[gates.REFUSE_RECOVERY],
    parent="console.recovery",
    methods=["POST"],
)
def refuse(request: HttpRequest, staff: Member, recovery_id: UUID) -> HttpResponse:
    """With the reason that the member reads."""
    form = RefuseForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.refuse_recovery(
                actor=staff, recovery_id=recovery_id, **form.cleaned_data, idempotency_key=form.key
            )
            tell(request, Text("お断りしました。", "Refused."))
            return redirect("console.recoveries")
    return _page(request, staff, _found(staff, recovery_id), QuestionForm(), form)


@staff_screen(
    "console.recovery.ask",
    path="recoveries/<uuid:recovery_id>/ask/",
    title=Text("本人にたずねる", "Ask the member"),
    actions=[gates.ASK_IN_RECOVERY],
    parent="console.recovery",
    methods=["POST"],
)
def ask(request: HttpRequest, staff: Member, recovery_id: UUID) -> HttpResponse:
    """A question whose answer comes through the member's own link."""
    form = QuestionForm(request.POST)
    if form.is_valid():
        with form.merging():
            services.ask_in_recovery(
                actor=staff, recovery_id=recovery_id, **form.cleaned_data, idempotency_key=form.key
            )
            tell(request, Text("質問を送りました。", "Your question was sent."))
            return redirect("console.recovery", recovery_id=recovery_id)
    return _page(request, staff, _found(staff, recovery_id), form, RefuseForm())


def _found(staff: Member, recovery_id: UUID) -> FactorRecovery:
    row: FactorRecovery = subjects.load("accounts.factorrecovery", str(recovery_id), actor=staff)
    return row


def _page(
    request: HttpRequest, staff: Member, row: FactorRecovery, question: QuestionForm, refusing: RefuseForm
) -> HttpResponse:
    look_at_member(actor=staff, member_id=row.member_id)
    answers = statement_of(row)
    return render(
        request,
        "console/recovery.html",
        {
            "row": row,
            "state": FACTOR_RECOVERY.states[row.state],
            "tone": TONES[row.state],
            "steps": steps_of(row),
            "answers": [(each.label, answers[each.key]) for each in QUESTIONS if answers.get(each.key)],
            "words": list(row.words.select_related("by").order_by("id")),
            "factors": list(factors_of(row.member_id)),
            "kinds": factor_words.KINDS,
            "account": account_of(staff, row.member),
            "question": question,
            "refusing": refusing,
            "can_ask": explain(gates.ASK_IN_RECOVERY, staff, row),
            "can_approve": explain(gates.APPROVE_RECOVERY, staff, row),
            "can_refuse": explain(gates.REFUSE_RECOVERY, staff, row),
        },
        status=422 if question.errors or refusing.errors else 200,
    )
