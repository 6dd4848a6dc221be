"""What time does to payouts: found in the tables, handled by the same commands as everything else."""

import logging

from kotowari.foundation.actors import SYSTEM
from kotowari.foundation.deadlines import deadline, handle
from kotowari.kernel import clock
from kotowari.kernel.errors import Refused
from kotowari.kernel.text import Text
from kotowari.payouts import services
from kotowari.payouts.at_once import pending_closings
from kotowari.payouts.models import Closing, ExpiryRound, HolderReview, Payout
from kotowari.payouts.schedule import due_closings
from kotowari.payouts.services.members import again_after_deadlock
from kotowari.payouts.services.quick import quick_without_run
from kotowari.payouts.services.reconciling import is_due
from kotowari.payouts.services.runs import waiting_for_run

logger = logging.getLogger(__name__)

AT_ONCE = 200


@deadline("payouts.lapse_holds", Text("保留した振込の期限", "End of a transfer on hold"))
def lapse_holds() -> int:
    """Give back what was on hold and whose account nobody put right; before the closing, which gathers again."""
    due = Payout.objects.filter(state="held", lapses_at__lte=clock.now())
    ids = due.order_by("lapses_at").values_list("pk", flat=True)[:AT_ONCE]
    return handle("payouts.lapse_holds", ids, lambda id: services.lapse_hold(actor=SYSTEM, payout_id=id))


@deadline("payouts.holder_lapse", Text("口座の名義の確認の期限", "End of an undecided look at a holder"))
def lapse_holder_reviews() -> int:
    """Decide what staff did not decide in time about holders of accounts (P020)."""
    due = HolderReview.objects.filter(state__in=["open", "contested"], lapses_at__lte=clock.now())
    ids = due.order_by("lapses_at").values_list("pk", flat=True)[:AT_ONCE]
    return handle("payouts.holder_lapse", ids, lambda id: services.lapse_holder(actor=SYSTEM, review_id=id))


@deadline("payouts.close", Text("報酬の締め", "Closing of rewards"))
def close_due() -> int:
    """Make the closings whose day is over, and go on with one that was interrupted; how many were closed.

    The first that fails stops the later ones, so that each pays what is its own; the next round tries again.
    """
    last_closed_on = Closing.objects.order_by("-closes_on").values_list("closes_on", flat=True).first()
    unfinished = Closing.objects.filter(state="gathering").order_by("closes_on").values_list("closes_on", flat=True)
    closed = 0
    for closes_on in [*unfinished, *due_closings(last_closed_on)]:
        try:
            services.close(actor=SYSTEM, on=closes_on)
        except Exception:
            logger.exception("the closing of %s failed and will be tried again", closes_on)
            break
        closed += 1
    return closed


@deadline("payouts.expire", Text("報酬の出金期限", "Time limit of a reward"))
def expire_due() -> int:
    """Go through today's time limits, once, and go on with a round that was interrupted; how many were looked at.

    Not while a closing whose day is over has still to take what is its own.
    """
    day = clock.today()
    if ExpiryRound.objects.filter(day=day, done_at__isnull=False).exists() or pending_closings():
        return 0
    looked_at = 0
    while step := again_after_deadlock(services.expire_rewards, actor=SYSTEM, day=day):
        looked_at += step
    return looked_at


@deadline("payouts.make_quick_runs")
def make_quick_runs() -> int:
    """Put quick payouts into runs of their own, so that they go to the bank by the next bank day."""
    if not quick_without_run().exists():
        return 0
    try:
        return services.make_quick_runs(actor=SYSTEM)
    except Refused:  # somebody else was quicker
        return 0


@deadline("payouts.tell_late", Text("クイック出金の約束の日", "Promised day of a quick payout"))
def tell_late() -> int:
    """Tell owner and operator of quick payouts that will miss their promised day."""
    return services.tell_late(actor=SYSTEM)


@deadline("payouts.make_run")
def make_late_run() -> int:
    """Put payouts that were let go on after a hold into a run, so that they need not wait for a closing."""
    if not waiting_for_run().exists():
        return 0
    try:
        services.make_run(actor=SYSTEM)
    except Refused:  # somebody else was quicker
        return 0
    return 1


@deadline("payouts.remind")
def remind() -> int:
    """Tell the operator's staff, once a day, what waits for them beyond its time."""
    services.remind_operator(actor=SYSTEM)
    return 0


@deadline("payouts.reconcile", takes_long=True)
def reconcile_daily() -> int:
    """Compare the books with the bank once a day; how many differences are open."""
    return services.reconcile(actor=SYSTEM) if is_due() else 0
