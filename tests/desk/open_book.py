"""A workbook as a button meets it: read from our own file, changed by a button's edit, read again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jixiao_xl.desk.cell_changes import Edit, Spot, Value, grouped
from jixiao_xl.desk.ground import Ground
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.places import row_and_column
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.guard import parts_of
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.reader import read_into
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.sheets import RawCell
from jixiao_xl.workbook.values import cell_content
from tests.conftest import spec_of


class OpenBook(FileSheets):
    """The workbook of a filing, with cells put over those of the file."""

    def __init__(self, filing: Filing, repeats: dict[str, int] | None = None) -> None:
        self.spec, self.filing = spec_of(filing), filing
        content = build_workbook(self.spec, filing, BuildOptions(as_stated=True, repeats=repeats or {}))
        self.content = content
        super().__init__(content, RawBook(parts_of(content)))
        self.put: dict[Spot, Value] = {}
        plan = plan_form(self.spec, filing, repeats)
        self.hidden_at_first = {(b.sheet, line.row) for b in plan.blocks for line in b.lines if line.hidden}
        self.hidden = set(self.hidden_at_first)

    # ---- as Sheets ------------------------------------------------------------------------
    def value(self, sheet: str, row: int, column: int) -> str | float | int | bool | dt.date:
        if (sheet, row, column) not in self.put:
            return super().value(sheet, row, column)
        value = self.put[sheet, row, column]
        return "" if value is None else float(value) if isinstance(value, Decimal) else value

    def raw_cell(self, sheet: str, row: int, column: int) -> RawCell:
        raw = super().raw_cell(sheet, row, column)
        return RawCell(raw.number_format, None) if (sheet, row, column) in self.put else raw

    def fill(self, values: dict[str, str | None]) -> OpenBook:
        """A person types: each value into the cell of its path, None to clear it."""
        places, plan = self.reading().places, plan_form(self.spec, self.filing)
        for path, value in values.items():
            content = plan.by_path[path].content
            spot = (places[path].sheet, *row_and_column(places[path].cell))
            self.put[spot] = None if value is None else cell_content(value, content)[0]
        return self

    # ---- as a button sees it ---------------------------------------------------------------
    def reading(self) -> Reading:
        reading = Reading("a.xlsx", in_cells=True)
        read_into(reading, self)
        assert reading.filing is not None
        return reading

    def facts(self) -> dict[str, str]:
        filing = self.reading().filing
        assert filing is not None
        return {path: fact.value for path, fact in filing.facts.items() if fact.value}

    def ground(self) -> Ground:
        return Ground.of(self, self.spec)

    def hidden_on(self, sheet: str) -> set[int]:
        return {row for name, row in self.hidden if name == sheet}

    def area(self, sheet: str, area: str) -> list[list[object]]:
        """The values of an area as Excel gives them: blanks as None."""
        first, _, last = area.partition(":")
        (top, left), (bottom, right) = row_and_column(first), row_and_column(last or first)
        return [[self.value(sheet, r, c) or None for c in range(left, right + 1)] for r in range(top, bottom + 1)]

    def take(self, edit: Edit) -> None:
        """Put the edit as a host does: block by block, then rows shown and hidden."""
        for block in grouped(edit.writes):
            for r, row in enumerate(block.values):
                for c, value in enumerate(row):
                    self.put[block.sheet, block.row + r, block.column + c] = value
        for change in edit.rows:
            rows = {(change.sheet, row) for row in range(change.first, change.last + 1)}
            self.hidden = self.hidden - rows if change.shown else self.hidden | rows

    def rows_of(self, block: str, key: str) -> list[int]:
        """The rows of one place, from the top."""
        stand = self.ground().named(block)
        assert stand is not None
        return [row.row for row in stand.places[key]]


_OPENED: dict[object, OpenBook] = {}


def opened(filing: Filing, repeats: dict[str, int] | None = None) -> OpenBook:
    """The workbook of a filing as it was issued; it is made once for all tests of a run."""
    key = filing.form, filing.year, filing.unit, frozenset(filing.facts.items()), frozenset((repeats or {}).items())
    book = _OPENED.get(key) or _OPENED.setdefault(key, OpenBook(filing, repeats))
    book.put, book.hidden = {}, set(book.hidden_at_first)
    return book
