"""Writing deposit files as a bank would: for the demo's bank, and for tests."""

from collections.abc import Iterator, Sequence
from typing import Final

from kotowari.kernel.kana import FieldClass, bank_text_problems
from kotowari.kernel.record_layout import RecordLayout
from kotowari.kernel.text import Text
from kotowari.payments.statement import layout as layouts
from kotowari.payments.statement.dates import DateStyle, write_date
from kotowari.payments.statement.records import (
    DEPOSIT_NOTICE,
    STANDARD,
    TRANSFER,
    CannotWrite,
    Entry,
    Statement,
    StatementProfile,
)

_NOTICE_TEXTS: Final = {
    "payer_name": (48, FieldClass.PARTY_NAME),
    "sending_bank": (15, FieldClass.BANK_NAME),
    "sending_branch": (15, FieldClass.BANK_NAME),
    "edi": (20, FieldClass.EDI),
}
_STATEMENT_TEXTS: Final = _NOTICE_TEXTS | {"summary": (20, FieldClass.EDI)}
_ACCOUNT_TEXTS: Final = {
    "holder_name": (40, FieldClass.PARTY_NAME),
    "bank_name": (15, FieldClass.BANK_NAME),
    "branch_name": (15, FieldClass.BANK_NAME),
}
_LABELS: Final = {
    "payer_name": Text("振込依頼人名", "payer name"),
    "sending_bank": Text("仕向銀行名", "sending bank"),
    "sending_branch": Text("仕向店名", "sending branch"),
    "edi": Text("EDI情報", "EDI information"),
    "summary": Text("摘要内容", "summary"),
    "holder_name": Text("口座名", "account name"),
    "bank_name": Text("銀行名", "bank name"),
    "branch_name": Text("支店名", "branch name"),
}


def write(statements: Sequence[Statement], profile: StatementProfile = STANDARD) -> bytes:
    """One file with these statements, all of one kind; trailers and the end record are counted here.

    Of a statement (03) with an opening balance the closing one is computed when it is None. Raises `CannotWrite` with everything
    that does not fit its field. The same statements always give the same bytes.
    """
    kinds = {statement.type_code for statement in statements}
    if len(kinds) != 1:
        raise CannotWrite([Text("1つのファイルには1種類の明細が必要です。", "A file needs statements of one kind.")])
    is_notice = kinds == {DEPOSIT_NOTICE}
    problems = [problem for statement in statements for problem in _problems(statement)]
    if problems:
        raise CannotWrite(problems)
    render = _notice_lines if is_notice else _statement_lines
    lines = [line for statement in statements for line in render(statement, profile.date_style)]
    if is_notice:
        lines.append("9" + " " * 199)
    else:
        lines.append(f"9{len(lines) + 1:010d}{len(statements):05d}{'':184}")
    for line in lines:
        _must_match(line, is_notice)
    newline = "\r\n" if profile.newline == "crlf" else ""
    return newline.join([*lines, ""]).encode("cp932")


def _must_match(line: str, is_notice: bool) -> None:
    """The second half of the check: what is written is what the reader's own tables accept."""
    layout: dict[str, RecordLayout] = (
        {"1": layouts.NOTICE_HEADER, "2": layouts.NOTICE_DATA, "8": layouts.NOTICE_TRAILER, "9": layouts.NOTICE_END}
        if is_notice
        else {
            "1": layouts.STATEMENT_HEADER,
            "2": layouts.STATEMENT_DATA,
            "8": layouts.STATEMENT_TRAILER,
            "9": layouts.STATEMENT_END,
        }
    )
    if layout[line[0]].match(line) is None:
        record = layout[line[0]].label
        raise CannotWrite(
            [Text("{record}レコードに収まりません。", "It does not fit the {record} record.").format(record=record)]
        )


def _header(s: Statement, style: DateStyle) -> str:
    dates = write_date(s.created_on, style) + write_date(s.from_on, style) + write_date(s.to_on, style)
    a = s.account
    return f"1{s.type_code}0{dates}{a.bank_code}{a.bank_name:<15}{a.branch_code}{a.branch_name:<15}"


def _notice_lines(s: Statement, style: DateStyle) -> Iterator[str]:
    yield f"{_header(s, style)}{s.account.kind:d}{s.account.number}{s.account.holder_name:<40}{'':93}"
    for e in s.entries:
        yield (
            f"2{_number(e.inquiry_number, 6)}{write_date(e.booked_on, style)}{write_date(e.value_on, style)}"
            f"{e.amount_yen:010d}{e.other_bank_checks_yen:010d}{_number(e.payer_code, 10)}{e.payer_name:<48}"
            f"{e.sending_bank:<15}{e.sending_branch:<15}{'1' if e.cancels else ' '}{e.edi:<20}{'':52}"
        )
    kept = [e.amount_yen for e in s.entries if not e.is_cancellation]
    cancelled = [e.amount_yen for e in s.entries if e.is_cancellation]
    yield f"8{len(kept):06d}{sum(kept):012d}{len(cancelled):06d}{sum(cancelled):012d}{'':163}"


def _statement_lines(s: Statement, style: DateStyle) -> Iterator[str]:
    opening, closing = s.opening_balance_yen, s.closing_balance_yen
    if closing is None and opening is not None:
        closing = opening + s.received_yen - s.paid_yen
    yield (
        f"{_header(s, style)}000{s.account.kind:d}{_number(s.account.number, 10)}{s.account.holder_name:<40}"
        f"{_balance(opening, s.passbook_kind)}{'':71}"
    )
    for e in s.entries:
        yield (
            f"2{_number(e.inquiry_number, 8)}{write_date(e.booked_on, style)}{write_date(e.value_on, style)}"
            f"{'1' if e.is_incoming else '2'}{e.transaction_code}{e.amount_yen:012d}{e.other_bank_checks_yen:012d}"
            f"{write_date(e.exchanged_on, style)}{write_date(e.dishonoured_on, style)}{_number(e.bill_kind, 1)}"
            f"{_number(e.bill_number, 7)}{_number(e.other_office, 3)}{_number(e.payer_code, 10)}{e.payer_name:<48}"
            f"{e.sending_bank:<15}{e.sending_branch:<15}{e.summary:<20}{e.edi:<20} "
        )
    received = [e.amount_yen for e in s.entries if e.is_incoming and not e.is_cancellation]
    paid = [e.amount_yen for e in s.entries if not e.is_incoming and not e.is_cancellation]
    yield (
        f"8{len(received):06d}{sum(received):013d}{len(paid):06d}{sum(paid):013d}"
        f"{_balance(closing, '')}{len(s.entries):07d}{'':139}"
    )


def _balance(amount_yen: int | None, between: str) -> str:
    if amount_yen is None:
        return f" {between}{'':14}"
    return f"{'2' if amount_yen < 0 else '1'}{between}{abs(amount_yen):014d}"


def _number(value: str, length: int) -> str:
    return value.zfill(length)


_WIDTHS: Final = {"payer_code": 10, "bill_kind": 1, "bill_number": 7, "other_office": 3}
_ONLY_IN_STATEMENTS: Final = ("summary", "exchanged_on", "dishonoured_on", "bill_kind", "bill_number", "other_office")


def _problems(s: Statement) -> Iterator[Text]:
    is_notice = s.type_code == DEPOSIT_NOTICE
    account = s.account
    yield from _texts(Text("ヘッダー", "Header"), account, _ACCOUNT_TEXTS)
    numbers = ((account.bank_code, 4, 4), (account.branch_code, 3, 3), (account.number, 7, 7 if is_notice else 10))
    for value, least, most in numbers:
        if not (least <= len(value) <= most and value.isascii() and value.isdigit()):
            yield Text(
                f"ヘッダーの番号「{value}」の桁数が違います。",
                f"Header: “{value}” is not a number of the right length.",
            )
    for index, entry in enumerate(s.entries, start=1):
        place = Text(f"{index}件目", f"Entry {index}")
        yield from _texts(place, entry, _NOTICE_TEXTS if is_notice else _STATEMENT_TEXTS)
        yield from (Text(f"{place.ja}: {fault.ja}", f"{place.en}: {fault.en}") for fault in _misfits(entry, s))


def _misfits(entry: Entry, s: Statement) -> Iterator[Text]:
    """What an entry holds that its kind of record has no place for."""
    is_notice = s.type_code == DEPOSIT_NOTICE
    if entry.type_code != s.type_code or entry.account != s.account:
        yield Text("別の口座または種別の明細です。", "It belongs to another account or kind.")
    for name, width in (("inquiry_number", 6 if is_notice else 8), *_WIDTHS.items()):
        value = getattr(entry, name)
        if len(value) > width:
            yield Text(f"「{value}」は{width}桁を超えます。", f"“{value}” has more than {width} digits.")
    most = 10**10 if is_notice else 10**12
    if not (0 <= entry.amount_yen < most and 0 <= entry.other_bank_checks_yen < most):
        yield Text("金額が欄に収まりません。", "An amount does not fit.")
    if not (len(entry.transaction_code) == 2 and entry.transaction_code.isdigit()):
        yield Text("取引区分は数字2桁です。", "The kind of transaction has two digits.")
    if is_notice and not entry.is_incoming:
        yield Text("振込入金通知に出金は書けません。", "A notice holds deposits only.")
    if is_notice and (entry.transaction_code != TRANSFER or any(getattr(entry, name) for name in _ONLY_IN_STATEMENTS)):
        yield Text("振込入金通知にない項目があります。", "It has items that a notice does not hold.")
    if not is_notice and entry.cancels:
        yield Text("入出金明細の訂正は取引区分19で表します。", "A statement marks corrections by kind 19.")


def _texts(place: Text, subject: object, fields: dict[str, tuple[int, FieldClass]]) -> Iterator[Text]:
    for name, (limit, field_class) in fields.items():
        for problem in bank_text_problems(getattr(subject, name), field_class, limit=limit):
            label = _LABELS[name]
            yield Text(
                f"{place.ja}の{label.ja}: {problem.sentence.ja}", f"{place.en}, {label.en}: {problem.sentence.en}"
            )
