"""What a bank's deposit files hold: 振込入金通知 (kind 01) and 入出金取引明細 (kind 03), 200 bytes a record."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.errors import KotowariError
from kotowari.kernel.fixed_records import FileError, FileWarning, Newline
from kotowari.kernel.text import Text

DEPOSIT_NOTICE: Final = "01"
ACCOUNT_STATEMENT: Final = "03"
TypeCode = Literal["01", "03"]

TRANSFER: Final = "11"
CORRECTION: Final = "19"
NO_KIND: Final = "00"
TRANSACTION_KINDS: Final = {
    "10": Text("現金", "cash"),
    "11": Text("振込", "transfer"),
    "12": Text("他店券入金", "cheque of another branch"),
    "13": Text("交換", "clearing"),
    "14": Text("振替", "transfer within the bank"),
    "15": Text("継続", "renewal"),
    "18": Text("その他", "other"),
    "19": Text("訂正", "correction"),
}
"""取引区分 of an account statement."""

RETURN_WORDS: Final = ("ｸﾐﾓﾄﾞｼ", "ｸﾐﾓﾄｼ", "ｸﾐﾓﾄﾞ", "ﾍﾝｷﾔｸ", "ﾌﾘｺﾐﾌﾉｳ", "ﾆﾕｳｷﾝﾌﾉｳ", "ﾌﾉｳﾌﾘｺﾐ")
"""Words by which banks mark money of a failed transfer that comes back."""


class Direction(StrEnum):
    """入払区分."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Account:
    """The account of our own that the file is about. The number has 7 digits, or up to 10 where a bank has more."""

    bank_code: str
    branch_code: str
    kind: AccountKind
    number: str
    holder_name: str = ""
    bank_name: str = ""
    branch_name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the bank's file. Texts are half-width as the bank wrote them, without the padding.

    `booked_on` is 勘定日, `value_on` 起算日. `payer_name` is 振込依頼人名 (of money that goes out: the bank's
    contract number). `cancels` is 取消区分 1 of a deposit notice. `occurrence` tells apart lines of one day that
    are the same in everything else. `line` is where the entry stood in its file and no part of what it is.
    """

    type_code: TypeCode
    account: Account
    booked_on: date
    value_on: date
    direction: Direction
    amount_yen: int
    payer_name: str = ""
    payer_code: str = ""
    sending_bank: str = ""
    sending_branch: str = ""
    edi: str = ""
    inquiry_number: str = ""
    summary: str = ""
    transaction_code: str = TRANSFER
    cancels: bool = False
    other_bank_checks_yen: int = 0
    exchanged_on: date | None = None
    dishonoured_on: date | None = None
    bill_kind: str = ""
    bill_number: str = ""
    other_office: str = ""
    occurrence: int = 1
    line: int = field(default=0, compare=False)

    @property
    def is_incoming(self) -> bool:
        """Whether money came in."""
        return self.direction is Direction.IN

    @property
    def is_cancellation(self) -> bool:
        """Whether the bank takes back or corrects an earlier line; never to be treated as money received."""
        return self.cancels or self.transaction_code == CORRECTION

    @property
    def has_unpaid_checks(self) -> bool:
        """Whether part of the money is cheques of other banks that may still bounce, or has bounced."""
        return self.other_bank_checks_yen > 0 or self.dishonoured_on is not None

    @property
    def transaction_kind(self) -> Text:
        """The kind of transaction in words."""
        if self.transaction_code == NO_KIND:
            return Text("区分なし", "no kind given")
        return TRANSACTION_KINDS.get(
            self.transaction_code, Text(f"区分{self.transaction_code}", f"kind {self.transaction_code}")
        )

    def natural_key(self) -> str:
        """The same for the same line whenever and however often its file is imported; 64 letters and digits.

        Made of kind of file, account, booking day, inquiry number, direction, amount, name, EDI, whether it
        cancels, and the occurrence within the day. Its recipe is a promise: rows are stored under it.
        """
        return _digest("entry", *self._sameness(), str(self.occurrence))

    def deposit_key(self) -> str:
        """The same for one deposit in a notice (01) and in a statement (03), which number and describe it differently.

        Not unique: two equal deposits of a day share it. For finding that both kinds of files are imported.
        """
        account = self.account
        return _digest(
            "deposit",
            account.bank_code,
            account.branch_code,
            str(account.kind.value),
            account.number,
            self.booked_on.isoformat(),
            self.direction.value,
            str(self.amount_yen),
            "".join(self.payer_name.split()),
        )

    def _sameness(self) -> tuple[str, ...]:
        account = self.account
        return (
            self.type_code,
            account.bank_code,
            account.branch_code,
            str(account.kind.value),
            account.number,
            self.booked_on.isoformat(),
            self.inquiry_number,
            self.direction.value,
            str(self.amount_yen),
            " ".join(self.payer_name.split()),
            self.edi,
            "cancels" if self.is_cancellation else "",
        )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def number_occurrences(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries with their occurrence numbers: 1 for the first of its kind on a day, 2 for the next."""
    seen: Counter[tuple[str, ...]] = Counter()
    numbered = []
    for entry in entries:
        sameness = entry._sameness()
        seen[sameness] += 1
        numbered.append(entry if entry.occurrence == seen[sameness] else replace(entry, occurrence=seen[sameness]))
    return tuple(numbered)


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's part of a file. Balances are None in a notice (01), and in a statement (03) of a
    bank that leaves them blank."""

    type_code: TypeCode
    account: Account
    created_on: date
    from_on: date | None
    to_on: date | None
    entries: tuple[Entry, ...]
    opening_balance_yen: int | None = None
    closing_balance_yen: int | None = None
    passbook_kind: str = "0"
    line: int = field(default=0, compare=False)

    @property
    def received_yen(self) -> int:
        """What came in, cancelled lines and corrections aside."""
        return sum(e.amount_yen for e in self.entries if e.is_incoming and not e.is_cancellation)

    @property
    def paid_yen(self) -> int:
        """What went out, corrections aside."""
        return sum(e.amount_yen for e in self.entries if not e.is_incoming and not e.is_cancellation)


@dataclass(frozen=True, slots=True)
class StatementProfile:
    """What differs from bank to bank.

    `date_style`: years of the Japanese era (the standard) or the last two digits of the Western year.
    `return_words`: how this bank marks money that comes back from a failed transfer.
    """

    name: str = "標準"
    date_style: Literal["era", "western"] = "era"
    newline: Literal["crlf", "none"] = "crlf"
    return_words: tuple[str, ...] = RETURN_WORDS

    def __post_init__(self) -> None:
        if self.date_style not in ("era", "western") or self.newline not in ("crlf", "none"):
            raise ValueError(f"statement profile {self.name}: date_style or newline")


STANDARD: Final = StatementProfile()


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read. `statements` is filled only when there is no error: a file is never half read."""

    statements: tuple[Statement, ...]
    errors: tuple[FileError, ...]
    warnings: tuple[FileWarning, ...]
    newline: Newline

    @property
    def is_sound(self) -> bool:
        """Whether the file was read and nothing speaks against it."""
        return bool(self.statements) and not self.errors

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all accounts, in the order of the file."""
        return tuple(entry for statement in self.statements for entry in statement.entries)


class CannotWrite(KotowariError):  # noqa: N818 - an answer about the entries handed in
    """The statement does not fit its records; `problems` tells all of it at once."""

    def __init__(self, problems: list[Text]) -> None:
        self.problems = problems
        super().__init__("; ".join(problem.en for problem in problems[:20]))
