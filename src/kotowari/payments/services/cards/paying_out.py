"""The processor's transfers of what it took: a deposit in the bank's statement that staff recognise."""

from uuid import UUID

from kotowari.foundation import audit
from kotowari.foundation.actors import Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.ledger import accounts
from kotowari.ledger.catalogue import JournalKind
from kotowari.ledger.services import Line, post
from kotowari.payments import entries
from kotowari.payments.gates import KNOW_PROCESSOR
from kotowari.payments.models import Deposit
from kotowari.payments.selectors.cards import Claim
from kotowari.payments.services.one_at_a_time import one_at_a_time
from kotowari.payments.services.waiting import close


@command(KNOW_PROCESSOR)
def know_processor_deposit(*, actor: Actor, deposit_id: UUID, processor: str, fee_yen: int = 0) -> Deposit:
    """Record that a deposit is a card processor's transfer, and the fee that it kept back: our expense.

    Raises `InputError` under `processor` and `fee_yen`.
    """
    one_at_a_time()
    deposit = lock(Deposit, deposit_id, "milestone__contract")
    if processor not in accounts.CARD_CLEARINGS:
        raise InputError({"processor": [Text("カード会社を選んでください。", "Choose the card processor.")]})
    if fee_yen < 0:
        raise InputError({"fee_yen": [Text("0円以上で入力してください。", "Give 0 yen or more.")]})
    require(KNOW_PROCESSOR, actor, Claim(deposit, processor, fee_yen))
    came_yen = deposit.remaining_yen
    post(
        kind=JournalKind.CARD_PAID_OUT,
        scope="card.paid_out",
        key=str(deposit.pk),
        lines=[
            Line(accounts.suspense(deposit.pk), -came_yen),
            Line(accounts.card_fees(), -fee_yen),
            Line(accounts.card_clearing(processor), came_yen + fee_yen),
        ],
        actor=actor,
        deposit_id=deposit.pk,
    )
    close(deposit, "know_processor")
    audit.record(
        actor=actor,
        kind=entries.DEPOSIT_FROM_PROCESSOR,
        subject=deposit,
        amount_yen=came_yen,
        processor=processor,
        fee_yen=fee_yen,
    )
    return deposit
