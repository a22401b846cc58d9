"""测算表: the quantities that the printed rates follow from, asked for once per year, and what they give.

A quantity is a fact of its own (`measure.staff.last`). The rates are the printed rows of the
indicator tables that the dictionary has a `ratio` for; a form without such rows has no 测算表.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Literal

from jixiao_xl.forms.expr import Cell
from jixiao_xl.forms.indicators import Indicator, Ratio, indicator_named, known_quantities
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.spec import CatalogRow, Column, FormSpec, Group, IndicatorTable, MoneyTable, Row
from jixiao_xl.model.facts import BadPath, FactPath, bracket, parse_path
from jixiao_xl.model.indicator_value import Operator
from jixiao_xl.model.ratios import change_rate, execution_rate, show_percent
from jixiao_xl.model.records import dataclass

BLOCK = "measure"
SHEET = "测算表"
GROUP = "quantities"
NAME, WORDS, FIRST = 1, 2, 3
"""Columns of the sheet: what, how it is said, and the first of the years."""
HEAD_ROW, KEY_ROW = 4, 5
INAPPLICABLE = "不适用"
"""What a rate over nothing is."""
BETWEEN = 5
"""Rows from the last quantity to the first rate: a gap, a heading, two rows of heads."""
MONEY = "万元"
_BACK = {-1: "last", -2: "before_last", -3: "earlier"}
Amount = Callable[[Slot], Decimal | None]
Span = Literal["year", "half"]
_When = tuple[int, Span]
"""Year, counted from the filing's, and span of a column."""


@dataclass(frozen=True)
class MeasuredRate:
    """A rate with the cells that state it, by column; `row` is its line of the results."""

    name: str
    indicator: Indicator
    ratio: Ratio
    operator: Operator
    """What a target of it is compared with: `≤` where less is better."""
    row: int
    stated: dict[str, Slot]


@dataclass(frozen=True)
class MeasurePlan:
    """The sheet laid out: one line a quantity, one line a rate."""

    table: MoneyTable
    block: BlockPlan
    taken: dict[tuple[str, str], Slot]
    """Quantities that the form asks for elsewhere, by quantity and column."""
    rates: tuple[MeasuredRate, ...]

    @cached_property
    def slots(self) -> dict[tuple[str, str], Slot]:
        """Every cell of a quantity, asked or taken, by quantity and column; the blocked ones not."""
        asked = {(line.key, slot.key): slot for line in self.block.lines for slot in line.slots}
        return asked | self.taken

    @cached_property
    def results(self) -> tuple[Column, ...]:
        """The columns that rates are stated for; the others only serve a change."""
        return tuple(c for c in self.table.columns if any(c.id in rate.stated for rate in self.rates))

    @property
    def stated_at(self) -> int:
        """The first column of what the form states, behind the years."""
        return FIRST + len(self.table.columns)

    @property
    def marks_at(self) -> int:
        """The first column of the marks, whether stated and computed agree."""
        return self.stated_at + len(self.results)

    def column_of(self, column: str) -> int:
        return FIRST + [c.id for c in self.table.columns].index(column)

    def mark(self, rate: MeasuredRate, column: str) -> Cell:
        """The cell that says whether the stated value agrees with the computed one."""
        return Cell(SHEET, rate.row, self.marks_at + [c.id for c in self.results].index(column))

    def inputs(self, rate: MeasuredRate, column: str) -> tuple[tuple[str, str], tuple[str, str]] | None:
        """(quantity, column) above and below the line; for a change, of this year and of the year before."""
        if rate.ratio.op == "share":
            return (rate.ratio.of, column), (rate.ratio.to, column)
        columns = {_when(c): c for c in self.table.columns}
        year, span = next(when for when, c in columns.items() if c.id == column)
        before = columns.get((year - 1, span))
        return None if before is None else ((rate.ratio.of, column), (rate.ratio.of, before.id))


class Measures:
    """What the definition of a form makes of its 测算表, whoever files it. `table` is None when there is nothing to measure."""

    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec
        self.rates = tuple(_rates(spec))
        """Every printed rate whose formula is known, with its table."""
        self.columns: dict[_When, Column] = {}
        """The columns that rates are stated for, by year and span."""
        self.before: dict[_When, Column] = {}
        """The columns that only serve a change: each of them has no other use."""
        spans = {column.span for table, _, _ in self.rates for column in _value_columns(table)}
        said = {"half": "上半年", "year": "全年" if "half" in spans else ""}
        for table, _, ratio in self.rates:
            for column in _value_columns(table):
                year, span = _when(column)
                if (year, span) not in self.columns:
                    self.columns[year, span] = _column(year, span, column.id, said[span])
                if ratio.op == "change":
                    self.before[year - 1, span] = _column(year - 1, span, "", said[span])
        for when in self.columns:
            self.before.pop(when, None)
        self.taken = {key: path for key, path in _named(spec.form.quantities) if _stands(spec, path)}
        """Quantities that the form itself asks for, by quantity and column: the path of their fact."""

    @cached_property
    def table(self) -> MoneyTable | None:
        if not self.rates:
            return None
        used = {quantity for _, _, ratio in self.rates for quantity in (ratio.of, ratio.to)}
        rows = tuple(Row(id=q.id, label=q.label) for q in known_quantities().values() if q.id in used)
        columns = [*_in_time(self.before), *_in_time(self.columns)]
        group = Group(id=GROUP, label="基础数据", rows=rows)
        return MoneyTable(
            id=BLOCK, kind="money_table", sheet=SHEET, title=SHEET, columns=tuple(columns), group=(group,)
        )  # fmt: skip

    @cached_property
    def asked(self) -> dict[str, tuple[Column, ...]]:
        """The columns in which each quantity is asked for: nothing that the form asks already, and of the
        years that only serve a change no more than what changes."""
        if self.table is None:
            return {}
        changing = {ratio.of for _, _, ratio in self.rates if ratio.op == "change"}
        return {
            row.id: tuple(
                c for c in self.table.columns
                if (row.id, c.id) not in self.taken and (row.id in changing or _when(c) in self.columns)
            )
            for row in self.table.group[0].rows
        }  # fmt: skip


def _named(quantities: dict[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    for name, path in quantities.items():
        quantity, _, column = name.partition(".")
        yield (quantity, column), path


def _stands(spec: FormSpec, text: str) -> bool:
    """Whether the path is that of a printed line of a money table."""
    try:
        path = parse_path(text)
    except BadPath:
        return False
    block = spec.block_named(path.block)
    if not isinstance(block, MoneyTable):
        return False
    return any(
        path.parts == (group.id, row.id) and path.column == column.id
        for group in block.group for row in group.rows for column in block.columns_of(group)
    )  # fmt: skip


def is_measure(path: FactPath) -> bool:
    """Whether the path has the shape of a quantity's address."""
    return path == FactPath(BLOCK, path.column, path.parts) and len(path.parts) == 1


def _rates(spec: FormSpec) -> Iterator[tuple[IndicatorTable, CatalogRow, Ratio]]:
    """The printed rates; a long-term target is of no year that has figures."""
    for table in spec.block:
        if not isinstance(table, IndicatorTable) or table.repeat is not None or not any(_value_columns(table)):
            continue
        for row in spec.rows_of(table):
            indicator = indicator_named(row.levels[-1]) if not row.open and row.value == "percent" else None
            if indicator is not None and indicator.ratio is not None:
                yield table, row, indicator.ratio


def _value_columns(table: IndicatorTable) -> Iterator[Column]:
    return (c for c in table.columns if c.value == "indicator" and c.year is not None and c.year <= 0)


def _when(column: Column) -> _When:
    return column.year or 0, column.span


def _in_time(columns: dict[_When, Column]) -> list[Column]:
    return [columns[when] for when in sorted(columns, key=lambda when: (when[0], when[1] == "year"))]


def _column(year: int, span: Span, name: str, said: str) -> Column:
    """A year of the sheet; without a name of an indicator table's it is called by how far back it is."""
    label = (f"{{year{year:+d}}}年" if year else "{year}年") + said
    name = name or _BACK.get(year, f"back_{-year}") + ("_half" if span == "half" else "")
    return Column(id=name, label=label, year=year, span=span, fill="archive" if year < 0 else "enter")


_KNOWN: dict[str, Measures] = {}


def measures_of(spec: FormSpec) -> Measures:
    """The 测算表 of a form, worked out once."""
    key = f"{spec.form.id} {spec.form.edition}"
    known = _KNOWN.get(key)
    if known is None or known.spec is not spec:
        known = _KNOWN[key] = Measures(spec)
    return known


# ---- for one filing --------------------------------------------------------------------------
def plan_measures(plan: FormPlan) -> MeasurePlan | None:
    """The sheet for one filing, beside its form."""
    measures = measures_of(plan.spec)
    table = measures.table
    if table is None:
        return None
    place = {c.id: FIRST + n for n, c in enumerate(table.columns)}
    label = {c.id: plan.words.years(c.label) for c in table.columns}
    group = table.group[0]
    lines = []
    for n, row in enumerate(group.rows, 1):
        counted = known_quantities()[row.id].unit != MONEY
        slots = tuple(
            Slot(SHEET, KEY_ROW + n, place[c.id], "input", "money", c.id, f"{row.label}·{label[c.id]}",
                 FactPath(BLOCK, c.id, (row.id,)), archive=c.fill == "archive", counted=counted)
            for c in measures.asked[row.id]
        )  # fmt: skip
        lines.append(Line(row.id, KEY_ROW + n, slots, labels=(group.label, "", row.label), source=row, group=group))
    block = BlockPlan(table, 0, "", SHEET, SHEET, -1, HEAD_ROW, 1, KEY_ROW, tuple(lines), ())
    tables = [b for b in plan.blocks if isinstance(b.block, MoneyTable)] if measures.taken else []
    standing = {slot.path.text: slot for b in tables for slot in b.slots if slot.path}
    taken = {key: standing[path] for key, path in measures.taken.items() if path in standing}
    return MeasurePlan(table, block, taken, tuple(_measured_rates(plan, measures, block.last_row + BETWEEN)))


def _measured_rates(plan: FormPlan, measures: Measures, first_row: int) -> Iterator[MeasuredRate]:
    lines = {(b.block.id, line.key): line for b in plan.blocks if isinstance(b.block, IndicatorTable) for line in b.lines}
    for n, (table, row, ratio) in enumerate(measures.rates):
        indicator = indicator_named(row.levels[-1])
        assert indicator is not None
        line = lines[table.id, bracket(row.levels)]
        slots = ((measures.columns[_when(column)].id, line.slot(column.id)) for column in _value_columns(table))
        stated = {key: slot for key, slot in slots if slot is not None}
        yield MeasuredRate(row.levels[-1], indicator, ratio, _operator(row, indicator), first_row + n, stated)


def _operator(row: CatalogRow, indicator: Indicator) -> Operator:
    if (row.better or indicator.better) == "low":
        return "≤"
    return "=" if indicator.standard.startswith("=") else "≥"


# ---- what it gives ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Measured:
    """A rate as computed: the two amounts, and the fraction they give; None over nothing (不适用)."""

    of: Decimal
    to: Decimal
    fraction: Decimal | None

    def printed(self, operator: str = "") -> str:
        """In the form of an indicator value: `98.5%`, `≤100%`, `不适用`."""
        return INAPPLICABLE if self.fraction is None else f"{operator}{show_percent(self.fraction)}"


def measured(plan: MeasurePlan, rate: MeasuredRate, column: str, amount: Amount) -> Measured | None:
    """The rate of one column; None while an amount is missing (missing is not zero)."""
    inputs = plan.inputs(rate, column)
    slots = [plan.slots.get(key) for key in inputs or ()]
    numbers = [None if slot is None else amount(slot) for slot in slots]
    if len(numbers) < 2 or numbers[0] is None or numbers[1] is None:
        return None
    of, to = numbers[0], numbers[1]
    return Measured(of, to, change_rate(of, to) if rate.ratio.op == "change" else execution_rate(of, to))
