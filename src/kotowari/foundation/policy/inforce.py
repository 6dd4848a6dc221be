"""The values in force: a preset, and on top of it what the operator changed, each from its date on.

Reading is a dictionary look-up. The operator's changes are read from their source at most once a second and kept
for the process; since a change takes effect on a later day than it is made, a second's age never shows.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kotowari.foundation.policy.keys import KEYS, PolicyKey, key_named
from kotowari.foundation.policy.kinds import WrongValue
from kotowari.foundation.policy.loading import Dated, Preset, load_preset
from kotowari.kernel import clock
from kotowari.kernel.text import Text

logger = logging.getLogger(__name__)

DEFAULT_PRESET = "kotowari"
CACHE_SECONDS = 1.0

Origin = Literal["preset", "base", "operator"]


@dataclass(frozen=True, slots=True)
class Change:
    """What the operator set: from `effective_on` on, `value` (as JSON) counts; None follows the preset again."""

    key: str
    value: Any
    effective_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One value in force: since when, from where, and on what grounds."""

    key: PolicyKey
    value: Any
    effective_on: date | None
    source: Text
    origin: Origin


@dataclass(frozen=True, slots=True)
class Turn:
    """One value that changes on a day: what counts until then, and what from then on."""

    on: date
    before: Entry
    after: Entry


class PolicyValues(Mapping[str, Any]):
    """Every value on one day, by name, and the version that names this state of the rules."""

    __slots__ = ("entries", "on", "preset", "version")

    def __init__(self, preset: str, on: date, version: str, entries: Mapping[str, Entry]) -> None:
        self.preset, self.on, self.version, self.entries = preset, on, version, entries

    def __getitem__(self, name: str) -> Any:
        entry = self.entries.get(name)
        if entry is None:
            raise KeyError(f"there is no policy value {name!r}")
        return entry.value

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def snapshot(self, names: Iterable[str]) -> dict[str, Any]:
        """Some values as JSON, with the version, for a row that keeps the terms it was made under."""
        kept = {name: key_named(name).kind.as_json(self[name]) for name in names}
        return {"preset": self.preset, "version": self.version, "on": self.on.isoformat(), "values": kept}


ChangeSource = Callable[[], Sequence[Change]]
_source: ChangeSource | None = None
_tried: ContextVar[Mapping[str, Any] | None] = ContextVar("policy_tried", default=None)


class _Cache:
    """What this process knows of the operator's changes, and the days it has worked out from them."""

    def __init__(self) -> None:
        self.read_at = float("-inf")
        self.changes: tuple[Change, ...] = ()
        self.days: dict[tuple[str, date], PolicyValues] = {}


_cache = _Cache()
_MAX_DAYS = 400


def read_changes_from(source: ChangeSource | None) -> None:
    """Where the operator's changes are read; None means that there are none."""
    global _source
    _source = source
    forget()


def forget() -> None:
    """Read the operator's changes again at the next look-up (after one was made in this process)."""
    global _cache
    _cache = _Cache()


def preset_in_force() -> str:
    """The name of the operator's preset: environment variable KOTOWARI_PRESET, else the default."""
    return os.environ.get("KOTOWARI_PRESET") or DEFAULT_PRESET


def active(on: date | None = None) -> PolicyValues:
    """Every value in force on a day (today): the operator's preset with the operator's changes."""
    cache = _fresh()
    day, name = on or clock.today(), preset_in_force()
    found = cache.days.get((name, day))
    if found is None:
        if len(cache.days) >= _MAX_DAYS:
            cache.days.clear()
        found = cache.days[(name, day)] = resolve(load_preset(name), cache.changes, day)
    tried = _tried.get()
    return found if tried is None else _with(found, tried)


def values(*, preset: str | None = None, on: date | None = None) -> PolicyValues:
    """The values in force, or those of a preset by itself, on a day (today)."""
    return active(on) if preset is None else resolve(load_preset(preset), (), on or clock.today())


def coming(*, preset: str | None = None, on: date | None = None) -> list[Turn]:
    """What is known to change after a day (today), soonest first: the announced differences (A189)."""
    changes = _fresh().changes if preset is None else ()
    found, start = load_preset(preset or preset_in_force()), on or clock.today()
    dates = {change.effective_on for change in changes}
    dates |= {one.effective_on for history in found.values.values() for one in history if one.effective_on}
    turns, before = [], resolve(found, changes, start)
    for day in sorted(day for day in dates if day > start):
        after = resolve(found, changes, day)
        turns += [
            Turn(day, before.entries[name], entry)
            for name, entry in after.entries.items()
            if entry.value != before[name]
        ]
        before = after
    return turns


def value(name: str, on: date | None = None) -> Any:
    """One value in force on a day (today); its type is that of the key's kind. Raises `KeyError`."""
    return active(on)[name]


def version(on: date | None = None) -> str:
    """The name of the rules in force on a day (today): preset and date of the latest change that counts."""
    return active(on).version


def snapshot(names: Iterable[str], on: date | None = None) -> dict[str, Any]:
    """Some values in force as JSON with their version, to be kept by what is made under them."""
    return active(on).snapshot(names)


def from_snapshot(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a snapshot, typed again."""
    return {name: key_named(name).kind.parse(raw) for name, raw in kept["values"].items()}


@contextmanager
def overridden(values: Mapping[str, Any]) -> Iterator[None]:
    """Try other values inside the block, in this thread and task only: for tests and previews. Values as in JSON."""
    parsed = {name: key_named(name).kind.parse(raw) for name, raw in values.items()}
    token = _tried.set({**(_tried.get() or {}), **parsed})
    try:
        yield
    finally:
        _tried.reset(token)


def resolve(preset: Preset, changes: Sequence[Change], on: date) -> PolicyValues:
    """The values of a preset with some changes on a day; pure.

    A change of the operator outweighs the preset from its date on, whatever dates the preset holds.
    """
    by_key: dict[str, list[Change]] = {}
    for change in changes:
        if change.effective_on <= on:
            by_key.setdefault(change.key, []).append(change)
    entries = {}
    dates = [preset.published_on] if preset.published_on <= on else []
    for name, history in preset.values.items():
        in_force = [one for one in history if one.effective_on is None or one.effective_on <= on]
        dates += [one.effective_on for one in in_force if one.effective_on]
        origin: Origin = "preset" if name in preset.own else "base"
        entries[name] = _entry(KEYS[name], in_force[-1], by_key.get(name, []), origin)
    dates += [change.effective_on for found in by_key.values() for change in found]
    latest = max(dates).isoformat() if dates else "origin"
    return PolicyValues(preset.name, on, f"{preset.name}-{latest}", entries)


def unusable(changes: Sequence[Change]) -> list[Text]:
    """Stored changes that no longer fit the catalogue (after an upgrade); they are passed over when read."""
    found = []
    for change in changes:
        try:
            if change.key not in KEYS:
                raise WrongValue(Text("このような設定はもうありません", "there is no such policy value any more"))
            if change.value is not None:
                KEYS[change.key].kind.parse(change.value)
        except WrongValue as wrong:
            place = f"{change.key} ({change.effective_on})"
            found.append(Text(f"{place}: {wrong.text.ja}", f"{place}: {wrong.text.en}"))
    return found


def _entry(key: PolicyKey, preset: Dated, changes: list[Change], origin: Origin) -> Entry:
    for change in sorted(changes, key=lambda change: change.effective_on, reverse=True):
        if change.value is None:
            break
        try:
            parsed = key.kind.parse(change.value)
        except WrongValue:
            continue
        reason = Text(change.reason, change.reason)
        return Entry(key, parsed, change.effective_on, reason, "operator")
    return Entry(key, preset.value, preset.effective_on, preset.source, origin)


def _fresh() -> _Cache:
    global _cache
    source, moment = _source, time.monotonic()
    if source is None or moment - _cache.read_at < CACHE_SECONDS:
        return _cache
    changes = tuple(source())
    if changes == _cache.changes:
        _cache.read_at = moment
        return _cache
    for problem in unusable(changes):
        logger.error("a stored policy change is passed over: %s", problem.en)
    renewed = _Cache()
    renewed.changes, renewed.read_at = changes, moment
    _cache = renewed
    return renewed


def _with(found: PolicyValues, tried: Mapping[str, Any]) -> PolicyValues:
    entries = dict(found.entries)
    for name, parsed in tried.items():
        entries[name] = Entry(KEYS[name], parsed, found.on, Text("試しの値", "tried value"), "operator")
    return PolicyValues(found.preset, found.on, f"{found.version}+tried", entries)
