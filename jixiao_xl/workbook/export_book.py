"""Plain tables as an .xlsx for analysts: one sheet each, a second one where Excel's rows end."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.workbook.bulk_rows import LONGEST_TEXT

LAST_ROW = 1_048_576


class Table(NamedTuple):
    """The words of one table; `numbers` are the headings whose cells are numbers where they are not blank."""

    sheet: str
    headings: Sequence[str]
    rows: Iterable[Sequence[str]]
    numbers: Collection[str]


def tables_bytes(tables: Sequence[Table], *, last_row: int = LAST_ROW) -> tuple[bytes, list[int]]:
    """The workbook, and how many rows each table has. Rows are written as they come: no table is held whole."""
    counts = []
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        path = Path(folder) / "export.xlsx"
        # a value such as =100% is a text, no formula
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(str(path), options) as book:
            for table in tables:
                counts.append(_write(book, table, last_row))
        return path.read_bytes(), counts


def _write(book: xlsxwriter.Workbook, table: Table, last_row: int) -> int:
    numeric = [heading in table.numbers for heading in table.headings]
    sheet, row, sheets, count = _sheet(book, table.sheet, table.headings), 0, 1, 0
    for texts in table.rows:
        row += 1
        if row == last_row:
            sheets += 1
            sheet, row = _sheet(book, f"{table.sheet}{sheets}", table.headings), 1
        for column, text in enumerate(texts):
            if text and numeric[column]:
                sheet.write_number(row, column, float(text))
            elif text:
                sheet.write_string(row, column, text[:LONGEST_TEXT])
        count += 1
    return count


def _sheet(book: xlsxwriter.Workbook, name: str, headings: Sequence[str]) -> Worksheet:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, 16)
        sheet.write_string(0, column, heading)
    return sheet
