"""Do an indicator, the other indicators and the funds table say the same of one budget?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal, cast

from rapidfuzz import fuzz

from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.spec import Column, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import IndicatorValue
from jixiao_xl.model.names import normalised
from jixiao_xl.model.ratios import execution_rate, show_percent
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, Stated, filled_rows

Role = Literal["execution", "carry", "adjust", "progress"]
HUNDRED = Decimal(100)
NEARLY = 90
"""Percent of likeness from which a project is meant, though its name has a slip."""
_COMMAS = re.compile(r"[,，;；]")


class _Implausible(Entry):
    endings: tuple[str, ...]
    below: Decimal | None = None
    above: Decimal | None = None
    targets: bool = False
    why: str


class _Needs(Entry):
    indicators: tuple[str, ...]
    told: str
    missing: str
    word: str


class _Knowledge(Entry):
    """`knowledge/linkage.toml`; what each entry is for is said there."""

    roles: dict[str, tuple[str, ...]]
    implausible: tuple[_Implausible, ...]
    needs: tuple[_Needs, ...]


@cache
def knowledge() -> _Knowledge:
    """The data, loaded when first asked for."""
    return knowledge_of(_Knowledge, "linkage")


@lru_cache(maxsize=4096)
def has_role(name: str, role: str) -> bool:
    """Whether the name is one of those that `knowledge/linkage.toml` lists for the role."""
    return normalised(name) in {normalised(word) for word in knowledge().roles[role]}


def _plays(row: IndicatorRow, role: Role) -> bool:
    dictionary = row.known.name if row.known is not None and not row.known.guessed else ""
    return has_role(row.name, role) or (dictionary != "" and has_role(dictionary, role))


# ---- among the indicators --------------------------------------------------------------
@dataclass(frozen=True)
class _Said:
    """One indicator in one column: where, and between which percents it lies."""

    row: IndicatorRow
    stated: Stated
    low: Decimal
    high: Decimal

    @property
    def words(self) -> str:
        return f"{self.row.name} {self.stated.value.text}"


def _span(value: IndicatorValue, *, at_most: bool) -> tuple[Decimal, Decimal] | None:
    """The percents that satisfy a value. `at_most`: a bare number is the most that is allowed."""
    number = value.number
    if number is None or value.unit not in ("", "%") or (value.unit == "" and 0 < number <= 1):
        return None  # 0.98 without a sign may be 98 % or 0.98 %
    if value.high is not None:
        return number, value.high
    if value.operator in ("≥", ">"):
        return number, max(number, HUNDRED)
    if value.operator in ("≤", "<") or (at_most and not value.operator):
        return min(number, Decimal(0)), number
    return number, number


def _by_column(case: Case) -> Iterator[dict[Role, _Said]]:
    """What is said of execution, carry-over and adjustment in each column of each table."""
    found: dict[tuple[str, str], dict[Role, _Said]] = {}
    roles: tuple[Role, ...] = ("execution", "carry", "adjust")
    for row in filled_rows(case):
        role = next((r for r in roles if _plays(row, r)), None)
        if role is None:
            continue
        for stated in row.values:
            span = _span(stated.value, at_most=role != "execution" and not stated.is_prior)
            if span is not None and stated.column.span == "year":
                found.setdefault((row.block.name, stated.column.id), {})[role] = _Said(row, stated, *span)
    return iter(found.values())


@rule("IND301", "indicators")
def budget_rates_hold_together(case: Case) -> Iterator[Finding]:
    """同一年的预算执行率、结转结余率、预算调整率要能同时成立。

    为什么:预算数执行一部分、结转一部分,两者相加约为 100%;执行超过预算,必有追加,调整率不会是 0。
    错:上年执行率 137.43%,调整率 0、结转结余率 0;执行率 98% 而结转结余率 0。对:98% 配 2%。
    """
    complete = partial = False
    for said in _by_column(case):
        execution = said.get("execution")
        if execution is None or len(said) == 1:
            partial = True
            continue
        complete = True
        clash = _over_budget(case, said) or _sum_of_rates(case, said)
        if clash is not None:
            why, right, severity = clash
            yield case.finding(
                "IND301", execution.stated.slot, severity=severity, left=execution.row.label(execution.stated.slot),
                left_value=execution.stated.value.text, right=right, why=why,
            )  # fmt: skip
    if partial and not complete:
        case.lacking("IND301", "预算执行率、结转结余率、预算调整率没有都填成数值，无法互相核对")


def _over_budget(case: Case, said: dict[Role, _Said]) -> tuple[str, str, Severity | None] | None:
    execution, adjust = said["execution"], said.get("adjust")
    if adjust is None or adjust.high != 0 or execution.low <= HUNDRED + case.pack.threshold["execution_gap"]:
        return None
    others = "、".join(s.words for s in (adjust, said.get("carry")) if s is not None)
    return f"执行数超过预算 {show_percent(execution.low / 100 - 1)}，必有追加，调整率不会是 0", others, None


def _sum_of_rates(case: Case, said: dict[Role, _Said]) -> tuple[str, str, Severity | None] | None:
    execution, carry, adjust = said["execution"], said.get("carry"), said.get("adjust")
    gap = case.pack.threshold["execution_gap"]
    if carry is None or execution.low > HUNDRED + gap:
        return None
    if execution.high + carry.high < HUNDRED - gap:
        rest = show_percent((HUNDRED - execution.high - carry.high) / 100)
        severity: Severity = "hint" if adjust is not None and adjust.high > 0 else "warning"
        return f"两者相加不到 100%，还有 {rest} 没有去向（由财政收回的要写明）", carry.words, severity
    # some divide the carry-over by what was spent, not by the budget
    if execution.low + carry.low > HUNDRED + gap and execution.low * (1 + carry.low / 100) > HUNDRED + gap:
        return "两者相加超过 100%", carry.words, "warning"
    return None


@rule("IND304", "indicators")
def rate_is_plausible(case: Case) -> Iterator[Finding]:
    """值在自然区间之内,但几乎不可能是这个指标的值。

    为什么:会议费控制率 = 实际支出÷预算,3.49% 等于几乎没有开会,多半填成了占比;变动率填 100% 等于翻一番。
    错:会议费控制率 3.49%。对:≤100%。
    """
    for row in filled_rows(case):
        spoken: set[int] = set()
        for entry in knowledge().implausible:
            if not normalised(row.name).endswith(entry.endings):
                continue
            for stated in row.targets if entry.targets else row.values:
                if id(stated.slot) not in spoken and stated.column.span == "year" and _is_implausible(stated.value, entry):
                    spoken.add(id(stated.slot))
                    formula = row.known.formula if row.known is not None and row.known.formula else "实际数÷预算数×100%"
                    yield case.finding(
                        "IND304", stated.slot, label=row.label(stated.slot), stated=stated.value.text, why=entry.why,
                        formula=formula,
                    )  # fmt: skip


def _is_implausible(value: IndicatorValue, entry: _Implausible) -> bool:
    number = value.number
    if number is None or not value.is_percent or value.high is not None:
        return False
    return (entry.below is not None and 0 < number < entry.below) or (entry.above is not None and number > entry.above)


# ---- against the funds table ------------------------------------------------------------
def _half_column(table: MoneyTable) -> tuple[Column, Column] | None:
    """The half-year plan of execution and the budget it is a part of."""
    by_id = {c.id: c for c in table.columns}
    for column in table.columns:
        if column.rate_of is not None and by_id[column.rate_of[0]].span == "half":
            return by_id[column.rate_of[0]], by_id[column.rate_of[1]]
    return None


def _planned_rates(case: Case) -> Iterator[tuple[BlockPlan, Column, Column, Decimal | None, Decimal | None]]:
    """The total planned by half-year and the whole budget of each funds table; None when a part is blank."""
    for block in case.plan.blocks:
        if not isinstance(block.block, MoneyTable) or (columns := _half_column(block.block)) is None:
            continue
        for line in block.lines:
            slots = [line.slot(c.id) for c in columns]
            if line.key.endswith(".total") and all(slots):
                half, full = (_whole(case, slot) for slot in slots if slot)
                yield block, *columns, half, full


def _whole(case: Case, total: Slot) -> Decimal | None:
    parts = case.parts_of(total)
    return None if case.is_spoiled(total, *parts) or any(case.number(s) is None for s in parts) else case.number(total)


@rule("IND302", "indicators")
def half_year_rate_follows_from_the_funds(case: Case) -> Iterator[Finding]:
    """半年的预算执行率、支付进度应等于资金表的半年计划执行数÷全年预算数。

    错:半年计划 90+300=390,全年 897.334,半年预算执行率却填 =100%。对:=43.46%。
    支付进度符合率是实际进度与计划进度之比,不在此列。
    """
    for block, executed, budget, half, full in _planned_rates(case):
        rows = [row for row in filled_rows(case) if _plays(row, "execution") or _plays(row, "progress")]
        stated = [(row, s) for row in rows for s in row.targets if s.column.span == "half" and s.value.number is not None]
        rate = None if half is None or full is None else execution_rate(half, full)
        if rate is None or half is None or full is None:
            if stated:
                case.lacking("IND302", f"“{block.sheet}”的{executed.label}、{budget.label}没有填全，推算不出执行率")
            continue
        for row, value in stated:
            gap = case.pack.threshold["execution_gap"]
            if not _agrees(value.value, rate * 100, gap):
                # targets are round numbers: =45% beside 44.4% is no slip, =100% beside 43% is one
                close = next(
                    (s for s, wide in (("hint", 10), ("warning", 30)) if _agrees(value.value, rate * 100, gap * wide)), None
                )
                formula = f"{executed.label} {show_amount(half)}÷{budget.label} {show_amount(full)}"
                yield case.finding(
                    "IND302", value.slot, severity=cast("Severity | None", close), suggested=f"={show_percent(rate)}",
                    label=row.label(value.slot),
                    stated=value.value.text, expected=show_percent(rate), formula=formula,
                )  # fmt: skip


def _agrees(value: IndicatorValue, percent: Decimal, gap: Decimal) -> bool:
    span = _span(value, at_most=False)
    if span is None:
        return True
    return span[0] - gap <= percent <= span[1] + gap


@dataclass(frozen=True)
class _Project:
    name: str
    half: Decimal | None
    full: Decimal | None


def _projects(case: Case, target: str) -> dict[str, _Project]:
    """The open rows of `block.group.row`, by normalised name."""
    block_id, _, row_key = target.partition(".")
    found = {}
    for block in case.plan.blocks:
        if block.block.id != block_id or not isinstance(block.block, MoneyTable):
            continue
        columns = _half_column(block.block)
        for line in block.lines:
            if columns is None or line.filed is None or line.group is None or not row_key.startswith(f"{line.group.id}."):
                continue
            name = line.filed.names[-1]
            found[normalised(name)] = _Project(name, *(_known(case, line, column) for column in columns))
    return found


def _known(case: Case, line: Line, column: Column) -> Decimal | None:
    slot = line.slot(column.id)
    return None if slot is None or case.is_spoiled(slot) else case.number(slot)


def _named(text: str, projects: dict[str, _Project]) -> list[_Project] | None:
    """The projects a cell names, several joined by commas; None when one of them is unknown."""
    if whole := _nearest(text, projects):
        return [whole]
    for parts in (_COMMAS.split(text), re.split(r"[,，;；、]", text)):
        found = [_nearest(part, projects) for part in parts if part.strip()]
        if found and all(found):
            return [p for p in found if p]
    return None


def _nearest(text: str, projects: dict[str, _Project]) -> _Project | None:
    plain = normalised(text)
    if plain in projects:
        return projects[plain]
    near = [project for name, project in projects.items() if fuzz.ratio(plain, name) >= NEARLY]
    return near[0] if len(near) == 1 else None


@rule("IND303", "indicators")
def half_year_output_has_its_money(case: Case) -> Iterator[Finding]:
    """半年就有产出的,对应项目半年应有支出。

    为什么:钱没有花,补助就没有发;活动办了而没有支出,不是项目对错了,就是半年数漏填。
    错:市级劳模四金半年计划执行数 0,半年发放率 =100%(必须修改);专场招聘会半年 ≥1场、项目半年 0(需要说明)。
    """
    for row in filled_rows(case):
        table = row.block.block
        assert isinstance(table, IndicatorTable)
        for level, target in table.level_refers_to:
            stated = next((s for s in row.targets if s.column.span == "half"), None)
            index = table.levels.index(level)
            if stated is None or index >= len(row.names) or not row.names[index].strip() or not _is_output(row, stated):
                continue
            projects = _named(row.names[index], _projects_once(case, target))
            if projects is None or any(p.half is None for p in projects):
                continue
            if all(p.half == 0 for p in projects) and any(p.full for p in projects):
                paid = row.kind == "rate"
                yield case.finding(
                    "IND303", stated.slot, severity="error" if paid else None, name=row.name, stated=stated.value.text,
                    project="、".join(p.name for p in projects), amount="0",
                )  # fmt: skip


def _projects_once(case: Case, target: str) -> dict[str, _Project]:
    found = case.memo.get(f"projects {target}")
    if not isinstance(found, dict):
        found = case.memo[f"projects {target}"] = _projects(case, target)
    return found


def _is_output(row: IndicatorRow, stated: Stated) -> bool:
    """Something counted, or a rate that only a payment moves; a rate of quality says nothing of money."""
    number = stated.value.number
    if number is None or number <= 0 or row.better in ("low", "equal") or stated.value.operator in ("≤", "<"):
        return False
    if row.kind == "rate":
        return normalised(row.name).endswith(knowledge().roles["pay"])
    return not stated.value.is_percent and row.kind != "grade"


# ---- what a rate needs -------------------------------------------------------------------
@rule("IND306", "indicators")
def rate_has_what_it_is_computed_from(case: Case) -> Iterator[Finding]:
    """要靠另一个数才能核算的指标,正文应写出那个数。

    为什么:在职人员控制率 = 在职人数÷编制数,只写在编人数,审核时无从核算。
    错:“共有在编人员43人”。对:“核定编制45名,在编人员43人”。
    """
    for need in knowledge().needs:
        names = {normalised(name) for name in need.indicators}
        row = next((r for r in filled_rows(case) if normalised(r.name) in names), None)
        if row is None:
            continue
        for block in case.plan.blocks:
            slot = next((s for s in block.slots if s.key == "text"), None)
            if slot is None or not isinstance(block.block, Narrative) or not re.search("人员|编制", block.title):
                continue
            text = case.text(slot)
            told = re.search(need.told, text)
            if told and not re.search(need.missing, text):
                yield case.finding("IND306", slot, label=block.title, stated=told[0], missing=need.word, name=row.name)
