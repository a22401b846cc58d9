"""A list of approved budgets as an .xlsx or .csv file, in whatever order its columns stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.budget import BudgetLine
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised, tidy
from jixiao_xl.workbook.unit_table import CODE, DIVISION, NAME, AmountUnit, UnitRow, UnitTable, is_total, open_table, whose

AMOUNT, PROJECT = "金额", "项目名称"
AMOUNT_WORDS = ("批复数", "控制数", "预算数", "年初预算", "金额")


@dataclass
class BudgetFile:
    """The lines of the file, and what is wrong with it."""

    lines: list[BudgetLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_budget_file(path: Path, unit: AmountUnit = "") -> BudgetFile:
    """Read the list; `unit` says what the amounts are where the file does not. OSError is the caller's."""
    table = open_table(path, "BUD")
    found = BudgetFile(findings=table.findings)
    if table.findings:
        return found
    known = table.find_heading(_named, (AMOUNT,))
    lacking = [name for name in (CODE, AMOUNT) if name not in table.columns]
    if not known or lacking:
        for name in lacking or [AMOUNT]:
            table.say("201", column={AMOUNT: "批复数"}.get(name, name))
        return found
    divisor = table.divisor(AMOUNT, unit)
    if divisor is None:
        table.say("204")
        return found
    seen: dict[tuple[str, str], int] = {}
    for row in table.rows():
        if (line := _line(table, row, divisor, seen)) is not None:
            found.lines.append(line)
    if not found.lines and not found.findings:
        table.say("205")
    return found


def _named(heading: str) -> str:
    own = whose(heading)
    if own and own != NAME:
        return own
    if "项目" in heading and "代码" not in heading and not any(word in heading for word in AMOUNT_WORDS):
        return PROJECT
    return own or (AMOUNT if any(word in heading for word in AMOUNT_WORDS) else "")


def _line(table: UnitTable, row: UnitRow, divisor: Decimal, seen: dict[tuple[str, str], int]) -> BudgetLine | None:
    name, project = row.cells.get(NAME, ""), tidy(row.cells.get(PROJECT, ""))
    if not row.key:
        if not row.cells[CODE] and is_total(name or project):
            return None
        table.say("202", row.number, CODE, stated=row.cells[CODE], advice=f"写成 420222-S001 的样子，或另有一列6位{DIVISION}。")
        return None
    amount = read_amount(row.cells[AMOUNT])
    if amount is None or amount < 0:
        table.say("202", row.number, AMOUNT, stated=row.cells[AMOUNT], advice="只填数字，没有的填0。")
        return None
    if is_total(project):
        project = ""
    if (other := seen.setdefault((row.key, normalised(project)), row.number)) != row.number:
        table.say("203", row.number, CODE, other=str(other), stated=f"{name or row.key} {project}".strip())
        return None
    return BudgetLine(row.key, project, amount / divisor, f"{table.book} {table.heading(AMOUNT)}")
