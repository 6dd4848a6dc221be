"""Whether the trailers of a deposit file agree with its lines.

Banks differ in one thing: whether cancelled lines and corrections are part of the totals. Either is accepted
and told; any other difference is an error, because then a line is missing or wrong.
"""

from collections.abc import Sequence

from kotowari.kernel.fixed_records import Findings
from kotowari.kernel.money import yen
from kotowari.kernel.record_layout import RecordLayout
from kotowari.kernel.text import Text
from kotowari.payments.statement import layout as layouts
from kotowari.payments.statement.records import Entry, Statement


def compare_notice(statement: Statement, found: dict[str, str], line: int, findings: Findings) -> None:
    """The trailer of a notice: transfers, and cancellations beside them."""
    entries = statement.entries
    kept = [e for e in entries if not e.is_cancellation]
    cancelled = [e for e in entries if e.is_cancellation]
    told = _told(found, "count", "total_yen")
    _compare(told, kept, entries, layouts.NOTICE_TRAILER, ("count", "total_yen"), line, findings)
    told = _told(found, "cancelled_count", "cancelled_yen")
    if told != (0, 0):  # a bank may leave these out
        _compare(
            told, cancelled, cancelled, layouts.NOTICE_TRAILER, ("cancelled_count", "cancelled_yen"), line, findings
        )


def compare_statement(statement: Statement, found: dict[str, str], line: int, findings: Findings) -> None:
    """The trailer of a statement: in, out, the balance that follows from them, and the number of lines."""
    columns = layouts.STATEMENT_TRAILER
    entries = statement.entries
    for is_incoming, count, total in ((True, "in_count", "in_yen"), (False, "out_count", "out_yen")):
        rows = [e for e in entries if e.is_incoming is is_incoming]
        kept = [e for e in rows if not e.is_cancellation]
        _compare(_told(found, count, total), kept, rows, columns, (count, total), line, findings)
    _compare_balance(statement, line, findings)
    data_count = int(found["data_count"].strip() or 0)
    if data_count not in (0, len(entries)):
        findings.error(
            "data_count",
            line,
            columns.column("data_count"),
            Text(f"データ・レコード件数が{data_count}件です。", f"The trailer counts {data_count} data records."),
            Text(f"データレコードは{len(entries)}件です。", f"There are {len(entries)}."),
        )


def compare_end(
    found: dict[str, str], line: int, records: int, data_records: int, accounts: int, findings: Findings
) -> None:
    """The end record of a statement: how many records (banks count differently) and accounts."""
    columns = layouts.STATEMENT_END
    told_records = int(found["record_count"].strip() or 0)
    if told_records not in (0, records, records - 1, data_records):
        findings.error(
            "record_count",
            line,
            columns.column("record_count"),
            Text(f"レコード総件数が{told_records}件です。", f"The end record counts {told_records} records."),
            Text(f"レコードは{records}件です。", f"There are {records}."),
        )
    told_accounts = int(found["account_count"].strip() or 0)
    if told_accounts not in (0, accounts):
        findings.error(
            "account_count",
            line,
            columns.column("account_count"),
            Text(f"口座数が{told_accounts}です。", f"The end record counts {told_accounts} accounts."),
            Text(f"ヘッダーは{accounts}件です。", f"There are {accounts} headers."),
        )


def _told(found: dict[str, str], count: str, total: str) -> tuple[int, int]:
    return int(found[count].strip() or 0), int(found[total].strip() or 0)


def _compare(
    told: tuple[int, int],
    kept: Sequence[Entry],
    every: Sequence[Entry],
    columns: RecordLayout,
    names: tuple[str, str],
    line: int,
    findings: Findings,
) -> None:
    """Told count and total against the lines without (`kept`) and with (`every`) cancelled ones."""
    without, including = _count(kept), _count(every)
    if told == without:
        return
    if told == including:
        findings.warn(
            "cancelled_in_total",
            line,
            columns.column(names[0]),
            Text("合計に取消・訂正の明細が含まれています。", "The totals include cancelled lines or corrections."),
        )
        return
    agrees_with_all = told[1] == including[1] or (told[1] != without[1] and told[0] == including[0])
    right = including if agrees_with_all and without != including else without
    if told[0] != right[0]:
        findings.error(
            "count",
            line,
            columns.column(names[0]),
            Text(f"合計件数が{told[0]}件です。", f"The trailer counts {told[0]}."),
            Text(f"明細は{right[0]}件です。", f"There are {right[0]} lines."),
        )
    if told[1] != right[1]:
        findings.error(
            "total",
            line,
            columns.column(names[1]),
            Text("合計金額が{told}です。", "The trailer's total is {told}.").format(told=yen(told[1])),
            Text("明細の合計は{sum}です。", "The lines add up to {sum}.").format(sum=yen(right[1])),
        )


def _count(entries: Sequence[Entry]) -> tuple[int, int]:
    return len(entries), sum(e.amount_yen for e in entries)


def _compare_balance(statement: Statement, line: int, findings: Findings) -> None:
    """The balance after the lines. Banks that give no balances write zeros; corrections may be booked either way.

    A warning, because the lines themselves are proven complete by their own counts and totals.
    """
    opening, closing = statement.opening_balance_yen, statement.closing_balance_yen
    if opening is None or closing is None or opening == closing == 0:
        return
    if any(e.is_cancellation for e in statement.entries):
        return
    expected = opening + statement.received_yen - statement.paid_yen
    if expected != closing:
        findings.warn(
            "balance",
            line,
            layouts.STATEMENT_TRAILER.column("closing_balance_yen"),
            Text("取引後残高が{told}です。", "The balance after is {told}.").format(told=yen(closing)),
            Text("取引前残高と明細から計算すると{sum}です。", "The balance before and the lines give {sum}.").format(
                sum=yen(expected)
            ),
        )
