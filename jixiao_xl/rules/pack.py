"""Severities and thresholds as data: a rule pack, chosen by the form definition."""

from __future__ import annotations

import re
from dataclasses import field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from jixiao_xl.forms.thresholds import Thresholds
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Severity
from jixiao_xl.model.pack_files import pack_entry


class Placeholder(Entry):
    pattern: str
    severity: Severity


class Pack(Thresholds):
    """What a province decides; the rules themselves are the same everywhere."""

    id: str
    version: str
    source: str
    severity: dict[str, Severity | Literal["off"]]
    """By code; `off` silences a rule (收支不要求相等的省: FND201 = "off")."""
    threshold: dict[str, Decimal]
    threshold_source: dict[str, str] = field(default_factory=dict)
    """Where each threshold comes from; an inferred one says 推断."""
    placeholder: tuple[Placeholder, ...] = ()

    @property
    def name(self) -> str:
        """How reports call it: `hubei 2026.1`."""
        return f"{self.id} {self.version}"

    def is_off(self, code: str) -> bool:
        return self.severity[code] == "off"

    def severity_of(self, code: str) -> Severity:
        """How grave a finding of this code is; KeyError for a code that the pack does not judge."""
        severity = self.severity[code]
        return "hint" if severity == "off" else severity

    def placeholder_in(self, name: str) -> Placeholder | None:
        if self._any_placeholder.search(name) is None:
            return None
        return next((p for p in self.placeholder if re.search(p.pattern, name)), None)

    @cached_property
    def _any_placeholder(self) -> re.Pattern[str]:
        """All of them at once: nearly every name has none."""
        return re.compile("|".join(f"(?:{p.pattern})" for p in self.placeholder) or r"(?!)")


def load_pack(pack_id: str) -> Pack:
    """The pack by id, of one's own folder or shipped; PackError when it is missing or faulty."""
    return pack_entry(Pack, pack_id)
