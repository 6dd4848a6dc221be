"""Lines of the bank's statement about the operator's own money: booked by staff, and taken back with a reason (P019)."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.accounts import Account
from kotowari.ledger.catalogue import CATALOGUE, JournalKind
from kotowari.ledger.errors import PeriodClosed
from kotowari.ledger.services import Line, ask_check, post, reverse
from kotowari.payouts import entries
from kotowari.payouts.gates import BOOK, REOPEN
from kotowari.payouts.models import BankEntry
from kotowari.payouts.reasons import read_own_words
from kotowari.payouts.selectors.operators_money import operators_money
from kotowari.payouts.services.settling import moment_in_open_books
from kotowari.payouts.transitions import BANK_ENTRY

BOOKABLE: dict[JournalKind, Account] = {
    JournalKind.BANK_FEE_PAID: accounts.bank_fees(),
    JournalKind.TAX_PAID: accounts.consumption_tax_payable(),
    JournalKind.OWN_FUNDS_TAKEN_OUT: accounts.operator_funds(),
}
"""What a line of money going out can be, with the account that it burdens."""


@command(BOOK)
def book_entry(*, actor: Actor, entry_id: UUID, kind: str, note: str = "") -> BankEntry:
    """Book an open line of money going out: a bank's fee, tax paid, or own money taken out.

    `kind` is one of `BOOKABLE`; `note` says more, if there is more to say. The journal is of the day the bank booked
    it, or of the first day after the months that are closed. The line is a fact, so it is booked even where the bank
    then has less than members are owed: a check of the books is asked for at once. Raises `InputError`.
    """
    entry = lock(BankEntry, entry_id)
    require(BOOK, actor, entry)
    if kind not in BOOKABLE:
        raise InputError({"kind": [Text("何の出金かを選んでください。", "Choose what it was.")]})
    said = CATALOGUE[JournalKind(kind)].title
    if note.strip():
        more = read_own_words(note, "note").text
        said = Text(f"{said.ja}({more.ja})", f"{said.en} ({more.en})")
    entry.journal_id = _post(actor, entry, JournalKind(kind))
    _decide(entry, "book", said)
    audit.record(
        actor=actor,
        kind=entries.LINE_BOOKED,
        subject=entry,
        amount_yen=entry.amount_yen,
        what_ja=said.ja,
        what_en=said.en,
    )
    if operators_money().is_short:
        ask_check(actor=actor)
    return entry


@command(REOPEN)
def reopen_entry(*, actor: Actor, entry_id: UUID, reason: str) -> BankEntry:
    """Take back what staff said of a line; its journal, if it has one, is reversed today. Raises `InputError`."""
    entry = lock(BankEntry, entry_id)
    require(REOPEN, actor, entry)
    why = read_own_words(reason).text
    if entry.state == "booked":
        assert entry.journal_id is not None, "a constraint"
        reverse(journal_id=entry.journal_id, actor=actor, reason=why.ja)
    _decide(entry, "reopen", Text("取り消しました:{why}", "Taken back: {why}").format(why=why))
    audit.record(actor=actor, kind=entries.LINE_REOPENED, subject=entry, amount_yen=entry.amount_yen, why=why.ja)
    return entry


def _post(actor: Actor, entry: BankEntry, kind: JournalKind) -> UUID:
    # Booked anew after it was taken back it is another event, named after the journal that was reversed.
    key = f"{entry.pk}:{entry.journal_id}" if entry.journal_id else str(entry.pk)
    lines = [Line(BOOKABLE[kind], -entry.amount_yen), Line(accounts.bank_payouts(), entry.amount_yen)]
    occurred_at = moment_in_open_books(entry.booked_on)
    try:
        return post(kind=kind, scope="bank_line.book", key=key, lines=lines, actor=actor, occurred_at=occurred_at).id
    except PeriodClosed as error:
        text = Text(
            "いま月が締められたところです。もう一度お試しください。", "A month was closed just now: try once more."
        )
        raise InputError({"kind": [text]}) from error


def _decide(entry: BankEntry, event: str, note: Text) -> None:
    entry.state = BANK_ENTRY.require(entry.state, event)
    entry.note, entry.closed_at = note.as_dict(), None if entry.state == "open" else clock.now()
    entry.save(update_fields=["state", "note", "closed_at", "journal_id"])
