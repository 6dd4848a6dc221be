"""What time does to contracts: found in the tables, handled by the same commands as everything else."""

from kotowari.contracts.models import EndRequest, Milestone
from kotowari.contracts.services import accept_due_deliveries, lapse_end, lapse_milestone
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text

AT_ONCE = 200


@deadline("contracts.accept_by_clock", Text("自動検収", "Automatic acceptance"))
def accept_by_clock() -> int:
    """Accept deliveries that nobody answered."""
    due = Milestone.objects.filter(state="delivered", deadline_at__lte=clock.now())
    ids = list(due.order_by("deadline_at").values_list("pk", flat=True)[:AT_ONCE])
    return accept_due_deliveries(actor=SYSTEM, milestone_ids=ids) if ids else 0


@deadline("contracts.lapse_milestones", Text("仮払い・納品の期限切れ", "Escrow or delivery that never came"))
def lapse_milestones() -> int:
    """Close milestones that nobody funded, delivered or mended in time."""
    due = Milestone.objects.filter(
        state__in=["awaiting_funding", "funded", "changes_requested"], deadline_at__lte=clock.now()
    )
    ids = due.order_by("deadline_at").values_list("pk", flat=True)[:AT_ONCE]
    return handle("contracts.lapse_milestones", ids, lambda id: lapse_milestone(actor=SYSTEM, milestone_id=id))


@deadline("contracts.lapse_ends", Text("途中終了の成立", "Early ends by silence"))
def lapse_ends() -> int:
    """End contracts whose early end nobody answered; one that waits for an acceptance comes up again later."""
    due = EndRequest.objects.filter(state="open", lapses_at__lte=clock.now()).exclude(
        contract__milestones__state="delivered"
    )
    ids = due.order_by("lapses_at").values_list("pk", flat=True)[:AT_ONCE]
    return handle("contracts.lapse_ends", ids, lambda id: lapse_end(actor=SYSTEM, request_id=id))
