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
TITLES: dict[str, Text] = {}
"""What a deadline is called where people are told that it came ("自動検収"); machinery has no title."""
MAX_PASSES = 200


def deadline(name: str, title: Text | None = None) -> Callable[[Sweep], Sweep]:
    """Register a sweep: it handles what is due now, some at a time, and returns how many it handled.

    `title` names it for people ("自動検収"); leave it out for machinery that concerns nobody.
    """

    def register(sweep: Sweep) -> Sweep:
        if name in SWEEPS:
            raise ValueError(f"deadline {name} is registered twice")
        SWEEPS[name] = sweep
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

    What one handles may make another due, so they go round until all of them, one after the other, found nothing.
    """
    handled: dict[str, int] = {}
    idle = 0
    for name, sweep in itertools.islice(itertools.cycle(list(SWEEPS.items())), MAX_PASSES * len(SWEEPS)):
        count = sweep()
        if count:
            handled[name] = handled.get(name, 0) + count
        idle = 0 if count else idle + 1
        if idle == len(SWEEPS):
            break
    return handled
