"""The law of time: the clock does not stand behind what the books have written (P018)."""

from kotowari.foundation.actors import SYSTEM
from kotowari.kernel.clock import tokyo
from kotowari.kernel.gates import explain
from kotowari.kernel.text import Text
from kotowari.ledger.events import CLOCK
from kotowari.ledger.gates import POST
from kotowari.ledger.invariants import Finding, register_invariant


def _clock_runs_forward() -> Finding:
    """The gate that every posting passes, asked before anybody is refused by it."""
    newest = [tokyo(blocker.facts["last_posted_at"]) for blocker in explain(POST, SYSTEM).blockers]
    return Finding(1, len(newest), [f"the newest entry is of {moment.isoformat()}" for moment in newest])


register_invariant(
    CLOCK,
    Text(
        "時計が帳簿の最後の記録より遅れていない(遅れているあいだ、お金は動かせない)",
        "The clock does not stand behind the newest entry of the books (while it does, no money moves)",
    ),
    _clock_runs_forward,
)
