"""同比: each line and unit against last year. What lacks either year is shown, never counted as zero."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from jixiao_xl.consolidate.roster import UnitStatus
from jixiao_xl.consolidate.summary import MoneySummary, Summary
from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.consolidate.unit_results import month_of
from jixiao_xl.forms.outcome_words import spending_of, this_year
from jixiao_xl.model.amounts import read_amount, show_amount
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.ratios import change_rate
from jixiao_xl.model.records import dataclass

ARCHIVED, OWN = "上年报送件", "本表上年数"


@dataclass(frozen=True)
class Change:
    """One unit's amount on one line in both years, in the unit of the table."""

    place: int
    this: Decimal | None
    last: Decimal | None
    source: str = ""
    """Where last year's amount is from: the filing's own column, or last year's filing."""
    remark: str = ""

    @cached_property
    def rate(self) -> Decimal | None:
        """The change as a fraction; None without both years or over nothing."""
        return None if self.this is None or self.last is None else change_rate(self.this, self.last)


@dataclass(frozen=True)
class LineChange:
    """One line over all units; the sums are of units that have both years."""

    line: LineTotal
    units: tuple[Change, ...]

    @cached_property
    def comparable(self) -> tuple[Change, ...]:
        return tuple(c for c in self.units if c.this is not None and c.last is not None)

    @property
    def sums(self) -> tuple[Decimal, Decimal]:
        """This year's and last year's sum over the comparable units."""
        both = self.comparable
        return sum((c.this or Decimal(0) for c in both), Decimal(0)), sum((c.last or Decimal(0) for c in both), Decimal(0))


def line_changes(summary: Summary, money: MoneySummary) -> list[LineChange]:
    """Every line of the current year, in the order of the form; none where nothing of last year is known."""
    key = "year_on_year", money.table.id
    if key not in summary.worked_out:
        summary.worked_out[key] = list(_line_changes(summary, money))
    return summary.worked_out[key]  # type: ignore[no-any-return]


def _line_changes(summary: Summary, money: MoneySummary) -> Iterator[LineChange]:
    compared = this_year(money.table)
    before = {(one.group.id, one.row.id): one for one in money.lines if one.column.year == -1}
    for line in money.lines:
        if line.column.id not in compared:
            continue
        last = before.get((line.group.id, line.row.id))
        changes = tuple(_change(summary, money, line, last, place) for place in range(len(summary.units)))
        if any(change.last is not None for change in changes):
            yield LineChange(line, changes)


def _of_another_month(money: MoneySummary, line: LineTotal, unit: UnitStatus, filed: Filing) -> str:
    """Why what was executed up to a month cannot be held against last year's; empty where it can."""
    spending = spending_of(money.table)
    if spending is None or line.column.id != spending.executed.id or unit.used is None:
        return ""
    now, then = month_of(spending, unit.used.filing), month_of(spending, filed)
    return "" if now == then else f"上年监控到 {'—' if then is None else show_amount(then)} 月，不同期"


def _change(summary: Summary, money: MoneySummary, line: LineTotal, last: LineTotal | None, place: int) -> Change:
    this = line.amounts[place].amount
    own = last.amounts[place].amount if last else None
    filed = summary.last_year.get(summary.units[place].key)
    if filed is not None and (why := _of_another_month(money, line, summary.units[place], filed)):
        return Change(place, this, None, remark=why)
    archived = read_amount(filed.value(line.path.text) or "") if filed else None
    if own is None:
        return Change(place, this, archived, ARCHIVED if archived is not None else "")
    differs = archived is not None and archived != own
    return Change(place, this, own, OWN, f"上年报送件为 {show_amount(archived)}" if differs and archived is not None else "")
