"""What time does to jobs and proposals: found in the tables, handled by the same commands as everything else."""

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.market.models import Job, Proposal
from kotowari.market.services import lapse_job, lapse_proposal

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
    due = Proposal.objects.filter(state="sent", lapses_at__lte=clock.now()).order_by("lapses_at")
    ids = due.values_list("pk", flat=True)[:AT_ONCE]
    return handle("market.lapse_proposals", ids, lambda id: lapse_proposal(actor=SYSTEM, proposal_id=id))
