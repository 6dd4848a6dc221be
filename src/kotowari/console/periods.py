"""月の締め: which months are closed and by whom, the trial balance of one, and closing the next."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.console.closing import close_month, month_named
from kotowari.console.gates import OPEN
from kotowari.console.pages import staff_screen
from kotowari.console.period_gates import CLOSE_PERIOD
from kotowari.console.selectors import names_of
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.ledger import selectors
from kotowari.ledger.selectors import Month, TrialRow
from kotowari.papers.tables import XLSX, csv_of, xlsx_of
from kotowari.web.fields import TextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, tell

TITLE = Text("試算表", "Trial balance")
COLUMNS = (
    Text("科目", "Account"),
    Text("月初", "At the beginning"),
    Text("借方", "Debits"),
    Text("貸方", "Credits"),
    Text("月末", "At the end"),
)
TOGETHER = Text("合計", "Together")


class CloseForm(KotowariForm):
    """The month's name once more."""

    typed = TextField(
        Text("締める月を入力", "Type the month"),
        hint=Text(
            "取り消せない操作です。2026-11 のように入力してください。", "It cannot be undone. Type it like 2026-11."
        ),
        max_length=10,
    )


@staff_screen(
    "console.periods",
    path="ledger/periods/",
    title=Text("月の締め", "Closing of months"),
    actions=[CLOSE_PERIOD],
    parent="console.ledger",
)
def periods(request: HttpRequest, staff: Member) -> HttpResponse:
    """The month that comes next with all that stands in its way, and those that are closed."""
    following = selectors.next_month()
    closed = selectors.periods()
    return render(
        request,
        "console/periods.html",
        {
            "following": following,
            "decision": explain(CLOSE_PERIOD, staff, following) if following else None,
            "closed": [(selectors.month_of(row.closed_through), row) for row in closed],
            "names": names_of(row.actor_id for row in closed),
        },
    )


@staff_screen(
    "console.period",
    path="ledger/periods/<str:month>/",
    title=Text("試算表と締め", "Trial balance and closing"),
    actions=[CLOSE_PERIOD],
    parent="console.periods",
    methods=["GET", "POST"],
)
def period(request: HttpRequest, staff: Member, month: str) -> HttpResponse:
    """The trial balance of a month; with POST the month is closed, for ever."""
    shown = month_named(staff, month)
    form = CloseForm(request.POST) if request.method == "POST" else CloseForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            close_month(actor=staff, month=shown.name, typed=form.cleaned_data["typed"], idempotency_key=form.key)
            tell(request, Text("{month}を締めました。", "{month} is closed.").format(month=shown.name))
            return redirect("console.periods")
    rows = selectors.trial_balance(shown)
    return render(
        request,
        "console/period.html",
        {
            "month": shown,
            "rows": [row for row in rows if row.opening_yen or row.debits_yen or row.credits_yen],
            "together": _together(rows),
            "closed": next((row for row in selectors.periods() if row.closed_through >= shown.through), None)
            if _is_closed(shown)
            else None,
            "decision": explain(CLOSE_PERIOD, staff, shown),
            "form": form,
        },
        status=form.status,
    )


@staff_screen(
    "console.period.table",
    path="ledger/periods/<str:month>/<str:kind>/",
    title=Text("試算表のファイル", "Trial balance as a file"),
    actions=[OPEN],
    parent="console.period",
)
def table(request: HttpRequest, staff: Member, month: str, kind: str) -> HttpResponse:  # noqa: ARG001 - a screen takes the request
    """The trial balance of a month as CSV or for Excel."""
    shown = month_named(staff, month)
    rows = selectors.trial_balance(shown)
    cells: list[list[str | int]] = [
        [str(row.of.title), row.opening_yen, row.debits_yen, row.credits_yen, row.closing_yen] for row in rows
    ]
    cells.append([str(TOGETHER), *_together(rows)])
    if kind == "csv":
        content, content_type = csv_of(COLUMNS, cells), "text/csv; charset=utf-8"
    elif kind == "xlsx":
        content, content_type = xlsx_of(TITLE, COLUMNS, cells), XLSX
    else:
        raise NotVisible("ledger.month.table", kind)
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="trial-balance-{shown.name}.{kind}"'
    return answer


def _together(rows: list[TrialRow]) -> tuple[int, int, int, int]:
    return (
        sum(row.opening_yen for row in rows),
        sum(row.debits_yen for row in rows),
        sum(row.credits_yen for row in rows),
        sum(row.closing_yen for row in rows),
    )


def _is_closed(month: Month) -> bool:
    last: date | None = selectors.closed_through()
    return last is not None and last >= month.through
