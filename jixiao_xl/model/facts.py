"""What is a fact: this form, unit, year and stage say this value on this line, in this cell.

A path is the address of a value that stays the same when the layout changes:

    funds.expense.special_purpose.share
    annual_indicators[运行成本/公用经费控制/公用经费控制率].target
    goal_indicators#2[产出指标/数量指标/发放数量].last
    project[13063723P004287100744].budget
    funds.expense.project[市级劳模四金].full

block, instance of a repeated block (`#n`, or its own code in brackets), group and row, the
names of an open row in brackets (`~2` for the second row of that name), column.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import field, replace
from functools import lru_cache
from typing import Literal, get_args

from jixiao_xl.model.kept import kept
from jixiao_xl.model.records import dataclass

Stage = Literal["declaration", "approval", "monitoring", "evaluation"]
STAGES: tuple[Stage, ...] = get_args(Stage)
STAGE_WORDS: dict[Stage, str] = {"declaration": "申报", "approval": "批复", "monitoring": "监控", "evaluation": "自评"}

LONGEST_NAME, LONGEST_KEY = 100, 64
"""Characters of a unit's name and code; longer ones are a slip."""

_SPECIAL = re.compile(r"([/\]~\\])")
_TOKEN = re.compile(r"(?P<word>[a-z][a-z0-9_]*)|#(?P<nth>[0-9]{1,4})|(?P<open>\[)|(?P<dot>\.)")


class BadPath(ValueError):
    """The text is not a fact path; the message names the text."""


@dataclass(frozen=True)
class FactPath:
    """The parsed address. `names` is None for a fixed row; `nth` counts rows of the same name."""

    block: str
    column: str
    parts: tuple[str, ...] = ()
    names: tuple[str, ...] | None = None
    nth: int = 1
    instance: str = ""
    """`#2`, or the escaped code of the instance in brackets, or nothing."""

    @kept
    def text(self) -> str:
        return f"{self.row_text}.{self.column}"

    @kept
    def row_text(self) -> str:
        """The path without its column: what all the cells of one row share."""
        dotted = "".join(f".{part}" for part in self.parts)
        return f"{self.block}{self.instance}{dotted}{bracket(self.names, self.nth)}"

    def __str__(self) -> str:
        return self.text

    def at(self, column: str) -> FactPath:
        """The same row in another column."""
        return FactPath(self.block, column, self.parts, self.names, self.nth, self.instance)


@lru_cache(maxsize=16_384)
def bracket(names: tuple[str, ...] | None, nth: int = 1) -> str:
    """`[a/b/c~2]`, names escaped; nothing for a fixed row."""
    if names is None:
        return ""
    inner = "/".join(_SPECIAL.sub(r"\\\1", name) for name in names)
    return f"[{inner}~{nth}]" if nth > 1 else f"[{inner}]"


def _read_bracket(text: str, start: int) -> tuple[tuple[str, ...], int, int]:
    """Names, nth and the index behind the closing bracket."""
    names: list[str] = []
    word, nth, i = "", "", start
    counting = False
    while i < len(text):
        char = text[i]
        if char == "\\" and i + 1 < len(text):
            word += text[i + 1]
            i += 2
            continue
        if char == "]":
            if counting and not (nth.isascii() and nth.isdigit() and len(nth) < 5):
                break
            return (*names, word), int(nth or 1), i + 1
        if char == "/":
            names.append(word)
            word = ""
        elif char == "~":
            counting = True
        elif counting:
            nth += char
        else:
            word += char
        i += 1
    raise BadPath(text)


@lru_cache(maxsize=65_536)
def parse_path(text: str) -> FactPath:
    """Read a path back; raises BadPath. `str(parse_path(p)) == p` for every path we write."""
    words: list[str] = []
    names: tuple[str, ...] | None = None
    nth, instance, i = 1, "", 0
    while i < len(text):
        token = _TOKEN.match(text, i)
        if token is None:
            raise BadPath(text)
        i = token.end()
        if token["word"]:
            words.append(token["word"])
        elif token["nth"]:
            instance = f"#{token['nth']}"
        elif token["open"]:
            found, number, i = _read_bracket(text, i)
            if len(words) == 1 and not instance and len(found) == 1:
                instance = bracket(found)
            else:
                names, nth = found, number
    if len(words) < 2:
        raise BadPath(text)
    path = FactPath(words[0], words[-1], tuple(words[1:-1]), names, nth, instance)
    if path.text != text:
        raise BadPath(text)  # one writing per address, or two facts could share a place
    return path


@dataclass(frozen=True, slots=True)
class Fact:
    """One value as printed (`998.71`, `≥95%`, `健全`), with the cell it was seen in, if any."""

    path: str
    value: str
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A 部门(单位). `key` is 行政区划代码-预算单位代码 (contract 3); empty when nobody gave one."""

    name: str = ""
    key: str = ""


def prefill_mark(path: str, value: str) -> str:
    """Eight hex digits that stand for a value in its place; a changed value has another mark."""
    return f"{zlib.crc32(f'{path}|{value}'.encode()):08x}"


@dataclass(frozen=True)
class Filing:
    """One filled form as facts with places. Derived values in it are claims, not truth."""

    form: str
    edition: str
    year: int
    stage: Stage
    unit: Unit = Unit()
    facts: dict[str, Fact] = field(default_factory=dict)
    revision: int = 0
    book: str = ""
    issued_to: str = ""
    """The unit key that the workbook was issued to; empty for one that nobody issued."""
    prefilled: frozenset[str] = frozenset()
    """`prefill_mark` of every value that the tool filled in from the archive."""

    def value(self, path: str) -> str | None:
        """The value as printed, None when the fact is missing (missing is not blank text)."""
        fact = self.facts.get(path)
        return None if fact is None else fact.value

    def paths(self) -> Iterator[tuple[FactPath, Fact]]:
        for fact in self.facts.values():
            yield parse_path(fact.path), fact

    def is_prefilled(self, path: str) -> bool:
        """Whether the value there is the tool's, and nobody has changed it."""
        value = self.value(path) if self.prefilled else None
        return value is not None and prefill_mark(path, value) in self.prefilled

    def with_prefilled(self, facts: dict[str, Fact]) -> Filing:
        """The filing with these facts; those that it did not have are the tool's own."""
        new = (fact for path, fact in facts.items() if fact.value.strip() and not self.value(path))
        return replace(self, facts=facts, prefilled=self.prefilled | {prefill_mark(f.path, f.value) for f in new})

    def with_facts(self, facts: dict[str, Fact]) -> Filing:
        return replace(self, facts=facts)
