"""Rows of the market as a person may see them."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from kotowari.foundation.actors import Actor, SystemActor
from kotowari.foundation.subjects import subject
from kotowari.kernel.errors import NotVisible
from kotowari.market import gates
from kotowari.market.models import Job, Profile, Proposal, ProposalMilestone

POSTING_FACTS = (
    "poster_name",
    "poster_address",
    "poster_contact",
    "work_place",
    "rights",
    "rights_note",
    "delivery_place",
    "inspection_days",
    "payment_due_days",
    "stays_inside",
)
"""What a client says anew in every posting, and usually the same as last time."""


def role_of(actor: Actor | None) -> gates.Role:
    """What somebody is before any particular job: nobody known, a member, staff or the market itself."""
    if actor is None or (isinstance(actor, SystemActor) and actor.name == "visitor"):
        return "visitor"
    if isinstance(actor, SystemActor):
        return "system"
    return "staff" if actor.is_staff else "member"


def job_rows() -> QuerySet[Job]:
    """Jobs with what every page shows of them; the index words stay where they are."""
    return Job.objects.defer("search").select_related("category", "client")


def jobs_visible_to(actor: Actor | None) -> QuerySet[Job]:
    """Open jobs for everybody; those that are over for their client and those who proposed; all for staff."""
    role = role_of(actor)
    if role in ("staff", "system"):
        return job_rows()
    if actor is None or role == "visitor":
        return job_rows().filter(state="open")
    mine = Proposal.objects.filter(job=OuterRef("pk"), worker_id=actor.pk)
    return job_rows().filter(Q(state="open") | Q(client_id=actor.pk) | Q(Exists(mine)))


def jobs_of(client: Actor) -> QuerySet[Job]:
    """A client's own postings, newest first, with the number of proposals that wait."""
    waiting = Count("proposals", filter=Q(proposals__state="sent"))
    return job_rows().filter(client_id=client.pk).annotate(proposals_waiting=waiting).order_by("-number")


@subject("market.job")
def find_job(actor: Actor | None, id: UUID | str) -> Job:  # noqa: ARG001 - the gate says who may see it
    """A posting by its id, over or not: `SEE_JOB` decides who may read it. Raises `NotVisible`."""
    row = job_rows().filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("market.job", id)
    return row


def proposals_visible_to(actor: Actor | None) -> QuerySet[Proposal]:
    """A client sees the proposals to their jobs, a worker their own; with milestones, newest first.

    Staff are no exception: they look into a member's matters at the console, where looking is recorded.
    """
    role = role_of(actor)
    rows = (
        Proposal.objects.select_related("job__category", "job__client", "worker")
        .defer("job__search")
        .prefetch_related(Prefetch("milestones", ProposalMilestone.objects.order_by("position")))
        .order_by("-id")
    )
    if actor is None or role == "visitor":
        return rows.none()
    if role == "system":
        return rows
    return rows.filter(Q(worker_id=actor.pk) | Q(job__client_id=actor.pk))


@subject("market.proposal")
def find_proposal(actor: Actor | None, id: UUID | str) -> Proposal:
    """A proposal by its id. Raises `NotVisible`."""
    row = proposals_visible_to(actor).filter(pk=UUID(str(id))).first()
    if row is None:
        raise NotVisible("market.proposal", id)
    return row


def proposal_counts(job: Job) -> dict[str, int]:
    """How many proposals a job has, by state."""
    return dict(job.proposals.values_list("state").annotate(n=Count("id")).order_by())


def profile_of(member: Any) -> Profile:
    """A member's profile; one that was never written is empty and not saved."""
    return Profile.objects.filter(member=member).first() or Profile(member=member)


def posting_defaults(client: Actor) -> dict[str, Any]:
    """The facts and terms of the client's last posting, to begin the next one with; empty for the first."""
    return Job.objects.filter(client_id=client.pk).order_by("-number").values(*POSTING_FACTS).first() or {}
