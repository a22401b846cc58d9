"""What a leader wants to know first: totals with their change, structure, the largest units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from jixiao_xl.consolidate.summary import MoneySummary, Summary
from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.consolidate.year_on_year import LineChange, line_changes
from jixiao_xl.forms.outcome_words import this_year
from jixiao_xl.model.ratios import change_rate

TOP = 10
"""Units named as the largest."""


@dataclass(frozen=True)
class Structure:
    """One group of the money table (收入构成, 支出构成): its total and the parts that are known and not 0."""

    label: str
    total: LineTotal
    parts: tuple[LineTotal, ...]
    top: tuple[int, ...]
    """Places of the units with the largest totals; who has none is not among them."""
    change: LineChange | None

    @property
    def change_rate(self) -> Decimal | None:
        """Over the units that have both years, as a fraction."""
        return change_rate(*self.change.sums) if self.change and self.change.comparable else None


def structures(summary: Summary) -> list[Structure]:
    """The groups of the first money table in the column of the current year, those with a total only."""
    if not summary.money:
        return []
    money = summary.money[0]
    column = next(iter(this_year(money.table)), money.table.columns[0].id)
    lines = [line for line in money.lines if line.column.id == column]
    changes = {change.line.path.text: change for change in line_changes(summary, money)}
    found = []
    for group in dict.fromkeys(line.group.id for line in lines):
        own = [line for line in lines if line.group.id == group]
        total = next((line for line in own if line.row.id == "total"), None)
        if total is None or total.total is None:
            continue
        parts = tuple(line for line in own if not line.row.derived and line.total)
        found.append(Structure(own[0].group.label, total, parts, _top(total), changes.get(total.path.text)))
    return found


def _top(total: LineTotal) -> tuple[int, ...]:
    known = [(amount.amount, place) for place, amount in enumerate(total.amounts) if amount.amount is not None]
    return tuple(place for _, place in sorted(known, key=lambda pair: (-pair[0], pair[1]))[:TOP])


def large_changes(summary: Summary, money: MoneySummary, threshold: Decimal, floor: Decimal) -> int:
    """How many amounts changed by more than the threshold (a fraction), small sums (万元) aside."""
    return sum(
        change.rate is not None and abs(change.rate) > threshold and abs((change.this or Decimal(0)) - (change.last or Decimal(0))) >= floor
        for line in line_changes(summary, money) for change in line.units
    )  # fmt: skip
