"""Which filings speak for a unit now: its codes and the newest version of each, in one short transaction.

Archived filings never change, so what was once worked out of them stays good while these are the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import bindparam, select

from jixiao_xl.archive.renames import Lineage, Succession, lineage_in
from jixiao_xl.archive.schema import FILING
from jixiao_xl.archive.store import Archive, Entry
from jixiao_xl.model.facts import Unit

KEPT = 64
"""Answers kept for an archive that is open: a desk asks for one unit again and again, 下发 for each once."""

_CURRENT = (
    select(FILING)
    .where(FILING.c.unit_key.in_(bindparam("keys", expanding=True)))
    .where(FILING.c.year.between(bindparam("first"), bindparam("last")))
)
Answer = TypeVar("Answer")
_KEPT: WeakKeyDictionary[Archive, OrderedDict[Hashable, tuple[object, Any]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Current:
    """The codes of a unit and its current filings of some years, newest first."""

    lineage: Lineage
    entries: tuple[Entry, ...]

    @property
    def mark(self) -> Hashable:
        """Changes when any of it does."""
        return tuple(self.lineage.before.items()), tuple(entry.id for entry in self.entries)


def current_filings(
    archive: Archive, forms: Sequence[str], unit_keys: Sequence[str], steps: Sequence[Succession], first: int, last: int
) -> Current:
    """The unit's codes, and of the forms' filings from year `first` to `last` the current version of each."""
    with archive.reading() as connection:
        lineage = lineage_in(connection, unit_keys, steps)
        rows = connection.execute(_CURRENT, {"keys": list(lineage.keys), "first": first, "last": last}).all()
    rows = [row for row in rows if row.form in forms]
    rows.sort(key=lambda row: (-row.year, row.unit_key, row.form, row.stage, -row.revision, -row.version))
    found: dict[tuple[object, ...], Entry] = {}
    for row in rows:
        key = row.year, row.form, row.unit_key, row.stage
        if key not in found:
            unit = Unit(row.unit_name, row.unit_key)
            found[key] = Entry(row.id, row.form, row.edition, unit, row.year, row.stage, row.version, row.revision,
                               row.book, row.deposited_at)  # fmt: skip
    return Current(lineage, tuple(found.values()))


def kept(archive: Archive, key: Hashable, about: object, work: Callable[[], Answer]) -> Answer:
    """What `work` gave for the key and this very object before, else what it gives now."""
    answers = _KEPT.setdefault(archive, OrderedDict())
    known = answers.get(key)
    if known is not None and known[0] is about:
        answers.move_to_end(key)
        return known[1]  # type: ignore[no-any-return]
    answer = work()
    answers[key] = about, answer
    if len(answers) > KEPT:
        answers.popitem(last=False)
    return answer
