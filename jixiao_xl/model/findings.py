"""What we found: a code, a place, the parameters of a sentence. Collected, never raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal

from jixiao_xl.model.codes import CATALOGUE, Code
from jixiao_xl.model.places import Where
from jixiao_xl.model.records import dataclass

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
    reason: str = ""
    """The unit's 情况说明 for it; an error has none, it has to be mended."""

    @property
    def explained(self) -> bool:
        """Whether a reason was given, so that nobody need ask again."""
        return bool(self.reason)

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
            "reason": self.reason,
        }


def counted(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many of each severity, zeros and explained ones included."""
    count = Counter(finding.severity for finding in findings)
    return {severity: count[severity] for severity in SEVERITIES}


def open_and_explained(findings: Iterable[Finding], severity: Severity = "warning") -> tuple[int, int]:
    """How many findings of a severity still want a word, and how many have their 情况说明."""
    explained = Counter(finding.explained for finding in findings if finding.severity == severity)
    return explained[False], explained[True]


def spoken_counts(findings: Iterable[Finding]) -> list[str]:
    """`必须修改 1 条`, `需要说明 5 条（已说明 2 条）`, `供参考 3 条`: all of them, explained ones named."""
    found = list(findings)
    said = []
    for severity, count in counted(found).items():
        explained = open_and_explained(found, severity)[1]
        said.append(f"{SEVERITY_WORDS[severity]} {count} 条" + (f"（已说明 {explained} 条）" if explained else ""))
    return said


@dataclass(frozen=True)
class Insufficient:
    """A rule that could not run: not enough data is not a pass."""

    code: str
    why: str

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "rule": CATALOGUE[self.code].rule, "why": self.why}
