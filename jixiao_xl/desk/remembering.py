"""曾用代码 that a roster gives the units that filed, into the archive, so that 提取上年数 needs no roster."""

from __future__ import annotations

from collections.abc import Iterable

from jixiao_xl.archive.renames import record_lines
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where


def remember_codes(archive: Archive, filed: Iterable[tuple[RosterRow, str]]) -> list[Finding]:
    """The codes of each row, which filed the book beside it. One that the archive gives another unit is said
    (ARC107), and that unit's line stays as it is."""
    lines = [(row, book) for row, book in filed if row.successions]
    if not lines:
        return []
    with using_archive():
        refused = record_lines(archive, [row.successions for row, _ in lines])
    return [
        Finding("ARC107", "warning", Where(book=book), {"old": taken.old, "other": taken.other, "new": row.key})
        for (row, book), taken in zip(lines, refused, strict=True) if taken is not None
    ]  # fmt: skip
