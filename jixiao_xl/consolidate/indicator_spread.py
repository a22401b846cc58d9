"""One indicator over many units: what adds, what is only compared, what is counted.

Counts and amounts add, with their operator, where all units share operator and unit of measure. Rates,
durations and scores are never added or averaged: smallest, middle, largest. Grade words are counted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

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
    # thousands of units write a few dozen things
    read = [(read_indicator_value(text), times) for text, times in Counter(text for text, _ in line.stated.values()).items()]
    numbers = [(value, times) for value, times in read if value.number is not None]
    words: Counter[str] = Counter()
    for value, times in read:
        words.update({value.text: times} if value.number is None else {})
    # nothing is nothing in every unit of measure: 0 beside 5%
    units = _units([pair for pair in numbers if pair[0].number or pair[0].unit]) or _units(numbers)
    said: list[str] = []
    unit, low, middle, high, total = "", None, None, None, ""
    if len(units) > 1:
        said.append(f"计量单位不一（{'、'.join(name or '无' for name, _ in units.most_common())}），不比较")
    elif numbers:
        unit = next(iter(units))
        found = [(_plain(value), times) for value, times in numbers]
        low, middle, high = min(found)[0], middle_of(found), max(found)[0]
        if adds(line.names[-1], unit):
            total, why = _total(numbers)
            said += [why] if why else []
            said += [f"{sum(words.values())}家为文字，不在合计中"] if total and words else []
    return Spread(
        len(line.stated), 0 if line.own else max(expected - len(line.stated), 0), unit, total, low, middle, high,
        tuple(sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))), "；".join(said),
    )  # fmt: skip


def adds(name: str, unit: str) -> bool:
    """Whether numbers of this indicator may be added over units."""
    known = indicator_like(name)
    if known is not None and known.kind != "count":
        return False
    return not _PER.search(name) and (unit in ADDED or (unit == "" and known is not None))


def _units(numbers: Sequence[tuple[IndicatorValue, int]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, times in numbers:
        found[value.unit] += times
    return found


def middle_of(numbers: Iterable[tuple[Decimal, int]]) -> Decimal:
    """The median of numbers, each with how often it is there; there is at least one."""
    ordered = sorted(numbers)
    upto = list(accumulate(times for _, times in ordered))
    half, odd = divmod(upto[-1], 2)
    upper = ordered[bisect_right(upto, half)][0]
    return upper if odd else (ordered[bisect_right(upto, half - 1)][0] + upper) / 2


def _plain(value: IndicatorValue) -> Decimal:
    assert value.number is not None
    return value.number / 100 if value.is_percent else value.number


def _total(numbers: Sequence[tuple[IndicatorValue, int]]) -> tuple[str, str]:
    """The sum as it is printed, or nothing and why not."""
    if any(value.high is not None for value, _ in numbers):
        return "", "有区间值，不相加"
    if len({value.operator for value, _ in numbers}) > 1:
        return "", "比较符号不一，不相加"
    whole = sum((value.number * times for value, times in numbers if value.number is not None), Decimal(0))
    return written(replace(numbers[0][0], number=whole)), ""
