"""Where is it: sheet and cell for the clerk, path for the program."""

from __future__ import annotations

from functools import lru_cache

from jixiao_xl.model.records import dataclass

MAX_ROW = 20_000
"""A row below this is in no workbook of ours."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place a person can go to. Any part may be empty when the thing has no such place."""

    path: str = ""
    sheet: str = ""
    cell: str = ""
    book: str = ""

    def spoken(self) -> str:
        """`资金情况!D10` as staff say it; the book where there is no cell."""
        if self.sheet and self.cell:
            return f"{self.sheet}!{self.cell}"
        return self.sheet or self.book


@lru_cache(maxsize=1024)
def column_letter(column: int) -> str:
    """`0` is A, `26` is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@lru_cache(maxsize=32_768)
def address(row: int, column: int) -> str:
    """A1 notation of a zero-based row and column."""
    return f"{column_letter(column)}{row + 1}"


@lru_cache(maxsize=32_768)
def fixed_address(row: int, column: int) -> str:
    """The same with both parts fixed, as in `$A$1`: it does not move when the formula is copied."""
    return f"${column_letter(column)}${row + 1}"


def row_and_column(cell: str) -> tuple[int, int]:
    """Zero-based row and column of an A1 address; ValueError when it is none."""
    letters = cell.rstrip("0123456789")
    number = 0
    for char in letters:
        number = number * 26 + ord(char) - 64
    return int(cell[len(letters) :]) - 1, number - 1
