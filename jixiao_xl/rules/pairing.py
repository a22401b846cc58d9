"""Which row of the long-term table and which row of the annual table are one indicator?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from typing import cast

from rapidfuzz import fuzz

from jixiao_xl.forms.indicators import indicator_like
from jixiao_xl.forms.spec import IndicatorTable
from jixiao_xl.model.names import is_cut_form_of, normalised
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.rows import IndicatorRow, filled_rows
from jixiao_xl.rules.shifts import shifts

SLIP = 90
"""Percent of likeness from which two names in one place are one with a slip of the pen."""
SHORTEST = 4
"""Signs of a name that may be found inside a longer one; 培训 is in too many."""


@dataclass(frozen=True)
class Pair:
    """One indicator in both tables. `renamed`: only its place says so, the names differ."""

    long: IndicatorRow
    annual: IndicatorRow
    renamed: bool = False


@dataclass(frozen=True)
class Comparison:
    """Both tables held against each other; what is left over stands in one of them only."""

    pairs: tuple[Pair, ...]
    only_long: tuple[IndicatorRow, ...]
    only_annual: tuple[IndicatorRow, ...]
    tables: int
    """How many of the two the filing has values in; fewer than two cannot be compared."""


def is_long(row: IndicatorRow) -> bool:
    return (row.table.main_column.year or 0) > 0


def has_long_table(case: Case) -> bool:
    """Whether the form asks for long-term indicators at all."""
    return any(isinstance(b, IndicatorTable) and (b.main_column.year or 0) > 0 for b in case.spec.block)


def compared(case: Case) -> Comparison:
    """The comparison of one filing, worked out once."""
    found = case.memo.get("comparison")
    if found is None:
        found = case.memo["comparison"] = _compare(case)
    return cast(Comparison, found)


def _compare(case: Case) -> Comparison:
    rows = [r for r in filled_rows(case) if r.target.text and r.names[-1] and not _is_placeholder(r)]
    match = _Match([r for r in rows if is_long(r)], [r for r in rows if r.table.main_column.year == 0])
    tables = bool(match.long) + bool(match.annual)
    match.by_key(lambda r: tuple(map(normalised, r.names)), repeated=True)
    match.by_key(lambda r: (normalised(r.names[0]), normalised(r.name)))
    match.by_key(lambda r: r.known.name if r.known and not r.known.guessed else id(r))
    match.by_likeness(_is_cut)
    match.by_likeness(_is_contained)
    match.by_likeness(_is_sole_satisfaction, renamed=True)
    moved = shifts(case)  # a value in the wrong column is not compared; IND120 says so
    pairs = (p for p in match.pairs if id(p.long.line) not in moved and id(p.annual.line) not in moved)
    return Comparison(tuple(pairs), tuple(match.long), tuple(match.annual), tables)


def _is_placeholder(row: IndicatorRow) -> bool:
    return row.case.pack.placeholder_in(row.names[-1].strip()) is not None


class _Match:
    """Takes the rows of both tables pair by pair; the surest ways come first."""

    def __init__(self, long: list[IndicatorRow], annual: list[IndicatorRow]) -> None:
        self.long, self.annual = long, annual
        self.pairs: list[Pair] = []

    def by_key(self, key: Callable[[IndicatorRow], Hashable], *, repeated: bool = False) -> None:
        """Rows of one key, as many here as there, in the order filed; `repeated`: a double is left over."""
        groups: dict[Hashable, tuple[list[IndicatorRow], list[IndicatorRow]]] = defaultdict(lambda: ([], []))
        for side, rows in enumerate((self.long, self.annual)):
            for row in rows:
                groups[key(row)][side].append(row)
        for long, annual in groups.values():
            if repeated or len(long) == len(annual):
                for a, b in zip(long, annual, strict=False):
                    self._take(a, b)

    def by_likeness(self, alike: Callable[[IndicatorRow, IndicatorRow], bool], *, renamed: bool = False) -> None:
        """Only where neither row has a second candidate."""
        near = [(a, b) for a in self.long for b in self.annual if alike(a, b)]
        for a, b in near:
            if sum(x is a for x, _ in near) == 1 and sum(y is b for _, y in near) == 1:
                self._take(a, b, renamed=renamed)

    def _take(self, a: IndicatorRow, b: IndicatorRow, *, renamed: bool = False) -> None:
        self.pairs.append(Pair(a, b, renamed))
        self.long = [r for r in self.long if r is not a]
        self.annual = [r for r in self.annual if r is not b]


def same_place(a: IndicatorRow, b: IndicatorRow) -> bool:
    """Under the same levels, cut-off ones included."""
    return all(
        normalised(x) == normalised(y) or is_cut_form_of(x, y) or is_cut_form_of(y, x)
        for x, y in zip(a.names[:-1], b.names[:-1], strict=False)
    )


def _is_cut(a: IndicatorRow, b: IndicatorRow) -> bool:
    short, whole = sorted((a.name, b.name), key=lambda name: len(normalised(name)))
    same = _same_kind(short, whole) and _same_measure(a, b)
    return is_cut_form_of(short, whole) and same and normalised(a.names[0]) == normalised(b.names[0])


def _same_measure(a: IndicatorRow, b: IndicatorRow) -> bool:
    """人均收入 ≥2.2万元 and 人均收入增长率 ≥8% are two indicators, whatever their names share."""
    one, other = a.target, b.target
    return one.number is None or other.number is None or not (one.unit and other.unit) or one.is_percent == other.is_percent


def _same_kind(short: str, whole: str) -> bool:
    """培训人数 is no cut form of 培训人数达标率: it is whole, and counts something else."""
    known, full = indicator_like(short), indicator_like(whole)
    return known is None or full is None or known.kind == full.kind


def _is_contained(a: IndicatorRow, b: IndicatorRow) -> bool:
    short, whole = sorted((normalised(a.name), normalised(b.name)), key=len)
    if not same_place(a, b) or not _same_kind(short, whole) or not _same_measure(a, b) or _figures(short) != _figures(whole):
        return False
    return (len(short) >= SHORTEST and short in whole) or fuzz.ratio(short, whole) >= SLIP


def _figures(name: str) -> list[str]:
    """Names that differ in a number or a rank (一级、二级; 2公里、5公里) are two things."""
    return re.findall(r"\d+|[一二三四五六七八九十省市县区乡镇村]", name)


def _is_sole_satisfaction(a: IndicatorRow, b: IndicatorRow) -> bool:
    """One satisfaction each is left in the same place: it is asked of the same people."""
    return "满意" in a.names[0] and "满意" in b.names[0] and same_place(a, b)


def instances(case: Case) -> Iterator[list[IndicatorRow]]:
    """Rows of one name in several projects or goals, in the order of the form."""
    groups: dict[tuple[str, str], list[IndicatorRow]] = defaultdict(list)
    for row in filled_rows(case):
        if row.block.number and row.names[-1] and not _is_placeholder(row):
            groups[row.block.block.id, normalised(row.name)].append(row)
    return (rows for rows in groups.values() if len({r.block.instance for r in rows}) > 1)
