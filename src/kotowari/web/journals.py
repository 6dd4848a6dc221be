"""お金の動き: every yen of mine that ever moved, each line in words, opened into its whole journal; and what lies here."""

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict

from kotowari.accounts.gates import SEE_OWN
from kotowari.accounts.models import Member
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError, NotVisible
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger.accounts import parse
from kotowari.papers import tables
from kotowari.papers.kinds import KINDS
from kotowari.papers.models import Paper
from kotowari.papers.selectors import papers_visible_to
from kotowari.payments.selectors import open_disputes_of
from kotowari.payouts import selectors
from kotowari.payouts.selectors import OwnLine
from kotowari.web import current, paging
from kotowari.web.fields import ChoiceField, DateField, TextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import render, screen

COLUMNS = (
    Text("日", "Day"),
    Text("仕事", "Work"),
    Text("できごと", "What happened"),
    Text("科目", "Account"),
    Text("金額(円)", "Amount (yen)"),
    Text("残高(円)", "Balance (yen)"),
    Text("規則", "Rule"),
    Text("理由", "Reason"),
    Text("仕訳番号", "Journal"),
)
TABLES: dict[str, tuple[str, Callable[[Iterable[Sequence[str | int]]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", lambda rows: tables.csv_of(COLUMNS, rows)),
    "xlsx": (tables.XLSX, lambda rows: tables.xlsx_of(Text("お金の動き", "Movements"), COLUMNS, rows)),
}


class PeriodForm(KotowariForm):
    """Which of my money, and when it moved; each may stay empty."""

    since = DateField(Text("この日から", "From"), required=False)
    until = DateField(Text("この日まで", "to"), required=False)
    side = ChoiceField(
        Text("どのお金", "Which money"),
        choices=[
            ("", Text("すべて", "All of it")),
            ("worker", Text("受注者としての報酬", "My rewards as a worker")),
            ("client", Text("発注者としての支払い", "My payments as a client")),
        ],
        required=False,
    )

    of = TextField(Text("口座", "Account"), required=False, max_length=80)

    def asked(self) -> dict[str, object]:
        """What was typed as far as it can be read; what cannot be stands in the errors and narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}


@screen(
    "rewards.journals",
    path="my/rewards/journals/",
    title=Text("お金の動き", "Movements of money"),
    actions=[SEE_OWN],
    parent="rewards",
    members_only=True,
)
def journals(request: HttpRequest) -> HttpResponse:
    """Every line of what is mine, newest first, by period."""
    me = current.me()
    form = PeriodForm(request.GET)
    asked = form.asked()
    cursor = request.GET.get("after", "")
    found = selectors.own_lines(me, cursor=cursor, **asked)  # type: ignore[arg-type]
    return render(
        request,
        "rewards/journals.html",
        {
            "left_out_beyond": selectors.MOST_LOOKED_THROUGH if found.is_cut else None,
            "page": paging.Page(found.lines, found.next_cursor, is_first=not cursor),
            "form": form,
            "narrowed": bool(asked),
            "query": _query(request.GET),
            "of": _title(asked.get("of")),
            "most_rows": tables.MOST_ROWS,
        },
        status=form.status,
    )


@screen(
    "rewards.journals.table",
    path="my/rewards/journals/table/<str:table_format>/",
    title=Text("お金の動きをダウンロードする", "Download the movements of money"),
    actions=[SEE_OWN],
    parent="rewards.journals",
    members_only=True,
)
def table(request: HttpRequest, table_format: str) -> HttpResponse:
    """The same lines as CSV or Excel."""
    me = current.me()
    require(SEE_OWN, me)
    if table_format not in TABLES:
        raise NotVisible("rewards.journals.table", table_format)
    content_type, made = TABLES[table_format]
    form = PeriodForm(request.GET)
    asked = form.asked()
    if form.errors:  # a file of everything would pass for what was asked for
        raise InputError({name: [Text(str(e), str(e)) for e in found] for name, found in form.errors.items()})
    lines = selectors.all_own_lines(me, most=tables.MOST_ROWS, **asked)  # type: ignore[arg-type]
    response = HttpResponse(made(map(_cells, lines)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="money-{clock.today():%Y%m%d}.{table_format}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _title(code: object) -> Text | None:
    """What the one account that is asked for is called."""
    return parse(str(code)).of.title if code else None


def _query(given: QueryDict) -> str:
    """The search as an address carries it on to a table of its results."""
    kept = {name: given[name] for name in PeriodForm.base_fields if given.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _asked(given: QueryDict) -> dict[str, object]:
    return PeriodForm(given).asked()


def _cells(line: OwnLine) -> list[str | int]:
    row = line.row
    return [
        clock.tokyo(row.occurred_at).date().isoformat(),
        line.job.words if line.job else "",
        str(row.sentence),
        str(row.account.of.title),
        row.amount_yen,
        "" if row.balance_after_yen is None else row.balance_after_yen,
        line.rule,
        row.reason,
        str(row.journal_id),
    ]


@screen(
    "rewards.journal",
    path="my/rewards/journals/<uuid:journal_id>/",
    title=Text("ひとつのお金の動き", "One movement of money"),
    actions=[SEE_OWN],
    parent="rewards.journals",
    members_only=True,
)
def journal(request: HttpRequest, journal_id: UUID) -> HttpResponse:
    """One line of the list, opened: every account that it moved, in words, with the rule behind each."""
    me = current.me()
    found = selectors.journal_visible_to(me, journal_id)
    return render(
        request,
        "rewards/journal.html",
        {
            "opened": found,
            "journal": found.view,
            "papers": _papers(me, found),
        },
    )


def _papers(me: Member, found: selectors.OpenJournal) -> list[Paper]:
    """The papers that this movement called for, as far as they are issued to or by the reader."""
    about = [f"milestone:{found.view.milestone_id}", f"payout:{found.view.payout_id}"]
    rows = papers_visible_to(me).filter(kind__in=list(KINDS), subject__in=about)
    return list(rows.order_by("pk")[: paging.PAGE_SIZE])


@screen(
    "money",
    path="my/money/",
    title=Text("預けているお金", "My money as a client"),
    actions=[SEE_OWN],
    parent="my",
    members_only=True,
)
def money(request: HttpRequest) -> HttpResponse:
    """Where a client's money is: not placed yet, in escrow, due back; each with why and until when."""
    me = current.me()
    funds = selectors.client_money(me)
    return render(
        request,
        "rewards/money.html",
        {
            "funds": funds,
            "left_out_beyond": selectors.MOST_LOOKED_THROUGH if funds.is_cut else None,
            "disputes": open_disputes_of(me.pk)[:20],
        },
    )
