"""Excel's Range, as far as a button may go."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING, Any

from tests.excel import values
from tests.excel.com_object import ComObject
from tests.excel.person import Person

if TYPE_CHECKING:
    from tests.excel.com import Application, Worksheet
    from tests.excel.sheets import Range as Area

MAX_COLUMNS = 16384


def _plain(value: object) -> object:
    """`Value2`: dates and currency as bare numbers."""
    if isinstance(value, tuple):
        return tuple(_plain(one) for one in value)
    if isinstance(value, dt.datetime):
        return values.serial(value)
    return float(value) if isinstance(value, decimal.Decimal) else value


class Range(ComObject):
    """An area; `counted_by` says what `Count` and `Item` go by: cells, rows or columns."""

    def __init__(self, area: Area, person: Person, counted_by: str = "cells") -> None:
        self._area, self._person, self._by = area, person, counted_by

    def get_Worksheet(self) -> Worksheet:
        from tests.excel.com import Worksheet

        return Worksheet(self._area.sheet, self._person)

    get_Parent = get_Worksheet

    def get_Application(self) -> Application:
        from tests.excel.com import Application

        return Application(self._area.sheet.book.app, self._person)

    def get_Row(self) -> int:
        return self._area.row

    def get_Column(self) -> int:
        return self._area.column

    def get_Rows(self) -> Range:
        return Range(self._area, self._person, "rows")

    def get_Columns(self) -> Range:
        return Range(self._area, self._person, "columns")

    def get_Cells(self) -> Range:
        return Range(self._area, self._person)

    def get_EntireRow(self) -> Range:
        sheet, (top, _, bottom, _) = self._area.sheet, self._area.box
        return Range(sheet.range((top, 1), (bottom, MAX_COLUMNS)), self._person, "rows")

    def get_Count(self) -> int:
        rows, columns = self._area.shape
        return {"cells": rows * columns, "rows": rows, "columns": columns}[self._by]

    get_CountLarge = get_Count

    def do_Item(self, first: int, second: int | None = None) -> Range:
        if second is not None or self._by == "cells":
            return Range(self._area(first, second), self._person)
        top, left, bottom, right = self._area.box
        ends = ((top + first - 1, left), (top + first - 1, right))
        if self._by == "columns":
            ends = ((top, left + first - 1), (bottom, left + first - 1))
        return Range(self._area.sheet.range(*ends), self._person, self._by)

    # ---- what the cells hold ------------------------------------------------------------
    def get_Value(self) -> Any:
        return self._area.raw_value

    def set_Value(self, data: Any) -> None:
        self._area.raw_value = data

    def get_Value2(self) -> Any:
        return _plain(self._area.raw_value)

    set_Value2 = set_Value

    def get_Formula(self) -> Any:
        return self._area.formula

    def set_Formula(self, data: Any) -> None:
        self._area.formula = data

    get_Formula2, set_Formula2 = get_Formula, set_Formula

    def do_ClearContents(self) -> None:
        self._area.clear_contents()

    def get_NumberFormat(self) -> str | None:
        return self._area.number_format

    def set_NumberFormat(self, number_format: str) -> None:
        self._area.number_format = number_format

    def get_Locked(self) -> object:
        return values.uniform(self._area.sheet.page.locks(self._area.box))

    def get_HasArray(self) -> bool:
        return False

    # ---- where it is --------------------------------------------------------------------
    def get_Address(self) -> str:
        return self._area.address

    def do_GetAddress(
        self, RowAbsolute: bool = True, ColumnAbsolute: bool = True, ReferenceStyle: int = 1, External: bool = False
    ) -> str:
        return self._area.get_address(RowAbsolute, ColumnAbsolute, External)

    def get_Hidden(self) -> Any:
        return self._area.row_hidden

    def set_Hidden(self, hidden: bool) -> None:
        self._area.row_hidden = hidden

    def do_Select(self) -> None:
        self._area.select()

    def do_Activate(self) -> None:
        self._area.select()
