"""Do the long-term and the annual indicators, and the projects of one form, agree with each other?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import IndicatorValue
from jixiao_xl.model.names import normalised
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.nature import has
from jixiao_xl.rules.nature import words as direction_words
from jixiao_xl.rules.pairing import Pair, compared, has_long_table, instances
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, filled_rows

MANY = 3
"""From so many differences on, a filing that differs more often than not does so on purpose."""
UNIFY = "核对后统一。"
NOT_ZERO = "没有这项业务的两处都填“不适用”；有的填应达到的数值。"
_UP, _DOWN = ("≥", ">"), ("≤", "<")
_SEPARATORS = re.compile(r"[、,，;；/]")
_IS_DATE = re.compile(r"[年月日号季旬]")
"""12月底前 begins with a number and is none."""


class _Words(Entry):
    """`knowledge/agreement.toml`; what each list is for is said there."""

    unwanted: tuple[str, ...]
    generic_objects: frozenset[str]
    accuracy: tuple[str, ...]
    entitlement: tuple[str, ...]


@cache
def words() -> _Words:
    """The word lists, loaded when first asked for."""
    return knowledge_of(_Words, "agreement")


def is_trusted(row: IndicatorRow) -> bool:
    """Whether kind and direction come from the form or the dictionary, not from the name's ending."""
    return not row.is_own or (row.known is not None and not row.known.guessed)


def wants_more(row: IndicatorRow) -> bool:
    """Whether a higher value is better for certain enough to say so.

    What is only counted (案件数, 排污口数量) may be good or bad; there the sign says it: ≥.
    """
    if is_trusted(row):
        return row.better == "high"
    known = row.known
    if any(word in row.name for word in words().unwanted) and not has(row.name, direction_words().handled):
        return False
    if known is None or (known.kind == "count" and not known.firm):
        return row.target.operator in _UP and not row.target.is_percent
    if not known.firm:
        return False
    return known.better == "high" and (known.kind == "rate" or row.target.operator in _UP)


def _listed(rows: Sequence[IndicatorRow]) -> str:
    """“甲”、“乙”、“丙”等 5 个指标."""
    shown = "、".join(f"“{row.name}”" for row in rows[:MANY])
    return shown if len(rows) == 1 else f"{shown}{'等 ' if len(rows) > MANY else '这 '}{len(rows)} 个指标"


def _lacks_a_side(case: Case, code: str) -> bool:
    """Whether there is nothing to compare; said when the form has both tables."""
    if not has_long_table(case):
        return True
    if compared(case).tables < 2:
        case.lacking(code, "长期、年度绩效指标只填了一处，无法对照")
        return True
    return False


@rule("IND201", "indicators")
def both_tables_have_the_indicator(case: Case) -> Iterator[Finding]:
    """单位自填的指标,长期表与年度表应一致;一处有、一处没有的提示。

    名称只看实质:全角半角、引号、空格不同,或打印时被截断的,算同一个指标。同一类里大部分不同的只提示一次。
    错:“省级特殊困难劳模帮扶人数”年度表有(≥33人),长期表没有。对:长期表补上。
    """
    if _lacks_a_side(case, "IND201"):
        return
    found = compared(case)
    titles = {long: _title(case, long) for long in (True, False)}
    shared_own = sum(p.annual.is_own for p in found.pairs)
    for long, rows in ((True, found.only_long), (False, found.only_annual)):
        named = {normalised(row.name) for pair in found.pairs for row in (pair.long, pair.annual)}
        own = [row for row in rows if row.is_own and normalised(row.name) not in named]
        on_purpose = len(own) >= MANY and len(own) > shared_own
        for level in dict.fromkeys(row.names[0] for row in own):
            alone = [row for row in own if row.names[0] == level]
            shared = sum(p.annual.is_own and p.annual.names[0] == level for p in found.pairs)
            here, there = titles[long], titles[not long]
            if on_purpose or (len(alone) >= MANY and len(alone) > shared):
                yield case.finding("IND201", alone[0].main, severity="hint", name=_listed(alone), here=here, there=there)
                continue
            for row in alone:
                yield case.finding("IND201", row.main, name=f"“{row.name}”", here=here, there=there)


def _title(case: Case, long: bool) -> str:
    found = compared(case)
    rows = [*(p.long if long else p.annual for p in found.pairs), *(found.only_long if long else found.only_annual)]
    return rows[0].block.title


# ---- values that contradict ------------------------------------------------------------
@dataclass(frozen=True)
class _Clash:
    """What is wrong between two values of one indicator, and which of them (0 or 1) to look at."""

    why: str
    at: int
    severity: Severity | None = None
    advice: str = UNIFY
    suggested: str | None = None


def _clash(rows: tuple[IndicatorRow, IndicatorRow]) -> _Clash | None:
    """The contradiction between a long-term row and its annual row, if there is one."""
    values = rows[0].target, rows[1].target
    kind = rows[1].kind or rows[0].kind
    trusted = is_trusted(rows[0]) or is_trusted(rows[1])
    severity: Severity | None = None if trusted else "warning"
    if any(v.is_mixed or not v.text for v in values):
        return None
    absent = [v.is_absent for v in values]
    if any(absent):
        differ = not all(absent) and kind in ("rate", "count")
        return _Clash("一处填没有，一处有目标值", absent.index(True), "warning", NOT_ZERO) if differ else None
    numeric = [v.number is not None for v in values]
    if all(numeric):
        return _numbers_clash(rows, values, trusted)
    if any(numeric) and not any(_IS_DATE.match(v.unit) for v in values):
        said = {"rate": "比率指标一处填百分数，一处填文字", "grade": "定性指标一处填等级词，一处填数值"}
        at = numeric.index(kind == "grade")
        return _Clash(said.get(kind or "", "一处填数值，一处填文字"), at, severity if kind else "warning")
    return None if any(numeric) else _grades_clash(rows, values)


def _grades_clash(rows: tuple[IndicatorRow, IndicatorRow], values: tuple[IndicatorValue, IndicatorValue]) -> _Clash | None:
    known = rows[1].known or rows[0].known
    said = [normalised(v.text) for v in values]
    grades = [normalised(word) for word in known.grades] if known else []
    if all(word in grades for word in said) and grades.index(said[0]) > grades.index(said[1]):
        return _Clash("等级词不一致，长期低于年度", 0, "hint")
    return None


def _numbers_clash(
    rows: tuple[IndicatorRow, IndicatorRow], values: tuple[IndicatorValue, IndicatorValue], trusted: bool
) -> _Clash | None:
    long, annual = values
    assert long.number is not None and annual.number is not None
    rate = "rate" in (rows[0].kind, rows[1].kind)
    grave: Severity | None = None if trusted and rate else "warning"
    more = any(wants_more(row) for row in rows)
    zero = [v.number == 0 and v.high is None for v in values]
    if more and zero[0] != zero[1]:
        return _Clash("越高越好的指标目标填 0，与另一处矛盾", zero.index(True), grave, NOT_ZERO)
    if any(zero):
        return None
    if long.unit and annual.unit and long.unit.removesuffix("/年") != annual.unit.removesuffix("/年"):
        return _units_clash(rows[1], long, annual, trusted)
    ways = {v.operator in _UP for v in values if v.operator in _UP + _DOWN}
    if len(ways) == 2:
        wrong = next((i for i, v in enumerate(values) if v.operator in (_DOWN if rows[1].better == "high" else _UP)), 1)
        return _Clash("比较符方向相反", wrong, None if rate and rows[1].better in ("high", "low") else "warning")
    if more and (long.high or long.number) < annual.number and annual.operator not in _DOWN:
        return _Clash("长期目标低于年度目标", 0, grave, "长期目标应不低于年度目标，核对后改正。")
    if rate and long.number == annual.number and long.high == annual.high:
        return _operators_clash(rows[1], values)
    return None


def _units_clash(row: IndicatorRow, long: IndicatorValue, annual: IndicatorValue, trusted: bool) -> _Clash | None:
    if long.is_percent or annual.is_percent:
        at = int(annual.is_percent) if row.kind == "count" else int(long.is_percent)
        return _Clash("一处是百分数，一处是数量", at, None if trusted else "warning")
    if row.known is not None and {long.unit, annual.unit} <= set(row.known.units):
        return None
    return _Clash("计量单位不同", 1, "hint")


def _operators_clash(row: IndicatorRow, values: tuple[IndicatorValue, IndicatorValue]) -> _Clash | None:
    """100% says =100%; beside ≤100% that is another promise."""
    said = [v.operator or "=" for v in values]
    if said[0] == said[1]:
        return None
    at = said.index("=") if "=" in said else 1
    if any(_is_beyond(row, v) for v in values):
        at = next(i for i, v in enumerate(values) if _is_beyond(row, v))
    return _Clash("比较符不一致", at, "warning", suggested=values[1 - at].text)


def _is_beyond(row: IndicatorRow, value: IndicatorValue) -> bool:
    """≥100% of what cannot be more: that side is the one to mend."""
    return value.number == 100 and value.operator in _UP and (row.known is None or row.known.capped)


@rule("IND202", "indicators")
def one_indicator_says_one_thing(case: Case) -> Iterator[Finding]:
    """同一指标在长期表、年度表、各项目里的取值不能互相矛盾。

    为什么:长期目标是年度目标的去向,不应低于年度;定性指标不能一处等级词一处百分数;同一指标方向只有一个。
    错:预算执行率长期 98%、年度 100%;资金使用效率项目1 ≤100%、项目4 ≥100%。对:两处统一。
    """
    yield from _between_tables(case)
    for rows in instances(case):
        yield from _between_projects(case, rows)
    yield from _two_thresholds(case)


def _between_tables(case: Case) -> Iterator[Finding]:
    if _lacks_a_side(case, "IND202"):
        return
    for pair in compared(case).pairs:
        rows = pair.long, pair.annual
        clash = _renamed(pair) if pair.renamed else _clash(rows)
        if clash is None:
            continue
        left, right = (f"{r.block.title}{f'（“{r.name}”）' if pair.renamed else ''}" for r in rows)
        yield case.finding(
            "IND202", rows[clash.at].main, severity=clash.severity, suggested=clash.suggested, name=pair.annual.name,
            left=left, left_value=_said(pair.long), right=right, right_value=_said(pair.annual),
            why=clash.why, advice=clash.advice,
        )  # fmt: skip


def _renamed(pair: Pair) -> _Clash:
    if pair.long.target.meaning == pair.annual.target.meaning:
        return _Clash("同一类满意度两处名称不同", 0, "hint")
    return _Clash("同一类满意度两处名称和目标值都不同", 0, "warning")


def _said(row: IndicatorRow) -> str:
    """The target as messages quote it: numbers bare, words in quotation marks."""
    return row.target.text if row.target.number is not None else f"“{row.target.text}”"


def _spot(case: Case, row: IndicatorRow) -> str:
    """Which project or goal a row is of."""
    repeat = case.spec.repeat[row.block.block.repeat or ""]
    return repeat.label.replace("{n}", str(row.block.number))


def _between_projects(case: Case, rows: list[IndicatorRow]) -> Iterator[Finding]:
    """Rates of one name: one direction, and one sign before the same number."""
    rates = [(row, row.target) for row in rows if row.target.number is not None and row.target.is_percent]
    up = [row for row, value in rates if value.operator in _UP]
    down = [row for row, value in rates if value.operator in _DOWN]
    if up and down:
        better = rates[0][0].better
        right, wrong = (up, down) if better == "high" or (better != "low" and len(up) >= len(down)) else (down, up)
        for row in wrong:
            certain = better in ("high", "low")
            yield _two(case, row, right[0], "同一指标比较符方向相反", None if certain else "warning")
        return
    for number in dict.fromkeys(value.number for _, value in rates):
        same = [(row, value.operator or "=") for row, value in rates if value.number == number]
        sound = [sign for row, sign in same if not _is_beyond(row, row.target)] or [sign for _, sign in same]
        usual = Counter(sound).most_common(1)[0][0]
        model = next(row for row, sign in same if sign == usual)
        for row, sign in same:
            if sign != usual:
                yield _two(case, row, model, "同类指标比较符不一致", "warning")


def _two(case: Case, row: IndicatorRow, other: IndicatorRow, why: str, severity: Severity | None) -> Finding:
    return case.finding(
        "IND202", row.main, severity=severity, name=row.name, left=_spot(case, row), left_value=row.target.text,
        right=_spot(case, other), right_value=other.target.text, why=why, advice=UNIFY,
    )  # fmt: skip


def _two_thresholds(case: Case) -> Iterator[Finding]:
    """A satisfaction filed elsewhere than under 满意度, with another threshold for the same people."""
    by_project: dict[str, list[IndicatorRow]] = {}
    for row in filled_rows(case):
        if row.block.number and "满意" in row.name and row.target.is_percent and row.target.number is not None:
            by_project.setdefault(f"{row.block.block.id}{row.block.instance}", []).append(row)
    for rows in by_project.values():
        inside = [r for r in rows if "满意" in r.names[0]]
        for row in rows:
            other = next((r for r in inside if _same_people(row, r)), None)
            if row in inside or other is None or other.target.number == row.target.number:
                continue
            yield case.finding(
                "IND202", row.main, severity="warning", name=row.name, left=row.names[-2] or row.names[0],
                left_value=row.target.text, right=f"{other.names[0]}“{other.name}”", right_value=other.target.text,
                why="同一项目两个满意度目标不一致", advice="对象相同的合为一个，放在满意度指标下。",
            )  # fmt: skip


def _same_people(a: IndicatorRow, b: IndicatorRow) -> bool:
    asked = [normalised(r.name).partition("满意")[0] for r in (a, b)]
    return asked[0] == asked[1] or any(who in words().generic_objects for who in asked)


@rule("IND203", "indicators")
def both_tables_give_one_basis(case: Case) -> Iterator[Finding]:
    """同一指标的“指标值确定依据”,长期表与年度表应相同。

    两张表的依据多半不同的,只提示一次。
    错:绩效目标合理性,长期写“计划标准”,年度写“预算支出标准”。对:都写“计划标准”。
    """
    if _lacks_a_side(case, "IND203"):
        return
    both = [pair for pair in compared(case).pairs if pair.long.text("basis") and pair.annual.text("basis")]
    differ = [pair for pair in both if _bases(pair.long) != _bases(pair.annual)]
    on_purpose = len(differ) >= MANY and 2 * len(differ) > len(both)
    for pair in differ[:1] if on_purpose else differ:
        slot = pair.annual.line.slot("basis") or pair.annual.main
        yield case.finding(
            "IND203", slot, severity="hint" if on_purpose else None,
            name=_listed([p.annual for p in differ]) if on_purpose else f"“{pair.annual.name}”",
            left=pair.long.block.title, left_value=pair.long.text("basis"),
            right=pair.annual.block.title, right_value=pair.annual.text("basis"),
        )  # fmt: skip


def _bases(row: IndicatorRow) -> frozenset[str]:
    return frozenset(filter(None, (normalised(part) for part in _SEPARATORS.split(row.text("basis")))))
