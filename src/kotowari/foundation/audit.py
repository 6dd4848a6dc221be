"""The record of what was done: append-only, in the same transaction, each kind with its sentence."""

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from kotowari.foundation.actors import Actor, name_of
from kotowari.foundation.models import AuditEntry
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
    AuditEntry.objects.bulk_create(
        AuditEntry(
            kind=kind.name,
            actor_id=actor.pk,
            actor_name=name_of(actor),
            subject_kind=subject._meta.label_lower if subject is not None else "",
            subject_id=subject.pk if subject is not None and isinstance(subject.pk, UUID) else None,
            data=_plain(data),
        )
        for subject, data in entries
    )
    written.set(written.get() + len(entries))


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
