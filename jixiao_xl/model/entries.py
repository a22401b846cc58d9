"""Records of a data file: plain frozen classes, made from what a TOML file holds.

A file that comes with the program is `believed`: the tests hold every one of them against pydantic.
A file from elsewhere is `checked` by pydantic, which takes longer to load than a whole click on 校验
may take, and so is loaded by who has such a file.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import field
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, TypeVar, Union, dataclass_transform, get_args, get_origin

from jixiao_xl.model.records import dataclass

Convert = Callable[[Any], Any]


def _key(name: str) -> str:
    """What a field is called in a file: `as_` is `as`, which Python keeps for itself."""
    return name.removesuffix("_")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Entry:
    """A record: its annotated names are what the file may say; `__post_init__` may refuse with ValueError."""

    __dataclass_fields__: ClassVar[dict[str, Any]]
    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "alias_generator": _key}

    def __init_subclass__(cls) -> None:
        dataclass(frozen=True, kw_only=True)(cls)


Made = TypeVar("Made", bound=Entry)


class Shape:
    """`Annotated[str, Shape(r"…")]`: what a text must look like."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return {**handler(source), "pattern": self.pattern}


class ByKind:
    """`Annotated[A | B, ByKind()]`: which of the records it is, its `kind` tells."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic import Field

        return handler.generate_schema(Annotated[source, Field(discriminator="kind")])


# ---- from a file -------------------------------------------------------------------------
def checked(kind: type[Made], data: Mapping[str, Any]) -> Made:
    """The record of a file of anyone's; raises pydantic's ValidationError with everything that is wrong."""
    return _adapter(kind).validate_python(data)  # type: ignore[no-any-return,arg-type]


@cache
def _adapter(kind: type[Entry]) -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def believed(kind: type[Made], data: Mapping[str, Any]) -> Made:
    """The record of a file of our own, as `checked` would give it; KeyError for a word no record has."""
    fields = _fields(kind)  # type: ignore[arg-type]
    said: dict[str, Any] = {}
    for key, value in data.items():
        name, convert = fields[key]
        said[name] = convert(value) if convert else value
    return kind(**said)


@cache
def _fields(kind: type[Entry]) -> dict[str, tuple[str, Convert | None]]:
    """By key in the file: the name of the field, and what makes its value from what the file has."""
    return {_key(name): (name, _convert(hint)) for name, hint in _hints(kind).items()}


def _hints(kind: type[Entry]) -> dict[str, Any]:
    """The fields' types, those it inherits included."""
    said = {name: (text, base.__module__) for base in reversed(kind.__mro__) for name, text in _annotations(base).items()}
    return {name: _meant(*said[name]) for name in kind.__dataclass_fields__}


def _annotations(base: type) -> dict[str, str]:
    own: dict[str, str] = vars(base).get("__annotations__", {})
    return own


@cache
def _meant(annotation: str, module: str) -> Any:
    """The type that an annotation names; most of them are the same few texts, so this is quicker than `get_type_hints`."""
    return eval(annotation, vars(sys.modules[module]))


def _convert(hint: Any) -> Convert | None:
    """What makes such a value of what TOML gives; None where that is the value already."""
    origin, given = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _convert(given[0])
    if hint is Decimal:
        return lambda value: Decimal(str(value))
    if isinstance(hint, type) and origin is None and issubclass(hint, Entry):
        return lambda value: believed(hint, value)
    if origin is tuple:
        return _tuple(given)
    if origin is frozenset:
        return frozenset
    if origin is dict and (convert := _convert(given[1])):
        return lambda value: {key: convert(each) for key, each in value.items()}
    if origin in (Union, UnionType):
        return _either([each for each in given if each is not NoneType])
    return None


def _tuple(given: tuple[Any, ...]) -> Convert:
    if given[-1] is Ellipsis:
        convert = _convert(given[0])
        return (lambda value: tuple(map(convert, value))) if convert else tuple
    converts = [_convert(each) or _as_is for each in given]
    return lambda value: tuple(convert(each) for convert, each in zip(converts, value, strict=True))


def _as_is(value: Any) -> Any:
    return value


def _either(given: list[Any]) -> Convert | None:
    """One type that may be left out, records told apart by `kind`, or words."""
    if len(given) == 1:
        return _convert(given[0])
    if not all(isinstance(each, type) and issubclass(each, Entry) for each in given):
        return None
    by_kind = {word: each for each in given for word in get_args(_hints(each)["kind"])}
    return lambda value: believed(by_kind[value["kind"]], value)


# ---- back --------------------------------------------------------------------------------
def plain(value: Any) -> Any:
    """A record as dicts and lists, every field said, for JSON; a Decimal as its text."""
    if isinstance(value, Entry):
        return {_key(name): plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return str(value) if isinstance(value, Decimal) else value
