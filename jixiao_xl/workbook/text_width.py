"""How wide is a printed column, and how many characters does a line of it take?"""

from __future__ import annotations

import math
from collections.abc import Sequence

from jixiao_xl.model.records import dataclass

UNIT_WIDTH = 2.5
"""25 pixels in Excel, where a digit of 宋体 has 8."""
UNIT_PX = 23
"""What we count with: the same unit where another program has no 宋体 and a digit is narrower."""
SIDE = 4
"""Units of the label at the far left of a block."""
CHAR_PX = 12
"""A full-width character of 9 pt."""
LINE_PT = 13.5
PAD_PT = 5.0


@dataclass(frozen=True)
class Grid:
    """The 打印表 is a grid of equal columns; a block merges them as it needs."""

    units: int
    """How many columns."""
    line_chars: int
    """Full-width characters of one printed line of prose, beside the label of its block."""

    @property
    def last(self) -> int:
        return self.units - 1


PORTRAIT, LANDSCAPE = Grid(30, 46), Grid(44, 70)
"""560 and 821 pt: on A4 both print at 93 %."""


def chars_in(units: int) -> int:
    """Full-width characters of 9 pt that fit on one line of a cell this many units wide."""
    return max(1, math.floor(units * UNIT_PX / CHAR_PX - 0.6))


def units_for(chars: int) -> int:
    """The narrowest cell that takes so many characters on one line."""
    return math.ceil((chars + 0.6) * CHAR_PX / UNIT_PX)


def lines_of(chars: int, units: int) -> int:
    return math.ceil(chars / chars_in(units))


def height_of(lines: int) -> float:
    """Points a row needs for so many lines."""
    return lines * LINE_PT + PAD_PT


@dataclass(frozen=True)
class Wanted:
    """What a column is for: the longest text it is made for, its least units, its weight in the plan."""

    chars: int
    least: int
    weight: int


def shares(wanted: Sequence[Wanted], total: int) -> list[int]:
    """Split `total` units so that the highest row gets low: spare units go where most lines are.

    Columns of one kind (two years side by side) stay equal.
    """
    given = [column.least for column in wanted]
    while sum(given) > total:
        given[given.index(max(given))] -= 1
    kinds: dict[Wanted, list[int]] = {}
    for i, column in enumerate(wanted):
        kinds.setdefault(column, []).append(i)

    def pressure(kind: list[int]) -> tuple[int, float]:
        column, units = wanted[kind[0]], given[kind[0]]
        return lines_of(column.chars, units), column.weight / units

    while spare := total - sum(given):
        fitting = [kind for kind in kinds.values() if len(kind) <= spare] or [[i] for i in range(len(wanted))]
        for i in max(fitting, key=pressure):
            given[i] += 1
    return given
