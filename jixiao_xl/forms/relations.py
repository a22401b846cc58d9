"""Which cells of a form have to agree, though none of them follows from the other?

Stated in the definition beside what follows; check and help are made from these values.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, IndicatorTable, MoneyTable, Schedule
from jixiao_xl.model.records import dataclass


@dataclass(frozen=True)
class Balance:
    """Two sums that agree (收入合计 = 支出合计), in one column."""

    left: tuple[Slot, ...]
    right: tuple[Slot, ...]
    why: str


@dataclass(frozen=True)
class ShareSum:
    """The shares of one group add to 100 %. `total` is the printed share of the 合计."""

    shares: tuple[Slot, ...]
    total: Slot
    label: str


@dataclass(frozen=True)
class AtMost:
    """In one row, the earlier figure (半年) is no more than the later one (全年)."""

    small: Slot
    large: Slot
    label: str
    why: str
    accrues: bool = False
    open_part: bool = False
    """The row is one of the open rows below a total."""


@dataclass(frozen=True)
class Steps:
    """A cumulative plan: complete, never falling, the last point at its mark."""

    points: tuple[Slot, ...]
    marks: tuple[tuple[Slot, Decimal], ...]
    label: str


Relation = Balance | ShareSum | AtMost | Steps


def relations(plan: FormPlan) -> Iterator[Relation]:
    """Every relation of the form that is no cell's own definition."""
    for block in plan.blocks:
        kind = block.block
        if isinstance(kind, MoneyTable):
            yield from _share_sums(block, kind)
            yield from _balances(block, kind)
            yield from _ordered(block, kind)
        elif isinstance(kind, IndicatorTable):
            yield from _ordered(block, kind)
        elif isinstance(kind, Schedule) and kind.cumulative:
            points = block.slots
            marks = tuple(
                (slot, Decimal(p.must_be.rstrip("%")) / 100) for slot, p in zip(points, kind.points, strict=True) if p.must_be
            )
            yield Steps(points, marks, block.title)


def _share_sums(block: BlockPlan, table: MoneyTable) -> Iterator[ShareSum]:
    for column in table.columns:
        if column.share_of is None:
            continue
        for group in table.group:
            own = {line.key: line.slot(column.id) for line in block.lines if line.group == group and line.source}
            total = own.get(f"{group.id}.total")
            # only the parts of the total itself: a nested 小计 already holds its own parts
            parts = (own.get(f"{group.id}.{part}") for part in group.row("total").sum_of)
            if total is not None:
                yield ShareSum(tuple(s for s in parts if s), total, f"{group.label}·{column.label}")


def _balances(block: BlockPlan, table: MoneyTable) -> Iterator[Balance]:
    cells = {(line.key, slot.key): slot for line in block.lines for slot in line.slots if line.source}
    for check in table.check:
        if check.equal is None:
            continue
        for column in check.columns:
            left, right = (tuple(cells[row, column] for row in side if (row, column) in cells) for side in check.equal)
            yield Balance(left, right, check.why)


def _ordered(block: BlockPlan, table: MoneyTable | IndicatorTable) -> Iterator[AtMost]:
    for check in table.check:
        if check.at_most is None:
            continue
        for line in block.lines:
            small, large = (line.slot(column) for column in check.at_most)
            if small is None or large is None:
                continue
            source = line.source
            accrues = isinstance(source, CatalogRow) and source.accrues
            yield AtMost(small, large, _row_label(line), check.why, accrues,
                         open_part=isinstance(table, MoneyTable) and source is None)  # fmt: skip


def _row_label(line: Line) -> str:
    if line.filed is not None:
        return line.filed.names[-1] or line.filed.names[-2] if len(line.filed.names) > 1 else line.filed.names[-1]
    return line.labels[-1] if line.labels else line.key
