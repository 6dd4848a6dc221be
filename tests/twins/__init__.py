"""For every gate: facts under which it lets through, and for each refusal the one fact that changes it.

Each app has a module here with a list `TWINS`; `tests/architecture/test_gates_have_twins.py` drives them all
and fails for an action, or a rule of one, that has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kotowari.kernel.gates import Action


@dataclass(frozen=True)
class Twin:
    """One action: `allowed` are its facts when everything is right.

    `refused` gives, by the last part of the blocker's code, the single field of the facts that is changed and
    its new value.
    """

    action: Action
    allowed: Any
    refused: Mapping[str, tuple[str, Any]]
