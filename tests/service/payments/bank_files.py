"""Statements of the operator's account as its bank writes them, for these tests."""

import itertools
from datetime import date

from tests import story

from kotowari.foundation.operator import operator_bank_account
from kotowari.kernel import clock
from kotowari.payments.models import Deposit
from kotowari.payments.services import import_statement
from kotowari.payments.statement import Account, Direction, Entry, Statement, write

_inquiries = itertools.count(1)


def ours(**changes: object) -> Account:
    """The operator's account, as it stands in a file."""
    mine = operator_bank_account()
    assert mine is not None
    given = {
        "bank_code": mine.bank_code,
        "branch_code": mine.branch_code,
        "kind": mine.kind,
        "number": mine.number,
        "holder_name": mine.holder_kana,
    }
    return Account(**{**given, **changes})


def line(amount_yen: int, name: str = "", *, kind: str = "03", way: str = "in", **more: object) -> Entry:
    """One line; each has an inquiry number of its own unless one is given."""
    day = more.pop("booked_on", None) or clock.today()
    width = 8 if kind == "03" else 6
    more.setdefault("inquiry_number", f"{next(_inquiries):0{width}d}")
    more.setdefault("account", ours())
    return Entry(
        type_code=kind,
        booked_on=day,
        value_on=day,
        direction=Direction(way),
        amount_yen=amount_yen,
        payer_name=name,
        **more,
    )


def file(*lines: Entry, made_on: date | None = None) -> bytes:
    """A whole file with these lines."""
    account, kind = (lines[0].account, lines[0].type_code) if lines else (ours(), "03")
    day = made_on or clock.today()
    opening = 1_000_000 if kind == "03" else None
    return write([Statement(kind, account, day, None, None, lines, opening_balance_yen=opening)])


def pay_in(*lines: Entry) -> list[Deposit]:
    """Import these lines as staff would; the deposits they made, in order."""
    made = import_statement(actor=story.member(is_staff=True), data=file(*lines), filename="meisai.txt")
    return list(Deposit.objects.filter(statement=made).order_by("line"))
