"""Reading bulk transfer files: all of it, or every reason why not, by line and column."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal, cast

from kotowari.kernel import clock
from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.fixed_records import Findings, Newline, split_records
from kotowari.kernel.kana import STRAY_MARK
from kotowari.kernel.money import yen
from kotowari.kernel.record_layout import RecordLayout
from kotowari.kernel.text import Text
from kotowari.payouts.banks import BankDirectory
from kotowari.payouts.zengin.dates import resolve_transfer_date
from kotowari.payouts.zengin.judgement import judge
from kotowari.payouts.zengin.layout import (
    EDI_MARK_COLUMN,
    END,
    OTHER_FILES,
    RECORD_LENGTH,
    TRAILER,
    data_layout,
    edi_layout,
    header_layout,
)
from kotowari.payouts.zengin.records import (
    NO_CODE,
    STANDARD,
    BankProfile,
    Header,
    NewCode,
    ReadResult,
    Trailer,
    Transfer,
    TransferFile,
)

_KINDS: Final = {str(kind.value): kind for kind in AccountKind}
_BLANK: Final = " " * 15
_NAME_FIELDS: Final = ("client_name", "payee_name", "bank_name", "branch_name")


def read(
    data: bytes,
    *,
    profile: BankProfile = STANDARD,
    created_on: date | None = None,
    directory: BankDirectory | None = None,
    closed: Collection[date] = (),
) -> ReadResult:
    """The files in these bytes, or every error with line and column.

    `created_on` (today, if not given) decides the year of the transfer date, which the file does not hold.
    With a `directory`, banks and branches are looked up too. `closed` are extra days on which the bank rests.
    """
    findings = Findings()
    records = split_records(data, RECORD_LENGTH, findings)
    reading = _Reading(findings, profile, created_on or clock.today(), records.newline)
    for number, line in enumerate(records.lines, start=1):
        if line is None:
            reading.skip()
        else:
            reading.take(number, line)
    if records.lines:
        reading.finish(len(records.lines))
    is_understood = bool(reading.files) and not findings.errors
    if is_understood:
        judge(reading.files, findings, profile, reading.created_on, directory, closed)
    findings.sort()
    return ReadResult(
        tuple(reading.files) if is_understood else (),
        tuple(findings.errors),
        tuple(findings.warnings),
        records.newline,
    )


@dataclass(slots=True)
class _Reading:
    """Where the reader stands in the file, and what it has gathered."""

    findings: Findings
    profile: BankProfile
    created_on: date
    newline: Newline
    files: list[TransferFile] = field(default_factory=list)
    state: Literal["start", "data", "closed", "ended"] = "start"
    header: Header | None = None
    header_line: int = 0
    transfers: list[Transfer] = field(default_factory=list)
    marks: tuple[str, str] | None = None
    is_countable: bool = True
    has_gap: bool = False

    def skip(self) -> None:
        """A record was unreadable and its fault is told: neither totals nor the order can be judged any more."""
        self.is_countable, self.has_gap = False, True

    def take(self, number: int, line: str) -> None:
        """One record of the right length."""
        if self.state == "ended":
            self.findings.error(
                "after_end",
                number,
                1,
                Text("エンドレコードの後にレコードがあります。", "A record after the end record."),
                Text("エンドレコードを最後にしてください。", "Nothing follows the end record."),
            )
            return
        match line[0]:
            case "1":
                self._take_header(number, line)
            case "2":
                self._take_data(number, line)
            case "8":
                self._take_trailer(number, line)
            case "9":
                self._take_end(number, line)
            case other:
                self.is_countable = False
                self.findings.error(
                    "record_type",
                    number,
                    1,
                    Text(f"データ区分が「{other}」です。", f"The record type is “{other}”."),
                    Text("1(ヘッダー)、2(データ)、8(トレーラ)、9(エンド)", "1 header, 2 data, 8 trailer or 9 end"),
                )

    def finish(self, last: int) -> None:
        """The last record has been taken."""
        if self.state == "data":
            self._missing_trailer(last)
        if self.state != "ended" and not self.has_gap:
            self.findings.error(
                "no_end",
                last,
                1,
                Text("エンドレコードがありません。", "There is no end record."),
                Text("最後に「9」で始まるレコードが必要です。", "The last record begins with “9”."),
            )

    def _take_header(self, number: int, line: str) -> None:
        if self.state == "data":
            self._missing_trailer(number)
        self.state, self.transfers, self.marks = "data", [], None
        self.header, self.header_line, self.is_countable = None, number, not self.has_gap
        if self._is_other_file(number, line):
            return
        found = _fields(header_layout(allow_wo=self.profile.allow_wo), number, line, self.findings)
        if found is None:
            return
        layout = header_layout(allow_wo=self.profile.allow_wo)
        month, day = int(found["transfer_on"][:2]), int(found["transfer_on"][2:])
        transfer_on = resolve_transfer_date(month, day, self.created_on)
        if transfer_on is None:
            self.findings.error(
                "transfer_date",
                number,
                layout.column("transfer_on"),
                Text(
                    f"振込指定日「{found['transfer_on']}」という日はありません。",
                    f"There is no day “{found['transfer_on']}”.",
                ),
                Text("月2桁と日2桁(例: 1130)", "Month and day, two digits each (for example 1130)"),
            )
            return
        _warn_of_leading_spaces(layout, found, number, self.findings)
        self.header = Header(
            client_code=found["client_code"],
            client_name=found["client_name"].rstrip(),
            transfer_on=transfer_on,
            bank_code=found["bank_code"],
            branch_code=found["branch_code"],
            account_kind=_KINDS[found["account_kind"]],
            account_number=found["account_number"],
            bank_name=found["bank_name"].rstrip(),
            branch_name=found["branch_name"].rstrip(),
        )

    def _is_other_file(self, number: int, line: str) -> bool:
        kind = line[1:3]
        if kind in OTHER_FILES:
            self.findings.error(
                "other_file",
                number,
                2,
                Text("種別コード「{kind}」({words})のファイルです。", "Kind “{kind}”: a file of {words}.").format(
                    kind=kind, words=OTHER_FILES[kind]
                ),
                Text("総合振込は「21」です。", "Bulk transfers are “21”."),
            )
            return True
        if line[3] == "1":
            self.findings.error(
                "ebcdic",
                number,
                4,
                Text("コード区分が「1」(EBCDIC)です。", "The character code is “1” (EBCDIC)."),
                Text("「0」(JIS)", "“0” (JIS)"),
            )
            return True
        return False

    def _take_data(self, number: int, line: str) -> None:
        if self.state != "data":
            self.is_countable = False
            self._out_of_place(number, Text("データレコード", "A data record"))
        has_edi = line[EDI_MARK_COLUMN - 1] == "Y"
        layout = (edi_layout if has_edi else data_layout)(allow_wo=self.profile.allow_wo)
        match = layout.match(line)
        if match is None or STRAY_MARK.search(line):
            self.is_countable = False
            _fields(layout, number, line, self.findings)
            return
        (bank, bank_name, branch, branch_name, clearing, kind, account, payee, amount, new, *rest) = match.groups()
        code_1, code_2, edi = NO_CODE, NO_CODE, None
        if has_edi:
            edi = rest[0].rstrip()
        else:
            code_1, code_2 = rest[0], rest[1]
            if " " in (code_1[0], code_2[0]):
                self._warn_of_blank_codes(number, layout)
                code_1 = NO_CODE if code_1[0] == " " else code_1
                code_2 = NO_CODE if code_2[0] == " " else code_2
        if self.marks is None:
            self.marks = (clearing, rest[-1])
        elif self.marks != (clearing, rest[-1]):
            self._warn_of_mixed_marks(number, layout, clearing, rest[-1])
        if (
            payee[0] == " "
            or (bank_name[0] == " " and bank_name != _BLANK)
            or (branch_name[0] == " " and branch_name != _BLANK)
        ):
            _warn_of_leading_spaces(layout, dict(zip(layout.names, match.groups(), strict=True)), number, self.findings)
        self.transfers.append(
            Transfer(
                bank,
                branch,
                _KINDS[kind],
                account,
                payee.rstrip(),
                int(amount),
                bank_name.rstrip(),
                branch_name.rstrip(),
                cast(NewCode, new),
                code_1,
                code_2,
                edi,
            )
        )

    def _warn_of_blank_codes(self, number: int, layout: RecordLayout) -> None:
        self.findings.warn(
            "blank_code",
            number,
            layout.column("customer_code_1"),
            Text("顧客コードが空白です。", "The customer codes are blank."),
            Text("数字10桁(使わないときは0)", "10 digits (zeros when unused)"),
        )

    def _warn_of_mixed_marks(self, number: int, layout: RecordLayout, clearing: str, designation: str) -> None:
        """All records of a file carry the same 手形交換所番号 and 振込指定区分; one that differs is pointed at."""
        assert self.marks is not None
        for name, mine, first in zip(
            ("clearing_house", "designation"), (clearing, designation), self.marks, strict=True
        ):
            if mine != first:
                self.findings.warn(
                    "mixed_marks",
                    number,
                    layout.column(name),
                    Text(
                        f"「{mine}」がほかのレコードの「{first}」と異なります。",
                        f"“{mine}” differs from “{first}” in other records.",
                    ),
                )

    def _take_trailer(self, number: int, line: str) -> None:
        if self.state != "data":
            self._out_of_place(number, Text("トレーラレコード", "A trailer"))
            return
        self.state = "closed"
        found = _fields(TRAILER, number, line, self.findings)
        if found is None:
            return
        trailer = Trailer(int(found["count"]), int(found["total_yen"]))
        if self.is_countable:
            self._compare(number, trailer)
        if self.header is not None:
            clearing, designation = self.marks or ("0000", "7")
            self.files.append(
                TransferFile(self.header, tuple(self.transfers), trailer, designation, clearing, self.header_line)
            )

    def _compare(self, number: int, trailer: Trailer) -> None:
        count, total = len(self.transfers), sum(t.amount_yen for t in self.transfers)
        if count == 0:
            self.findings.error(
                "no_data",
                number,
                1,
                Text("データレコードが1件もありません。", "There is no data record."),
                Text("1件以上の振込が必要です。", "At least one transfer is needed."),
            )
        if trailer.count != count:
            self.findings.error(
                "count",
                number,
                TRAILER.column("count"),
                Text(f"合計件数が{trailer.count}件です。", f"The trailer counts {trailer.count}."),
                Text(f"データレコードは{count}件です。", f"There are {count} data records."),
            )
        if trailer.total_yen != total:
            self.findings.error(
                "total",
                number,
                TRAILER.column("total_yen"),
                Text("合計金額が{total}です。", "The trailer's total is {total}.").format(total=yen(trailer.total_yen)),
                Text("データレコードの合計は{sum}です。", "The data records add up to {sum}.").format(sum=yen(total)),
            )

    def _take_end(self, number: int, line: str) -> None:
        if self.state == "data":
            self._missing_trailer(number)
        elif self.state == "start":
            self._out_of_place(number, Text("エンドレコード", "An end record"))
        self.state = "ended"
        _fields(END, number, line, self.findings)

    def _out_of_place(self, number: int, what: Text) -> None:
        if self.has_gap:
            return
        self.findings.error(
            "no_header",
            number,
            1,
            Text("{what}の前にヘッダーがありません。", "{what} without a header before it.").format(what=what),
            Text("ヘッダー、データ、トレーラ、エンドの順", "The order is header, data, trailer, end"),
        )

    def _missing_trailer(self, number: int) -> None:
        if self.has_gap:
            return
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


def _fields(layout: RecordLayout, number: int, line: str, findings: Findings) -> dict[str, str] | None:
    """The named fields of a record, or None with every fault told."""
    stray = STRAY_MARK.search(line)
    if stray:
        findings.error(
            "voicing_mark",
            number,
            stray.start() + 1,
            Text(
                f"「{stray.group()}」の前に、それを付けられるカナがありません。",
                f"“{stray.group()}” does not follow a kana that takes it.",
            ),
            Text(
                "濁点はカ・サ・タ・ハ行とウ、半濁点はハ行の後", "ﾞ after カ, サ, タ, ハ rows and ウ; ﾟ after the ハ row"
            ),
        )
    match = layout.match(line)
    if match is None:
        layout.describe_faults(line, number, findings)
    if match is None or stray:
        return None
    return dict(zip(layout.names, match.groups(), strict=True))


def _warn_of_leading_spaces(layout: RecordLayout, found: dict[str, str], number: int, findings: Findings) -> None:
    for name in _NAME_FIELDS:
        value = found.get(name, "")
        if value.startswith(" ") and value.strip():
            findings.warn(
                "not_left_aligned",
                number,
                layout.column(name),
                Text("左詰めになっていません。", "Not aligned to the left."),
                Text("先頭の空白を除いてください。", "Take the leading spaces away."),
            )
