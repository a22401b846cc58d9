"""Which filings of a year speak for a unit that had other codes before?

After a rename the old code's filings do. After a merger those of all the units that were merged do, and
only together: money is added, with a note; nothing else can be, and where one of them is missing nothing is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from jixiao_xl.archive.renames import Lineage
from jixiao_xl.archive.store import Entry
from jixiao_xl.forms.indicators import known_quantities
from jixiao_xl.forms.measures import BLOCK as QUANTITIES
from jixiao_xl.forms.measures import MONEY
from jixiao_xl.forms.spec import ARCHIVE_ORDER, Column, Fields, FormSpec, MoneyTable
from jixiao_xl.model.amounts import read_amount, show_amount
from jixiao_xl.model.facts import STAGE_WORDS, FactPath, Filing, Stage
from jixiao_xl.model.names import normalised


@dataclass(frozen=True)
class Source:
    """What one filing said, or several merged units together (then with a note)."""

    year: int
    stage: Stage
    said: str
    """Year, stage and version: `2023年申报第1版`."""
    facts: tuple[tuple[FactPath, str], ...]
    note: str = ""

    @cached_property
    def by_column(self) -> dict[tuple[str, str], list[tuple[FactPath, str]]]:
        """The facts that are not blank, by block and column."""
        found: dict[tuple[str, str], list[tuple[FactPath, str]]] = {}
        for path, value in self.facts:
            if value.strip():
                found.setdefault((path.block, path.column), []).append((path, value))
        return found


@dataclass(frozen=True)
class Unmerged:
    """A year of which not everything, or nothing, could be taken over from the merged units."""

    year: int
    units: tuple[str, ...]
    """Name and code of each unit that was merged and filed."""
    missing: tuple[str, ...] = ()
    """Codes of those that the archive has nothing of for the year; nothing is taken over then."""
    left_out: int = 0
    """Values that cannot be added."""


@dataclass(frozen=True)
class Spoken:
    sources: tuple[Source, ...]
    unmerged: tuple[Unmerged, ...] = field(default=())


def spoken_for(spec: FormSpec, lineage: Lineage, filed: Sequence[tuple[Entry, Filing]]) -> Spoken:
    """The sources of every year, newest first; `filed` are the current filings under all the unit's codes."""
    sources: list[Source] = []
    unmerged: list[Unmerged] = []
    for year in sorted({entry.year for entry, _ in filed}, reverse=True):
        parts = _Parts(lineage, [entry for entry, _ in filed], year)
        own = [(entry, filing) for entry, filing in filed if entry.year == year and entry.unit.key in parts.present]
        if not parts.are_merged:
            sources += [_alone(entry, filing) for entry, filing in own]
            continue
        units = tuple(dict.fromkeys(f"{e.unit.name}（{e.unit.key}）" for e, _ in own))
        if parts.missing:
            unmerged.append(Unmerged(year, units, tuple(parts.missing)))
            continue
        left_out = 0
        for stage in ARCHIVE_ORDER:
            each = [next(((e, f) for e, f in own if (e.unit.key, e.stage) == (key, stage)), None) for key in parts.present]
            together = [one for one in each if one is not None]
            if len(together) == len(each):
                facts, lost = _added(spec, [filing for _, filing in together])
                left_out = max(left_out, lost)
                names = "、".join(e.unit.name for e, _ in together)
                sources.append(Source(year, stage, f"{year}年{STAGE_WORDS[stage]}，{names}合计", facts, "合并前各单位之和"))
        if left_out or not any(s.year == year for s in sources):
            unmerged.append(Unmerged(year, units, left_out=left_out))
    return Spoken(tuple(sources), tuple(unmerged))


class _Parts:
    """The codes that filed for the unit in a year, and those that ought to have and did not."""

    def __init__(self, lineage: Lineage, entries: Sequence[Entry], year: int) -> None:
        self.lineage, self.year = lineage, year
        self.stages: dict[str, set[Stage]] = {}
        self.first: dict[str, int] = {}
        for entry in entries:
            key = entry.unit.key
            self.first[key] = min(self.first.get(key, entry.year), entry.year)
            if entry.year == year:
                self.stages.setdefault(key, set()).add(entry.stage)
        self.are_merged = False
        self.present, self.missing = self._parts(lineage.key)
        if not self.present:
            self.missing = []

    def _parts(self, key: str) -> tuple[list[str], list[str]]:
        present: list[str] = []
        missing: list[str] = []
        before = self.lineage.before.get(key, ())
        for old in before:
            here, lacking = self._parts(old)
            present += here
            missing += lacking
        if key not in self.stages:
            if not before:
                return [], [key]
            if len(before) > 1 and present:
                self.are_merged = True
            return present, missing
        beside = [old for old in present if self.stages[old] & self.stages[key]]
        if beside and self.first[key] <= min(self.first[old] for old in beside):
            self.are_merged = True  # it was there before the others came to it
            return [key, *present], missing
        if beside or not present:
            return [key], []  # newly formed: its own filing is already the sum
        return ([key, *present], []) if len(before) == 1 else ([key], [])


def _alone(entry: Entry, filing: Filing) -> Source:
    said = f"{entry.year}年{STAGE_WORDS[entry.stage]}第{entry.version}版"
    return Source(entry.year, entry.stage, said, tuple((path, fact.value) for path, fact in filing.paths()))


def _added(spec: FormSpec, filings: Sequence[Filing]) -> tuple[tuple[tuple[FactPath, str], ...], int]:
    """The money of all the filings added, and how many other values were left out.

    A line of the form that one of them lacks has no sum; a row or project of one's own has only those
    who name it.
    """
    money = _Money(spec)
    found: dict[str, list[tuple[FactPath, str]]] = {}
    for filing in filings:
        for path, fact in filing.paths():
            if fact.value.strip():
                found.setdefault(_loose(path), []).append((path, fact.value))
    added: list[tuple[FactPath, str]] = []
    left_out = 0
    for pairs in found.values():
        path = pairs[0][0]
        amounts = [read_amount(value) for _, value in pairs]
        own = path.names is not None or path.instance.startswith("[")
        if money.has(path):
            known = [amount for amount in amounts if amount is not None]
            if len(known) == len(amounts) and (own or len(known) == len(filings)):
                added.append((path, show_amount(sum(known, Decimal(0)))))
            else:
                left_out += 1
        elif money.names(path) and len({normalised(value) for _, value in pairs}) == 1:
            added.append(pairs[0])
        else:
            left_out += money.is_prior(path)
    return tuple(added), left_out


def _loose(path: FactPath) -> str:
    names = None if path.names is None else tuple(normalised(name) for name in path.names)
    return FactPath(path.block, path.column, path.parts, names, path.nth, path.instance).text


class _Money:
    """Which facts of a form are amounts that can be added, and which only tell a project from another."""

    def __init__(self, spec: FormSpec) -> None:
        self.blocks = {block.id: block for block in spec.block}
        self.codes = {rule.code for rule in spec.repeat.values()}

    def has(self, path: FactPath) -> bool:
        """A money line; one of `#2` is nobody's in particular."""
        if path.instance.startswith("#"):
            return False
        if path.block == QUANTITIES:
            return known_quantities()[path.parts[0]].unit == MONEY if path.parts and path.parts[0] in known_quantities() else False
        block = self.blocks.get(path.block)
        if isinstance(block, MoneyTable):
            return any(column.id == path.column and _is_amount(column) for column in block.columns)
        return isinstance(block, Fields) and any(f.id == path.column and f.value == "money" for f in block.fields)

    def names(self, path: FactPath) -> bool:
        field_text = f"{path.block}.{path.column}"
        return path.instance.startswith("[") and (field_text in self.codes or path.column == "name")

    def is_prior(self, path: FactPath) -> bool:
        """A value that the unit alone would have got: an indicator or a quantity, not a text or a share."""
        columns: Iterator[Column] = iter(getattr(self.blocks.get(path.block), "columns", ()))
        wanted = (c for c in columns if c.id == path.column and c.value == "indicator" and not c.derived and c.year is not None)
        return path.block == QUANTITIES or any(wanted)


def _is_amount(column: Column) -> bool:
    return not column.derived and column.value == "indicator"
