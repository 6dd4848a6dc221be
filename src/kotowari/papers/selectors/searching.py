"""Finding papers by date, amount, counterparty and kind (電子帳簿保存法), a page at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from kotowari.kernel.text import Text
from kotowari.papers.kinds import KINDS
from kotowari.papers.models import Paper

WORDS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; what is left out matches all. Days are those of the dealing, amounts in yen with tax."""

    since: date | None = None
    until: date | None = None
    least_yen: int | None = None
    most_yen: int | None = None
    other: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class FoundPaper:
    """A paper in a list, without its words: `is_mine` says whether the member issued it, `other` names the other side."""

    id: UUID
    reference: str
    kind: str
    title: Text
    is_mine: bool
    other: str
    dealt_on: date
    issued_on: date
    total_yen: int
    tax_yen: int
    withholding_yen: int
    replaces_id: UUID | None
    is_replaced: bool


@dataclass(frozen=True, slots=True)
class PaperPage:
    """Newest first; `after` is the cursor of the next page, None on the last one."""

    rows: Sequence[FoundPaper]
    after: UUID | None


def find_papers(member_id: UUID, search: Search, *, after: UUID | None = None, limit: int = 20) -> PaperPage:
    """A member's papers: three queries, each along an index in the order of the list, however many there are."""
    found: list[Paper] = []
    for side in ("party", "counterparty"):
        rows = _matching(Paper.objects.filter(**{f"{side}_id": member_id}), search, mine=side == "party")
        if after is not None:
            rows = rows.filter(pk__lt=after)
        found += rows.order_by("-pk").defer("snapshot", "taxes")[: limit + 1]
    found = sorted(found, key=lambda paper: paper.pk, reverse=True)
    shown = found[:limit]
    replaced: set[UUID | None] = set(
        Paper.objects.filter(replaces__in=[p.pk for p in shown]).values_list("replaces_id", flat=True)
    )
    return PaperPage(
        [_found(paper, member_id, replaced) for paper in shown],
        shown[-1].pk if len(found) > limit else None,
    )


def all_papers(member_id: UUID, search: Search, *, most: int) -> Iterator[FoundPaper]:
    """The same for a table of all of them, up to so many."""
    after: UUID | None = None
    given = 0
    while given < most:
        page = find_papers(member_id, search, after=after, limit=min(500, most - given))
        yield from page.rows
        given += len(page.rows)
        if page.after is None:
            return
        after = page.after


def _matching(rows: QuerySet[Paper], search: Search, *, mine: bool) -> QuerySet[Paper]:
    wanted = Q()
    if search.since:
        wanted &= Q(dealt_on__gte=search.since)
    if search.until:
        wanted &= Q(dealt_on__lte=search.until)
    if search.least_yen is not None:
        wanted &= Q(total_yen__gte=search.least_yen)
    if search.most_yen is not None:
        wanted &= Q(total_yen__lte=search.most_yen)
    if search.kind in KINDS:
        wanted &= Q(kind=search.kind)
    if search.other:
        name = "counterparty_name" if mine else "party_name"
        wanted &= Q(**{f"{name}__icontains": search.other[:WORDS_MAX]})
    return rows.filter(wanted)


def _found(paper: Paper, member_id: UUID, replaced: set[UUID | None]) -> FoundPaper:
    is_mine = paper.party_id == member_id
    return FoundPaper(
        id=paper.pk,
        reference=paper.reference,
        kind=paper.kind,
        title=KINDS[paper.kind].title,
        is_mine=is_mine,
        other=paper.counterparty_name if is_mine else paper.party_name,
        dealt_on=paper.dealt_on,
        issued_on=paper.issued_on,
        total_yen=paper.total_yen,
        tax_yen=paper.tax_yen,
        withholding_yen=paper.withholding_yen,
        replaces_id=paper.replaces_id,
        is_replaced=paper.pk in replaced,
    )
