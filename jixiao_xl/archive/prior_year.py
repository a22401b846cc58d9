"""What did this unit state last year, and the year before?

For each column that the form fills from the archive: the first stage in the column's order
that has a value wins. A value that comes from a target loses its operator and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao_xl.archive.store import Archive, Entry
from jixiao_xl.forms.measures import BLOCK as QUANTITIES
from jixiao_xl.forms.measures import Measures, measures_of
from jixiao_xl.forms.spec import Column, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.facts import STAGE_WORDS, Fact, FactPath, Filing, Stage, parse_path
from jixiao_xl.model.indicator_value import read_indicator_value, without_operator
from jixiao_xl.model.names import OPEN, normalised

TARGET_NOTE = "上年目标值，非实际值"
QUANTITY_NOTE = "上年申报的数，请核对是否为实际数"
TARGET_STAGES: tuple[Stage, ...] = ("declaration", "approval")


@dataclass(frozen=True)
class PriorValue:
    """A value for a cell of this year's form. `note` says what kind of value it is."""

    path: FactPath
    value: str
    source: str
    note: str = ""


@dataclass(frozen=True)
class _Source:
    """An archived filing with its rows by normalised name."""

    entry: Entry
    filing: Filing
    by_name: dict[str, str]


def prior_values(archive: Archive, spec: FormSpec, filing: Filing, unit_keys: Sequence[str] = ()) -> list[PriorValue]:
    """Values for every archive-filled column of the form, the unit's own indicator rows included.

    `unit_keys` are the present and former codes of the unit; its own key when empty.
    """
    keys = unit_keys or (filing.unit.key,)
    forms = (spec.form.id, *spec.form.follows)
    measures = measures_of(spec)
    asked = {(quantity, column.id) for quantity, columns in measures.asked.items() for column in columns}
    sources = [
        _source(_with_quantities(archive.filing(entry), measures), entry)
        for entry in archive.entries(forms=forms, unit_keys=keys, newest_only=True)
        if filing.year - 3 <= entry.year < filing.year
    ]
    found: dict[str, PriorValue] = {}
    for block in (*spec.block, measures.table):
        if not isinstance(block, MoneyTable | IndicatorTable):
            continue
        for column in block.columns:
            if column.fill == "archive" and column.year is not None:
                wanted = filing.year + column.year
                for value in _column_values(block, column, wanted, sources):
                    if block.id != QUANTITIES or (value.path.parts[0], column.id) in asked:
                        found.setdefault(loose_path(value.path), value)
    return list(found.values())


def _with_quantities(filing: Filing, measures: Measures) -> Filing:
    """The filing with the quantities of its 测算表 that stood elsewhere in the form."""
    stated = {(quantity, column): filing.value(path) for (quantity, column), path in measures.taken.items()}
    paths = {FactPath(QUANTITIES, column, (quantity,)).text: value for (quantity, column), value in stated.items() if value}
    return filing.with_facts({path: Fact(path, value) for path, value in paths.items()} | filing.facts)


def loose_path(path: FactPath) -> str:
    """The path with its names normalised: last year's quotes and blanks do not make another row."""
    names = None if path.names is None else tuple(normalised(name) for name in path.names)
    return replace(path, names=names).text


def _source(filing: Filing, entry: Entry) -> _Source:
    by_name = {loose_path(parse_path(fact.path)): fact.value for fact in filing.facts.values()}
    return _Source(entry, filing, by_name)


def _column_values(block: MoneyTable | IndicatorTable, column: Column, wanted: int, sources: list[_Source]) -> Iterator[PriorValue]:
    """What the archive says for one column; filings of the wanted year come before later ones
    that merely look back at it."""
    for offset in (0, 1, 2):
        for stage in column.archive_from:
            for source in sources:
                if source.entry.stage != stage or source.entry.year != wanted + offset:
                    continue
                from_column = next(
                    (c for c in block.columns if c.year == -offset and c.span == column.span and not c.derived), None
                )
                if from_column is not None:
                    yield from _rows(block, column, from_column, source)


def _rows(block: MoneyTable | IndicatorTable, column: Column, from_column: Column, source: _Source) -> Iterator[PriorValue]:
    said = f"{source.entry.year}年{STAGE_WORDS[source.entry.stage]}第{source.entry.version}版"
    is_target = from_column.year == 0 and source.entry.stage in TARGET_STAGES
    renamed = _renamed_rows(block)
    for fact in source.filing.facts.values():
        path = parse_path(fact.path)
        path = replace(path, parts=renamed.get(path.parts, path.parts))
        if path.block != block.id or path.column != from_column.id or not fact.value.strip():
            continue
        if path.names is not None and any(not name or name == OPEN or "__" in name for name in path.names):
            continue
        value, note = fact.value, ""
        if isinstance(block, IndicatorTable) and is_target:
            value, note = without_operator(read_indicator_value(fact.value)), TARGET_NOTE
        elif block.id == QUANTITIES and is_target:
            note = QUANTITY_NOTE
        yield PriorValue(path.at(column.id), value, said, note)


def _renamed_rows(block: MoneyTable | IndicatorTable) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Former `group.row` of a line to the present one: history is followed by data, not by code."""
    if not isinstance(block, MoneyTable):
        return {}
    return {tuple(old.split(".")): (group.id, row.id) for group in block.group for row in group.rows for old in row.was}
