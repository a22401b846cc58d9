"""What may a definition file say? These models, and nothing else.

A definition says what the form says: blocks, lines, columns, what follows from what.
It never names a row number, a letter, a width or a colour.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from jixiao_xl.forms.columns import ARCHIVE_ORDER, Check, Column, Group, Id, OpenRows, Row
from jixiao_xl.model.entries import ByKind, Entry, Shape
from jixiao_xl.model.facts import Stage
from jixiao_xl.model.names import OPEN, normalised

__all__ = [
    "ARCHIVE_ORDER", "BESIDE_THE_FORM", "Approved", "Block", "Catalog", "CatalogRow", "Check", "Choices", "Column", "FieldSpec",
    "Fields", "FormSpec", "Group", "Head", "Id", "IndicatorTable", "Line", "MoneyTable", "Narrative", "OpenRows", "Point",
    "Repeat", "Row", "Schedule",
]  # fmt: skip

FieldKind = Literal["text", "long_text", "date", "money", "percent", "integer", "year", "points", "word"]
ValueKind = Literal["percent", "count", "money", "grade", "any"]
BESIDE_THE_FORM = ("measure", "reasons")  # blocks of every form, of the 测算表 and the 情况说明


class Repeat(Entry):
    """A group of blocks that a unit fills as often as it has goals or projects."""

    label: str
    """Heading of one instance; `{n}` is its number."""
    as_: Literal["sheets", "stacked"] = "stacked"
    start: int = 1
    """Instances shown in an empty template."""
    spare: int = 0
    """More instances, hidden until used."""
    max: int = 40
    code: str = ""
    """`block.field` that names an instance in fact paths; without one it is `#n`."""


class FieldSpec(Entry):
    id: Id
    label: str
    value: FieldKind = "text"
    required: bool = False
    stages: tuple[Stage, ...] = ()
    """The stages in which a required field is demanded; all when empty."""
    pattern: str | None = None
    hint: str = ""
    said: str = ""
    """How the value is said beside a heading on paper: `截止{}年`."""
    sum_of: tuple[Id, ...] = ()
    adds: tuple[str, ...] = ()
    """`block.column` of tables: every line of them that is no total of others adds up to this field."""
    capped_by: str = ""
    """Fact path of an execution rate that limits `adds`, by the caps of the rule pack."""
    tells_month: bool = False
    """Up to which month the form looks: the last one that the treasury's export is known for."""
    must_be: Decimal | None = None
    """What the points have to add up to."""
    grade_of: Id | None = None
    """The field of the same block whose points this one says in a word (优、良、中、差)."""
    max_chars: int | None = None
    choices: Id | None = None
    identity: Literal["unit_name", "unit_key", ""] = ""
    """The field shows a part of the filing's identity."""

    @property
    def derived(self) -> bool:
        return bool(self.sum_of or self.adds or self.grade_of)


class Line(Entry):
    """Fields that share a line of the paper, with an optional merged label on the left."""

    side: str = ""
    fields: tuple[FieldSpec, ...]


class _Block(Entry):
    id: Id
    sheet: str
    title: str
    caption: str = ""
    """A line above the block; `{unit_name}` and `{block.field}` are replaced."""
    notes: tuple[str, ...] = ()
    repeat: Id | None = None


class Fields(_Block):
    kind: Literal["fields"]
    lines: tuple[Line, ...]

    @property
    def fields(self) -> tuple[FieldSpec, ...]:
        return tuple(field for line in self.lines for field in line.fields)


class Narrative(_Block):
    kind: Literal["narrative"]
    required: bool = False
    fields: tuple[FieldSpec, ...] = ()
    """Small entries beside the heading (截止年份)."""
    show: int = 10
    spare: int = 20
    help: str = ""
    carries: tuple[Id, ...] = ()
    """Prose of earlier stages, the first that was filed is carried."""


class MoneyTable(_Block):
    kind: Literal["money_table"]
    unit: Literal["万元", "元"] = "万元"
    decimals: int = 2
    corner: str = ""
    columns: tuple[Column, ...]
    group: tuple[Group, ...]
    check: tuple[Check, ...] = ()

    def columns_of(self, group: Group) -> tuple[Column, ...]:
        return tuple(c for c in self.columns if not group.only or c.id in group.only)

    def group_named(self, group_id: str) -> Group:
        return next(group for group in self.group if group.id == group_id)

    def __post_init__(self) -> None:
        """Its columns and checks resolve."""
        ids = {column.id for column in self.columns}
        rows = {f"{group.id}.{row.id}" for group in self.group for row in group.rows}
        _columns_resolve(self.id, self.columns)
        if any(column.share_of for column in self.columns):
            for group in self.group:
                if "total" not in {row.id for row in group.rows}:
                    raise ValueError(f"DEF105 {self.id}.{group.id} 有占比列,必须有 id 为 total 的合计行")
        for check in self.check:
            if unknown := {name for side in check.equal or () for name in side} - rows:
                raise ValueError(f"DEF106 {self.id} 的 check 引用了不存在的行 {sorted(unknown)}")
            if unknown := {*check.columns, *(check.at_most or ())} - ids:
                raise ValueError(f"DEF106 {self.id} 的 check 引用了不存在的列 {sorted(unknown)}")


class CatalogRow(Entry):
    """A line of an indicator table. A level written …… is filled by the unit; such a row repeats."""

    levels: tuple[str, ...]
    value: ValueKind = "any"
    better: Literal["high", "low", ""] = ""
    accrues: bool = False
    """A rate that grows over the year: reaching its full-year value by half-year needs a word."""
    show: int = 1
    spare: int = 3
    required: bool = False
    """A heading under which something must be filed, if only 不适用."""
    was: tuple[str, ...] = ()

    @cached_property
    def open(self) -> bool:
        return OPEN in self.levels

    @cached_property
    def fixed_normalised(self) -> tuple[str, ...]:
        """The fixed levels without width, quotes and blanks, for comparing."""
        return tuple(map(normalised, self.fixed_levels))

    @cached_property
    def fixed_levels(self) -> tuple[str, ...]:
        """The levels the form prints, before the first one left to the unit."""
        return self.levels[: self.levels.index(OPEN)] if self.open else self.levels


class IndicatorTable(_Block):
    kind: Literal["indicator_table"]
    levels: tuple[str, ...]
    columns: tuple[Column, ...]
    catalog: Id | None = None
    rows: tuple[CatalogRow, ...] = ()
    choices: tuple[tuple[str, Id], ...] = ()
    """Drop-downs for levels left to the unit: (level label, choices id)."""
    level_refers_to: tuple[tuple[str, str], ...] = ()
    """(level label, `block.group.row`): the level names open rows of a money table."""
    check: tuple[Check, ...] = ()

    @cached_property
    def main_column(self) -> Column:
        """The column a row is about: the last required indicator value (预期当年实现值)."""
        wanted = [c for c in self.columns if c.required and c.value == "indicator"]
        return (wanted or list(self.columns))[-1]

    def __post_init__(self) -> None:
        """Its rows fit its levels."""
        if len(self.levels) < 2:
            raise ValueError(f"DEF107 {self.id} 的 levels 至少要有两级")
        _columns_resolve(self.id, self.columns)
        if (self.catalog is None) == (not self.rows):
            raise ValueError(f"DEF107 {self.id} 必须写 catalog 或 rows 之一")
        _levels_are_complete(self.id, self.rows, len(self.levels))


class Point(Entry):
    id: Id
    label: str
    must_be: str | None = None
    """The percent this point has to reach (`100%`)."""


class Schedule(_Block):
    kind: Literal["schedule"]
    points: tuple[Point, ...]
    cumulative: bool = True


Block = Annotated[Fields | Narrative | MoneyTable | IndicatorTable | Schedule, ByKind()]


class Catalog(Entry):
    rows: tuple[CatalogRow, ...]


class Choices(Entry):
    items: tuple[str, ...]
    aliases: dict[str, str] = field(default_factory=dict)
    stop: bool = True
    """Whether a word outside the list is refused; otherwise it is only proposed."""


class Approved(Entry):
    """Which facts of the form the approved budget speaks of."""

    totals: tuple[str, ...] = ()
    """Fact paths of the department's total."""
    projects: str = ""
    """`block.group.row.column` of open rows, or `block.field` of a repeated block."""
    project_name: str = ""
    """The field that names a repeated block's project."""


class Head(Entry):
    id: Annotated[str, Shape(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")]
    edition: Annotated[str, Shape(r"^[0-9]{4}$")]
    """The year in which the layout came into force."""
    title: str
    """`{year}`, `{stage}` and `{unit_name}` are replaced."""
    heading: tuple[str, ...] = ()
    """Lines printed above the title (附件2:)."""
    subtitle: str = ""
    stages: dict[Stage, str]
    unit: Literal["万元", "元"] = "万元"
    pack: str = "default"
    approved: Approved = Approved()
    quantities: dict[str, str] = field(default_factory=dict)
    """`quantity.column` of the 测算表 to the fact path where the form itself asks for it."""
    follows: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ("单位负责人", "财务负责人", "填报人")
    notes: tuple[str, ...] = ()
    source: str = ""
    landscape: bool = False
    """Printed on A4 lying on its side: a table of many columns."""

    @property
    def first_stage(self) -> Stage:
        """The stage meant where nobody names one."""
        return next(iter(self.stages))


class FormSpec(Entry):
    form: Head
    repeat: dict[Id, Repeat] = field(default_factory=dict)
    block: tuple[Block, ...]
    catalog: dict[Id, Catalog] = field(default_factory=dict)
    choices: dict[Id, Choices] = field(default_factory=dict)

    def rows_of(self, table: IndicatorTable) -> tuple[CatalogRow, ...]:
        return table.rows or self.catalog[table.catalog or ""].rows

    def block_named(self, block_id: str) -> Block | None:
        return next((block for block in self.block if block.id == block_id), None)

    def _has_cells(self, name: str) -> bool:
        """Whether there is such a block, with such a field or column."""
        block_id, _, own = name.partition(".")
        block = self.block_named(block_id)
        if isinstance(block, MoneyTable | IndicatorTable):
            return own in {column.id for column in block.columns}
        return isinstance(block, Fields) and own in {each.id for each in block.fields}

    @cached_property
    def is_follow_up(self) -> bool:
        """Whether it takes targets over from an earlier stage, instead of setting them."""
        return any(c.fill == "carried" for b in self.block if isinstance(b, MoneyTable | IndicatorTable) for c in b.columns)

    def money_tables(self) -> Iterator[MoneyTable]:
        return (block for block in self.block if isinstance(block, MoneyTable))

    def __post_init__(self) -> None:
        """Every name resolves."""
        ids = [*BESIDE_THE_FORM, *(block.id for block in self.block)]
        if doubled := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"DEF108 栏目 id 重复 {sorted(doubled)}")
        for block in self.block:
            if block.repeat is not None and block.repeat not in self.repeat:
                raise ValueError(f"DEF108 {block.id} 的 repeat {block.repeat} 没有定义")
            if isinstance(block, IndicatorTable):
                if block.catalog is not None and block.catalog not in self.catalog:
                    raise ValueError(f"DEF108 {block.id} 的指标库 {block.catalog} 不存在")
                _levels_are_complete(block.id, self.rows_of(block), len(block.levels))
            for name in _cells_named(block):
                if not self._has_cells(name):
                    raise ValueError(f"DEF108 {block.id} 引用的 {name} 不存在")
            for choices in _choices_named(block):
                if choices not in self.choices:
                    raise ValueError(f"DEF108 {block.id} 的下拉项 {choices} 不存在")


def _columns_resolve(block_id: str, columns: tuple[Column, ...]) -> None:
    ids = {column.id for column in columns}
    for column in columns:
        if unknown := set(column.sources) - ids:
            raise ValueError(f"DEF105 {block_id}.{column.id} 引用了不存在的列 {sorted(unknown)}")


def _levels_are_complete(block_id: str, rows: tuple[CatalogRow, ...], levels: int) -> None:
    for row in rows:
        if len(row.levels) != levels:
            raise ValueError(f"DEF107 {block_id} 的指标行 {'/'.join(row.levels)} 级数与 levels 不同")
        if row.open and any(name != OPEN for name in row.levels[row.levels.index(OPEN) :]):
            raise ValueError(f"DEF107 {block_id} 的指标行 {'/'.join(row.levels)} 在……之后不能再写名称")


def _cells_named(block: Block) -> Iterator[str]:
    """`block.field` or `block.column` of other blocks, by which cells of this one follow."""
    if isinstance(block, MoneyTable | IndicatorTable):
        yield from (column.month for column in block.columns if column.month)
    elif isinstance(block, Fields):
        for each in block.fields:
            yield from each.adds
            if each.capped_by:
                named = each.capped_by.split(".")
                yield f"{named[0]}.{named[-1]}"
            if each.grade_of:
                yield f"{block.id}.{each.grade_of}"


def _choices_named(block: Block) -> Iterator[str]:
    if isinstance(block, Fields | Narrative):
        yield from (field.choices for field in block.fields if field.choices)
    elif isinstance(block, MoneyTable | IndicatorTable):
        yield from (column.choices for column in block.columns if column.choices)
        if isinstance(block, IndicatorTable):
            yield from (choices for _, choices in block.choices)
