"""What another program calculates, held against what we cached."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook


def disagreements(ours: Path, theirs: Path) -> tuple[int, list[str]]:
    """How many formulas, and where the recalculated value is not our cached one."""
    cached, again = CalamineWorkbook.from_path(ours), CalamineWorkbook.from_path(theirs)
    count, bad = 0, []
    for sheet in load_workbook(ours, read_only=True).worksheets:
        before, after = (book.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False) for book in (cached, again))
        for row in sheet.iter_rows():
            for cell in row:
                if not (isinstance(cell.value, str) and cell.value.startswith("=")):
                    continue
                count += 1
                a, b = _at(before, cell.row - 1, cell.column - 1), _at(after, cell.row - 1, cell.column - 1)
                if not _same(a, b):
                    bad.append(f"{sheet.title}!{cell.coordinate} {cell.value[:60]} {a!r} {b!r}")
    return count, bad


def _at(rows: list[list[object]], row: int, column: int) -> object:
    """Beyond the last value of a sheet there are only formulas that show nothing."""
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _same(a: object, b: object) -> bool:
    numbers = isinstance(a, int | float) and isinstance(b, int | float)
    return abs(Decimal(repr(a)) - Decimal(repr(b))) < Decimal("1e-9") if numbers else a == b
