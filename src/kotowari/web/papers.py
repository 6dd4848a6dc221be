"""書類: my papers found by date, amount, other side and kind; each as page and PDF; and the number on my invoices."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.contracts.models import Contract
from kotowari.foundation import subjects
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import explain, require
from kotowari.kernel.text import Text
from kotowari.papers import gates, selectors, services, tables
from kotowari.papers.models import Paper
from kotowari.papers.pdf import pdf_of
from kotowari.papers.registration import PUBLIC_SITE
from kotowari.papers.selectors import FoundPaper
from kotowari.web import current, paging
from kotowari.web import paper_drawing as drawing
from kotowari.web.fields import DateField, TextField
from kotowari.web.forms import KotowariForm
from kotowari.web.screens import redirect, render, screen, tell

TOLD_SHOWN = 20
TABLES: dict[str, tuple[str, Callable[..., bytes]]] = {
    "csv": ("text/csv; charset=utf-8", tables.as_csv),
    "xlsx": (tables.XLSX, tables.as_xlsx),
}


class RegistrationForm(KotowariForm):
    """The number, the name it is registered under, and since when."""

    number = TextField(
        Text("登録番号", "Registration number"),
        hint=Text(
            "「T」と13桁の数字。税務署からの通知に書かれています。", "T and 13 digits, as in the tax office's letter."
        ),
        fold=True,
        max_length=30,
        attrs={"autocomplete": "off"},
    )
    name = TextField(
        Text("登録されている名前", "Registered name"),
        hint=Text(
            "請求書の発行者の名前になります。公表サイトに載っているとおりに入力してください。",
            "It becomes the issuer on your invoices: as the tax agency's site shows it.",
        ),
        max_length=100,
    )
    effective_on = DateField(
        Text("登録年月日", "Registered since"),
        hint=Text("この日以後の取引の請求書に載ります。", "Invoices of dealings from this day on carry the number."),
    )


class EndForm(KotowariForm):
    """From when on the registration counts no more."""

    effective_on = DateField(Text("登録が効力を失う日", "The day the registration ends"))


@screen(
    "papers",
    path="my/papers/",
    title=Text("書類", "Papers"),
    actions=[gates.LIST],
    parent="my",
    members_only=True,
)
def papers(request: HttpRequest) -> HttpResponse:
    """My papers, the newest first, by what is known of them."""
    me = current.me()
    form = drawing.search_form(request.GET)
    search = form.search()
    cursor = request.GET.get("after")
    page = selectors.find_papers(me.pk, search, after=paging.id_or_none(cursor), limit=paging.PAGE_SIZE)
    return render(
        request,
        "papers/list.html",
        {
            "page": paging.Page(page.rows, str(page.after) if page.after else None, is_first=not cursor),
            "form": form,
            "narrowed": drawing.is_narrowed(search),
            "query": drawing.query_of(request.GET),
            "registration": selectors.registration_of(me.pk),
            "most_rows": tables.MOST_ROWS,
        },
        status=form.status,
    )


@screen(
    "papers.table",
    path="my/papers/table/<str:table_format>/",
    title=Text("書類の一覧をダウンロードする", "Download the list of papers"),
    actions=[gates.LIST],
    parent="papers",
    members_only=True,
)
def table(request: HttpRequest, table_format: str) -> HttpResponse:
    """The same search as CSV or Excel."""
    me = current.me()
    require(gates.LIST, me)
    found = selectors.all_papers(me.pk, drawing.search_form(request.GET).search(), most=tables.MOST_ROWS)
    return table_of(table_format, found)


def table_of(table_format: str, found: Iterable[FoundPaper]) -> HttpResponse:
    """A list as a file to keep. Raises `NotVisible` for a format that there is not."""
    if table_format not in TABLES:
        raise NotVisible("papers.table", table_format)
    content_type, made = TABLES[table_format]
    response = HttpResponse(made(found), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="papers-{clock.today():%Y%m%d}.{table_format}"'
    response["Cache-Control"] = "private, no-store"
    return response


@screen(
    "paper",
    path="my/papers/<uuid:paper_id>/",
    title=Text("書類の内容", "Paper"),
    actions=[gates.SEE, gates.CORRECT],
    parent="papers",
    methods=["GET", "POST"],
    members_only=True,
)
def paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """One paper as it was issued; its issuer can issue it again when something on it is wrong."""
    me = current.me()
    row: Paper = subjects.load("papers.paper", str(paper_id), actor=me)
    require(gates.SEE, me, row)
    form = drawing.CorrectForm(request.POST) if request.method == "POST" else drawing.CorrectForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            newer = services.correct_paper(
                actor=me, paper_id=row.pk, reason=form.cleaned_data["reason"], idempotency_key=form.key
            )
            tell(request, Text("{n}として出し直しました。", "Issued again as {n}.").format(n=newer.reference))
            return redirect("paper", paper_id=newer.pk)
    role = selectors.role_of(me, row)
    return render(
        request,
        "papers/paper.html",
        {
            "paper": row,
            "newer": getattr(row, "replaced_by", None),
            "drawn": drawing.drawn(row.sheet),
            "can_correct": explain(gates.CORRECT, me, row) if role == "issuer" else None,
            "form": form,
            "kept_until": selectors.kept_until(row),
            "credit_rates": drawing.credit_rates()
            if row.kind == "invoice" and not row.sheet.issuer.registration and role == "recipient"
            else [],
        },
        status=form.status,
    )


@screen(
    "paper.pdf",
    path="my/papers/<uuid:paper_id>/pdf/",
    title=Text("書類のPDF", "Paper as PDF"),
    actions=[gates.SEE],
    parent="paper",
    members_only=True,
)
def pdf(request: HttpRequest, paper_id: UUID) -> HttpResponse:  # noqa: ARG001 - a screen takes the request
    """The paper as PDF, the same bytes every time."""
    row: Paper = subjects.load("papers.paper", str(paper_id), actor=current.me())
    require(gates.SEE, current.me(), row)
    return pdf_response(row)


def pdf_response(row: Paper) -> HttpResponse:
    """The PDF as a file that is kept by nobody on the way."""
    response = HttpResponse(pdf_of(row), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{row.reference}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@screen(
    "papers.registration",
    path="my/papers/registration/",
    title=Text("登録番号(適格請求書)", "Registration number for invoices"),
    actions=[gates.REGISTER],
    parent="papers",
    methods=["GET", "POST"],
    members_only=True,
)
def registration(request: HttpRequest) -> HttpResponse:
    """The number on my invoices: telling it, from when on, and that it ends."""
    me = current.me()
    in_force = selectors.registration_of(me.pk)
    ends = request.POST.get("act") == "end"
    form = RegistrationForm(request.POST if request.method == "POST" and not ends else None)
    end_form = EndForm(request.POST if ends else None, auto_id="f-end-%s")
    sent: KotowariForm = end_form if ends else form
    if sent.is_bound and sent.is_valid():
        with sent.merging():
            command = services.end_registration if ends else services.set_registration
            row = command(actor=me, **sent.cleaned_data, idempotency_key=sent.key)
            tell(
                request,
                _told(row.number, row.check_digit_fits),
                "done" if not row.number or row.check_digit_fits else "wait",
            )
            return redirect("papers.registration")
    return render(
        request,
        "papers/registration.html",
        {
            "in_force": in_force,
            "is_another_name": in_force is not None and selectors.differs_from_real_name(in_force),
            "told": selectors.registrations_told_by(me.pk, TOLD_SHOWN),
            "form": form,
            "end_form": end_form,
            "decision": explain(gates.REGISTER, me),
            "public_site": PUBLIC_SITE,
        },
        status=sent.status,
    )


def _told(number: str, fits: bool) -> Text:
    if not number:
        return Text("登録の終わりを記録しました。", "Noted when the registration ends.")
    if fits:
        return Text("登録番号{number}を記録しました。", "The number {number} is noted.").format(number=number)
    return Text(
        "登録番号{number}を記録しました。法人の番号の検査数字には合いません。個人の番号なら正しいこともありますが、公表サイトで"
        "もう一度確かめてください。",
        "The number {number} is noted. Its check digit is not that of a company; an individual's may be right all the same, "
        "but please compare it with the tax agency's site once more.",
    ).format(number=number)


@screen(
    "contract.papers",
    path="contracts/<uuid:contract_id>/papers/",
    title=Text("契約の書類", "Papers of the contract"),
    actions=[gates.OPEN_EXPECTED],
    parent="contract",
    members_only=True,
)
def of_contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Every paper that this contract has or will have: there, or with the reason why not yet."""
    me = current.me()
    contract: Contract = subjects.load("contracts.contract", str(contract_id), actor=me)
    rows = selectors.papers_of_contract(me, contract)
    groups: dict[str, list[selectors.ExpectedPaper]] = {}
    for row in rows:
        milestone = row.expected.milestone
        groups.setdefault(f"{milestone.position}. {milestone.title}" if milestone else "", []).append(row)
    return render(request, "papers/contract.html", {"contract": contract, "groups": groups})
