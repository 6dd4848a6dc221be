"""お問い合わせ: the queue by clock, and a case with the account behind it, the answer, and what only staff read."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.restrictions import CAUSES
from kotowari.console.pages import staff_screen
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.support import finding, gates, limits, selectors, services
from kotowari.support.inputs import BODY_MAX
from kotowari.support.inspecting import account_behind
from kotowari.support.models import Ticket
from kotowari.support.topics import TOPICS, URGENT
from kotowari.support.transitions import TICKET
from kotowari.web import paging
from kotowari.web.contact import TONES, known_facts
from kotowari.web.drawing import Tab
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm, posted_key
from kotowari.web.screens import redirect, render, tell

QUEUE_SHOWN = 100
OTHERS_SHOWN = 5
VIEWS = {
    "": Text("回答待ち", "Waiting for us"),
    "answered": Text("回答済み", "Answered"),
    "closed": Text("完了", "Closed"),
    "all": Text("すべて", "All"),
}
WAYS = {
    "form": Text("フォームから(本人かは未確認)", "by the form; who it was is not known"),
    "link": Text("メールのリンクから", "through the link in a mail"),
    "signed_in": Text("ログイン中", "signed in"),
}
DONE = {
    "answer": Text("回答を送りました。", "The answer is sent."),
    "note": Text("メモを残しました。", "The note is kept."),
    "close": Text("完了にしました。", "It is closed."),
}


class AnswerForm(KotowariForm):
    """What the customer will read."""

    body = LongTextField(
        Text("回答", "Answer"),
        hint=Text(
            "登録アドレスにメールで届きます。調べて分かったこと、次にしていただくこと、期限を書いてください。",
            "It is mailed to the registered address: what you found, what to do next, by when.",
        ),
        max_length=BODY_MAX,
    )


class NoteForm(KotowariForm):
    """What only staff read."""

    body = LongTextField(
        Text("担当者のメモ", "Note"),
        hint=Text("お客さまには見えません。", "Customers never see it."),
        max_length=BODY_MAX,
        rows=3,
    )


@staff_screen("console.tickets", path="tickets/", title=Text("お問い合わせ", "Questions"), actions=[gates.SEE_CASE])
def tickets(request: HttpRequest, staff: Member) -> HttpResponse:
    """What waits for an answer, the next due first; and the rest, newest first. A number finds its case."""
    words = request.GET.get("q", "").strip().upper()[:9]
    shown = request.GET.get("show", "")
    shown = "all" if words else shown if shown in VIEWS else ""
    rows = selectors.cases_visible_to(staff)
    if shown == "":
        queue, page = list(selectors.waiting_in_order(rows)[:QUEUE_SHOWN]), None
    else:
        rows = rows.filter(number__startswith=words) if words else rows if shown == "all" else rows.filter(state=shown)
        page = paging.newest_first(rows, request.GET.get("after"))
        queue = list(page.rows)
    return render(
        request,
        "console/tickets.html",
        {
            "queue": queue,
            "page": page,
            "words": words,
            "tabs": [
                Tab(label, paging.address(request, show=key or None, after=None, q=None), key == shown)
                for key, label in VIEWS.items()
            ],
            "times": selectors.answer_times(),
            "states": TICKET.states,
            "tones": TONES,
            "topics": TOPICS,
            "urgent": URGENT,
        },
    )


@staff_screen(
    "console.ticket",
    path="tickets/<uuid:ticket_id>/",
    title=Text("お問い合わせの案件", "A case"),
    actions=[gates.SEE_CASE, gates.ANSWER, gates.NOTE, gates.CLOSE],
    parent="console.tickets",
    methods=["GET", "POST"],
)
def ticket(request: HttpRequest, staff: Member, ticket_id: UUID) -> HttpResponse:
    """One case. Opening it is recorded; `act` says what is done: answer, note or close."""
    row = services.look_at_case(actor=staff, ticket_id=ticket_id)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms: dict[str, KotowariForm] = {
        "answer": AnswerForm(request.POST) if act == "answer" else AnswerForm(),
        "note": NoteForm(request.POST, auto_id="f-note-%s") if act == "note" else NoteForm(auto_id="f-note-%s"),
    }
    if request.method == "POST" and act not in DONE:
        raise NotVisible("support.act", act)
    if act and (act == "close" or forms[act].is_valid()):
        limits.count_staff(staff)
        if _acted(request, staff, row, act, forms.get(act)):
            tell(request, DONE[act])
            return redirect("console.ticket", ticket_id=row.pk)
    return _case(request, staff, row, forms)


def _acted(request: HttpRequest, staff: Member, row: Ticket, act: str, form: KotowariForm | None) -> bool:
    """Do it; False when the room found something wrong with what was typed."""
    if form is None:
        services.close_ticket(actor=staff, ticket_id=row.pk, idempotency_key=posted_key(request.POST))
        return True
    commands: dict[str, Callable[..., Any]] = {"answer": services.answer_ticket, "note": services.note_on_ticket}
    with form.merging():
        commands[act](actor=staff, ticket_id=row.pk, body=form.cleaned_data["body"], idempotency_key=form.key)
        return True
    return False


def _case(request: HttpRequest, staff: Member, row: Ticket, forms: dict[str, KotowariForm]) -> HttpResponse:
    others = selectors.cases_visible_to(staff).exclude(pk=row.pk)
    return render(
        request,
        "console/ticket.html",
        {
            "ticket": row,
            "state": TICKET.states[row.state],
            "tone": TONES[row.state],
            "said": selectors.messages_of(row),
            "notes": selectors.notes_visible_to(staff, row),
            "known": known_facts(row),
            "account": account_behind(staff, row),
            "causes": CAUSES,
            "others": selectors.tickets_of_address(staff, row.email or "").exclude(pk=row.pk)[:OTHERS_SHOWN],
            "articles": finding.matching(topic=row.topic, code=row.code),
            "next": selectors.waiting_in_order(others).first(),
            "states": TICKET.states,
            "tones": TONES,
            "topics": TOPICS,
            "ways": WAYS,
            "forms": forms,
            "can": {
                "answer": explain(gates.ANSWER, staff, row),
                "note": explain(gates.NOTE, staff, row),
                "close": explain(gates.CLOSE, staff, row),
            },
        },
        status=max(form.status for form in forms.values()),
    )
