"""From the bytes of a file to its lines, or every reason why not, by line and column."""

from collections.abc import Iterator

from kotowari.foundation.operator import OperatorBankAccount
from kotowari.kernel import clock
from kotowari.kernel.errors import InputError
from kotowari.kernel.fixed_records import FileFinding
from kotowari.kernel.text import Text
from kotowari.payments import statement
from kotowari.payments.statement import ReadResult, StatementProfile

MOST_BYTES = 20 * 1024 * 1024
"""A hundred thousand records: more than a bank gives in one file."""
MOST_TOLD = 100
ACCOUNT_COLUMN = 23
BOOKED_ON_COLUMNS = {"01": 8, "03": 10}


def read(data: bytes, *, western_years: bool, account: OperatorBankAccount) -> ReadResult:
    """The lines of a statement of our own account. Raises `InputError` under `file` with all that is wrong.

    A file is taken whole or not at all: a wrong total, a line that was cut, another account's statement or a day
    that has not come yet refuses it.
    """
    if len(data) > MOST_BYTES:
        text = Text(
            "ファイルは{max}MBまでです(いま{now:.1f}MB)。", "The file may have at most {max} MB (now {now:.1f} MB)."
        )
        raise InputError({"file": [text.format(max=MOST_BYTES >> 20, now=len(data) / 2**20)]})
    profile = StatementProfile(date_style="western" if western_years else "era")
    result = statement.read(data, profile=profile, imported_on=clock.today())
    problems = [in_words(error) for error in result.errors] or list(_not_ours(result, account))
    if problems:
        raise InputError({"file": _few(problems)})
    return result


def in_words(finding: FileFinding) -> Text:
    """A finding with its place, in both languages."""
    if finding.expected is None:
        text = Text("{line}行目{column}桁目: {message}", "Line {line}, column {column}: {message}")
    else:
        text = Text(
            "{line}行目{column}桁目: {message} → {expected}", "Line {line}, column {column}: {message} → {expected}"
        )
    return text.format(line=finding.line, column=finding.column, message=finding.message, expected=finding.expected)


def _not_ours(result: ReadResult, account: OperatorBankAccount) -> Iterator[Text]:
    for part in result.statements:
        a = part.account
        if not account.is_same(a.bank_code, a.branch_code, a.kind, a.number):
            yield Text(
                "{line}行目{column}桁目: 運営の口座({ours})ではなく、{theirs}の明細です。",
                "Line {line}, column {column}: this is the statement of {theirs}, not of the operator's {ours}.",
            ).format(
                line=part.line,
                column=ACCOUNT_COLUMN,
                ours=_code(account.bank_code, account.branch_code, account.kind, account.number),
                theirs=_code(a.bank_code, a.branch_code, a.kind, a.number),
            )
        for entry in part.entries:
            if entry.booked_on > clock.today():
                yield Text(
                    "{line}行目{column}桁目: 勘定日{day}がまだ来ていません。日付の形式(和暦・西暦)もお確かめください。",
                    "Line {line}, column {column}: the booking day {day} has not come yet. Check whether its years "
                    "are Western.",
                ).format(line=entry.line, column=BOOKED_ON_COLUMNS[entry.type_code], day=entry.booked_on)


def _code(bank: str, branch: str, kind: int, number: str) -> str:
    return f"{bank}-{branch}-{int(kind)}-{number}"


def _few(problems: list[Text]) -> list[Text]:
    if len(problems) <= MOST_TOLD:
        return problems
    more = Text("ほかに{count}件あります。", "There are {count} more.").format(count=len(problems) - MOST_TOLD)
    return [*problems[:MOST_TOLD], more]
