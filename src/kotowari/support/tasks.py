"""What time does to tickets: found in the table, handled by the same commands as everything else."""

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.support.models import Ticket
from kotowari.support.services import be_late, lapse_ticket
from kotowari.support.transitions import WAITING_FOR_US

AT_ONCE = 200


@deadline("support.late", Text("お問い合わせの回答の遅れ", "Answers that became late"))
def tell_of_lateness() -> int:
    """Tell customers whose answer is overdue."""
    due = Ticket.objects.filter(state__in=WAITING_FOR_US, due_at__lte=clock.now()).order_by("due_at")
    ids = due.values_list("pk", flat=True)[:AT_ONCE]
    return handle("support.late", ids, lambda id: be_late(actor=SYSTEM, ticket_id=id))


@deadline("support.lapse", Text("お問い合わせの自動完了", "Conversations closed after silence"))
def close_silent() -> int:
    """Close conversations that fell silent after an answer."""
    due = Ticket.objects.filter(state="answered", closes_at__lte=clock.now()).order_by("closes_at")
    ids = due.values_list("pk", flat=True)[:AT_ONCE]
    return handle("support.lapse", ids, lambda id: lapse_ticket(actor=SYSTEM, ticket_id=id))
