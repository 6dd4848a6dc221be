"""What a bulk transfer file (総合振込, 120 bytes a record) holds, and how one bank wants it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.errors import KotowariError
from kotowari.kernel.fixed_records import FileError, FileWarning, Newline
from kotowari.kernel.text import Text

AMOUNT_LIMIT_YEN: Final = 9_999_999_999
"""The most that one record can carry: ten digits."""

TOTAL_LIMIT_YEN: Final = 999_999_999_999
"""The most that one file can carry: twelve digits in the trailer."""

COUNT_LIMIT: Final = 999_999
"""The most transfers in one file: six digits in the trailer."""

LARGE_VALUE_YEN: Final = 100_000_000
"""From here on a transfer is settled between the banks one by one, and may take other hours."""

NO_CODE: Final = "0000000000"
NewCode = Literal["0", "1", "2"]


@dataclass(frozen=True, slots=True)
class Header:
    """Who sends, from which account, on which day. Names are half-width, as in the file."""

    client_code: str
    client_name: str
    transfer_on: date
    bank_code: str
    branch_code: str
    account_kind: AccountKind
    account_number: str
    bank_name: str = ""
    branch_name: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment to one account. Names are half-width, as in the file.

    `edi` (20 bytes) takes the place of the two customer codes; `None` means that the codes are used.
    `new_code` is 1 for the first transfer to this account, 2 after a change, 0 otherwise.
    """

    bank_code: str
    branch_code: str
    account_kind: AccountKind
    account_number: str
    payee_name: str
    amount_yen: int
    bank_name: str = ""
    branch_name: str = ""
    new_code: NewCode = "0"
    customer_code_1: str = NO_CODE
    customer_code_2: str = NO_CODE
    edi: str | None = None

    def __post_init__(self) -> None:
        if self.edi is not None and not self.customer_code_1 == self.customer_code_2 == NO_CODE:
            raise ValueError("EDI and customer codes share the same bytes: give one or the other")


@dataclass(frozen=True, slots=True)
class Trailer:
    """How many transfers and how much in all."""

    count: int
    total_yen: int


@dataclass(frozen=True, slots=True)
class BankProfile:
    """What differs from bank to bank. The defaults are what the standard says and most banks take.

    `designation` is byte 112 (`7` by wire, `8` by document; some banks want `0` or a space), `clearing_house`
    bytes 39–42 (zeros; some banks want spaces). `earliest_bank_days` counts bank days from the day of
    submission to the transfer date, `latest_days` calendar days. `daily_limit_yen` is the contract's.
    """

    name: str = "標準"
    record_limit: int = 5_000
    total_limit_yen: int = TOTAL_LIMIT_YEN
    daily_limit_yen: int | None = None
    newline: Literal["crlf", "none"] = "crlf"
    designation: Literal["7", "8", "0", " "] = "7"
    clearing_house: Literal["0000", "    "] = "0000"
    allow_wo: bool = False
    are_names_required: bool = False
    earliest_bank_days: int = 1
    latest_days: int = 31

    def __post_init__(self) -> None:
        sound = {
            "record_limit (1 to 999,999)": 1 <= self.record_limit <= COUNT_LIMIT,
            "total_limit_yen (10 to 12 digits)": AMOUNT_LIMIT_YEN <= self.total_limit_yen <= TOTAL_LIMIT_YEN,
            "daily_limit_yen (above 0)": self.daily_limit_yen is None or self.daily_limit_yen > 0,
            "newline (crlf, none)": self.newline in ("crlf", "none"),
            "designation (7, 8, 0, space)": self.designation in ("7", "8", "0", " "),
            "clearing_house (0000, four spaces)": self.clearing_house in ("0000", "    "),
            "earliest_bank_days (0 or more)": self.earliest_bank_days >= 0,
            "latest_days (1 or more)": self.latest_days >= 1,
        }
        if wrong := [name for name, is_right in sound.items() if not is_right]:
            raise ValueError(f"bank profile {self.name}: {', '.join(wrong)}")


STANDARD: Final = BankProfile()


@dataclass(frozen=True, slots=True)
class TransferFile:
    """One header with its transfers and its trailer, as read."""

    header: Header
    transfers: tuple[Transfer, ...]
    trailer: Trailer
    designation: str
    clearing_house: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What was read. `files` is filled only when every byte was understood: a file is never half read.

    `errors` may hold more than faults of form: a date on which banks rest, a branch that does not exist. Then
    `files` is there and must still not be sent.
    """

    files: tuple[TransferFile, ...]
    errors: tuple[FileError, ...]
    warnings: tuple[FileWarning, ...]
    newline: Newline

    @property
    def is_sound(self) -> bool:
        """Whether the file was read and nothing speaks against it."""
        return bool(self.files) and not self.errors


@dataclass(frozen=True, slots=True)
class TransferProblem:
    """Why something cannot be written or would be refused: `index` is the transfer's place, None the file itself."""

    code: str
    index: int | None
    field: str
    message: Text
    remedy: Text

    def __str__(self) -> str:
        place = Text(f"{self.index + 1}件目: ", f"Transfer {self.index + 1}: ") if self.index is not None else ""
        return f"{place}{self.message} {self.remedy}"


class CannotWrite(KotowariError):  # noqa: N818 - an answer about the transfers handed in
    """The transfers do not fit into a file that a bank would take; `problems` tells all of them at once."""

    def __init__(self, problems: list[TransferProblem]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.field}: {p.message.en}" for p in problems[:20]))
