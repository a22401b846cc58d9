"""A workbook on paper before it is a file: every cell planned, every formula with its value.

Formulas are `Expr`; the book answers what each of them gives, so that what we write as a
cached value is what Excel will calculate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from decimal import Decimal
from typing import Literal

from jixiao_xl.forms.expr import Area, Cell, ExcelError, Expr, Value
from jixiao_xl.model.records import dataclass

Content = Decimal | str | None | Expr
Mark = tuple[tuple[tuple[int, int], ...], Expr, str]
"""A conditional format: cells, when, style."""


@dataclass(frozen=True)
class Rule:
    """A data validation on one cell."""

    kind: str
    """`list`, `decimal`, `length`."""
    words: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    stop: bool = True
    title: str = ""
    message: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class PageButton:
    """A button that lies on a sheet, `left` and `top` pixels from the corner of its cell."""

    row: int
    column: int
    caption: str
    macro: str
    """The Sub that a click calls."""
    width_px: int
    height_px: int
    left_px: int = 0
    top_px: int = 0


@dataclass
class PlannedCell:
    content: Content
    style: str
    locked: bool = True
    number_format: str = ""
    merge_to: tuple[int, int] | None = None
    link: str = ""
    """An internal target such as `'资金情况'!D10`."""
    note: str = ""


class Alike:
    """One formula in every row of a column: it looks at the cells of its own row, or of the row `down` rows below.

    `make` gives it for a row; the rows themselves hold what it shows, which the tests hold against it.
    """

    def __init__(self, make: Callable[[int], Expr], down: int = 0) -> None:
        self.make, self.down = make, down

    def pieces(self, sheet: str) -> list[str]:
        """The formula as seen from the sheet, without the number of the row that stands between the pieces."""
        return self.make(_SOME_ROW).excel(sheet).split(str(_SOME_ROW + 1))


_SOME_ROW = 987_653
"""A row whose number no formula has otherwise."""


@dataclass
class Rows:
    """Many like rows at once, one style a column, nothing merged: a tenth of the work of planned cells.

    A None is not written at all, an empty text is a framed blank.
    """

    row: int
    column: int
    styles: tuple[str, ...]
    rows: list[Sequence[Content]] = field(default_factory=list)
    links: dict[tuple[int, int], str] = field(default_factory=dict)
    """By row and column of the sheet: a file as in `Page.external`, or `#'sheet'!A1` of this book."""
    looks: dict[str, str] = field(default_factory=dict)
    """Texts that have a style of their own, such as 缺."""
    formulas: dict[int, Alike] = field(default_factory=dict)
    """By column of the table, from 0; the rows hold their values."""

    def at(self, row: int, column: int) -> Content:
        """What stands there; None outside."""
        down, across = row - self.row, column - self.column
        inside = 0 <= down < len(self.rows) and 0 <= across < len(self.rows[down])
        return self.rows[down][across] if inside else None

    def covers(self, area: Area) -> bool:
        """Whether the whole area is within the table."""
        down, across = area.row - self.row, area.column - self.column
        height, width = area.to_row - area.row + 1, area.to_column - area.column + 1
        return down >= 0 and across >= 0 and down + height <= len(self.rows) and across + width <= len(self.styles)


@dataclass(frozen=True)
class Series:
    """A row of numbers with their labels, both in cells."""

    name: str
    labels: Area
    numbers: Area
    colour: str = ""


@dataclass(frozen=True)
class Chart:
    """A native chart; its corner lies in the cell, its size is in pixels."""

    kind: Literal["doughnut", "bar", "stacked"]
    title: str
    series: tuple[Series, ...]
    row: int
    column: int
    width_px: int
    height_px: int
    left_px: int = 0
    number_format: str = ""
    """Of the figures at the bars; amounts when empty."""


@dataclass
class Page:
    """One sheet. Rows and columns are zero-based; widths in half-width chars, heights in pt."""

    name: str
    state: str = "visible"
    """`visible`, `hidden` or `veryHidden`."""
    protected: bool = True
    cells: dict[tuple[int, int], PlannedCell] = field(default_factory=dict)
    widths: dict[int, float] = field(default_factory=dict)
    hidden_columns: set[int] = field(default_factory=set)
    heights: dict[int, float] = field(default_factory=dict)
    loose_heights: dict[int, float] = field(default_factory=dict)
    """Heights that fit what is written now and still grow by themselves when a person types."""
    key_rows: set[int] = field(default_factory=set)
    """Rows for the program; nobody is meant to show them."""
    hidden_rows: set[int] = field(default_factory=set)
    """Spare rows, which a person may show without lifting the protection."""
    rules: dict[tuple[int, int], Rule] = field(default_factory=dict)
    area_rules: list[tuple[tuple[int, int, int, int], Rule]] = field(default_factory=list)
    """One validation for a whole area (first row and column, last row and column)."""
    marks: list[Mark] = field(default_factory=list)
    """Conditional formats; where several hit one cell, the first one paints it."""
    area_marks: list[tuple[tuple[int, int, int, int], Expr, str]] = field(default_factory=list)
    """Conditional formats of whole areas (first row and column, last row and column): the formula is
    the one of the first cell, and its relative references move along."""
    buttons: list[PageButton] = field(default_factory=list)
    frames: list[tuple[int, int, int, int]] = field(default_factory=list)
    freeze: tuple[int, int] | None = None
    repeat_rows: tuple[int, int] | None = None
    print_columns: tuple[int, int] | None = None
    print_to: int = -1
    """Last row on paper; -1 for all of them."""
    landscape: bool = False
    one_page: bool = False
    """Shrunk to one sheet of paper, whatever its length."""
    centred: bool = False
    footer: str = "&C第 &P 页 共 &N 页"
    tab: str = ""
    breaks: list[int] = field(default_factory=list)
    filter: tuple[int, int, int, int] | None = None
    numbers_as_text: bool = False
    external: dict[tuple[int, int], str] = field(default_factory=dict)
    """Cells that link to a file beside this one, `name` or `name#'sheet'!A1`."""
    tables: list[Rows] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)

    def put(
        self, row: int, column: int, content: Content, style: str, *,
        to: tuple[int, int] | None = None, locked: bool = True, link: str = "", number_format: str = "",
    ) -> PlannedCell:  # fmt: skip
        """Plan a cell, merged up to and including `to` where that is another cell."""
        merge = to if to is not None and to != (row, column) else None
        planned = PlannedCell(content, style, locked, number_format, merge, link)
        self.cells[row, column] = planned
        return planned

    def at(self, row: int, column: int) -> Cell:
        return Cell(self.name, row, column)

    def contents(self, area: Area) -> list[Content]:
        """What is planned for the cells of an area, row by row."""
        table = next((each for each in self.tables if each.covers(area)), None)
        if table is None or area.column != area.to_column:
            return [self.content(*place) for place in area.places()]
        down, across = area.row - table.row, area.column - table.column
        rows = enumerate(table.rows[down : down + area.to_row - area.row + 1], area.row)
        return [own.content if (own := self.cells.get((row, area.column))) else values[across] for row, values in rows]

    def content(self, row: int, column: int) -> Content:
        """What is planned for the cell, on its own or in a table; None for nothing."""
        planned = self.cells.get((row, column))
        if planned is not None:
            return planned.content
        return next((found for table in self.tables if (found := table.at(row, column)) is not None), None)


CellKey = tuple[str, int, int]
"""Sheet, row and column."""


class _StackEnded(Exception):
    """Python's stack ended before this cell was found out."""

    def __init__(self, key: CellKey, content: Expr) -> None:
        self.key, self.content = key, content


@dataclass
class Book:
    """Pages in order, defined names, and the answer to what any cell shows."""

    pages: list[Page] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """Defined name to reference (`='资金情况'!$A$5:$H$13`)."""
    title: str = ""
    macros: bool = False
    """Whether it carries our VBA project and ribbon."""
    addin: bool = False
    """Whether it is an add-in (.xlam), which has macros too."""
    _known: dict[CellKey, Value | ExcelError] = field(default_factory=dict)
    _depth: int = 0
    """How many formulas are being found out, each for the sake of the one before."""
    _areas: dict[Area, list[Value]] = field(default_factory=dict)
    _by_name: dict[str, Page] = field(default_factory=dict)

    def page(self, name: str) -> Page:
        if name not in self._by_name:
            self._by_name = {page.name: page for page in self.pages}
        return self._by_name[name]

    def values(self, area: Area) -> list[Value]:
        """What an area shows; asked for often, so kept."""
        if area not in self._areas:
            planned = zip(area.places(), self.page(area.sheet).contents(area), strict=True)
            self._areas[area] = [
                self.value(area.sheet, *place) if isinstance(content, Expr) else content for place, content in planned
            ]
        return self._areas[area]

    def hidden(self, sheet: str, row: int) -> bool:
        page = self.page(sheet)
        return row in page.hidden_rows or row in page.key_rows

    def value(self, sheet: str, row: int, column: int) -> Value:
        """What the cell shows; raises ExcelError where Excel shows an error."""
        key = sheet, row, column
        if key not in self._known:
            content = self.page(sheet).content(row, column)
            if not isinstance(content, Expr):
                return content
            self._evaluate(key, content)
        found = self._known[key]
        if isinstance(found, ExcelError):
            raise found
        return found

    def _evaluate(self, key: CellKey, content: Expr) -> None:
        """Find out what a formula shows. Cells may follow from each other in chains of thousands (the rows of all
        projects on one 打印表): where Python's stack ends, the cell reached there is found out first, from the bottom
        of the stack, and the others then find it known."""
        self._depth += 1
        try:
            self._known[key] = content.value(self)
        except ExcelError as error:
            self._known[key] = error
        except RecursionError:
            raise _StackEnded(key, content) from None
        except _StackEnded as ended:
            if self._depth > 1:
                raise
            self._one_after_another(ended, key, content)
        finally:
            self._depth -= 1

    def _one_after_another(self, ended: _StackEnded, key: CellKey, content: Expr) -> None:
        waiting = [(key, content), (ended.key, ended.content)]
        while waiting:
            key, content = waiting[-1]
            try:
                self._known[key] = content.value(self)
            except ExcelError as error:
                self._known[key] = error
            except _StackEnded as deeper:
                if any(deeper.key == known for known, _ in waiting):
                    raise RecursionError(f"{deeper.key} follows from itself") from None
                waiting.append((deeper.key, deeper.content))
                continue
            waiting.pop()
