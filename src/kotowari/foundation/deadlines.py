"""Every wait ends: what is due is found in the tables themselves, so no lost job can lose a deadline (ADR 0005)."""

import itertools
import logging
from collections.abc import Callable, Iterable
from typing import Any

from kotowari.kernel.errors import Refused
from kotowari.kernel.text import Text

logger = logging.getLogger(__name__)

Sweep = Callable[[], int]
SWEEPS: dict[str, Sweep] = {}
LONG_SWEEPS: dict[str, Sweep] = {}
"""Those that may take minutes: they have rounds of their own, so that no other wait waits for them."""
TITLES: dict[str, Text] = {}
"""What a deadline is called where people are told that it came ("自動検収"); machinery has no title."""
MAX_PASSES = 200


def deadline(name: str, title: Text | None = None, *, takes_long: bool = False) -> Callable[[Sweep], Sweep]:
    """Register a sweep: it handles what is due now, some at a time, and returns how many it handled.

    `title` names it for people ("自動検収"); leave it out for machinery that concerns nobody. What `takes_long` is
    swept in rounds of its own.
    """

    def register(sweep: Sweep) -> Sweep:
        if name in SWEEPS or name in LONG_SWEEPS:
            raise ValueError(f"deadline {name} is registered twice")
        (LONG_SWEEPS if takes_long else SWEEPS)[name] = sweep
        if title is not None:
            TITLES[name] = title
        return sweep

    return register


def handle(name: str, ids: Iterable[Any], command: Callable[[Any], Any]) -> int:
    """Call the command for each due row; one that fails or is refused does not stop the others.

    A row that somebody else moved meanwhile is refused by its gate, and that is as it should be.
    """
    handled = 0
    for id in ids:
        try:
            command(id)
            handled += 1
        except Refused as refused:
            logger.info("%s %s: %s", name, id, refused)
        except Exception:
            logger.exception("%s %s failed and will be tried again", name, id)
    return handled


def run_all_due() -> dict[str, int]:
    """Run every sweep until nothing is due; returns how many each handled, without the idle ones.

    What one handles may make another due, so they go round until all of them, one after the other, found nothing. One
    that is refused or fails is left to the next round and stops none of the others; its fault is raised at the end.
    """
    handled: dict[str, int] = {}
    faults: dict[str, Exception] = {}
    idle = 0
    for name, sweep in itertools.islice(itertools.cycle(list(SWEEPS.items())), MAX_PASSES * len(SWEEPS)):
        count = 0
        try:
            count = 0 if name in faults else sweep()
        except Exception as error:
            logger.warning("%s is left to the next round: %s", name, error)
            faults[name] = error
        if count:
            handled[name] = handled.get(name, 0) + count
        idle = 0 if count else idle + 1
        if idle == len(SWEEPS):
            break
    for fault in faults.values():
        if not isinstance(fault, Refused):
            raise fault
    return handled


def run_all_long() -> dict[str, int]:
    """Run every sweep that may take minutes, once; returns how many each handled, without the idle ones.

    One that fails is tried again in the next round and keeps no other from its turn.
    """
    handled = {}
    for name, sweep in LONG_SWEEPS.items():
        try:
            count = sweep()
        except Exception:
            logger.exception("%s failed and will be tried again", name)
            continue
        if count:
            handled[name] = count
    return handled
