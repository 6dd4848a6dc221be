"""Once a day the operator is told which money waits for its staff."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.payments import entries, events
from kotowari.payments.gates import REMIND
from kotowari.payments.models import Cancellation, CardDispute, CardPayment, CardRefund, Deposit
from kotowari.payments.selectors import overdue_processor_yen


@command(REMIND)
def remind_operator(*, actor: Actor) -> int:
    """Tell staff of deposits, cancellations, card payments and disputes that wait for them, each once a day; how many."""
    require(REMIND, actor)
    today, before = clock.today(), clock.now() - timedelta(days=1)
    fresh = Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)
    deposits = Deposit.objects.select_for_update(skip_locked=True).filter(fresh, received_at__lt=before)
    waiting = _ids(deposits.filter(state="in_suspense", waits_for="operator"))
    to_send_back = _ids(deposits.filter(state="to_send_back"))
    cancellations = _ids(
        Cancellation.objects.select_for_update(skip_locked=True).filter(fresh, state="open", seen_at__lt=before)
    )
    aside = Q(state="set_aside") & fresh & Q(made_at__lt=before)
    cards = _ids(CardPayment.objects.select_for_update(skip_locked=True).filter(aside))
    refunds = _ids(CardRefund.objects.select_for_update(skip_locked=True).filter(aside))
    disputes = _ids(CardDispute.objects.select_for_update(skip_locked=True).filter(_disputes_waiting(), fresh))
    count = len(disputes) + len(cards) + len(refunds) + len(waiting) + len(to_send_back) + len(cancellations)
    if not count:
        return 0
    Deposit.objects.filter(pk__in=[*waiting, *to_send_back]).update(reminded_on=today)
    Cancellation.objects.filter(pk__in=cancellations).update(reminded_on=today)
    CardPayment.objects.filter(pk__in=cards).update(reminded_on=today)
    CardRefund.objects.filter(pk__in=refunds).update(reminded_on=today)
    CardDispute.objects.filter(pk__in=disputes).update(reminded_on=today)
    said = {
        "waiting": len(waiting),
        "to_send_back": len(to_send_back),
        "cancellations": len(cancellations),
        "cards": len(cards) + len(refunds),
        "disputes": len(disputes),
    }
    audit.record(actor=actor, kind=entries.OPERATOR_REMINDED, subject=None, **said)
    emit(events.OperatorReminded(**said, overdue_yen=overdue_processor_yen()))
    return count


def _disputes_waiting() -> Q:
    """Without evidence though it is nearly or over due, undecided though it should be, of nobody's payment, or not known."""
    now = clock.now()
    soon = now + timedelta(days=policy.value("payments.dispute_remind_days"))
    yesterday = Q(heard_at__lt=now - timedelta(days=1))
    waits = Q(evidence_due_at__lte=soon, is_answered=False) | Q(decide_by__lte=now) | Q(payment=None) & yesterday
    return Q(state="heard") & yesterday | Q(state="opened") & waits


def _ids(rows: Iterable[Deposit | Cancellation | CardPayment | CardRefund | CardDispute]) -> list[UUID]:
    return [row.pk for row in rows]
