"""Reading bulk transfer files: all of it, or every reason why not, by line and column."""

from collections.abc import Collection
from datetime import date
from typing import Final, cast

from kotowari.kernel import clock
from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.fixed_records import Findings, split_records
from kotowari.kernel.kana import STRAY_MARK
from kotowari.kernel.money import yen
from kotowari.kernel.record_layout import RecordLayout
from kotowari.kernel.record_sequence import RecordSequence, has_right_kind
from kotowari.kernel.text import Text
from kotowari.payouts.banks import BankDirectory
from kotowari.payouts.zengin.dates import resolve_transfer_date
from kotowari.payouts.zengin.judgement import judge
from kotowari.payouts.zengin.layout import (
    EDI_MARK_COLUMN,
    END,
    RECORD_LENGTH,
    TRAILER,
    TYPE_CODE,
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
_AMOUNT: Final = slice(80, 90)
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
    reading = _Reading(findings, profile, created_on or clock.today())
    reading.run(records)
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


class _Reading(RecordSequence):
    """Where the reader stands in the file, and what it has gathered."""

    def __init__(self, findings: Findings, profile: BankProfile, created_on: date) -> None:
        super().__init__(findings)
        self.profile = profile
        self.created_on = created_on
        self.files: list[TransferFile] = []
        self.header: Header | None = None
        self.transfers: list[Transfer] = []
        self.marks: tuple[str, str] | None = None
        self.count = 0
        self.total_yen = 0
        self.is_total_known = True

    def on_header(self, number: int, line: str) -> None:
        self.header, self.transfers, self.marks = None, [], None
        self.count, self.total_yen, self.is_total_known = 0, 0, True
        if not has_right_kind(number, line, (TYPE_CODE,), self.findings):
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

    def on_data(self, number: int, line: str) -> None:
        has_edi = line[EDI_MARK_COLUMN - 1] == "Y"
        layout = (edi_layout if has_edi else data_layout)(allow_wo=self.profile.allow_wo)
        match = layout.match(line)
        self.count += 1
        if match is None or STRAY_MARK.search(line):
            self._add_up(line[_AMOUNT])
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
        amount_yen = int(amount)
        self.total_yen += amount_yen
        self.transfers.append(
            Transfer(
                bank,
                branch,
                _KINDS[kind],
                account,
                payee.rstrip(),
                amount_yen,
                bank_name.rstrip(),
                branch_name.rstrip(),
                cast(NewCode, new),
                code_1,
                code_2,
                edi,
            )
        )

    def _add_up(self, amount: str) -> None:
        """The amount of a record with faults elsewhere still counts, so that a wrong total is told as well."""
        if amount.isascii() and amount.isdigit():
            self.total_yen += int(amount)
        else:
            self.is_total_known = False

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

    def on_trailer(self, number: int, line: str) -> None:
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
        count, total = self.count, self.total_yen
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
        if self.is_total_known and trailer.total_yen != total:
            self.findings.error(
                "total",
                number,
                TRAILER.column("total_yen"),
                Text("合計金額が{total}です。", "The trailer's total is {total}.").format(total=yen(trailer.total_yen)),
                Text("データレコードの合計は{sum}です。", "The data records add up to {sum}.").format(sum=yen(total)),
            )

    def on_end(self, number: int, line: str) -> None:
        _fields(END, number, line, self.findings)


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
