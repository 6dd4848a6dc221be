"""The demo's bank sends a client's money: a real file, imported the real way."""

from typing import Literal, get_args
from uuid import UUID

from kotowari.contracts.models import Milestone
from kotowari.foundation import audit
from kotowari.foundation.actors import SYSTEM, Actor
from kotowari.foundation.commands import command
from kotowari.foundation.locks import lock
from kotowari.kernel.errors import InputError
from kotowari.kernel.gates import require
from kotowari.kernel.text import Text
from kotowari.payments import entries
from kotowari.payments.demo_bank import Transfer, write_statement
from kotowari.payments.gates import LET_BANK_SEND
from kotowari.payments.models import StatementFile
from kotowari.payments.selectors import waiting_for
from kotowari.payments.services.importing import import_statement
from kotowari.payments.services.one_at_a_time import one_at_a_time

Way = Literal["exact", "too_little", "too_much", "no_reference"]
WAYS: tuple[Way, ...] = get_args(Way)
MORE_YEN = 1_000


@command(LET_BANK_SEND)
def let_bank_send(*, actor: Actor, milestone_id: UUID, way: str = "exact") -> StatementFile:
    """Send what a milestone still needs, or less, more, or without its reference, and import the bank's statement.

    Raises `InputError` under `way`.
    """
    one_at_a_time()
    milestone = lock(Milestone, milestone_id, "contract__client")
    require(LET_BANK_SEND, actor, milestone)
    if way not in WAYS:
        text = Text("振り込み方を選んでください({ways})。", "Choose how to send it ({ways}).")
        raise InputError({"way": [text.format(ways=", ".join(WAYS))]})
    received_yen = sum(d.remaining_yen for d in waiting_for(milestone))
    missing_yen = milestone.client_pays_yen - received_yen if milestone.state == "awaiting_funding" else 0
    needed_yen = max(missing_yen, 0) or milestone.client_pays_yen
    amount_yen = {"too_little": max(needed_yen // 2, 1), "too_much": needed_yen + MORE_YEN}.get(way, needed_yen)
    transfer = Transfer(
        amount_yen,
        reference="" if way == "no_reference" else milestone.reference,
        payer=milestone.contract.client.display_name,
    )
    file = import_statement(actor=SYSTEM, data=write_statement([transfer]), filename="demo-bank.txt")
    audit.record(actor=actor, kind=entries.DEMO_TRANSFER, subject=milestone, amount_yen=amount_yen, way=way)
    return file
