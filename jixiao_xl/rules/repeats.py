"""Is a row, a description or a whole table only a copy of another?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

from jixiao_xl.forms.indicators import indicator_named
from jixiao_xl.forms.spec import Column, Fields
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.indicator_value import IndicatorValue
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.placement import own_rows
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow
from jixiao_xl.rules.wordlists import naming

FEW = 4
"""Fewer rows in common say nothing: 服务对象满意度 stands in every project."""
NEARLY_ALL = 0.8


def _tables(case: Case) -> dict[str, list[IndicatorRow]]:
    """The unit's own rows with a name and a value, by table."""
    found: dict[str, list[IndicatorRow]] = {}
    for row in own_rows(case):
        if normalised(row.names[-1]) and any(stated.value.text for stated in row.values):
            found.setdefault(row.block.name, []).append(row)
    return found


# ---- descriptions and rows ------------------------------------------------------------
def _describes(column: Column) -> bool:
    """A text column without a list is there to say more than the name does."""
    return column.value == "text" and column.choices is None


def _echoes(row: IndicatorRow) -> Iterator[Finding]:
    for column in row.table.columns:
        slot = row.line.slot(column.id)
        if _describes(column) and slot is not None and normalised(row.case.text(slot)) == normalised(row.name):
            yield row.case.finding(
                "IND117", slot, label=row.label(slot), other="指标名称", stated=row.case.text(slot),
                advice="写出计算方法或统计口径，不要照抄名称。",
            )  # fmt: skip


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """维修堤防的长度 is 维修堤防长度."""
    return normalised(name).replace("的", "")


def _meanings(row: IndicatorRow) -> list[object]:
    return [_meaning(stated.value) for stated in row.values]


def _meaning(value: IndicatorValue) -> object:
    return value.meaning if value.number is not None else normalised(value.text)


def _is_of_anyone(name: str) -> bool:
    """公众满意度, 服务对象满意度: satisfaction of whoever is served."""
    plain = normalised(name).removesuffix("满意度").removesuffix("满意率").removesuffix("对象")
    return plain in naming().anyone or f"{plain}对象" in naming().anyone


def _are_one(one: IndicatorRow, other: IndicatorRow) -> str | None:
    """Why two rows of a table are the same indicator; None when they are two."""
    if [*map(_plain, one.names)] == [*map(_plain, other.names)]:
        return "指标名称相同"
    if [*map(normalised, one.names[:-1])] != [*map(normalised, other.names[:-1])] or _meanings(one) != _meanings(other):
        return None
    known = indicator_named(one.name), indicator_named(other.name)
    satisfaction = "满意" in one.name and "满意" in other.name
    if satisfaction:
        return "两项泛指同一批服务对象，各值全同" if _is_of_anyone(one.name) and _is_of_anyone(other.name) else None
    return "名称不同，是同一指标，各值全同" if known[0] is not None and known[0] is known[1] else None


def _projects_of_one_name(case: Case) -> Iterator[Finding]:
    """A project's sheet copied, and its name left as it was."""
    seen: dict[str, str] = {}
    for block in case.plan.blocks:
        if not isinstance(block.block, Fields) or not block.block.repeat or case.spec.repeat[block.block.repeat].as_ != "sheets":
            continue
        slot = next((s for s in block.slots if s.key == "name" and s.path is not None), None)
        name = case.text(slot) if slot is not None else ""
        if slot is None or not name:
            continue
        if normalised(name) in seen:
            yield case.finding(
                "IND117", slot, label=f"{block.sheet}的项目名称", other=seen[normalised(name)], stated=name,
                advice="不同的项目写不同的名称（加上资金来源或文号）；重复的删去一份。",
            )  # fmt: skip
        seen.setdefault(normalised(name), block.sheet)


@rule("IND117", "indicators")
def description_and_rows_say_something_new(case: Case) -> Iterator[Finding]:
    """指标说明不照抄指标名称;同一张表不重复填同一个指标,两个项目不用同一个名称。

    为什么:说明栏是写算法和口径的,照抄等于没写;同一指标填两行,汇总时会算两遍。
    错:名称“救助人数”,说明也写“救助人数”;公众满意度、服务对象满意度都填≥95%。
    对:说明写“当年实际救助的困难职工人数,以发放表为准”。
    """
    yield from _projects_of_one_name(case)
    for rows in _tables(case).values():
        for row in rows:
            yield from _echoes(row)
        seen: set[int] = set()
        for one, other in combinations(rows, 2):
            why = _are_one(one, other) if id(other.line) not in seen else None
            if why is not None:
                seen.add(id(other.line))
                yield case.finding(
                    "IND117", other.main, label=f"“{other.name}”", other=f"“{one.name}”" if one.name != other.name else "上面同名的一行",
                    stated=why, advice="合并成一项；确为两项的，名称写出区别，值按各自情况填。",
                )  # fmt: skip


# ---- whole tables -----------------------------------------------------------------------
def _instance(case: Case, row: IndicatorRow) -> str:
    """`项目2`, as the form heads the instance."""
    assert row.table.repeat is not None
    return case.spec.repeat[row.table.repeat].label.format(n=row.block.number)


def _is_routine(case: Case, row: IndicatorRow) -> bool:
    """Whether the instance is a running expense, for which all units file the same indicators."""
    words = naming().routine
    heads = (
        case.text(slot) for block in case.plan.blocks
        if block.number == row.block.number and block.block.repeat == row.table.repeat
        for slot in block.slots if slot.key == "name" and slot.role == "input"
    )  # fmt: skip
    return any(word in text for text in heads for word in words)


@rule("IND118", "indicators")
def projects_have_indicators_of_their_own(case: Case) -> Iterator[Finding]:
    """各项目、各目标的指标表不逐行照抄。

    为什么:两个项目的指标和目标值全同,看不出各自的钱办了什么事。人员、公用等经常性项目按统一指标填报的,不在此列。
    错:项目1与项目2的八个指标名称相同,七个目标值相同。对:按各项目的任务写各自的指标。
    """
    by_block: dict[str, list[list[IndicatorRow]]] = {}
    for rows in _tables(case).values():
        if rows[0].block.number:
            by_block.setdefault(rows[0].table.id, []).append(rows)
    for tables in by_block.values():
        values = [{tuple(map(normalised, row.names)): _meaning(row.target) for row in rows} for rows in tables]
        copied: set[int] = set()
        for one, other in combinations(range(len(tables)), 2):
            shared = values[one].keys() & values[other].keys()
            same = sum(values[one][names] == values[other][names] for names in shared)
            largest = max(len(values[one]), len(values[other]))
            if other in copied or same < FEW or len(shared) < NEARLY_ALL * largest or same < NEARLY_ALL * len(shared):
                continue
            left, right = tables[one][0], tables[other][0]
            if _is_routine(case, left) and _is_routine(case, right):
                continue
            copied.add(other)
            yield case.finding(
                "IND118", right.main, left=_instance(case, left), right=_instance(case, right),
                count=str(len(shared)), same=str(same),
            )  # fmt: skip
