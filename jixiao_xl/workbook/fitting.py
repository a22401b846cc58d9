"""How high must a row be for its wrapped texts? Programs that only open a file do not ask Excel."""

from __future__ import annotations

import math
import unicodedata
from decimal import Decimal
from functools import lru_cache

from jixiao_xl.forms.expr import ExcelError, Expr
from jixiao_xl.workbook.pages import Book, Page, Rows

LINE_PT = 15.0


@lru_cache(maxsize=65_536)
def width_of(text: str) -> int:
    """Half-width columns the text takes on one line."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def fit_rows(page: Page, book: Book | None = None) -> None:
    """Give every row without a height of its own one that shows its unmerged cells whole."""
    needed: dict[int, int] = {}
    for (row, column), planned in page.cells.items():
        if planned.merge_to is not None or row in page.heights or column in page.hidden_columns:
            continue
        text = planned.content
        if isinstance(text, Expr):
            text = _shown(page, book, row, column)
        if isinstance(text, str):
            room = max(page.widths.get(column, 8.43) - 1.5, 2)
            needed[row] = max(needed.get(row, 1), _lines(text, room))
    for table in page.tables:
        _of_table(page, table, needed)
    for row, lines in needed.items():
        page.loose_heights[row] = max(page.loose_heights.get(row, 0), lines * LINE_PT + 4)


def _of_table(page: Page, table: Rows, needed: dict[int, int]) -> None:
    """The rows of a table that hold a text longer than its column; the others keep the sheet's height."""
    for column, contents in enumerate(zip(*table.rows, strict=True), table.column):
        room = max(page.widths.get(column, 8.43) - 1.5, 2)
        if set(map(type, contents)) == {Decimal}:
            continue
        texts = {text for text in contents if isinstance(text, str)}
        long = {text: count for text in texts if (count := _lines(text, room)) > 1}
        for row, text in enumerate(contents, table.row) if long else ():
            if isinstance(text, str) and text in long and row not in page.heights:
                needed[row] = max(needed.get(row, 1), long[text])


def _lines(text: str, room: float) -> int:
    """Lines that the text takes in so many half-width columns."""
    if 2 * len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(width_of(part) / room)) for part in text.split("\n"))


def _shown(page: Page, book: Book | None, row: int, column: int) -> str:
    try:
        value = book.value(page.name, row, column) if book else ""
    except ExcelError:
        return ""
    return value if isinstance(value, str) else ""
