"""What files gave when they were read, by the digest of their bytes: no file is read twice.

A reading is opaque here: bytes that the desk packed and the desk unpacks.
"""

from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import bindparam, delete, func, insert, select

from jixiao_xl.archive.schema import READING, SEEN_FILE
from jixiao_xl.archive.store import Archive

AT_ONCE = 500
"""Digests asked for in one question; SQLite takes 999 parameters in its older releases."""
SETTLED_NS = 2_000_000_000
"""A file changed less than two seconds before it was read may change again under the same time."""

T = TypeVar("T")


@dataclass(frozen=True)
class StoredReading:
    """One reading. `rest`, the facts that only a deposit needs, is fetched apart."""

    digest: str
    basis: str
    form: str
    edition: str
    year: int
    unit_key: str
    said: bytes
    rest: bytes = b""


@dataclass(frozen=True)
class SeenFile:
    """A file as it was when it was read: `place` from `place_of`, `stamp` from its directory entry."""

    place: str
    stamp: str
    digest: str
    seen_at_ns: int

    def vouches(self, stamp: str, changed_at_ns: int) -> bool:
        """Whether a file that shows this stamp still has the digest."""
        return stamp == self.stamp and changed_at_ns + SETTLED_NS < self.seen_at_ns


def place_of(path: Path) -> str:
    """A file of this machine as 64 hex digits: an archive that is shared tells nobody's folders."""
    real = os.path.realpath(path) if path.is_symlink() else f"{_real_folder(str(path.parent))}{os.sep}{path.name}"
    return hashlib.sha256(f"{socket.gethostname()}|{real}".encode()).hexdigest()


@lru_cache(maxsize=256)
def _real_folder(folder: str) -> str:
    """Asked for once, not for each of thousands of files; where it is another one tomorrow, no stamp fits."""
    return os.path.realpath(folder)


def has_readings(archive: Archive) -> bool:
    """Whether anything was ever read into it."""
    with archive.reading() as connection:
        return connection.execute(select(READING.c.digest).limit(1)).first() is not None


def seen_files(archive: Archive, places: Iterable[str]) -> dict[str, SeenFile]:
    """What is remembered of the files at these places."""
    found = {}
    with archive.reading() as connection:
        for some in _portions(places):
            for row in connection.execute(select(SEEN_FILE).where(SEEN_FILE.c.place.in_(some))):
                found[row.place] = SeenFile(row.place, row.stamp, row.digest, row.seen_at_ns)
    return found


def readings(archive: Archive, digests: Iterable[str]) -> Iterator[StoredReading]:
    """The readings of these contents, without their `rest`, in no certain order."""
    wanted = [column for column in READING.c if column.name != "rest"]
    for some in _portions(digests):
        with archive.reading() as connection:
            rows = connection.execute(select(*wanted).where(READING.c.digest.in_(some))).all()
        for row in rows:
            yield StoredReading(row.digest, row.basis, row.form, row.edition, row.year, row.unit_key, row.said)


def rests(archive: Archive, digests: Sequence[str]) -> dict[str, bytes]:
    """What a deposit needs besides, by digest; not more than `AT_ONCE` at a time."""
    with archive.reading() as connection:
        rows = connection.execute(select(READING.c.digest, READING.c.rest).where(READING.c.digest.in_(digests)))
        return {row.digest: row.rest for row in rows}


def keep_readings(archive: Archive, stored: Sequence[StoredReading], seen: Sequence[SeenFile]) -> None:
    """Put readings away, over those of an older basis, and remember which file they are of."""
    by_digest = {reading.digest: reading for reading in stored}
    by_place = {file.place: file for file in seen}
    with archive.connected() as connection:
        for table, key, rows in (
            (READING, READING.c.digest, [vars(each) for each in by_digest.values()]),
            (SEEN_FILE, SEEN_FILE.c.place, [vars(each) for each in by_place.values()]),
        ):
            if rows:
                connection.execute(delete(table).where(key == bindparam("old")), [{"old": row[key.name]} for row in rows])
                connection.execute(insert(table), rows)


def count_readings(archive: Archive) -> int:
    """How many contents have been read."""
    with archive.reading() as connection:
        return connection.execute(select(func.count()).select_from(READING)).scalar() or 0


def _portions(items: Iterable[T]) -> Iterator[list[T]]:
    left = iter(items)
    while some := list(islice(left, AT_ONCE)):
        yield some
