"""The treasury's export of executed amounts, many units at once, as .xlsx or .csv, in 元 or 万元."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from jixiao_xl.model.amounts import read_amount, show_amount, sum_tolerance
from jixiao_xl.model.dates import read_month
from jixiao_xl.model.execution import Execution, ExecutionLine
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.workbook.unit_table import CODE, NAME, AmountUnit, UnitRow, UnitTable, open_table, whose

BUDGET, ADJUSTED, CHANGE, EXECUTED, MONTH = "年初预算", "调整后预算", "预算调整数", "执行数", "月份"
_WORDS = (
    (EXECUTED, ("执行数", "执行金额", "支出数", "支出金额", "累计支出", "累计执行")),
    (ADJUSTED, ("调整后", "变动后", "全年预算", "调整预算")),
    (CHANGE, ("预算调整", "调整数", "调整额", "调整金额", "追加", "调增", "调减")),
    (BUDGET, ("年初预算", "预算数", "预算金额")),
    (MONTH, ("月份", "期间", "日期", "截止", "截至")),
)
"""Words of a heading, asked for in this order: 调整后预算数 is no 预算数, 调整预算数 is what came of it."""
_NOT = ("率", "预计", "占比", "去年", "上年", "同期")
_BLANK = ("", "-", "—", "――", "/")


@dataclass
class ExecutionFile:
    """The lines of the file, and what is wrong with it."""

    lines: list[ExecutionLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_execution_file(path: Path, year: int, month: int | None = None, unit: AmountUnit = "") -> ExecutionFile:
    """Read the export of one year; `month` and `unit` say what the file does not. OSError is the caller's."""
    table = open_table(path, "EXE")
    found = ExecutionFile(findings=table.findings)
    if table.findings:
        return found
    table.find_heading(_named, (EXECUTED,))
    lacking = [] if {CODE, NAME} & table.columns.keys() else [CODE]
    for name in [*lacking, *([] if EXECUTED in table.columns else [EXECUTED])]:
        table.say("201", column=name)
    divisors = {} if table.findings else _divisors(table, unit)
    if table.findings:
        return found
    reader = _Reader(table, divisors, year, month)
    for row in table.rows():
        if (line := reader.line(row)) is not None:
            found.lines.append(line)
    if not found.lines and not found.findings:
        table.say("205")
    return found


def _named(heading: str) -> str:
    if any(word in heading for word in _NOT):
        return ""
    found = next((name for name, words in _WORDS if any(word in heading for word in words)), "")
    return found or whose(heading) or {"月": MONTH, "调整": CHANGE, "支出": EXECUTED}.get(heading, "")


def _divisors(table: UnitTable, unit: AmountUnit) -> dict[str, Decimal]:
    """What makes 万元 of each amount column."""
    divisors = {name: table.divisor(name, unit) for name in (BUDGET, ADJUSTED, CHANGE, EXECUTED) if name in table.columns}
    if None in divisors.values():
        table.say("204")
    return {name: divisor for name, divisor in divisors.items() if divisor is not None}


class _Reader:
    def __init__(self, table: UnitTable, divisors: dict[str, Decimal], year: int, month: int | None) -> None:
        self.table, self.divisors, self.year, self.month = table, divisors, year, month
        self.seen: dict[tuple[str, int], int] = {}
        self.stated = next(self._above(), None)

    def _above(self) -> Iterator[tuple[int | None, int]]:
        """The month that the heading (1-6月执行数) or a title (截至2026年6月30日) says."""
        for text in (self.table.heading(EXECUTED), *self.table.title_rows()):
            text = normalised(text)
            for word in ("累计", "执行", "支出"):
                text = text.partition(word)[0] if word in text else text
            if any(digit in text for digit in "0123456789") and (
                told := read_month(text.removeprefix("截至").removeprefix("截止"))
            ):
                yield told

    def line(self, row: UnitRow) -> ExecutionLine | None:
        """None when a cell of the row is wrong, which is then said."""
        said = len(self.table.findings)
        month = self._month(row)
        budget, after, change, executed = (self._amount(row, name) for name in (BUDGET, ADJUSTED, CHANGE, EXECUTED))
        adjusted = after
        if change is not None and budget is not None:
            adjusted = budget + change
            if adjusted < 0:
                self.table.say("202", row.number, CHANGE, stated=row.cells[CHANGE], advice="调减不能多于年初预算，核对后再导入。")
            elif after is not None and abs(adjusted - after) > sum_tolerance(2):
                said_sum = show_amount(adjusted)
                self.table.say("207", row.number, ADJUSTED, unit=row.unit, stated=show_amount(after), expected=said_sum)
        who = row.key or row.cells.get(CODE) or normalised(row.cells.get(NAME, ""))
        if not who:
            self.table.say("202", row.number, CODE, stated="", advice="写上单位代码或名称。")
        elif month and (other := self.seen.setdefault((who, month), row.number)) != row.number:
            self.table.say("203", row.number, CODE, other=str(other), stated=row.unit)
        if month is None or len(self.table.findings) > said:
            return None
        amounts = Execution(month, budget, after if after is not None else adjusted, executed)
        where = self.table.where(row.number, EXECUTED)
        source = f"{self.table.book} {self.table.heading(EXECUTED)}"
        return ExecutionLine(row.key, row.cells.get(CODE, ""), row.cells.get(NAME, ""), amounts, where, row.number, source)

    def _amount(self, row: UnitRow, column: str) -> Decimal | None:
        """万元; None for a blank, which is not zero, and for what cannot be read, which is said."""
        text = row.cells.get(column, "")
        if text in _BLANK:
            return None
        amount = read_amount(text)
        if amount is None or (amount < 0 and column != CHANGE):
            advice = (
                "只填数字。"
                if amount is None
                else "不能为负；调减的写在“预算调整数”列。"
                if column != EXECUTED
                else "累计数不能为负。"
            )
            self.table.say("202", row.number, column, stated=text, advice=advice)
            return None
        return amount / self.divisors[column]

    def _month(self, row: UnitRow) -> int | None:
        """The row's month; what it says has to be what was said of the file."""
        wrote = row.cells.get(MONTH, "")
        told = read_month(wrote) if wrote else self.stated
        if wrote and told is None:
            self.table.say("202", row.number, MONTH, stated=wrote, advice="写成 6 或 2026-06 的样子。")
            return None
        if told is None and self.month is None:
            if "EXE208" not in {f.code for f in self.table.findings}:
                self.table.say("208")
            return None
        year, month = told or (None, self.month or 0)
        if year not in (None, self.year) or self.month not in (None, month):
            meant = f"{self.year}年" + (f"{self.month}月" if self.month else "")
            stated = f"{year}年{month}月" if year else f"{month}月"
            self.table.say("209", row.number if wrote else 0, MONTH, stated=stated, wanted=meant)
            return None
        return month
