"""The 打印表 while it is drawn: the next free row, and cells merged over units of the grid."""

from __future__ import annotations

import math
from decimal import Decimal

from jixiao_xl.forms.expr import Cell, Expr, call
from jixiao_xl.forms.plan import Slot
from jixiao_xl.workbook.pages import Book, Page
from jixiao_xl.workbook.text_width import LANDSCAPE, SIDE, UNIT_PX, Grid
from jixiao_xl.workbook.unseen import Unseen

NAME = "打印表"
TALL_PT = 260.0
"""A label beside more than a third of a page stands at the top: in the middle a page break would cut it."""


def shown(cell: Cell) -> Expr:
    """The cell's value; a blank stays blank instead of becoming 0."""
    return call("IF", cell.eq(""), "", cell)


def ref(slot: Slot) -> Expr:
    return shown(Cell(slot.sheet, slot.row, slot.column))


class Canvas:
    def __init__(self, book: Book, grid: Grid) -> None:
        self.book, self.grid = book, grid
        self.page = Page(NAME, tab="#5D6D7E", landscape=grid is LANDSCAPE)
        self.top = 0
        self.flag = grid.units
        """Column of flags, off the paper: 1 where a printed row that may be hidden holds something."""
        self.unseen = Unseen(self.page, self.flag)
        self.called: Expr | None = None
        """While a spare instance is drawn: 1 if it holds anything, so that it has to be printed."""

    def row(self, height: float) -> int:
        row = self.top
        self.page.heights[row] = height
        self.top += 1
        return row

    def across(
        self, row: int, first: int, last: int, content: Expr | Decimal | str | None, style: str, *, to_row: int = -1
    ) -> None:
        self.page.put(row, first, content, style, to=(max(row, to_row), last))

    def title(self, text: str, style: str, char_px: int) -> None:
        """A line over the whole width, higher when the text needs more lines than one."""
        lines = math.ceil(len(text) * char_px / (self.grid.units * UNIT_PX - char_px))
        self.across(self.row(lines * char_px + 10), 0, self.grid.last, text, style)

    def label(self, rows: range, first: int, last: int, text: Expr | str | None) -> None:
        """A label merged down the rows it stands for."""
        tall = sum(self.page.heights[row] for row in rows if row not in self.page.hidden_rows) > TALL_PT
        self.across(rows[0], first, last, text, "paper_label_top" if tall else "paper_label", to_row=rows[-1])

    def side(self, first: int, text: Expr | str | None) -> None:
        """The label at the far left of all that was drawn since row `first`."""
        self.label(range(first, self.top), 0, SIDE - 1, text)

    def limit(self, slot: Slot, room: int) -> int:
        """The longest text the place is made for: its room, or what was filed if that is longer."""
        content = self.book.page(slot.sheet).cells[slot.row, slot.column].content
        return max(room, len(content) if isinstance(content, str) else 0)
