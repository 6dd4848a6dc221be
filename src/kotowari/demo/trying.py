"""People try: who meets a refusal reads it and leaves the matter as it is."""

from collections.abc import Callable
from typing import ParamSpec

from kotowari.kernel.errors import Refused
from kotowari.kernel.gates import Decision

P = ParamSpec("P")


class Tries:
    """What was tried. `done` counts what went well, `refused` keeps what people read instead."""

    def __init__(self) -> None:
        self.done = 0
        self.refused: list[Decision] = []

    def try_to(self, step: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> bool:
        """Do it, or read why not; whether it was done."""
        try:
            step(*args, **kwargs)
        except Refused as refused:
            self.refused.append(refused.decision)
            return False
        self.done += 1
        return True
