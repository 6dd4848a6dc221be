"""Kinds of policy values: what may stand there, how it is read from a file or JSON, how it is shown.

Every kind says in words what would be right, so that a mistake in a preset or on a form never ends in a bare
error. Values are immutable once parsed.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from kotowari.kernel.money import yen
from kotowari.kernel.text import Text


class WrongValue(ValueError):  # noqa: N818 - it says what is wrong with a value
    """The value cannot stand there; `text` says what would be right."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)


class Kind(ABC):
    """What values of one key look like."""

    type: ClassVar[str]

    @property
    def unit(self) -> str:
        """The unit, as it ends the key's name, or nothing."""
        return ""

    @property
    @abstractmethod
    def right(self) -> Text:
        """What may stand there, in words."""

    @abstractmethod
    def parse(self, raw: Any) -> Any:
        """The value meant by something read from TOML or JSON. Raises `WrongValue`."""

    @abstractmethod
    def as_json(self, value: Any) -> Any:
        """The value as JSON holds it; `parse` reads it back."""

    @abstractmethod
    def show(self, value: Any) -> Text:
        """The value in words."""

    def felt_on(self, before: Any, after: Any, effective_on: date) -> date | None:  # noqa: ARG002
        """The first day on which members feel a change that takes effect on a day; None when it only helps them."""
        return effective_on

    def wrong(self, raw: Any) -> WrongValue:
        """The refusal of a value of another shape."""
        text = Text("「{raw}」は使えません。{right}にしてください。", "{raw} cannot stand here: {right}.")
        return WrongValue(text.format(raw=_short(raw), right=self.right))


UNITS: dict[str, Text] = {
    "yen": Text("円", "yen"),
    "days": Text("日", "days"),
    "bank_days": Text("営業日", "bank days"),
    "months": Text("か月", "months"),
    "years": Text("年", "years"),
    "hours": Text("時間", "hours"),
    "minutes": Text("分", "minutes"),
    "seconds": Text("秒", "seconds"),
    "permille": Text("‰(千分率)", "permille"),
    "basis_points": Text("万分率", "basis points"),
    "megabytes": Text("MB", "MB"),
    "count": Text("回・件", "times or items"),
    "characters": Text("文字", "characters"),
}
_PERCENT_DIVISOR = {"permille": 10, "basis_points": 100}


@dataclass(frozen=True, slots=True)
class Whole(Kind):
    """A whole number of something, within bounds. `zero` says in words what a zero means, where it is special."""

    type: ClassVar[str] = "whole"
    of: str
    minimum: int
    maximum: int
    zero: Text | None = None

    @property
    def unit(self) -> str:
        return self.of

    @property
    def right(self) -> Text:
        text = Text("{low}〜{high}の整数({unit})", "a whole number from {low} to {high} ({unit})")
        return text.format(low=f"{self.minimum:,}", high=f"{self.maximum:,}", unit=UNITS[self.of])

    def parse(self, raw: Any) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or not self.minimum <= raw <= self.maximum:
            raise self.wrong(raw)
        return raw

    def as_json(self, value: int) -> int:
        return value

    def show(self, value: int) -> Text:
        if value == 0 and self.zero is not None:
            return self.zero
        if self.of == "yen":
            return yen(value)
        if self.of in _PERCENT_DIVISOR:
            percent = f"{value / _PERCENT_DIVISOR[self.of]:g}"
            return Text(f"{percent}%", f"{percent} %")
        if self.of in ("count", "characters"):
            return Text(f"{value:,}", f"{value:,}")
        unit = UNITS[self.of]
        english = unit.en.removesuffix("s") if value == 1 else unit.en
        return Text(f"{value:,}{unit.ja}", f"{value:,} {english}")


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """Yes or no."""

    type: ClassVar[str] = "flag"

    @property
    def right(self) -> Text:
        return Text("true か false", "true or false")

    def parse(self, raw: Any) -> bool:
        if not isinstance(raw, bool):
            raise self.wrong(raw)
        return raw

    def as_json(self, value: bool) -> bool:
        return value

    def show(self, value: bool) -> Text:
        return Text("はい", "yes") if value else Text("いいえ", "no")


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of several words, each with what it means."""

    type: ClassVar[str] = "choice"
    options: Mapping[str, Text]

    @property
    def right(self) -> Text:
        words = ", ".join(self.options)
        return Text("{words} のどれか", "one of {words}").format(words=words)

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str) or raw not in self.options:
            raise self.wrong(raw)
        return raw

    def as_json(self, value: str) -> str:
        return value

    def show(self, value: str) -> Text:
        return self.options[value]


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A calendar date."""

    type: ClassVar[str] = "date"

    @property
    def right(self) -> Text:
        return Text("2026-12-29 のような日付", "a date such as 2026-12-29")

    def parse(self, raw: Any) -> date:
        if type(raw) is date:
            return raw
        try:
            return date.fromisoformat(raw)
        except (TypeError, ValueError):
            raise self.wrong(raw) from None

    def as_json(self, value: date) -> str:
        return value.isoformat()

    def show(self, value: date) -> Text:
        return Text(value.isoformat(), value.isoformat())


@dataclass(frozen=True, slots=True)
class ListOf(Kind):
    """Several different values of one kind, in order."""

    type: ClassVar[str] = "list"
    item: Kind
    longest: int
    shortest: int = 0

    @property
    def unit(self) -> str:
        return self.item.unit

    @property
    def right(self) -> Text:
        text = Text(
            "{few}〜{many}個の異なる値の並び(それぞれ{item})", "a list of {few} to {many} different values, each {item}"
        )
        return text.format(few=self.shortest, many=self.longest, item=self.item.right)

    def parse(self, raw: Any) -> tuple[Any, ...]:
        if not isinstance(raw, (list, tuple)) or not self.shortest <= len(raw) <= self.longest:
            raise self.wrong(raw)
        values = tuple(self.item.parse(one) for one in raw)
        if len(set(values)) < len(values):
            raise self.wrong(raw)
        return values

    def as_json(self, value: Sequence[Any]) -> list[Any]:
        return [self.item.as_json(one) for one in value]

    def show(self, value: Sequence[Any]) -> Text:
        return joined([self.item.show(one) for one in value]) if value else Text("なし", "none")


def joined(parts: Sequence[Text], mark: str = ", ") -> Text:
    """Several values in one line; `mark` is what stands between them in English."""
    return Text("、".join(p.ja for p in parts), mark.join(p.en for p in parts))


def _short(raw: Any) -> str:
    words = str(raw)
    return words if len(words) <= 60 else words[:57] + "…"
