"""Sealing journals, some at a time, and knowing the newest seal."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from kotowari.foundation import policy
from kotowari.kernel import clock

BATCH = 10_000
"""Journals under one seal at most: their digests are put together in memory."""
LOOK_BACK = timedelta(days=1)
"""How much older than the newest sealed journal one may be that is committed late and still found by every seal."""


def seal(*, everything: bool = False) -> int:
    """Put journals that are under no seal yet under the next ones; returns how many.

    Those are found by their ids, which follow the machine's clock, from `LOOK_BACK` before the newest sealed one on.
    With `everything` the whole table is looked through, however late somebody committed.
    """
    sealed, from_id = 0, UUID(int=0) if everything else None
    with connection.cursor() as cursor:
        while True:
            arguments: tuple[Any, ...] = (clock.now(), LOOK_BACK, from_id, BATCH)
            cursor.execute("SELECT * FROM ledger_seal_next(%s, %s, %s, %s)", arguments)
            row: tuple[int, UUID | None] = cursor.fetchone()
            count, from_id = row
            sealed += count
            if count < BATCH:
                return sealed


def seal_when_due() -> int:
    """Seal what was posted since the last seal, when that is long enough ago; how many journals."""
    pause = timedelta(minutes=policy.value("ledger.seal_minutes"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_at FROM ledger_seal ORDER BY number DESC LIMIT 1")
        row = cursor.fetchone()
    return 0 if row is not None and clock.now() - pause < row[0] <= clock.now() else seal()
