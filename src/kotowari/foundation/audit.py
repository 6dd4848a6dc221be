"""The record of what was done: append-only, in the same transaction, each kind with its sentence."""

import json
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

from kotowari.foundation.actors import Actor, name_of
from kotowari.foundation.models import AuditEntry
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text

ENTRY_TYPES: dict[str, "EntryType"] = {}
written: ContextVar[int] = ContextVar("audit_entries_written", default=0)


@dataclass(frozen=True, slots=True)
class EntryType:
    """A kind of audit entry.

    `sentence` may use the keys of the entry's data. `personal` names those keys that are a person's own data
    and go when that person is erased; everything else stays as long as the entry.
    """

    name: str
    sentence: Text
    personal: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.name in ENTRY_TYPES:
            raise ValueError(f"audit entry type {self.name} is defined twice")
        ENTRY_TYPES[self.name] = self


def record(*, actor: Actor, kind: EntryType, subject: Model | None, **data: Any) -> None:
    """Write one entry; `data` must be plain enough for JSON (ids and dates are turned into text)."""
    record_many(actor=actor, kind=kind, entries=[(subject, data)])


def record_many(*, actor: Actor, kind: EntryType, entries: Sequence[tuple[Model | None, Mapping[str, Any]]]) -> None:
    """Write one entry for each subject, in one statement."""
    if not entries:
        return
    rows = [
        {
            "id": str(new_id()),
            "subject_kind": subject._meta.label_lower if subject is not None else "",
            "subject_id": str(subject.pk) if subject is not None and isinstance(subject.pk, UUID) else None,
            "data": _plain(data),
        }
        for subject, data in entries
    ]
    record_alike(actor=actor, kind=kind, rows=json.dumps(rows), count=len(entries))


def record_alike(*, actor: Actor, kind: EntryType, rows: str, count: int) -> None:
    """Write `count` entries that a query has made as one JSON array of `{id, subject_kind, subject_id, data}`."""
    actor_id = None if actor.pk is None else str(actor.pk)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, (clock.now(), kind.name, actor_id, name_of(actor), rows))
    written.set(written.get() + count)


# Written out: of a batch of acceptances, model instances and a thousand parameters were the larger part.
_WRITE = """
INSERT INTO foundation_auditentry (id, at, kind, actor_id, actor_name, subject_kind, subject_id, data)
SELECT r.id, %s, %s, %s::uuid, %s, r.subject_kind, r.subject_id, r.data
FROM jsonb_to_recordset(%s) AS r (id uuid, subject_kind text, subject_id uuid, data jsonb)
"""


def sentence_of(entry: AuditEntry) -> Text:
    """What the entry says, in words."""
    entry_type = ENTRY_TYPES.get(entry.kind)
    return entry_type.sentence.format(**_Missing(entry.data)) if entry_type else Text(entry.kind, entry.kind)


class _Missing(dict):
    def __missing__(self, key: str) -> str:
        return "–"


def _plain(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        if value is None or isinstance(value, (bool, int, str, list, dict))
        else value.as_dict()
        if isinstance(value, Text)
        else str(value)
        for key, value in data.items()
    }
