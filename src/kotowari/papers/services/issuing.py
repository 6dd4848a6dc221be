"""Papers as they are issued: numbered without gaps, each once, never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from django.db import connection

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.papers import entries, events
from kotowari.papers.arithmetic import as_json
from kotowari.papers.drafting import Draft, Wanted, drafts_for
from kotowari.papers.gates import ISSUE
from kotowari.papers.models import Paper
from kotowari.papers.sheets import digest_of


@command(ISSUE)
def issue_papers(*, actor: Actor, wanted: Sequence[Wanted]) -> int:
    """Issue those of the papers that are not there and whose time has come; returns how many.

    Asked again, or by two at once, it comes to the same papers: whoever holds a series' lock looks again.
    """
    require(ISSUE, actor)
    missing = _missing(wanted)
    return len(write_papers(actor, drafts_for(missing), clock.today())) if missing else 0


def write_papers(actor: Actor, drafts: Iterable[Draft], on: date) -> list[Paper]:
    """Number and write papers, series by series in the order of their names, so that nobody waits in a circle.

    The lock on a series is held until the transaction ends: that is what makes its numbers gapless.
    """
    written: list[Paper] = []
    ordered = sorted(drafts, key=lambda draft: draft.kind.series)
    for series, group in groupby(ordered, key=lambda draft: draft.kind.series):
        _lock_series(series, on.year)
        rows = {draft.wanted: draft for draft in group}
        missing = [rows[each] for each in _missing(list(rows))]
        if missing:
            first = take_numbers(series, on.year, len(missing))
            written += [paper_of(draft, first + n, on) for n, draft in enumerate(missing)]
    Paper.objects.bulk_create(written)
    audit.record_many(
        actor=actor,
        kind=entries.ISSUED,
        entries=[(paper, {"reference": paper.reference}) for paper in written],
    )
    emit(*(_year_summed(paper) for paper in written if paper.kind == "withholding_summary"))
    return written


def paper_of(draft: Draft, number: int, on: date, replaces: Paper | None = None, reason: str = "") -> Paper:
    """The row of a paper that has its number."""
    paper = Paper(
        kind=draft.wanted.kind,
        series=draft.kind.series,
        year=on.year,
        number=number,
        subject=draft.wanted.subject,
        party_id=draft.party_id,
        counterparty_id=draft.counterparty_id,
        party_name=draft.sheet.issuer.name,
        counterparty_name=draft.sheet.recipient.name,
        contract_id=draft.contract_id,
        payout_id=draft.payout_id,
        dealt_on=draft.dealt_on,
        issued_on=on,
        total_yen=draft.total_yen,
        tax_yen=draft.tax_yen,
        withholding_yen=draft.withholding_yen,
        taxes=as_json(draft.taxes),
        replaces=replaces,
        reason=reason,
    )
    sheet = replace(
        draft.sheet,
        number=paper.reference,
        issued_on=on.isoformat(),
        replaces=replaces.reference if replaces else "",
        reason=reason,
    )
    paper.snapshot = sheet.to_text()
    paper.digest = digest_of(paper.snapshot)
    return paper


def take_numbers(series: str, year: int, count: int) -> int:
    """The first of so many numbers that nobody else gets; the caller uses all of them or rolls back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO papers_series (series, year, last_number) VALUES (%s, %s, %s) ON CONFLICT (series, year) "
            "DO UPDATE SET last_number = papers_series.last_number + EXCLUDED.last_number RETURNING last_number",
            (series, year, count),
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1


def _lock_series(series: str, year: int) -> None:
    """Wait for whoever issues in this series, also before its first number of a year is given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('papers.series'), hashtext(%s))", (f"{series}-{year}",))


def _missing(wanted: Sequence[Wanted]) -> list[Wanted]:
    by_kind: dict[str, set[str]] = {}
    for each in wanted:
        by_kind.setdefault(each.kind, set()).add(each.subject)
    there = {
        (kind, subject)
        for kind, subjects in by_kind.items()
        for subject in Paper.objects.filter(kind=kind, subject__in=subjects).values_list("subject", flat=True)
    }
    return [each for each in dict.fromkeys(wanted) if tuple(each) not in there]


def _year_summed(paper: Paper) -> events.YearSummed:
    _, year, side, _ = paper.subject.split(":")
    return events.YearSummed(
        paper_id=paper.pk, member_id=paper.counterparty_id, year=int(year), as_client=side == "client"
    )
