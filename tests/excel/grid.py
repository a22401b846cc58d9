"""An xlwings engine inside the test's own process: a file of ours as cells, no spreadsheet program.

    with at_the_grid(path) as desk:
        desk.person.answers = ["yes"]
        check()                            # a button's function; Book.caller() finds the workbook
        desk.person.alerts[-1].text, desk.person.calls.total(), desk.book.sheets["…"]["B3"].value

Nothing is recalculated: a formula keeps the result it came with, whatever is written around it. What
depends on recalculation is tested in tests/excel/calc.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.excel.desk import Desk, active, called_from
from tests.excel.grid_file import GridBook, GridSheet
from tests.excel.pages import Page
from tests.excel.person import Person
from tests.excel.values import ERROR_TEXTS, Block, Box, block_of, serial


class GridPage:
    """One sheet of the grid."""

    def __init__(self, sheet: GridSheet) -> None:
        self.sheet = sheet

    name = property(lambda self: self.sheet.name)
    visible = property(lambda self: self.sheet.visible)
    protected = property(lambda self: self.sheet.protected)
    may_format_rows = property(lambda self: self.sheet.may_format_rows)

    def values(self, box: Box) -> Block:
        get = self.sheet.values.get
        return block_of(box, lambda row, column: get((row, column)))

    def put(self, box: Box, rows: list[list[object]]) -> None:
        for r, row in enumerate(rows, box[0]):
            for c, value in enumerate(row, box[1]):
                self.sheet.put(r, c, value)

    def formulas(self, box: Box) -> Block:
        return block_of(box, self._formula)

    def _formula(self, row: int, column: int) -> str:
        place = row, column
        if place in self.sheet.formulas:
            return self.sheet.formulas[place]
        value = self.sheet.values.get(place)
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).upper()
        if isinstance(value, int):
            return ERROR_TEXTS[value]
        return format(value if isinstance(value, float) else serial(value), ".15g")  # type: ignore[arg-type]

    def number_formats(self, box: Box) -> set[str]:
        return {style for row in block_of(box, lambda r, c: self.sheet.style(r, c).number_format) for style in row}  # type: ignore[misc]

    def set_number_format(self, box: Box, number_format: str) -> None:
        raise AssertionError("no button formats cells; the grid cannot")

    def text_cells(self, box: Box) -> set[tuple[int, int]]:
        top, left, bottom, right = box
        places = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
        return {place for place in places if self.sheet.style(*place).number_format == "@"}

    def locks(self, box: Box) -> set[bool]:
        return {lock for row in block_of(box, lambda r, c: self.sheet.style(r, c).locked) for lock in row}  # type: ignore[misc]

    def used(self) -> Box:
        places = self.sheet.styles.keys() | self.sheet.values.keys() or {(1, 1)}
        rows, columns = {row for row, _ in places}, {column for _, column in places}
        return min(rows), min(columns), max(rows), max(columns)

    def rows_hidden(self, first: int, last: int) -> set[bool]:
        return {row in self.sheet.hidden_rows for row in range(first, last + 1)}

    def show_rows(self, first: int, last: int, shown: bool) -> None:
        self.sheet.show_rows(first, last, shown)


class GridPages:
    """One workbook of the grid. `full_name` may be set to a cloud's address, `read_only` to True."""

    def __init__(self, path: Path) -> None:
        self.book = GridBook(path)
        self.full_name, self.read_only = str(path.resolve()), False
        self._pages: list[Page] = [GridPage(sheet) for sheet in self.book.sheets]
        self._active = self.book.active.name

    def pages(self) -> list[Page]:
        return self._pages

    def names(self) -> dict[str, str]:
        return self.book.names

    def active(self) -> str:
        return self._active

    def activate(self, sheet: str) -> None:
        self._active = sheet

    def selected(self) -> Box | None:
        return None

    def select(self, sheet: str, box: Box) -> None:
        """The book's own account of selections is enough."""

    def save(self, path: Path) -> None:
        self.book.save(path)

    def calculate(self) -> None:
        raise AssertionError("the grid does not calculate")

    def close(self) -> None:
        """Nothing is held open."""


@contextmanager
def at_the_grid(path: Path) -> Iterator[Desk]:
    """The workbook open before a person, xlwings connected to it."""
    import xlwings

    from tests.excel.engine import Engine

    person = Person()
    engine = Engine(person, GridPages)
    book = engine.apps.only.books.adopted(GridPages(path))
    with active(xlwings, xlwings.main.Engine(impl=engine)), called_from(xlwings, book.name):
        yield Desk(xlwings.Book(impl=book), person)
