"""Is everything there that has to be, and nothing left of the template's own placeholders?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, Fields, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.names import is_cut_form_of, normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.categories import Category, categories, category_of, category_of_label
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.wordlists import naming

NEARLY = 90
"""Percent of likeness from which two names are one with a slip of the pen."""


@rule("FND301", "cells")
def money_table_is_filled(case: Case) -> Iterator[Finding]:
    """资金表不能整张空白。

    为什么:没有资金,目标无从衡量;汇总时该单位缺数。
    """
    for block in case.plan.blocks:
        if not isinstance(block.block, MoneyTable):
            continue
        if not any(case.text(slot) for slot in block.slots):
            case.blank_tables.add(block.name)
            first = next(slot for slot in block.slots if slot.role == "input")
            yield case.finding("FND301", first, sheet=block.sheet)


@rule("CMP101", "completeness")
def required_text_is_there(case: Case) -> Iterator[Finding]:
    """必填的文字和封面各项不能空。

    错:年度目标只有标题。对:写出本年要达到的目标。
    """
    for block in case.plan.blocks:
        if not isinstance(block.block, Fields | Narrative) or not case.is_present(block):
            continue
        for slot in block.slots:
            if slot.required and slot.role == "input" and slot.content != "money" and not case.text(slot):
                if slot.identity == "unit_name" and case.filing.unit.name:
                    continue
                label = block.title if slot.key == "text" else case.label(slot)
                yield case.finding("CMP101", slot, label=label)


def _values(line: Line) -> list[Slot]:
    return [slot for slot in line.slots if slot.role == "input"]


def _main(block: BlockPlan, line: Line) -> Slot:
    assert isinstance(block.block, IndicatorTable)
    found = line.slot(block.block.main_column.id)
    assert found is not None
    return found


@rule("CMP102", "completeness")
def row_is_not_half_filled(case: Case) -> Iterator[Finding]:
    """一行要么填全,要么整行清空。

    错:写了指标值,没有选指标分类;列了项目,没有填金额。
    """
    for block, line in case.lines(IndicatorTable):
        if line.filed is None and isinstance(line.source, CatalogRow) and line.source.open:
            continue
        main = _main(block, line)
        if read_indicator_value(case.text(main)).is_absent:
            continue
        for slot in _values(line):
            if slot is not main and slot.required and not case.text(slot):
                yield case.finding("CMP102", slot, label=case.label(slot))
    for _, line in case.lines(MoneyTable):
        if line.filed is None:
            continue
        for slot in _values(line):
            if slot.required and not case.text(slot) and slot.path is not None:
                yield case.finding("CMP102", slot, label=case.label(slot))


_BLANK_SIGNS = re.compile(r"[….·。_＿\s]+")
"""A text of nothing but these is the template's own."""
_LEFT_OPEN = re.compile(r"[×＊*]{2,}|(?<![A-Za-z0-9])[xX]{2,}(?![A-Za-z0-9])|[_＿]{2,}")
"""培训XX人次: a number or a name that was to be filled in."""


@rule("CMP103", "completeness")
def placeholder_is_replaced(case: Case) -> Iterator[Finding]:
    """表样里的占位(……、_____指标、核心业务产出1、指标1、≥XX%)要换成具体内容,不用的行删去。

    为什么:占位留着,汇总时就多出一个没有内容的指标。
    错:二级指标写“核心业务产出1”;指标值写“≥XX%”。对:“法律援助”;“≥95%”。
    """
    for block, line in case.lines(IndicatorTable):
        if line.filed is None:
            continue
        own = () if case.is_carried(_main(block, line)) else line.filed.names
        left = ((name, case.pack.placeholder_in(name.strip())) for name in own)
        name, placeholder = next(((n, p) for n, p in left if p is not None), ("", None))
        if placeholder is not None:
            yield case.finding("CMP103", _main(block, line), severity=placeholder.severity, stated=name)
            continue
        for slot in _values(line):
            if not case.is_carried(slot) and naming().is_placeholder_value(case.text(slot)):
                yield case.finding("CMP103", slot, stated=case.text(slot))
    for block in case.plan.blocks:
        if isinstance(block.block, Fields | Narrative):
            for slot in block.slots:
                text = case.text(slot) if slot.path is not None and not case.is_carried(slot) else ""
                blank = _LEFT_OPEN.search(text) if slot.content in ("paragraph", "long_text") else None
                if _BLANK_SIGNS.fullmatch(text):
                    yield case.finding("CMP103", slot, stated=text)
                elif blank is not None:
                    yield case.finding("CMP103", slot, stated=text[max(blank.start() - 6, 0) : blank.end() + 6].replace("\n", ""))


def _names_filed(case: Case, block: BlockPlan) -> set[str]:
    """The names of all rows of the table that have their value."""
    return {line.filed.names[-1] for line in block.lines if line.filed and case.text(_main(block, line))}


def _stated_elsewhere(name: str, filed: set[str]) -> bool:
    """Whether the indicator stands in another row, under its name, cut off, or with a slip."""
    return any(
        normalised(other) == normalised(name) or is_cut_form_of(other, name) or fuzz.ratio(other, name) >= NEARLY for other in filed
    )


@rule("CMP104", "completeness")
def indicator_has_a_value(case: Case) -> Iterator[Finding]:
    """每个指标都要有指标值;确实没有的写“不适用”。

    放错位置、名称有出入的指标不算缺,由指标规则提示。
    """
    for block, line in case.lines(IndicatorTable):
        main = _main(block, line)
        if case.text(main):
            continue
        assert isinstance(line.source, CatalogRow)
        names = line.filed.names if line.filed else line.labels
        if line.source.open and line.filed is None:
            continue
        if any(case.pack.placeholder_in(name.strip()) for name in names):
            continue
        if not line.source.open and _stated_elsewhere(names[-1], _names_filed(case, block)):
            continue
        yield case.finding("CMP104", main, label=case.label(main))


def _kinds_offered(case: Case, table: IndicatorTable) -> tuple[set[str], bool]:
    """The kinds that the form's headings print; else those its list offers, to be chosen among all goals."""
    printed = {label for row in case.spec.rows_of(table) for label in row.fixed_levels}
    kinds = {kind.id for label in printed if (kind := category_of_label(label)) is not None}
    listed = {word for _, choices in table.choices for word in case.spec.choices[choices].items}
    return kinds | {kind.id for label in listed if (kind := category_of_label(label)) is not None}, bool(listed)


def _kinds_lacking(offered: set[str], there: set[str]) -> list[str]:
    """Every kind of output, and at least one benefit and satisfaction where the form offers them."""

    def of(part: str) -> list[Category]:
        return [kind for kind in categories() if kind.part == part and kind.id in offered]

    lacking = [kind.name for kind in of("output") if kind.id not in there]
    for part, name in (("benefit", "效益"), ("satisfaction", "满意度")):
        if of(part) and not any(kind.id in there for kind in of(part)):
            lacking.append(name)
    return lacking


def _required_rows_blank(block: BlockPlan) -> Iterator[Line]:
    """Headings under which the form wants something and nothing was filed, the first line of each."""
    filed = {line.source.levels for line in block.lines if isinstance(line.source, CatalogRow) and line.filed}
    for line in block.lines:
        if isinstance(line.source, CatalogRow) and line.source.required and line.source.levels not in filed:
            filed.add(line.source.levels)
            yield line


@rule("IND119", "completeness")
def every_kind_of_indicator_is_there(case: Case) -> Iterator[Finding]:
    """表样要求的各类指标都要有:产出的数量、质量、时效、成本,效益和满意度;表样印好的类别不留空行。

    为什么:缺一类就少一个方面的要求。确实没有的填“不适用”,说明理由,或请下发单位删去这一行。
    错:目标只有数量、质量指标。对:再写按期完成的时效指标、不超预算的成本指标。
    """
    there = {block.name: _kinds_there(block) for block in _filed_tables(case)}
    for block in _filed_tables(case):
        table = block.block
        assert isinstance(table, IndicatorTable)
        own = there[block.name] | _kinds_left(case, block)
        for line in _required_rows_blank(block):
            kind = category_of(line.labels)
            if kind is not None and kind[0].id in own:
                continue  # filed under the same heading written another way
            own |= {kind[0].id} if kind else set()
            yield case.finding("IND119", _main(block, line), severity="warning", label=f"“{line.labels[0]}”", what=line.labels[-1])
        offered, is_choice = _kinds_offered(case, table)
        if is_choice:
            own = {kind for other, kinds in there.items() if other.startswith(f"{table.id}.") for kind in kinds} | own
        lacking = [name for name in _kinds_lacking(offered, there[block.name]) if name in _kinds_lacking(offered, own)]
        if lacking:
            label = case.spec.repeat[table.repeat].label.format(n=block.number) if table.repeat else f"“{block.title}”"
            first = next(line for line in block.lines if line.filed is not None)
            yield case.finding("IND119", _main(block, first), label=label, what="、".join(lacking))


def _filed_tables(case: Case) -> Iterator[BlockPlan]:
    """The indicator tables that are not wholly blank."""
    for block in case.plan.blocks:
        if isinstance(block.block, IndicatorTable) and any(line.filed is not None for line in block.lines):
            yield block


def _kinds_there(block: BlockPlan) -> set[str]:
    names = [line.filed.names for line in block.lines if line.filed is not None]
    return {kind[0].id for row in names if (kind := category_of(row[:-1])) is not None}


def _kinds_left(case: Case, block: BlockPlan) -> set[str]:
    """What a placeholder under 效益 stands for: it has its own finding (CMP103)."""
    names = [line.filed.names for line in block.lines if line.filed is not None]
    if any("效益" in row[0] and any(case.pack.placeholder_in(name.strip()) for name in row) for row in names):
        return {kind.id for kind in categories() if kind.part != "output"}
    return set()


def _blank_rows(case: Case) -> Iterator[tuple[BlockPlan, Line, list[Slot], bool]]:
    """Money rows with blank required inputs; whether the whole row is blank."""
    for block, line in case.lines(MoneyTable):
        if block.name in case.blank_tables or line.source is None:
            continue
        wanted = [slot for slot in _values(line) if slot.required]
        blank = [slot for slot in wanted if not case.text(slot)]
        if blank:
            yield block, line, blank, len(blank) == len(wanted)


@rule("CMP105", "completeness")
def amount_is_there(case: Case) -> Iterator[Finding]:
    """一行里有的年份填了、有的没填,没填的要补(没有的填 0)。整列没有填的,只提示一次。

    错:财政拨款当年 998.71,前年、上年空白。
    """
    empty, told = _empty_columns(case), set[tuple[str, str]]()
    for block, _, blank, whole in _blank_rows(case):
        for slot in () if whole else blank:
            column = (block.name, slot.key)
            if column not in empty:
                yield case.finding("CMP105", slot, label=case.label(slot))
            elif column not in told:
                told.add(column)
                yield case.finding("CMP105", slot, label=f"{block.title}（{slot.label.rpartition('·')[2]}）整列")


def _empty_columns(case: Case) -> set[tuple[str, str]]:
    """The columns of amounts in which nothing at all is filled in."""
    found: dict[tuple[str, str], bool] = {}
    for block, line in case.lines(MoneyTable):
        for slot in _values(line):
            if slot.required:
                found[block.name, slot.key] = found.get((block.name, slot.key), True) and not case.text(slot)
    return {column for column, blank in found.items() if blank}


@rule("CMP106", "completeness")
def unused_row_says_zero(case: Case) -> Iterator[Finding]:
    """整行没有金额的,填 0 比空着清楚。"""
    for block, line, blank, whole in _blank_rows(case):
        if whole:
            label = case.say(block, line, blank[0]).partition("（")[0]
            yield case.finding("CMP106", blank[0], label=label)
