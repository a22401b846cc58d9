"""The blocks of 资金汇总: each has headings, a row a unit and a row of totals; and where their numbers stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.forms.expr import Cell
from jixiao_xl.workbook.pages import Content, Page, Rows
from jixiao_xl.workbook.summary_frame import Frame, row_label


@dataclass(frozen=True)
class MoneyCells:
    """Where each line stands: its column, the first unit's row and the row of the total."""

    sheet: str
    lines: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    rates: dict[str, Cell] = field(default_factory=dict)
    """The execution rate of all units together, by path."""

    def total(self, line: LineTotal) -> Cell:
        column, _, total_row = self.lines[line.path.text]
        return Cell(self.sheet, total_row, column)

    def amount(self, line: LineTotal, place: int) -> Cell:
        column, first, _ = self.lines[line.path.text]
        return Cell(self.sheet, first + place, column)

    def unit(self, line: LineTotal, place: int) -> Cell:
        return Cell(self.sheet, self.lines[line.path.text][1] + place, 1)


def sections(lines: Iterable[LineTotal]) -> list[tuple[str, str]]:
    """Group and line above each column."""
    return [(line.group.label, row_label(line)) for line in lines]


def heads(frame: Frame, page: Page, title: str, columns: Sequence[tuple[str, str]], top: int) -> tuple[int, int]:
    """Headings (see `sections`), unit names and the 合计 label; (first unit row, total row)."""
    units = frame.summary.units
    page.put(top, 0, title, "section", to=(top, 1))
    page.put(top + 1, 0, "单位代码", "head", to=(top + 2, 0))
    page.put(top + 1, 1, "单位名称", "head", to=(top + 2, 1))
    first, total_row = top + 3, top + 3 + len(units)
    column = 2
    for _, group in groupby(columns, lambda each: each[0]):
        own = [*group]
        page.put(top + 1, column, own[0][0], "head", to=(top + 1, column + len(own) - 1))
        for _, label in own:
            page.put(top + 2, column, label, "head")
            column += 1
    page.put(top + 1, column, "说明", "head", to=(top + 2, column))
    page.widths.update(dict.fromkeys(range(2, column), 14.0))
    page.widths[column] = 40
    page.heights[top + 2] = 34
    page.put(total_row, 0, "合计", "total", to=(total_row, 1))
    return first, total_row


def name_units(frame: Frame, table: Rows, columns: Sequence[Sequence[Content]]) -> None:
    """The rows of a table: each unit's code and name, which leads to its file, before what the columns say of it."""
    for place, (unit, *own) in enumerate(zip(frame.summary.units, *columns, strict=True)):
        table.rows.append((unit.key.lstrip("?"), unit.name, *own))
        if frame.files[place]:
            table.links[table.row + place, 1] = frame.files[place]
