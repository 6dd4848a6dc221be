"""総合振込 files, 120 bytes a record: written, read and judged without a database.

`write` makes the bytes, `read` takes them apart or tells every error by line and column, `check` judges a
planned run before anything is written.
"""

from kotowari.payouts.zengin.checks import CheckResult, Concern, check, destination_concerns, schedule_concerns
from kotowari.payouts.zengin.dates import resolve_transfer_date
from kotowari.payouts.zengin.reader import read
from kotowari.payouts.zengin.records import (
    AMOUNT_LIMIT_YEN,
    COUNT_LIMIT,
    LARGE_VALUE_YEN,
    NO_CODE,
    STANDARD,
    TOTAL_LIMIT_YEN,
    BankProfile,
    CannotWrite,
    Header,
    ReadResult,
    Trailer,
    Transfer,
    TransferFile,
    TransferProblem,
)
from kotowari.payouts.zengin.writer import split, trailer_of, write

__all__ = [
    "AMOUNT_LIMIT_YEN",
    "COUNT_LIMIT",
    "LARGE_VALUE_YEN",
    "NO_CODE",
    "STANDARD",
    "TOTAL_LIMIT_YEN",
    "BankProfile",
    "CannotWrite",
    "CheckResult",
    "Concern",
    "Header",
    "ReadResult",
    "Trailer",
    "Transfer",
    "TransferFile",
    "TransferProblem",
    "check",
    "destination_concerns",
    "read",
    "resolve_transfer_date",
    "schedule_concerns",
    "split",
    "trailer_of",
    "write",
]
