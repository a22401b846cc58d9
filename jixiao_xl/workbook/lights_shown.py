"""红, 黄, 绿, 蓝 in colour, by native conditional formats: the word stays, so that it is read in black and white too."""

from __future__ import annotations

from collections.abc import Iterable

from jixiao_xl.forms.derive import Derived
from jixiao_xl.forms.expr import Cell
from jixiao_xl.workbook.pages import Page

MARK_OF = {"红": "light_red", "黄": "light_yellow", "绿": "light_green", "蓝": "light_blue"}


def is_light(derived: Derived | None) -> bool:
    return derived is not None and derived.op in ("light", "done_light")


def light_up(page: Page, cells: Iterable[tuple[int, int]]) -> None:
    """Colour the lights among the cells; those below each other share their formats."""
    runs: list[tuple[int, int, int]] = []
    for row, column in sorted(set(cells), key=lambda cell: (cell[1], cell[0])):
        if runs and runs[-1][2] == column and runs[-1][1] == row - 1:
            runs[-1] = runs[-1][0], row, column
        else:
            runs.append((row, row, column))
    for first, last, column in runs:
        for word, mark in MARK_OF.items():
            page.area_marks.append(((first, column, last, column), Cell(page.name, first, column).eq(word), mark))
