"""クイック出金: paid at once on request, to the bank by the next bank day, and told aloud when it will be late (A053)."""

from itertools import groupby

from django.db.models import F, Q, QuerySet

from kotowari.accounts.models import Member
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.payouts import entries, events
from kotowari.payouts.at_once import facts_and_fees, quick_fees_yen
from kotowari.payouts.gates import MAKE_QUICK_RUN, QUICK, REMIND
from kotowari.payouts.models import Payout, PayoutRun
from kotowari.payouts.services.naming import names
from kotowari.payouts.services.requesting import Request, request_at_once
from kotowari.payouts.services.runs import add_to_run, earliest_pay_date, held_among
from kotowari.pricing import quick_dates

AT_ONCE = 500


@command(QUICK)
def request_quick_payout(*, actor: Actor, amount_yen: int | None = None) -> Payout:
    """Pay an amount (all that no closing has taken) at once: planned in two bank days, promised in three (A053–A055).

    The oldest rewards go first. One at a time: while one is on its way the next is refused. Raises `Refused`.
    """
    member = lock(Member, actor.pk) if actor.pk is not None else actor
    require(QUICK, member, amount_yen)
    assert isinstance(member, Member), "the gate asks for a member"
    [facts], to_pay = facts_and_fees(member, [amount_yen])
    quick_yen, transfer_yen = quick_fees_yen(to_pay, member.pk, facts.amount_yen)
    planned_on, promised_on = quick_dates(clock.today(), to_pay.terms)
    request = Request(
        member_id=member.pk,
        kind="quick",
        method=facts.method,
        account=to_pay.accounts[member.pk],
        gross_yen=facts.amount_yen,
        fee_yen=quick_yen + transfer_yen,
        quick_fee_yen=quick_yen,
    )
    [payout] = request_at_once(actor, [request], pays_on=planned_on, promised_on=promised_on)
    emit(events.QuickPayoutRequested(**names(payout), promised_on=promised_on))
    return payout


@command(MAKE_QUICK_RUN)
def make_quick_runs(*, actor: Actor) -> int:
    """Put quick payouts that stand in no run into runs of their own, one for each pay date; how many there were."""
    ready = list(PayoutRun.objects.select_for_update().filter(state="ready", is_quick=True).order_by("pays_on", "id"))
    waiting = quick_without_run().values("pk")
    payouts = list(Payout.objects.select_for_update(of=("self",)).filter(pk__in=waiting).order_by("pays_on", "pk"))
    require(MAKE_QUICK_RUN, actor)
    earliest = earliest_pay_date()
    for pays_on, group in groupby(payouts, key=lambda payout: max(payout.pays_on, earliest)):
        run = next((run for run in ready if run.pays_on == pays_on), None)
        is_new = run is None
        if run is None:
            run = PayoutRun.objects.create(pays_on=pays_on, is_quick=True, made_by_id=actor.pk)
        add_to_run(actor, run, Payout.objects.filter(pk__in=[payout.pk for payout in group]), tell=is_new)
    return len(payouts)


@command(REMIND)
def tell_late(*, actor: Actor) -> int:
    """Tell owner and operator, once each, of quick payouts that cannot arrive by the promised day; how many."""
    require(REMIND, actor)
    late = _cannot_arrive()
    payouts = list(late.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE])
    if not payouts:
        return 0
    Payout.objects.filter(pk__in=[payout.pk for payout in payouts]).update(late_told_at=clock.now())
    audit.record_many(
        actor=actor,
        kind=entries.QUICK_LATE,
        entries=[(payout, {"promised_on": payout.promised_on, "net_yen": payout.net_yen}) for payout in payouts],
    )
    earliest = earliest_pay_date()
    told = []
    for payout in payouts:
        assert payout.promised_on is not None, "the query asks for it"
        if payout.state == "requested":
            payout.pays_on = max(payout.pays_on, earliest)
        told.append(events.QuickPayoutLate(**names(payout), promised_on=payout.promised_on))
    emit(*told)
    return len(payouts)


def quick_without_run() -> QuerySet[Payout]:
    """Quick payouts that wait for a run, without those whose owners' payouts are held now."""
    rows = Payout.objects.filter(kind="quick", state="requested", run__isnull=True)
    return rows.exclude(pk__in=held_among(rows).values("pk"))


def _cannot_arrive() -> QuerySet[Payout]:
    """Promised quick payouts of which nobody was told yet that they will be late.

    Before the bank was asked, one is late when it could not be there in time any more; after that, when it was asked
    for a later day. What a hold keeps back waits for its owner, not for the operator.
    """
    open_ones = Payout.objects.filter(promised_on__isnull=False, closed_at__isnull=True, late_told_at__isnull=True)
    unasked = open_ones.filter(state="requested", promised_on__lt=earliest_pay_date())
    unasked = unasked.exclude(pk__in=held_among(unasked).values("pk"))
    asked_too_late = open_ones.filter(state="in_file", pays_on__gt=F("promised_on"))
    return Payout.objects.filter(Q(pk__in=unasked.values("pk")) | Q(pk__in=asked_too_late.values("pk")))
