"""A property worked out once: `functools.cached_property` without the lock that Python 3.11 takes.

A filing has some thousand of them; the lock took longer than what it guarded. Two threads may
both work a value out, and get the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class kept(Generic[Value]):
    """Keeps what the method gives in the instance, where it is found without asking again."""

    def __init__(self, work: Callable[[Any], Value]) -> None:
        self.work = work
        self.__doc__ = work.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> kept[Value]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...
    def __get__(self, instance: object | None, owner: type) -> kept[Value] | Value:
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.work(instance)
        return value
