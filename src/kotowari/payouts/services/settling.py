"""What arrived: recorded from the bank's statement or by staff's hand, once."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.errors import PeriodClosed
from kotowari.ledger.services import Entry, Line, post_many
from kotowari.payouts import entries, events
from kotowari.payouts.gates import SETTLE, SETTLE_RUN
from kotowari.payouts.models import Payout, PayoutRun
from kotowari.payouts.services.naming import names
from kotowari.payouts.transitions import PAYOUT, RUN

AT_ONCE = 500


@command(SETTLE)
def settle_payout(*, actor: Actor, payout_id: UUID, settled_on: date | None = None) -> Payout:
    """Record that one transfer arrived on a day (today). Raises `InputError` for a day that cannot be."""
    payout = lock_with_run(payout_id)
    require(SETTLE, actor, payout)
    settle(actor, [payout], settled_on or clock.today())
    return payout


@command(SETTLE_RUN)
def settle_run(*, actor: Actor, run_id: UUID, settled_on: date | None = None) -> PayoutRun:
    """Record that every transfer of a run that was not sent back arrived on a day (today)."""
    run = lock(PayoutRun, run_id)
    require(SETTLE_RUN, actor, run)
    settle(actor, locked_in_file(run), settled_on or clock.today())
    run.refresh_from_db()
    return run


def lock_with_run(payout_id: UUID) -> Payout:
    """A payout, locked after its run, in the order in which files are written and runs recorded as paid.

    One that was put into a run while it was waited for is let go of and locked anew, so that nobody waits in a circle.
    """
    while True:
        before = transaction.savepoint()
        run_id = Payout.objects.filter(pk=payout_id).values_list("run_id", flat=True).first()
        if run_id is not None:
            lock(PayoutRun, run_id)
        payout = lock(Payout, payout_id)
        if payout.run_id in (run_id, None):
            transaction.savepoint_commit(before)
            return payout
        transaction.savepoint_rollback(before)


def locked_in_file(run: PayoutRun, numbers: tuple[int, int] | None = None) -> list[Payout]:
    """The transfers of a run, or of one of its files, whose outcome is not known; locked."""
    rows = Payout.objects.select_for_update(of=("self",)).filter(run=run, state="in_file")
    if numbers is not None:
        rows = rows.filter(number__range=numbers)
    return list(rows.order_by("number"))


def settle(actor: Actor, payouts: Sequence[Payout], settled_on: date, *, books_may_be_closed: bool = False) -> None:
    """Record that these transfers, locked by the caller, arrived.

    A day may be in a month that was closed before its statement came: with `books_may_be_closed` the journal is then
    dated on the first day that is open, and the transfer keeps the bank's day. Otherwise that is an `InputError`.
    """
    occurred_at = moment_of(settled_on, payouts)
    if books_may_be_closed:
        occurred_at = moment_in_open_books(settled_on)
    for start in range(0, len(payouts), AT_ONCE):
        try:
            post_many(
                [_journal(payout) for payout in payouts[start : start + AT_ONCE]],
                actor=actor,
                occurred_at=occurred_at,
            )
        except PeriodClosed as error:
            raise books_closed(error) from error
    now = clock.now()
    for payout in payouts:
        payout.state = PAYOUT.require(payout.state, "settle")
        payout.settled_on, payout.closed_at = settled_on, now
    Payout.objects.filter(pk__in=[payout.pk for payout in payouts]).update(
        state="settled", settled_on=settled_on, closed_at=now
    )
    audit.record_many(
        actor=actor,
        kind=entries.SETTLED,
        entries=[(payout, {"net_yen": payout.net_yen, "settled_on": settled_on}) for payout in payouts],
    )
    emit(*(events.PayoutSettled(**names(payout), settled_on=settled_on) for payout in payouts))
    finish_runs(actor, {payout.run_id for payout in payouts if payout.run_id is not None})


def finish_runs(actor: Actor, run_ids: Collection[UUID]) -> None:
    """Close those runs with the bank of which the outcome of every transfer is known."""
    for run in PayoutRun.objects.select_for_update().filter(pk__in=run_ids, state="handed_over").order_by("pk"):
        if run.payouts.filter(state="in_file").exists():
            continue
        run.state = RUN.require(run.state, "finish")
        run.closed_at = clock.now()
        run.save(update_fields=["state", "closed_at"])
        audit.record(actor=actor, kind=entries.RUN_DONE, subject=run, pays_on=run.pays_on)
        emit(events.RunDone(run_id=run.pk, pays_on=run.pays_on))


def moment_of(day: date, payouts: Sequence[Payout]) -> datetime:
    """When something happened of which the bank tells only the day. Raises `InputError` for a day that cannot be."""
    if day > clock.today():
        raise _wrong_day(Text("{day}はまだ来ていません。", "{day} has not come yet.").format(day=day.isoformat()))
    runs = PayoutRun.objects.filter(pk__in={payout.run_id for payout in payouts})
    asked_at = runs.aggregate(last=Max("handed_over_at"))["last"]
    first_on = clock.tokyo(asked_at).date() if asked_at else day
    if day < first_on:
        raise _wrong_day(
            Text(
                "{day}にはまだ銀行に依頼していません。{first}以降の日付にしてください。",
                "The bank had not been asked on {day}: give {first} or a later day.",
            ).format(day=day.isoformat(), first=first_on.isoformat())
        )
    return _late_on(day)


def moment_in_open_books(day: date) -> datetime:
    """When the books date what the bank did on a day: then, or at the beginning of the first day that is not closed."""
    closed = ledger.closed_through()
    return clock.end_of(closed) if closed is not None and day <= closed else _late_on(day)


def _late_on(day: date) -> datetime:
    return min(clock.now(), clock.end_of(day) - timedelta(microseconds=1))


def books_closed(error: PeriodClosed) -> InputError:
    """The same refusal, told to whoever gave the day."""
    return _wrong_day(
        Text(
            "帳簿は{day}まで締められています。翌日以降の日付にしてください。",
            "The books are closed through {day}: give a later day.",
        ).format(day=error.closed_through.isoformat())
    )


def _wrong_day(text: Text) -> InputError:
    return InputError({"settled_on": [text]})


def _journal(payout: Payout) -> Entry:
    return Entry(
        kind=JournalKind.PAYOUT_SETTLED,
        scope="payout.settle",
        key=str(payout.pk),
        lines=[
            Line(accounts.payout_in_flight(payout.pk), -payout.net_yen),
            Line(accounts.bank_payouts(), payout.net_yen),
        ],
        payout_id=payout.pk,
    )
