"""Files of fixed-length records in one-byte characters, as Japanese banks exchange them.

Finding the records (with any newline or none), knowing what is not such a file at all (a byte order mark,
EBCDIC, double-byte text, lines whose trailing spaces an editor took away), and naming every fault by line and
column. A column is a byte, counted from 1, as the banks' own tables count.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from kotowari.kernel.text import Text

FINDINGS_LIMIT: Final = 1_000
"""How many errors and how many warnings one file is told; past that a last one says so."""


@dataclass(frozen=True, slots=True)
class FileFinding:
    """Something about a file: where (record and byte, from 1), what, and what was expected there."""

    code: str
    line: int
    column: int
    message: Text
    expected: Text | None = None

    def __str__(self) -> str:
        place = Text("{line}行目{column}桁目: ", "line {line}, column {column}: ")
        wanted = Text(" → {expected}", " → {expected}").format(expected=self.expected) if self.expected else ""
        return f"{place.format(line=self.line, column=self.column)}{self.message}{wanted}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON, in the active language."""
        return {
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": str(self.message),
            "expected": str(self.expected) if self.expected else None,
        }


@dataclass(frozen=True, slots=True)
class FileError(FileFinding):
    """Why the file, or what it asks for, cannot be used."""


@dataclass(frozen=True, slots=True)
class FileWarning(FileFinding):
    """Usable, and worth a look."""


@dataclass(slots=True)
class Findings:
    """Errors and warnings as they are found, never more of either than `FINDINGS_LIMIT`."""

    errors: list[FileError] = field(default_factory=list)
    warnings: list[FileWarning] = field(default_factory=list)

    def error(self, code: str, line: int, column: int, message: Text, expected: Text | None = None) -> None:
        """Add an error."""
        if len(self.errors) < FINDINGS_LIMIT:
            self.errors.append(FileError(code, line, column, message, expected))
        elif len(self.errors) == FINDINGS_LIMIT:
            self.errors.append(FileError("too_many", line, column, _TOO_MANY))

    def warn(self, code: str, line: int, column: int, message: Text, expected: Text | None = None) -> None:
        """Add a warning."""
        if len(self.warnings) < FINDINGS_LIMIT:
            self.warnings.append(FileWarning(code, line, column, message, expected))
        elif len(self.warnings) == FINDINGS_LIMIT:
            self.warnings.append(FileWarning("too_many", line, column, _TOO_MANY))

    def sort(self) -> None:
        """By place in the file."""
        self.errors.sort(key=lambda finding: (finding.line, finding.column))
        self.warnings.sort(key=lambda finding: (finding.line, finding.column))


_TOO_MANY: Final = Text(
    f"{FINDINGS_LIMIT:,}件を超えたため、以降は省略します。", f"More than {FINDINGS_LIMIT:,}; the rest is left out."
)


class Newline(StrEnum):
    """What stands after each record."""

    NONE = "none"
    CRLF = "crlf"
    LF = "lf"
    CR = "cr"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a file. A record that cannot be read at all is `None`; its fault is among the findings."""

    lines: list[str | None]
    newline: Newline

    @property
    def is_whole(self) -> bool:
        """Whether every record could be read."""
        return bool(self.lines) and None not in self.lines


_FOREIGN: Final = re.compile(rb"[^\x20-\x7e\xa1-\xdf\r\n]")
_NEWLINE: Final = re.compile(rb"\r\n|\r|\n")
_NEWLINE_NAMES: Final = {b"\r\n": Newline.CRLF, b"\n": Newline.LF, b"\r": Newline.CR}
_NOTHING: Final = Records([], Newline.NONE)


def split_records(data: bytes, length: int, findings: Findings) -> Records:
    """The records of a file, each of `length` one-byte characters.

    Reads records that end in CR LF, in LF, in CR or in nothing. Never guesses: a record of another length is
    an error and is left out.
    """
    if not _is_one_byte_file(data, findings):
        return _NOTHING
    content = data.rstrip(b"\x1a")
    if len(content) < len(data):
        findings.warn("end_mark", 1, 1, Text("ファイルの最後に終端文字(0x1A)があります。", "The file ends in 0x1A."))
    if b"\r" in content or b"\n" in content:
        pieces, newline = _split_at_newlines(content, findings)
    else:
        pieces, newline = _cut_by_length(content, length, findings), Newline.NONE
    lines = [_decode(piece, number, length, findings) for number, piece in enumerate(pieces, start=1)]
    return Records(lines, newline)


def _is_one_byte_file(data: bytes, findings: Findings) -> bool:
    """Whether this can be such a file at all; if not, why, in one finding."""
    if not data.strip(b"\r\n\x1a "):
        message, expected = Text("ファイルが空です。", "The file is empty."), None
        findings.error("empty_file", 1, 1, message, expected)
        return False
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        findings.error(
            "byte_order_mark",
            1,
            1,
            Text("ファイルの先頭にBOM(Unicodeの目印)があります。", "The file begins with a byte order mark."),
            Text(
                "BOMなしのJIS(Shift_JISの半角文字)で保存してください。",
                "Save it as single-byte JIS (Shift_JIS) without a BOM.",
            ),
        )
        return False
    if data[0] == 0xF1:
        findings.error(
            "ebcdic",
            1,
            1,
            Text("EBCDICコードのファイルです。", "The file is in EBCDIC."),
            Text(
                "銀行の画面で「JISコード」を選んで取得してください。",
                "Choose “JIS code” when fetching it from the bank.",
            ),
        )
        return False
    foreign = _FOREIGN.search(data.rstrip(b"\x1a"))
    if foreign and _is_utf8(data):
        line, column = _place(data, foreign.start())
        findings.error(
            "utf8",
            line,
            column,
            Text(
                "文字コードがUTF-8です。1文字が1バイトになっていません。",
                "The file is in UTF-8, not one byte per character.",
            ),
            Text("Shift_JIS(半角カナ)で保存してください。", "Save it as Shift_JIS (half-width kana)."),
        )
        return False
    return True


def _is_utf8(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return any(ord(ch) > 0x2FFF for ch in text)


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column of a byte in a file with newlines (line 1 throughout without)."""
    before = _NEWLINE.split(data[:offset])
    return len(before), len(before[-1]) + 1


def _split_at_newlines(content: bytes, findings: Findings) -> tuple[list[bytes], Newline]:
    kinds = set(_NEWLINE.findall(content))
    newline = _NEWLINE_NAMES[kinds.pop()] if len(kinds) == 1 else Newline.MIXED
    pieces = _NEWLINE.split(content)
    last = len(pieces)
    if pieces[-1]:
        findings.warn(
            "no_last_newline",
            last,
            len(pieces[-1]) + 1,
            Text("最後のレコードの後に改行がありません。", "No newline after the last record."),
        )
    while pieces and not pieces[-1]:
        pieces.pop()
    if last - len(pieces) > 1:
        findings.warn("blank_lines", len(pieces) + 1, 1, Text("最後に空行があります。", "Blank lines at the end."))
    if newline is not Newline.CRLF:
        findings.warn(
            "newline",
            1,
            len(pieces[0]) + 1,
            Text(f"改行が{newline.upper()}です。", f"Newlines are {newline.upper()}.")
            if newline is not Newline.MIXED
            else Text("改行の種類が混在しています。", "Several kinds of newlines."),
            Text("銀行が受け付けるのはCRLFまたは改行なしです。", "Banks take CR LF or no newline."),
        )
    return pieces, newline


def _cut_by_length(content: bytes, length: int, findings: Findings) -> list[bytes]:
    pieces = [content[start : start + length] for start in range(0, len(content), length)]
    rest = len(content) % length
    if rest == 0:
        return pieces
    suspect = next((i for i, piece in enumerate(pieces, start=1) if piece[:1] not in b"1289"), len(pieces))
    findings.error(
        "file_length",
        suspect,
        1 if suspect < len(pieces) else rest + 1,
        Text(
            f"ファイル全体が{len(content)}バイトで、{length}バイトの倍数ではありません({rest}バイト余ります)。",
            f"The file has {len(content)} bytes, not a multiple of {length} ({rest} left over).",
        ),
        Text(
            f"1レコード{length}バイト。空白が削られていないか確認してください。",
            f"{length} bytes per record; check whether spaces were taken away.",
        ),
    )
    return []


def _decode(piece: bytes, number: int, length: int, findings: Findings) -> str | None:
    """One record as text of exactly `length` characters, or `None` with its faults told."""
    is_sound = True
    if foreign := _FOREIGN.search(piece):
        is_sound = False
        for column, message in _foreign_characters(piece, foreign.start()):
            findings.error("not_one_byte", number, column, message, _ONE_BYTE)
    if len(piece) != length:
        is_sound = False
        findings.error("record_length", number, min(len(piece), length) + 1, *_length_words(piece, length))
    return piece.decode("cp932") if is_sound else None


_ONE_BYTE: Final = Text(
    "半角のカナ・英大文字・数字(1文字1バイト)で書いてください。",
    "Use half-width kana, capitals and digits (one byte each).",
)


def _length_words(piece: bytes, length: int) -> tuple[Text, Text]:
    if not piece:
        return Text("空行です。", "A blank line."), Text(f"{length}バイトのレコード。", f"A record of {length} bytes.")
    expected = Text(f"{length}バイト", f"{length} bytes")
    if len(piece) > length:
        over = len(piece) - length
        return (
            Text(
                f"レコードが{len(piece)}バイトで、{over}バイト長すぎます。",
                f"The record has {len(piece)} bytes, {over} too many.",
            ),
            expected,
        )
    short = length - len(piece)
    return (
        Text(
            f"レコードが{len(piece)}バイトで、{short}バイト足りません。行末の空白が削られた可能性があります。",
            f"The record has {len(piece)} bytes, {short} too few; trailing spaces may have been taken away.",
        ),
        expected,
    )


def _foreign_characters(piece: bytes, first: int) -> Iterator[tuple[int, Text]]:
    try:
        text = piece.decode("cp932")
    except UnicodeDecodeError:
        byte = piece[first]
        yield first + 1, Text(f"使えないバイト 0x{byte:02X} があります。", f"Byte 0x{byte:02X} cannot be used.")
        return
    column = 1
    for character in text:
        width = len(character.encode("cp932"))
        if width > 1:
            yield column, Text(f"全角文字「{character}」があります。", f"Double-byte character “{character}”.")
        elif ord(character) < 0x20 or ord(character) == 0x7F:
            code = f"0x{ord(character):02X}"
            yield column, Text(f"制御文字 {code} があります。", f"Control character {code}.")
        elif _FOREIGN.match(character.encode("cp932")):
            yield column, Text("使えない文字があります。", "A character that cannot be used.")
        column += width
