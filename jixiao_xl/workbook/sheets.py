"""The cells of a workbook as the reader wants them, whether it is a file or open in Excel."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal

from jixiao_xl.forms.expr import text_of
from jixiao_xl.model.names import as_shown
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.values import printed

CellValue = str | float | int | bool


@dataclass(frozen=True)
class RawCell:
    number_format: str
    formula: str | None
    """The formula's text; empty for a shared one, None where there is none."""
    calculated: bool = True
    """Whether the formula has a result; one that nobody calculated is not a blank cell."""
    error: str = ""
    """The error value the cell holds (`#REF!`)."""


class Sheets(ABC):
    """Rows and columns count from 0."""

    names: set[str]
    """Every sheet that can be asked for."""
    defined_names: Mapping[str, str]
    """Defined names of the book with their references."""

    @abstractmethod
    def is_protected(self, sheet: str) -> bool:
        """Whether the sheet's protection is on."""

    @abstractmethod
    def value(self, sheet: str, row: int, column: int) -> CellValue | dt.date:
        """What the cell holds; the empty text for a blank one."""

    @abstractmethod
    def raw_cell(self, sheet: str, row: int, column: int) -> RawCell:
        """The cell's formula, and whether it has a result."""

    def number_format(self, sheet: str, row: int, column: int) -> str:
        """The format in which the cell shows its number."""
        return self.raw_cell(sheet, row, column).number_format

    def without_value(self, sheet: str, row: int, column: int) -> str:
        """What a cell without a value shows: an error value, or a formula that nobody has calculated, is
        not a blank cell."""
        raw = self.raw_cell(sheet, row, column)
        return raw.error or ("" if raw.calculated else f"={raw.formula}")

    def text(self, sheet: str, row: int, column: int) -> str:
        """What the cell shows."""
        value = self.value(sheet, row, column)
        if type(value) is str and value:
            return as_shown(value)  # nearly every cell
        if isinstance(value, dt.date):
            return f"{value.year}年{value.month}月{value.day}日"
        if type(value) is str:
            return self.without_value(sheet, row, column)
        assert not isinstance(value, str)
        return printed(value, self.number_format(sheet, row, column))

    def entered(self, sheet: str, row: int, column: int) -> str:
        """What `&` makes of the cell in Excel, for the 校验码."""
        value = self.value(sheet, row, column)
        if type(value) is str:
            return value
        if isinstance(value, float | int) and not isinstance(value, bool):
            return text_of(Decimal(repr(value)))
        return value if isinstance(value, str) else self.text(sheet, row, column)
