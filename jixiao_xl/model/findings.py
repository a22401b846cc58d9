"""What we found: a code, a place, the parameters of a sentence. Collected, never raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from jixiao_xl.model.codes import CATALOGUE, Code
from jixiao_xl.model.places import Where

Severity = Literal["error", "warning", "hint"]
SEVERITY_WORDS: dict[Severity, str] = {"error": "必须修改", "warning": "需要说明", "hint": "供参考"}
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at. `params` fill the catalogue's sentence at the edge."""

    code: str
    severity: Severity
    where: Where = Where()
    params: Mapping[str, str] = field(default_factory=dict)
    suggested: str | None = None
    """The right value where it can be computed, as it would be printed."""

    @property
    def entry(self) -> Code:
        return CATALOGUE[self.code]

    def message(self) -> str:
        """The Chinese sentence; KeyError when a parameter is missing, which is our defect."""
        return self.entry.zh.format_map(self.params)

    def remedy(self) -> str:
        return self.entry.fix.format_map(self.params)

    def english(self) -> str:
        return self.entry.en.format_map(self.params)

    def as_json(self) -> dict[str, object]:
        """The contract's JSON shape (decisions, contract 11)."""
        return {
            "code": self.code,
            "rule": self.entry.rule,
            "severity": self.severity,
            "path": self.where.path,
            "sheet": self.where.sheet,
            "cell": self.where.cell,
            "params": dict(self.params),
            "message": self.message(),
            "remedy": self.remedy(),
            "suggested": self.suggested,
        }


def counted(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many of each severity, zeros included."""
    count = Counter(finding.severity for finding in findings)
    return {severity: count[severity] for severity in SEVERITIES}


@dataclass(frozen=True)
class Insufficient:
    """A rule that could not run: not enough data is not a pass."""

    code: str
    why: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "rule": CATALOGUE[self.code].rule, "why": self.why}
