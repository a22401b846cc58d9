"""Do the grade indicators (定性指标) hold grade words, and only they?"""

from __future__ import annotations

from collections.abc import Iterator

from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.grade_words import is_passed, names_an_amount, names_that, only_says_done, parts_of, read_grade, says_a_grade
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, Stated, indicator_rows
from jixiao_xl.rules.values import Wanted, asks, known_of, shown, states_a_number, wanted, worded

DEFAULT_GRADES = ("显著", "较显著", "一般", "不显著")
IDIOM = 6
"""Characters of a set phrase (专款专用, 账实相符): no grade word, but no sentence either."""
LONG = 8
"""Characters from which a text in a row of one's own is surely more than a grade word."""


def _grades(row: IndicatorRow) -> tuple[str, ...]:
    known = known_of(row)
    return known.grades if known else ()


def _choices(row: IndicatorRow) -> str:
    return "、".join(_grades(row) or DEFAULT_GRADES)


@rule("IND103", "indicators")
def grade_is_a_grade_word(case: Case) -> Iterator[Finding]:
    """定性指标(健全性、规范性、成效等)填等级词,等级词要属于这个指标的等级阶梯。

    为什么:百分数、整句话分不出等级,自评时无法判定达成了几成。
    错:资产管理规范性填“100%”或一整句评价要点。对:规范、较规范、基本规范。
    错:信息化建设情况填“完全合规”。对:完善。
    """
    for row in indicator_rows(case):
        want = wanted(row)
        if asks(row.name):
            yield from _answers(row)
        elif want.kind == "grade":
            yield from _numbers(row, want)
            yield from _words(row, want)
        elif (want.kind == "rate" and not want.literal and want.certainty != "level") or (
            want.kind is None and row.name.endswith(names_that("conforming"))
        ):
            yield from _passes(row)


def _found(row: IndicatorRow, stated: Stated, severity: Severity, why: str, advice: str) -> Finding:
    return row.case.finding(
        "IND103", stated.slot, severity=severity,
        label=row.label(stated.slot), stated=shown(stated.value.text), why=why, advice=advice,
    )  # fmt: skip


def _answers(row: IndicatorRow) -> Iterator[Finding]:
    """项目对环境有无负面影响: 无."""
    for stated in row.values:
        if normalised(stated.value.text) in names_that("answers"):
            why, advice = "名称是问句，分不清是没有还是不适用", "改成能计数的指标，如“……事件数”填“=0件”；没有这项业务的填“不适用”。"
            yield _found(row, stated, "hint", why, advice)


def _numbers(row: IndicatorRow, want: Wanted) -> Iterator[Finding]:
    for stated in row.values:
        if stated.value.number is None:
            continue
        severity = _number_severity(row, want, stated)
        if severity is not None:
            what = "百分数" if stated.value.is_percent else "数字"
            yield _found(row, stated, severity, f"是定性指标，不填{what}", f"改为等级词：{_choices(row)}。")


def _number_severity(row: IndicatorRow, want: Wanted, stated: Stated) -> Severity | None:
    """None where a number measures something after all."""
    known = known_of(row)
    if known is None or not known.measurable or row.name.endswith(names_that("countable")) or names_an_amount(row.name):
        return None
    if not stated.value.is_percent:
        return "warning" if want.certainty == "printed" else None
    if want.certainty == "printed":
        return "error"
    if want.certainty == "known" or row.name.endswith(names_that("uncountable")):
        return "warning"
    return "hint"


def _words(row: IndicatorRow, want: Wanted) -> Iterator[Finding]:
    firm = want.certainty in ("printed", "known")
    for stated, text in worded(row):
        reading = read_grade(text, row.name, _grades(row))
        if reading in ("grade", "bare change"):
            continue
        mild = reading == "general" or is_passed(text) or (reading == "sentence" and len(text) <= IDIOM)
        severity: Severity = "warning" if firm and not mild else "hint"
        if not firm and (reading == "general" or len(text) < LONG or states_a_number(text)):
            continue
        why = {
            "sentence": "是一句话，不是等级词" if len(text) > IDIOM else "不是等级词",
            "other": "不是这个指标的等级词",
            "general": "没有说出等级" if only_says_done(text, row.name) else "不在这个指标的等级词里",
        }[reading]
        yield _found(row, stated, severity, why, f"改为等级词：{_choices(row)}。")


def _passes(row: IndicatorRow) -> Iterator[Finding]:
    """被发放对象符合要求: 合格. Counting those that pass makes a rate."""
    known = known_of(row)
    better = known.better_name if known else ""
    for stated, text in worded(row):
        if is_passed(text):
            why = "只分合格、不合格，看不出有多少合格"
            yield _found(row, stated, "warning" if better else "hint", why, f"指标改为“{better or '合格率'}”，填“=100%”。")


@rule("IND116", "indicators")
def measure_fits_the_name(case: Case) -> Iterator[Finding]:
    """名称衡量什么,值就用什么说:影响、程度、作用不能配百分数;收入、损失的增减要有数;只写“改善”等于没说。

    为什么:“影响力≥98%”没有分子分母,年底无法核实;“效果显著”的增收说不出增了多少。
    错:增强影响力填“≥98%”。对:显著,或换成“宣传报道篇数≥20篇”。
    错:农民收入增加填“效果显著”。对:≥5%。错:改善生活水平填“改善”。对:显著改善。
    """
    for row in indicator_rows(case):
        want = wanted(row)
        if want.kind == "rate" or (want.kind == "count" and want.certainty != "level"):
            continue
        percents = [(stated, _not_countable(row)) for stated in row.values if stated.value.is_percent]
        texts = [(stated, _says_too_little(row, want, stated, text)) for stated, text in worded(row)]
        for stated, fault in percents + texts:
            if fault is not None:
                severity, why, advice = fault
                yield case.finding(
                    "IND116", stated.slot, severity=severity,
                    label=row.label(stated.slot), stated=shown(stated.value.text), why=why, advice=advice,
                )  # fmt: skip


Fault = tuple[Severity | None, str, str]
"""Severity (the pack's when None), why, and what to write instead."""


def _not_countable(row: IndicatorRow) -> Fault | None:
    """A percentage of something that has no numerator: 影响力 ≥98%."""
    known = known_of(row)
    if known is None or known.measurable or known.kind != "grade" or row.name.endswith(names_that("countable")):
        return None
    surveyed = row.name.endswith(names_that("surveyed"))
    if surveyed and _has_survey(row):
        return None
    advice = f"改填等级词（{_choices(row)}），或换成能统计的指标。"
    return ("hint" if surveyed else None), "这个名称没有分子分母，不能用百分数衡量", advice


def _says_too_little(row: IndicatorRow, want: Wanted, stated: Stated, text: str) -> Fault | None:
    """Words where a number belongs, or words without any degree."""
    reading = read_grade(text, row.name, _grades(row))
    if names_an_amount(row.name) and reading in ("grade", "bare change", "general"):
        return "hint", "名称说的是能计量的增减，只有等级没有数值", "写出增减的金额、数量或比率，如“≥5%”。"
    if not stated.is_prior and _only_repeats(row.name, text):
        return "hint", "只重复了名称里的词，没有说到什么程度", f"写出程度（{_choices(row)}），或换成能统计的指标。"
    if want.kind is None and not stated.is_prior and _only_answers(row.name, text):
        return "hint", "只答了是或有，没有说到什么程度", f"填数值，或填等级词（{'、'.join(DEFAULT_GRADES)}）。"
    if want.kind is None and not stated.is_prior and _says_neither(row, text):
        return "hint", "既没有数值，也没有等级", f"填数值，或填等级词（{'、'.join(DEFAULT_GRADES)}）。"
    return None


def _only_answers(name: str, text: str) -> bool:
    """是, 有 to a name that asks nothing; 无, 没有 may be all that is wanted of something bad."""
    return normalised(text) in names_that("answers") and not text.startswith(("无", "没有")) and not asks(name)


def _has_survey(row: IndicatorRow) -> bool:
    return any(word in row.text(column.id) for column in row.table.columns for word in names_that("survey"))


def _only_repeats(name: str, text: str) -> bool:
    """改善困难职工生活水平: 改善."""
    return read_grade(text, "", ()) == "bare change" and all(part in name for part in parts_of(text, "") or ())


def _says_neither(row: IndicatorRow, text: str) -> bool:
    """A text under 效益 without any number or grade in it."""
    above = "".join(row.names[:-1])
    return (
        any(word in above for word in names_that("benefit"))
        and len(text) >= LONG
        and not states_a_number(text)
        and not any(char.isdigit() for char in text)
        and not says_a_grade(text)
    )
