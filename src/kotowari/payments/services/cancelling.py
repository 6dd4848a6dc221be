"""The bank takes back or corrects an earlier line: never money received, and never passed over in silence."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.selectors import journals_for
from kotowari.ledger.services import reverse
from kotowari.payments import entries, events
from kotowari.payments.gates import EXPLAIN_CANCELLATION
from kotowari.payments.models import Cancellation, Deposit, StatementFile
from kotowari.payments.reasons import read_words
from kotowari.payments.services.waiting import close, names
from kotowari.payments.statement import Entry
from kotowari.payments.transitions import CANCELLATION

MOST_CANDIDATES = 200
APPLIED = Text("取り消された入金を仮受金から除きました。", "The deposit it cancels was taken out of suspense.")
CORRECTION = Text(
    "出金を訂正する明細です。振込の結果と合うか確かめてください。",
    "It corrects money that went out: compare it with the transfers.",
)
NONE_FITS = Text(
    "取り消される入金が見つかりません。すでに仮払いに充てたか、取り込まれていない可能性があります。",
    "No deposit fits: it may be in escrow already, or was never imported.",
)
SEVERAL_FIT = Text(
    "同じ金額・名義の入金が{count}件あり、どれか決められません。",
    "{count} deposits have this amount and name, so none was chosen.",
)


def apply_cancellation(actor: Actor, file: StatementFile, entry: Entry, natural_key: str) -> Cancellation:
    """Take the deposit that a line cancels out of suspense, if there is just one; else keep the line for staff."""
    row = Cancellation(
        statement=file,
        natural_key=natural_key,
        line=entry.line,
        amount_yen=entry.amount_yen,
        booked_on=entry.booked_on,
        reason=NONE_FITS.as_dict(),
    )
    row.payer_name = entry.payer_name
    is_about_deposit = entry.cancels or not entry.is_incoming
    found = _cancelled(entry) if is_about_deposit else []
    if len(found) == 1:
        # A row is born open: the table knows no other way.
        row.save()
        _take_back(actor, found[0])
        row.deposit, row.reason, row.closed_at = found[0], APPLIED.as_dict(), clock.now()
        row.state = CANCELLATION.require(row.state, "apply")
        row.save(update_fields=["deposit", "reason", "closed_at", "state"])
        return row
    why = NONE_FITS if is_about_deposit else CORRECTION
    why = SEVERAL_FIT.format(count=len(found)) if found else why
    row.reason = why.as_dict()
    row.save()
    audit.record(
        actor=actor,
        kind=entries.CANCELLATION_OPEN,
        subject=row,
        amount_yen=row.amount_yen,
        why_ja=why.ja,
        why_en=why.en,
    )
    return row


def _cancelled(entry: Entry) -> list[Deposit]:
    """Deposits still wholly in suspense with this amount and name, booked on this day or before."""
    rows = (
        Deposit.objects.select_for_update(of=("self",))
        .select_related("milestone__contract")
        .filter(
            state__in=["in_suspense", "to_send_back"],
            amount_yen=entry.amount_yen,
            remaining_yen=entry.amount_yen,
            booked_on__lte=entry.booked_on,
        )
        .order_by("-pk")[:MOST_CANDIDATES]
    )
    name = "".join(entry.payer_name.split())
    return [row for row in rows if "".join((row.payer_name or "").split()) == name]


def _take_back(actor: Actor, deposit: Deposit) -> None:
    journals = journals_for(subject="deposit_id", subject_id=deposit.pk).journals
    received = next(j for j in journals if j.kind == JournalKind.DEPOSIT_RECEIVED)
    reverse(journal_id=received.id, actor=actor, reason="銀行の取消 / cancelled by the bank")
    told = events.DepositTakenBack(**names(deposit)) if deposit.is_certain and deposit.milestone_id else None
    close(deposit, "take_back")
    audit.record(actor=actor, kind=entries.DEPOSIT_TAKEN_BACK, subject=deposit, amount_yen=deposit.amount_yen)
    if told is not None:
        emit(told)


@command(EXPLAIN_CANCELLATION)
def explain_cancellation(*, actor: Actor, cancellation_id: UUID, note: str) -> Cancellation:
    """Say what became of a line that cancels something and that nothing fits. Raises `InputError` under `note`."""
    row = lock(Cancellation, cancellation_id)
    require(EXPLAIN_CANCELLATION, actor, row)
    row.note = read_words(note, "note").ja
    row.state, row.closed_at = CANCELLATION.require(row.state, "explain"), clock.now()
    row.save(update_fields=["note", "state", "closed_at"])
    audit.record(
        actor=actor, kind=entries.CANCELLATION_EXPLAINED, subject=row, amount_yen=row.amount_yen, note=row.note
    )
    return row
