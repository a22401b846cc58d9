"""The words for tables: what a column holds, what a line is, and what of it follows from what.

The blocks that use them are in `spec.py`, which is where other rooms import them from.
"""

from __future__ import annotations

import graphlib
from decimal import Decimal
from typing import Annotated, Literal

from jixiao_xl.model.entries import Entry, Shape
from jixiao_xl.model.facts import Stage

Id = Annotated[str, Shape(r"^[a-z][a-z0-9_]*$")]
ARCHIVE_ORDER: tuple[Stage, ...] = ("evaluation", "monitoring", "approval", "declaration")
Shown = Literal["rate", "money", "points", "word"]
"""What a cell that follows shows: a percentage, an amount, points, a word such as 绿."""


class OpenRows(Entry):
    """Rows a unit may add below a line of a money table."""

    under: Id
    show: int = 3
    spare: int = 12


class Column(Entry):
    id: Id
    label: str
    over: tuple[str, ...] = ()
    """Merged headings above this column, outermost first."""
    year: int | None = None
    """0 当年, -1 上年, -2 前年, 3 the third year to come."""
    span: Literal["year", "half"] = "year"
    fill: Literal["enter", "archive", "carried"] = "enter"
    """Who fills it: the unit, 提取上年数, or what the unit filed for an earlier stage of the same year."""
    archive_from: tuple[Stage, ...] = ARCHIVE_ORDER
    carries: str = ""
    """`block.column` of an earlier stage whose lines are called the same (全年预算数 of the 监控表)."""
    treasury: Literal["budget", "adjustment", "adjusted", "executed"] | None = None
    """What of the treasury's export stands here, in the lines that are `treasury`."""
    outcome_of: Id | None = None
    """What became of that column (实际完成值 of 年初目标值): next year's 上年数 takes it before the target."""
    share_of: Id | None = None
    rate_of: tuple[Id, Id] | None = None
    """Executed over budget, both columns of the same row."""
    sum_of: tuple[Id, ...] = ()
    """Columns of the same row that add up to this one (全年预算数 = 年初预算数 + 调整)."""
    done_of: tuple[Id, Id] | None = None
    """Target and done: done over target, both indicator values of the same row (完成比例)."""
    score_of: tuple[Id, Id, Id, Id] | None = None
    """Target, done, weight and 计分方式 of the same row give the points."""
    points_of: tuple[Id, Id, Id] | None = None
    """Executed, budget and weight of the same row give the points of the funds."""
    light_of: tuple[Id, Id] | None = None
    """Target and done, or executed and budget: the light, by the months that `month` tells."""
    month: str = ""
    """`block.field` that tells up to which month a light looks."""
    unit_in: Id | None = None
    """The column that holds the unit of this target, where the form has it apart."""
    method: Id | None = None
    """The column of 计分方式 that a light goes by."""
    starts_as: Id | None = None
    """The column whose value stands here until a person writes another one."""
    weight_in: Id | None = None
    """The column of the most points that may stand here."""
    cause_in: Id | None = None
    """The column in which a person says why it is less than it should be."""
    signed: bool = False
    """The amounts may be less than nothing (预算调整)."""
    part: Literal["operator", "number", "unit"] | None = None
    """Which part of a target is carried into the column (指标性质、指标值、度量单位 stand apart); all of it when none."""
    value: Literal["indicator", "text", "points"] = "indicator"
    """What is entered. In a money table `indicator`, which needs not be said, is an amount."""
    choices: Id | None = None
    required: bool = False
    max_chars: int | None = None
    printed: bool = True
    """An unprinted column helps the filer; it is no fact of the form."""
    refers_to: str | None = None
    """`block.row`: the names of that row's open rows, several joined by commas."""

    @property
    def derived(self) -> bool:
        return self.shows is not None

    @property
    def shows(self) -> Shown | None:
        """What the column shows where its cells follow from others; None where they are entered."""
        if self.share_of or self.rate_of or self.done_of:
            return "rate"
        if self.score_of or self.points_of:
            return "points"
        return "word" if self.light_of else "money" if self.sum_of else None

    @property
    def sources(self) -> tuple[Id, ...]:
        """The columns of the same row that this one follows from."""
        given = (self.rate_of, self.sum_of, self.done_of, self.score_of, self.points_of, self.light_of)
        named = (self.share_of, self.method, self.starts_as, self.weight_in, self.cause_in, self.outcome_of, self.unit_in)
        return (*(n for each in given for n in each or ()), *(n for n in named if n))


class Row(Entry):
    id: Id
    label: str
    under: str = ""
    """A nested label to the left (财政拨款 of 小计)."""
    sum_of: tuple[Id, ...] = ()
    sum_of_open: bool = False
    printed: bool = True
    was: tuple[str, ...] = ()
    """`group.row` this line had in earlier editions."""
    lacks: tuple[Id, ...] = ()
    """Columns that this line does not have."""
    points: Decimal | None = None
    """What stands in the columns of points that nobody else gives: the 分值 of the funds."""
    treasury: bool = False
    """The line of what the treasury pays (财政拨款)."""
    takes_rest: bool = False
    """What is left of the approved total when the other lines have been carried."""
    carries: tuple[str, ...] = ()
    """Fact paths of earlier stages, the first that was filed is carried into the column that is `carried`."""

    @property
    def derived(self) -> bool:
        return bool(self.sum_of) or self.sum_of_open


class Group(Entry):
    id: Id
    label: str
    rows: tuple[Row, ...]
    only: tuple[Id, ...] = ()
    """The columns this group has; all of the table's when empty."""
    open_rows: OpenRows | None = None

    def row(self, row_id: str) -> Row:
        return next(row for row in self.rows if row.id == row_id)

    def __post_init__(self) -> None:
        """Its sums are answerable."""
        ids = {row.id for row in self.rows}
        for row in self.rows:
            if unknown := set(row.sum_of) - ids:
                raise ValueError(f"DEF103 {self.id}.{row.id} 的 sum_of 引用了不存在的行 {sorted(unknown)}")
            if row.sum_of_open and (self.open_rows is None or self.open_rows.under != row.id):
                raise ValueError(f"DEF103 {self.id}.{row.id} 写了 sum_of_open,但没有 under = {row.id} 的 open_rows")
        try:
            # total first on the 江苏 form, so order proves nothing
            graphlib.TopologicalSorter({row.id: row.sum_of for row in self.rows}).prepare()
        except graphlib.CycleError as error:
            raise ValueError(f"DEF104 {self.id} 的合计互相引用 {error.args[1]}") from None
        if self.open_rows is not None and self.open_rows.under not in ids:
            raise ValueError(f"DEF103 {self.id} 的 open_rows 引用了不存在的行 {self.open_rows.under}")


class Check(Entry):
    """A relation that is no cell's definition. Exactly one of `equal` and `at_most` is given."""

    equal: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    """Two lists of `group.row`; their sums agree in every column named."""
    at_most: tuple[Id, Id] | None = None
    """In every row, the first column is no more than the second."""
    columns: tuple[Id, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        """Exactly one relation."""
        if (self.equal is None) == (self.at_most is None):
            raise ValueError("DEF106 check 必须且只能写 equal 或 at_most 之一")
