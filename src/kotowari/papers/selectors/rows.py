"""Papers as a person may see them, and the facts that gates ask for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from kotowari.accounts.models import Member
from kotowari.accounts.selectors import is_system, registered_name_of
from kotowari.foundation import policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.subjects import subject
from kotowari.kernel import clock
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import facts_for
from kotowari.kernel.written_names import same_name
from kotowari.papers import gates
from kotowari.papers.drafting import Wanted, drafts_for
from kotowari.papers.kinds import KINDS
from kotowari.papers.models import Paper, TaxRegistration
from kotowari.papers.operator import operator_identity


def papers_visible_to(actor: Actor | None) -> QuerySet[Paper]:
    """The papers of which somebody is issuer or recipient; the market itself sees all.

    Staff are no exception: they search a member's papers at the console, where looking is recorded.
    """
    rows = Paper.objects.select_related("replaces", "replaced_by")
    if is_system(actor):
        return rows
    if actor is None or actor.pk is None:
        return rows.none()
    return rows.filter(Q(party_id=actor.pk) | Q(counterparty_id=actor.pk))


@subject("papers.paper")
def _paper(actor: Actor | None, id: str) -> Paper:
    row = papers_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("papers.paper", id)
    return row


def role_of(actor: Actor | None, paper: Paper) -> gates.Role:
    """What somebody is to a paper. Whoever of the operator's staff asks, asks for the operator."""
    if is_system(actor):
        return "system"
    if actor is None or actor.pk is None:
        return "other"
    if actor.pk == paper.party_id:
        return "issuer"
    if actor.pk == paper.counterparty_id:
        return "recipient"
    return "staff" if actor.is_staff else "other"


def registration_of(member_id: UUID, on: date | None = None) -> TaxRegistration | None:
    """A member's 登録番号 in force on a day (today), if any."""
    rows = TaxRegistration.objects.filter(member_id=member_id, effective_on__lte=on or clock.today())
    row = rows.order_by("-effective_on", "-id").first()
    return row if row is not None and row.number else None


def differs_from_real_name(row: TaxRegistration) -> bool:
    """Whether the name on the tax agency's site is neither the member's registered name nor their trade name.

    Variants of characters (髙 and 高) are one. Without a registered name nothing differs.
    """
    real = registered_name_of(row.member_id)
    own = [written for written in (real.name, real.trade_name) if written] if real else []
    return bool(own) and not any(same_name(written, row.name) for written in own)


def registrations_told_by(member_id: UUID, limit: int) -> list[TaxRegistration]:
    """Everything a member told about the registration, the latest word first."""
    return list(TaxRegistration.objects.filter(member_id=member_id).order_by("-id")[:limit])


def kept_until(paper: Paper) -> date:
    """The last day on which the paper is sure to be there."""
    return date(paper.issued_on.year + policy.value("papers.keep_years"), 12, 31)


def would_differ(paper: Paper) -> bool:
    """Whether the paper, issued again today, would say anything else than it does."""
    drafts = drafts_for([Wanted(paper.kind, paper.subject)])
    said = replace(paper.sheet, number="", issued_on="", replaces="", reason="")
    return bool(drafts) and drafts[0].sheet.to_text() != said.to_text()


@facts_for(gates.LIST, gates.REGISTER)
def own_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.OwnFacts]:
    """Facts about whoever acts: no query."""
    member = actor if isinstance(actor, Member) else None
    facts = gates.OwnFacts(
        signed_in=member is not None,
        is_staff=member is not None and member.is_staff,
        left_at=member.left_at if member else None,
    )
    return [facts for _ in subjects]


@facts_for(gates.SEE)
def see_facts(actor: Actor | None, papers: Sequence[Paper]) -> list[gates.PaperFacts]:
    """Whose papers they are: no query."""
    return [gates.PaperFacts(role=role_of(actor, paper)) for paper in papers]


@facts_for(gates.CORRECT)
def correct_facts(actor: Actor | None, papers: Sequence[Paper]) -> list[gates.PaperFacts]:
    """Whose papers they are, what replaced them, and what they would say today: asked of one paper at a time."""
    newer = {
        row.replaces_id: (row.reference, f"/my/papers/{row.pk}/")
        for row in Paper.objects.filter(replaces__in=[paper.pk for paper in papers])
    }
    named = operator_identity() is not None
    return [
        gates.PaperFacts(
            role=role_of(actor, paper),
            newer=newer.get(paper.pk),
            operator_named=named,
            is_of_operator=KINDS[paper.kind].issuer == "operator",
            would_differ=paper.pk in newer or would_differ(paper),
        )
        for paper in papers
    ]


@facts_for(gates.ISSUE, gates.LOOK)
def operator_facts(actor: Actor | None, subjects: Sequence[Member | None]) -> list[gates.OperatorFacts]:
    """Who acts: no query."""
    is_staff = isinstance(actor, Member) and actor.is_staff
    role: gates.Role = "system" if is_system(actor) else "staff" if is_staff else "other"
    return [gates.OperatorFacts(role=role) for _ in subjects]
