"""How a room tells the rooms above it what happened, without knowing them.

An event is written in the transaction that made it true. The worker delivers waiting events every few
seconds, each once: its handlers and the mark that it was delivered share one transaction. One that cannot be
delivered is tried again for ever, at growing distances: what it tells of has happened.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from kotowari.foundation.models import OutboxEvent
from kotowari.kernel import clock
from kotowari.kernel.ids import new_id
from kotowari.kernel.text import Text

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of every event: a frozen dataclass of ids, numbers, words and moments.

    A subclass sets `sentence` (what happened, using its fields) and `personal` (which fields are a person's own).
    """


Handler = Callable[[Any], None]
EVENTS: dict[str, type[Event]] = {}
SENTENCES: dict[str, Text] = {}
PERSONAL: dict[str, frozenset[str]] = {}
_names: dict[type[Event], str] = {}
_field_names: dict[type[Event], tuple[str, ...]] = {}
_handlers: dict[str, list[Handler]] = {}
E = TypeVar("E", bound=type[Event])

FREE_ATTEMPTS = 3
"""So many tries follow each other at once: most faults are a lock or a moment's refusal."""
LONGEST_WAIT = timedelta(hours=1)


def event(name: str, sentence: Text, *, personal: tuple[str, ...] = ()) -> Callable[[E], E]:
    """Register a frozen dataclass as the event `name`."""

    def register(cls: E) -> E:
        if name in EVENTS:
            raise ValueError(f"event {name} is defined twice")
        EVENTS[name], SENTENCES[name], PERSONAL[name] = cls, sentence, frozenset(personal)
        _names[cls], _field_names[cls] = name, tuple(f.name for f in fields(cls))
        return cls

    return register


def name_of(cls: type[Event]) -> str:
    """The registered name of an event class."""
    return _names[cls]


def on(cls: type[Event]) -> Callable[[Handler], Handler]:
    """Call the function with every event of this class, after the transaction that emitted it."""

    def register(handler: Handler) -> Handler:
        _handlers.setdefault(name_of(cls), []).append(handler)
        return handler

    return register


def emit(*happened: Event) -> None:
    """Write the events into the running transaction, in one statement."""
    if not happened:
        return
    rows = [{"id": str(new_id()), "kind": name_of(type(each)), "payload": _payload(each)} for each in happened]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, (clock.now(), json.dumps(rows, default=_to_text)))


def emit_alike(cls: type[Event], rows: str) -> None:
    """Write events of one class that a query has made as one JSON array of `{id, payload}`."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_ALIKE, (name_of(cls), clock.now(), rows))


_WRITE_ALIKE = """
INSERT INTO foundation_outboxevent (id, kind, payload, occurred_at, attempts, last_error)
SELECT r.id, %s, r.payload, %s, 0, ''
FROM jsonb_to_recordset(%s) AS r (id uuid, payload jsonb)
"""
_WRITE = """
INSERT INTO foundation_outboxevent (id, kind, payload, occurred_at, attempts, last_error)
SELECT r.id, r.kind, r.payload, %s, 0, ''
FROM jsonb_to_recordset(%s) AS r (id uuid, kind text, payload jsonb)
"""


def _payload(happened: Event) -> dict[str, Any]:
    return {name: getattr(happened, name) for name in _field_names[type(happened)]}


def deliver_waiting(limit: int = 500) -> int:
    """Deliver events that wait, oldest first; returns how many were handled. Safe to run side by side."""
    delivered = 0
    tried: set[UUID] = set()
    while len(tried) < limit:
        with transaction.atomic():
            row = (
                OutboxEvent.objects.select_for_update(skip_locked=True)
                .filter(Q(try_at__isnull=True) | Q(try_at__lte=clock.now()), delivered_at__isnull=True)
                .exclude(id__in=tried)
                .order_by("id")
                .first()
            )
            if row is None:
                return delivered
            tried.add(row.id)
            delivered += _deliver(row)
    return delivered


def _deliver(row: OutboxEvent) -> int:
    try:
        with transaction.atomic():
            happened = _from_row(row)
            for handler in _handlers.get(row.kind, []):
                handler(happened)
            row.delivered_at = clock.now()
    except Exception as error:  # a handler's fault must not stop the others' events
        logger.exception("event %s %s could not be delivered", row.kind, row.id)
        row.attempts += 1
        row.last_error = f"{type(error).__name__}: {error}"[:1000]
        row.try_at = clock.now() + _wait_after(row.attempts)
    row.save(update_fields=["delivered_at", "attempts", "last_error", "try_at"])
    return int(row.delivered_at is not None)


def _wait_after(attempts: int) -> timedelta:
    if attempts <= FREE_ATTEMPTS:
        return timedelta()
    return min(LONGEST_WAIT, timedelta(seconds=2 ** min(attempts, 20)))


def _from_row(row: OutboxEvent) -> Event:
    cls = EVENTS[row.kind]
    return cls(**{f.name: _typed(f.type, row.payload.get(f.name)) for f in fields(cls)})


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    name = hint if isinstance(hint, str) else getattr(hint, "__name__", str(hint))
    if "UUID" in str(hint) or name == "UUID":
        return UUID(value)
    if name.startswith("datetime") or "datetime.datetime" in str(hint):
        return datetime.fromisoformat(value)
    if name.startswith("date") or "datetime.date" in str(hint):
        return date.fromisoformat(value)
    return value


def _to_text(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)
