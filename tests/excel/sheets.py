"""Sheets, areas and defined names as xlwings asks for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlwings import base_classes as asked
from xlwings import utils

from tests.excel import values
from tests.excel.pages import Page
from tests.excel.values import NO_SUCH_ITEM, Box, ComError

if TYPE_CHECKING:
    from tests.excel.engine import Book

MAX_ROWS, MAX_COLUMNS = 1048576, 16384
_AREA = re.compile(r"[A-Za-z]{0,3}\d*(:[A-Za-z]{0,3}\d*)?")


class Sheets(asked.Sheets):
    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        from tests.excel.com import Worksheets

        return Worksheets(self.book, self.book.app.person)

    active = property(lambda self: self.book.active_sheet())

    def __call__(self, key: int | str) -> Sheet:
        self.book.app.person.is_called("sheets")
        return self.book.sheet(key)

    def __len__(self) -> int:
        return len(self.book.sheet_pages)

    def __iter__(self) -> Any:
        self.book.app.person.is_called("sheets.each")
        return iter(list(self.book.sheet_pages.values()))

    def __contains__(self, key: str) -> bool:
        return any(name.lower() == key.lower() for name in self.book.sheet_pages)


class Sheet(asked.Sheet):
    def __init__(self, book: Book, page: Page) -> None:
        self._book, self.page = book, page

    book = property(lambda self: self._book)
    name = property(lambda self: self.page.name)
    index = property(lambda self: list(self._book.sheet_pages).index(self.page.name) + 1)
    names = property(lambda self: Names(self._book))
    visible = property(lambda self: self.page.visible)
    cells = property(lambda self: Range(self, (1, 1, MAX_ROWS, MAX_COLUMNS)))
    used_range = property(lambda self: Range(self, self.page.used()))

    @property
    def api(self) -> Any:
        from tests.excel.com import Worksheet

        return Worksheet(self, self._book.app.person)

    def activate(self) -> None:
        if not self.page.visible:
            raise ComError(text="a hidden sheet cannot be activated")
        self._book.pages.activate(self.name)

    select = activate

    def range(self, first: Any, last: Any = None) -> Range:
        top, left, bottom, right = self._box(first)
        if last is not None:
            other = self._box(last)
            top, left, bottom, right = min(top, other[0]), min(left, other[1]), max(bottom, other[2]), max(right, other[3])
        return Range(self, (top, left, bottom, right))

    def _box(self, given: Any) -> Box:
        if isinstance(given, Range):
            return given.box
        if isinstance(given, tuple):
            row, column, rows, columns = given if len(given) == 4 else (*given, 1, 1)
            if row == 0 or column == 0:
                raise IndexError("rows and columns count from 1")
            return row, column, row + rows - 1, column + columns - 1
        bare = given.replace("$", "")
        if "!" not in bare and _AREA.fullmatch(bare) and not bare.isalpha():
            return self._book.to_area(bare, self).box
        return Names(self._book)(given).refers_to_range.box


class Range(asked.Range):
    """An area of one sheet."""

    options = None
    max_cells_per_read = max_cells_per_write = None
    has_array = False

    def __init__(self, sheet: Sheet, box: Box) -> None:
        self.sheet, self.box = sheet, box

    row = property(lambda self: self.box[0])
    column = property(lambda self: self.box[1])
    shape = property(lambda self: (self.box[2] - self.box[0] + 1, self.box[3] - self.box[1] + 1))
    coords = property(lambda self: (self.sheet.name, self.row, self.column, *self.shape))
    address = property(lambda self: self.get_address(True, True, False))
    rows = columns = property(lambda self: self)

    @property
    def api(self) -> Any:
        from tests.excel.com import Range as ComRange

        return ComRange(self, self._person)

    @property
    def _person(self) -> Any:
        return self.sheet.book.app.person

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = divmod(row - 1, self.shape[1])
            row, column = row + 1, column + 1
        top, left = self.row + row - 1, self.column + column - 1
        return Range(self.sheet, (top, left, top, left))

    def _near(self) -> Box:
        """The area as far as the sheet is used, for whole rows and columns."""
        top, left, bottom, right = self.box
        if bottom < MAX_ROWS and right < MAX_COLUMNS:
            return self.box
        used = self.sheet.page.used()
        return top, left, max(top, min(bottom, used[2])), max(left, min(right, used[3]))

    def _changes(self, what: str) -> None:
        self._person.is_called(what, writes=True)
        if self.sheet.page.protected and True in self.sheet.page.locks(self._near()):
            raise ComError(text=f"{self.sheet.name}!{self.address} is locked")

    @property
    def raw_value(self) -> Any:
        self._person.is_called("range.value")
        return values.unwrapped(self.sheet.page.values(self._near()))

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self._changes("range.value=")
        box = self._near()
        as_text = self.sheet.page.text_cells(box)
        rows = values.fitted(data, box[2] - box[0] + 1, box[3] - box[1] + 1)
        kept = [
            [values.as_kept(value, in_text_cell=(r, c) in as_text) for c, value in enumerate(row, box[1])]
            for r, row in enumerate(rows, box[0])
        ]
        self.sheet.page.put(box, kept)

    @property
    def formula(self) -> Any:
        self._person.is_called("range.formula")
        return values.unwrapped(self.sheet.page.formulas(self._near()))

    @formula.setter
    def formula(self, data: Any) -> None:
        self.raw_value = data

    def clear_contents(self) -> None:
        self.raw_value = None

    @property
    def number_format(self) -> Any:
        """None where the cells differ, as COM has it."""
        self._person.is_called("range.number_format")
        return values.uniform(self.sheet.page.number_formats(self._near()))

    @number_format.setter
    def number_format(self, number_format: str) -> None:
        self._person.is_called("range.number_format=", writes=True)
        if self.sheet.page.protected:
            raise ComError(text="a protected sheet cannot be formatted")
        self.sheet.page.set_number_format(self._near(), number_format)

    @property
    def row_hidden(self) -> Any:
        self._person.is_called("range.row_hidden")
        return values.uniform(self.sheet.page.rows_hidden(self.box[0], self._near()[2]))

    @row_hidden.setter
    def row_hidden(self, hidden: bool) -> None:
        self._person.is_called("range.row_hidden=", writes=True)
        if not self.sheet.page.may_format_rows:
            raise ComError(text="Unable to set the Hidden property of the Range class")
        self.sheet.page.show_rows(self.box[0], self.box[2], not hidden)

    def select(self) -> None:
        """Only on the sheet in front, as in Excel."""
        self._person.is_called("range.select", writes=True)
        book = self.sheet.book
        if book.pages.active() != self.sheet.name:
            raise ComError(text="Select method of Range class failed")
        book.selections[self.sheet.name] = self.box
        book.pages.select(self.sheet.name, self.box)

    def get_address(self, row_absolute: bool = True, column_absolute: bool = True, external: bool = False) -> str:
        down, across = "$" if row_absolute else "", "$" if column_absolute else ""
        top, left, bottom, right = self.box
        text = f"{across}{utils.col_name(left)}{down}{top}"
        if (top, left) != (bottom, right):
            text += f":{across}{utils.col_name(right)}{down}{bottom}"
        return f"'[{self.sheet.book.name}]{self.sheet.name}'!{text}" if external else text


class Names(asked.Names):
    """The defined names of a book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        from tests.excel.com import Names as ComNames

        return ComNames(self.book, self.book.app.person)

    def __call__(self, key: int | str) -> Name:
        self.book.app.person.is_called("names")
        known = self.book.pages.names()
        if isinstance(key, int):
            key = list(known)[key - 1]
        for name, refers_to in known.items():
            if name.lower() == key.lower():
                return Name(self.book, name, refers_to)
        raise ComError(scode=NO_SUCH_ITEM, text=f"no name {key}")

    def contains(self, key: int | str) -> bool:
        return str(key).lower() in map(str.lower, self.book.pages.names())

    def __len__(self) -> int:
        return len(self.book.pages.names())


class Name(asked.Name):
    def __init__(self, book: Book, name: str, refers_to: str) -> None:
        self.book, self._name, self._refers_to = book, name, refers_to

    name = property(lambda self: self._name)
    refers_to = property(lambda self: self._refers_to)

    @property
    def refers_to_range(self) -> Range:
        self.book.app.person.is_called("name.refers_to_range")
        return self.book.to_area(self._refers_to)
