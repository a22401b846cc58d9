"""Which columns say what became of a year: of the money, of each indicator, of the whole.

Found by the words of the definition (`rate_of`, `light_of`, `outcome_of`, `grade_of`), never by the form's id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from jixiao_xl.forms.spec import Column, Fields, FormSpec, Group, IndicatorTable, MoneyTable, Row
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.records import dataclass

_LETTERS = re.compile(r"（[A-Z](?:/[A-Z])?）")


# ---- money -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Spending:
    """The columns of a money table that speak of execution."""

    table: MoneyTable
    budget: Column
    executed: Column
    rate: Column
    light: Column | None
    points: Column | None

    @property
    def whole(self) -> tuple[Group, Row] | None:
        """The line of the whole year's money: the first that adds others up and is in no further sum."""
        for group in self.table.group:
            inside = {part for row in group.rows for part in row.sum_of}
            for row in group.rows:
                if (row.derived and row.id not in inside) or len(group.rows) == 1:
                    return group, row
        return None


def spending_of(table: MoneyTable) -> Spending | None:
    """None for a table that prints no execution rate."""
    columns = {column.id: column for column in table.columns}
    rate = next((column for column in table.columns if column.rate_of and column.printed), None)
    if rate is None or rate.rate_of is None:
        return None
    executed, budget = rate.rate_of
    light = next((c for c in table.columns if c.light_of == rate.rate_of and c.printed), None)
    points = next((c for c in table.columns if c.points_of and c.points_of[:2] == rate.rate_of), None)
    return Spending(table, columns[budget], columns[executed], rate, light, points)


def amount_columns(table: MoneyTable) -> tuple[Column, ...]:
    """The printed columns that hold amounts of money, entered or summed: no shares, rates, points, words."""
    return tuple(c for c in table.columns if c.printed and c.value == "indicator" and c.shows in (None, "money"))


def this_year(table: MoneyTable) -> tuple[str, ...]:
    """Columns that say how much money the year has; where it is under way or over, budget and executed."""
    spending = spending_of(table)
    if spending is not None:
        return spending.budget.id, spending.executed.id
    return tuple(column.id for column in table.columns if column.year == 0 and not column.derived)


def spoken(label: str) -> str:
    """A heading without the letters that the form's footnotes and formulas use: 执行率 of 执行率（B/A）."""
    return _LETTERS.sub("", label)


# ---- indicators ----------------------------------------------------------------------------
@dataclass(frozen=True)
class OutcomeColumns:
    """The columns of an indicator table beside its target (`main_column`)."""

    done: Column
    """What was done: so far where the form asks for that (截至本月完成值), else in the end (实际完成值)."""
    light: Column | None
    parts: Mapping[str, str]
    """`operator` and `unit` to the columns in which they stand apart from the target's number."""
    needed: tuple[str, ...]
    """Every column that the figures of a row follow from."""


def outcome_columns(table: IndicatorTable) -> OutcomeColumns | None:
    """None for a table that sets targets."""
    columns, main = {column.id: column for column in table.columns}, table.main_column.id
    so_far = next((c.done_of[1] for c in columns.values() if c.done_of and c.done_of[0] == main), None)
    done = columns[so_far] if so_far else next((c for c in columns.values() if c.outcome_of == main), None)
    if done is None:
        return None
    light = next((c for c in columns.values() if c.light_of and c.light_of[0] == main and c.printed), None)
    parts = {str(c.part): c.id for c in columns.values() if c.part in ("operator", "unit") and c.id != main}
    following = [c for c in columns.values() if c.derived or c.value == "points"]
    follows = [name for c in following for name in (c.id, *c.sources) if name != c.cause_in]
    return OutcomeColumns(done, light, parts, tuple(dict.fromkeys((main, done.id, *parts.values(), *follows))))


def joined(text: str, operator: str, unit: str) -> str:
    """A target whose sign and unit stand in columns of their own, as one value: `≥23人`."""
    value = read_indicator_value(text)
    if value.number is None:
        return text
    sign = "" if value.operator or operator == "定性" else operator.replace("＝", "=")
    return f"{sign}{text}{'' if value.unit else unit}"


# ---- the whole -------------------------------------------------------------------------------
@dataclass(frozen=True)
class Verdict:
    """The fields in which a form says how many points there are, and which grade that is, as fact paths."""

    total: str
    grade: str


def verdict_of(spec: FormSpec) -> Verdict | None:
    """None for a form that gives no grade."""
    for block in spec.block:
        if isinstance(block, Fields):
            for field in block.fields:
                if field.grade_of:
                    return Verdict(f"{block.id}.{field.grade_of}", f"{block.id}.{field.id}")
    return None
