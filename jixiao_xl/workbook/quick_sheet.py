"""A worksheet whose cells, colours and rules are written as they are planned, each as its own line of XML.

XlsxWriter takes anything in a cell, so it asks of each what it is, whether it is a formula of a newer Excel,
a date or a link, keeps the answer as an object, and turns that into XML attribute by attribute. Our plan has
answered all that; a template has twelve thousand cells. What is written is what the library would write.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jixiao_xl.model.places import address, column_letter
from jixiao_xl.workbook.bulk_rows import LONGEST_TEXT, BulkSheet

BLANK = "/>"
ROWS_OF_SPAN = 16
"""Rows that the file gives one hint of, which columns they use."""
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


class QuickSheet(BulkSheet):
    """A cell that it took is its format, the XML behind it and what it shows; the library's own kinds stand beside them."""

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[Format, str] = {}

    def reach(self, cells: Iterable[tuple[int, int]]) -> None:
        """Make room for these cells, which are not asked again one by one."""
        rows, columns = zip(*cells, strict=True)
        for place in ((min(rows), min(columns)), (max(rows), max(columns))):
            if self._check_dimensions(*place):
                raise ValueError(f"No such cell: {place}")

    def take_blank(self, row: int, column: int, look: Format) -> None:
        self.table[row][column] = look, BLANK, ""

    def take_text(self, row: int, column: int, text: str, look: Format) -> None:
        if len(text) > LONGEST_TEXT // 2 and len(text.encode("utf-16-le")) > LONGEST_TEXT * 2:
            raise ValueError(f"A text longer than Excel takes: {text[:40]}…")
        number = self.str_table._get_shared_string_index(text)
        self.table[row][column] = look, f' t="s"><v>{number}</v></c>', text

    def take_formula(self, row: int, column: int, formula: str, look: Format, value: float | str | bool) -> None:
        """A formula without its sign of equality, and what it shows."""
        kind, shown = "", value
        if isinstance(value, bool):
            kind, shown = ' t="b"', int(value)
        elif isinstance(value, str) and value:
            kind, shown = ' t="e"' if value in ERRORS else ' t="str"', escape(value)
        self.table[row][column] = look, f"{kind}><f>{escape(formula)}</f><v>{shown}</v></c>", value

    def take_merged(self, row: int, column: int, to_row: int, to_column: int, look: Format) -> None:
        """One cell of many, blank so far; OverlappingRange where one of them is part of another already."""
        blank, known = (look, BLANK, ""), self.merged_cells
        for each in range(row, to_row + 1):
            cells = self.table[each]
            for across in range(column, to_column + 1):
                if (each, across) in known:
                    raise OverlappingRange(f"{self.name}!{address(each, across)} belongs to two merged cells")
                known[each, across] = True
                cells[across] = blank
        self.merge.append([row, column, to_row, to_column])

    def take_mark(self, row: int, column: int, formula: str, look: Format) -> None:
        """A conditional format of one cell; of several the one that came first paints it."""
        said = escape(self._escape_control_characters(formula))
        rule = f'<cfRule type="expression" dxfId="{look._get_dxf_index()}" priority="{self.dxf_priority}">'
        self.dxf_priority += 1
        self.cond_formats.setdefault(address(row, column), []).append(f"{rule}<formula>{said}</formula></cfRule>")

    def take_rule(self, row: int, column: int, rule: tuple[str, str]) -> None:
        """A data validation of one cell, as `rule_text` gives it."""
        self.validations.append(address(row, column).join(rule))

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> list[Any]:
        """What the cells show, for the charts that are drawn from them."""
        shown: list[Any] = []
        for row in range(row_start, row_end + 1):
            for column in range(col_start, col_end + 1):
                cell = self.table.get(row, {}).get(column)
                shown += (cell[2],) if cell.__class__ is tuple else super()._get_range_data(row, column, row, column)
        return shown

    # ---- written when the file is put together -----------------------------------------
    def _write_rows(self) -> None:
        if self.bulk:
            super()._write_rows()
            return
        self._calculate_spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, span = self.table.get(row), self.row_spans.get(row // ROWS_OF_SPAN)
            if cells:
                self._write_row(row, span, self.row_info.get(row))
                self._write_cells(row, cells)
                self._xml_end_tag("row")
            elif row in self.row_info or row in self.comments:
                self._write_empty_row(row, span, self.row_info.get(row))

    def _write_cells(self, row: int, cells: dict[int, Any]) -> None:
        looks, number = self._looks, row + 1
        written: list[str] = []
        for column in sorted(cells):
            cell = cells[column]
            if cell.__class__ is not tuple:
                self.fh.write("".join(written))
                written.clear()
                super()._write_cell(row, column, cell)
                continue
            look, rest, _ = cell
            written.append(f'<c r="{column_letter(column)}{number}"{looks.get(look) or self._look(look)}{rest}')
        self.fh.write("".join(written))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        if cell.__class__ is tuple:
            self._write_cells(row, {col: cell})
        else:
            super()._write_cell(row, col, cell)

    def _look(self, look: Format) -> str:
        """The attribute that names the format; formats are numbered as they are met, so not before they are written."""
        self._looks[look] = said = f' s="{look._get_xf_index()}"'
        return said

    def _calculate_spans(self) -> None:
        """First and last column used by each run of rows."""
        ends: dict[int, list[int]] = defaultdict(list)
        for rows in (self.table, self.comments):
            for row, cells in rows.items():
                if cells:
                    ends[row // ROWS_OF_SPAN] += min(cells), max(cells)
        self.row_spans = {run: f"{min(columns) + 1}:{max(columns) + 1}" for run, columns in ends.items()}

    def _write_cf_rule(self, params: Any) -> None:
        if isinstance(params, str):
            self.fh.write(params)
        else:
            super()._write_cf_rule(params)

    def _write_data_validation(self, options: Any) -> None:
        if isinstance(options, str):
            self.fh.write(options)
        else:
            super()._write_data_validation(options)

    def _write_merge_cell(self, merged_range: list[int]) -> None:
        row, column, to_row, to_column = merged_range
        self.fh.write(f'<mergeCell ref="{address(row, column)}:{address(to_row, to_column)}"/>')


def rule_text(options: dict[str, Any]) -> tuple[str, str]:
    """A data validation as the library writes it, before and behind the place it is for; ValueError for bad options."""
    sheet = Worksheet()
    sheet.fh = io.StringIO()
    if sheet.data_validation(0, 0, 0, 0, options):
        raise ValueError(f"XlsxWriter refused a data validation: {options}")
    sheet._write_data_validation(sheet.validations[0])
    place = 'sqref="A1"'  # no other attribute can hold it: the quotes of theirs are written as &quot;
    before, _, behind = sheet.fh.getvalue().partition(place)
    return f'{before}sqref="', f'"{behind}'
