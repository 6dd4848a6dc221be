"""Lists as CSV and Excel. What people wrote is never taken for a formula by whoever opens the file."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from kotowari.kernel.text import Text
from kotowari.papers.selectors import FoundPaper

MOST_ROWS = 10_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    Text("番号", "Number"),
    Text("種類", "Kind"),
    Text("取引年月日", "Date of dealing"),
    Text("発行日", "Issued on"),
    Text("発行・受領", "Issued or received"),
    Text("相手", "Other side"),
    Text("金額(税込・円)", "Amount with tax (yen)"),
    Text("うち消費税(円)", "Consumption tax in it (yen)"),
    Text("源泉徴収税額(円)", "Withholding (yen)"),
    Text("状態", "State"),
)
ISSUED, RECEIVED = Text("発行", "issued"), Text("受領", "received")
STANDS, REPLACED = Text("有効", "stands"), Text("置き換え済み", "replaced")
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def as_csv(papers: Iterable[FoundPaper]) -> bytes:
    """A list of papers as CSV."""
    return csv_of(COLUMNS, map(_cells, papers))


def as_xlsx(papers: Iterable[FoundPaper]) -> bytes:
    """A list of papers as Excel."""
    return xlsx_of(Text("書類", "Papers"), COLUMNS, map(_cells, papers))


def csv_of(columns: Sequence[Text], rows: Iterable[Sequence[str | int]]) -> bytes:
    """With a byte order mark, so that Excel reads it as UTF-8; a cell that begins like a formula gets an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([str(column) for column in columns])
    for row in rows:
        writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(title: Text, columns: Sequence[Text], rows: Iterable[Sequence[str | int]]) -> bytes:
    """Amounts as numbers, everything else typed as words: a program shows them and never reckons with them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(str(title))
    sheet.append([str(column) for column in columns])
    for values in rows:
        row: list[object] = []
        for value in values:
            cell = WriteOnlyCell(sheet)
            if isinstance(value, int):
                cell.value = value
            else:
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"
            row.append(cell)
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(cell: str) -> str:
    """The words so that a program for tables shows them as they are."""
    return (
        f"'{cell}" if cell.lstrip(" \u3000\n").startswith(_BEGINS_FORMULA) or (cell[:1] in "\t\r\n" and cell) else cell
    )


def _cells(paper: FoundPaper) -> list[str | int]:
    return [
        paper.reference,
        str(paper.title),
        paper.dealt_on.isoformat(),
        paper.issued_on.isoformat(),
        str(ISSUED if paper.is_mine else RECEIVED),
        paper.other,
        paper.total_yen,
        paper.tax_yen,
        paper.withholding_yen,
        str(REPLACED if paper.is_replaced else STANDS),
    ]
