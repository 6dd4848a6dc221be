"""Transfers that came back, or that never went: the money is its owner's again, to the yen."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel import clock
from kotowari.kernel.gates import require
from kotowari.ledger import accounts
from kotowari.ledger.accounts import Account
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, give_back, post
from kotowari.payouts import entries, events
from kotowari.payouts.gates import CANCEL, LAPSE, RETURN
from kotowari.payouts.models import Payout
from kotowari.payouts.reasons import LAPSED, Reason, read_own_words, read_return_reason
from kotowari.payouts.services.holding import find_fault
from kotowari.payouts.services.naming import names
from kotowari.payouts.services.requesting import fee_lines
from kotowari.payouts.services.runs import dissolve_if_empty
from kotowari.payouts.services.settling import finish_runs, lock_with_run
from kotowari.payouts.transitions import PAYOUT


@command(RETURN)
def return_payout(*, actor: Actor, payout_id: UUID, reason: str, explanation: str = "") -> Payout:
    """Record that the bank sent a transfer back, before or after it was recorded as paid.

    `reason` is one of `reasons.RETURNS` by code or words, or is written out. The whole amount, fee included, is in
    the balance again; the lots are as they were. When the account was at fault, nothing is sent there until its
    owner has registered it again (P010, A153).
    """
    payout = lock_with_run(payout_id)
    require(RETURN, actor, payout)
    told = read_return_reason(reason, explanation)
    send_back(actor, payout, told)
    return payout


@command(CANCEL)
def cancel_payout(*, actor: Actor, payout_id: UUID, reason: str) -> Payout:
    """Call off a payout that is not with the bank yet; `reason` is told to its owner."""
    payout = lock_with_run(payout_id)
    require(CANCEL, actor, payout)
    _call_off(actor, payout, "cancel", read_own_words(reason))
    return payout


@command(LAPSE)
def lapse_hold(*, actor: Actor, payout_id: UUID) -> Payout:
    """End a hold whose account was not put right in time: the money returns to the balance."""
    payout = lock(Payout, payout_id)
    require(LAPSE, actor, payout)
    _call_off(actor, payout, "lapse", LAPSED)
    return payout


def send_back(actor: Actor, payout: Payout, reason: Reason) -> None:
    """Put a transfer, locked by the caller, back: from the bank into its owner's balance."""
    was_in_flight = payout.state == "in_file"
    _undo(
        actor,
        payout,
        JournalKind.PAYOUT_RETURNED,
        accounts.payout_in_flight(payout.pk) if was_in_flight else accounts.bank_payouts(),
    )
    _close(payout, "return", reason)
    if reason.is_about_account:
        find_fault(payout, reason)
    audit.record(
        actor=actor,
        kind=entries.RETURNED,
        subject=payout,
        net_yen=payout.net_yen,
        why_ja=reason.text.ja,
        why_en=reason.text.en,
    )
    emit(
        events.PayoutReturned(
            **names(payout),
            reason_ja=reason.text.ja,
            reason_en=reason.text.en,
            is_about_account=reason.is_about_account,
        )
    )
    if was_in_flight and payout.run_id is not None:
        finish_runs(actor, {payout.run_id})


def _call_off(actor: Actor, payout: Payout, event: str, reason: Reason) -> None:
    _undo(actor, payout, JournalKind.PAYOUT_CANCELLED, accounts.payout_in_flight(payout.pk))
    _close(payout, event, reason)
    audit.record(
        actor=actor,
        kind=entries.CANCELLED,
        subject=payout,
        net_yen=payout.net_yen,
        why_ja=reason.text.ja,
        why_en=reason.text.en,
    )
    emit(events.PayoutCancelled(**names(payout), reason_ja=reason.text.ja, reason_en=reason.text.en))
    if payout.run is not None:
        dissolve_if_empty(actor, payout.run)


def _undo(actor: Actor, payout: Payout, kind: JournalKind, source: Account) -> None:
    """One journal, then the lots: the net amount comes from `source`, the fee out of the fees taken."""
    owner = accounts.available(payout.member_id) if payout.is_of_rewards else accounts.refund_due(payout.member_id)
    post(
        kind=kind,
        scope="payout.undo",
        key=str(payout.pk),
        lines=[
            Line(source, -payout.net_yen),
            Line(owner, payout.gross_yen),
            *fee_lines(payout, -1),
        ],
        actor=actor,
        payout_id=payout.pk,
    )
    if payout.is_of_rewards:
        give_back(payout_id=payout.pk)


def _close(payout: Payout, event: str, reason: Reason) -> None:
    payout.state = PAYOUT.require(payout.state, event)
    payout.reason, payout.closed_at, payout.lapses_at = reason.as_json(), clock.now(), None
    payout.save(update_fields=["state", "reason", "closed_at", "lapses_at"])
