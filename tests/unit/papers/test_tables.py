"""CSV and Excel: what people wrote is shown as they wrote it and never reckoned with."""

import csv
import io
from datetime import date
from uuid import UUID

import pytest
from openpyxl import load_workbook

from kotowari.kernel.text import Text
from kotowari.papers.selectors import FoundPaper
from kotowari.papers.tables import as_csv, as_xlsx, harmless

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "＝1+1",
    "\n=cmd|' /C calc'!A0",
]


def found(other: str) -> FoundPaper:
    day = date(2026, 11, 20)
    return FoundPaper(
        id=UUID(int=1),
        reference="INV-2026-000001",
        kind="invoice",
        title=Text("請求書", "Invoice"),
        is_mine=True,
        other=other,
        dealt_on=day,
        issued_on=day,
        total_yen=11_000,
        tax_yen=1_000,
        withholding_yen=0,
        replaces_id=None,
        is_replaced=False,
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_no_cell_of_a_csv_begins_like_a_formula(name: str) -> None:
    rows = list(csv.reader(io.StringIO(as_csv([found(name)]).decode("utf-8-sig"), newline="")))
    assert rows[1][5] == "'" + name
    assert not any(cell.strip().startswith(("=", "+", "-", "@")) for cell in rows[1])


@pytest.mark.parametrize("name", HOSTILE)
def test_in_excel_every_name_is_typed_as_words(name: str) -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx([found(name)]))).active
    assert sheet is not None
    cell = sheet["F2"]
    assert cell.data_type == "s"
    assert str(cell.value).replace("_x000D_", "\r").strip() == name.strip()
    assert (sheet["G2"].value, sheet["G2"].data_type) == (11_000, "n")


@pytest.mark.parametrize("name", ["株式会社みほん商事", "a=b", "山田-花子", ""])
def test_what_is_no_formula_stays_as_it_is(name: str) -> None:
    assert harmless(name) == name


def test_letters_that_excel_cannot_hold_do_not_break_the_file() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx([found("山\x00\x0b田")]))).active
    assert sheet is not None
    assert sheet["F2"].value == "山田"
