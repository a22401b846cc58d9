"""Which rules exist: one function, one code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.findings import Finding
from jixiao_xl.rules.case import Case

Phase = Literal["cells", "completeness", "arithmetic", "indicators", "texts"]
PHASES: tuple[Phase, ...] = ("cells", "completeness", "arithmetic", "indicators", "texts")
RuleFunction = Callable[[Case], Iterator[Finding]]

RULES: dict[str, tuple[Phase, RuleFunction]] = {}


def rule(code: str, phase: Phase) -> Callable[[RuleFunction], RuleFunction]:
    """Register a rule under its code; KeyError for a code the catalogue lacks."""
    CATALOGUE[code]

    def register(function: RuleFunction) -> RuleFunction:
        if code in RULES:
            raise ValueError(f"{code} has two rules")
        RULES[code] = phase, function
        return function

    return register
