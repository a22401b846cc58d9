"""Where the blocks of a form are in a real file: defined names, hidden keys, instances."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from jixiao_xl.forms.spec import Block, FormSpec, Group, IndicatorTable, MoneyTable, Row, Schedule
from jixiao_xl.model.facts import bracket, parse_path
from jixiao_xl.model.kept import kept
from jixiao_xl.model.names import OPEN
from jixiao_xl.model.places import MAX_ROW, row_and_column
from jixiao_xl.model.records import dataclass
from jixiao_xl.workbook.sheets import Sheets

REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,2})\$?([0-9]{1,5})(?::\$?([A-Z]{1,2})\$?([0-9]{1,5}))?\Z")
FIELD_KEY = re.compile(r"c([0-9]{1,2})=([a-z][a-z0-9_]*)")
LEVEL = re.compile(r"level([1-9])")
_NAME = re.compile(r"jx\.([a-z][a-z0-9_]*)(?:\.([0-9]{1,3}))?")


@dataclass(frozen=True)
class Area:
    """One block instance in the file: where its keys are."""

    block: Block
    number: int
    sheet: str
    key_row: int
    last_row: int
    last_column: int

    @property
    def name(self) -> str:
        return f"{self.block.id}.{self.number}" if self.number else self.block.id


@dataclass(frozen=True)
class TableArea:
    """A table in the file, with the columns that its key row names; what its rows share is worked out once."""

    area: Area
    block: MoneyTable | IndicatorTable | Schedule
    instance: str
    keys: dict[str, int]

    @kept
    def columns(self) -> list[tuple[str, str, bool]]:
        """(key, what it shows where it follows, whether it holds facts) of every value column of the form."""
        if isinstance(self.block, Schedule):
            return [(p.id, "", True) for p in self.block.points]
        return [(c.id, c.shows or "", c.printed or not c.derived) for c in self.block.columns]

    @kept
    def entered(self) -> list[int]:
        """The columns in which a person enters values."""
        return [self.keys[key] for key, derived, _ in self.columns if key in self.keys and not derived]

    @kept
    def started(self) -> dict[str, int]:
        """Columns whose cells show another's value until a person writes there, with where they are."""
        columns = () if isinstance(self.block, Schedule) else self.block.columns
        return {c.id: self.keys[c.id] for c in columns if c.starts_as and c.id in self.keys}

    @kept
    def names(self) -> list[tuple[int, int]]:
        """(level, column) of the names left to the unit, from the left."""
        by_column = sorted(self.keys.items(), key=lambda item: item[1])
        return [(int(level[1]), column) for key, column in by_column if (level := LEVEL.fullmatch(key))]

    def name_columns(self, key: str) -> list[int]:
        """Where the names of an open row are entered: behind those that the form prints."""
        names = parse_path(f"x{key}.y").names or () if isinstance(self.block, IndicatorTable) else ()
        printed = names.index(OPEN) if OPEN in names else 0
        return [column for level, column in self.names if level > printed]

    @kept
    def main_column(self) -> str:
        """The value column that a row without values is kept by."""
        if isinstance(self.block, IndicatorTable):
            return self.block.main_column.id
        return [key for key, derived, _ in self.columns if not derived][-1]

    @kept
    def printed_rows(self) -> dict[str, tuple[Group, Row]]:
        """The rows that a money table prints, by key."""
        groups = self.block.group if isinstance(self.block, MoneyTable) else ()
        return {f"{group.id}.{row.id}": (group, row) for group in groups for row in group.rows}


def find_areas(sheets: Sheets, spec: FormSpec) -> tuple[list[Area], str]:
    """Every block instance in the order of the form, and the first sheet that lacks its block."""
    found: dict[tuple[str, int], Area] = {}
    for name, reference in sheets.defined_names.items():
        named, place = _NAME.fullmatch(name), REFERENCE.match(reference)
        block = spec.block_named(named[1]) if named else None
        if named is None or place is None or block is None or place[5] is None:
            continue
        sheet = (place[1] or place[2]).replace("''", "'")
        first, last = int(place[4]) - 1, int(place[6]) - 1
        if sheet in sheets.names and first <= last < MAX_ROW:
            number = int(named[2] or 0)
            found[block.id, number] = Area(block, number, sheet, first, last, row_and_column(f"{place[5]}1")[1])
    areas: list[Area] = []
    for block in spec.block:
        own = sorted((a for a in found.values() if a.block.id == block.id), key=lambda a: a.number)
        if not own:
            return [], block.sheet.replace("{n}", "1")
        areas += own
    return areas, ""


def instance_names(sheets: Sheets, spec: FormSpec, areas: list[Area]) -> dict[tuple[str, int], str]:
    """Repeat and number to the instance part of the path: its own code, or `#n`."""
    found: dict[tuple[str, int], str] = {}
    for repeat, rule in spec.repeat.items():
        numbers = sorted({a.number for a in areas if a.block.repeat == repeat})
        block_id, _, field_id = rule.code.partition(".")
        codes: dict[int, str] = {}
        for area in areas:
            if rule.code and area.block.id == block_id:
                cells = (sheets.text(area.sheet, r, c).strip() for r, c, k in field_cells(sheets, area) if k == field_id)
                codes[area.number] = next(cells, "")
        count = Counter(codes.values())
        for number in numbers:
            code = codes.get(number, "")
            found[repeat, number] = bracket((code,)) if code and count[code] == 1 else f"#{number}"
    return found


def column_keys(sheets: Sheets, area: Area) -> dict[str, int]:
    """Key to column, from the block's hidden key row."""
    keys = {}
    for column in range(1, area.last_column + 1):
        key = sheets.text(area.sheet, area.key_row, column).strip()
        if key:
            keys[key] = column
    return keys


def field_cells(sheets: Sheets, area: Area) -> Iterator[tuple[int, int, str]]:
    """(row, column, field id) of every field that a row key names."""
    for row in range(area.key_row + 1, area.last_row + 1):
        for column, key in FIELD_KEY.findall(sheets.text(area.sheet, row, 0)):
            yield row, int(column), key


def expected_rows(block: MoneyTable | IndicatorTable | Schedule, spec: FormSpec) -> tuple[str, ...]:
    """The keys of the rows that the form itself prints."""
    if isinstance(block, Schedule):
        return ("plan",)
    if isinstance(block, MoneyTable):
        return tuple(f"{group.id}.{row.id}" for group in block.group for row in group.rows)
    return tuple(bracket(row.levels) for row in spec.rows_of(block) if not row.open)


def expected_columns(block: MoneyTable | IndicatorTable | Schedule, spec: FormSpec) -> tuple[str, ...]:
    """The keys of the columns a whole block has: names left to the unit, then values."""
    if isinstance(block, Schedule):
        return tuple(point.id for point in block.points)
    if isinstance(block, MoneyTable):
        named = ("level1",) if any(group.open_rows for group in block.group) else ()
        return (*named, *(column.id for column in block.columns))
    open_rows = [len(row.fixed_levels) for row in spec.rows_of(block) if row.open and row.show + row.spare]
    first = min(open_rows, default=len(block.levels))
    names = tuple(f"level{i}" for i in range(first + 1, len(block.levels) + 1))
    return (*names, *(column.id for column in block.columns))
