"""Runs: which transfers go to the bank together."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from kotowari.accounts.selectors import restrictions_in_force
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.payouts import entries, events, zengin
from kotowari.payouts.gates import MAKE_RUN
from kotowari.payouts.models import Closing, Payout, PayoutRun
from kotowari.payouts.schedule import earliest_transfer_on, hand_over_by
from kotowari.payouts.sender import sender
from kotowari.payouts.services.naming import names
from kotowari.payouts.transitions import RUN
from kotowari.pricing import PayoutTerms

AT_ONCE = 1_000
"""Of payouts whose day moves, so many are read and told of at once."""


def waiting_for_run() -> QuerySet[Payout]:
    """Payouts that stand in no run although their closing is done: those let go on after a hold.

    Those of members whose payouts are held now wait until the hold is over.
    """
    done = Q(closing__isnull=True) | Q(closing__state="closed")
    return Payout.objects.filter(done, state="requested", run=None).exclude(kind="quick").exclude(_is_held())


def held_among(payouts: QuerySet[Payout]) -> QuerySet[Payout]:
    """Those whose owners' payouts are held now by a restriction (A120)."""
    return payouts.filter(_is_held())


def _is_held() -> Exists:
    return Exists(restrictions_in_force().filter(member_id=OuterRef("member_id"), scope__contains=["payout"]))


def gather_closing(actor: Actor, closing: Closing) -> PayoutRun | None:
    """Put the payouts of a closing into its run; none when there is nothing to transfer."""
    payouts = closing.payouts.filter(state="requested", run__isnull=True)
    if not payouts.exists():
        return None
    run = PayoutRun.objects.create(
        closing=closing, pays_on=max(closing.pays_on, earliest_pay_date()), made_by_id=actor.pk
    )
    add_to_run(actor, run, payouts)
    return run


@command(MAKE_RUN)
def make_run(*, actor: Actor) -> PayoutRun:
    """Put payouts that were let go on into a run: the next one whose file is not written yet, else one of their own."""
    run = PayoutRun.objects.select_for_update().filter(state="ready", is_quick=False).order_by("pays_on", "id").first()
    locked = list(
        Payout.objects.select_for_update(of=("self",)).filter(pk__in=waiting_for_run().values("pk")).order_by("pk")
    )
    require(MAKE_RUN, actor)
    if run is None:
        run = PayoutRun.objects.create(pays_on=earliest_pay_date(), made_by_id=actor.pk)
    add_to_run(actor, run, waiting_for_run().filter(pk__in=[payout.pk for payout in locked]))
    return run


def next_pay_date() -> date:
    """The day on which a payout that waits for no closing is paid: with the next run whose file is not written."""
    next_on = PayoutRun.objects.filter(state="ready", is_quick=False).order_by("pays_on", "id").first()
    return max(next_on.pays_on, earliest_pay_date()) if next_on else earliest_pay_date()


def earliest_pay_date() -> date:
    """The first day on which the operator's bank can transfer what it is asked for today."""
    by = sender(clock.today())
    return earliest_transfer_on(by.profile if by else zengin.STANDARD, PayoutTerms.in_force())


def move(payouts: QuerySet[Payout], day: date) -> None:
    """Let payouts be paid on a day, and tell those who were promised an earlier one."""
    late = payouts.filter(pays_on__lt=day).order_by("pk")
    while some := list(late[:AT_ONCE]):
        promised = {payout.pk: payout.pays_on for payout in some}
        Payout.objects.filter(pk__in=promised).update(pays_on=day)
        for payout in some:
            payout.pays_on = day
        emit(*(events.PayoutDelayed(**names(payout), promised_on=promised[payout.pk]) for payout in some))
    payouts.exclude(pays_on=day).update(pays_on=day)


def dissolve_if_empty(actor: Actor, run: PayoutRun) -> None:
    """Close a run that is not with the bank and in which nothing is left to transfer."""
    if run.state != "ready" or run.payouts.filter(state="requested").exists():
        return
    run.state = RUN.require(run.state, "dissolve")
    run.closed_at = clock.now()
    run.save(update_fields=["state", "closed_at"])
    audit.record(actor=actor, kind=entries.RUN_DISSOLVED, subject=run)


def add_to_run(actor: Actor, run: PayoutRun, payouts: QuerySet[Payout], *, tell: bool = True) -> None:
    """Let payouts go to the bank with a run, on its day; `tell` staff that it is ready."""
    move(payouts, run.pays_on)
    payouts.update(run=run)
    gathered = run.payouts.filter(state="requested").aggregate(transfers=Count("pk"), total_yen=Sum("net_yen"))
    transfers, total_yen = gathered["transfers"], gathered["total_yen"] or 0
    audit.record(actor=actor, kind=entries.RUN_MADE, subject=run, pays_on=run.pays_on, transfers=transfers)
    if not tell:
        return
    by = sender(run.pays_on)
    emit(
        events.RunReady(
            run_id=run.pk,
            pays_on=run.pays_on,
            hand_over_by=hand_over_by(run.pays_on, by.profile if by else zengin.STANDARD, PayoutTerms.in_force()),
            transfers=transfers,
            total_yen=total_yen,
        )
    )
