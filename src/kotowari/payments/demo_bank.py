"""The demo's bank: writes real 200-byte statements of the operator's account, to be imported like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kotowari.foundation.operator import operator_bank_account
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.kana import FieldClass, UnusableText, to_bank_text
from kotowari.payments import statement
from kotowari.payments.selectors.balances import moved_yen, newest_balance
from kotowari.payments.statement import ACCOUNT_STATEMENT, Account, Direction, Entry, Statement

PAYER = "ﾐﾎﾝ ﾊﾂﾁﾕｳｼﾔ"
"""Who pays when a member's name has no reading that a bank could write."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money that somebody sends us, or, unless it `comes_in`, that we send.

    `reference` stands before the name; empty where the sender forgot it. `payer` is the other side's name.
    """

    amount_yen: int
    reference: str = ""
    payer: str = ""
    comes_in: bool = True
    summary: str = "ﾌﾘｺﾐ"


def write_statement(transfers: Sequence[Transfer], booked_on: date | None = None) -> bytes:
    """A statement (03) with these transfers; each is one of its own, however often the same is sent."""
    ours = operator_bank_account()
    assert ours is not None, "the gate asked"
    day = booked_on or clock.today()
    account = Account(ours.bank_code, ours.branch_code, ours.kind, ours.number, ours.holder_kana)
    entries = tuple(
        Entry(
            ACCOUNT_STATEMENT,
            account,
            day,
            day,
            Direction.IN if each.comes_in else Direction.OUT,
            each.amount_yen,
            payer_name=f"{each.reference}{payer_in_kana(each.payer)}"[:48] if each.comes_in or each.payer else "",
            inquiry_number=f"{new_id().int % 99_999_999 + 1:08d}",
            sending_bank="ﾐﾎﾝ",
            sending_branch="ｴｷﾏｴ",
            summary=each.summary,
        )
        for each in transfers
    )
    return statement.write(
        [Statement(ACCOUNT_STATEMENT, account, day, day, day, entries, opening_balance_yen=balance_before(day))]
    )


def balance_before(day: date) -> int | None:
    """What lies in the account by all that the bank said so far; None when it wrote a later day's statement already.

    A bank does not write yesterday's statement after today's: such a file tells no balance.
    """
    told = newest_balance()
    if told is not None and told.to_on > day:
        return None
    return (told.closing_yen if told else 0) + moved_yen(since=told, until=day)


def payer_in_kana(name: str) -> str:
    """A name as a bank writes it, half-width; one that cannot be written so is replaced."""
    try:
        return to_bank_text(name, FieldClass.PARTY_NAME, limit=40) or PAYER
    except UnusableText:
        return PAYER
