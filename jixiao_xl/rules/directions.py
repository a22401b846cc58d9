"""Do operator and range of an indicator value fit the indicator?

One cell, one story: out of range (IND104), then ≥100 % (IND110), then the direction (IND105), then
the unit (IND109, `units.py`), then the missing operator (IND108).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import IndicatorValue
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.nature import (
    HUNDRED,
    Nature,
    Story,
    best_operator,
    has,
    ills,
    in_cost_section,
    is_cost,
    nature_of,
    with_operator,
    words,
)
from jixiao_xl.rules.quantities import words as measures
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, Stated, filled_rows
from jixiao_xl.rules.units import name_story

FAR = 200
"""Percent that nothing reaches whose name does not speak of growth, income or multiples."""
NEAR_CAP = Decimal(90)
"""Percent; a ≤ from here on caps something that ought to be reached."""
_DATE = re.compile(r"(?:年|月|日|号|季|旬|周|时|点|级|类|等|档|星|版|型|A|a|℃|度\Z)|.*[前后内底初末]|.+[起止间]")
"""Behind a number: a date, a time limit, a grade, all of which compare nothing."""
_ABOUT = re.compile("左右|上下|不等|[余多]")
_PER_MANY = ("‰", "/", "1/", "人/", "起/", "例/", "件/", "次/")
"""3‰, 9/10万, 1.5人/万车: a rate as well, only of more than a hundred."""
LONG_UNIT = 6
"""Characters; more than that behind a number is a sentence, no unit."""
_MIXED = re.compile(r"[≥>]=?\s*([0-9]+(?:\.[0-9]+)?)")
_PRICE = re.compile(r"(元)\s*/?\s*/\s*([\u4e00-\u9fff]{1,3})")


def _rows(case: Case) -> Iterator[tuple[IndicatorRow, Nature]]:
    return ((row, nature_of(row)) for row in filled_rows(case))


@cache
def _large() -> tuple[str, ...]:
    return (*words().unbounded, *words().manifold)


# ---- IND104 -------------------------------------------------------------------------
def range_story(name: str, nature: Nature, stated: Stated) -> Story | None:
    """A rate outside its range, or a satisfaction that nobody reaches."""
    value = stated.value
    number = value.number
    if number is None or not value.is_percent:
        return None
    if nature.kind in ("rate", None) and nature.high is None and number > FAR and not has(name, _large()):
        return Story("warning", "", f"百分数超过 {FAR}%，疑多写了一位")
    if nature.kind != "rate":
        return None
    over = nature.high is not None and (value.high or number) > nature.high
    under = nature.low is not None and number < nature.low
    if over or under:
        if not nature.firm and stated.is_prior:
            return None
        certain = nature.firm and (nature.better == "high" or (nature.stated and not stated.is_prior))
        why = "超出该比率的取值区间" if nature.firm else "超出这类比率通常的区间"
        return Story("error" if certain else "warning", "", f"{why} {nature.between()}")
    if nature.opinion and number == HUNDRED and not stated.is_prior and value.operator in ("", "="):
        return Story("hint", "", "满意度要所有人都满意才有 100%，一般达不到")
    return None


@rule("IND104", "indicators")
def rate_is_within_its_range(case: Case) -> Iterator[Finding]:
    """比率不能超出它的取值区间;满意度一般达不到 100%。

    为什么:分子是分母的一部分,比出来不会超过 100%;控制率超过 100% 就是超支、超编,不能定为目标。
    错:在职人员控制率 200%,上年预算执行率 137.43%。对:≤100%,98%。
    可能超过 100% 的(增长率、非税收入完成率、毛入学率)不查。
    """
    for row, nature in _rows(case):
        for stated in row.values:
            story = range_story(row.name, nature, stated)
            if story is None:
                continue
            formula = row.known.formula if row.known else ""
            advice = "改为能够达到的目标，如 ≥95%。"
            if story.severity != "hint":
                said = f"（{formula}）" if formula else ""
                unless = "；确实如此的写情况说明" if story.severity == "warning" else ""
                advice = f"核对分子分母{said}后改正{unless}。"
            yield case.finding(
                "IND104", stated.slot, severity=story.severity, label=row.label(stated.slot), stated=stated.value.text,
                why=story.why, advice=advice,
            )  # fmt: skip


# ---- IND110 -------------------------------------------------------------------------
def cap_story(row: IndicatorRow, nature: Nature, stated: Stated) -> Story | None:
    """≥100% of what cannot be more than all."""
    value = stated.value
    if stated.is_prior or value.operator not in ("≥", ">") or value.number != HUNDRED or not value.is_percent:
        return None
    if nature.better == "low":
        return None
    if nature.capped and nature.firm:
        severity: Severity = "error"
    elif nature.capped or (nature.kind is None and not has(row.name, (*words().unbounded, *words().lower))):
        severity = "warning"
    else:
        return None
    why = "该比率最多 100%，不会更多" if severity == "error" else "该比率一般不超过 100%"
    if nature.opinion:
        return Story(severity, "能达到的目标，如 ≥95%", why)
    if nature.kind == "count":
        return Story(severity, "=100%", why)  # IND109 may want a number instead
    if severity == "warning":
        return Story(severity, "=100%；确实可以超过的写出要达到的数", why)
    return Story(severity, "=100%", why, "=100%")


@rule("IND110", "indicators")
def capped_rate_is_not_at_least_all(case: Case) -> Iterator[Finding]:
    """最多 100% 的比率不能写“≥100%”。

    为什么:没有比全部更多的。写“≥100%”的,评价时分不清要做到多少。
    错:岗位配置率 ≥100%。对:=100%。增长率、非税收入完成率等可以超过 100% 的不查。
    """
    for row, nature in _rows(case):
        for stated in row.targets:
            story = cap_story(row, nature, stated)
            if story is not None:
                yield case.finding(
                    "IND110", stated.slot, severity=story.severity, suggested=story.suggested,
                    label=row.label(stated.slot), stated=stated.value.text, why=story.why, expected=story.expected,
                )  # fmt: skip


# ---- IND105 -------------------------------------------------------------------------
def direction_story(row: IndicatorRow, nature: Nature, stated: Stated) -> Story | None:
    """The comparison points away from what is better."""
    if stated.is_prior:
        return None
    if is_cost(row) and nature.kind != "rate":
        return _cost_story(row, stated)
    value = stated.value
    if value.number is None or value.high is not None or not value.operator:
        return None
    if _is_slow(row, nature, stated):
        expected = with_operator(value, "≤")
        return Story("warning", expected, "越快越好", expected)
    if value.operator in ("≥", ">") and not nature.stated and row.name.endswith(words().happened):
        expected = with_operator(value, "≤" if value.number else "=")
        return Story("warning", expected, "越少越好", expected)
    if nature.kind == "rate" and (value.is_percent or value.unit.startswith(_PER_MANY)):
        return _low_rate_story(nature, stated) if nature.better == "low" else _high_rate_story(row, nature, stated)
    if nature.kind == "count" and value.operator in ("≤", "<"):
        expected = with_operator(value, "≥")
        if nature.better == "high" and nature.stated:
            return Story("warning", expected, "越多越好", expected)
        if not nature.stated and _is_output(row, value):
            return Story("hint", f"{expected}；确要控制在这个数以内的可不改", "一般越多越好")
    return None


def _is_slow(row: IndicatorRow, nature: Nature, stated: Stated) -> bool:
    """At least sixty days to settle a case; a warranty or a notice period may well be at least."""
    value, known = stated.value, words()
    if nature.stated or value.operator not in ("≥", ">") or value.unit not in measures().time:
        return False
    return row.name.endswith(known.swift) and ("平均" in row.name or not has(row.name, known.lasting))


def _is_output(row: IndicatorRow, value: IndicatorValue) -> bool:
    """Something done and counted, by its name: 新增学位数, 培训教师人次; neither money nor time, nor an ill."""
    if "元" in value.unit or value.unit in measures().time or value.is_percent or has(row.name, ills()):
        return False
    return row.name.startswith(words().done) or row.name.endswith(words().done_last)


def _low_rate_story(nature: Nature, stated: Stated) -> Story | None:
    value, why = stated.value, "越低越好"
    expected = with_operator(value, "≤")
    if value.operator in ("≥", ">"):
        return Story("error" if nature.stated else "warning", expected, why, expected)
    if value.operator != "=":
        return None
    if value.number != nature.low:
        return Story("warning", expected, why, expected)
    if nature.stated and "≤" in nature.standard:
        return Story("hint", "≤N%（N 为允许的上限）；确能做到零的可不改", why)
    return None


def _high_rate_story(row: IndicatorRow, nature: Nature, stated: Stated) -> Story | None:
    value = stated.value
    if nature.better != "high" or value.operator not in ("≤", "<") or in_cost_section(row):
        return None
    assert value.number is not None
    if not nature.firm and value.number < NEAR_CAP:
        return None
    expected = with_operator(value, best_operator(nature, value) or "≥")
    # 个贷率, 羁押率: of a rate nobody knows the unit may well want less
    return Story("error" if nature.firm else "hint", expected, "越高越好", expected if nature.firm else None)


def _cost_story(row: IndicatorRow, stated: Stated) -> Story | None:
    """What something costs is to stay below a sum, not above it."""
    value, cost = stated.value, words().cost
    mixed = _MIXED.match(value.text) if value.is_mixed else None
    if mixed is None and (value.operator not in ("≥", ">") or "元" not in value.unit):
        return None
    if mixed is not None and "元" not in value.text:
        return None
    if mixed is not None:
        price = _PRICE.search(value.text)
        limit = f"{mixed[1]}{'/'.join(price.groups()) if price else '元'}"
        expected, suggested = f"≤{limit} 或 ={limit}，只写数和单位", None
    else:
        expected = suggested = with_operator(value, "≤")
    if not in_cost_section(row):
        return Story("warning", expected, "成本越低越好", suggested)
    if has(row.name, cost.granted):
        return None
    if row.name.endswith(cost.standard):
        return Story("warning", expected, "成本标准是上限或定数", suggested)
    return Story("error", expected, "成本越低越好", suggested)


@rule("IND105", "indicators")
def operator_follows_the_direction(case: Case) -> Iterator[Finding]:
    """比较符要与指标方向一致:越低越好的写 ≤,越高越好的写 ≥(最多 100% 的写 =100%)。

    为什么:方向写反,做得越差得分越高。
    错:资金使用率 ≤100%;在职人员控制率 =100%;人均体检费 ≥200元/人。
    对:=100%;≤100%;≤200元/人。结转结余率、预算调整率写 =0% 只作提示。
    """
    for row, nature in _rows(case):
        for stated in row.targets:
            if range_story(row.name, nature, stated) or cap_story(row, nature, stated):
                continue
            story = direction_story(row, nature, stated)
            if story is not None:
                yield case.finding(
                    "IND105", stated.slot, severity=story.severity, suggested=story.suggested,
                    label=row.label(stated.slot), stated=stated.value.text, direction=story.why, expected=story.expected,
                )  # fmt: skip


# ---- IND108 -------------------------------------------------------------------------
def _is_output_count(row: IndicatorRow, value: IndicatorValue) -> bool:
    """Things done under 数量指标: the more the better, unless they are ills or the very number that there is."""
    counted = any("数量" in level for level in row.names[:-1]) and not value.is_percent and value.number != 0
    return counted and not has(row.name, (*words().unwanted, *words().exact))


def _bare_story(row: IndicatorRow, nature: Nature, stated: Stated) -> Story | None:
    """A number that compares with nothing."""
    value = stated.value
    if value.number is None or value.operator or value.high is not None or nature.kind == "grade":
        return None
    if not value.unit or _DATE.match(value.unit) or (value.number == 0 and nature.kind != "rate"):
        return None
    if nature.kind == "rate" and value.number == 0 and nature.better == "high":
        return None  # a target of nothing: IND204 speaks of that
    operator, bare = best_operator(nature, value), value.text
    if _ABOUT.search(value.unit) or len(value.unit) > LONG_UNIT:
        return Story("hint", "比较符加一个确定的数，如 ≥100人")
    if nature.kind != "rate" and not value.is_percent and row.name.endswith(words().cost.standard):
        return Story("hint", f"={bare} 或 ≤{bare}")
    if nature.kind != "rate" and not value.is_percent and is_cost(row):
        return Story("hint", f"≤{bare}", suggested=f"≤{bare}")
    if nature.better == "high" and not nature.firm and nature.kind == "rate" and value.number < HUNDRED / 2:
        operator = ""
    if not operator and _is_output_count(row, value):
        operator = "≥"
    if not operator and value.number == 0:
        operator = "="
    if not operator:
        return Story("hint", f"≥{bare}、≤{bare} 或 ={bare}")
    expected = with_operator(value, operator)
    matters = nature.kind == "rate" and (operator == "≤" or (operator == "≥" and nature.firm and value.number != HUNDRED))
    return Story("warning" if matters else "hint", expected, suggested=expected)


@rule("IND108", "indicators")
def number_has_its_operator(case: Case) -> Iterator[Finding]:
    """定量指标的目标值要带比较符(≥、≤、=、>、<)。

    为什么:没有比较符,评价时不知道达到、超过还是不足才算完成。
    错:公用经费控制率 100%;预算执行率 98%。对:≤100%;≥98%。
    等级词、不适用、日期(6月底前)、区间(5-10个)不查;近两年填的是实际值,也不查。
    """
    for row, nature in _rows(case):
        for stated in row.targets:
            story = _bare_story(row, nature, stated)
            if story is None or range_story(row.name, nature, stated) or name_story(row, nature, stated):
                continue
            yield case.finding(
                "IND108", stated.slot, severity=story.severity, suggested=story.suggested,
                label=row.label(stated.slot), stated=stated.value.text, expected=story.expected,
            )  # fmt: skip
