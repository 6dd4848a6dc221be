"""Staff place what did not place itself, or send it back; time sets aside what stays."""

from uuid import UUID

from kotowari.contracts.models import Milestone
from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.foundation.outbox import emit
from kotowari.kernel.gates import require
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, post
from kotowari.payments import entries, events
from kotowari.payments.gates import LAPSE, MATCH, RECONSIDER, SEND_BACK
from kotowari.payments.models import Deposit
from kotowari.payments.reasons import read_words
from kotowari.payments.selectors import Matching
from kotowari.payments.services.one_at_a_time import one_at_a_time
from kotowari.payments.services.waiting import bring_together, close, names
from kotowari.payments.transitions import DEPOSIT


@command(MATCH)
def match_deposit(*, actor: Actor, deposit_id: UUID, milestone_id: UUID) -> Deposit:
    """Put a deposit into a milestone's escrow, whatever its reference says; what is left stays in suspense.

    What came in parts for the same milestone goes along when this deposit alone does not cover the price.
    """
    one_at_a_time()
    deposit = lock(Deposit, deposit_id, "milestone__contract")
    milestone = lock(Milestone, milestone_id, "contract__client")
    require(MATCH, actor, Matching(deposit, milestone))
    is_funded = bring_together(actor, milestone, chosen=deposit)
    assert is_funded, "the gate asked the same"
    deposit.refresh_from_db()
    return deposit


@command(SEND_BACK)
def send_back_deposit(*, actor: Actor, deposit_id: UUID, reason: str) -> Deposit:
    """Record that what is left of a deposit was sent back at the bank to the account it came from.

    The statement names no account of the sender, so the transfer itself is ordered at the bank (組戻し or a transfer
    by hand); its sender is told the reason. Raises `InputError` under `reason`.
    """
    one_at_a_time()
    deposit = lock(Deposit, deposit_id, "milestone__contract")
    require(SEND_BACK, actor, deposit)
    why = read_words(reason, "reason").ja
    sent_yen = deposit.remaining_yen
    post(
        kind=JournalKind.DEPOSIT_SENT_BACK,
        scope="deposit.send_back",
        key=str(deposit.pk),
        lines=[Line(accounts.suspense(deposit.pk), -sent_yen), Line(accounts.bank_deposits(), sent_yen)],
        actor=actor,
        deposit_id=deposit.pk,
    )
    told = events.DepositSentBack(**names(deposit), reason=why) if deposit.is_certain and deposit.milestone_id else None
    deposit.note = why
    close(deposit, "send_back")
    audit.record(actor=actor, kind=entries.DEPOSIT_SENT_BACK, subject=deposit, amount_yen=sent_yen, why=why)
    if told is not None:
        emit(told)
    return deposit


@command(LAPSE)
def lapse_deposit(*, actor: Actor, deposit_id: UUID) -> Deposit:
    """What time does to a deposit that found no escrow: it is set aside to be sent back."""
    one_at_a_time()
    deposit = lock(Deposit, deposit_id, "milestone__contract")
    require(LAPSE, actor, deposit)
    deposit.state = DEPOSIT.require(deposit.state, "lapse")
    deposit.decide_by, deposit.waits_for = None, "operator"
    deposit.save(update_fields=["state", "decide_by", "waits_for"])
    audit.record(actor=actor, kind=entries.DEPOSIT_LAPSED, subject=deposit, amount_yen=deposit.remaining_yen)
    if deposit.is_certain and deposit.milestone_id:
        emit(events.DepositToGoBack(**names(deposit)))
    return deposit


@command(RECONSIDER)
def reconsider_deposits(*, actor: Actor, milestone_id: UUID) -> int:
    """Look again at what came for a milestone that has changed: say the new reason; how many deposits wait for it."""
    one_at_a_time()
    require(RECONSIDER, actor)
    count = Deposit.objects.filter(milestone_id=milestone_id, state="in_suspense").count()
    if not count:
        return 0
    milestone = lock(Milestone, milestone_id, "contract__client")
    bring_together(actor, milestone)
    audit.record(actor=actor, kind=entries.DEPOSITS_RECONSIDERED, subject=milestone, title=milestone.title, count=count)
    return count
