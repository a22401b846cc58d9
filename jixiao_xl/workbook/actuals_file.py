"""A table of what was reached (实际完成值), of one unit or of many, as .xlsx or .csv, in whatever order its columns stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised, tidy
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.unit_table import UnitRow, UnitTable, open_table, whose

INDICATOR, ACTUAL, WEIGHT, CAUSE = "三级指标", "实际完成值", "分值", "偏差原因"
LEVELS = ("一级指标", "二级指标")
ACTUAL_WORDS = ("完成值", "实际值", "完成情况", "实际完成", "完成数")
INDICATOR_WORDS = ("指标名称", "绩效指标", "指标内容", "指标")


@dataclass(frozen=True)
class ActualLine:
    """One indicator of one unit; `key`, `code` and `name` are blank in a table of one unit."""

    key: str
    code: str
    name: str
    levels: tuple[str, ...]
    """The levels above it, as far as the table says them."""
    indicator: str
    actual: str
    weight: str
    cause: str
    where: Where
    row: int


@dataclass
class ActualsFile:
    """The lines that can be taken, and what is wrong with the others."""

    lines: list[ActualLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_actuals_file(path: Path) -> ActualsFile:
    """Read the table. OSError is the caller's."""
    table = open_table(path, "ACT")
    found = ActualsFile(findings=table.findings)
    if table.findings:
        return found
    table.find_heading(_named, (ACTUAL,))
    for name in (INDICATOR, ACTUAL):
        if name not in table.columns:
            table.say("201", column=name)
    if table.findings:
        return found
    last: dict[str, str] = {}
    for row in table.rows():
        if (line := _line(table, row, last)) is not None:
            found.lines.append(line)
    if not found.lines and not found.findings:
        table.say("205")
    return found


def _named(heading: str) -> str:
    plain = heading.partition("(")[0]
    if "一级" in plain or "二级" in plain:
        return LEVELS["二级" in plain]
    if "三级" in plain:
        return INDICATOR
    if any(word in plain for word in ACTUAL_WORDS) and "比例" not in plain:
        return ACTUAL
    if "原因" in plain:
        return CAUSE
    if plain in ("分值", "权重"):
        return WEIGHT
    if "指标值" in plain or "目标值" in plain or plain == "单位":  # 计量单位, where it stands beside indicators
        return ""
    return whose(plain) or (INDICATOR if plain in map(normalised, INDICATOR_WORDS) else "")


def _line(table: UnitTable, row: UnitRow, last: dict[str, str]) -> ActualLine | None:
    """None where nothing was reached yet, and for a cell that is wrong, which is then said. A level that is
    merged over its rows is written in the first of them only."""
    for level in LEVELS:
        if row.cells.get(level):
            last[level] = row.cells[level]
            if level == LEVELS[0]:
                last.pop(LEVELS[1], None)
    indicator, actual, weight = tidy(row.cells[INDICATOR]), tidy(row.cells[ACTUAL]), row.cells.get(WEIGHT, "")
    points = read_amount(weight)
    if not indicator or not (actual or weight or row.cells.get(CAUSE)):
        return None
    if weight and (points is None or points < 0):
        table.say("202", row.number, WEIGHT, stated=weight, advice="只填数字。")
        return None
    levels = tuple(tidy(last[level]) for level in LEVELS if level in last)
    return ActualLine(row.key, row.cells.get("单位代码", ""), row.cells.get("单位名称", ""), levels, indicator, actual, weight,
                      tidy(row.cells.get(CAUSE, "")), table.where(row.number, ACTUAL), row.number)  # fmt: skip
