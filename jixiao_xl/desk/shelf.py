"""What the archive has read before, for a folder of files; and what was read now, put beside it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from pathlib import Path

from jixiao_xl.archive.approved import all_budgets
from jixiao_xl.archive.readings import SeenFile, StoredReading, has_readings, keep_readings, place_of, readings, seen_files
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.compact import Unpacker
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.desk.one_file import Done, basis_of, stamp_of
from jixiao_xl.desk.opening import definition_trouble
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.forms.load import DefinitionError, find_form
from jixiao_xl.model.facts import LONGEST_KEY
from jixiao_xl.model.undisturbed import undisturbed

AT_ONCE = 50
"""Readings put away in one transaction: a run that is killed has lost no more than these."""


class Shelf:
    """The readings of one archive. Raises CannotRun when the archive cannot be used."""

    def __init__(self, archive: Archive, unpacker: Unpacker) -> None:
        self.archive, self.unpacker = archive, unpacker
        self._new: list[StoredReading] = []
        self._seen: list[SeenFile] = []
        with using_archive():
            self.budgets = all_budgets(archive)

    @using_archive()
    def known(self, paths: Mapping[str, Path]) -> dict[str, Received]:
        """The files, by name, that need not be read: their content was, and on the same basis."""
        try:
            if not has_readings(self.archive):
                return {}
            digests = self._digests(paths)
            names: dict[str, list[str]] = {}
            for name, digest in digests.items():
                names.setdefault(digest, []).append(name)
            with undisturbed():
                return {
                    name: self.unpacker.received(stored.said, name, stored.digest)
                    for stored in readings(self.archive, names) if self._holds(stored)
                    for name in names[stored.digest]
                }  # fmt: skip
        except DefinitionError as error:
            raise definition_trouble(error) from None

    def _digests(self, paths: Mapping[str, Path]) -> dict[str, str]:
        """The content of each file: as it was where its directory entry vouches for it, else by reading."""
        places = {name: place_of(path) for name, path in paths.items()}
        seen = seen_files(self.archive, places.values())
        digests = {}
        for name, path in paths.items():
            try:
                now = time.time_ns()
                found = path.stat()
                known = seen.get(places[name])
                if known is not None and known.vouches(stamp_of(found), found.st_mtime_ns):
                    digests[name] = known.digest
                    continue
                digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError:
                continue  # who reads it says why it cannot be read
            self._seen.append(SeenFile(places[name], stamp_of(found), digests[name], now))
        return digests

    def _holds(self, stored: StoredReading) -> bool:
        """Whether a file would be read and judged today as it was then."""
        spec = find_form(stored.form, stored.edition) if stored.form else None
        if stored.form and spec is None:
            return False
        return stored.basis == basis_of(spec, self.budgets.get((stored.year, stored.unit_key)))

    def put(self, done: Done, path: Path) -> None:
        """What was read now; written now and then, and by `close`."""
        assert done.compact is not None
        key = done.unit_key[:LONGEST_KEY]  # a longer one is refused when it is registered; no budget has it either
        self._new.append(StoredReading(
            done.digest, done.basis, done.form, done.edition, done.year, key, done.compact.said, done.compact.rest
        ))  # fmt: skip
        self._seen.append(SeenFile(place_of(path), done.stamp, done.digest, done.read_at_ns))
        if len(self._new) >= AT_ONCE:
            self.close()

    def close(self) -> None:
        """Everything put so far is in the archive."""
        with using_archive():
            keep_readings(self.archive, self._new, self._seen)
        self._new, self._seen = [], []
