"""What the records of a fixed-length file hold: fields in order, each with its length and what may stand there.

One table per kind of record gives both the one regular expression that reads a sound record fast and the exact
words for one that is not sound.
"""

import re
from dataclasses import dataclass

from kotowari.kernel.fixed_records import Findings
from kotowari.kernel.text import Text


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of a record: its length in bytes, what it may hold, and what to say when it holds other things.

    `pattern` must match the whole field; `each`, where given, is what every single character must match, so
    that the very character at fault can be named. A field without a name is checked and not returned.
    """

    name: str
    label: Text
    length: int
    pattern: str
    expected: Text
    each: str | None = None
    every_character: bool = False


def digits(name: str, ja: str, en: str, length: int) -> RecordField:
    """N: digits only, right-aligned, zero-filled."""
    expected = Text(f"数字{length}桁(右詰め、前は0)", f"{length} digits, right-aligned, zero-filled")
    return RecordField(name, Text(ja, en), length, f"[0-9]{{{length}}}", expected, "[0-9]")


def optional_digits(name: str, ja: str, en: str, length: int) -> RecordField:
    """N that may be left blank: digits only, or nothing but spaces."""
    expected = Text(f"数字{length}桁、または空白", f"{length} digits, or spaces")
    return RecordField(name, Text(ja, en), length, f"[0-9]{{{length}}}| {{{length}}}", expected, "[0-9]")


def text(name: str, ja: str, en: str, length: int, allowed: str, usable: Text) -> RecordField:
    """C: left-aligned, space-filled; `allowed` is the inside of a bracket of a regular expression."""
    return RecordField(
        name, Text(ja, en), length, f"[{allowed}]{{{length}}}", usable, f"[{allowed}]", every_character=True
    )


def code(name: str, ja: str, en: str, length: int, values: dict[str, Text]) -> RecordField:
    """A code: exactly one of the listed values."""
    listed = [f"「{value}」{words.ja}" if words.ja else f"「{value}」" for value, words in values.items()]
    listed_en = [f"“{value}” {words.en}".rstrip() for value, words in values.items()]
    pattern = "|".join(re.escape(value) for value in values)
    return RecordField(name, Text(ja, en), length, pattern, Text("、".join(listed), ", ".join(listed_en)))


def constant(value: str, ja: str, en: str) -> RecordField:
    """Always the same."""
    return RecordField("", Text(ja, en), len(value), re.escape(value), Text(f"「{value}」", f"“{value}”"))


def spaces(length: int) -> RecordField:
    """The unused rest of a record."""
    label = Text("ダミー", "unused")
    return RecordField("", label, length, f" {{{length}}}", Text("空白", "spaces"), " ")


class RecordLayout:
    """The fields of one kind of record, and one regular expression made from them."""

    def __init__(self, label: Text, length: int, fields: tuple[RecordField, ...]) -> None:
        assert sum(f.length for f in fields) == length, f"{label.en}: fields do not add up to {length}"
        self.label = label
        self.length = length
        self.fields = fields
        self.starts: dict[str, int] = {}
        column = 1
        for f in fields:
            if f.name:
                self.starts[f.name] = column
            column += f.length
        self.names = tuple(f.name for f in fields if f.name)
        parts = (f"({f.pattern})" if f.name else f"(?:{f.pattern})" for f in fields)
        self.match = re.compile("".join(parts)).fullmatch
        whole = "".join(f"(?:{f.pattern})" for f in fields)
        self.match_lines = re.compile(f"(?:{whole}\n)*").fullmatch
        """Whether every line of a text, each ended by a newline, is such a record: many at once, nothing taken out."""

    def column(self, name: str) -> int:
        """Where a field begins, from 1."""
        return self.starts[name]

    def describe_faults(self, line: str, number: int, findings: Findings) -> None:
        """Every field of the record that does not hold what it may; for a record that `match` refused."""
        column = 1
        found = False
        for f in self.fields:
            value = line[column - 1 : column - 1 + f.length]
            if re.fullmatch(f.pattern, value) is None:
                found = True
                self._describe(f, value, number, column, findings)
            column += f.length
        assert found, "a record that no field objects to must match"

    def _describe(self, f: RecordField, value: str, number: int, column: int, findings: Findings) -> None:
        wrong = [i for i, ch in enumerate(value) if f.each and re.fullmatch(f.each, ch) is None] or [0]
        for index in wrong if f.every_character else wrong[:1]:
            shown = value[index] if f.every_character else value
            findings.error(
                "field",
                number,
                column + index,
                Text(
                    f"{self.label.ja}の{f.label.ja}に「{shown}」があります。",
                    f"{self.label.en}, {f.label.en}: “{shown}”.",
                ),
                f.expected,
            )
