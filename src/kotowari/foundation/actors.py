"""Who acts: a member, or the system itself by name, through the same gates."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from uuid import UUID


@runtime_checkable
class Actor(Protocol):
    """What every command needs to know of whoever calls it."""

    @property
    def pk(self) -> UUID | None: ...

    @property
    def is_staff(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The market acting by its own clock; `name` says which part of it."""

    name: str
    pk: None = None
    is_staff: bool = False

    def __str__(self) -> str:
        return self.name


SYSTEM = SystemActor("system")
"""Deadlines, closings and other work that nobody has to press a button for."""


def name_of(actor: Actor) -> str:
    """A stable name for audit rows and idempotency scopes: the member's id, or what nobody's row calls itself."""
    return str(actor) if actor.pk is None else str(actor.pk)
