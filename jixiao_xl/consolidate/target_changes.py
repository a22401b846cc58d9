"""指标同比: each unit's targets against those of its own filing of last year.

A row is the same where its normalised names are; its targets are compared where both are one number, in one unit
of measure and with comparisons of one family. Grade words, ranges and a last year of 0 have no rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from jixiao_xl.consolidate.summary import IndicatorLine, Summary
from jixiao_xl.forms.spec import FormSpec, IndicatorTable
from jixiao_xl.model.facts import parse_path
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.names import normalised
from jixiao_xl.model.ratios import change_rate
from jixiao_xl.model.records import dataclass

_FAMILY = {"≥": "high", ">": "high", "≤": "low", "<": "low"}
_Stated = dict[str, tuple[IndicatorLine, str]]
"""A unit's targets of this year: the line and the text, by path."""


@dataclass(frozen=True)
class TargetChange:
    """One target that a unit set in both years."""

    place: int
    line: IndicatorLine
    path: str
    this: str
    last: str
    rate: Decimal
    """The change as a fraction of last year's number."""


@dataclass(frozen=True)
class RowsChanged:
    """How many rows with a target a unit has that last year's filing lacked, and the other way round."""

    place: int
    came: int
    went: int


@dataclass(frozen=True)
class TargetChanges:
    """What became of last year's targets, over the units that filed in both years."""

    units: int
    compared: int
    """Targets that have a rate."""
    changes: tuple[TargetChange, ...]
    """Those over the threshold, the largest first."""
    rows: tuple[RowsChanged, ...]
    """Units in which rows came or went, the most first."""


def yearly_targets(spec: FormSpec) -> dict[str, str]:
    """The tables in which a form sets the targets of its year, with the column of the target. Not those that take
    them over from the approval, nor tables of projects, whose numbers change from year to year."""
    tables = (block for block in spec.block if isinstance(block, IndicatorTable) and block.repeat is None)
    columns = {table.id: table.main_column for table in tables}
    return {name: c.id for name, c in columns.items() if c.year == 0 and c.fill != "carried"}


def target_changes(summary: Summary, threshold: Decimal) -> TargetChanges | None:
    """None where no unit's targets of last year are known. `threshold` is a fraction."""
    targets = yearly_targets(summary.spec)
    if not summary.last_year or not targets:
        return None
    stated: dict[int, _Stated] = {}
    for line in summary.indicators:
        for place, (value, path) in line.stated.items() if line.block in targets else ():
            stated.setdefault(place, {})[path] = line, value
    endings = tuple((f"{block}[", f".{column}") for block, column in targets.items())
    units = compared = 0
    changes, rows = [], []
    for place, now in sorted(stated.items()):
        filed = summary.last_year.get(summary.units[place].key)
        then = {
            path: fact.value for path, fact in filed.facts.items()
            if fact.value and any(path.startswith(block) and path.endswith(column) for block, column in endings)
        } if filed else {}  # fmt: skip
        if not then:
            continue
        units += 1
        came, went = len(now), len(then)
        for path, last in _same_rows(now, then):
            came, went = came - 1, went - 1
            line, this = now[path]
            rate = _rate(this, last)
            compared += rate is not None
            if rate is not None and abs(rate) > threshold:
                changes.append(TargetChange(place, line, path, this, last, rate))
        if came or went:
            rows.append(RowsChanged(place, came, went))
    if not units:
        return None
    changes.sort(key=lambda one: (-abs(one.rate), one.place, one.path))
    rows.sort(key=lambda one: (-one.came - one.went, one.place))
    return TargetChanges(units, compared, tuple(changes), tuple(rows))


def _same_rows(now: _Stated, then: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """This year's path and last year's text of each row that stands in both years. Nearly all are written alike; only
    the others are held against each other by their normalised names."""
    yield from ((path, then[path]) for path in now.keys() & then.keys())
    ours, theirs = now.keys() - then.keys(), then.keys() - now.keys()
    if ours and theirs:
        known = {_row(path): path for path in sorted(theirs, reverse=True)}
        for path in sorted(ours):
            if (other := known.pop(_row(path), None)) is not None:
                yield path, then[other]


def _row(path: str) -> tuple[str, tuple[str, ...]]:
    parsed = parse_path(path)
    return parsed.block, tuple(map(normalised, parsed.names or ()))


def _rate(this: str, last: str) -> Decimal | None:
    """The change of a target; None where the two cannot be compared, or last year's is 0."""
    if this == last:
        value = read_indicator_value(this)
        return Decimal(0) if value.number and value.high is None else None
    new, old = read_indicator_value(this), read_indicator_value(last)
    if new.number is None or old.number is None or new.high is not None or old.high is not None:
        return None
    is_same_unit = new.unit == old.unit or (new.number == 0 and not new.unit)  # nothing is nothing in every unit
    if not is_same_unit or _FAMILY.get(new.operator) != _FAMILY.get(old.operator):
        return None
    return change_rate(new.number, old.number)
