"""Reading the presets: data files of values, each with its source, some of them changing on a date.

A preset may stand on a base and give only what differs. Everything wrong with a file is told at once, with the
file, the key and what would be right.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kotowari.foundation.policy import catalogue  # noqa: F401 - defines the keys
from kotowari.foundation.policy.checks import conflicts
from kotowari.foundation.policy.keys import KEYS
from kotowari.foundation.policy.kinds import WrongValue
from kotowari.kernel.errors import InputError, KotowariError
from kotowari.kernel.text import Text

FOLDER = Path(__file__).parent / "presets"
_HEADER = {"title", "note", "published_on", "base", "sources"}


class PresetError(KotowariError):
    """A preset file cannot be used; `problems` tells each mistake with its place and what would be right."""

    def __init__(self, problems: list[Text]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Dated:
    """A value from a date on; `effective_on` None is the value since always."""

    value: Any
    effective_on: date | None
    source: Text


@dataclass(frozen=True, slots=True)
class Preset:
    """A whole set of values by a name."""

    name: str
    title: Text
    note: Text
    published_on: date
    base: str | None
    own: Mapping[str, tuple[Dated, ...]]
    values: Mapping[str, tuple[Dated, ...]]
    """Every key's values by date, the base's where the preset has none of its own."""


def value_on(history: Sequence[Dated], on: date) -> Any:
    """Which of a key's values counts on a day."""
    return [one.value for one in history if (one.effective_on or date.min) <= on][-1]


def preset_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The presets there are; the default one first."""
    names = sorted(path.stem for path in folder.glob("*.toml"))
    return tuple(sorted(names, key=lambda name: name != "kotowari"))


@cache
def load_preset(name: str, folder: Path = FOLDER) -> Preset:
    """The preset of this name. Raises `InputError` for an unknown name, `PresetError` for a faulty file."""
    if name not in preset_names(folder):
        text = Text(
            "「{name}」というプリセットはありません({all}のどれか)。", "There is no preset {name}: use one of {all}."
        )
        raise InputError({"preset": [text.format(name=name, all=", ".join(preset_names(folder)))]})
    path = folder / f"{name}.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        text = Text("{file}: TOMLとして読めません({error})。", "{file}: this is not TOML ({error}).")
        raise PresetError([text.format(file=path.name, error=error)]) from error
    return _Reader(path.name, raw).preset(name, folder)


class _Reader:
    """Reads one file and gathers what is wrong with it."""

    def __init__(self, file: str, raw: Mapping[str, Any]) -> None:
        self.file, self.raw = file, raw
        self.problems: list[Text] = []

    def preset(self, name: str, folder: Path) -> Preset:
        title, note = self._words("title", self.raw.get("title")), self._words("note", self.raw.get("note"))
        published_on = self.raw.get("published_on")
        if type(published_on) is not date:
            self._wrong("published_on", Text("日付(例:2026-11-01)が要ります", "a date such as 2026-11-01 is needed"))
        self.sources = {id: self._words(f"sources.{id}", words) for id, words in self._table("sources").items()}
        own = {key: self._history(key, rows) for key, rows in self.raw.items() if self._is_known(key)}
        base = self._base(name, folder)
        values = {**(base.values if base else {}), **own}
        for key in KEYS:
            if key not in values:
                self._wrong(
                    key,
                    Text("値がありません({right})", "there is no value ({right})").format(right=KEYS[key].kind.right),
                )
        if not self.problems:
            self._check_together(values)
        if self.problems:
            raise PresetError(self.problems)
        assert type(published_on) is date
        ordered = {key: values[key] for key in KEYS}
        return Preset(name, title, note, published_on, base.name if base else None, own, ordered)

    def _base(self, name: str, folder: Path) -> Preset | None:
        base = self.raw.get("base")
        if base is None:
            return None
        others = [other for other in preset_names(folder) if other != name]
        if base not in others:
            self._wrong("base", Text("{all}のどれかにしてください", "use one of {all}").format(all=", ".join(others)))
            return None
        found = load_preset(base, folder)
        if found.base is not None:
            self._wrong(
                "base", Text("土台のないプリセットだけを土台にできます", "a base must not have a base of its own")
            )
        return found

    def _check_together(self, values: Mapping[str, tuple[Dated, ...]]) -> None:
        turns = {one.effective_on or date.min for history in values.values() for one in history}
        told: set[Text] = set()
        for turn in sorted(turns):
            together = {key: value_on(history, turn) for key, history in values.items()}
            for text in conflicts(together):
                if text not in told:
                    self._wrong("" if turn == date.min else turn.isoformat(), text)
                told.add(text)

    def _is_known(self, key: str) -> bool:
        if key in KEYS:
            return True
        if key not in _HEADER:
            self._wrong(key, Text("このような設定はありません", "there is no such policy value"))
        return False

    def _history(self, key: str, rows: Any) -> tuple[Dated, ...]:
        rows = [rows] if isinstance(rows, dict) else rows
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self._wrong(key, Text("value と source を持つ表にしてください", "use a table with value and source"))
            return ()
        dated = [one for row in rows if (one := self._dated(key, row)) is not None]
        dates = [one.effective_on for one in dated]
        if len(dated) == len(rows) and (dates.count(None) != 1 or len(set(dates)) < len(dates)):
            self._wrong(
                key,
                Text(
                    "effective_on のない値をちょうど1つ置き、ほかの effective_on は互いに違う日にしてください",
                    "exactly one value must have no effective_on, and all others different dates",
                ),
            )
        return tuple(sorted(dated, key=lambda one: one.effective_on or date.min))

    def _dated(self, key: str, row: Mapping[str, Any]) -> Dated | None:
        if not {"value", "source"} <= set(row) <= {"value", "source", "effective_on"}:
            self._wrong(
                key,
                Text(
                    "value と source(と、日付のあるときは effective_on)だけにしてください",
                    "use value and source, and effective_on where it has a date, nothing else",
                ),
            )
            return None
        effective_on = row.get("effective_on")
        if effective_on is not None and type(effective_on) is not date:
            self._wrong(key, Text("effective_on は日付にしてください", "effective_on must be a date"))
            return None
        try:
            value = KEYS[key].kind.parse(row["value"])
        except WrongValue as wrong:
            self._wrong(key, wrong.text)
            return None
        return Dated(value, effective_on, self._source(key, row["source"]))

    def _source(self, key: str, raw: Any) -> Text:
        if isinstance(raw, str):
            if raw in self.sources:
                return self.sources[raw]
            text = Text("source「{raw}」が [sources] にありません", "source {raw} is not among [sources]")
            self._wrong(key, text.format(raw=raw))
            return Text(raw, raw)
        return self._words(key, raw)

    def _words(self, place: str, raw: Any) -> Text:
        if isinstance(raw, dict) and set(raw) == {"ja", "en"} and all(isinstance(w, str) and w for w in raw.values()):
            return Text.from_dict(raw)
        self._wrong(place, Text('{ ja = "…", en = "…" } の形にしてください', 'write { ja = "…", en = "…" }'))
        return Text("", "")

    def _table(self, name: str) -> Mapping[str, Any]:
        table = self.raw.get(name, {})
        if isinstance(table, dict):
            return table
        self._wrong(name, Text("表にしてください", "this must be a table"))
        return {}

    def _wrong(self, place: str, text: Text) -> None:
        where = f"{self.file}: {place}" if place else self.file
        self.problems.append(Text(f"{where}: {text.ja}", f"{where}: {text.en}"))
