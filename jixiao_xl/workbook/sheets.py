"""The cells of an opened workbook: values through calamine, formats and formulas from raw XML."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, WorksheetNotFound, XmlError, ZipError

from jixiao_xl.forms.expr import text_of
from jixiao_xl.model.names import as_shown
from jixiao_xl.model.places import address
from jixiao_xl.workbook.guard import Refused
from jixiao_xl.workbook.raw import RawBook, RawCell, RawCells
from jixiao_xl.workbook.values import printed

BROKEN = (CalamineError, XmlError, ZipError, WorksheetNotFound, ValueError, KeyError, IndexError, OSError)
"""What calamine raises, here or in an older release, when a part of a workbook is damaged."""
CellValue = str | float | int | bool


def broken() -> Refused:
    return Refused("文件内部损坏", "在 Excel 中打开，另存为 .xlsx 后重报。")


class Sheets:
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

    def rows(self, sheet: str) -> list[list[object]]:
        """Every row of the sheet from A1; raises Refused when its part is damaged."""
        self.raw.look_at(sheet)
        try:
            return [list[object](row) for row in self.book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)]
        except BROKEN:
            raise broken() from None

    def value(self, sheet: str, row: int, column: int) -> CellValue | dt.date:
        if sheet not in self._rows:
            self._rows[sheet] = self.rows(sheet)
        rows = self._rows[sheet]
        if row >= len(rows) or column >= len(rows[row]):
            return ""
        value = rows[row][column]
        if type(value) is str:
            return value
        return value if isinstance(value, str | float | int | bool | dt.date) else str(value)

    def raw_cell(self, sheet: str, row: int, column: int) -> RawCell:
        if sheet not in self._cells:
            self._cells[sheet] = self.raw.cells(sheet)
        return self._cells[sheet].get(address(row, column))

    def text(self, sheet: str, row: int, column: int) -> str:
        """What the cell shows."""
        value = self.value(sheet, row, column)
        if type(value) is str and value:
            return as_shown(value)  # nearly every cell
        if isinstance(value, dt.date):
            return f"{value.year}年{value.month}月{value.day}日"
        if value == "":
            raw = self.raw_cell(sheet, row, column)
            # an error value, or a formula that nobody has calculated, is not a blank cell
            return raw.error or ("" if raw.calculated else f"={raw.formula}")
        assert not isinstance(value, str)
        return printed(value, self.raw_cell(sheet, row, column).number_format)

    def entered(self, sheet: str, row: int, column: int) -> str:
        """What `&` makes of the cell in Excel, for the 校验码."""
        value = self.value(sheet, row, column)
        if isinstance(value, float | int) and not isinstance(value, bool):
            return text_of(Decimal(repr(value)))
        return value if isinstance(value, str) else self.text(sheet, row, column)
