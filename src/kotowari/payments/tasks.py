"""What time does to deposits: found in the tables, handled by the same commands as everything else."""

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.text import Text
from kotowari.payments import services
from kotowari.payments.models import Deposit

AT_ONCE = 200


@deadline("payments.lapse_deposits", Text("仮受金の期限", "End of money in suspense"))
def lapse_deposits() -> int:
    """Set aside what has found no escrow in its time."""
    due = Deposit.objects.filter(state="in_suspense", decide_by__lte=clock.now())
    ids = due.order_by("decide_by").values_list("pk", flat=True)[:AT_ONCE]
    return handle("payments.lapse_deposits", ids, lambda id: services.lapse_deposit(actor=SYSTEM, deposit_id=id))


@deadline("payments.remind")
def remind() -> int:
    """Tell the operator's staff, once a day, which money waits for them."""
    services.remind_operator(actor=SYSTEM)
    return 0
