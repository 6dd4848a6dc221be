"""What happens to appeals by the clock."""

from kotowari.enforcement.models import Appeal
from kotowari.enforcement.services import escalate_appeal, lapse_appeal
from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text

BATCH = 200


@deadline("enforcement.appeal_due", Text("異議申立ての回答の期限", "Time to decide about an appeal"))
def escalate_appeals() -> int:
    """Tell all of staff about appeals that were not decided in time."""
    due = Appeal.objects.filter(state="open", due_at__lte=clock.now(), escalated_at__isnull=True)
    ids = list(due.order_by("due_at").values_list("id", flat=True)[:BATCH])
    return handle("enforcement.appeal_due", ids, lambda id: escalate_appeal(actor=SYSTEM, appeal_id=id))


@deadline("enforcement.appeal_lapse", Text("異議申立ての終了", "End of an undecided appeal"))
def lapse_appeals() -> int:
    """End appeals that nobody decided, long after their time."""
    over = Appeal.objects.filter(state="open", lapses_at__lte=clock.now())
    ids = list(over.order_by("lapses_at").values_list("id", flat=True)[:BATCH])
    return handle("enforcement.appeal_lapse", ids, lambda id: lapse_appeal(actor=SYSTEM, appeal_id=id))
