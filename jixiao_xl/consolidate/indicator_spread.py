"""One indicator over many units: what adds, what is only compared, what is counted.

Counts and amounts add, with their operator, where all units share operator and unit of measure. Rates,
durations and scores are never added or averaged: smallest, middle, largest. Grade words are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from jixiao_xl.consolidate.summary import IndicatorLine
from jixiao_xl.forms.indicators import indicator_like
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value, written

ADDED = frozenset((
    *"人个件次场家张户项份期名篇条台套间所座亩米吨部批辆只棵册支", "人次", "场次", "万人", "万元", "元", "亿元",
    "公里", "平方米", "公顷", "公斤", "万人次",
))  # fmt: skip
"""Units of measure whose numbers add; of anything else (%, 天, 分, 元/人) only the spread is shown."""
_PER = re.compile(r"[人户次场件亩月日]均|平均|标准|单价|比[例率重]|率\Z|时限|时间|天数")
"""Names of what does not add, whatever its unit of measure."""


@dataclass(frozen=True)
class Spread:
    """`low`, `middle` and `high` are in `unit`; a percentage is a fraction (0.95 for 95%)."""

    stated: int
    blanks: int
    unit: str
    total: str
    """As a form prints it (`≥230人`); empty where nothing may be added."""
    low: Decimal | None
    middle: Decimal | None
    high: Decimal | None
    grades: tuple[tuple[str, int], ...]
    """Words with how often each was written, the most frequent first."""
    remark: str = ""


def spread(line: IndicatorLine, expected: int) -> Spread:
    """What the units' values come to; `expected` is how many units ought to have stated it."""
    read = [read_indicator_value(text) for text, _ in line.stated.values()]
    numbers = [value for value in read if value.number is not None]
    words = Counter(value.text for value in read if value.number is None)
    # nothing is nothing in every unit of measure: 0 beside 5%
    units = Counter(value.unit for value in numbers if value.number or value.unit) or Counter(value.unit for value in numbers)
    said: list[str] = []
    unit, low, middle, high, total = "", None, None, None, ""
    if len(units) > 1:
        said.append(f"计量单位不一（{'、'.join(name or '无' for name, _ in units.most_common())}），不比较")
    elif numbers:
        unit = next(iter(units))
        found = sorted(_plain(value) for value in numbers)
        low, middle, high = found[0], middle_of(found), found[-1]
        if adds(line.names[-1], unit):
            total, why = _total(numbers)
            said += [why] if why else []
            said += [f"{sum(words.values())}家为文字，不在合计中"] if total and words else []
    return Spread(
        len(read), 0 if line.own else max(expected - len(read), 0), unit, total, low, middle, high,
        tuple(sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))), "；".join(said),
    )  # fmt: skip


def adds(name: str, unit: str) -> bool:
    """Whether numbers of this indicator may be added over units."""
    known = indicator_like(name)
    if known is not None and known.kind != "count":
        return False
    return not _PER.search(name) and (unit in ADDED or (unit == "" and known is not None))


def middle_of(ordered: Sequence[Decimal]) -> Decimal:
    """The median of ascending numbers, of which there is at least one."""
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2


def _plain(value: IndicatorValue) -> Decimal:
    assert value.number is not None
    return value.number / 100 if value.is_percent else value.number


def _total(numbers: Sequence[IndicatorValue]) -> tuple[str, str]:
    """The sum as it is printed, or nothing and why not."""
    if any(value.high is not None for value in numbers):
        return "", "有区间值，不相加"
    if len({value.operator for value in numbers}) > 1:
        return "", "比较符号不一，不相加"
    whole = sum((value.number for value in numbers if value.number is not None), Decimal(0))
    return written(replace(numbers[0], number=whole)), ""
