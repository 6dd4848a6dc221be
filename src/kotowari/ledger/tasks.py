"""Upkeep that runs with the other sweeps."""

from kotowari.foundation.deadlines import deadline
from kotowari.ledger import selectors, services

ROLL_UP_FROM_ROWS = 500
"""A tail shorter than this is summed on the fly in well under a millisecond and may stay."""


@deadline("ledger.roll_up")
def roll_up_when_long() -> int:
    """Add the tail of the hot accounts to their balances once it has grown; how many lines were added."""
    if selectors.tail_rows(at_most=ROLL_UP_FROM_ROWS) < ROLL_UP_FROM_ROWS:
        return 0
    return services.roll_up()
