"""The cells of a workbook file: values through calamine, formats and formulas from raw XML."""

from __future__ import annotations

import datetime as dt
import io
from typing import cast

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound, XmlError, ZipError

from jixiao_xl.model.places import address
from jixiao_xl.workbook.guard import Refused
from jixiao_xl.workbook.raw import RawBook, RawCells
from jixiao_xl.workbook.sheets import CellValue, RawCell, Sheets

BROKEN = (CalamineError, XmlError, ZipError, WorksheetNotFound, ValueError, KeyError, IndexError, OSError)
"""What calamine raises, here or in an older release, when a part of a workbook is damaged."""


def broken() -> Refused:
    return Refused("文件内部损坏", "在 Excel 中打开，另存为 .xlsx 后重报。")


class FileSheets(Sheets):
    """Values through calamine, formats and formulas through the raw parts."""

    def __init__(self, content: bytes, raw: RawBook) -> None:
        self.raw = raw
        try:
            self.book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except BROKEN:
            raise broken() from None
        self.names = set(self.book.sheet_names)
        self._rows: dict[str, list[list[object]]] = {}
        self._cells: dict[str, RawCells] = {}

    @property
    def defined_names(self) -> dict[str, str]:  # type: ignore[override]
        return self.raw.names

    def is_protected(self, sheet: str) -> bool:
        return self.raw.is_protected(sheet)

    def rows(self, sheet: str) -> list[list[object]]:
        """Every row of the sheet from A1; raises Refused when its part is damaged."""
        self.raw.look_at(sheet)
        try:
            return cast("list[list[object]]", self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
        except BROKEN:
            raise broken() from None

    def value(self, sheet: str, row: int, column: int) -> CellValue | dt.date:
        rows = self._rows.get(sheet)
        if rows is None:
            rows = self._rows[sheet] = self.rows(sheet)
        if row >= len(rows) or column >= len(rows[row]):
            return ""
        value = rows[row][column]
        if type(value) is str:
            return value
        return value if isinstance(value, str | float | int | bool | dt.date) else str(value)

    def raw_cell(self, sheet: str, row: int, column: int) -> RawCell:
        cells = self._cells.get(sheet)
        if cells is None:
            cells = self._cells[sheet] = self.raw.cells(sheet)
        return cells.get(address(row, column))
