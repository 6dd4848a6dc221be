"""Deposit files of banks, 200 bytes a record: read, written (for demo and tests) and matched without a database.

`read` takes them apart or tells every error by line and column; `Entry.natural_key` makes an import that is
repeated add nothing; `extract_reference` and `is_returned_transfer` say what a line is about.
"""

from kotowari.payments.statement.dates import NoSuchDate, read_date, write_date
from kotowari.payments.statement.matching import (
    REFERENCE_DIGITS,
    Reference,
    extract_reference,
    is_returned_transfer,
)
from kotowari.payments.statement.reader import read
from kotowari.payments.statement.records import (
    ACCOUNT_STATEMENT,
    CORRECTION,
    DEPOSIT_NOTICE,
    RETURN_WORDS,
    STANDARD,
    TRANSACTION_KINDS,
    TRANSFER,
    Account,
    CannotWrite,
    Direction,
    Entry,
    ReadResult,
    Statement,
    StatementProfile,
    number_occurrences,
)
from kotowari.payments.statement.writer import write

__all__ = [
    "ACCOUNT_STATEMENT",
    "CORRECTION",
    "DEPOSIT_NOTICE",
    "REFERENCE_DIGITS",
    "RETURN_WORDS",
    "STANDARD",
    "TRANSACTION_KINDS",
    "TRANSFER",
    "Account",
    "CannotWrite",
    "Direction",
    "Entry",
    "NoSuchDate",
    "ReadResult",
    "Reference",
    "Statement",
    "StatementProfile",
    "extract_reference",
    "is_returned_transfer",
    "number_occurrences",
    "read",
    "read_date",
    "write",
    "write_date",
]
