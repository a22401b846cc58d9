"""How a COM object looks from Python: members by name, every access one counted call."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import Any

from tests.excel.person import Person

RANGE_IID = "{00020846-0000-0000-C000-000000000046}"


class ComObject:
    """A class below says its members as methods `get_Name`, `set_Name` and `do_Name`; `do_Item` is
    what calling the object does. A member nobody described is an AssertionError, never an
    AttributeError: xlwings takes that for a busy Excel and asks again, for ever."""

    _person: Person

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name[:4] in ("get_", "set_") or name[:3] == "do_":
            raise AttributeError(name)
        kind = type(self).__name__
        if (method := getattr(self, f"do_{name}", None)) is not None:
            return types.MethodType(self._counted(f"{kind}.{name}()", method), self)
        if (getter := getattr(self, f"get_{name}", None)) is None:
            raise AssertionError(f"the fake Excel has no {kind}.{name}")
        self._person.is_called(f"{kind}.{name}")
        return getter()

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            object.__setattr__(self, name, value)
            return
        if (setter := getattr(self, f"set_{name}", None)) is None:
            raise AssertionError(f"the fake Excel has no {type(self).__name__}.{name} to set")
        self._person.is_called(f"{type(self).__name__}.{name}=", writes=True)
        setter(bare(value))

    def __call__(self, *given: Any) -> Any:
        self._person.is_called(f"{type(self).__name__}()")
        return self.do_Item(*map(bare, given))

    def _counted(self, what: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(_self: Any, *given: Any, **named: Any) -> Any:
            self._person.is_called(what)
            return method(*map(bare, given), **{key: bare(value) for key, value in named.items()})

        return call

    def _each(self, items: list[Any]) -> Iterator[Any]:
        """A collection walked through: one call for the walker, one for each step and one for the end."""
        kind = type(self).__name__
        self._person.is_called(f"{kind}._NewEnum")
        for item in items:
            self._person.is_called(f"{kind}.Next")
            yield item
        self._person.is_called(f"{kind}.Next")

    @property
    def _oleobj_(self) -> Any:
        return _Ole(type(self).__name__ == "Range")


class _Ole:
    """The little that xlwings asks the bare interface for: is this argument of a function a Range?"""

    def __init__(self, is_range: bool) -> None:
        self.iid = RANGE_IID if is_range else ""

    def GetTypeInfo(self) -> _Ole:
        return self

    GetTypeAttr = GetTypeInfo


def bare(value: Any) -> Any:
    """What xlwings' own retrying wrapper holds."""
    return object.__getattribute__(value, "_inner") if type(value).__name__ == "COMRetryObjectWrapper" else value
