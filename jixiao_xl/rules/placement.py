"""Does each indicator row stand where it belongs, its values in their columns?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from rapidfuzz import fuzz

from jixiao_xl.forms.indicators import indicator_like, indicator_named
from jixiao_xl.forms.spec import IndicatorTable
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import is_cut_form_of, normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.categories import category_of, task_words
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, indicator_rows
from jixiao_xl.rules.shifts import is_value, level_slips, shifts

Places = tuple[tuple[str, ...], ...]
ALIKE = 75
"""Percent of likeness from which two headings are one with a slip of the pen."""


def own_rows(case: Case) -> tuple[IndicatorRow, ...]:
    """The rows whose name the unit wrote itself; placeholders left over are CMP103's."""
    rows = case.memo.get("own_rows")
    if rows is None:
        rows = case.memo["own_rows"] = tuple(
            row for row in indicator_rows(case)
            if row.is_own and row.line.filed is not None and not any(case.pack.placeholder_in(name) for name in row.names)
        )  # fmt: skip
    return cast("tuple[IndicatorRow, ...]", rows)


# ---- the place of a known indicator ---------------------------------------------------
def _canonical(name: str) -> str:
    known = indicator_named(name)
    return normalised(known.name if known else name)


def _printed_places(case: Case, table: IndicatorTable) -> dict[str, Places]:
    """By name: the headings under which the table prints it."""
    found: dict[str, Places] = {}
    for row in case.spec.rows_of(table):
        if not row.open:
            key = _canonical(row.levels[-1])
            found[key] = (*found.get(key, ()), row.levels[:-1])
    return found


def _dictionary_places(case: Case, table: IndicatorTable, name: str) -> Places:
    """The dictionary's headings for the name, as far as this table prints them."""
    known = indicator_named(name)
    if known is None or not known.levels or len(table.levels) != len(known.levels[0]) + 1:
        return ()
    printed = {tuple(map(normalised, row.fixed_levels[:2])) for row in case.spec.rows_of(table)}
    return tuple(levels for levels in known.levels if tuple(map(normalised, levels)) in printed)


def _is_same_heading(one: str, other: str) -> bool:
    """The same, cut off, or with a slip: what the heading is called is not this rule's matter."""
    if normalised(one) == normalised(other) or is_cut_form_of(one, other):
        return True
    return min(len(one), len(other)) > 4 and fuzz.ratio(normalised(one), normalised(other)) >= ALIKE


def _torn_place(case: Case, row: IndicatorRow) -> str | None:
    """The headings of a row whose first heading is really one of the second column, as page breaks leave it."""
    first = normalised(row.names[0])
    printed = [line.levels for line in case.spec.rows_of(row.table)]
    if not first or any(normalised(levels[0]) == first for levels in printed):
        return None
    homes = {levels[0] for levels in printed if normalised(levels[1]) == first}
    return f"{homes.pop()}/{row.names[0]}" if len(homes) == 1 else None


@rule("IND101", "indicators")
def indicator_stands_under_its_heading(case: Case) -> Iterator[Finding]:
    """表样或指标字典里有的指标,填在它自己的一级、二级指标下。

    为什么:放错位置,按指标汇总时取不到数,本来那一行又显得没填。一、二级名称因换页丢失、左移的只作提示。
    错:非税收入预算完成率放在“绩效管理”下。对:放在“预算执行”下。
    """
    printed: dict[str, dict[str, Places]] = {}
    for row in own_rows(case):
        if not normalised(row.names[-1]) or id(row.line) in shifts(case):
            continue
        table = row.table
        if table.id not in printed:
            printed[table.id] = _printed_places(case, table)
        above = row.names[:-1]
        places = printed[table.id].get(_canonical(row.name)) or _dictionary_places(case, table, row.name)
        torn = _torn_place(case, row)
        if any(all(map(_is_same_heading, above, place)) for place in places):
            continue
        if not places and torn is None:
            continue
        is_torn = torn is not None or not all(above)
        yield case.finding(
            "IND101", row.main, severity="hint" if is_torn else None, name=row.name,
            stated="/".join(name or "（空）" for name in above),
            expected="”或“".join("/".join(place) for place in places) or torn or "",
        )  # fmt: skip


# ---- the kind of an indicator ---------------------------------------------------------
@rule("IND115", "indicators")
def indicator_is_of_its_kind(case: Case) -> Iterator[Finding]:
    """指标的内容与所归的类别一致:数量、质量、时效、成本、经济、社会、生态、可持续、满意度。

    为什么:归错类,这一类就等于没有指标,评价时也用错标准。词表在 knowledge/categories.toml,只收判断得准的词。
    错:生态效益下填“结果准确性”;质量指标下填“群众满意率”。对:移到质量指标、满意度指标。
    """
    task = task_words()
    for row in own_rows(case):
        kind = category_of(row.names[:-1])
        if kind is None or not normalised(row.names[-1]):
            continue
        category, heading = kind
        foreign = category.foreign_to(row.name)
        if foreign is not None:
            yield case.finding(
                "IND115", row.main, severity=foreign.severity, name=row.name, stated=heading,
                why=foreign.why, expected=foreign.belongs,
            )  # fmt: skip
        elif category.id == task.category and task.fits(row.name) and _counts_nothing(row):
            yield case.finding("IND115", row.main, name=row.name, stated=heading, why=task.why, expected=task.belongs)


def _counts_nothing(row: IndicatorRow) -> bool:
    """Whether the targets are words: a name that says what to do may still be counted (开展培训 ≥3场)."""
    stated = [s.value for s in row.targets if not s.value.is_absent]
    return bool(stated) and all(value.number is None and not value.is_mixed for value in stated)


# ---- the columns of a row -------------------------------------------------------------
def misplaced_name(case: Case, row: IndicatorRow) -> tuple[str, str] | None:
    """(heading, name) of an indicator that stands in the column of its group."""
    names = row.names
    if not row.is_own or normalised(names[-1]) or case.pack.placeholder_in(row.name):
        return None
    place = max((i for i, name in enumerate(names) if normalised(name)), default=-1)
    if place < len(row.source.fixed_levels):
        return None
    known = indicator_like(row.name)
    headings = {normalised(line.levels[i]) for line in case.spec.rows_of(row.table) for i in range(len(names) - 1)}
    if known is None or known.is_satisfaction or normalised(row.name) in headings:
        return None
    return row.table.levels[place], row.name


@rule("IND120", "indicators")
def values_stand_in_their_columns(case: Case) -> Iterator[Finding]:
    """一行里各值填在自己的列:指标值一列不能是“计划标准”,指标名称不能写在一、二级指标一列。

    为什么:错一格,后面几列跟着全错,指标值也就读不到了。值错列的必须改,名称错列的要说明。
    错:指标值“计划标准”,依据“绩效基本型”,分类空白。对:指标值“改善”,依据“计划标准”,分类“绩效基本型”。
    """
    moved = shifts(case)
    for row in indicator_rows(case):
        if id(row.line) in moved:
            name = next((name for name in reversed(row.names) if name and not is_value(name)), row.name)
            yield case.finding("IND120", row.main, name=name, stated=moved[id(row.line)])
            continue
        if not any(s.value.text for s in row.values):
            continue
        slipped = [*level_slips(case, row.table, row.names)] if row.is_own else []
        astray = misplaced_name(case, row)
        if astray is not None:
            slipped.append(astray)
        if slipped:
            stated = "、".join(f"“{heading}”一列是“{name}”" for heading, name in slipped)
            yield case.finding("IND120", row.main, severity="warning", name=row.name, stated=stated)
