"""Once a day the operator is told which money waits for its staff."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.payments import entries, events
from kotowari.payments.gates import REMIND
from kotowari.payments.models import Cancellation, Deposit


@command(REMIND)
def remind_operator(*, actor: Actor) -> int:
    """Tell staff of deposits and cancellations that wait for them, each once a day from the day after; how many."""
    require(REMIND, actor)
    today, before = clock.today(), clock.now() - timedelta(days=1)
    fresh = Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)
    deposits = Deposit.objects.select_for_update(skip_locked=True).filter(fresh, received_at__lt=before)
    waiting = _ids(deposits.filter(state="in_suspense", waits_for="operator"))
    to_send_back = _ids(deposits.filter(state="to_send_back"))
    cancellations = _ids(
        Cancellation.objects.select_for_update(skip_locked=True).filter(fresh, state="open", seen_at__lt=before)
    )
    count = len(waiting) + len(to_send_back) + len(cancellations)
    if not count:
        return 0
    Deposit.objects.filter(pk__in=[*waiting, *to_send_back]).update(reminded_on=today)
    Cancellation.objects.filter(pk__in=cancellations).update(reminded_on=today)
    said = {"waiting": len(waiting), "to_send_back": len(to_send_back), "cancellations": len(cancellations)}
    audit.record(actor=actor, kind=entries.OPERATOR_REMINDED, subject=None, **said)
    emit(events.OperatorReminded(**said))
    return count


def _ids(rows: Iterable[Deposit | Cancellation]) -> list[UUID]:
    return [row.pk for row in rows]
