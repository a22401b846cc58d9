"""The cells of an opened workbook: values through calamine, formats and formulas from raw XML."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

from python_calamine import CalamineWorkbook

from jixiao_xl.forms.expr import text_of
from jixiao_xl.model.places import address
from jixiao_xl.workbook.raw import RawBook, RawCell
from jixiao_xl.workbook.values import printed

CellValue = str | float | int | bool


class Sheets:
    """Values through calamine, formats and formulas through the raw parts."""

    def __init__(self, content: bytes, raw: RawBook) -> None:
        self.raw = raw
        self.book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        self.names = set(self.book.sheet_names)
        self._rows: dict[str, list[list[object]]] = {}
        self._cells: dict[str, dict[str, RawCell]] = {}

    def value(self, sheet: str, row: int, column: int) -> CellValue | dt.date:
        if sheet not in self._rows:
            rows_read = self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            self._rows[sheet] = [list[object](row) for row in rows_read]
        rows = self._rows[sheet]
        if row >= len(rows) or column >= len(rows[row]):
            return ""
        value = rows[row][column]
        return value if isinstance(value, str | float | int | bool | dt.date) else str(value)

    def raw_cell(self, sheet: str, row: int, column: int) -> RawCell:
        if sheet not in self._cells:
            self._cells[sheet] = self.raw.cells(sheet)
        return self._cells[sheet].get(address(row, column), RawCell("General", None))

    def text(self, sheet: str, row: int, column: int) -> str:
        """What the cell shows."""
        value = self.value(sheet, row, column)
        if isinstance(value, dt.date):
            return f"{value.year}年{value.month}月{value.day}日"
        if isinstance(value, str):
            return value
        return printed(value, self.raw_cell(sheet, row, column).number_format)

    def entered(self, sheet: str, row: int, column: int) -> str:
        """What `&` makes of the cell in Excel, for the 校验码."""
        value = self.value(sheet, row, column)
        if isinstance(value, float | int) and not isinstance(value, bool):
            return text_of(Decimal(repr(value)))
        return value if isinstance(value, str) else self.text(sheet, row, column)
