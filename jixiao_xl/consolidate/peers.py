"""同类单位差异: who lies far from units of the same kind, said in words. Hints only, nothing is judged.

Median and median deviation, so that one wild value does not hide itself; at least five units. Only what
does not grow with the size of a unit is compared: percentages, rates, and the shares of the money table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from jixiao_xl.consolidate.indicator_spread import middle_of
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.consolidate.unit_results import unit_results
from jixiao_xl.forms.outcome_words import spoken, this_year
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.ratios import share, show_percent

FEWEST = 5
"""Units needed before anything is compared."""
FAR = Decimal("3.5")
"""Robust standard deviations beyond which a value is named (Iglewicz and Hoaglin)."""
_NORMAL = Decimal("1.4826")
"""What makes the median deviation comparable to a standard deviation."""
_LEAST = Decimal("0.02")
"""Where nearly all agree, the deviation counts as two percentage points: seven apart are named."""


@dataclass(frozen=True)
class Oddity:
    """One unit's percentage (as a fraction) beside the median of its peers."""

    place: int
    what: str
    value: Decimal
    median: Decimal
    peers: int
    score: Decimal
    """Robust standard deviations from the median."""

    def spoken(self, name: str) -> str:
        """`示例单位03 的公用经费控制率 130%，同类单位中位数 98%，高出 32 个百分点。`"""
        gap = show_percent(abs(self.value - self.median)).removesuffix("%")
        side = "高出" if self.value > self.median else "低"
        return (
            f"{name} 的{self.what} {show_percent(self.value)}，同类单位中位数 {show_percent(self.median)}，{side} {gap} 个百分点。"
        )


def oddities(summary: Summary) -> list[Oddity]:
    """The furthest first. Peers are units of one level (本级, 所属, 部门汇总) where the roster says so."""
    levels: dict[str, list[int]] = {}
    for place, unit in enumerate(summary.units):
        if unit.used is not None:
            levels.setdefault(unit.roster.level if unit.roster else "", []).append(place)
    found = [
        odd
        for what, values in (*_executed(summary), *_shares(summary), *_rates(summary)) if len(values) >= FEWEST
        for places in levels.values() for odd in _far(what, {p: values[p] for p in places if p in values})
    ]  # fmt: skip
    return sorted(found, key=lambda odd: (-odd.score, odd.what, odd.place))


def _executed(summary: Summary) -> Iterator[tuple[str, Mapping[int, Decimal]]]:
    """The execution rate of the whole line, where the form has one. Points are compared with nobody's: each unit
    weighs its indicators itself."""
    if (results := unit_results(summary)) is not None:
        yield (spoken(results.spending.rate.label), {one.place: one.rate for one in results.units if isinstance(one.rate, Decimal)})


def _shares(summary: Summary) -> Iterator[tuple[str, Mapping[int, Decimal]]]:
    """Each line's share of its group's total, this year."""
    for money in summary.money:
        columns = this_year(money.table)[: 1 if money.rates else None]
        totals = {(one.column.id, one.group.id): one for one in money.lines if one.row.id == "total" and one.column.id in columns}
        for line in money.lines:
            whole = totals.get((line.column.id, line.group.id))
            if whole is None or line is whole:
                continue
            values = {
                place: share(part.amount, all_.amount)
                for place, (part, all_) in enumerate(zip(line.amounts, whole.amounts, strict=True))
                if part.amount is not None and all_.amount
            }
            yield f"{line.group.label}·{line.row.under}{line.row.label}占比", values


def _rates(summary: Summary) -> Iterator[tuple[str, Mapping[int, Decimal]]]:
    """Every indicator that is stated in percent."""
    titles = {block.id: block.title.replace("{n}", "") for block in summary.spec.block}
    several = len({line.block for line in summary.indicators}) > 1
    for line in summary.indicators:
        # where it is known what became of the targets, that is what is compared
        stated = line.outcome.done if line.outcome else line.stated
        if len(stated) < FEWEST:
            continue
        rates = {text: _rate(text) for text in {text for text, _ in stated.values()}}
        values = {place: rate for place, (text, _) in stated.items() if (rate := rates[text]) is not None}
        which = titles[line.block] if several else line.outcome.label if line.outcome else ""
        yield f"{line.names[-1]}（{which}）" if which else line.names[-1], values


def _rate(text: str) -> Decimal | None:
    value = read_indicator_value(text)
    return value.number / 100 if value.is_percent and value.number is not None and value.high is None else None


def _far(what: str, values: Mapping[int, Decimal]) -> Iterable[Oddity]:
    if len(values) < FEWEST:
        return
    counts = Counter(values.values())
    median = middle_of(counts.items())
    spread = max(middle_of((abs(value - median), times) for value, times in counts.items()) * _NORMAL, _LEAST)
    scores = {value: abs(value - median) / spread for value in counts}
    for place, value in values.items():
        score = scores[value]
        if score > FAR:
            yield Oddity(place, what, value, median, len(values), score)
