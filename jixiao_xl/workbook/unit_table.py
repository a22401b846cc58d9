"""A table of units that another office made (预算批复, 文号, 执行数), as .xlsx or .csv, in whatever order its columns stand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.names import as_shown, normalised, tidy
from jixiao_xl.model.places import Where, address
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.guard import Refused, parts_of
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.reading import unreadable

AmountUnit = Literal["元", "万元", ""]
DIVISION, CODE, NAME = "行政区划代码", "单位代码", "单位名称"
"""What the columns that say whose row it is are called here, whatever their headings."""
YUAN = 10_000
"""元 in one 万元."""
HEAD_ROWS = 12
"""The heading stands within the first rows; titles and the unit line may stand above it."""
_TOTAL_WORDS = ("合计", "总计", "小计")
_OTHERS = ("项目", "科目", "分类", "指标", "主管")
"""Whose code or name it is, when it is not the unit's own."""
_UNIT = re.compile(r"[(（:：]\s*(万元|元)\s*[)）]?")
_DIVISION = re.compile(r"[0-9]{6}")


@dataclass(frozen=True)
class Grid:
    """The cells of the first sheet as shown; a csv has no sheet name."""

    sheet: str
    rows: list[list[str]]


def read_grid(path: Path) -> Grid:
    """Raises Refused with what is wrong with the file; OSError is the caller's."""
    content = path.read_bytes()
    if path.suffix.lower() in (".csv", ".txt"):
        return Grid("", _csv_rows(content))
    sheets = FileSheets(content, RawBook(parts_of(content)))
    sheet = next(iter(sheets.book.sheet_names), "")
    return Grid(sheet, [[sheets.text(sheet, r, c).strip() for c in range(len(row))] for r, row in enumerate(sheets.rows(sheet))])


def _csv_rows(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            lines = csv.reader(io.StringIO(content.decode(encoding), newline=""))
            return [[as_shown(cell).strip() for cell in row] for row in lines]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise Refused("不是文本", "另存为 CSV（UTF-8）或 .xlsx 后再试。")


def is_total(name: str) -> bool:
    """Whether a row so called adds up others."""
    return normalised(name) in _TOTAL_WORDS


def whose(heading: str) -> str:
    """Which of the columns that name the unit a heading (normalised) is of; empty for another."""
    if "区划" in heading:
        return DIVISION
    if any(word in heading for word in _OTHERS):
        return ""
    if "代码" in heading or "编码" in heading:
        return CODE
    is_name = heading in ("单位", "部门", "预算单位") or (("单位" in heading or "部门" in heading) and "名称" in heading)
    return NAME if is_name else ""


@dataclass(frozen=True)
class UnitRow:
    """One row below the heading: its number in the file, and its cells by what their columns are called here."""

    number: int
    cells: Mapping[str, str]

    @property
    def key(self) -> str:
        """行政区划代码-预算单位代码, from one column or two; empty where the row does not say it."""
        own, division = self.cells.get(CODE, ""), self.cells.get(DIVISION, "")
        if _DIVISION.fullmatch(own.partition("-")[0]) and own.partition("-")[2]:
            return own
        return f"{division}-{own}" if own and _DIVISION.fullmatch(division) else ""

    @property
    def unit(self) -> str:
        """The unit as a sentence calls it."""
        return self.cells.get(NAME) or self.key or self.cells.get(CODE, "")


@dataclass
class UnitTable:
    """The table below its heading; what is wrong is collected, each finding at its cell."""

    book: str
    grid: Grid
    family: str
    """First letters of the codes of its findings: 201 column missing, 202 bad cell, 203 double, 204 no unit, 205 empty."""
    columns: dict[str, int] = field(default_factory=dict)
    head: int = -1
    findings: list[Finding] = field(default_factory=list)

    def find_heading(self, named: Callable[[str], str], told_by: Collection[str]) -> bool:
        """Look for the row whose headings `named` knows: one of `told_by` and another; whether there is one."""
        for n, row in enumerate(self.grid.rows[:HEAD_ROWS]):
            columns: dict[str, int] = {}
            for column, heading in enumerate(row):
                if name := named(normalised(heading)):
                    columns.setdefault(name, column)
            if len(columns) > 1 and any(name in columns for name in told_by):
                self.columns, self.head = columns, n
                return True
        return False

    def heading(self, column: str) -> str:
        """As written, without the unit of its amounts."""
        return tidy(self.grid.rows[self.head][self.columns[column]]).partition("(")[0].partition("（")[0]

    def title_rows(self) -> list[str]:
        """What stands above the heading."""
        return [cell for row in self.grid.rows[: self.head] for cell in row if cell]

    def divisor(self, column: str, unit: AmountUnit) -> Decimal | None:
        """What makes 万元 of the column's amounts: as its heading says, else the rows above; None when nobody does."""
        stated = _UNIT.search(self.grid.rows[self.head][self.columns[column]]) or next(
            (m for row in self.grid.rows[: self.head + 1] for cell in row if (m := _UNIT.search(cell))), None
        )
        meant = unit or (stated[1] if stated else "")
        return Decimal(YUAN if meant == "元" else 1) if meant else None

    def rows(self) -> Iterator[UnitRow]:
        """Every row that is of a unit: neither blank nor a total."""
        for n, row in enumerate(self.grid.rows[self.head + 1 :], self.head + 2):
            cells = {name: row[c] if c < len(row) else "" for name, c in self.columns.items()}
            told = cells.get(CODE) or cells.get(NAME) or next(filter(None, row), "")
            if any(cells.values()) and not is_total(told):
                yield UnitRow(n, cells)

    def where(self, row: int, column: str = "") -> Where:
        return Where(sheet=self.grid.sheet, cell=address(row - 1, self.columns.get(column, 0)), book=self.book)

    def say(self, number: str, row: int = 0, column: str = "", *, severity: Severity = "error", **params: str) -> None:
        """One finding, `number` within the family; row 0 is about the whole file."""
        where = self.where(row, column) if row else Where(book=self.book)
        given = {"book": self.book, "row": str(row), "column": column, **params}
        self.findings.append(Finding(f"{self.family}{number}", severity, where, given))


def open_table(path: Path, family: str) -> UnitTable:
    """The file as a table without heading yet; one that cannot be read has its finding."""
    try:
        return UnitTable(path.name, read_grid(path), family)
    except Refused as refusal:
        return UnitTable(path.name, Grid("", []), family, findings=[unreadable(path.name, refusal.why, refusal.advice)])
