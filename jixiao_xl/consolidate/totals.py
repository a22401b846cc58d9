"""Add amounts over units; recompute shares and rates from the totals, never average them.

What is missing is missing: it is named beside the total, it is never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao_xl.consolidate.roster import Received, UnitStatus
from jixiao_xl.forms.derive import Derived, derived_cells, evaluate
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.outcome_words import amount_columns
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.scored import INAPPLICABLE
from jixiao_xl.forms.spec import Column, FormSpec, Group, MoneyTable, Row
from jixiao_xl.model.amounts import SUM_PLACES, half_up, read_amount, show_amount, sum_tolerance
from jixiao_xl.model.facts import FactPath, Filing
from jixiao_xl.model.ratios import execution_rate, share
from jixiao_xl.model.records import dataclass

PLACES = 2
"""Decimals of an approved amount in 万元: lists in 元 have up to six."""


@dataclass(frozen=True)
class UnitAmount:
    """One unit's amount on one line: None where it is missing. `note` says 尾差 or 按填报数."""

    amount: Decimal | None
    note: str = ""


@dataclass(frozen=True)
class LineTotal:
    """One line and column of the summary: every unit's amount, the total, who is missing."""

    path: FactPath
    group: Group
    row: Row
    column: Column
    amounts: tuple[UnitAmount, ...]
    total: Decimal | None
    without: tuple[str, ...]
    """Names of the units that are not in the total."""


@dataclass(frozen=True)
class ShareTotal:
    """A share of the summary, from the totals."""

    path: FactPath
    share: Decimal | None


Rate = Decimal | str | None
"""A fraction; 不适用 over nothing; None where an amount is missing."""


@dataclass(frozen=True)
class RateTotal:
    """One line's executed amounts over its budgets: of each unit, and of those together that have both."""

    path: FactPath
    executed: LineTotal
    budget: LineTotal
    units: tuple[Rate, ...]
    total: Rate
    without: tuple[str, ...]
    """Names of the units that lack one of the two."""


def line_totals(spec: FormSpec, table: MoneyTable, units: Sequence[UnitStatus]) -> list[LineTotal]:
    """Every entered or summed line of a money table over the units, in the order of the form."""
    lines = [
        (FactPath(table.id, column.id, (group.id, row.id)), group, row, column)
        for column in amount_columns(table)
        for group in table.group if not group.only or column.id in group.only
        for row in group.rows if row.printed and column.id not in row.lacks
    ]  # fmt: skip
    paths = [path.text for path, *_ in lines]
    calculated = _Calculated(spec, table)
    # unit by unit, so that no more than one of them is laid out at a time
    by_unit = [calculated.amounts(unit.used, paths) if unit.used else [_NONE] * len(paths) for unit in units]
    by_line = zip(*by_unit, strict=True) if by_unit else [()] * len(paths)
    return [_line(*line, own, units) for line, own in zip(lines, by_line, strict=True)]


_NONE = UnitAmount(None)


class _Calculated:
    """Which cells of a money table follow from others. The same in every filing, unless units add rows of
    their own or the table is there several times: then each filing is laid out by itself."""

    def __init__(self, spec: FormSpec, table: MoneyTable) -> None:
        self.spec = spec
        self.is_fixed = table.repeat is None and not any(group.open_rows for group in table.group)
        self._known: dict[str, Derived] | None = None

    def amounts(self, received: Received, paths: Sequence[str]) -> list[UnitAmount]:
        """What the filing has for each path."""
        approved = dict.fromkeys(self.spec.form.approved.totals, received.approved)
        own = _UnitAmounts(received.filing, self._derived(received.filing), approved)
        return [own.amount(path) for path in paths]

    def _derived(self, filing: Filing) -> dict[str, Derived]:
        if self._known is None or not self.is_fixed:
            plan = plan_form(self.spec, replace(filing, facts={}) if self.is_fixed else filing)
            self._known = {d.slot.path.text: d for d in derived_cells(plan) if d.slot.path is not None}
        return self._known


def _line(
    path: FactPath, group: Group, row: Row, column: Column, own: tuple[UnitAmount, ...], units: Sequence[UnitStatus]
) -> LineTotal:
    known = [a.amount for a in own if a.amount is not None]
    total = half_up(sum(known, Decimal(0)), SUM_PLACES) if known else None
    without = tuple(unit.name for unit, a in zip(units, own, strict=True) if a.amount is None)
    return LineTotal(path, group, row, column, own, total, without)


def share_totals(table: MoneyTable, totals: Sequence[LineTotal]) -> list[ShareTotal]:
    """The shares of the summed table: each line's total over its group's total."""
    by_path = {line.path.text: line.total for line in totals}
    found = []
    for column in table.columns:
        if column.share_of is None:
            continue
        for group in table.group:
            whole = by_path.get(FactPath(table.id, column.share_of, (group.id, "total")).text)
            for row in group.rows:
                part = by_path.get(FactPath(table.id, column.share_of, (group.id, row.id)).text)
                value = None if part is None or whole is None else share(part, whole)
                found.append(ShareTotal(FactPath(table.id, column.id, (group.id, row.id)), value))
    return found


def rate_totals(table: MoneyTable, totals: Sequence[LineTotal], units: Sequence[UnitStatus]) -> list[RateTotal]:
    """The execution rates of the summed table. Who lacks budget or executed is in neither sum."""
    by_path = {line.path.text: line for line in totals}
    found = []
    for column in table.columns:
        for line in totals if column.rate_of and column.printed else ():
            assert column.rate_of is not None
            budget = by_path.get(line.path.at(column.rate_of[1]).text)
            if line.column.id == column.rate_of[0] and budget is not None and column.id not in line.row.lacks:
                found.append(_rate_total(line.path.at(column.id), line, budget, units))
    return found


def _rate_total(path: FactPath, executed: LineTotal, budget: LineTotal, units: Sequence[UnitStatus]) -> RateTotal:
    pairs = [(e.amount, b.amount) for e, b in zip(executed.amounts, budget.amounts, strict=True)]
    both = [(e, b) for e, b in pairs if e is not None and b is not None]
    sums = [half_up(sum(own, Decimal(0)), SUM_PLACES) for own in zip(*both, strict=True)]
    without = tuple(unit.name for unit, pair in zip(units, pairs, strict=True) if None in pair)
    return RateTotal(path, executed, budget, tuple(rate_of(*pair) for pair in pairs), rate_of(*sums) if sums else None, without)


def rate_of(executed: Decimal | None, budget: Decimal | None) -> Rate:
    """执行率 as a form shows it."""
    if executed is None or budget is None:
        return None
    rate = execution_rate(executed, budget)
    return INAPPLICABLE if rate is None else rate


class _UnitAmounts:
    """The amounts of one filing: inputs as stated, totals recomputed unless 尾差 or parts are missing.

    An approved total that differs from the locked sum by no more than 尾差 is the official number and wins.
    """

    def __init__(self, filing: Filing, derived: Mapping[str, Derived], approved: Mapping[str, Decimal | None]) -> None:
        self.filing, self.derived, self.approved = filing, derived, approved
        self._amounts: dict[str, UnitAmount] = {}

    def amount(self, path: str) -> UnitAmount:
        # parts are asked for again by their totals
        if path not in self._amounts:
            self._amounts[path] = self._amount(path)
        return self._amounts[path]

    def _amount(self, path: str) -> UnitAmount:
        stated = read_amount(self.filing.value(path) or "")
        derived = self.derived.get(path)
        if derived is None:
            return UnitAmount(stated)
        if any(self._is_unreadable(slot) for slot in derived.inputs):
            return UnitAmount(None, "分项不是数字")
        own = evaluate(derived, self)
        if (official := self._official(path, own, sum_tolerance(len(derived.inputs)))) is not None:
            return official
        if stated is None or own is None or stated == own:
            return UnitAmount(own if stated is None else stated, "" if own is not None or stated is None else "按填报数")
        if any(self.number(slot) is None for slot in derived.inputs if slot.path is not None):
            return UnitAmount(stated, "分项缺数，按填报数")
        gap = stated - own
        if abs(gap) <= sum_tolerance(len(derived.inputs)):
            return UnitAmount(stated, f"尾差 {show_amount(abs(gap))}")
        return UnitAmount(own, f"填报 {show_amount(stated)}，已按分项之和 {show_amount(own)} 计入")

    def _official(self, path: str, own: Decimal | None, tolerance: Decimal) -> UnitAmount | None:
        """The approved total where it and the sum of the parts are the same but for 尾差."""
        approved = self.approved.get(path)
        if own is None or approved is None:
            return None
        total = half_up(approved, PLACES)
        gap = abs(total - own)
        return UnitAmount(total, f"尾差 {show_amount(gap)}，按批复数") if 0 < gap <= tolerance else None

    def _is_unreadable(self, slot: Slot) -> bool:
        """A part that is written but is no number: what the sheet's own total makes of it is no total."""
        if slot.path is None or (slot.path.text not in self.derived and self.amount(slot.path.text).amount is not None):
            return False
        text = (self.filing.value(slot.path.text) or "").strip()
        return bool(text) and read_amount(text) is None

    def number(self, slot: Slot) -> Decimal | None:
        """What counts for the slot; of a total, what counts for that."""
        return None if slot.path is None else self.amount(slot.path.text).amount

    def text(self, slot: Slot) -> str:
        """The slot as stated."""
        return (self.filing.value(slot.path.text) if slot.path else None) or ""
