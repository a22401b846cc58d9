"""How do the column headings of a block merge, whatever the grid they are drawn on?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jixiao_xl.forms.plan import Heading, Line
from jixiao_xl.model.records import dataclass


@dataclass(frozen=True)
class HeadCell:
    """A heading over columns `first`..`last` (indexes into the headings), rows `top`..`bottom`."""

    text: str
    top: int
    bottom: int
    first: int
    last: int


def head_cells(headings: Sequence[Heading]) -> Iterator[HeadCell]:
    """Equal headings side by side merge; a heading with nothing above it reaches to the top."""
    depth = max((len(h.over) for h in headings), default=0)
    for level in range(depth):
        first = 0
        while first < len(headings):
            last = first
            over = headings[first].over
            if len(over) > level:
                while last + 1 < len(headings) and headings[last + 1].over[: level + 1] == over[: level + 1]:
                    last += 1
                yield HeadCell(over[level], level, level, first, last)
            first = last + 1
    first = 0
    while first < len(headings):
        last = first
        if headings[first].key.startswith("label") and not headings[first].over:
            while last + 1 < len(headings) and headings[last + 1].key.startswith("label"):
                last += 1
        yield HeadCell(headings[first].label, len(headings[first].over), depth, first, last)
        first = last + 1


@dataclass(frozen=True)
class LabelRun:
    """A label that stands for lines `first`..`last`, in label columns `column`..`to_column`."""

    text: str
    first: int
    last: int
    column: int
    to_column: int


def label_runs(lines: Sequence[Line], columns: int, *, spread: bool) -> Iterator[LabelRun]:
    """Merge the left labels of neighbouring lines that say the same.

    With `spread`, a line that leaves a middle label empty lets its last label reach over it
    (国有资本金 beside 财政拨款 | 小计).
    """
    for column in range(columns):
        first = 0
        while first < len(lines):
            prefix = lines[first].labels[: column + 1]
            last = first
            if len(prefix) <= column or (spread and not prefix[column]):
                first += 1
                continue
            final = spread and column == columns - 1
            while not final and last + 1 < len(lines) and lines[last + 1].labels[: column + 1] == prefix:
                last += 1
            start = column
            if final:
                while start > 1 and not lines[first].labels[start - 1]:
                    start -= 1
            yield LabelRun(prefix[column], first, last, start, column)
            first = last + 1
