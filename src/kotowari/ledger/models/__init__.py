"""The books, the seals over them, and what became of checking them. Only this room touches these tables."""

from kotowari.ledger.models.books import (
    Account,
    Balance,
    CurrentTransaction,
    Journal,
    JournalKindField,
    Lot,
    LotUse,
    Period,
    PeriodBalance,
    Posting,
    RollupTail,
    TransactionIdField,
)
from kotowari.ledger.models.checks import CheckAlarm, CheckResult, CheckRun
from kotowari.ledger.models.seals import Seal, Sealed

__all__ = [
    "Account",
    "Balance",
    "CheckAlarm",
    "CheckResult",
    "CheckRun",
    "CurrentTransaction",
    "Journal",
    "JournalKindField",
    "Lot",
    "LotUse",
    "Period",
    "PeriodBalance",
    "Posting",
    "RollupTail",
    "Seal",
    "Sealed",
    "TransactionIdField",
]
