"""The books are written forward only (P018)."""

from datetime import datetime

from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import decide
from kotowari.ledger.gates import POST
from kotowari.ledger.selectors import post_facts

NEWEST_BEFORE = "(SELECT posted_at FROM ledger_journal ORDER BY id DESC LIMIT 1)"
"""Asked in the very statement that writes, it does not see what is written: one round trip, and one row by its key."""


def keep_forward(posted_at: datetime, newest_at: datetime | None) -> None:
    """End the caller's transaction when its clock runs behind the books. Raises `Refused`."""
    if newest_at is None or newest_at <= posted_at:
        return
    decision = decide(POST, post_facts(posted_at, newest_at))
    if not decision.allowed:
        raise Refused(decision)
