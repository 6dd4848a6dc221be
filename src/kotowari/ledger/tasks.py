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


@deadline("ledger.keep_balances", takes_long=True)
def keep_balances() -> int:
    """Count what was closed, so that no trial balance has to count it again; of how many periods."""
    return services.keep_balances()


@deadline("ledger.silence")
def tell_silence() -> int:
    """Raise the alarm when nothing was checked for too long: a checker that is silent is no good news."""
    services.tell_silence()
    return 0


@deadline("ledger.clock")
def watch_clock() -> int:
    """Tell staff while the clock stands behind the books, before members have to."""
    services.watch_clock()
    return 0


@deadline("ledger.seal", takes_long=True)
def seal_journals() -> int:
    """Put what was posted under a seal; how many journals."""
    return services.seal_when_due()


@deadline("ledger.check", takes_long=True)
def check_the_books() -> int:
    """Ask every law once a night, and whenever staff asked for it; how many runs."""
    services.ask_nightly_check()
    return int(services.run_waiting_check() is not None)
