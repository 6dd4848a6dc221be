"""The operator's own money that came in: a deposit that staff recognise, and the way back from a mistake (P019)."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger import selectors as ledger
from kotowari.ledger.accounts import Account
from kotowari.ledger.catalogue import CATALOGUE, JournalKind
from kotowari.ledger.services import Line, post, reverse
from kotowari.payments import entries, reasons
from kotowari.payments.gates import KNOW_OWN, REOPEN
from kotowari.payments.models import Deposit
from kotowari.payments.services.one_at_a_time import one_at_a_time
from kotowari.payments.services.waiting import close, last_moment
from kotowari.payments.transitions import DEPOSIT

OWN_KINDS: dict[JournalKind, Account] = {
    JournalKind.OWN_FUNDS_PUT_IN: accounts.operator_funds(),
    JournalKind.INTEREST_RECEIVED: accounts.interest_income(),
}
"""What a deposit of the operator's own can be, with the account that it goes to."""


@command(KNOW_OWN)
def know_own_deposit(*, actor: Actor, deposit_id: UUID, kind: str, note: str = "") -> Deposit:
    """Record that a deposit is own money that the operator put in, or interest of the bank.

    `kind` is one of `OWN_KINDS`; `note` says more, if there is more to say. Raises `InputError` under either.
    """
    one_at_a_time()
    deposit = lock(Deposit, deposit_id, "milestone__contract")
    require(KNOW_OWN, actor, deposit)
    if kind not in OWN_KINDS:
        raise InputError({"kind": [Text("何の入金かを選んでください。", "Choose what it was.")]})
    told, came_yen = JournalKind(kind), deposit.remaining_yen
    note = reasons.read_words(note, "note").ja if note.strip() else ""
    before = _journal(deposit)
    post(
        kind=told,
        scope="deposit.own",
        # Recorded anew after it was taken back it is another event, named after the journal that was reversed.
        key=f"{deposit.pk}:{before}" if before else str(deposit.pk),
        lines=[Line(accounts.suspense(deposit.pk), -came_yen), Line(OWN_KINDS[told], came_yen)],
        actor=actor,
        deposit_id=deposit.pk,
    )
    deposit.note = note
    close(deposit, "know_own")
    what = CATALOGUE[told].title
    audit.record(
        actor=actor, kind=entries.DEPOSIT_OWN, subject=deposit, amount_yen=came_yen, what_ja=what.ja, what_en=what.en
    )
    return deposit


@command(REOPEN)
def reopen_deposit(*, actor: Actor, deposit_id: UUID, reason: str) -> Deposit:
    """Take back that a deposit is the operator's own: its journal is reversed, and it waits in suspense anew."""
    one_at_a_time()
    deposit = lock(Deposit, deposit_id, "milestone__contract")
    require(REOPEN, actor, deposit)
    why = reasons.read_words(reason, "reason").ja
    journal_id = _journal(deposit)
    assert journal_id is not None, "it is the operator's by a journal"
    reverse(journal_id=journal_id, actor=actor, reason=why)
    waits = reasons.opened_again(why)
    deposit.state = DEPOSIT.require(deposit.state, "reopen")
    deposit.remaining_yen, deposit.note = ledger.balance_of(accounts.suspense(deposit.pk)), ""
    deposit.reason, deposit.waits_for = waits.as_json(), waits.waits_for
    deposit.decide_by, deposit.closed_at = last_moment(), None
    deposit.save(update_fields=["state", "remaining_yen", "note", "reason", "waits_for", "decide_by", "closed_at"])
    audit.record(actor=actor, kind=entries.DEPOSIT_REOPENED, subject=deposit, amount_yen=deposit.remaining_yen, why=why)
    return deposit


def _journal(deposit: Deposit) -> UUID | None:
    """The newest journal that said so of this deposit, reversed or not."""
    about = ledger.journals_for(subject="deposit_id", subject_id=deposit.pk, limit=ledger.MAX_PAGE).journals
    return next((journal.id for journal in about if journal.kind in OWN_KINDS), None)
