"""Reading deposit files: all of it, or every reason why not, by line and column."""

from dataclasses import replace
from datetime import date
from typing import Final, cast

from kotowari.kernel import clock
from kotowari.kernel.bank_accounts import AccountKind
from kotowari.kernel.fixed_records import Findings, split_records
from kotowari.kernel.record_layout import RecordLayout
from kotowari.kernel.record_sequence import RecordSequence, has_right_kind
from kotowari.kernel.text import Text
from kotowari.payments.statement import layout as layouts
from kotowari.payments.statement.dates import AHEAD_DAYS, DateStyle, NoSuchDate, read_date
from kotowari.payments.statement.records import (
    ACCOUNT_STATEMENT,
    DEPOSIT_NOTICE,
    NO_KIND,
    STANDARD,
    TRANSACTION_KINDS,
    TRANSFER,
    Account,
    Direction,
    Entry,
    ReadResult,
    Statement,
    StatementProfile,
    TypeCode,
    number_occurrences,
)
from kotowari.payments.statement.totals import (
    compare_end,
    compare_notice,
    compare_statement,
)

_LAYOUTS: Final[dict[str, dict[str, RecordLayout]]] = {
    DEPOSIT_NOTICE: {
        "header": layouts.NOTICE_HEADER,
        "data": layouts.NOTICE_DATA,
        "wide_data": layouts.NOTICE_DATA_B,
        "trailer": layouts.NOTICE_TRAILER,
        "end": layouts.NOTICE_END,
    },
    ACCOUNT_STATEMENT: {
        "header": layouts.STATEMENT_HEADER,
        "data": layouts.STATEMENT_DATA,
        "trailer": layouts.STATEMENT_TRAILER,
        "end": layouts.STATEMENT_END,
    },
}
_TIME_DEPOSITS: Final = (
    AccountKind.NOTICE,
    AccountKind.TIME,
    AccountKind.INSTALMENT_TIME,
    AccountKind.INSTALMENT,
)
"""Their records are laid out differently, and no client pays into them."""


def read(data: bytes, *, profile: StatementProfile = STANDARD, imported_on: date | None = None) -> ReadResult:
    """The statements in these bytes, or every error with line and column.

    Reads notices of deposits (kind 01, formats A and B) and account statements (kind 03) of ordinary, current and
    savings accounts, with any newline or none, one account or several. `imported_on` (today, if not given) is what the years of the file are counted back from.
    """
    findings = Findings()
    records = split_records(data, layouts.RECORD_LENGTH, findings)
    reading = _Reading(findings, profile, imported_on or clock.today())
    reading.run(records)
    statements = () if findings.errors else _with_occurrences(reading.statements)
    findings.sort()
    return ReadResult(statements, tuple(findings.errors), tuple(findings.warnings), records.newline)


def _with_occurrences(statements: list[Statement]) -> tuple[Statement, ...]:
    """Occurrences are counted over the whole file: an account may stand in it twice."""
    numbered = iter(number_occurrences(entry for statement in statements for entry in statement.entries))
    return tuple(replace(s, entries=tuple(next(numbered) for _ in s.entries)) for s in statements)


class _Reading(RecordSequence):
    """Where the reader stands in the file, and what it has gathered."""

    def __init__(self, findings: Findings, profile: StatementProfile, imported_on: date) -> None:
        super().__init__(findings)
        self.profile = profile
        self.imported_on = imported_on
        self.kind: TypeCode | None = None
        self.statement: Statement | None = None
        self.entries: list[Entry] = []
        self.statements: list[Statement] = []
        self.record_count = 0
        self.data_count = 0
        self.account_count = 0

    def on_header(self, number: int, line: str) -> None:
        self.statement, self.entries = None, []
        self.record_count += 1
        self.account_count += 1
        if not has_right_kind(number, line, (DEPOSIT_NOTICE, ACCOUNT_STATEMENT), self.findings):
            return
        kind = line[1:3] if line[1:3] in _LAYOUTS else DEPOSIT_NOTICE
        if self.kind is not None and kind != self.kind:
            self.findings.error(
                "mixed_kinds",
                number,
                2,
                Text(
                    f"1つのファイルに種別「{self.kind}」と「{kind}」があります。",
                    f"Kinds “{self.kind}” and “{kind}” in one file.",
                ),
                Text("種別ごとに別のファイルにしてください。", "Use one file per kind."),
            )
            return
        self.kind = cast(TypeCode, kind)
        found = self._fields("header", number, line)
        if found is not None:
            self.statement = self._statement(number, found)

    def on_data(self, number: int, line: str) -> None:
        self.record_count += 1
        self.data_count += 1
        if self.kind is None:
            return
        is_wide = self.kind == DEPOSIT_NOTICE and line[layouts.WIDE_AMOUNTS].isdigit()
        found = self._fields("wide_data" if is_wide else "data", number, line)
        if found is None or (is_wide and not self._take_wide_amount(found, number)):
            self.is_countable = False
            return
        booked_on = self._date(found, "booked_on", "data", number, is_required=True)
        value_on = self._date(found, "value_on", "data", number)
        if self.statement is None or booked_on is None:
            self.is_countable = False
            return
        make = _notice_entry if self.kind == DEPOSIT_NOTICE else self._statement_entry
        entry = make(self.statement.account, booked_on, value_on or booked_on, found, number)
        self._look_at(entry, number)
        self.entries.append(entry)

    def _take_wide_amount(self, found: dict[str, str], number: int) -> bool:
        """Of format B's two amounts one is zero; the other is the amount. Both at once are an error."""
        for narrow, wide in (("amount_yen", "wide_amount_yen"), ("other_bank_checks_yen", "wide_checks_yen")):
            if int(found[narrow].strip() or 0) and int(found[wide]):
                self.findings.error(
                    "two_amounts",
                    number,
                    layouts.NOTICE_DATA_B.column(wide),
                    Text("金額(1)と金額(2)の両方に金額があります。", "Both amount (1) and amount (2) are given."),
                    Text("使わないほうはすべて0です。", "The one that is not used is all zeros."),
                )
                return False
            if int(found[wide]):
                found[narrow] = found[wide]
        return True

    def on_trailer(self, number: int, line: str) -> None:
        self.record_count += 1
        if self.kind is None:
            return
        found = self._fields("trailer", number, line)
        if found is None or self.statement is None or not self.is_countable:
            return
        statement = replace(self.statement, entries=tuple(self.entries))
        if self.kind == DEPOSIT_NOTICE:
            compare_notice(statement, found, number, self.findings)
        else:
            closing = _balance(found["closing_balance_yen"], found["closing_sign"])
            statement = replace(statement, closing_balance_yen=closing)
            compare_statement(statement, found, number, self.findings)
        self.statements.append(statement)

    def on_end(self, number: int, line: str) -> None:
        self.record_count += 1
        if self.kind is None:
            return
        found = self._fields("end", number, line)
        if found is not None and self.kind == ACCOUNT_STATEMENT and not self.has_gap:
            compare_end(found, number, self.record_count, self.data_count, self.account_count, self.findings)

    def _statement(self, number: int, found: dict[str, str]) -> Statement | None:
        assert self.kind is not None
        created_on = self._date(found, "created_on", "header", number, is_required=True)
        from_on = self._date(found, "from_on", "header", number)
        to_on = self._date(found, "to_on", "header", number)
        if created_on is None:
            return None
        self._judge_age(created_on, found["created_on"], number)
        kind = AccountKind(int(found["account_kind"]))
        if kind in _TIME_DEPOSITS:
            self.findings.error(
                "time_deposit",
                number,
                _LAYOUTS[self.kind]["header"].column("account_kind"),
                Text("{kind}預金の明細です。", "A statement of a {kind} deposit.").format(kind=kind.label),
                Text(
                    "普通・当座・貯蓄預金の明細を取得してください。",
                    "Fetch that of an ordinary, current or savings account.",
                ),
            )
            return None
        account_number = found["account_number"]
        account = Account(
            bank_code=found["bank_code"],
            branch_code=found["branch_code"],
            kind=kind,
            number=account_number.removeprefix("000") if len(account_number) == 10 else account_number,
            holder_name=found["holder_name"].rstrip(),
            bank_name=found["bank_name"].rstrip(),
            branch_name=found["branch_name"].rstrip(),
        )
        is_notice = self.kind == DEPOSIT_NOTICE
        return Statement(
            type_code=self.kind,
            account=account,
            created_on=created_on,
            from_on=from_on,
            to_on=to_on,
            entries=(),
            opening_balance_yen=None if is_notice else _balance(found["opening_balance_yen"], found["opening_sign"]),
            passbook_kind="0" if is_notice else found["passbook_kind"],
            line=number,
        )

    def _statement_entry(
        self, account: Account, booked_on: date, value_on: date, found: dict[str, str], number: int
    ) -> Entry:
        return Entry(
            type_code="03",
            account=account,
            booked_on=booked_on,
            value_on=value_on,
            direction=Direction.IN if found["direction"] == "1" else Direction.OUT,
            amount_yen=int(found["amount_yen"]),
            payer_name=found["payer_name"].rstrip(),
            payer_code=_code(found["payer_code"]),
            sending_bank=found["sending_bank"].rstrip(),
            sending_branch=found["sending_branch"].rstrip(),
            edi=found["edi"].rstrip(),
            inquiry_number=_code(found["inquiry_number"]),
            summary=found["summary"].rstrip(),
            transaction_code=found["transaction_code"].strip() or NO_KIND,
            other_bank_checks_yen=int(found["other_bank_checks_yen"].strip() or 0),
            exchanged_on=self._date(found, "exchanged_on", "data", number),
            dishonoured_on=self._date(found, "dishonoured_on", "data", number),
            bill_kind=_code(found["bill_kind"]),
            bill_number=_code(found["bill_number"]),
            other_office=_code(found["other_office"]),
            line=number,
        )

    def _fields(self, record: str, number: int, line: str) -> dict[str, str] | None:
        assert self.kind is not None
        layout = _LAYOUTS[self.kind][record]
        match = layout.match(line)
        if match is None:
            layout.describe_faults(line, number, self.findings)
            return None
        return dict(zip(layout.names, match.groups(), strict=True))

    def _date(
        self, found: dict[str, str], name: str, record: str, number: int, *, is_required: bool = False
    ) -> date | None:
        assert self.kind is not None
        try:
            day = read_date(found[name], self.profile.date_style, self.imported_on)
        except NoSuchDate:
            day, is_required = None, True
        if day is None and is_required:
            example = "081130" if self.profile.date_style == "era" else "261130"
            self.findings.error(
                "date",
                number,
                _LAYOUTS[self.kind][record].column(name),
                Text(f"「{found[name]}」は日付ではありません。", f"“{found[name]}” is no date."),
                Text(f"年月日6桁(2026年11月30日なら{example})", f"Six digits ({example} for 30 November 2026)"),
            )
        return day

    def _judge_age(self, created_on: date, digits: str, number: int) -> None:
        """A file made long ago, or in the future, often means that its years are counted the other way."""
        if abs((self.imported_on - created_on).days) <= AHEAD_DAYS:
            return
        other: DateStyle = "western" if self.profile.date_style == "era" else "era"
        try:
            otherwise = read_date(digits, other, self.imported_on)
        except NoSuchDate:
            otherwise = None
        remedy = Text("対象のファイルか確認してください。", "Check that this is the right file.")
        is_other = otherwise is not None and abs((self.imported_on - otherwise).days) <= AHEAD_DAYS
        if is_other:
            style = Text("西暦の下2桁", "Western years") if other == "western" else Text("和暦", "years of the era")
            remedy = Text(
                "日付が{style}で書かれていれば{day}です。年の書き方に{style}を選び、もう一度読み込んでください。",
                "Read as {style} it is {day}. Choose {style}, and read it again.",
            ).format(style=style, day=otherwise)
        found = self.findings.error if is_other else self.findings.warn
        found(
            "old_file",
            number,
            5,
            Text(
                f"作成日{created_on}が取り込む日({self.imported_on})から{AHEAD_DAYS}日以上離れています。",
                f"It was made on {created_on}, more than {AHEAD_DAYS} days from the import on {self.imported_on}.",
            ),
            remedy,
        )

    def _look_at(self, entry: Entry, number: int) -> None:
        assert self.kind is not None
        assert self.statement is not None
        columns = _LAYOUTS[self.kind]["data"]
        if entry.amount_yen == 0:
            self.findings.warn(
                "zero", number, columns.column("amount_yen"), Text("金額が0円です。", "The amount is ¥0.")
            )
        if entry.transaction_code not in (NO_KIND, *TRANSACTION_KINDS):
            self.findings.warn(
                "transaction_kind",
                number,
                columns.column("transaction_code"),
                Text(
                    f"取引区分「{entry.transaction_code}」は一覧にありません。",
                    f"Unknown kind “{entry.transaction_code}”.",
                ),
            )
        first, last = self.statement.from_on, self.statement.to_on
        if (first and entry.booked_on < first) or (last and entry.booked_on > last):
            self.findings.warn(
                "outside_period",
                number,
                columns.column("booked_on"),
                Text(
                    f"勘定日{entry.booked_on}がヘッダーの期間の外です。",
                    f"{entry.booked_on} lies outside the header's period.",
                ),
                Text(f"{first or ''}〜{last or ''}", f"{first or ''} to {last or ''}"),
            )


def _notice_entry(account: Account, booked_on: date, value_on: date, found: dict[str, str], number: int) -> Entry:
    return Entry(
        type_code="01",
        account=account,
        booked_on=booked_on,
        value_on=value_on,
        direction=Direction.IN,
        amount_yen=int(found["amount_yen"]),
        payer_name=found["payer_name"].rstrip(),
        payer_code=_code(found["payer_code"]),
        sending_bank=found["sending_bank"].rstrip(),
        sending_branch=found["sending_branch"].rstrip(),
        edi=found["edi"].rstrip(),
        inquiry_number=_code(found["inquiry_number"]),
        transaction_code=TRANSFER,
        cancels=found["cancels"] == "1",
        other_bank_checks_yen=int(found["other_bank_checks_yen"].strip() or 0),
        line=number,
    )


def _code(value: str) -> str:
    """An optional code: nothing but spaces or zeros is none."""
    return value.strip() if value.strip(" 0") else ""


def _balance(amount: str, sign: str) -> int | None:
    """A balance with its sign; None where the bank leaves it blank."""
    if not amount.strip():
        return None
    return -int(amount) if sign == "2" else int(amount)
