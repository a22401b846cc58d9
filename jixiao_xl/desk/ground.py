"""The rows of an open workbook as they stand: which are printed, which are left to the unit, what each holds.

A plan says where a form would put things; this says where they are. Keys, not addresses, bind them, so
that blank rows between filled ones, and rows that were never used, are where the sheet has them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from jixiao_xl.desk.cell_changes import Spot, Value
from jixiao_xl.forms.expr import Cell
from jixiao_xl.forms.formulas import is_started, started_as
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.facts import BadPath, parse_path
from jixiao_xl.model.names import OPEN, normalised, tidy
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.areas import FIELD_KEY, Area, column_keys, find_areas, instance_names
from jixiao_xl.workbook.sheets import Sheets

PROSE = "p"
"""The key of every row of a prose block, which are one place."""
Names = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One row of a block: what binds it, and what its cells that a person fills hold."""

    row: int
    key: str
    """`p` for a paragraph."""
    printed: Names
    """The names that the form prints, from the left."""
    name_columns: tuple[int, ...]
    """Where the names left to the unit are entered."""
    columns: Mapping[str, int]
    """The value cells that a person fills, by column id."""
    holds: Mapping[int, Value]
    """By column, for both."""
    shows: Mapping[int, str]
    """The same as text."""
    starts: Mapping[int, str] = field(default_factory=dict)
    """By column, the form's own formula of an entry that starts as another cell (得分 as 参考得分)."""
    proposed: frozenset[int] = frozenset()
    """The columns of `starts` where nobody has written over the formula yet."""

    @property
    def is_open(self) -> bool:
        """Whether the row is left to the unit."""
        return self.key == PROSE or self.key.endswith(f"{OPEN}]")

    @cached_property
    def is_blank(self) -> bool:
        return not any(text.strip() for text in self.shows.values())

    @cached_property
    def names(self) -> Names:
        """All names of the row, printed and entered."""
        return (*self.printed, *(tidy(self.shows[column]) for column in self.name_columns))

    @property
    def cells(self) -> tuple[int, ...]:
        """Every column that a person fills, from the left."""
        return tuple(sorted(self.holds))

    def said(self) -> str:
        """What the row holds, in short."""
        told = [*(self.names if self.key != PROSE else ()), *(self.shows[c] for c in self.columns.values())]
        text = "，".join(word.strip() for word in told if word.strip())
        return text if len(text) <= 60 else f"{text[:60]}…"


@dataclass(frozen=True)
class Stand:
    """One block as it stands on its sheet."""

    area: Area
    instance: str
    rows: tuple[Row, ...]
    places: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    """The rows left to the unit, by their key, each place from the top down."""

    @property
    def name(self) -> str:
        """`annual_indicators`, `goal_indicators.2`."""
        return self.area.name

    @property
    def block(self) -> IndicatorTable | MoneyTable | Narrative:
        assert isinstance(self.area.block, IndicatorTable | MoneyTable | Narrative)
        return self.area.block

    @cached_property
    def printed_rows(self) -> dict[Names, Row]:
        """The rows that the form prints, by their normalised names (an indicator table's)."""
        return {tuple(map(normalised, row.printed)): row for row in self.rows if not row.is_open}

    def place_for(self, names: Names) -> str | None:
        """The key of the rows left to the unit that take such names: those under the same printed headings
        first, else those under none; None where there are no such rows."""
        plain = tuple(map(normalised, names))
        fitting = [
            (len(rows[0].printed), key) for key, rows in self.places.items()
            if tuple(map(normalised, rows[0].printed)) == plain[: len(rows[0].printed)]
        ]  # fmt: skip
        return max(fitting, key=lambda one: one[0])[1] if fitting else None

    def row_at(self, row: int) -> Row | None:
        return next((r for r in self.rows if r.row == row), None)


class Ground:
    """Every table and every prose block of the form, with their rows."""

    def __init__(self, stands: tuple[Stand, ...]) -> None:
        self.stands = stands

    @classmethod
    def of(cls, sheets: Sheets, spec: FormSpec) -> Ground:
        areas, _ = find_areas(sheets, spec)
        instances = instance_names(sheets, spec, areas)
        found = (
            _stand(sheets, area, instances.get((area.block.repeat or "", area.number), "")) for area in areas
            if isinstance(area.block, IndicatorTable | MoneyTable | Narrative)
        )  # fmt: skip
        return cls(tuple(found))

    def named(self, name: str) -> Stand | None:
        """The block by its name, with its number where it is repeated (`goal_indicators.2`)."""
        return next((stand for stand in self.stands if stand.name == name), None)

    def of_instance(self, block: str, instance: str) -> Stand | None:
        return next((s for s in self.stands if s.area.block.id == block and s.instance == instance), None)

    def at(self, sheet: str, row: int) -> Stand | None:
        """The block that a row of a sheet is in."""
        return next((s for s in self.stands if s.area.sheet == sheet and s.area.key_row < row <= s.area.last_row), None)

    @cached_property
    def blanks(self) -> dict[Spot, Value]:
        """Every blank cell that a person may fill: such a cell may be given nothing without harm."""
        return {
            (stand.area.sheet, row.row, column): None
            for stand in self.stands for row in stand.rows for column, value in row.holds.items()
            if value is None and column not in row.proposed
        }  # fmt: skip

    @cached_property
    def filled(self) -> frozenset[Spot]:
        """Every cell of a row that holds something a person entered."""
        return frozenset(
            (stand.area.sheet, row.row, column)
            for stand in self.stands for row in stand.rows for column, value in row.holds.items() if value is not None
        )  # fmt: skip


def _stand(sheets: Sheets, area: Area, instance: str) -> Stand:
    keys = column_keys(sheets, area)
    rows = tuple(_rows(sheets, area, keys))
    places: dict[str, list[Row]] = {}
    for row in rows:
        if row.is_open:
            places.setdefault(row.key, []).append(row)
    return Stand(area, instance, rows, {key: tuple(found) for key, found in places.items()})


def _rows(sheets: Sheets, area: Area, keys: dict[str, int]) -> Iterator[Row]:
    levels = sorted((int(key[5:]), column) for key, column in keys.items() if key[:5] == "level" and key[5:].isdecimal())
    for row in range(area.key_row + 1, area.last_row + 1):
        key = sheets.text(area.sheet, row, 0).strip()
        if not key or FIELD_KEY.search(key):
            continue
        if isinstance(area.block, Narrative):
            columns = {name: column for name, column in keys.items() if name in ("text", "join")}
            yield _row(sheets, area, row, PROSE, (), (), columns)
            continue
        printed = _printed(area, key)
        if printed is None:
            continue  # a damaged key; the reader says so
        is_open = key.endswith(f"{OPEN}]")
        names = tuple(column for level, column in levels if is_open and level > len(printed))
        entered = _entered(area, keys, key)
        yield _row(sheets, area, row, key, printed, names, entered, _starts(area, keys, row, entered))


def _printed(area: Area, key: str) -> Names | None:
    """The names that the form prints in a row; None for a key that is no row's."""
    if isinstance(area.block, MoneyTable):
        group, _, rest = key.partition(".")
        named = next((g for g in area.block.group if g.id == group), None)
        row = next((r for r in named.rows if r.id == rest.partition("[")[0]), None) if named else None
        if named is None or row is None:
            return None
        return () if rest.endswith("]") else tuple(word for word in (named.label, row.under, row.label) if word)
    try:
        names = parse_path(f"x{key}.y").names if key.startswith("[") else None
    except BadPath:
        return None
    return None if names is None else names[: names.index(OPEN)] if OPEN in names else names


def _entered(area: Area, keys: dict[str, int], key: str) -> dict[str, int]:
    """The value columns of a row that a person fills."""
    block = area.block
    if isinstance(block, IndicatorTable):
        return {c.id: keys[c.id] for c in block.columns if c.id in keys and not c.derived}
    assert isinstance(block, MoneyTable)
    group = block.group_named(key.partition(".")[0])
    if "[" not in key and group.row(key.partition(".")[2]).derived:
        return {}
    return {c.id: keys[c.id] for c in block.columns_of(group) if c.id in keys and not c.derived}


def _starts(area: Area, keys: dict[str, int], row: int, entered: dict[str, int]) -> dict[int, str]:
    """The formulas of the row's entries that start as another cell, by column."""
    assert isinstance(area.block, IndicatorTable | MoneyTable)
    starting = [c for c in area.block.columns if c.starts_as in keys and c.id in entered]
    return {entered[c.id]: "=" + started_as(Cell(area.sheet, row, keys[c.starts_as or ""])).excel(area.sheet) for c in starting}


def _row(
    sheets: Sheets, area: Area, row: int, key: str, printed: Names, names: tuple[int, ...], columns: dict[str, int],
    starts: Mapping[int, str] = MappingProxyType({}),
) -> Row:  # fmt: skip
    proposed = frozenset(column for column in starts if is_started(sheets.raw_cell(area.sheet, row, column).formula))
    cells = (*names, *columns.values())
    holds = {column: None if column in proposed else value_of(sheets, area.sheet, row, column) for column in cells}
    shows = {column: "" if column in proposed else sheets.text(area.sheet, row, column) for column in cells}
    return Row(row, key, printed, names, columns, holds, shows, starts, proposed)


def value_of(sheets: Sheets, sheet: str, row: int, column: int) -> Value:
    """What a cell holds, numbers as Decimal; an error as its text."""
    value = sheets.value(sheet, row, column)
    if isinstance(value, bool | dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, float | int):
        return Decimal(repr(value))
    return value or sheets.text(sheet, row, column) or None
