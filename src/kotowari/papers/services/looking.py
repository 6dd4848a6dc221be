"""Staff who search a member's papers, or open one, leave a trace (A063)."""

from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.foundation import audit, subjects
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.kernel.errors import NotVisible
from kotowari.kernel.gates import require
from kotowari.papers import entries
from kotowari.papers.gates import LOOK
from kotowari.papers.models import Paper


@command(LOOK)
def look_through_papers(*, actor: Actor, member_id: UUID) -> Member:
    """The member whose papers are searched, with an entry that somebody did. Raises `NotVisible`, `Refused`."""
    member: Member = subjects.load("accounts.member", str(member_id), actor=actor)
    require(LOOK, actor, member)
    audit.record(actor=actor, kind=entries.MEMBERS_PAPERS_SEEN, subject=member)
    return member


@command(LOOK)
def look_at_paper(*, actor: Actor, paper_id: UUID) -> Paper:
    """One paper, whosever it is, with an entry that somebody looked. Raises `NotVisible`, `Refused`."""
    paper = Paper.objects.select_related("replaces", "counterparty", "party").filter(pk=paper_id).first()
    if paper is None:
        raise NotVisible("papers.paper", paper_id)
    require(LOOK, actor, paper.counterparty)
    audit.record(actor=actor, kind=entries.PAPER_SEEN, subject=paper.counterparty, reference=paper.reference)
    return paper
