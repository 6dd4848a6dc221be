"""銀行の取消・訂正: what the bank took back or corrected, and what staff found about it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.pages import staff_screen
from kotowari.foundation import subjects
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.payments import gates, services
from kotowari.payments.models import Cancellation
from kotowari.payments.transitions import CANCELLATION
from kotowari.web.fields import LongTextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell


class ExplainForm(KotowariForm):
    """What the bank's cancellation was."""

    note = LongTextField(Text("確認した内容", "What you found"), max_length=500, rows=2)


@staff_screen(
    "console.cancellation",
    path="deposits/cancellations/<uuid:cancellation_id>/",
    title=Text("銀行の取消・訂正", "Taken back by the bank"),
    actions=[gates.EXPLAIN_CANCELLATION],
    parent="console.deposits",
    methods=["GET", "POST"],
)
def cancellation(request: HttpRequest, staff: Member, cancellation_id: UUID) -> HttpResponse:
    """A line that takes something back, and what staff found about it."""
    row: Cancellation = subjects.load("payments.cancellation", str(cancellation_id), actor=staff)
    form = ExplainForm(request.POST) if request.method == "POST" else ExplainForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            services.explain_cancellation(
                actor=staff, cancellation_id=row.pk, note=form.cleaned_data["note"], idempotency_key=form.key
            )
            tell(request, Text("確認済みにしました。", "Recorded."))
            return redirect("console.cancellation", cancellation_id=row.pk)
    return render(
        request,
        "console/cancellation.html",
        {
            "row": row,
            "state": CANCELLATION.states[row.state],
            "form": form,
            "decision": explain(gates.EXPLAIN_CANCELLATION, staff, row),
        },
        status=form.status,
    )
