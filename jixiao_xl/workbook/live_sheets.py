"""The cells of a workbook that is open in Excel, a block per sheet: values and formulas in one call each.

The identity sheet tells where every block of the form is (`jx.places`), so nothing is searched for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

from jixiao_xl.model.places import MAX_ROW, address
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook import identity
from jixiao_xl.workbook.sheets import CellValue, RawCell, Sheets

IDENTITY_AREA = "A1:I240"
"""All that the identity sheet says of a form, with room for a form whose repeated sections are as many as they may be."""
MAX_COLUMN = 60
NAME_PREFIX = "jx."
Live = str | float | bool | dt.datetime | None


@dataclass(frozen=True)
class Place:
    """Where a named block is; rows and columns from 0."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> str:
        """A1 notation without dollars."""
        return f"{address(self.top, self.left)}:{address(self.bottom, self.right)}"


class NoSheet(LookupError):
    """The workbook has no sheet of that name."""


class BlockSource(Protocol):
    """The part of a host that reading needs. Areas are A1 addresses; a sheet that is not there is NoSheet."""

    def read(self, sheet: str, area: str) -> list[list[Live]]: ...

    def formulas(self, sheet: str, area: str) -> list[list[str]]: ...

    def number_format(self, sheet: str, area: str) -> str: ...

    def is_protected(self, sheet: str) -> bool: ...


class LiveSheets(Sheets):
    """The sheets of the form in an open workbook; each is fetched once, when it is first asked for.

    A `glance` asks for values only: enough to find rows and what they hold, not to judge them.
    """

    def __init__(self, source: BlockSource, *, glance: bool = False) -> None:
        self.source, self.glance = source, glance
        self._values: dict[str, list[list[Live]]] = {}
        self._formulas: dict[str, list[list[str]]] = {}
        self._formats: dict[tuple[str, int, int], str] = {}
        self._ends: dict[str, tuple[int, int]] = {}
        """Last row and column, from 0, of what the form has on a sheet."""
        self.defined_names: dict[str, str] = {}
        self.places: dict[str, Place] = {}
        try:
            self._values[identity.NAME] = source.read(identity.NAME, IDENTITY_AREA)
        except NoSheet:
            self.names = set()
            return
        for row in self._values[identity.NAME]:
            self._take_place(row)
        self.names = {identity.NAME, *self._ends}

    def _take_place(self, row: Sequence[Live]) -> None:
        """A line of `jx.places`: name, sheet, first row, first column, last row, last column, all from 1."""
        for start, cell in enumerate(row[:-5]):
            sheet, ends = row[start + 1], row[start + 2 : start + 6]
            if not (isinstance(cell, str) and cell.startswith(NAME_PREFIX) and isinstance(sheet, str)):
                continue
            top, left, bottom, right = (int(n) if isinstance(n, float) else 0 for n in ends)
            if not (0 < top <= bottom <= MAX_ROW and 0 < left <= right <= MAX_COLUMN):
                continue
            quoted = sheet.replace("'", "''")
            first, last = (address(r - 1, c - 1) for r, c in ((top, left), (bottom, right)))
            self.defined_names[cell] = f"'{quoted}'!{first}:{last}" if first != last else f"'{quoted}'!{first}"
            self.places[cell] = Place(sheet, top - 1, left - 1, bottom - 1, right - 1)
            known = self._ends.get(sheet, (0, 0))
            self._ends[sheet] = max(known[0], bottom - 1), max(known[1], right - 1)

    def is_protected(self, sheet: str) -> bool:
        return self.glance or self.source.is_protected(sheet)

    def _area(self, sheet: str) -> str:
        return f"A1:{address(*self._ends.get(sheet, (0, 0)))}"

    def rows(self, sheet: str) -> list[list[object]]:
        return [list(row) for row in self._block(sheet)]

    def _block(self, sheet: str) -> list[list[Live]]:
        if sheet not in self._values:
            self._values[sheet] = self.source.read(sheet, self._area(sheet))
        return self._values[sheet]

    def value(self, sheet: str, row: int, column: int) -> CellValue | dt.date:
        rows = self._block(sheet)
        if row >= len(rows) or column >= len(rows[row]):
            return ""
        value = rows[row][column]
        return "" if value is None else value

    def raw_cell(self, sheet: str, row: int, column: int) -> RawCell:
        if self.glance:
            return RawCell("General", None)
        if sheet not in self._formulas:
            self._formulas[sheet] = self.source.formulas(sheet, self._area(sheet))
        rows = self._formulas[sheet]
        text = rows[row][column] if row < len(rows) and column < len(rows[row]) else ""
        return RawCell("", text[1:] if text.startswith("=") else None)

    def without_value(self, sheet: str, row: int, column: int) -> str:
        """Blank: an open workbook is calculated, and an error value comes as its text."""
        return ""

    def number_format(self, sheet: str, row: int, column: int) -> str:
        if self.glance:
            return "General"
        key = sheet, row, column
        if key not in self._formats:
            first, last = row, row
            while self._is_number(sheet, first - 1, column):
                first -= 1
            while self._is_number(sheet, last + 1, column):
                last += 1
            self._ask_format(key, first, last)
        return self._formats[key]

    def _ask_format(self, wanted: tuple[str, int, int], first: int, last: int) -> None:
        """One call for a run of numbers below each other; halves of it only where they differ."""
        sheet, row, column = wanted
        while wanted not in self._formats:
            told = self.source.number_format(sheet, f"{address(first, column)}:{address(last, column)}")
            if told or first == last:
                self._formats |= {(sheet, r, column): told or "General" for r in range(first, last + 1)}
                return
            middle = (first + last) // 2
            first, last = (first, middle) if row <= middle else (middle + 1, last)

    def _is_number(self, sheet: str, row: int, column: int) -> bool:
        if row < 0:
            return False
        value = self.value(sheet, row, column)
        return isinstance(value, float) and (sheet, row, column) not in self._formats
