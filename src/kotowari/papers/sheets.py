"""What stands on a paper: every word and figure, as data that is kept and drawn, on the page and as PDF alike."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kotowari.kernel.text import Text

Words = Text | str
"""What we say stands in both languages; what people wrote stands as they wrote it."""


@dataclass(frozen=True, slots=True)
class PartyBlock:
    """A side as it stands on the paper. `registration` is the 登録番号, or empty."""

    name: str
    registration: str = ""
    details: tuple[Words, ...] = ()
    is_company: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the first column is words, the others figures or short words."""

    title: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of the calculation."""

    label: Words
    amount_yen: int
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said under its name: a term of the contract, what was delivered."""

    label: Words
    words: Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper as it is shown. Dates are ISO; `number`, `issued_on` and what it replaces are given when it is issued."""

    title: Text
    issuer: PartyBlock
    recipient: PartyBlock
    dealt_on: str
    lead: Words = ""
    subject: str = ""
    total: Sum | None = None
    tables: tuple[Table, ...] = ()
    sums: tuple[Sum, ...] = ()
    facts_title: Words = ""
    facts: tuple[Fact, ...] = ()
    notes: tuple[Words, ...] = ()
    number: str = ""
    issued_on: str = ""
    replaces: str = ""
    reason: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Figures for programs that no line of their own shows."""

    def to_text(self) -> str:
        """The canonical JSON that is kept."""
        return json.dumps(_plain(asdict(self)), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(snapshot: str) -> str:
    """The SHA-256 of a kept sheet."""
    return hashlib.sha256(snapshot.encode()).hexdigest()


def read_sheet(snapshot: str) -> Sheet:
    """A sheet back from its text."""
    raw = json.loads(snapshot)
    return Sheet(
        title=Text.from_dict(raw["title"]),
        issuer=_party(raw["issuer"]),
        recipient=_party(raw["recipient"]),
        tables=tuple(_table(each) for each in raw["tables"]),
        total=_sum(raw["total"]) if raw["total"] else None,
        sums=tuple(_sum(each) for each in raw["sums"]),
        facts=tuple(Fact(_words(each["label"]), _words(each["words"])) for each in raw["facts"]),
        notes=_all(raw["notes"]),
        lead=_words(raw["lead"]),
        facts_title=_words(raw["facts_title"]),
        **{name: raw[name] for name in ("dealt_on", "subject", "number", "issued_on", "replaces", "reason", "extra")},
    )


def _plain(value: Any) -> Any:
    """As JSON holds it: whatever a language can be chosen for is `{ja, en}`."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value


def _words(raw: Any) -> Words:
    return Text.from_dict(raw) if isinstance(raw, dict) else str(raw)


def _all(raw: Sequence[Any]) -> tuple[Words, ...]:
    return tuple(_words(each) for each in raw)


def _party(raw: dict[str, Any]) -> PartyBlock:
    return PartyBlock(raw["name"], raw["registration"], _all(raw["details"]), raw["is_company"])


def _table(raw: dict[str, Any]) -> Table:
    return Table(_words(raw["title"]), _all(raw["columns"]), tuple(_all(row) for row in raw["rows"]))


def _sum(raw: dict[str, Any]) -> Sum:
    return Sum(_words(raw["label"]), raw["amount_yen"], raw["is_total"])
