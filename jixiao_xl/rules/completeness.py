"""Is everything there that has to be, and nothing left of the template's own placeholders?"""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, Fields, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.names import is_cut_form_of, normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.registry import rule

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


@rule("CMP103", "completeness")
def placeholder_is_replaced(case: Case) -> Iterator[Finding]:
    """表样里的占位(……、_____指标、核心业务产出1)要换成具体内容。

    错:二级指标写“核心业务产出1”。对:写“法律援助”。
    """
    for block, line in case.lines(IndicatorTable):
        if line.filed is None:
            continue
        for name in line.filed.names:
            placeholder = case.pack.placeholder_in(name.strip())
            if placeholder is not None:
                yield case.finding("CMP103", _main(block, line), severity=placeholder.severity, stated=name)
                break


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
    """一行里有的年份填了、有的没填,没填的要补(没有的填 0)。

    错:财政拨款当年 998.71,前年、上年空白。
    """
    for _, _, blank, whole in _blank_rows(case):
        if not whole:
            for slot in blank:
                yield case.finding("CMP105", slot, label=case.label(slot))


@rule("CMP106", "completeness")
def unused_row_says_zero(case: Case) -> Iterator[Finding]:
    """整行没有金额的,填 0 比空着清楚。"""
    for block, line, blank, whole in _blank_rows(case):
        if whole:
            label = case.say(block, line, blank[0]).partition("（")[0]
            yield case.finding("CMP106", blank[0], label=label)
