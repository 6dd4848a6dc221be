"""What the ledger raises. Members never meet these: the gate above has refused before, in words."""

from datetime import date, datetime
from uuid import UUID

from kotowari.kernel.errors import KotowariError


class InsufficientFunds(KotowariError):  # noqa: N818 - a refusal is an answer, not a fault
    """An account that cannot go below zero would have; nothing was written."""

    def __init__(self, account: str, balance_yen: int, change_yen: int) -> None:
        self.account = account
        self.balance_yen = balance_yen
        self.change_yen = change_yen
        super().__init__(f"{account} holds {balance_yen} yen and cannot change by {change_yen}")


class PeriodClosed(KotowariError):  # noqa: N818
    """The books are closed through that day: date the journal later. Closed days are never written to."""

    def __init__(self, closed_through: date, occurred_at: datetime | None = None) -> None:
        self.closed_through = closed_through
        self.occurred_at = occurred_at
        super().__init__(f"the books are closed through {closed_through.isoformat()}")


class NotReversible(KotowariError):  # noqa: N818
    """The journal was reversed before, is itself a reversal, or does not exist."""

    def __init__(self, journal_id: UUID, reason: str) -> None:
        self.journal_id = journal_id
        super().__init__(f"journal {journal_id} cannot be reversed: {reason}")


class LotsDisagree(KotowariError):  # noqa: N818
    """Lots were asked for something their record contradicts, such as giving back more than was taken."""


class NotInChart(KotowariError):  # noqa: N818
    """A journal of this kind does not move money this way; the chart of accounts says which ways there are.

    Said to programmers: either the call is wrong or the catalogue needs another entry.
    """
