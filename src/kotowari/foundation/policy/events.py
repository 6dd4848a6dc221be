"""Changes of the rules, told to the rooms above so that members hear of them ahead (A189)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from kotowari.foundation.outbox import Event, event
from kotowari.kernel.text import Text


@event(
    "policy.change_announced",
    Text("「{key}」が{effective_on}から変わります", "{key} changes on {effective_on}"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAnnounced(Event):
    """`before` and `after` are values as JSON; `after` null means back to the preset."""

    key: str
    before: Any
    after: Any
    effective_on: date
    reason: str


@event(
    "policy.change_withdrawn",
    Text(
        "{effective_on}に予定した「{key}」の変更は取りやめになりました",
        "The change of {key} on {effective_on} was withdrawn",
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeWithdrawn(Event):
    """The value that was to come will not."""

    key: str
    effective_on: date
    reason: str
