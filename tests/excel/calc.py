"""An xlwings engine over a real LibreOffice Calc, through UNO: real formulas, locks and file filters.

    with running_calc(folder) as soffice, at_calc(soffice, path) as desk:
        check()
        desk.book.sheets["…"]["E6"].value      # as Calc calculated it

What Calc does not know is taken from the file: which things a protected sheet allows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.excel.desk import Desk, active, called_from
from tests.excel.grid_file import GridBook
from tests.excel.pages import Page
from tests.excel.person import Person
from tests.excel.values import ERROR_TEXTS, ERRORS, Block, Box, ComError, Formula, as_delivered, serial
from tests.soffice import Soffice, import_uno, prop

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML"}
NO_MACROS, RUN_MACROS = 0, 4
"""com.sun.star.document.MacroExecMode: NEVER_EXECUTE, ALWAYS_EXECUTE_NO_WARN"""
DATE, TEXT, LOGICAL, ERRONEOUS = 2, 256, 1024, 4
CALC_ERRORS = {
    502: "#VALUE!", 503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!", 32767: "#N/A",
}  # fmt: skip
_OUTSIDE_TEXTS = re.compile(r'"[^"]*"|;|\$?(\'(?:[^\']|\'\')+\'|[^\s\'"();,.+\-*/^&=<>$:]+)\.(?=\$?[A-Z]{1,3}\$?\d)')
_TEXTS = re.compile(r"""("[^"]*"|'[^']*')""")


def to_excel(formula: str) -> str:
    """`=$资金情况.A1;x` as `=资金情况!A1,x`."""
    if not formula.startswith("="):
        return formula
    return _OUTSIDE_TEXTS.sub(lambda m: f"{m[1]}!" if m[1] else "," if m[0] == ";" else m[0], formula)


def to_calc(formula: str) -> str:
    """`=SUM(资金情况!A1,1)` as Calc's own interface reads it."""
    pieces = _TEXTS.split(formula)
    return "".join(p if p[:1] in ("'", '"') else p.replace(",", ";").replace("!", ".") for p in pieces)


class CalcPage:
    """One sheet of a document that Calc has open."""

    def __init__(self, book: CalcPages, sheet: Any) -> None:
        self.book, self.sheet = book, sheet
        self.name: str = sheet.Name

    visible = property(lambda self: self.sheet.IsVisible)
    protected = property(lambda self: self.sheet.isProtected())
    may_format_rows = property(lambda self: next(s.may_format_rows for s in self.book.file.sheets if s.name == self.name))

    def _cells(self, box: Box) -> Any:
        top, left, bottom, right = box
        return self.sheet.getCellRangeByPosition(left - 1, top - 1, right - 1, bottom - 1)

    def _formats(self, box: Box) -> Iterator[Any]:
        """The distinct formats of an area."""
        return iter(self._cells(box).getUniqueCellFormatRanges())

    @staticmethod
    def _places(group: Any) -> Iterator[tuple[int, int]]:
        """The cells of one format by (row, column) from 1."""
        for area in group.getRangeAddresses():
            for row in range(area.StartRow, area.EndRow + 1):
                yield from ((row + 1, column + 1) for column in range(area.StartColumn, area.EndColumn + 1))

    def values(self, box: Box) -> Block:
        found = [[None if value == "" else value for value in row] for row in self._cells(box).getDataArray()]
        if any(isinstance(value, float) for row in found for value in row):
            for group in self._formats(box):
                if deliver := self.book.delivery(group.NumberFormat):
                    for row, column in self._places(group):
                        value = found[row - box[0]][column - box[1]]
                        found[row - box[0]][column - box[1]] = deliver(value) if isinstance(value, float) else value
        for row, column in self._places(self._cells(box).queryFormulaCells(ERRONEOUS)):
            number = self.sheet.getCellByPosition(column - 1, row - 1).getError()
            found[row - box[0]][column - box[1]] = ERRORS[CALC_ERRORS.get(number, "#VALUE!")]
        return tuple(map(tuple, found))

    def put(self, box: Box, rows: list[list[object]]) -> None:
        plain = tuple(tuple(self._plain(value) for value in row) for row in rows)
        cells = self._cells(box)
        try:
            cells.setDataArray(plain)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if value is not None and plain[r][c] is not value:
                        self._put_special(cells.getCellByPosition(c, r), value)
        except import_uno().getClass("com.sun.star.uno.RuntimeException") as refusal:
            raise ComError(text=str(refusal)) from None

    @staticmethod
    def _plain(value: object) -> object:
        """What a data array can carry; formulas, errors, dates and truths come after it."""
        if value is None or isinstance(value, Formula):
            return ""
        return value if isinstance(value, str | float) else 0.0

    def _put_special(self, cell: Any, value: object) -> None:
        if isinstance(value, Formula):
            cell.setFormula(to_calc(value))
        elif isinstance(value, bool):
            cell.Value = float(value)
            self.book.have_format(cell, LOGICAL)
        elif isinstance(value, int):
            cell.setFormula({"#N/A": "=NA()", "#NAME?": "=unknown"}.get(ERROR_TEXTS[value], "=1/0"))
        else:
            cell.Value = serial(value)  # type: ignore[arg-type]
            self.book.have_format(cell, DATE)

    def formulas(self, box: Box) -> Block:
        return tuple(tuple(map(to_excel, row)) for row in self._cells(box).getFormulaArray())

    def number_formats(self, box: Box) -> set[str]:
        return {self.book.number_format(group.NumberFormat)[0] for group in self._formats(box)}

    def set_number_format(self, box: Box, number_format: str) -> None:
        raise AssertionError("no button formats cells")

    def text_cells(self, box: Box) -> set[tuple[int, int]]:
        as_text = (g for g in self._formats(box) if self.book.number_format(g.NumberFormat)[1] & TEXT)
        return {place for group in as_text for place in self._places(group)}

    def locks(self, box: Box) -> set[bool]:
        return {bool(group.CellProtection.IsLocked) for group in self._formats(box)}

    def used(self) -> Box:
        cursor = self.sheet.createCursor()
        cursor.gotoStartOfUsedArea(False)
        first = cursor.RangeAddress
        cursor.gotoEndOfUsedArea(False)
        last = cursor.RangeAddress
        return first.StartRow + 1, first.StartColumn + 1, last.EndRow + 1, last.EndColumn + 1

    def rows_hidden(self, first: int, last: int) -> set[bool]:
        return {not self.sheet.Rows.getByIndex(row - 1).IsVisible for row in range(first, last + 1)}

    def show_rows(self, first: int, last: int, shown: bool) -> None:
        self._cells((first, 1, last, 1)).Rows.IsVisible = shown


class CalcPages:
    """One document that Calc has open."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.full_name = import_uno().fileUrlToSystemPath(document.URL)
        self.read_only = False
        self._formats: dict[int, tuple[str, int]] = {}
        self._pages: list[Page] = [CalcPage(self, sheet) for sheet in document.Sheets]

    @cached_property
    def file(self) -> GridBook:
        return GridBook(Path(self.full_name))

    def number_format(self, key: int) -> tuple[str, int]:
        """The format's text and Calc's kind of it."""
        if key not in self._formats:
            given = self.document.NumberFormats.getByKey(key)
            self._formats[key] = given.FormatString, given.Type
        return self._formats[key]

    def delivery(self, key: int) -> Callable[[float], object] | None:
        """How COM delivers a number of this format; None for as it is."""
        text, kind = self.number_format(key)
        if kind & LOGICAL:
            return bool
        return (lambda number: as_delivered(number, text)) if as_delivered(1.0, text) != 1.0 or "¥" in text else None

    def have_format(self, cell: Any, kind: int) -> None:
        """A date or truth is seen by its format: give the cell one, unless it has one."""
        if not self.number_format(cell.NumberFormat)[1] & kind:
            locale = import_uno().createUnoStruct("com.sun.star.lang.Locale")
            cell.NumberFormat = self.document.NumberFormats.getStandardFormat(kind, locale)

    def pages(self) -> list[Page]:
        return self._pages

    def names(self) -> dict[str, str]:
        found = {}
        for name in self.document.NamedRanges:
            sheet, _, area = name.Content.rpartition(".$")
            bare = sheet.removeprefix("$").removeprefix("'").removesuffix("'")
            found[name.Name] = f"='{bare}'!${area}"
        return found

    def active(self) -> str:
        return str(self.document.CurrentController.ActiveSheet.Name)

    def activate(self, sheet: str) -> None:
        self.document.CurrentController.ActiveSheet = self.document.Sheets.getByName(sheet)

    def selected(self) -> Box | None:
        area = getattr(self.document.CurrentSelection, "RangeAddress", None)
        return area and (area.StartRow + 1, area.StartColumn + 1, area.EndRow + 1, area.EndColumn + 1)

    def select(self, sheet: str, box: Box) -> None:
        page = next(page for page in self._pages if page.name == sheet)
        self.document.CurrentController.select(page._cells(box))  # type: ignore[attr-defined]

    def save(self, path: Path) -> None:
        url = import_uno().systemPathToFileUrl(str(path.resolve()))
        self.document.storeToURL(url, (prop("FilterName", FILTERS[path.suffix.lower()]),))

    def calculate(self) -> None:
        self.document.calculateAll()

    def close(self) -> None:
        self.document.close(True)


class Calc:
    """The running program: opens workbooks as a person does, in a window."""

    def __init__(self, context: Any) -> None:
        manager = context.ServiceManager
        self.desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def opened(self, path: Path, macros: int = RUN_MACROS) -> CalcPages:
        url = import_uno().systemPathToFileUrl(str(path.resolve()))
        wanted = (prop("MacroExecutionMode", macros), prop("Hidden", False))
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, wanted)
        if document is None:
            raise ComError(text=f"Calc cannot open {path}")
        return CalcPages(document)

    def open_already(self) -> Iterator[CalcPages]:
        """The workbooks that are open, the one in front last."""
        front = self.desktop.getCurrentComponent()
        found = [one for one in self.desktop.Components if one.supportsService("com.sun.star.sheet.SpreadsheetDocument")]
        for document in sorted(found, key=lambda one: front is not None and one.URL == front.URL):
            yield CalcPages(document)


@contextmanager
def connected(context: Any, person: Person) -> Iterator[Any]:
    """xlwings connected to a Calc; gives its App with all the workbooks that are open there."""
    import xlwings

    from tests.excel.engine import Engine

    calc = Calc(context)
    engine = Engine(person, calc.opened)
    for pages in calc.open_already():
        engine.apps.only.books.adopted(pages)
    with active(xlwings, xlwings.main.Engine(impl=engine)):
        yield engine.apps.only


@contextmanager
def running_calc(folder: Path, program: str = "soffice", **given: Any) -> Iterator[Soffice]:
    """A Calc of our own, with its profile in the folder."""
    soffice = Soffice(program, (folder / "profile").as_uri(), **given)
    try:
        yield soffice
    finally:
        soffice.end()


@contextmanager
def at_calc(soffice: Soffice, path: Path, macros: int = RUN_MACROS) -> Iterator[Desk]:
    """The workbook open in Calc before a person, xlwings connected to it."""
    import xlwings

    person, calc = Person(), Calc(soffice.context)
    with connected(soffice.context, person) as app:
        book = app.books.adopted(calc.opened(path, macros))
        try:
            with called_from(xlwings, book.name):
                yield Desk(xlwings.Book(impl=book), person)
        finally:
            for pages in list(calc.open_already()):
                pages.close()
