"""Has every number its unit, and is it the one that name and goal text count in?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from jixiao_xl.forms.indicators import indicator_named
from jixiao_xl.forms.spec import Fields, Narrative
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import IndicatorValue
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.nature import Nature, Story, best_operator, has, is_cost, nature_of
from jixiao_xl.rules.nature import words as direction_words
from jixiao_xl.rules.quantities import Quantity, core, likeness, quantities_of
from jixiao_xl.rules.quantities import words as measure_words
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, Stated, filled_rows

_UNIT_IN_NAME = re.compile(r"[(（][^()（）]{1,6}[)）]\s*\Z")
_DATE = re.compile(r"20\d\d\s*[.年/-]\s*\d")
_SHARE = re.compile("比例|比重|占比|率")


class _Units(Entry):
    """`knowledge/units.toml`; what each list is for is said there."""

    same: tuple[tuple[str, ...], ...]
    things: tuple[str, ...]
    not_percent: tuple[str, ...]
    pure: tuple[str, ...]
    like_percent: tuple[str, ...]
    person: tuple[str, ...]
    unitless: tuple[str, ...]
    visits: tuple[str, ...]


@cache
def units() -> _Units:
    """The word lists, loaded when first asked for."""
    return knowledge_of(_Units, "units")


@cache
def _measures() -> frozenset[str]:
    return frozenset((*measure_words().measures, *units().things, "天"))


def agree(left: str, right: str) -> bool:
    """Whether two units may count the same things: 人 and 名, 次/年 and 次."""
    a, b = left.split("/")[0].strip(), right.split("/")[0].strip()
    if a == b or a.removeprefix("万") == b.removeprefix("万"):
        return True
    return any(a in group and b in group for group in units().same)


def _plain(value: IndicatorValue) -> str:
    assert value.number is not None
    return show_amount(value.number)


# ---- what the cell and the name say ---------------------------------------------------
def name_story(row: IndicatorRow, nature: Nature, stated: Stated) -> Story | None:
    """A unit that is missing or that the name rules out."""
    value = stated.value
    if value.number is None or value.high is not None or row.known is None or _UNIT_IN_NAME.search(row.name):
        return None
    if row.known.kind == "rate":
        return _rate_story(row, nature, stated)
    if row.known.kind == "count" and not stated.is_prior:
        return _count_story(row, nature, value)
    return None


def _rate_story(row: IndicatorRow, nature: Nature, stated: Stated) -> Story | None:
    value, number = stated.value, _plain(stated.value)
    if indicator_named(row.name) is None and row.name.endswith(units().not_percent):
        return _no_percent_story(row, nature, stated)
    if value.unit:
        if value.unit in units().like_percent or value.unit not in _measures() or value.is_percent:
            return None
        if not nature.firm and (has(row.name, direction_words().unbounded) or not normalised(row.name).endswith("率")):
            return None
        grave: Severity = "warning" if nature.firm else "hint"
        return Story(grave, "改为百分数，如 ≥95%", f"名称是比率，单位却是“{value.unit}”")
    assert value.number is not None and row.known is not None
    if value.number == 0 and nature.better == "high" and "不适用" in row.known.check and not stated.is_prior:
        return None  # a zero that stands for 不适用: IND112 speaks of that
    if 0 < value.number <= 1:
        share = show_amount(value.number * 100)
        return Story("warning", f"写明是 {number}% 还是 {share}%", "缺百分号，看不出是百分之几")
    operator = "" if stated.is_prior else value.operator or best_operator(nature, value)
    expected = f"{operator}{number}%"
    if value.number == 0 and row.is_own and row.known.guessed:
        return Story("hint", f"改为 {expected}", "比率缺百分号", expected)  # none is none in any unit
    return Story("warning", f"改为 {expected}", "比率缺百分号", expected)


def _no_percent_story(row: IndicatorRow, nature: Nature, stated: Stated) -> Story | None:
    """增速 ≥8, 死亡率 ≤9: percent, per mille or per 100 000, but of something. 亿元GDP死亡率 0.02 has no unit."""
    value = stated.value
    if stated.is_prior or value.unit or value.number is None or value.number <= 1 or row.name.endswith(units().pure):
        return None
    operator = value.operator or best_operator(nature, value)
    return Story("warning", f"写明单位，如 {operator}{_plain(value)}%", "缺计量单位")


def _count_story(row: IndicatorRow, nature: Nature, value: IndicatorValue) -> Story | None:
    assert row.known is not None
    allowed, number = row.known.units, _plain(value)
    if value.is_percent:
        if is_cost(row) and row.known.guessed:
            return Story("warning", "写成金额，如 ≤600元/人；要考核比例的，把名称改成“…控制率”", "名称是成本，值却是百分数")
        if not allowed and not row.name.endswith(("数", "数量")):
            return None
        return _percent_story(row)
    if not value.unit:
        return None
    if not allowed or value.unit not in _measures() or any(agree(value.unit, unit) for unit in allowed):
        return _counter_story(row, value)
    if value.unit == "个" and not set(allowed) & set(units().person):
        return _counter_story(row, value)
    operator = value.operator or best_operator(nature, value)
    expected = f"{operator}{number}{allowed[0]}"
    if value.unit.endswith("人次") and has(row.name, units().visits):
        return None  # who comes twice to a museum is counted twice, and everybody knows
    if value.unit == "人次" and row.name.endswith("人数"):
        return Story("hint", f"改为 {expected}，或名称改为“{row.name.removesuffix('人数')}人次”", "名称是人数，单位却是“人次”")
    return Story("warning", f"改为 {expected}", f"按名称应以“{allowed[0]}”计，单位却是“{value.unit}”", expected)


def _percent_story(row: IndicatorRow) -> Story:
    description = row.text("description")
    why = "名称是数量，值却是百分数"
    if _SHARE.search(description):
        why += f"，描述又是“{description}”"
    assert row.known is not None
    sure = bool(row.known.units)
    unit = row.known.units[0] if sure else "（单位）"
    return Story("error" if sure else "warning", f"改为 ≥N{unit}；要考核比例的，把名称改成“…率”", why)


def _counter_story(row: IndicatorRow, value: IndicatorValue) -> Story | None:
    """开展活动个数 counted in 次, 检查次数 in 个: the name or the unit should give way."""
    allowed = row.known.units if row.known else ()
    if value.unit == "个" and allowed and "个" not in allowed:
        expected = f"{value.operator}{_plain(value)}{allowed[0]}"
        return Story("hint", f"改为 {expected}", f"按名称应以“{allowed[0]}”计，单位却是“个”", expected)
    stem = row.name.removesuffix("个数")
    if stem == row.name or value.unit not in _measures() or value.unit in ("个", *units().things):
        return None
    return Story("hint", f"名称改为“{stem}{value.unit}数”，或单位改用“个”", f"名称是“个数”，单位却是“{value.unit}”")


# ---- what the texts say -----------------------------------------------------------------
def _promises(case: Case) -> tuple[Quantity, ...]:
    """The counts in the goals and tasks of the filing."""
    return tuple(
        quantity
        for block in case.plan.blocks
        if isinstance(block.block, Narrative | Fields)
        for slot in block.slots
        if (slot.key == "text" or slot.content == "long_text") and case.text(slot)
        for quantity in quantities_of(case.text(slot))
        if quantity.is_count and quantity.comparable
    )


def text_story(row: IndicatorRow, nature: Nature, stated: Stated, promises: tuple[Quantity, ...]) -> Story | None:
    """The same number of the same things in another unit."""
    value = stated.value
    if stated.is_prior or value.number is None or value.unit not in _measures() or value.is_percent:
        return None
    name = core(row.name)
    same = [q for q in promises if q.number == value.number and any(likeness(name, other) for other in q.objects)]
    if not same or any(agree(q.unit, value.unit) for q in same):
        return None
    allowed = row.known.units if row.known else ()
    in_text = same[0].unit
    why = f"目标文字写的是“{same[0].written}”"
    fits_text, fits_cell = (any(agree(unit, other) for other in allowed) for unit in (in_text, value.unit))
    if fits_text and not fits_cell:
        expected = f"{value.operator or best_operator(nature, value)}{_plain(value)}{in_text}"
        return Story("warning", f"改为 {expected}", why, expected)
    if fits_cell:
        return Story("warning", f"把目标文字的“{same[0].written}”改为“{_plain(value)}{value.unit}”", why)
    grave: Severity = "hint" if "个" in (in_text, value.unit) else "warning"
    return Story(grave, f"两处用同一个单位（{value.unit}或{in_text}）", why)


# ---- missing units of counts --------------------------------------------------------------
def _counts_with_unit(rows: list[IndicatorRow]) -> set[str]:
    """The tables in which some count carries its unit."""
    return {
        row.block.name for row in rows if row.kind == "count" for s in row.values if s.value.number is not None and s.value.unit
    }


def _missing_story(row: IndicatorRow, nature: Nature, stated: Stated, others: set[str]) -> Story | None:
    value = stated.value
    if row.kind not in ("count", None) or stated.is_prior or value.number in (None, Decimal(0)) or value.unit:
        return None
    if row.kind is None and not _has_unit_beside(row):
        return None
    if _UNIT_IN_NAME.search(row.name) or row.name.endswith(units().unitless) or _DATE.match(value.text):
        return None
    beside = next((s.value.unit for s in row.values if s.value.unit and not s.value.is_percent), "")
    unit = beside or (row.known.units[0] if row.known and row.known.units else "")
    operator = value.operator or best_operator(nature, value)
    grave: Severity = "warning" if row.block.name in others else "hint"
    if not unit:
        return Story(grave, f"在 {operator}{_plain(value)} 后面写明单位", "缺计量单位")
    expected = f"{operator}{_plain(value)}{unit}"
    return Story(grave, f"改为 {expected}", "缺计量单位", expected if operator else None)


def _other_story(row: IndicatorRow, stated: Stated) -> Story | None:
    """Half-year in 米, year in 公里."""
    value, target = stated.value, row.target
    if stated.is_prior or stated.slot is row.main or value.number is None or target.number is None or value.number == 0:
        return None
    units_of = value.unit.split("/")[0], target.unit.split("/")[0]
    if not all(unit in _measures() for unit in units_of) or "%" in units_of or agree(*units_of):
        return None
    return Story("warning", f"换算成以“{target.unit}”计", f"与同一行的 {target.text} 单位不同")


def _has_unit_beside(row: IndicatorRow) -> bool:
    """Of a name that tells nothing, the other years must say that it is counted in something."""
    return any(s.value.unit in _measures() for s in row.values if s.value.number is not None)


@rule("IND109", "indicators")
def number_has_its_unit(case: Case) -> Iterator[Finding]:
    """数值要带计量单位,并与指标名称、目标文字的单位一致。

    为什么:缺百分号的 0 看不出是比率还是数量;人用“个”、案件用“次”,汇总时加不到一起。
    错:结转结余率 0;培训人数 ≥1000个;目标写“30个”,指标写 ≥30件。
    对:=0%;≥1000人;两处都写 30件。
    """
    rows = list(filled_rows(case))
    others, promises = _counts_with_unit(rows), _promises(case)
    for row in rows:
        nature = nature_of(row)
        for stated in row.values:
            story = text_story(row, nature, stated, promises)
            named = name_story(row, nature, stated)
            if named is not None and (story is None or named.severity == "error"):
                story = named
            story = story or _missing_story(row, nature, stated, others) or _other_story(row, stated)
            if story is not None:
                yield case.finding(
                    "IND109", stated.slot, severity=story.severity, suggested=story.suggested,
                    label=row.label(stated.slot), stated=stated.value.text, why=story.why, advice=story.expected,
                )  # fmt: skip
