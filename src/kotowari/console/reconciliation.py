"""銀行との照合: what the bank says, what the books say, and every difference with its clock."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.kernel.gates import explain
from kotowari.kernel.money import MAX_YEN
from kotowari.kernel.text import Text
from kotowari.payments.selectors import newest_balance
from kotowari.payouts import gates, selectors, services
from kotowari.payouts.models import BankDifference
from kotowari.payouts.transitions import BANK_DIFFERENCE
from kotowari.web import paging
from kotowari.web.fields import DateField, LongTextField, NumberField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

TONES = {"open": "loss", "explained": "wait", "cleared": "done"}


class ExplainForm(KotowariForm):
    """What a difference is."""

    note = LongTextField(
        Text("確認した内容", "What you found"),
        hint=Text("銀行の明細や控えで確かめたことを書いてください。", "Say what the bank's papers show."),
        max_length=500,
        rows=3,
    )


class OpeningForm(KotowariForm):
    """What lay in the account before the books began."""

    as_of = DateField(
        Text("いつの残高か", "At the end of"),
        hint=Text(
            "最初に取り込んだ明細より前の日。その日の終わりの残高を登録します。",
            "A day before the first imported line; the balance at its end is told.",
        ),
    )
    amount_yen = NumberField(Text("残高", "Balance"), minimum=-MAX_YEN, maximum=MAX_YEN, unit=Text("円", "yen"))
    note = LongTextField(
        Text("確認した書類", "How you know"),
        hint=Text("通帳、残高証明書など。", "The passbook, a certificate of the bank."),
        max_length=500,
        rows=2,
    )


DIFFERENCES = 200
"""Differences shown, those to be looked at first; books and bank that differ in more have lost a statement."""


@staff_screen(
    "console.reconciliation",
    path="ledger/reconciliation/",
    title=Text("銀行との照合", "Reconciliation with the bank"),
    actions=[gates.RECONCILE],
    parent="console.ledger",
    methods=["GET", "POST"],
)
def reconciliation(request: HttpRequest, staff: Member) -> HttpResponse:
    """The last comparison, what differs, and the comparisons before; with POST they are compared now."""
    if request.method == "POST":
        count = services.reconcile(actor=staff)
        words = Text("照合しました。未確認の差異は{n}件です。", "Compared: {n} difference(s) to be looked at.")
        tell(request, words.format(n=count), "wait" if count else "done")
        return redirect("console.reconciliation")
    standing = list(
        selectors.differences_visible_to(staff).exclude(state="cleared").order_by("-state", "decide_by")[:DIFFERENCES]
    )
    return render(
        request,
        "console/reconciliation.html",
        {
            "last": selectors.last_reconciliation(),
            "balance": newest_balance(),
            "own_money": selectors.operators_money(),
            "opening": selectors.opening_balance(),
            "differences": standing,
            "page": paging.newest_first(selectors.reconciliations_visible_to(staff), request.GET.get("after")),
            "states": BANK_DIFFERENCE.states,
            "tones": TONES,
            "decision": explain(gates.RECONCILE, staff),
            "can_tell": explain(gates.TELL_OPENING, staff),
        },
    )


@staff_screen(
    "console.difference",
    path="ledger/reconciliation/<uuid:difference_id>/",
    title=Text("銀行との差異", "Difference with the bank"),
    actions=[gates.EXPLAIN_DIFFERENCE],
    parent="console.reconciliation",
    methods=["GET", "POST"],
)
def difference(request: HttpRequest, staff: Member, difference_id: UUID) -> HttpResponse:
    """One difference; with POST staff say what it is."""
    row: BankDifference = subjects.load("payouts.bankdifference", str(difference_id), actor=staff)
    form = ExplainForm(request.POST) if request.method == "POST" else ExplainForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            services.explain_difference(
                actor=staff, difference_id=row.pk, note=form.cleaned_data["note"], idempotency_key=form.key
            )
            tell(request, Text("差異の説明を記録しました。", "What the difference is is recorded."))
            return redirect("console.reconciliation")
    return render(
        request,
        "console/difference.html",
        {
            "row": row,
            "state": BANK_DIFFERENCE.states[row.state],
            "tone": TONES[row.state],
            "about": _about(row),
            "decision": explain(gates.EXPLAIN_DIFFERENCE, staff, row),
            "form": form,
        },
        status=form.status,
    )


@staff_screen(
    "console.opening",
    path="ledger/reconciliation/opening/",
    title=Text("最初の残高", "Opening balance"),
    actions=[gates.TELL_OPENING],
    parent="console.reconciliation",
    methods=["GET", "POST"],
)
def opening(request: HttpRequest, staff: Member) -> HttpResponse:
    """Tell what lay in the account before the books began."""
    form = OpeningForm(request.POST) if request.method == "POST" else OpeningForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            given = form.cleaned_data
            services.tell_opening_balance(
                actor=staff,
                as_of=given["as_of"],
                amount_yen=given["amount_yen"],
                note=given["note"],
                idempotency_key=form.key,
            )
            services.reconcile(actor=staff)
            tell(request, Text("最初の残高を登録し、照合し直しました。", "The opening balance is told; compared anew."))
            return redirect("console.reconciliation")
    context = {
        "form": form,
        "told": selectors.opening_balance(),
        "decision": explain(gates.TELL_OPENING, staff),
    }
    return render(request, "console/opening.html", context, status=form.status)


def _about(row: BankDifference) -> str:
    """The page where what it is about can be looked at."""
    if row.subject_id is None:
        return "/console/deposits/?show=files"
    return {
        "run": f"/console/payouts/{row.subject_id}/",
        "returned": f"/console/payouts/transfers/{row.subject_id}/",
        "sent_back": f"/console/deposits/{row.subject_id}/",
    }[row.kind]
