"""审核问题: the findings counted by rule and by unit, the most frequent first, with the reasons given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.model.findings import SEVERITIES, Finding, Severity

MOST_REASONS = 3
"""Reasons shown of one rule; the rest is in 问题清单."""


@dataclass(frozen=True)
class Common:
    """One rule over all filings. `open` findings still want mending or a reason."""

    code: str
    severity: Severity
    units: int
    count: int
    explained: int
    example: Finding
    reasons: tuple[tuple[str, int], ...]

    @property
    def open(self) -> int:
        return self.count - self.explained


@dataclass(frozen=True)
class OfUnit:
    """What was found in one unit's filings."""

    name: str
    book: str
    errors: int
    waiting: int
    """Warnings without a reason."""
    explained: int
    hints: int
    most: Finding | None
    """An example of the rule that spoke most often here, an error before a hint; `times` says how often."""
    times: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


def by_rule(summary: Summary) -> list[Common]:
    """必须修改 before 需要说明 before 供参考; within each, what most units have comes first."""
    groups: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in summary.judged:
        groups.setdefault((finding.code, finding.severity), []).append(finding)
    found = [
        Common(code, severity, len({f.where.book for f in own}), len(own), sum(f.explained for f in own), own[0], _reasons(own))
        for (code, severity), own in groups.items()
    ]
    return sorted(found, key=lambda one: (SEVERITIES.index(one.severity), -one.units, -one.count, one.code))


def by_unit(summary: Summary) -> list[OfUnit]:
    """The units with the most to mend first; a unit without any finding is listed too."""
    own: dict[str, list[Finding]] = {}
    for finding in summary.judged:
        own.setdefault(finding.where.book, []).append(finding)
    found = [_of_unit(status.name, book, own.get(book, [])) for status in summary.statuses for book in status.books]
    return sorted(found, key=lambda one: (-one.errors, -one.waiting, -one.hints, one.name, one.book))


def _of_unit(name: str, book: str, findings: Sequence[Finding]) -> OfUnit:
    count = Counter((f.severity, f.explained) for f in findings)
    codes = Counter(f.code for f in findings)
    most = min(findings, key=lambda f: (SEVERITIES.index(f.severity), -codes[f.code], f.code), default=None)
    hints = count["hint", False] + count["hint", True]
    return OfUnit(
        name, book, sum(f.severity == "error" for f in findings), count["warning", False], count["warning", True], hints, most,
        codes[most.code] if most else 0, _reasons(findings),
    )  # fmt: skip


def _reasons(findings: Iterable[Finding]) -> tuple[tuple[str, int], ...]:
    said = Counter(f.reason for f in findings if f.reason)
    return tuple(sorted(said.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_REASONS])
