"""What the gates of the market ask for, for any number of rows at once."""

from collections.abc import Sequence
from uuid import UUID

from kotowari.foundation.actors import Actor
from kotowari.kernel import clock
from kotowari.kernel.gates import facts_for
from kotowari.market import gates
from kotowari.market.models import Job, Proposal
from kotowari.market.selectors.rows import role_of
from kotowari.market.selectors.waits import clocks_of_proposals


@facts_for(gates.EDIT_PROFILE)
def profile_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.MemberFacts]:
    """Facts of editing one's profile: no query."""
    return [gates.MemberFacts(role=role_of(actor), address="/my/profile/")] * len(subjects)


@facts_for(gates.POST_JOB)
def posting_facts(actor: Actor | None, subjects: Sequence[None]) -> list[gates.MemberFacts]:
    """Facts of posting a job: no query."""
    return [gates.MemberFacts(role=role_of(actor), address="/jobs/new/")] * len(subjects)


@facts_for(gates.SEE_JOB, gates.CLOSE_JOB, gates.LAPSE_JOB, gates.SEND_PROPOSAL)
def job_facts(actor: Actor | None, jobs: Sequence[Job]) -> list[gates.JobFacts]:
    """Facts of any number of jobs (with `category` read along): one query."""
    role = role_of(actor)
    own = own_proposals(actor, jobs) if role == "member" and actor is not None else {}
    now = clock.now()
    return [
        gates.JobFacts(
            now=now,
            role="client" if role == "member" and actor is not None and job.client_id == actor.pk else role,
            job_id=job.pk,
            category=job.category.slug,
            state=job.state,
            apply_until=job.apply_until,
            closed_at=job.closed_at,
            hires_made=job.hires_made,
            hires_wanted=job.hires_wanted,
            own_proposal=own.get(job.pk),
        )
        for job in jobs
    ]


def own_proposals(actor: Actor, jobs: Sequence[Job]) -> dict[UUID, gates.OwnProposal]:
    """The actor's latest proposal to each of the jobs."""
    rows = Proposal.objects.filter(worker_id=actor.pk, job_id__in={job.pk for job in jobs}).order_by("id")
    return {
        row["job_id"]: gates.OwnProposal(
            id=row["id"], state=row["state"], sent_at=row["sent_at"], decided_at=row["decided_at"]
        )
        for row in rows.values("id", "job_id", "state", "sent_at", "decided_at")
    }


@facts_for(gates.WITHDRAW_PROPOSAL, gates.DECLINE_PROPOSAL, gates.LAPSE_PROPOSAL, gates.MOVE_PROPOSAL_CLOCK)
def proposal_facts(actor: Actor | None, proposals: Sequence[Proposal]) -> list[gates.ProposalFacts]:
    """Facts of any number of proposals (with `job__category` read along): three queries, for their clocks."""
    role = role_of(actor)
    now = clock.now()

    def its_role(proposal: Proposal) -> gates.Role:
        if role != "member" or actor is None:
            return role
        if proposal.worker_id == actor.pk:
            return "worker"
        return "client" if proposal.job.client_id == actor.pk else "member"

    return [
        gates.ProposalFacts(
            now=now,
            role=its_role(p),
            proposal_id=p.pk,
            job_id=p.job_id,
            category=p.job.category.slug,
            state=p.state,
            lapses_at=running.due_at if running is not None else p.lapses_at,
            decided_at=p.decided_at,
        )
        for p, running in zip(proposals, clocks_of_proposals(proposals), strict=True)
    ]
