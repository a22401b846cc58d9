"""A reviewer at an 审核工作簿: finds rows by what they show, writes into columns by their headings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

HEAD, FIRST = 4, 6


def columns(sheet: Any) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[HEAD]}


def row_of(sheet: Any, **shows: str) -> int:
    """The first row whose cells show these texts under these headings."""
    at = columns(sheet)
    for row in range(FIRST, sheet.max_row + 1):
        if all(str(sheet.cell(row, at[heading]).value or "") == text for heading, text in shows.items()):
            return row
    raise AssertionError(f"{sheet.title}: no row shows {shows}")


def rows(book: Path, sheet: str) -> list[dict[str, Any]]:
    """Every row that shows something, by heading."""
    page = load_workbook(book, data_only=True)[sheet]
    at = columns(page)
    found = [{heading: page.cell(row, column).value for heading, column in at.items()} for row in range(FIRST, page.max_row + 1)]
    return [row for row in found if any(value for heading, value in row.items() if heading not in ("unit", "key", "given"))]


class Reviewer:
    """Opens the book, writes, saves it under another name."""

    def __init__(self, book: Path) -> None:
        self.book = load_workbook(book)

    def place(self, sheet: str, heading: str, **shows: str) -> str:
        page = self.book[sheet]
        return f"{get_column_letter(columns(page)[heading])}{row_of(page, **shows)}"

    def progress(self, unit: str, **words: str) -> Reviewer:
        return self._write("审核进度", {"单位名称": unit}, words)

    def finding(self, unit: str, code: str, **words: str) -> Reviewer:
        return self._write("审核意见", {"单位名称": unit, "代码": code}, words)

    def free(self, **words: str) -> Reviewer:
        return self._write("补充意见", {"单位（名称或代码）": "", "审核意见": ""}, words)

    def changed_free(self, text: str, **words: str) -> Reviewer:
        return self._write("补充意见", {"审核意见": text}, words)

    def _write(self, sheet: str, shows: dict[str, str], words: dict[str, str]) -> Reviewer:
        page = self.book[sheet]
        row, at = row_of(page, **shows), columns(page)
        for heading, text in words.items():
            page.cell(row, at[heading.replace("_", "/").replace("单位/", "单位")]).value = text or None
        return self

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path
