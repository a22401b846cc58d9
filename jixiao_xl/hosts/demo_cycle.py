"""The second half of `jixiao demo`: 申报 → 批复 → 监控 → 自评 → next year's form, for 阳新 and 鄂州."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from jixiao_xl import operations
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.hosts.say import OUT
from jixiao_xl.model.amounts import half_up, show_amount
from jixiao_xl.model.facts import Fact, Filing
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value

FORM, MONITORING, EVALUATION = "hubei.dept_overall", "mof.dept_monitoring", "mof.dept_evaluation"
REVIEWER = "示例审核人"
BUDGET = {"420222-S001": Decimal("812.40"), "420700-S001": Decimal("998.71")}
"""万元, of units whose published form has no funds."""
SHOWN = "市级生活困难劳模帮扶人数"
"""The row whose actual is below its target: 21人 of 23."""
ACTUAL = {SHOWN: ("21人", "两人当年脱困"), "预算执行率": ("97%", "一个项目跨年验收，尾款次年支付"), "结转结余率": ("3%", "同上")}
"""What was reached and why it is less, where it is not the target itself."""


def run_cycle(filings: Sequence[Filing], folder: Path, year: int) -> None:
    """One year of these declarations with an archive of their own."""
    archive = operations.open_archive(str(folder / "全年.sqlite"))
    for filing in filings:
        archive.deposit(filing)
        operations.set_review(archive, filing.unit.key, "审核通过", by=REVIEWER, form=FORM, year=year, stage="declaration")
    units = [filing.unit for filing in filings]
    table = _table(folder / "批复文号.csv", ["单位代码", "单位名称", "批复文号", "批复日期"],
                   ([u.key, u.name, f"示例财预〔{year}〕{n}号", f"{year}-02-01"] for n, u in enumerate(units, 1)))  # fmt: skip
    approved = operations.approve(table, archive, FORM, year, folder / "1_批复", by=REVIEWER)
    OUT.print(f"  批复 {len(approved.done)} 份 {folder / '1_批复'}")
    roster = operations.make_roster(folder / "单位名单.xlsx", [_row(n, f) for n, f in enumerate(filings, 1)])
    _paid(folder, archive, filings, year, 6, Decimal("0.52"))
    monitored = operations.issue(roster, MONITORING, year, folder / "2_监控", archive=archive)
    for path in monitored.files:
        archive.deposit(_filled(path, "done", Decimal("0.5")))
    OUT.print(f"  监控 {len(monitored.files)} 份 {folder / '2_监控'}(6 月,执行数已带入)")
    _paid(folder, archive, filings, year, 12, Decimal("0.97"))
    actuals = _table(folder / "实际完成值.csv", ["单位代码", "一级指标", "二级指标", "三级指标", "实际完成值", "偏差原因"],
                     (line for path in monitored.files for line in _reached(path)))  # fmt: skip
    evaluated = operations.issue(roster, EVALUATION, year, folder / "3_自评", archive=archive, actuals=actuals)
    for path in evaluated.files:
        archive.deposit(_read(path))
    OUT.print(f"  自评 {len(evaluated.files)} 份 {folder / '3_自评'}(草表,得分已算出)")
    following = operations.issue(roster, FORM, year + 1, folder / f"4_{year + 1}年申报", archive=archive)
    OUT.print(f"  {year + 1} 年表样 {len(following.files)} 份:{_last_year(following.files)}")


def _read(path: Path) -> Filing:
    filing = operations.read(path).filing
    assert filing is not None, path
    return filing


def _row(n: int, filing: Filing) -> RosterRow:
    division, _, code = filing.unit.key.partition("-")
    return RosterRow(row=n, division_code=division, unit_code=code, name=filing.unit.name)


def _table(path: Path, heading: list[str], rows: Iterable[list[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([heading, *rows])
    return path


def _paid(folder: Path, archive: Archive, filings: Sequence[Filing], year: int, month: int, share: Decimal) -> None:
    """What the treasury would export for the month."""
    rows = []
    for filing in filings:
        budget = Decimal(filing.value("funds.income.fiscal.current") or BUDGET[filing.unit.key])
        amounts = (show_amount(half_up(amount * 10000, 2)) for amount in (budget, budget, budget * share))
        rows.append([filing.unit.key, filing.unit.name, *amounts])
    heading = ["单位代码", "单位名称", "年初预算(元)", "调整后预算(元)", "累计执行数(元)"]
    operations.put_executions(_table(folder / f"国库{month}月.csv", heading, rows), year, month, archive)


def _targets(filing: Filing) -> Iterable[tuple[str, tuple[str, ...], IndicatorValue]]:
    """Row, names and value of every target that was carried over."""
    for path, fact in filing.paths():
        if path.block == "annual_indicators" and path.column == "target" and path.names:
            yield path.row_text, path.names, read_indicator_value(fact.value)


def _filled(path: Path, column: str, share: Decimal) -> Filing:
    """The issued form with something done in every row."""
    filing = _read(path)
    done = {f"{row}.{column}": Fact(f"{row}.{column}", _part(value, share)) for row, _, value in _targets(filing)}
    return replace(filing.with_facts(filing.facts | done), book=path.name)


def _part(value: IndicatorValue, share: Decimal) -> str:
    """A share of the target; words, percentages and upper limits are as they should be at any time."""
    bare = value.text.lstrip("≥≤><=＝ ")
    if value.number is None or value.high is not None or value.is_percent or value.operator in ("≤", "<"):
        return bare
    return f"{show_amount(half_up(value.number * share, 0))}{value.unit}"


def _reached(path: Path) -> Iterable[list[str]]:
    filing = _read(path)
    for _, names, value in _targets(filing):
        yield [filing.unit.key, *names, *ACTUAL.get(names[-1], (_part(value, Decimal(1)), ""))]


def _last_year(files: Sequence[Path]) -> str:
    """What the next year's form says of last year where an actual took the target's place."""
    for path in files:
        filing = _read(path)
        for each, fact in filing.paths():
            if each.names and each.names[-1] == SHOWN and each.column == "last":
                return f"“{SHOWN}”的上年数 {fact.value}(自评实际完成值,不是目标 23人)"
    return "上年数已带出"
