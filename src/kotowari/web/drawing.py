"""What pages hand to components that draw more than one value: steps of a rail, columns, entries, crumbs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from markupsafe import Markup, escape

from kotowari.foundation.policy.keys import KEYS
from kotowari.kernel.text import Text

Words = Text | str
StepState = Literal["done", "now", "todo", "stopped"]
ColumnKind = Literal["text", "money", "date", "action"]


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way here; the last has no address."""

    label: Words
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One state on a rail.

    `at` is when it was reached; `until` the clock that runs now and `then` what happens when it has run out;
    `mover` says who moves next ("発注者の検収を待っています"); `stopped` why the clock stands still, in neutral words.
    """

    label: Words
    state: StepState
    at: datetime | None = None
    until: datetime | None = None
    then: Words | None = None
    mover: Words | None = None
    stopped: Words | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, on a timeline."""

    at: datetime
    title: Words
    by: Words | None = None
    body: Words | None = None
    url: str | None = None
    tone: Literal["plain", "done", "wait", "loss"] = "plain"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a calculation in yen, by a rule; `total` draws the line above it."""

    label: Words
    amount_yen: int
    note: Words | None = None
    total: bool = False
    rule: str = ""


def rule_in_words(rule: str) -> Text:
    """For templates: a rule by its number, a law by its name, a policy value by its title."""
    if rule in KEYS:
        return Text("規則「{title}」", "rule “{title}”").format(title=KEYS[rule].title)
    return Text("規則 {rule}", "rule {rule}").format(rule=rule)


@dataclass(frozen=True, slots=True)
class Tab:
    """One view among several of the same thing."""

    label: Words
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; on the phone its label stands before each value."""

    label: Words
    kind: ColumnKind = "text"


@dataclass(slots=True)
class Cells:
    """Writes the cells of one row in column order, each labelled for the phone: `cell(value)` in a table's row."""

    columns: Sequence[Column]
    written: int = field(default=0)

    def __call__(self, content: Any) -> Markup:
        if self.written >= len(self.columns):
            raise ValueError(f"the row has more cells than the table's {len(self.columns)} columns")
        column = self.columns[self.written]
        self.written += 1
        tag, role = (
            ("th", Markup(' scope="row" role="rowheader"')) if self.written == 1 else ("td", Markup(' role="cell"'))
        )
        return Markup(
            '<{0}{1} class="cell cell--{2}" data-label="{3}"><div class="cell__value">{4}</div></{0}>'
        ).format(tag, role, column.kind, str(column.label), escape("" if content is None else content))


def column(label: Words, kind: ColumnKind = "text") -> Column:
    """For templates: a column of a table."""
    return Column(label, kind)
