"""Units roll up to county, prefecture and province, by the 行政区划代码 in their keys (2, 4 and 6 digits)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from jixiao_xl.consolidate.departments import unmarked
from jixiao_xl.consolidate.summary import Summary, added_up
from jixiao_xl.model.findings import Finding

Level = Literal["省", "市", "县"]
DIGITS: dict[Level, int] = {"省": 2, "市": 4, "县": 6}
"""How many digits of the division code say it."""
_DIVISION = re.compile(r"[0-9]{6}")
_COUNTY = re.compile(r"(?:[^县区旗]{1,6}?[市州盟])?([^市]{1,8}?(?:自治县|县|区|旗)|[^县区旗市]{1,6}市)")
_CITY = re.compile(r"([^县区旗市州盟]{1,8}(?:自治州|市|州|盟))")
_PROVINCE = re.compile(r"([^市县区]{1,8}(?:自治区|省)|[^省县区]{1,3}市)")
_NAMED_IN = {"县": _COUNTY, "市": _CITY, "省": _PROVINCE}
_ADDING = ("CON108", "CON110", "CON111", "CON112", "CON113")
"""Codes that come from adding up, and are found anew for each node."""


@dataclass(frozen=True)
class Node:
    """A county, prefecture or province that has units. `code` has six digits (420200); `name` may be unknown."""

    level: Level
    code: str
    name: str = ""

    def has(self, unit_key: str) -> bool:
        """Whether the unit is in it, or in a county of it."""
        own = self.code[: DIGITS[self.level]]
        return _DIVISION.match(unit_key) is not None and unit_key.startswith(own)

    @property
    def title(self) -> str:
        return self.name or self.code


def nodes_of(summary: Summary) -> list[Node]:
    """Every county and prefecture with units, counties first, and the provinces where there are several."""
    names: dict[str, list[str]] = {}
    for status in summary.statuses:
        if _DIVISION.match(status.key) and status.status not in ("名单外", "待认领"):
            names.setdefault(status.key[:6], []).append(status.name)
    found = [Node("县", code, _named("县", own)) for code, own in sorted(names.items()) if not code.endswith("00")]
    for level in ("市", "省"):
        width = DIGITS[level]
        codes: dict[str, list[str]] = {}
        for code in sorted(names):
            if level == "省" or code[2:4] != "00":
                codes.setdefault(code[:width].ljust(6, "0"), []).append(code)
        if level == "市" or len(codes) > 1:
            # the units of the prefecture itself know its name better than those of its counties
            own = {code: names.get(code) or [name for one in below for name in names[one]] for code, below in codes.items()}
            found += [Node(level, code, _named(level, own[code])) for code in codes]
    return found


def _named(level: Level, unit_names: Iterable[str]) -> str:
    """The place that most of the units have at the front of their names; nothing where there is none."""
    names = [*unit_names]
    found = Counter(match[1] for name in names if (match := _NAMED_IN[level].match(name)))
    place, count = found.most_common(1)[0] if found else ("", 0)
    return place if 2 * count > len(names) else ""


def of_node(summary: Summary, node: Node) -> Summary:
    """The summary of the node's units alone. What concerns no unit, as a file that could not be read, stays with the whole."""
    statuses = tuple(unmarked(status) for status in summary.statuses if node.has(status.key))
    books = {book for status in statuses for book in status.books}
    own = tuple(f for f in summary.findings if f.code not in _ADDING and (f.where.book in books or _is_of(f, node)))
    judged = tuple(f for f in summary.judged if f.where.book in books)
    return added_up(replace(summary, statuses=statuses, findings=own, judged=judged, place=node.title))


def _is_of(finding: Finding, node: Node) -> bool:
    """Whether a finding without a file is about a unit of the node: 未报, 不纳入."""
    return not finding.where.book and node.has(finding.params.get("key", ""))


def rolled_up(summary: Summary) -> Iterator[tuple[Node, Summary]]:
    """Every node with its own summary."""
    for node in nodes_of(summary):
        yield node, of_node(summary, node)
