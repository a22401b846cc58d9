"""What did this unit state last year, and the year before?

For each column that the form fills from the archive: the first stage in the column's order
that has a value wins. A value that comes from a target loses its operator and says so. A unit is
followed through its codes, a project by its code or name, never by where it stood.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao_xl.archive.current import Current, current_filings, kept
from jixiao_xl.archive.earlier_stages import as_declared
from jixiao_xl.archive.instances import Instances
from jixiao_xl.archive.predecessors import Source, Unmerged, spoken_for
from jixiao_xl.archive.renames import Succession
from jixiao_xl.archive.store import Archive
from jixiao_xl.forms.former_lines import former_lines
from jixiao_xl.forms.load import followers
from jixiao_xl.forms.measures import BLOCK as QUANTITIES
from jixiao_xl.forms.measures import Measures, measures_of
from jixiao_xl.forms.spec import ARCHIVE_ORDER, Column, Fields, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.facts import Fact, FactPath, Filing, Stage
from jixiao_xl.model.indicator_value import read_indicator_value, without_operator
from jixiao_xl.model.names import OPEN, normalised

TARGET_NOTE = "上年目标值，非实际值"
EXPECTED_NOTE = "上年监控时预计的全年完成值"
NAME_NOTE = "上年的名称，今年没有的删去整项"
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
class PriorYear:
    """What the archive has for a filing of this year."""

    values: tuple[PriorValue, ...]
    """For the columns that the form fills from the archive."""
    stood: tuple[PriorValue, ...] = ()
    """What stood last year in this year's own amounts of a project; never filled in, only said."""
    unmerged: tuple[Unmerged, ...] = ()
    """Years that could not be taken over whole from the units that were merged into this one."""


def prior_values(archive: Archive, spec: FormSpec, filing: Filing, unit_keys: Sequence[str] = ()) -> list[PriorValue]:
    """Values for every archive-filled column of the form, the unit's own indicator rows included.

    `unit_keys` are the present and former codes of the unit, the present one first; its own key when
    empty. Former codes that the archive knows of are followed as well.
    """
    return list(prior_year(archive, spec, filing, unit_keys).values)


def prior_year(
    archive: Archive, spec: FormSpec, filing: Filing, unit_keys: Sequence[str] = (), steps: Sequence[Succession] = ()
) -> PriorYear:
    """The prior-year values of a filing, what stood in its projects last year, and what a merger kept back.
    `steps` say how the former codes followed each other, where that is known."""
    if spec.is_follow_up:  # what it looks back at is the same year's, and is carried
        return PriorYear(())
    later = tuple(each.form.id for each in followers(spec.form.id))
    forms = (spec.form.id, *spec.form.follows, *later)
    current = current_filings(archive, forms, tuple(unit_keys) or (filing.unit.key,), steps, filing.year - 3, filing.year - 1)
    instances = Instances(spec, filing)
    key = id(spec), filing.year, current.mark, instances.mark
    return kept(archive, key, spec, lambda: _worked_out(archive, spec, filing.year, current, instances))


def _worked_out(archive: Archive, spec: FormSpec, year: int, current: Current, instances: Instances) -> PriorYear:
    """What the current filings say for a filing of the year."""
    measures = measures_of(spec)
    later = {each.form.id for each in followers(spec.form.id)}
    read = [(entry, archive.filing(entry)) for entry in current.entries]
    filed = [
        (entry, as_declared(spec, entry, filing, read) if entry.form in later else _with_quantities(filing, measures))
        for entry, filing in read
    ]
    spoken = spoken_for(spec, current.lineage, filed)
    sources = [_as_of_this_year(instances, source) for source in spoken.sources]
    asked = {(quantity, column.id) for quantity, columns in measures.asked.items() for column in columns}
    found: dict[str, PriorValue] = {}
    for block in (*spec.block, measures.table):
        if not isinstance(block, MoneyTable | IndicatorTable):
            continue
        for column in block.columns:
            if column.fill == "archive" and column.year is not None:
                wanted = year + column.year
                for value in _column_values(block, column, wanted, sources):
                    if block.id != QUANTITIES or (value.path.parts[0], column.id) in asked:
                        found.setdefault(loose_path(value.path), value)
        if block.repeat and found:
            found |= {p: v for p, v in _names(instances, block, sources, found).items() if p not in found}
    return PriorYear(tuple(found.values()), tuple(_stood(spec, year - 1, sources)), spoken.unmerged)


def _as_of_this_year(instances: Instances, source: Source) -> Source:
    """The source with its projects where this year's filing has them; those it has not are left out."""
    if not instances.repeats:
        return source
    moved = instances.moved(source.facts)
    facts: list[tuple[FactPath, str]] = []
    for path, value in source.facts:
        repeat = instances.repeats.get(path.block)
        if repeat is None or not path.instance:
            facts.append((path, value))
        elif instance := moved.get((repeat, path.instance)):
            facts.append((path if instance == path.instance else replace(path, instance=instance), value))
    return replace(source, facts=tuple(facts))


def _names(
    instances: Instances, block: MoneyTable | IndicatorTable, sources: Sequence[Source], found: dict[str, PriorValue]
) -> dict[str, PriorValue]:
    """The names of the instances that values are brought into, so that none stands under a nameless one."""
    repeat = block.repeat or ""
    if instances.present[repeat]:
        return {}
    brought = {value.path.instance for value in found.values() if value.path.block == block.id}
    names: dict[str, PriorValue] = {}
    for source in sources:
        for path, value in source.facts:
            if path.instance in brought and f"{path.block}.{path.column}" in instances.naming[repeat]:
                names.setdefault(path.text, PriorValue(path, value, source.said, NAME_NOTE))
    return names


def _stood(spec: FormSpec, year: int, sources: Sequence[Source]) -> Iterator[PriorValue]:
    """The amounts of last year's projects, each at this year's cell of the same project."""
    amounts = {
        (block.id, field.id)
        for block in spec.block if isinstance(block, Fields) and block.repeat
        for field in block.fields if field.value == "money"
    }  # fmt: skip
    seen: set[str] = set()
    for stage in ARCHIVE_ORDER if amounts else ():
        for source in sources:
            if (source.year, source.stage) == (year, stage):
                for path, value in source.facts:
                    if (path.block, path.column) in amounts and value.strip() and path.text not in seen:
                        seen.add(path.text)
                        yield PriorValue(path, value, source.said, source.note)


def _with_quantities(filing: Filing, measures: Measures) -> Filing:
    """The filing with the quantities of its 测算表 that stood elsewhere in the form."""
    stated = {(quantity, column): filing.value(path) for (quantity, column), path in measures.taken.items()}
    paths = {FactPath(QUANTITIES, column, (quantity,)).text: value for (quantity, column), value in stated.items() if value}
    return filing.with_facts({path: Fact(path, value) for path, value in paths.items()} | filing.facts)


def loose_path(path: FactPath) -> str:
    """The path with its names normalised: last year's quotes and blanks do not make another row."""
    names = None if path.names is None else tuple(normalised(name) for name in path.names)
    return replace(path, names=names).text


def _column_values(block: MoneyTable | IndicatorTable, column: Column, wanted: int, sources: list[Source]) -> Iterator[PriorValue]:
    """What the archive says for one column; filings of the wanted year come before later ones
    that merely look back at it."""
    for offset in (0, 1, 2):
        for stage in column.archive_from:
            for source in sources:
                if source.stage != stage or source.year != wanted + offset:
                    continue
                from_column = next(
                    (c for c in block.columns if c.year == -offset and c.span == column.span and not c.derived), None
                )
                if from_column is not None:
                    yield from _rows(block, column, from_column, source)


def _rows(block: MoneyTable | IndicatorTable, column: Column, from_column: Column, source: Source) -> Iterator[PriorValue]:
    is_target = from_column.year == 0 and source.stage in TARGET_STAGES
    is_expected = isinstance(block, IndicatorTable) and source.stage == "monitoring"
    renamed = former_lines(block)
    for path, stated in source.by_column.get((block.id, from_column.id), ()):
        if path.parts in renamed:
            path = replace(path, parts=renamed[path.parts])
        if path.names is not None and any(not name or name == OPEN or "__" in name for name in path.names):
            continue
        value, note = stated, source.note
        if isinstance(block, IndicatorTable) and is_target:
            value, note = without_operator(read_indicator_value(stated)), TARGET_NOTE
        elif is_expected:
            value, note = without_operator(read_indicator_value(stated)), EXPECTED_NOTE
        elif block.id == QUANTITIES and is_target:
            note = "；".join(filter(None, (QUANTITY_NOTE, note)))
        yield PriorValue(path.at(column.id), value, source.said, note)
