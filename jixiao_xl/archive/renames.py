"""曾用代码: which codes a unit had before, so that its history follows a rename or a merger.

The table of the archive knows it for everybody; a roster may add what it knows for one question.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select

from jixiao_xl.archive.schema import RENAME
from jixiao_xl.archive.store import Archive

Succession = tuple[str, str]
"""The old unit key and the one that took its place."""
_STEPS = select(RENAME.c.old_key, RENAME.c.new_key).where(RENAME.c.new_key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True)
class Rename:
    """One line of the table. `name` is what the unit was called under the old code; may be empty."""

    old: str
    new: str
    name: str
    on: str
    """The day on which it was recorded."""


class AlreadyGoesTo(ValueError):
    """The old code already leads to another unit (`other`), or the new one back to the old."""

    def __init__(self, old: str, other: str) -> None:
        super().__init__(old, other)
        self.old, self.other = old, other

    def __str__(self) -> str:
        return f"{self.old} -> {self.other}"


def renames(archive: Archive) -> list[Rename]:
    """The whole table, by the new code and the old one."""
    with archive.reading() as connection:
        rows = connection.execute(select(RENAME).order_by(RENAME.c.new_key, RENAME.c.old_key))
        return [Rename(row.old_key, row.new_key, row.old_name, row.recorded_on) for row in rows]


def record_renames(archive: Archive, steps: Iterable[Succession], name: str = "") -> int:
    """Put the steps into the table, all or none; how many were new. A step that is known keeps its day.
    Raises AlreadyGoesTo for an old code that another unit has, and for a circle."""
    with archive.connected() as connection:
        return _record(connection, _successors(connection), steps, name)


def record_lines(archive: Archive, lines: Iterable[Sequence[Succession]]) -> list[AlreadyGoesTo | None]:
    """The steps of many units in one transaction; for each unit None, or why nothing of it was recorded."""
    refused: list[AlreadyGoesTo | None] = []
    with archive.connected() as connection:
        known = _successors(connection)
        for steps in lines:
            try:
                _record(connection, known, steps)
                refused.append(None)
            except AlreadyGoesTo as taken:
                refused.append(taken)
    return refused


def _successors(connection: Connection) -> dict[str, str]:
    return {row.old_key: row.new_key for row in connection.execute(select(RENAME.c.old_key, RENAME.c.new_key))}


def _record(connection: Connection, known: dict[str, str], steps: Iterable[Succession], name: str = "") -> int:
    """One unit's steps beside those that are `known`; refused before anything is written."""
    new: dict[str, str] = {}
    for old, successor in steps:
        both = known | new
        if both.get(old, successor) != successor:
            raise AlreadyGoesTo(old, both[old])
        if old in _line_from(both, successor):
            raise AlreadyGoesTo(successor, old)
        if old not in both:
            new[old] = successor
    now = dt.date.today().isoformat()
    if new:
        rows = [{"old_key": old, "new_key": key, "old_name": name, "recorded_on": now} for old, key in new.items()]
        connection.execute(insert(RENAME), rows)
        known |= new
    return len(new)


def forget_rename(archive: Archive, old: str) -> bool:
    """Take a wrong line out again; whether there was one."""
    with archive.connected() as connection:
        return bool(connection.execute(delete(RENAME).where(RENAME.c.old_key == old)).rowcount)


def _line_from(known: dict[str, str], key: str) -> list[str]:
    """The key and all that took its place after it; a circle is walked once."""
    line = [key]
    while (key := known.get(key, "")) and key not in line:
        line.append(key)
    return line


class Lineage:
    """The codes of one unit: its own, and those before it, as a tree with the present one on top."""

    def __init__(self, key: str, steps: Iterable[Succession]) -> None:
        self.key = key
        goes_to: dict[str, str] = {}
        for old, new in steps:
            goes_to.setdefault(old, new)
        before: dict[str, list[str]] = {}
        for old, new in goes_to.items():
            before.setdefault(new, []).append(old)
        self.before: dict[str, tuple[str, ...]] = {}
        """Each code's direct predecessors; several are a merger."""
        waiting = [key]
        while waiting:
            if (one := waiting.pop(0)) not in self.before:
                self.before[one] = tuple(sorted(old for old in before.get(one, ()) if old not in self.before and old != one))
                waiting += self.before[one]

    @property
    def keys(self) -> tuple[str, ...]:
        """Every code, the present one first."""
        return tuple(self.before)


def lineage_of(archive: Archive, unit_keys: Sequence[str], steps: Sequence[Succession] = ()) -> Lineage:
    """The codes of the unit whose present code is the first of `unit_keys`; the others are former ones, of
    which `steps` may say how they followed each other. What is asked with wins over the table."""
    with archive.reading() as connection:
        return lineage_in(connection, unit_keys, steps)


def lineage_in(connection: Connection, unit_keys: Sequence[str], steps: Sequence[Succession] = ()) -> Lineage:
    """`lineage_of` in a transaction that has more to ask."""
    table = [*_leading_to(connection, {*unit_keys, *(key for step in steps for key in step)})]
    given = [*steps, *(step for step in table if step[1] in unit_keys)]
    told = {old for old, _ in given}
    given += [(old, unit_keys[0]) for old in unit_keys[1:] if old not in told]
    return Lineage(unit_keys[0], [*given, *table])


def _leading_to(connection: Connection, keys: set[str]) -> Iterator[Succession]:
    """The steps of the table that lead to the keys, and those that lead to these."""
    waiting, seen = sorted(keys), set(keys)
    while waiting:
        found = [(row.old_key, row.new_key) for row in connection.execute(_STEPS, {"keys": waiting})]
        yield from sorted(found)
        waiting = sorted({old for old, _ in found} - seen)
        seen |= set(waiting)
