"""The cells of a form: what a place carries, which line it is on, which block the line is of.

Values only; where they sit is decided in `layout.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import TYPE_CHECKING, Literal

from jixiao_xl.forms.placing import FiledRow
from jixiao_xl.forms.spec import Block, CatalogRow, FormSpec, Group, Row
from jixiao_xl.forms.wording import Wording
from jixiao_xl.model.facts import FactPath
from jixiao_xl.model.kept import kept
from jixiao_xl.model.places import address
from jixiao_xl.model.records import dataclass

if TYPE_CHECKING:
    from jixiao_xl.forms.measures import MeasurePlan

Role = Literal["input", "derived", "name", "join"]
ContentKind = Literal[
    "text", "long_text", "paragraph", "indicator", "money", "percent", "rate", "date", "year", "integer", "points", "word"
]


@dataclass(frozen=True)
class Slot:
    """One cell that carries something of the filing. `path` is None while a row has no name."""

    sheet: str
    row: int
    column: int
    role: Role
    content: ContentKind
    key: str
    """Column key: a column id, a field id, `level2`, `text`, `join`."""
    label: str
    path: FactPath | None = None
    required: bool = False
    max_chars: int = 60
    choices: str = ""
    to_column: int = -1
    """Last column of a merged cell; -1 when the cell stands alone."""
    pattern: str = ""
    hint: str = ""
    identity: str = ""
    printed: bool = True
    archive: bool = False
    starts_as: str = ""
    """Key of the cell of the same line whose value stands here until a person writes another one."""
    signed: bool = False
    """An amount that may be less than nothing."""
    counted: bool = False
    """A number of people or things, not an amount of money."""

    @property
    def cell(self) -> str:
        return address(self.row, self.column)


@dataclass(frozen=True)
class Line:
    """One row of a block on a sheet."""

    key: str
    row: int
    slots: tuple[Slot, ...]
    hidden: bool = False
    printed: bool = True
    labels: tuple[str, ...] = ()
    """Words printed to the left: group and row of a money table, the levels of an indicator."""
    source: Row | CatalogRow | None = None
    group: Group | None = None
    filed: FiledRow | None = None

    def slot(self, key: str) -> Slot | None:
        return self._by_key.get(key)

    @kept
    def _by_key(self) -> dict[str, Slot]:
        return {slot.key: slot for slot in reversed(self.slots)}


@dataclass(frozen=True)
class Heading:
    """A column of a block: its key, what stands above it, and its width in full-width chars."""

    key: str
    label: str
    over: tuple[str, ...] = ()
    width_chars: int = 8
    printed: bool = True


@dataclass(frozen=True)
class BlockPlan:
    """One instance of a block with all its cells."""

    block: Block
    number: int
    instance: str
    sheet: str
    title: str
    title_row: int
    head_row: int
    head_rows: int
    key_row: int
    lines: tuple[Line, ...]
    headings: tuple[Heading, ...]
    shown: bool = True

    @property
    def name(self) -> str:
        """The defined name without its `jx.` prefix."""
        return f"{self.block.id}.{self.number}" if self.number else self.block.id

    @property
    def last_row(self) -> int:
        return self.lines[-1].row if self.lines else self.key_row

    @kept
    def slots(self) -> tuple[Slot, ...]:
        return tuple(slot for line in self.lines for slot in line.slots)


@dataclass(frozen=True)
class ReasonLine:
    """A filled row of the 情况说明: which finding, where it says that is, and the cell of its text."""

    code: str
    place: str
    slot: Slot


@dataclass(frozen=True)
class FormPlan:
    """The whole form laid out for one filing (or for nobody)."""

    spec: FormSpec
    words: Wording
    blocks: tuple[BlockPlan, ...]
    widths: dict[str, int] = field(default_factory=dict)
    """Grid columns per sheet, the key column not counted."""
    beside: dict[str, int] = field(default_factory=dict)
    """First column per sheet that is free for hidden cells, to the right of all that is laid out."""
    reasons: tuple[ReasonLine, ...] = ()
    """Beside the form: the unit's reasons for warnings. They are no block, and not on the paper."""
    measure: MeasurePlan | None = None
    """Beside the form too: the 测算表, where the form prints rates whose formula is known."""

    @kept
    def sheets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(plan.sheet for plan in self.blocks))

    @kept
    def entered(self) -> tuple[BlockPlan, ...]:
        """Every block that holds entries: those of the form, and the quantities of the 测算表."""
        return (*self.blocks, self.measure.block) if self.measure else self.blocks

    @kept
    def by_path(self) -> dict[str, Slot]:
        """Every named place of a value, by path text; reasons given are among them."""
        slots = [slot for plan in self.entered for slot in plan.slots if slot.role in ("input", "derived")]
        slots += [line.slot for line in self.reasons]
        return {slot.path.text: slot for slot in slots if slot.path is not None}

    def on_sheet(self, sheet: str) -> Iterator[BlockPlan]:
        return (plan for plan in self.blocks if plan.sheet == sheet)
