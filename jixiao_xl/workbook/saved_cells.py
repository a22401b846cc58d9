"""The blocks of a saved workbook as an open one gives them, with cells put over those of the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from jixiao_xl.model.places import address, row_and_column
from jixiao_xl.workbook import identity
from jixiao_xl.workbook.areas import REFERENCE
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.guard import parts_of
from jixiao_xl.workbook.live_sheets import Live, NoSheet
from jixiao_xl.workbook.raw import RawBook

Spot = tuple[str, int, int]
"""Sheet, row and column, from 0."""


class SavedCells:
    """The values, formulas, locks and hidden rows of a file; `put` and `hide` change what is told, never the file."""

    def __init__(self, path: Path) -> None:
        """Raises Refused for a file that no reader may touch; OSError is the caller's."""
        content = path.read_bytes()
        self.raw = RawBook(parts_of(content))
        self.sheets = FileSheets(content, self.raw)
        self._put: dict[Spot, Live] = {}
        self._formulas: set[Spot] = set()
        """Those of the put cells that hold a formula, which nobody calculates here."""
        self._hidden: dict[str, set[int]] = {}

    @property
    def is_changed(self) -> bool:
        return bool(self._put or self._hidden)

    def sheet_names(self) -> list[str]:
        return list(self.sheets.book.sheet_names)

    def _spots(self, sheet: str, area: str) -> Iterator[list[Spot]]:
        """The cells of an area, row by row. Raises NoSheet where there is none so called."""
        if sheet not in self.sheets.names:
            raise NoSheet(sheet)
        first, _, last = area.partition(":")
        (top, left), (bottom, right) = row_and_column(first), row_and_column(last or first)
        for row in range(top, bottom + 1):
            yield [(sheet, row, column) for column in range(left, right + 1)]

    # ---- what the cells hold ----------------------------------------------------------
    def values(self, sheet: str, area: str) -> list[list[Live]]:
        """None for a blank cell and for a formula that nobody has calculated; an error value comes as its text."""
        return [[self._value(spot) for spot in row] for row in self._spots(sheet, area)]

    def _value(self, spot: Spot) -> Live:
        if spot in self._put:
            return None if spot in self._formulas else self._put[spot]
        if spot[0] == identity.NAME and spot in self._places:
            return self._places[spot]
        value = self.sheets.value(*spot)
        if value == "":
            return self.sheets.raw_cell(*spot).error or None
        if isinstance(value, bool | str):
            return value
        if isinstance(value, dt.date):
            return value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        return float(value)

    @cached_property
    def _places(self) -> dict[Spot, Live]:
        """Where the named blocks are by the names themselves, which every program carries along: what the identity sheet
        shows is missing in a file that nobody calculated, and calls a renamed sheet by its old name."""
        found: dict[Spot, Live] = {}
        for row, cells in enumerate(self.sheets.rows(identity.NAME)):
            name = cells[identity.PLACES] if len(cells) > identity.PLACES else ""
            place = REFERENCE.match(self.raw.names.get(str(name), ""))
            if place is None:
                continue
            top, left = row_and_column(f"{place[3]}{place[4]}")
            bottom, right = row_and_column(f"{place[5]}{place[6]}") if place[5] else (top, left)
            sheet = (place[1] or place[2]).replace("''", "'")
            told = (sheet, *(float(n + 1) for n in (top, left, bottom, right)))
            found |= {(identity.NAME, row, identity.PLACES + n): value for n, value in enumerate(told, 1)}
        return found

    def formulas(self, sheet: str, area: str) -> list[list[str]]:
        """`=…` for a formula, else the constant as text."""
        return [[self._formula(spot) for spot in row] for row in self._spots(sheet, area)]

    def _formula(self, spot: Spot) -> str:
        if spot in self._put:
            held = self._put[spot]
            return "" if held is None else str(held)
        formula = self.sheets.raw_cell(*spot).formula
        return str(self._value(spot) or "") if formula is None else f"={formula}"

    def number_format(self, sheet: str, area: str) -> str:
        """The one number format of an area; empty where its cells differ."""
        found = {self.sheets.raw_cell(*spot).number_format for row in self._spots(sheet, area) for spot in row}
        return found.pop() if len(found) == 1 else ""

    # ---- what is changed --------------------------------------------------------------
    def put(self, sheet: str, area: str, rows: list[list[Live]]) -> None:
        """Raises PermissionError, and puts nothing, where a cell of a protected sheet is locked."""
        spots = list(self._spots(sheet, area))
        if self.sheets.is_protected(sheet) and any(self.raw.is_locked(sheet, address(r, c)) for row in spots for _, r, c in row):
            raise PermissionError("the cell is locked")
        for values, row in zip(rows, spots, strict=True):
            for value, spot in zip(values, row, strict=True):
                self._put[spot] = value
                is_formula = isinstance(value, str) and value.startswith("=") and not self.raw.is_text(sheet, address(*spot[1:]))
                (self._formulas.add if is_formula else self._formulas.discard)(spot)

    def hidden(self, sheet: str) -> set[int]:
        """The hidden rows of a sheet, from 0."""
        return self._hidden[sheet] if sheet in self._hidden else set(self.raw.hidden_rows(sheet))

    def hide(self, sheet: str, rows: range, *, hidden: bool) -> None:
        self._hidden[sheet] = self.hidden(sheet) | set(rows) if hidden else self.hidden(sheet) - set(rows)


def plain(value: object) -> Live:
    """What a button writes as a cell holds it: a number as float, an empty text as a blank."""
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return value or None
    assert value is None or isinstance(value, float | bool | dt.datetime)
    return value
