"""Does each indicator value say what its kind demands?

What a row demands is known with different certainty: the form prints it, the dictionary knows the
name, the level above says it (数量指标, 满意度), or only the ending of the name tells. The less
certain, the softer the finding. A bare number in a rate row is a missing unit, see `units`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

from jixiao_xl.forms.indicators import Indicator, IndicatorKind, indicator_like, whole_name
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.spec import Fields
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import IndicatorValue, without_operator
from jixiao_xl.model.names import normalised
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.grade_words import is_satisfied, names_that, read_grade
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.nature import has, words
from jixiao_xl.rules.quantities import words as measure_words
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, Stated, indicator_rows, once_a_row
from jixiao_xl.rules.units import agree

Certainty = Literal["printed", "known", "level", "guessed"]
INAPPLICABLE = "不适用"
SHOWN = 24
"""Characters of a sentence that a message repeats."""
_REFERENCE = re.compile(
    r"[〔\[【(（]\s*\d{4}\s*[〕\]】)）]\s*第?\d*号?|\d{4}\s*年度?|第?\d+号|[（(]?[一二三四五六七八九十\d]+[)）]|[①-⑳]"
    r"|(?:^|(?<=[;；。,，\s]))\d+[.、．](?!\d(?!\d{3}年))",
    re.M,
)
"""Numbers that count nothing: of documents, years, headings."""
_UNIT_IN_NAME = re.compile(r"[(（][^()（）]{1,6}[)）]\s*\Z")
"""培训人数（人）: the unit need not be said again."""
_PERCENTAGE = re.compile(r"\d|百分|分之|[一二三四五六七八九两]成")
_LEVELS = ("满意", "数量", "成本")


class _Said(Entry):
    value: str
    words: tuple[str, ...]
    names: tuple[str, ...] = ()


class _Declines(Entry):
    begins: tuple[str, ...]
    ends: tuple[str, ...]


class _Values(Entry):
    """`knowledge/values.toml`; what each list is for is said there."""

    nothing: tuple[str, ...]
    harm: tuple[str, ...]
    rate_endings: tuple[str, ...]
    money: tuple[str, ...]
    no_money: tuple[str, ...]
    bounded: tuple[str, ...]
    limits: tuple[str, ...]
    trend: tuple[str, ...]
    regular: tuple[str, ...]
    measures: tuple[str, ...]
    rate: tuple[_Said, ...]
    declines: _Declines


@cache
def _given() -> _Values:
    return knowledge_of(_Values, "values")


# ---- what a row demands ------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Wanted:
    """What a row's values have to be, and how sure that is."""

    kind: IndicatorKind | None
    certainty: Certainty
    literal: bool
    """The name itself says that it is a rate (…率, …占比, 满意度)."""
    level: str = ""
    """What the levels above say: 满意, 数量, 成本."""


@lru_cache(maxsize=8192)
def _is_literal_rate(name: str) -> bool:
    plain = normalised(name).removesuffix("(%)").removesuffix("%")
    return plain.endswith(_given().rate_endings) and not plain.endswith(names_that("countable"))


def _level(row: IndicatorRow) -> str:
    above = "".join(row.names[:-1])
    found = next((word for word in _LEVELS if word in above), "")
    return "" if found == "成本" and has(above, _given().no_money) else found


@once_a_row
def known_of(row: IndicatorRow) -> Indicator | None:
    """What is known of the indicator, also where its name was cut off."""
    return row.known or indicator_like(whole_name(row.name) or row.name)


@once_a_row
def wanted(row: IndicatorRow) -> Wanted:
    """The kind of value the row demands."""
    literal, known, level = _is_literal_rate(whole_name(row.name) or row.name), known_of(row), _level(row)
    if not row.is_own and row.source.value != "any":
        return Wanted(row.kind, "printed", literal, level)
    if known is not None and not known.guessed:
        return Wanted(known.kind, "known", literal, level)
    money = known is not None and known.kind == "count" and row.name.endswith(_given().money)
    effect = money and has(row.name, _given().no_money)
    if known is not None and not effect and not (money and level != "成本"):
        return Wanted(known.kind, "guessed", literal, level)
    if level == "满意":
        return Wanted("rate", "level", literal, level)
    if effect or has(row.name, _given().no_money):
        return Wanted(None, "level", literal, level)
    return Wanted("count" if level and known is None else None, "level", literal, level)


# ---- what a cell says --------------------------------------------------------------------------
def shown(text: str) -> str:
    """The text as a message repeats it."""
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


@cache
def _nothing() -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFKC", word) for word in _given().nothing)


@lru_cache(maxsize=8192)
def says_nothing(text: str) -> bool:
    """无, /, —: neither a value nor 不适用."""
    return unicodedata.normalize("NFKC", text).strip().upper() in _nothing()


@lru_cache(maxsize=8192)
def _declines(text: str) -> bool:
    """本单位无非税收入: inapplicable in the unit's own words."""
    given = _given().declines
    return text.startswith(given.begins) or (text.startswith("无") and len(text) > 1 and text.endswith(given.ends))


@cache
def _counted() -> re.Pattern[str]:
    """A digit, Chinese numerals before a measure word, or how often (每月)."""
    measures = "|".join(sorted(map(re.escape, _given().measures), key=len, reverse=True))
    return re.compile(rf"\d|[零一二三四五六七八九十百千万两半双]+(?:{measures})|{'|'.join(_given().regular)}|百分")


@lru_cache(maxsize=8192)
def states_a_number(text: str) -> bool:
    """Whether a text says how much, years and numbers of documents aside."""
    return bool(_counted().search(unicodedata.normalize("NFKC", _REFERENCE.sub("", text))))


def worded(row: IndicatorRow) -> Iterator[tuple[Stated, str]]:
    """The values that are words: not numbers, not blank, not 无 or 不适用, not another column's."""
    for stated in row.values:
        text, value = stated.value.text, stated.value
        if value.number is not None or value.is_mixed or not text or text.startswith(INAPPLICABLE):
            continue
        if not says_nothing(text) and not _of_other_columns(row, text):
            yield stated, text


def _of_other_columns(row: IndicatorRow, text: str) -> bool:
    """A word of another column's list (计划标准) is in the wrong cell; another rule says that."""
    choices = (row.case.spec.choices.get(column.choices or "") for column in row.table.columns)
    return any(text in c.items or text in c.aliases for c in choices if c)


@lru_cache(maxsize=8192)
def asks(name: str) -> bool:
    """Whether the name is a question: 有无, 是否."""
    return has(name, names_that("question"))


@lru_cache(maxsize=8192)
def _is_harm(name: str) -> bool:
    """Whether none is the natural target: 安全事故, 投诉."""
    return has(name, (*words().unwanted, *_given().harm))


def _example(row: IndicatorRow, want: Wanted) -> str:
    known = known_of(row)
    if known is None or known.kind != want.kind:
        return "≥95%" if want.kind == "rate" else "≤600元/人" if want.level == "成本" else "≥N（写明单位）"
    if want.kind == "rate":
        return known.standard if "%" in known.standard else "≥95%"
    if known.units:
        return f"{'≤' if known.better == 'low' or _is_harm(row.name) else '≥'}N{known.units[0]}"
    return "≤600元/人" if want.level == "成本" else "≥N（写明单位）"


# ---- rates -------------------------------------------------------------------------------------
@lru_cache(maxsize=4096)
def _rate_said(name: str, text: str) -> str:
    """The percentage that a word stands for: 全覆盖 is =100%."""
    plain = normalised(text)
    return next((said.value for said in _given().rate if plain in said.words and (not said.names or has(name, said.names))), "")


@lru_cache(maxsize=4096)
def compares(text: str) -> bool:
    """Whether words at least set the value against last year's or other places': 逐年下降, 全省前列."""
    return has(text, _given().trend)


@rule("IND107", "indicators")
def rate_is_a_percentage(case: Case) -> Iterator[Finding]:
    """比率型指标(…率、满意度、占比)的值必须是数字加百分号。

    为什么:文字不能比较、不能算得分,也看不出目标是多少。
    错:评价结果应用率填“按规定应用”。对:=100%。错:服务对象满意度填“满意”。对:≥95%。
    """
    for row in indicator_rows(case):
        want = wanted(row)
        if want.kind != "rate":
            continue
        for stated, text in worded(row):
            said, severity = _rate_said(row.name, text), _rate_severity(row, want, text)
            if severity is None or _declines(text) or (not said and _PERCENTAGE.search(_REFERENCE.sub("", text))):
                continue
            reached = said.removeprefix("=") if said.startswith("=") else ""
            suggested = reached if stated.is_prior else said
            yield case.finding(
                "IND107", stated.slot, severity="warning" if said else severity, suggested=suggested or None,
                label=row.label(stated.slot), stated=shown(text), example=suggested or _example(row, want),
            )  # fmt: skip


def _rate_severity(row: IndicatorRow, want: Wanted, text: str) -> Severity | None:
    """None where a text may stand: 工程进度, or 零投诉 under 满意度."""
    if want.certainty == "level":
        return None if _is_harm(row.name) else "warning" if "满意" in f"{row.name}{text}" else "hint"
    if want.literal or want.certainty == "printed":
        if is_satisfied(text) and "满意" in row.name:
            return "warning"
        return "warning" if row.is_own and compares(text) else "error"
    return None


# ---- counts ------------------------------------------------------------------------------------
@rule("IND106", "indicators")
def count_is_a_number(case: Case) -> Iterator[Finding]:
    """数量、成本指标必须写数字;分项绩效目标的“绩效指标”里至少要有一个数。

    为什么:没有数,年底无法说完成了多少。
    错:救助人数填“在档困难群众”。对:≥120人。错:补助标准填“按文件执行”。对:≤600元/人。
    """
    for row in indicator_rows(case):
        want = wanted(row)
        if want.kind != "count":
            continue
        what = "成本指标" if want.level == "成本" else "数量指标"
        for stated, text in worded(row):
            if not states_a_number(text) and not _declines(text):
                yield case.finding(
                    "IND106", stated.slot, severity=_count_severity(row, want, text),
                    label=row.label(stated.slot), stated=shown(text), what=what, example=_example(row, want),
                )  # fmt: skip
    for slot in _indicator_texts(case):
        text = case.text(slot)
        if text and not says_nothing(text) and not text.startswith(INAPPLICABLE) and not states_a_number(text):
            yield case.finding("IND106", slot, label=case.label(slot), stated=shown(text), what="绩效指标", example="培训≥50人次")


def _count_severity(row: IndicatorRow, want: Wanted, text: str) -> Severity:
    """Softer where the words at least set a limit (不超预算), or only the level asks for a number."""
    if want.level == "成本" and (read_grade(text, row.name, ()) == "grade" or has(text, _given().limits)):
        return "hint"
    bounded = has(text, _given().bounded) or _REFERENCE.search(text) is not None
    guessed = want.level != "数量" and (want.certainty == "level" or (want.certainty == "guessed" and not want.level))
    if compares(text):
        return "hint" if guessed else "warning"
    return "warning" if bounded or guessed else "error"


def _indicator_texts(case: Case) -> Iterator[Slot]:
    """Fields of running text that hold indicators (河北:分项绩效目标的“绩效指标”)."""
    for _, line in case.lines(Fields):
        yield from (slot for slot in line.slots if slot.content == "long_text" and "绩效指标" in slot.label)


# ---- earlier years -----------------------------------------------------------------------------
@rule("IND111", "indicators")
def prior_value_is_what_was_reached(case: Case) -> Iterator[Finding]:
    """近两年(前年、上年)的指标值填实际完成数:不带比较符,单位与目标相同。

    为什么:“≥95%”是目标,不是结果;没有单位的数不能与目标比较。
    错:上年填“≥95%”。对:96.2%。错:目标“≥10件”,上年填“10”。对:10件。
    """
    for row in indicator_rows(case):
        counted = row.target.number is not None and wanted(row).kind != "rate" and not _UNIT_IN_NAME.search(row.name)
        unit = row.target.unit if counted else ""
        for stated in row.priors:
            value = stated.value
            if value.number is None:
                continue
            why, severity = _prior_fault(row, value, unit)
            if why:
                expected = _reached(value, unit)
                yield case.finding(
                    "IND111", stated.slot, severity=severity, suggested=expected, label=row.label(stated.slot),
                    stated=value.text, why=why, expected=expected or (f"以“{unit}”为单位的数" if unit else "一个数"),
                )  # fmt: skip


def _reached(value: IndicatorValue, unit: str) -> str | None:
    """The value without its operator and with the target's unit; None where neither mends it."""
    if value.high is not None:
        return None
    bare = without_operator(value)
    found = bare if value.unit or unit == "%" else f"{bare}{unit}"
    return None if found == value.text else found


@cache
def _units() -> frozenset[str]:
    """What a number can be of; 月底前 is none."""
    return frozenset((*measure_words().measures, *measure_words().time, *_given().measures, "%"))


def _prior_fault(row: IndicatorRow, value: IndicatorValue, unit: str) -> tuple[str, Severity | None]:
    """Why the value is no actual value, and how grave that is; blank when it is one."""
    if value.operator:
        mild = value.operator == "=" or value.text.startswith("达到")
        return "带比较符，是目标的写法", "hint" if mild else None
    if value.high is not None:
        return "是一个区间，不是实际完成数", "hint"
    if unit.split("/")[0] not in _units():
        return "", None
    if not value.unit and value.number != 0:
        return f"没有单位，目标的单位是“{unit}”", "hint" if unit == "%" else None
    allowed = row.known.units if row.known else ()
    if value.unit.split("/")[0] in _units() and not any(agree(value.unit, other) for other in (unit, *allowed)):
        return f"与目标的单位“{unit}”不同", None
    return "", None


# ---- not applicable ----------------------------------------------------------------------------
@rule("IND112", "indicators")
def inapplicable_is_said(case: Case) -> Iterator[Finding]:
    """没有这项业务的指标填“不适用”,并在情况说明里写理由;不填“无”“/”“—”。

    为什么:“无”分不清是没有这项业务、结果是零,还是没有填。
    错:非税收入预算完成率填“无”。对:不适用(情况说明:本单位没有非税收入)。名称说的是坏事的,“无”就是零:重大安全事故填“无”可以。
    目标填 0 的另查(IND204)。
    """
    for row in indicator_rows(case):
        if asks(row.name):
            continue
        own_words = wanted(row).kind in ("rate", "count") and not _is_harm(row.name)
        for stated in row.values:
            severity, text = _absence(row, stated), stated.value.text
            if severity is not None:
                why = "分不清是没有、是零还是不适用"
                yield case.finding("IND112", stated.slot, severity=severity, label=row.label(stated.slot), stated=text, why=why)
            elif own_words and _declines(text) and not _rate_said(row.name, text):
                why = "没有用“不适用”标记"
                yield case.finding(
                    "IND112", stated.slot, severity="hint", suggested=INAPPLICABLE,
                    label=row.label(stated.slot), stated=shown(text), why=why,
                )  # fmt: skip


def _absence(row: IndicatorRow, stated: Stated) -> Severity | None:
    """How grave it is that the cell says nothing; None when it says something, or 无 is a value."""
    if not says_nothing(stated.value.text):
        return None
    want = wanted(row)
    if _is_harm(row.name):
        return "hint" if want.literal else None
    if want.certainty == "printed":
        return "warning"
    if want.kind in ("rate", "count"):
        return "hint" if stated.is_prior else "warning"
    if stated.is_prior or (want.kind == "grade" and want.certainty == "guessed"):
        return None
    return "hint"
