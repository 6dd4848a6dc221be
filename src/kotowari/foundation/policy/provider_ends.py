"""External sign-ins that stop on a day, as a policy value."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from kotowari.foundation.policy.kinds import Day, Kind, joined
from kotowari.kernel.text import Text

LONGEST = 20
NAME_MAX = 40
_KEYS = {"provider", "name", "ends_on"}


@dataclass(frozen=True, slots=True)
class ProviderEnd:
    """From `ends_on` on, nobody signs in with this provider; `name` is what people call it."""

    provider: str
    name: str
    ends_on: date


@dataclass(frozen=True, slots=True)
class ProviderEnds(Kind):
    """Providers that end, each once."""

    type: ClassVar[str] = "provider_ends"

    @property
    def right(self) -> Text:
        return Text(
            "{ provider, name, ends_on } の並び(provider は設定名、name は40文字まで、ends_on は日付)",
            "rows of { provider, name, ends_on }: its id in the settings, a name of at most 40 characters, a date",
        )

    def parse(self, raw: Any) -> tuple[ProviderEnd, ...]:
        if not isinstance(raw, (list, tuple)) or len(raw) > LONGEST:
            raise self.wrong(raw)
        rows = tuple(self._row(row, raw) for row in raw)
        if len({row.provider for row in rows}) < len(rows):
            raise self.wrong(raw)
        return rows

    def felt_on(self, before: Sequence[ProviderEnd], after: Sequence[ProviderEnd], effective_on: date) -> date | None:
        """The soonest new end: each says itself on which day it comes, and one that is taken out helps its members."""
        known = {row.provider: row.ends_on for row in before}
        sooner = [row.ends_on for row in after if row.ends_on < known.get(row.provider, date.max)]
        return max(effective_on, min(sooner)) if sooner else None

    def _row(self, row: Any, raw: Any) -> ProviderEnd:
        if not isinstance(row, dict) or set(row) != _KEYS:
            raise self.wrong(raw)
        words = (row["provider"], row["name"])
        if not all(isinstance(word, str) and 0 < len(word.strip()) <= NAME_MAX for word in words):
            raise self.wrong(raw)
        return ProviderEnd(row["provider"], row["name"], Day().parse(row["ends_on"]))

    def as_json(self, value: Sequence[ProviderEnd]) -> list[dict[str, str]]:
        return [{"provider": r.provider, "name": r.name, "ends_on": r.ends_on.isoformat()} for r in value]

    def show(self, value: Sequence[ProviderEnd]) -> Text:
        if not value:
            return Text("なし", "none")
        words = Text("{name}({day}から)", "{name} (from {day})")
        return joined([words.format(name=row.name, day=row.ends_on.isoformat()) for row in value])
