"""What follows from what on a form: totals, shares, rates, and the relations between cells.

Stated once in the definition; formula, lock, check and help are all made from these values.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from decimal import Decimal
from typing import Literal

from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, Fields, IndicatorTable, MoneyTable, Row, Schedule
from jixiao_xl.model.amounts import SUM_PLACES, half_up, read_amount
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.ratios import execution_rate, share
from jixiao_xl.model.records import dataclass

Op = Literal["sum", "share", "rate"]
Amount = Callable[[Slot], Decimal | None]


@dataclass(frozen=True)
class Derived:
    """A cell whose value follows: sum of inputs, share (part, whole) or rate (executed, budget)."""

    slot: Slot
    op: Op
    inputs: tuple[Slot, ...]


def derived_cells(plan: FormPlan) -> tuple[Derived, ...]:
    """Every cell of the form that the filer need not enter; reader and judge ask the same plan for them."""
    known: tuple[Derived, ...] | None = plan.__dict__.get("derived_cells")
    if known is None:
        known = plan.__dict__["derived_cells"] = tuple(_derived_cells(plan))
    return known


def _derived_cells(plan: FormPlan) -> Iterator[Derived]:
    for block in plan.blocks:
        if isinstance(block.block, MoneyTable):
            yield from _of_money_table(block, block.block)
        elif isinstance(block.block, Fields):
            by_key = {slot.key: slot for slot in block.slots}
            for field in block.block.fields:
                if field.sum_of:
                    yield Derived(by_key[field.id], "sum", tuple(by_key[i] for i in field.sum_of))


def _of_money_table(block: BlockPlan, table: MoneyTable) -> Iterator[Derived]:
    cells = {(line.key, slot.key): slot for line in block.lines for slot in line.slots if line.source}
    for line in block.lines:
        group = line.group
        assert group is not None
        for column in table.columns_of(group):
            slot = line.slot(column.id)
            if slot is None or slot.role != "derived":
                continue
            if column.share_of:
                inputs: tuple[Slot | None, ...] = (line.slot(column.share_of), cells.get((f"{group.id}.total", column.share_of)))
                op: Op = "share"
            elif column.rate_of:
                inputs = (line.slot(column.rate_of[0]), line.slot(column.rate_of[1]))
                op = "rate"
            else:
                inputs, op = _parts(block, line, column.id), "sum"
            if all(inputs):
                yield Derived(slot, op, tuple(s for s in inputs if s))


def _parts(block: BlockPlan, line: Line, column: str) -> tuple[Slot | None, ...]:
    row, group = line.source, line.group
    assert isinstance(row, Row) and group is not None
    if row.sum_of_open:
        return tuple(each.slot(column) for each in block.lines if each.group == group and not each.source)
    keys = [f"{group.id}.{part}" for part in row.sum_of]
    return tuple(each.slot(column) for key in keys for each in block.lines if each.key == key)


def evaluate(derived: Derived, amount: Amount) -> Decimal | None:
    """The value that follows, None when there is nothing to follow from.

    A blank part counts as nothing in a sum; a sum of blanks only is blank, not zero.
    A share or a rate (a fraction, 0.4059) needs both of its amounts.
    """
    numbers = [amount(slot) for slot in derived.inputs]
    known = [n for n in numbers if n is not None]
    if derived.op == "sum":
        return half_up(sum(known, Decimal(0)), SUM_PLACES) if known else None
    if len(known) < 2:
        return None
    return share(*known) if derived.op == "share" else execution_rate(*known)


def input_amounts(plan: FormPlan, filing: Filing, stated: Container[str] = ()) -> Amount:
    """The amount of a slot from inputs: a derived one is computed, whatever was claimed.

    Except where `stated` names its path: there a person wrote over the formula, and the other
    formulas of the sheet go on from what stands in the cell.
    """
    derived = {id(d.slot): d for d in derived_cells(plan)}

    def amount(slot: Slot) -> Decimal | None:
        own = derived.get(id(slot))
        if own is not None and not (slot.path and slot.path.text in stated):
            return evaluate(own, amount)
        value = filing.value(slot.path.text) if slot.path else None
        return None if value is None else read_amount(value)

    return amount


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
