"""My papers: found by day, amount, other side and kind; each as data and as PDF."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from kotowari.api.calls import Token, caller
from kotowari.api.paging import LARGEST_PAGE, cursor_id
from kotowari.foundation import subjects
from kotowari.kernel.gates import require
from kotowari.papers import gates, selectors
from kotowari.papers.models import Paper
from kotowari.papers.pdf import pdf_of
from kotowari.papers.selectors import FoundPaper, Search
from kotowari.papers.sheets import Sheet

router = Router(tags=["papers"])


class PaperShape(Schema):
    """A paper in a list. `other` is the other side's name; `is_mine` says that I issued it."""

    id: UUID
    reference: str
    kind: str
    title: str
    is_mine: bool
    other: str
    dealt_on: date
    issued_on: date
    total_yen: int = Field(description="With tax")
    tax_yen: int
    withholding_yen: int
    is_replaced: bool
    replaces_id: UUID | None


class PaperList(Schema):
    items: list[PaperShape]
    next_cursor: str | None


class RateShape(Schema):
    """What bears one rate of consumption tax, and the tax in it."""

    permille: int
    total_yen: int
    tax_yen: int


class FigureShape(Schema):
    label: str
    amount_yen: int


class WordsShape(Schema):
    label: str
    words: str


class PartyShape(Schema):
    name: str
    registration: str = Field(description="登録番号, or empty")


class WholePaperShape(Schema):
    """Everything that stands on a paper. `digest` is the SHA-256 of what is kept of it."""

    id: UUID
    reference: str
    kind: str
    title: str
    issuer: PartyShape
    recipient: PartyShape
    dealt_on: date
    issued_on: date
    total_yen: int
    tax_yen: int
    withholding_yen: int
    taxes: list[RateShape]
    sums: list[FigureShape]
    terms: list[WordsShape]
    notes: list[str]
    reason: str = Field(description="Why it was issued again, if it replaces another")
    replaces_id: UUID | None
    replaced_by_id: UUID | None
    contract_id: UUID | None
    kept_until: date
    digest: str


class PaperSearch(Schema):
    """What papers are found by; what is left out matches all."""

    since: date | None = None
    until: date | None = None
    least_yen: int | None = Field(None, ge=0, le=10**15)
    most_yen: int | None = Field(None, ge=0, le=10**15)
    other: str = Field("", max_length=100)
    kind: str = Field("", max_length=40)


@router.get("/me/papers", auth=Token("money:read"), response=PaperList, summary="My papers, newest first")
def my_papers(request: HttpRequest, asked: Query[PaperSearch], cursor: str = "", limit: int = 20) -> Any:
    me = caller(request)
    require(gates.LIST, me)
    page = selectors.find_papers(
        me.pk, Search(**asked.model_dump()), after=cursor_id(cursor), limit=min(max(limit, 1), LARGEST_PAGE)
    )
    return {"items": [_row(each) for each in page.rows], "next_cursor": str(page.after) if page.after else None}


@router.get("/papers/{id}", auth=Token("money:read"), response=WholePaperShape, summary="A paper, word for word")
def get_paper(request: HttpRequest, id: str) -> Any:
    return _whole(_found(request, id))


@router.get(
    "/papers/{id}/pdf",
    auth=Token("money:read"),
    response={200: None},
    summary="A paper as PDF (PDF/A-2a, tagged), the same bytes every time",
)
def get_paper_pdf(request: HttpRequest, id: str) -> HttpResponse:
    return HttpResponse(pdf_of(_found(request, id)), content_type="application/pdf")


def _found(request: HttpRequest, id: str) -> Paper:
    me = caller(request)
    paper: Paper = subjects.load("papers.paper", id, actor=me)
    require(gates.SEE, me, paper)
    return paper


def _row(found: FoundPaper) -> dict[str, Any]:
    own = (name for name in PaperShape.model_fields if name != "title")
    return {**{name: getattr(found, name) for name in own}, "title": str(found.title)}


def _whole(paper: Paper) -> dict[str, Any]:
    sheet: Sheet = paper.sheet
    newer = getattr(paper, "replaced_by", None)
    own = ("reference", "kind", "dealt_on", "issued_on", "total_yen", "tax_yen", "withholding_yen", "taxes", "reason")
    return {
        **{name: getattr(paper, name) for name in (*own, "replaces_id", "contract_id", "digest")},
        "id": paper.pk,
        "title": str(sheet.title),
        "issuer": {"name": sheet.issuer.name, "registration": sheet.issuer.registration},
        "recipient": {"name": sheet.recipient.name, "registration": sheet.recipient.registration},
        "sums": [{"label": str(each.label), "amount_yen": each.amount_yen} for each in sheet.sums],
        "terms": [{"label": str(each.label), "words": str(each.words)} for each in sheet.facts],
        "notes": [str(note) for note in sheet.notes],
        "replaced_by_id": newer.pk if newer else None,
        "kept_until": selectors.kept_until(paper),
    }
