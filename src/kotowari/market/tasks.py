"""What time does to jobs and proposals: found in the tables, handled by the same commands as everything else."""

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.market.models import Job, Proposal
from kotowari.market.selectors import clocks_of_proposals
from kotowari.market.services import lapse_job, lapse_proposal, move_proposal_clock

AT_ONCE = 200


@deadline("market.lapse_jobs", Text("応募の締切", "Applications closed"))
def lapse_jobs() -> int:
    """Close applications to jobs whose deadline has passed."""
    due = Job.objects.filter(state="open", apply_until__lte=clock.now()).order_by("apply_until")
    ids = due.values_list("pk", flat=True)[:AT_ONCE]
    return handle("market.lapse_jobs", ids, lambda id: lapse_job(actor=SYSTEM, job_id=id))


@deadline("market.lapse_proposals", Text("応募の期限切れ", "Proposals lapsed"))
def lapse_proposals() -> int:
    """End proposals that nobody answered in time."""
    name, now = "market.lapse_proposals", clock.now()
    found = Proposal.objects.filter(state="sent", lapses_at__lte=now).select_related("job")
    rows = list(found.order_by("lapses_at")[:AT_ONCE])
    runs_on = [r.pk for r, c in zip(rows, clocks_of_proposals(rows), strict=True) if c is not None and c.due_at > now]
    moved = handle(name, runs_on, lambda id: move_proposal_clock(actor=SYSTEM, proposal_id=id))
    due = [row.pk for row in rows if row.pk not in runs_on]
    return moved + handle(name, due, lambda id: lapse_proposal(actor=SYSTEM, proposal_id=id))
