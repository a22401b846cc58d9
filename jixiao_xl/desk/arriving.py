"""The day on which a unit's filing came, as far as file, archive and roster know it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from jixiao_xl.archive.arrivals import arrivals
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.model.dates import Arrived, read_date
from jixiao_xl.model.facts import Filing

YEARS_BEFORE = 2
"""A file saved longer before its budget year than this has a wrong clock or came out of an archive program."""


def days_of_files(folder: Path, filings: Sequence[Filing]) -> dict[str, dt.date]:
    """By book, the day on which each file was last saved, where that is before today and can be true of a filing of
    its year. A file that was copied into the folder keeps it, and none came before it was saved."""
    found = {}
    for filing in filings:
        try:
            changed = dt.date.fromtimestamp((folder / filing.book).stat().st_mtime)
        except (OSError, OverflowError, ValueError):
            continue  # its day is not known
        if dt.date(filing.year - YEARS_BEFORE, 1, 1) <= changed < dt.date.today():
            found[filing.book] = changed
    return found


def arrived(archive: Archive | None, kind: tuple[str, int, str], rows: Sequence[RosterRow]) -> dict[str, Arrived]:
    """By present unit key. What the roster says (收到日期) counts before all else; without an archive nothing else is
    known."""
    with using_archive():
        found = arrivals(archive, *kind) if archive is not None else {}
    return found | _of_roster(found, rows)


def _of_roster(found: Mapping[str, Arrived], rows: Sequence[RosterRow]) -> dict[str, Arrived]:
    """What the rows say, and under the present key what was filed under a former one."""
    own: dict[str, Arrived] = {}
    for row in rows:
        known = [found[key] for key in row.all_keys if key in found]
        first = min(known, key=lambda one: one.day, default=None)
        if (told := read_date(row.received_on)) is not None:
            own[row.key] = Arrived(told, "名单", first.registered if first else None)
        elif first is not None:
            own[row.key] = first
    return own
