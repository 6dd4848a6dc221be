"""What a measurement found: rows of a number beside another, their ratio, and what was aimed at."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number. `ratio` is what is judged when there is something beside it, else `measured` itself.

    `aim` is the bound of the ratio (or of the number); `at_most` says on which side of it lies success.
    `ratio` is the median of the rounds' own ratios, for the machine's mood differs from round to round.
    """

    name: str
    measured: float
    unit: str
    beside: str = ""
    beside_measured: float | None = None
    ratio: float | None = None
    aim: float | None = None
    at_most: bool = False
    strictly: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the aim was reached; None when nothing was aimed at."""
        if self.aim is None:
            return None
        judged = self.measured if self.ratio is None else self.ratio
        if self.at_most:
            return judged <= self.aim
        return judged > self.aim if self.strictly else judged >= self.aim


@dataclass(kw_only=True)
class Report:
    """Everything one measurement found. `notes` say what was measured with what."""

    title: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        return json.dumps({"title": self.title, "rows": [asdict(row) for row in self.rows], "notes": self.notes})

    @classmethod
    def from_json(cls, text: str) -> "Report":
        told = json.loads(text)
        return cls(title=told["title"], rows=[Row(**row) for row in told["rows"]], notes=told["notes"])

    @property
    def missed(self) -> list[Row]:
        return [row for row in self.rows if row.met is False]

    def lines(self) -> list[str]:
        """The report as a table in Markdown, so that it can be kept as it is."""
        table = ["| | measured | beside | ratio | aim | |", "|---|---:|---|---:|---:|---|"]
        table += [f"| {' | '.join(_cells(row))} |" for row in self.rows]
        return [f"## {self.title}", "", *table, "", *(f"- {note}" for note in self.notes)]


def compared(
    name: str,
    unit: str,
    mine: Sequence[float],
    beside: str,
    theirs: Sequence[float],
    *,
    aim: float | None = None,
    strictly: bool = False,
) -> Row:
    """A row from the rounds of two things measured in alternation."""
    return Row(
        name=name,
        measured=statistics.median(mine),
        unit=unit,
        beside=beside,
        beside_measured=statistics.median(theirs),
        ratio=statistics.median(a / b for a, b in zip(mine, theirs, strict=True)),
        aim=aim,
        strictly=strictly,
    )


def _cells(row: Row) -> list[str]:
    beside = row.beside
    if row.beside_measured is not None:
        beside += f" {_number(row.beside_measured)}"
    aim = ""
    if row.aim is not None:
        aim = f"{'≤' if row.at_most else '>' if row.strictly else '≥'} {row.aim:g}"
    met = {None: "", True: "met", False: "**missed**"}[row.met]
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return [row.name, f"{_number(row.measured)} {row.unit}", beside, ratio, aim, met]


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value % 1 else f"{value:.0f}"
