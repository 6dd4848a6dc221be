"""Once a day the operator is told what lies with it beyond its time: files, outcomes, lines of the statement."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.payouts import entries, events, zengin
from kotowari.payouts.gates import REMIND
from kotowari.payouts.models import BankEntry, HolderReview, PayoutRun
from kotowari.payouts.schedule import earliest_transfer_on
from kotowari.payouts.sender import sender
from kotowari.pricing import PayoutTerms


@command(REMIND)
def remind_operator(*, actor: Actor) -> int:
    """Tell staff of runs and lines that wait for them beyond their time, each once a day; how many there are."""
    require(REMIND, actor)
    today = clock.today()
    by = sender(today)
    last_chance_on = earliest_transfer_on(by.profile if by else zengin.STANDARD, PayoutTerms.in_force())
    late = PayoutRun.objects.select_for_update(skip_locked=True)
    to_hand_over = _ids(late.filter(_unreminded(today), state="ready", pays_on__lte=last_chance_on))
    without_outcome = _ids(late.filter(_unreminded(today), state="handed_over", pays_on__lt=today))
    lines = _ids(
        BankEntry.objects.select_for_update(skip_locked=True).filter(
            _unreminded(today), state="open", seen_at__lt=clock.now() - timedelta(days=1)
        )
    )
    reviews = HolderReview.objects.select_for_update(skip_locked=True)
    holders = _ids(reviews.filter(_unreminded(today), state__in=["open", "contested"], due_at__lte=clock.now()))
    count = len(to_hand_over) + len(without_outcome) + len(lines) + len(holders)
    if not count:
        return 0
    PayoutRun.objects.filter(pk__in=[*to_hand_over, *without_outcome]).update(reminded_on=today)
    BankEntry.objects.filter(pk__in=lines).update(reminded_on=today)
    HolderReview.objects.filter(pk__in=holders).update(reminded_on=today)
    said = {
        "runs_to_hand_over": len(to_hand_over),
        "runs_without_outcome": len(without_outcome),
        "lines_to_explain": len(lines),
        "holders_to_check": len(holders),
    }
    audit.record(actor=actor, kind=entries.OPERATOR_REMINDED, subject=None, **said)
    emit(events.OperatorReminded(**said))
    return count


def _unreminded(today: date) -> Q:
    return Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)


def _ids(rows: Iterable[PayoutRun | BankEntry | HolderReview]) -> list[UUID]:
    return [row.pk for row in rows]
