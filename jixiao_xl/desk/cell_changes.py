"""What a button changes in an open workbook: cells, shown rows, and in how few blocks they are put there.

Rows and columns count from 0, as everywhere outside the host.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import address
from jixiao_xl.model.records import dataclass

Value = str | Decimal | bool | dt.datetime | None
"""What a cell holds; None for a blank one."""
Spot = tuple[str, int, int]
"""Sheet, row and column of a cell."""


@dataclass(frozen=True)
class CellWrite:
    """One cell and what it is to hold."""

    sheet: str
    row: int
    column: int
    value: Value

    @property
    def spot(self) -> Spot:
        return self.sheet, self.row, self.column

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True)
class RowChange:
    """Rows `first` to `last` of a sheet to be shown, or hidden."""

    sheet: str
    first: int
    last: int
    shown: bool


@dataclass(frozen=True)
class Edit:
    """What a click would do. With a `question`, it is done only after a yes; with a `refusal`, nothing is done."""

    writes: tuple[CellWrite, ...] = ()
    rows: tuple[RowChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    question: str = ""
    refusal: str = ""

    @property
    def changes_anything(self) -> bool:
        return bool(self.writes or self.rows)


def joined_rows(rows: Iterable[RowChange]) -> tuple[RowChange, ...]:
    """Neighbouring rows of one sheet that are shown (or hidden) alike as one change."""
    done: list[RowChange] = []
    for row in sorted(set(rows), key=lambda r: (r.sheet, r.shown, r.first)):
        last = done[-1] if done else None
        if last is not None and (last.sheet, last.shown) == (row.sheet, row.shown) and row.first <= last.last + 1:
            done[-1] = RowChange(row.sheet, last.first, max(last.last, row.last), row.shown)
        else:
            done.append(row)
    return tuple(done)


def refused(why: str) -> Edit:
    """Nothing is done, and why."""
    return Edit(refusal=why)


@dataclass(frozen=True)
class Block:
    """A rectangle of cells, put with one call; its first cell is at `row`, `column`."""

    sheet: str
    row: int
    column: int
    values: tuple[tuple[Value, ...], ...]

    @property
    def area(self) -> str:
        """A1 notation without dollars (`B3:F40`, `B3`)."""
        last = address(self.row + len(self.values) - 1, self.column + len(self.values[0]) - 1)
        first = address(self.row, self.column)
        return first if first == last else f"{first}:{last}"


_Box = tuple[int, int, int, int]
"""First row, first column, last row, last column."""


def grouped(writes: Iterable[CellWrite], holds: Mapping[Spot, Value] | None = None) -> list[Block]:
    """The writes as rectangles, sheet by sheet; of two writes to one cell the later counts.

    Only written cells are part of a rectangle, and those of `holds`: cells known to hold this value and
    no formula, which may be given what they hold where that joins two rectangles (blank ones, above all).
    """
    by_sheet: dict[str, dict[tuple[int, int], Value]] = {}
    for write in writes:
        by_sheet.setdefault(write.sheet, {})[write.row, write.column] = write.value
    kept: dict[str, dict[tuple[int, int], Value]] = {}
    for (sheet, row, column), value in (holds or {}).items():
        if sheet in by_sheet:
            kept.setdefault(sheet, {})[row, column] = value
    blocks = []
    for sheet, written in by_sheet.items():
        values = kept.get(sheet, {}) | written
        turned = [(b[1], b[0], b[3], b[2]) for b in _boxes({(c, r) for r, c in written}, {(c, r) for r, c in values})]
        for top, left, bottom, right in min(_boxes(set(written), set(values)), turned, key=len):
            rows = tuple(tuple(values[r, c] for c in range(left, right + 1)) for r in range(top, bottom + 1))
            blocks.append(Block(sheet, top, left, rows))
    return blocks


def _boxes(written: set[tuple[int, int]], usable: set[tuple[int, int]]) -> list[_Box]:
    """Rectangles within `usable` that hold all of `written`: runs along each line, joined with those above."""
    by_line: dict[int, list[int]] = {}
    for line, column in sorted(written):
        by_line.setdefault(line, []).append(column)
    boxes: list[_Box] = []
    for line, columns in by_line.items():
        for run in _runs(line, columns, usable):
            for n, box in enumerate(boxes):
                joined = _joined(box, run, usable)
                if joined is not None:
                    boxes[n] = joined
                    break
            else:
                boxes.append(run)
    return boxes


def _runs(line: int, columns: Sequence[int], usable: set[tuple[int, int]]) -> list[_Box]:
    runs: list[_Box] = []
    for column in columns:
        if runs and all((line, c) in usable for c in range(runs[-1][3] + 1, column)):
            runs[-1] = (line, runs[-1][1], line, column)
        else:
            runs.append((line, column, line, column))
    return runs


def _joined(box: _Box, run: _Box, usable: set[tuple[int, int]]) -> _Box | None:
    """The rectangle over both, where every cell of it may be put. `run` is one line, not above the box's last."""
    top, left, bottom, right = box[0], min(box[1], run[1]), max(box[2], run[2]), max(box[3], run[3])
    below = ((r, c) for r in range(box[2] + 1, bottom + 1) for c in range(left, right + 1))
    beside = ((r, c) for r in range(top, box[2] + 1) for c in (*range(left, box[1]), *range(box[3] + 1, right + 1)))
    fits = all(cell in usable for cell in below) and all(cell in usable for cell in beside)
    return (top, left, bottom, right) if fits else None
