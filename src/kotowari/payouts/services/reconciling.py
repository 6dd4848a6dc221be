"""Comparing the books with the bank: once a day, after each statement, and whatever differs has an owner and a clock."""

from datetime import date, timedelta
from uuid import UUID

from kotowari.accounts.models import Member
from kotowari.foundation import audit, policy
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.payments.selectors import first_line_on
from kotowari.payments.services.one_at_a_time import one_at_a_time
from kotowari.payouts import entries, events
from kotowari.payouts.gates import EXPLAIN_DIFFERENCE, RECONCILE, TELL_OPENING
from kotowari.payouts.models import BankDifference, OpeningBalance, Reconciliation
from kotowari.payouts.reasons import read_own_words
from kotowari.payouts.selectors.reconciling import Comparison, compare, differences_open, last_reconciliation
from kotowari.payouts.transitions import BANK_DIFFERENCE


@command(RECONCILE)
def reconcile(*, actor: Actor) -> int:
    """Compare the books with what the bank said last, and keep what came of it; how many differences are open.

    Nothing moves money in suspense meanwhile. A difference that was explained and is another amount now is open again.
    """
    one_at_a_time()
    require(RECONCILE, actor)
    found = compare()
    if found is None:
        return 0
    made = Reconciliation.objects.create(
        balance=found.balance,
        bank_yen=found.balance.closing_yen,
        later_yen=found.later_yen,
        opening_yen=found.opening_yen,
        books_yen=found.books_yen,
        unlisted_yen=found.unlisted_yen,
        unbooked_yen=found.unbooked_yen,
        gap_yen=found.gap_yen,
        rest_yen=found.rest_yen,
    )
    fresh = _keep_differences(found)
    late = _remind()
    count = differences_open().count()
    audit.record(
        actor=actor,
        kind=entries.RECONCILED,
        subject=made,
        bank_yen=made.bank_yen,
        books_yen=made.books_yen,
        open=count,
    )
    if fresh or late:
        emit(events.BankDiffers(differences=count, fresh=fresh, late=late, differs_by_yen=made.differs_by_yen))
    return count


@command(EXPLAIN_DIFFERENCE)
def explain_difference(*, actor: Actor, difference_id: UUID, note: str) -> BankDifference:
    """Say what a difference is. It stays listed until books and bank agree. Raises `InputError` under `note`."""
    row = lock(BankDifference, difference_id)
    require(EXPLAIN_DIFFERENCE, actor, row)
    assert isinstance(actor, Member), "the gate asks for staff"
    row.state = BANK_DIFFERENCE.require(row.state, "explain")
    row.note, row.explained_by, row.explained_at = read_own_words(note, "note").text.ja, actor, clock.now()
    row.save(update_fields=["state", "note", "explained_by", "explained_at"])
    audit.record(actor=actor, kind=entries.DIFFERENCE_EXPLAINED, subject=row, amount_yen=row.amount_yen, note=row.note)
    return row


@command(TELL_OPENING)
def tell_opening_balance(*, actor: Actor, as_of: date, amount_yen: int, note: str) -> OpeningBalance:
    """Say what lay in the operator's account at the end of a day before the first line of the bank, and how one knows.

    Told again, the newest counts. Raises `InputError` for a day on which lines of the bank were imported already.
    """
    require(TELL_OPENING, actor)
    assert isinstance(actor, Member), "the gate asks for staff"
    first = first_line_on()
    if as_of >= (first or clock.today() + timedelta(days=1)):
        text = Text(
            "{day}より前の日付にしてください(最初に取り込んだ明細の日)。",
            "Give a day before {day}, that of the first imported line.",
        ).format(day=(first or clock.today() + timedelta(days=1)).isoformat())
        raise InputError({"as_of": [text]})
    row = OpeningBalance.objects.create(
        as_of=as_of, amount_yen=amount_yen, note=read_own_words(note, "note").text.ja, told_by=actor
    )
    audit.record(actor=actor, kind=entries.OPENING_TOLD, subject=row, as_of=as_of, amount_yen=amount_yen)
    return row


def is_due() -> bool:
    """Whether nobody compared books and bank today."""
    last = last_reconciliation()
    return last is None or clock.tokyo(last.made_at).date() < clock.today()


def _keep_differences(found: Comparison) -> int:
    """Bring the rows in step with what was found; how many are new or changed."""
    standing = {row.key: row for row in BankDifference.objects.select_for_update().exclude(state="cleared")}
    decide_by = clock.end_of(clock.today() + timedelta(days=policy.value("payouts.difference_days")))
    fresh = 0
    for item in found.items:
        row = standing.pop(item.key, None)
        if row is None:
            BankDifference.objects.create(
                key=item.key,
                kind=item.kind,
                subject_id=item.subject_id,
                amount_yen=item.amount_yen,
                on=item.on,
                decide_by=decide_by,
            )
            fresh += 1
        elif row.amount_yen != item.amount_yen:
            if row.state == "explained":
                row.state, row.decide_by = BANK_DIFFERENCE.require(row.state, "change"), decide_by
                fresh += 1
            row.amount_yen, row.on = item.amount_yen, item.on
            row.save(update_fields=["state", "decide_by", "amount_yen", "on"])
    for row in standing.values():
        row.state, row.cleared_at = BANK_DIFFERENCE.require(row.state, "clear"), clock.now()
        row.save(update_fields=["state", "cleared_at"])
    return fresh


def _remind() -> int:
    """Which differences are open beyond their clock and were not told today; how many."""
    late = differences_open().filter(decide_by__lte=clock.now()).exclude(reminded_on=clock.today())
    return late.update(reminded_on=clock.today())
