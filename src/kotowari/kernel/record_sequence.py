"""The order that every 全銀 file keeps: header, data, trailer, once or several times, then one end record."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Final, Literal

from kotowari.kernel.fixed_records import Findings, Records
from kotowari.kernel.text import Text

FILE_KINDS: Final = {
    "01": Text("振込入金通知", "deposit notices"),
    "03": Text("入出金取引明細", "account statements"),
    "04": Text("残高通知", "balances"),
    "11": Text("給与振込", "salaries"),
    "12": Text("賞与振込", "bonuses"),
    "21": Text("総合振込", "bulk transfers"),
    "71": Text("給与振込(公務員)", "officials' salaries"),
    "72": Text("賞与振込(公務員)", "officials' bonuses"),
    "91": Text("口座振替", "direct debits"),
}
"""種別コード, bytes 2–3 of every header."""


def has_right_kind(number: int, header: str, kinds: Collection[str], findings: Findings) -> bool:
    """Whether a header is of one of these kinds and in JIS; if it is of another kind, that is told.

    A kind that nobody knows is left to the header's layout.
    """
    kind = header[1:3]
    if kind in FILE_KINDS and kind not in kinds:
        right = [(code, FILE_KINDS[code]) for code in kinds]
        findings.error(
            "other_file",
            number,
            2,
            Text("種別コード「{kind}」({words})のファイルです。", "Kind “{kind}”: a file of {words}.").format(
                kind=kind, words=FILE_KINDS[kind]
            ),
            Text(
                "、".join(f"「{code}」{words.ja}" for code, words in right),
                ", ".join(f"“{code}” {words.en}" for code, words in right),
            ),
        )
        return False
    if header[3] == "1":
        findings.error(
            "ebcdic",
            number,
            4,
            Text("コード区分が「1」(EBCDIC)です。", "The character code is “1” (EBCDIC)."),
            Text("「0」(JIS)", "“0” (JIS)"),
        )
        return False
    return True


class RecordSequence(ABC):
    """Walks the records of a file, tells whatever is out of order and hands each record to its hook.

    `is_countable` is whether every record since the last header was understood, so that a trailer's totals can
    be compared. After an unreadable record (`has_gap`) order is no longer judged: what is missing may be it.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.state: Literal["start", "data", "closed", "ended"] = "start"
        self.header_line = 0
        self.is_countable = True
        self.has_gap = False

    @abstractmethod
    def on_header(self, number: int, line: str) -> None:
        """A header, at the place where one may stand; what came before is closed."""

    @abstractmethod
    def on_data(self, number: int, line: str) -> None:
        """A data record. One without a header is told and handed over too, so that its own faults are found."""

    @abstractmethod
    def on_trailer(self, number: int, line: str) -> None:
        """The trailer of the last header."""

    @abstractmethod
    def on_end(self, number: int, line: str) -> None:
        """The end record."""

    def run(self, records: Records) -> None:
        """All records of a file."""
        for number, line in enumerate(records.lines, start=1):
            if line is None:
                self.is_countable, self.has_gap = False, True
            else:
                self._take(number, line)
        if records.lines:
            self._finish(len(records.lines))

    def _take(self, number: int, line: str) -> None:
        if self.state == "ended":
            self.findings.error(
                "after_end",
                number,
                1,
                Text("エンドレコードの後にレコードがあります。", "A record after the end record."),
                Text("エンドレコードを最後にしてください。", "Nothing follows the end record."),
            )
            return
        kind = line[0]
        if kind == "2":
            if self.state != "data":
                self.is_countable = False
                self._no_header(number, Text("データレコード", "A data record"))
            self.on_data(number, line)
        elif kind == "1":
            self._missing_trailer(number)
            self.state, self.header_line, self.is_countable = "data", number, not self.has_gap
            self.on_header(number, line)
        elif kind == "8":
            if self.state == "data":
                self.state = "closed"
                self.on_trailer(number, line)
            else:
                self._no_header(number, Text("トレーラレコード", "A trailer"))
        elif kind == "9":
            self._take_end(number, line)
        else:
            self.is_countable = False
            self.findings.error(
                "record_type",
                number,
                1,
                Text(f"データ区分が「{kind}」です。", f"The record type is “{kind}”."),
                Text("1(ヘッダー)、2(データ)、8(トレーラ)、9(エンド)", "1 header, 2 data, 8 trailer or 9 end"),
            )

    def _take_end(self, number: int, line: str) -> None:
        if self.state == "start":
            self._no_header(number, Text("エンドレコード", "An end record"))
        self._missing_trailer(number)
        self.state = "ended"
        self.on_end(number, line)

    def _finish(self, last: int) -> None:
        self._missing_trailer(last)
        if self.state != "ended" and not self.has_gap:
            self.findings.error(
                "no_end",
                last,
                1,
                Text("エンドレコードがありません。", "There is no end record."),
                Text("最後に「9」で始まるレコードが必要です。", "The last record begins with “9”."),
            )

    def _no_header(self, number: int, what: Text) -> None:
        if not self.has_gap:
            self.findings.error(
                "no_header",
                number,
                1,
                Text("{what}の前にヘッダーがありません。", "{what} without a header before it.").format(what=what),
                Text("ヘッダー、データ、トレーラ、エンドの順", "The order is header, data, trailer, end"),
            )

    def _missing_trailer(self, number: int) -> None:
        if self.state == "data" and not self.has_gap:
            self.findings.error(
                "no_trailer",
                number,
                1,
                Text(
                    f"{self.header_line}行目のヘッダーに対するトレーラがありません。",
                    f"The header of line {self.header_line} has no trailer.",
                ),
                Text("ヘッダーごとに1つのトレーラが必要です。", "Each header needs one trailer."),
            )
