"""`dataclass`, quickly made: a click on 校验 makes some 150 such classes before it reads a cell.

The standard one writes and compiles six methods for a frozen class. Here it makes `__init__` only; comparing,
hashing and showing are the same functions for all. That nobody assigns to a frozen record is for mypy
to see, which takes this for the standard one, as `fields` and `replace` do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from operator import attrgetter

    def dataclass(cls=None, /, *, frozen=False, eq=True, slots=False, kw_only=False):
        """A record with slots has none at run time: making the class a second time costs more than they save."""

        def made(cls):
            dataclasses.dataclass(repr=False, eq=False, kw_only=kw_only)(cls)
            cls.__repr__ = _shown
            if eq:
                cls._values = attrgetter(*names) if (names := [field.name for field in dataclasses.fields(cls)]) else type
                cls.__eq__ = _same
                cls.__hash__ = _hashed if frozen else None
            return cls

        return made if cls is None else made(cls)

    def _same(self, other):
        return self._values(self) == other._values(other) if other.__class__ is self.__class__ else NotImplemented

    def _hashed(self):
        return hash(self._values(self))

    def _shown(self):
        said = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self))
        return f"{type(self).__qualname__}({said})"
