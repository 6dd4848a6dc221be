"""Words in the two languages of the product, side by side.

A `Text` carries both and decides only when it is shown, so a reason can be written to a table, mailed to
somebody who reads English and shown on a Japanese page without being translated anywhere else (ADR 0002).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")

language: ContextVar[Language] = ContextVar("language", default="ja")


@contextmanager
def use_language(code: Language) -> Iterator[None]:
    """Render every `Text` inside the block in this language."""
    token = language.set(code)
    try:
        yield
    finally:
        language.reset(token)


@dataclass(frozen=True, slots=True)
class Text:
    """One sentence or label, in Japanese and in English."""

    ja: str
    en: str

    def __str__(self) -> str:
        return self.in_language(language.get())

    def __html__(self) -> str:
        return escape(str(self))

    def in_language(self, code: Language) -> str:
        """The words in one language."""
        return self.en if code == "en" else self.ja

    def format(self, **values: Any) -> "Text":
        """Fill `{names}` in both languages; a value that is itself a `Text` follows its language."""
        return Text(
            self.ja.format(**{k: v.ja if isinstance(v, Text) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
        )

    def as_dict(self) -> dict[str, str]:
        """For a JSON column."""
        return {"ja": self.ja, "en": self.en}

    @classmethod
    def from_dict(cls, value: dict[str, str]) -> "Text":
        """Back from a JSON column."""
        return cls(value["ja"], value["en"])
