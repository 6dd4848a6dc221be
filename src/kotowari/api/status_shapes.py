"""The shapes of the status as programs read it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from ninja import Schema

State = Literal["open", "watching", "closed", "lapsed"]


class FunctionShape(Schema):
    name: str
    title: str
    works: bool
    incident: UUID | None


class UpdateShape(Schema):
    at: datetime
    state: State
    words: str


class IncidentShape(Schema):
    id: UUID
    kind: Literal["outage", "leak", "security"]
    severity: Literal["minor", "major", "critical"]
    state: State
    title: str
    functions: list[str]
    started_at: datetime
    ended_at: datetime | None
    further_word_at: datetime | None
    updates: list[UpdateShape]


class StatusShape(Schema):
    at: datetime
    functions: list[FunctionShape]
    going_on: list[IncidentShape]
    past: list[IncidentShape]
