"""書類: any member's papers, searched and opened by staff, each look recorded; and issuing one again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import members_visible_to
from kotowari.console.pages import staff_screen
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.papers import gates, selectors, services
from kotowari.papers.models import Paper
from kotowari.web import paging
from kotowari.web import paper_drawing as drawing
from kotowari.web.papers import pdf_response
from kotowari.web.screens import redirect, render, tell


@staff_screen("console.papers", path="papers/", title=Text("会員の書類", "Members' papers"), actions=[gates.LOOK])
def papers(request: HttpRequest, staff: Member) -> HttpResponse:
    """One member's papers by date, amount, other side and kind. That somebody searched is recorded."""
    name = request.GET.get("member", "").strip().lower()[:20]
    form = drawing.search_form(request.GET)
    search = form.search()
    row = members_visible_to(staff).filter(username=name).first() if name else None
    found = services.look_through_papers(actor=staff, member_id=row.pk) if row else None
    cursor = request.GET.get("after")
    page = selectors.find_papers(found.pk, search, after=paging.id_or_none(cursor)) if found else None
    return render(
        request,
        "console/papers.html",
        {
            "name": name,
            "found": found,
            "form": form,
            "page": paging.Page(page.rows, str(page.after) if page.after else None, is_first=not cursor)
            if page
            else None,
        },
        status=form.status,
    )


@staff_screen(
    "console.paper",
    path="papers/<uuid:paper_id>/",
    title=Text("書類", "Paper"),
    actions=[gates.LOOK, gates.CORRECT],
    parent="console.papers",
    methods=["GET", "POST"],
)
def paper(request: HttpRequest, staff: Member, paper_id: UUID) -> HttpResponse:
    """One paper, and issuing it again with a reason that both sides read."""
    row = services.look_at_paper(actor=staff, paper_id=paper_id)
    form = drawing.CorrectForm(request.POST) if request.method == "POST" else drawing.CorrectForm()
    if form.is_bound and form.is_valid():
        with form.merging():
            newer = services.correct_paper(
                actor=staff, paper_id=row.pk, reason=form.cleaned_data["reason"], idempotency_key=form.key
            )
            tell(request, Text("{n}として出し直しました。", "Issued again as {n}.").format(n=newer.reference))
            return redirect("console.paper", paper_id=newer.pk)
    return render(
        request,
        "console/paper.html",
        {
            "paper": row,
            "newer": Paper.objects.filter(replaces=row).first(),
            "drawn": drawing.drawn(row.sheet),
            "can_correct": explain(gates.CORRECT, staff, row),
            "form": form,
        },
        status=form.status,
    )


@staff_screen(
    "console.paper.pdf",
    path="papers/<uuid:paper_id>/pdf/",
    title=Text("書類のPDF", "Paper as PDF"),
    actions=[gates.LOOK],
    parent="console.paper",
)
def pdf(request: HttpRequest, staff: Member, paper_id: UUID) -> HttpResponse:  # noqa: ARG001 - a screen takes the request
    """The same PDF that its sides have."""
    return pdf_response(services.look_at_paper(actor=staff, paper_id=paper_id))
