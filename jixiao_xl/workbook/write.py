"""A planned book as the bytes of an .xlsx. Same plan, same bytes."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.forms.expr import ExcelError, Expr, Value
from jixiao_xl.model.places import column_letter
from jixiao_xl.workbook.bulk_rows import BulkSheet, SharedTexts
from jixiao_xl.workbook.charts import drawn
from jixiao_xl.workbook.fitting import width_of
from jixiao_xl.workbook.macro_files import carry_macros, with_ribbon
from jixiao_xl.workbook.packing import PackedBook
from jixiao_xl.workbook.pages import Book, Page, PlannedCell, Rule
from jixiao_xl.workbook.styles import FONT, MARKS, STYLES

_BIRTH = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
"""A fixed creation time: the same input gives the same bytes."""

LONG = 4_000
"""Rows of lists from which on the sheets lie in temporary files until they are packed: a quarter of the memory."""


def book_bytes(book: Book) -> bytes:
    """The workbook file. Formulas carry the values that the book's expressions give."""
    rows = sum(len(table.rows) for page in book.pages for table in page.tables)
    workbook = PackedBook(_options(in_memory=rows < LONG), quick=rows >= LONG)
    workbook.str_table = SharedTexts()
    workbook.set_properties({"title": book.title, "created": _BIRTH, "author": "jixiao_xl"})
    workbook.set_calc_mode("auto")
    writer = _Writer(workbook, book)
    sheets = [(page, workbook.add_worksheet(page.name, worksheet_class=_Sheet)) for page in book.pages]
    for page, sheet in sheets:
        writer.page(page, sheet)
    for name, reference in book.names.items():
        workbook.define_name(name, reference)
    if book.macros:
        carry_macros(workbook)
    workbook.close()
    content = workbook.packed.getvalue()
    return with_ribbon(content, addin=book.addin) if book.macros else content


def _options(*, in_memory: bool) -> dict[str, Any]:
    """Texts stay texts. And column widths count digits of the workbook's own font: XlsxWriter's default
    is a theme font that a Chinese Excel replaces by a wider one, so ours is named and equal everywhere."""
    plain = dict.fromkeys(("strings_to_urls", "strings_to_formulas", "strings_to_numbers"), False)
    font = {"font_name": FONT, "font_size": 11}
    return plain | {"in_memory": in_memory, "default_format_properties": font, "default_column_width": 72}


class _Sheet(BulkSheet):
    """A worksheet that takes our formulas as they are: the library would try 26 patterns of
    newer Excel functions on each, a third of the whole writing time, and we use none of them."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")

    def _write_row(self, row: int, *options: Any, **more: Any) -> None:
        self.writes_loose = row in self.loose
        super()._write_row(row, *options, **more)

    def _xml_start_tag_unencoded(self, tag: str, attributes: list[tuple[str, object]]) -> None:
        super()._xml_start_tag_unencoded(tag, self._loosened(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: list[tuple[str, object]]) -> None:
        super()._xml_empty_tag_unencoded(tag, self._loosened(tag, attributes))

    def _loosened(self, tag: str, attributes: list[tuple[str, object]]) -> list[tuple[str, object]]:
        """A loose height is not fixed, so that it grows when a person types; the library only writes fixed ones."""
        if tag != "row" or not self.writes_loose:
            return attributes
        return [each for each in attributes if each[0] != "customHeight"]

    writes_loose = False


class _Writer:
    def __init__(self, workbook: PackedBook, book: Book) -> None:
        self.workbook, self.book = workbook, book
        self.formats: dict[tuple[str, bool, str], Format] = {}
        self.marks = {name: workbook.add_format(look) for name, look in MARKS.items()}

    def style(self, name: str, locked: bool, number_format: str) -> Format:
        key = name, locked, number_format
        if key not in self.formats:
            look = STYLES[name] | {"locked": locked}
            if number_format:
                look["num_format"] = number_format
            self.formats[key] = self.workbook.add_format(look)
        return self.formats[key]

    def page(self, page: Page, sheet: Worksheet) -> None:
        self._frame(page, sheet)
        for (row, column), planned in sorted(page.cells.items()):
            self._cell(page, sheet, row, column, planned)
        for table in page.tables:
            sheet.take(page, table, lambda name: self.style(name, True, ""))
        for chart in page.charts:
            _must(sheet.insert_chart(chart.row, chart.column, drawn(self.workbook, chart), {"x_offset": chart.left_px}))
        for (row, column), rule in sorted(page.rules.items()):
            _must(sheet.data_validation(row, column, row, column, _validation(rule)))
        for rectangle, rule in page.area_rules:
            _must(sheet.data_validation(*rectangle, _validation(rule)))
        for cells, when, mark in page.marks:
            self._mark(page, sheet, cells, when, mark)
        for area, when, mark in page.area_marks:
            formula = {"type": "formula", "criteria": "=" + when.excel(page.name), "format": self.marks[mark]}
            _must(sheet.conditional_format(*area, formula))
        for b in page.buttons:
            look = {"macro": b.macro, "caption": b.caption, "width": b.width_px, "height": b.height_px}
            _must(sheet.insert_button(b.row, b.column, look | {"x_offset": b.left_px, "y_offset": b.top_px}))

    def _frame(self, page: Page, sheet: Worksheet) -> None:
        sheet.loose = frozenset(page.loose_heights.keys() - page.heights.keys())
        for column in sorted({*page.widths, *page.hidden_columns}):
            options = {"hidden": 1} if column in page.hidden_columns else {}
            sheet.set_column(column, column, page.widths.get(column, 8.43), None, options)
        ends = {row + 1 for row in page.hidden_rows} - page.hidden_rows
        if page.hidden_rows:
            sheet.outline_settings(visible=False)
        for row in sorted({*page.heights, *page.loose_heights, *page.hidden_rows, *page.key_rows, *ends}):
            options = {"hidden": row in page.hidden_rows or row in page.key_rows, "collapsed": row in ends}
            if row in page.hidden_rows:
                # a group: Calc greys out "show rows" on a protected sheet, but not "show details"
                options["level"] = 1
            height = page.heights.get(row)
            if height is None and row in page.loose_heights:
                height = page.loose_heights[row]
            sheet.set_row(row, height, None, options)
        if page.freeze:
            sheet.freeze_panes(*page.freeze)
        if page.tab:
            sheet.set_tab_color(page.tab)
        if page.filter:
            sheet.autofilter(*page.filter)
        self._paper(page, sheet)
        if page.protected:
            sheet.protect("", {"format_rows": True, "format_columns": True, "autofilter": True, "select_locked_cells": True})  # fmt: skip
        if page.state == "hidden":
            sheet.hide()
        elif page.state == "veryHidden":
            sheet.very_hidden()
        if page.numbers_as_text and page.cells:
            last_row = max(row for row, _ in page.cells)
            last = max(column for _, column in page.cells)
            sheet.ignore_errors({"number_stored_as_text": f"A1:{column_letter(last)}{last_row + 1}"})

    def _paper(self, page: Page, sheet: Worksheet) -> None:
        sheet.set_paper(9)
        if page.landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 1 if page.one_page else 0)
        sheet.set_footer(page.footer)
        sheet.hide_gridlines(2)
        if page.centred:
            sheet.center_horizontally()
        if page.repeat_rows:
            sheet.repeat_rows(*page.repeat_rows)
        if page.print_columns and page.cells:
            last_row = max(max(row, c.merge_to[0] if c.merge_to else 0) for (row, _), c in page.cells.items())
            sheet.print_area(0, page.print_columns[0], page.print_to if page.print_to >= 0 else last_row, page.print_columns[1])
        if page.breaks:
            sheet.set_h_pagebreaks(page.breaks)

    def _cell(self, page: Page, sheet: Worksheet, row: int, column: int, planned: PlannedCell) -> None:
        style = self.style(planned.style, planned.locked, planned.number_format)
        if planned.merge_to:
            _must(sheet.merge_range(row, column, *planned.merge_to, "", style))
        content = planned.content
        if isinstance(content, Expr):
            _must(sheet.write_formula(row, column, "=" + content.excel(page.name), style, self._cached(page, row, column)))
        elif (row, column) in page.external:
            _must(sheet.write_url(row, column, f"external:{page.external[row, column]}", style, str(content)))
        elif planned.link:
            _must(sheet.write_url(row, column, f"internal:{planned.link}", style, str(content)))
        elif isinstance(content, Decimal):
            _must(sheet.write_number(row, column, float(content), style))
        elif content:
            _must(sheet.write_string(row, column, content, style))
        elif not planned.merge_to:
            _must(sheet.write_blank(row, column, None, style))
        if planned.note:
            _must(sheet.write_comment(row, column, planned.note, _note_box(planned.note)))

    def _cached(self, page: Page, row: int, column: int) -> Any:
        try:
            value: Value = self.book.value(page.name, row, column)
        except ExcelError as error:
            return str(error)
        if isinstance(value, bool):
            return value
        return float(value) if isinstance(value, Decimal) else value or ""

    def _mark(self, page: Page, sheet: Worksheet, cells: tuple[tuple[int, int], ...], when: Expr, mark: str) -> None:
        # one format per cell: a relative formula would shift over a larger range
        formula = {"type": "formula", "criteria": "=" + when.excel(page.name), "format": self.marks[mark]}
        for cell in cells:
            _must(sheet.conditional_format(*cell, *cell, formula))


def _note_box(text: str) -> dict[str, Any]:
    """A box of 24 full-width characters a line that shows the whole note; a short one is smaller."""
    if len(text) <= 40:
        return {"author": "jixiao", "x_scale": 1.4}
    lines = sum(math.ceil(max(width_of(part), 1) / 48) for part in text.split("\n"))
    return {"author": "jixiao", "width": 320, "height": max(74, lines * 18 + 12)}


def _validation(rule: Rule) -> dict[str, Any]:
    options: dict[str, Any] = {
        "ignore_blank": True,
        "error_type": "stop" if rule.stop else "warning",
        "input_title": rule.title[:32],
        "input_message": rule.message[:255],
        "error_title": "请检查",
        "error_message": rule.refusal[:255],
    }
    if rule.kind == "list":
        return options | {"validate": "list", "source": list(rule.words)}
    if rule.kind == "decimal":
        return options | {"validate": "decimal", "criteria": "between", "minimum": float(rule.low), "maximum": float(rule.high)}  # fmt: skip
    return options | {"validate": "length", "criteria": "<=", "value": int(rule.high)}


def _must(answer: Any) -> None:
    """XlsxWriter answers a bad option with a negative number or a warning; for us that is fatal."""
    if isinstance(answer, int) and answer < 0:
        raise ValueError(f"XlsxWriter refused a cell or option ({answer})")
