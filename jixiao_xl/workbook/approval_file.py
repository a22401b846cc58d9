"""The table of 文号 and dates by which many units are approved at once, as .xlsx or .csv."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.approval import ApprovalLine
from jixiao_xl.model.dates import read_date
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised, tidy
from jixiao_xl.workbook.budget_file import AMOUNT, AMOUNT_WORDS
from jixiao_xl.workbook.unit_table import CODE, NAME, AmountUnit, UnitRow, UnitTable, open_table, whose

DOCUMENT, DATE = "批复文号", "批复日期"


@dataclass
class ApprovalFile:
    """The lines that can be taken, and what is wrong with the others."""

    lines: list[ApprovalLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_approval_file(path: Path, unit: AmountUnit = "") -> ApprovalFile:
    """Read the table; of a unit that stands twice no row is taken. OSError is the caller's."""
    table = open_table(path, "APR")
    found = ApprovalFile(findings=table.findings)
    if table.findings:
        return found
    table.find_heading(_named, (DOCUMENT, DATE))
    lacking = [name for name in (DOCUMENT, DATE) if name not in table.columns]
    if not {CODE, NAME} & table.columns.keys():
        lacking.insert(0, CODE)
    for name in lacking:
        table.say("201", column=name)
    divisor = table.divisor(AMOUNT, unit) if AMOUNT in table.columns else None
    if AMOUNT in table.columns and divisor is None:
        table.say("204")
    if table.findings:
        return found
    rows = list(table.rows())
    times = Counter(_who(row) for row in rows)
    first: dict[str, int] = {}
    for row in rows:
        other = first.setdefault(_who(row), row.number)
        if times[_who(row)] > 1:
            if other != row.number:
                table.say("203", row.number, CODE, other=str(other), stated=row.unit)
        elif (line := _line(table, row, divisor)) is not None:
            found.lines.append(line)
    if not rows:
        table.say("205")
    return found


def _named(heading: str) -> str:
    if "文号" in heading:
        return DOCUMENT
    if "日期" in heading or "时间" in heading:
        return DATE
    return whose(heading) or (AMOUNT if any(word in heading for word in AMOUNT_WORDS) or "批复总额" in heading else "")


def _who(row: UnitRow) -> str:
    return row.key or row.cells.get(CODE) or normalised(row.cells.get(NAME, ""))


def _line(table: UnitTable, row: UnitRow, divisor: Decimal | None) -> ApprovalLine | None:
    """None when a cell of the row is wrong, which is then said."""
    document, told, wrote = tidy(row.cells[DOCUMENT]), row.cells[DATE], row.cells.get(AMOUNT, "")
    on, amount = read_date(told), read_amount(wrote)
    said = len(table.findings)
    if not _who(row):
        table.say("202", row.number, CODE, stated="", advice="写上单位代码。")
    if not document:
        table.say("202", row.number, DOCUMENT, stated="", advice="写上批复文号。")
    if on is None:
        table.say("202", row.number, DATE, stated=told, advice="写成 2026-01-20 的样子。")
    if wrote and (amount is None or amount < 0):
        table.say("202", row.number, AMOUNT, stated=wrote, advice="只填数字，不核对的留空。")
    if on is None or len(table.findings) > said:
        return None
    total = amount / divisor if amount is not None and divisor is not None else None
    source = f"{table.book} {table.heading(AMOUNT)}" if total is not None else ""
    where = table.where(row.number, DOCUMENT)
    return ApprovalLine(row.key, row.cells.get(CODE, ""), row.cells.get(NAME, ""), document, on, total, source, where, row.number)
