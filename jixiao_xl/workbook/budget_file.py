"""A list of approved budgets as an .xlsx or .csv file, in whatever order its columns stand."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Literal

from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.budget import BudgetLine
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import as_shown, normalised, tidy
from jixiao_xl.model.places import Where, address
from jixiao_xl.workbook.file_sheets import FileSheets
from jixiao_xl.workbook.guard import Refused, parts_of
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.reading import unreadable

AmountUnit = Literal["元", "万元", ""]
Grid = list[list[str]]
YUAN = 10_000
"""元 in one 万元."""
HEAD_ROWS = 12
"""The heading stands within the first rows; titles and the unit line may stand above it."""
_AMOUNT_WORDS = ("批复数", "控制数", "预算数", "年初预算", "金额")
_TOTAL_WORDS = ("合计", "总计", "小计")
_UNIT = re.compile(r"[(（:：]\s*(万元|元)\s*[)）]?")
_DIVISION = re.compile(r"[0-9]{6}")


@dataclass
class BudgetFile:
    """The lines of the file, and what is wrong with it."""

    lines: list[BudgetLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_budget_file(path: Path, unit: AmountUnit = "") -> BudgetFile:
    """Read the list; `unit` says what the amounts are where the file does not. OSError is the caller's."""
    found = BudgetFile()
    try:
        grid = _csv_grid(path) if path.suffix.lower() in (".csv", ".txt") else _sheet_grid(path)
    except Refused as refusal:
        found.findings.append(unreadable(path.name, refusal.why, refusal.advice))
        return found
    _Parser(path.name, grid, unit, found).parse()
    return found


def _sheet_grid(path: Path) -> Grid:
    content = path.read_bytes()
    sheets = FileSheets(content, RawBook(parts_of(content)))
    sheet = next(iter(sheets.book.sheet_names), "")
    return [[sheets.text(sheet, r, c).strip() for c in range(len(row))] for r, row in enumerate(sheets.rows(sheet))]


def _csv_grid(path: Path) -> Grid:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return [
                [as_shown(cell).strip() for cell in row] for row in csv.reader(io.StringIO(content.decode(encoding), newline=""))
            ]
        except (UnicodeDecodeError, csv.Error):
            continue
    raise Refused("不是文本", "另存为 CSV（UTF-8）或 .xlsx 后再试。")


class _Parser:
    def __init__(self, book: str, grid: Grid, unit: AmountUnit, found: BudgetFile) -> None:
        self.book, self.grid, self.unit, self.found = book, grid, unit, found
        self.columns: dict[str, int] = {}
        self.seen: dict[tuple[str, str], int] = {}

    def say(self, code: str, row: int = 0, column: str = "", **params: str) -> None:
        cell = address(row - 1, self.columns.get(column, 0)) if row else ""
        given = {"book": self.book, "row": str(row), "column": column, **params}
        self.found.findings.append(Finding(code, "error", Where(cell=cell, book=self.book), given))

    def parse(self) -> None:
        head = self._heading()
        lacking = [name for name in ("单位代码", "金额") if name not in self.columns]
        if head is None or lacking:
            for name in lacking or ["金额"]:
                self.say("BUD201", column={"金额": "批复数"}.get(name, name))
            return
        stated = _UNIT.search(self.grid[head][self.columns["金额"]]) or next(
            (m for row in self.grid[: head + 1] for cell in row if (m := _UNIT.search(cell))), None
        )
        unit = self.unit or (stated[1] if stated else "")
        if not unit:
            self.say("BUD204")
            return
        source = f"{self.book} {tidy(self.grid[head][self.columns['金额']]).partition('(')[0].partition('（')[0]}"
        for n, row in enumerate(self.grid[head + 1 :], head + 2):
            self._line(n, row, Decimal(YUAN if unit == "元" else 1), source)
        if not self.found.lines and not self.found.findings:
            self.say("BUD205")

    def _heading(self) -> int | None:
        for n, row in enumerate(self.grid[:HEAD_ROWS]):
            names = [normalised(cell) for cell in row]
            columns: dict[str, int] = {}
            for column, name in enumerate(names):
                if "区划" in name:
                    columns.setdefault("行政区划代码", column)
                elif "代码" in name and "项目" not in name:
                    columns.setdefault("单位代码", column)
                elif "项目" in name and "代码" not in name and not any(word in name for word in _AMOUNT_WORDS):
                    columns.setdefault("项目名称", column)
                elif "单位" in name and "名称" in name:
                    columns.setdefault("单位名称", column)
                elif any(word in name for word in _AMOUNT_WORDS):
                    columns.setdefault("金额", column)
            if "金额" in columns and len(columns) > 1:
                self.columns = columns
                return n
        return None

    def _line(self, n: int, row: list[str], divisor: Decimal, source: str) -> None:
        cells = {name: row[c] if c < len(row) else "" for name, c in self.columns.items()}
        name, project = cells.get("单位名称", ""), tidy(cells.get("项目名称", ""))
        if not any(cells.values()) or (not cells["单位代码"] and normalised(name or project) in _TOTAL_WORDS):
            return
        key = self._key(cells)
        if key is None:
            self.say(
                "BUD202", n, "单位代码", stated=cells["单位代码"], advice="写成 420222-S001 的样子，或另有一列6位行政区划代码。"
            )
            return
        amount = read_amount(cells["金额"])
        if amount is None or amount < 0:
            self.say("BUD202", n, "金额", stated=cells["金额"], advice="只填数字，没有的填0。")
            return
        if normalised(project) in _TOTAL_WORDS:
            project = ""
        if (other := self.seen.setdefault((key, normalised(project)), n)) != n:
            self.say("BUD203", n, "单位代码", other=str(other), stated=f"{name or key} {project}".strip())
            return
        self.found.lines.append(BudgetLine(key, project, amount / divisor, source))

    @staticmethod
    def _key(cells: dict[str, str]) -> str | None:
        """行政区划代码-预算单位代码, from one column or two."""
        own, division = cells["单位代码"], cells.get("行政区划代码", "")
        if _DIVISION.fullmatch(own.partition("-")[0]) and own.partition("-")[2]:
            return own
        return f"{division}-{own}" if own and _DIVISION.fullmatch(division) else None
