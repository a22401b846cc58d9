"""Which unit of the archive does a row of another office's table mean?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from jixiao_xl.archive.approved import all_budgets
from jixiao_xl.archive.renames import renames
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.names import normalised


def units_of(archive: Archive) -> UnitLookup:
    """Every unit that the archive knows, by its newest name: of filings, else of imported budgets."""
    names: dict[str, str] = {}
    for entry in archive.entries(newest_only=True):
        names.setdefault(entry.unit.key, entry.unit.name)
    for _, key in all_budgets(archive):
        names.setdefault(key, key)
    return UnitLookup(names, successors_of(archive))


def successors_of(archive: Archive) -> dict[str, str]:
    """Which code took the place of each former one."""
    return {each.old: each.new for each in renames(archive)}


class UnitLookup:
    """By key, by a former key, by the 预算单位代码 alone, by name; never by what two units share."""

    def __init__(self, names: Mapping[str, str], successors: Mapping[str, str]) -> None:
        """`names` by unit key; `successors` say which code took the place of a former one."""
        self.names, self.successors = names, successors
        self.by_code: dict[str, list[str]] = defaultdict(list)
        self.by_name: dict[str, list[str]] = defaultdict(list)
        self.by_later: dict[str, list[str]] = defaultdict(list)
        for key, name in names.items():
            self.by_code[key.partition("-")[2]].append(key)
            self.by_name[normalised(name)].append(key)
            for later in self._later(key):
                self.by_later[later].append(key)

    def key(self, key: str, code: str = "", name: str = "") -> str:
        """The unit's key in the archive; empty when nobody, or more than one, is meant."""
        if key:
            found = [each for each in (key, *self._later(key)) if each in self.names][:1] or self.by_later[key]
        else:
            found = self.by_code.get(code, []) if code else self.by_name.get(normalised(name), []) if name else []
        if len(found) > 1 and name:
            found = [each for each in found if normalised(self.names[each]) == normalised(name)]
        return found[0] if len(found) == 1 else ""

    def _later(self, key: str) -> list[str]:
        """The codes that took the place of a code, in order."""
        later: list[str] = []
        while (key := self.successors.get(key, "")) and key not in later:
            later.append(key)
        return later
