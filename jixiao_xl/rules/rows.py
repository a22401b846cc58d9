"""The rows of the indicator tables as the indicator rules see them: names, kind, values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TypeVar, cast

from jixiao_xl.forms.indicators import Better, Indicator, IndicatorKind, indicator_like
from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, Column, IndicatorTable
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value
from jixiao_xl.model.kept import kept
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case

_KINDS: dict[str, IndicatorKind] = {"percent": "rate", "grade": "grade", "count": "count", "money": "count"}


@dataclass(frozen=True)
class Stated:
    """One indicator value: its cell, its column, what it says."""

    column: Column
    slot: Slot
    value: IndicatorValue

    @property
    def is_prior(self) -> bool:
        """An earlier year's value, which should be what was reached."""
        return self.column.year is not None and self.column.year < 0


@dataclass(frozen=True)
class IndicatorRow:
    """A row that was filed or that the form prints. `names` are the levels, outermost first."""

    case: Case
    block: BlockPlan
    line: Line

    @kept
    def table(self) -> IndicatorTable:
        assert isinstance(self.block.block, IndicatorTable)
        return self.block.block

    @kept
    def source(self) -> CatalogRow:
        assert isinstance(self.line.source, CatalogRow)
        return self.line.source

    @kept
    def is_own(self) -> bool:
        """Named by the unit, not printed by the form."""
        return self.source.open

    @kept
    def names(self) -> tuple[str, ...]:
        return self.line.filed.names if self.line.filed else self.line.labels

    @kept
    def name(self) -> str:
        """The indicator's own name, the innermost one given."""
        return self.case.row_name(self.line)

    @kept
    def known(self) -> Indicator | None:
        """What the dictionary, or else the ending of the name, says of it."""
        return indicator_like(self.name)

    @kept
    def kind(self) -> IndicatorKind | None:
        """The definition's word where the form prints the row, else the dictionary's."""
        if not self.is_own and self.source.value in _KINDS:
            return _KINDS[self.source.value]
        if self.known is not None:
            return self.known.kind
        return _KINDS.get(self.source.value)

    @kept
    def better(self) -> Better:
        if not self.is_own and self.source.better:
            return self.source.better
        if self.known is not None:
            return self.known.better
        return self.source.better

    @kept
    def values(self) -> tuple[Stated, ...]:
        """All the indicator values of the row, blank ones included, in the order of the columns."""
        found = []
        for column in self.table.columns:
            slot = self.line.slot(column.id)
            if column.value == "indicator" and slot is not None and slot.role == "input":
                found.append(Stated(column, slot, self._value(slot)))
        return tuple(found)

    def _value(self, slot: Slot) -> IndicatorValue:
        """What the cell says; nothing where a cell rule has found that it was not typed so (#REF!, a date)."""
        return read_indicator_value("" if self.case.is_spoiled(slot) else self.case.text(slot))

    @kept
    def targets(self) -> tuple[Stated, ...]:
        """What the unit promises: every value that is not of an earlier year."""
        return tuple(s for s in self.values if not s.is_prior)

    @kept
    def priors(self) -> tuple[Stated, ...]:
        return tuple(s for s in self.values if s.is_prior)

    @kept
    def main(self) -> Slot:
        found = self.line.slot(self.table.main_column.id)
        assert found is not None
        return found

    @kept
    def target(self) -> IndicatorValue:
        """The main target (预期当年实现值, 全年指标值)."""
        return self._value(self.main)

    def text(self, column_id: str) -> str:
        """Another column of the row as printed (`basis`, `description`); blank when absent."""
        slot = self.line.slot(column_id)
        return self.case.text(slot) if slot else ""

    def label(self, slot: Slot | None = None) -> str:
        """`预算执行率（预期当年实现值）`, as messages name the cell."""
        return self.case.label(slot or self.main)


Answer = TypeVar("Answer")


def once_a_row(function: Callable[[IndicatorRow], Answer]) -> Callable[[IndicatorRow], Answer]:
    """What several rules ask of a row is worked out once."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def answer(row: IndicatorRow) -> Answer:
        kept = row.__dict__
        if name not in kept:
            kept[name] = function(row)
        return cast(Answer, kept[name])

    return answer


def indicator_rows(case: Case) -> Iterator[IndicatorRow]:
    """Every row with something filed in it, and every printed row still blank; not the spare rows."""
    rows = case.memo.get("indicator_rows")
    if rows is None:
        rows = case.memo["indicator_rows"] = tuple(_read_rows(case))
    return iter(cast("tuple[IndicatorRow, ...]", rows))


def _read_rows(case: Case) -> Iterator[IndicatorRow]:
    """Not those whose target an earlier stage filled: what its wording is was judged there."""
    for block, line in case.lines(IndicatorTable):
        assert isinstance(line.source, CatalogRow) and isinstance(block.block, IndicatorTable)
        if block.block.main_column.fill == "carried":
            continue
        if line.filed is not None or not line.source.open:
            yield IndicatorRow(case, block, line)


def filled_rows(case: Case) -> Iterator[IndicatorRow]:
    """The rows with a name and at least one value."""
    rows = case.memo.get("filled_rows")
    if rows is None:
        rows = case.memo["filled_rows"] = tuple(r for r in indicator_rows(case) if any(s.value.text for s in r.values))
    return iter(cast("tuple[IndicatorRow, ...]", rows))
