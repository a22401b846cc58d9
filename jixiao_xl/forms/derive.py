"""What follows from what on a form: totals, shares, rates, points, lights.

Stated once in the definition; formula, lock, check and help are all made from these values.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal, Protocol

from jixiao_xl.forms.plan import BlockPlan, ContentKind, FormPlan, Line, Slot
from jixiao_xl.forms.row_reading import RowReading
from jixiao_xl.forms.scored import INAPPLICABLE, Result, capped, done_share, funds_light, grade_word, row_light, row_points
from jixiao_xl.forms.spec import Column, Fields, IndicatorTable, MoneyTable, Row
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.amounts import SUM_PLACES, half_up, read_amount, show_amount
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.ratios import execution_rate, read_percent, share, show_percent
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.scoring import execution_points

Op = Literal["sum", "share", "rate", "fixed", "done", "score", "points", "total", "light", "done_light", "grade"]
"""What makes a cell follow. The last three show a word, all others a number."""
WORDS: tuple[Op, ...] = ("light", "done_light", "grade")
PERCENTS: tuple[Op, ...] = ("share", "rate", "done")
NUMBERS: tuple[ContentKind, ...] = ("money", "percent", "rate", "points", "integer")
"""The kinds of cell that hold a number; the others hold words and indicator values."""
Amount = Callable[[Slot], Decimal | None]


class Given(Protocol):
    """What is known of the cells that others follow from."""

    def number(self, slot: Slot) -> Decimal | None:
        """The amount, points or fraction of a slot; of a cell that follows, what follows."""

    def text(self, slot: Slot) -> str:
        """The value of a slot as printed; blank when there is none."""


@dataclass(frozen=True)
class Derived:
    """A cell whose value follows from `inputs`: the parts of a sum; part and whole of a share; executed and
    budget of a rate or a light; executed, budget and weight of points; target and done, of a score weight
    and 计分方式 too; the points that a grade says in a word."""

    slot: Slot
    op: Op
    inputs: tuple[Slot, ...]
    by: Slot | None = None
    """The month of a light, the execution rate that caps a total."""
    constant: Decimal | None = None
    """What a `fixed` cell shows."""
    pack: str = "default"
    """Whose thresholds scores, lights and grades go by."""
    reading: RowReading | None = None
    """Where the texts of an indicator row are read for its formulas."""
    names: tuple[Slot | str, ...] = ()
    """The levels of an indicator row: as printed, or the cell in which the unit writes them."""


def derived_cells(plan: FormPlan) -> tuple[Derived, ...]:
    """Every cell of the form that the filer need not enter; reader and judge ask the same plan for them."""
    known: tuple[Derived, ...] | None = plan.__dict__.get("derived_cells")
    if known is None:
        known = plan.__dict__["derived_cells"] = tuple(_derived_cells(plan))
    return known


def starts(plan: FormPlan) -> dict[int, Derived]:
    """By `id(slot)`: what an entry that nobody has made yet shows (得分 starts as 参考得分)."""
    known: dict[int, Derived] | None = plan.__dict__.get("starts")
    if known is None:
        own = {id(d.slot): d for d in derived_cells(plan)}
        pairs = (
            (slot, line.slot(slot.starts_as)) for b in plan.blocks for line in b.lines for slot in line.slots if slot.starts_as
        )
        known = plan.__dict__["starts"] = {id(slot): own[id(start)] for slot, start in pairs if id(start) in own}
    return known


def _derived_cells(plan: FormPlan) -> Iterator[Derived]:
    for block in plan.blocks:
        if isinstance(block.block, MoneyTable):
            yield from _of_money_table(plan, block, block.block)
        elif isinstance(block.block, IndicatorTable):
            if any(column.derived for column in block.block.columns):
                yield from _of_indicator_table(plan, block, block.block)
        elif isinstance(block.block, Fields):
            yield from _of_fields(plan, block, block.block)


def _of_money_table(plan: FormPlan, block: BlockPlan, table: MoneyTable) -> Iterator[Derived]:
    cells = {(line.key, slot.key): slot for line in block.lines for slot in line.slots if line.source}
    for line in block.lines:
        group = line.group
        assert group is not None
        for column in table.columns_of(group):
            slot = line.slot(column.id)
            if slot is None or slot.role != "derived":
                continue
            if column.share_of:
                yield from _if_all(slot, "share", (line.slot(column.share_of), cells.get((f"{group.id}.total", column.share_of))))
            elif column.derived:
                yield from _in_row(plan, line, column, slot)
            elif isinstance(line.source, Row) and line.source.points is not None and slot.content == "points":
                yield Derived(slot, "fixed", (), constant=line.source.points)
            else:
                yield from _if_all(slot, "sum", _parts(block, line, column.id))


def _of_indicator_table(plan: FormPlan, block: BlockPlan, table: IndicatorTable) -> Iterator[Derived]:
    for line in block.lines:
        reading = reading_of(table, line, plan.beside[block.sheet])
        names: tuple[Slot | str, ...] = (*line.labels, *(slot for slot in line.slots if slot.role == "name"))
        for column in table.columns:
            slot = line.slot(column.id)
            if column.derived and slot is not None:
                for derived in _in_row(plan, line, column, slot):
                    yield replace(derived, reading=reading, names=names)


def reading_of(table: IndicatorTable, line: Line, beside: int = 0) -> RowReading | None:
    """Where target and done of the row are read, once for all that follows from them; `beside` is the first column
    of the hidden cells, for those who write formulas."""
    pairs = (pair for c in table.columns for pair in (c.done_of, c.score_of and c.score_of[:2], c.light_of) if pair)
    pair = next(pairs, None)
    if pair is None:
        return None
    target, done = (line.slot(name) for name in pair)
    methods = (name for c in table.columns for name in (c.method, c.score_of and c.score_of[3]) if name)
    unit = next((c.unit_in for c in table.columns if c.id == pair[0]), None)
    if target is None or done is None:
        return None
    return RowReading(target, done, line.slot(next(methods, "")), line.slot(unit) if unit else None, beside)


def _in_row(plan: FormPlan, line: Line, column: Column, slot: Slot) -> Iterator[Derived]:
    """A cell that follows from others of its own row."""
    op, names = _op_of(column)
    inputs = tuple(line.slot(name) for name in names)
    month = _slot_at(plan, column.month) if column.month else None
    if column.light_of and column.method:
        inputs = (*inputs, line.slot(column.method))
    yield from _if_all(slot, op, inputs, month, plan.spec.form.pack)


def _op_of(column: Column) -> tuple[Op, tuple[str, ...]]:
    """The word of the definition, and the columns it names."""
    if column.light_of:
        return ("done_light" if column.method else "light"), column.light_of
    words: tuple[tuple[Op, tuple[str, ...] | None], ...] = (
        ("rate", column.rate_of), ("sum", column.sum_of or None), ("done", column.done_of),
        ("score", column.score_of), ("points", column.points_of),
    )  # fmt: skip
    return next((op, names) for op, names in words if names)


def _of_fields(plan: FormPlan, block: BlockPlan, fields: Fields) -> Iterator[Derived]:
    by_key = {slot.key: slot for slot in block.slots}
    for field in fields.fields:
        slot = by_key[field.id]
        if field.sum_of:
            yield Derived(slot, "sum", tuple(by_key[i] for i in field.sum_of))
        elif field.adds:
            rate = plan.by_path.get(field.capped_by) if field.capped_by else None
            parts = tuple(part for name in field.adds for part in _column_slots(plan, name))
            yield Derived(slot, "total", parts, rate, pack=plan.spec.form.pack)
        elif field.grade_of:
            yield Derived(slot, "grade", (by_key[field.grade_of],), pack=plan.spec.form.pack)


def _column_slots(plan: FormPlan, name: str) -> Iterator[Slot]:
    """The cells of `block.column`, but for those of lines that add others up."""
    block_id, _, column = name.partition(".")
    for block in plan.blocks:
        if block.block.id == block_id:
            for line in block.lines:
                slot = line.slot(column)
                is_sum = isinstance(line.source, Row) and line.source.derived and line.source.points is None
                if slot is not None and not is_sum:
                    yield slot


def _slot_at(plan: FormPlan, name: str) -> Slot | None:
    """The cell of `block.field`."""
    return plan.by_path.get(name)


def _if_all(
    slot: Slot, op: Op, inputs: tuple[Slot | None, ...], by: Slot | None = None, pack: str = "default"
) -> Iterator[Derived]:  # fmt: skip
    """Nothing where a line lacks one of the cells: its own stays as stated."""
    if all(inputs):
        yield Derived(slot, op, tuple(s for s in inputs if s), by, pack=pack)


def _parts(block: BlockPlan, line: Line, column: str) -> tuple[Slot | None, ...]:
    row, group = line.source, line.group
    assert isinstance(row, Row) and group is not None
    if row.sum_of_open:
        return tuple(each.slot(column) for each in block.lines if each.group == group and not each.source)
    keys = [f"{group.id}.{part}" for part in row.sum_of]
    return tuple(each.slot(column) for key in keys for each in block.lines if each.key == key)


def evaluate(derived: Derived, given: Given) -> Decimal | None:
    """The number that follows, None when there is nothing to follow from, and for a word.

    A blank part counts as nothing in a sum; a sum of blanks only is blank, not zero.
    A share or a rate (a fraction, 0.4059) needs both of its amounts.
    """
    if derived.op == "fixed":
        return derived.constant
    if derived.op in WORDS:
        return None
    if derived.op == "done":
        return done_share(_result(derived, given))
    if derived.op == "score":
        return row_points(_result(derived, given), given.number(derived.inputs[2]), derived.pack)
    numbers = [given.number(slot) for slot in derived.inputs]
    known = [n for n in numbers if n is not None]
    if derived.op in ("sum", "total"):
        total = half_up(sum(known, Decimal(0)), SUM_PLACES) if known else None
        return total if total is None or derived.by is None else capped(total, given.number(derived.by), derived.pack)
    if len(known) < len(numbers):
        return None
    if derived.op == "points":
        executed, budget, weight = known
        return execution_points(executed, budget, weight, thresholds_of(derived.pack).scoring)
    return share(*known) if derived.op == "share" else execution_rate(*known)


def shown(derived: Derived, given: Given) -> str | None:
    """What the cell shows, as printed: `12.50`, `96.23%`, `9.62`, `绿`; None where there is nothing to follow from."""
    if derived.op in WORDS:
        return _word(derived, given) or None
    value = evaluate(derived, given)
    if value is None:
        return INAPPLICABLE if derived.op in ("rate", "points") and _has_no_budget(derived, given) else None
    return show_percent(value) if derived.op in PERCENTS else show_amount(value)


def _has_no_budget(derived: Derived, given: Given) -> bool:
    """Whether all is known, and there is nothing to be executed."""
    numbers = [given.number(slot) for slot in derived.inputs]
    return None not in numbers and (numbers[1] or 0) <= 0


def _word(derived: Derived, given: Given) -> str:
    if derived.op == "grade":
        return grade_word(given.number(derived.inputs[0]), derived.pack)
    month = given.number(derived.by) if derived.by else None
    if derived.op == "light":
        executed, budget = map(given.number, derived.inputs)
        return funds_light(executed, budget, month, derived.pack)
    return row_light(_result(derived, given), month, derived.pack)


def _result(derived: Derived, given: Given) -> Result:
    """The indicator row that a cell follows from."""
    path = derived.slot.path
    assert derived.reading is not None
    return result_in(derived.reading, (path.names or ()) if path else (), given)


def result_in(reading: RowReading, names: tuple[str, ...], given: Given) -> Result:
    """The row as its formulas see it."""
    method = given.text(reading.method) if reading.method else ""
    unit = given.text(reading.unit) if reading.unit else ""
    return Result(given.text(reading.target), given.text(reading.done), method, names, unit)


class Inputs:
    """What a filing's entries give: a cell that follows is computed, whatever was claimed.

    Except where `stated` names its path: there a person wrote over the formula, and the other
    formulas of the sheet go on from what stands in the cell.
    """

    def __init__(self, plan: FormPlan, filing: Filing, stated: Container[str] = ()) -> None:
        self.filing, self.stated = filing, stated
        self.derived = {id(d.slot): d for d in derived_cells(plan)}
        self.starts = starts(plan)

    def _follows(self, slot: Slot) -> Derived | None:
        if id(slot) in self.starts and not (slot.path and self.filing.value(slot.path.text)):
            return self.starts[id(slot)]
        own = self.derived.get(id(slot))
        return own if own is not None and not (slot.path and slot.path.text in self.stated) else None

    def number(self, slot: Slot) -> Decimal | None:
        own = self._follows(slot)
        if own is not None:
            return evaluate(own, self)
        value = self.text(slot)
        return read_percent(value) if slot.content in ("rate", "percent") else read_amount(value)

    def text(self, slot: Slot) -> str:
        own = self._follows(slot)
        if own is not None:
            return shown(own, self) or ""
        return (self.filing.value(slot.path.text) if slot.path else None) or ""
