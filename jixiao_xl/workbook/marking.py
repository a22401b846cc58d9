"""What a marked copy says and keeps: the findings, and what the judged file held otherwise than written by us."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field

from jixiao_xl.model.findings import Finding
from jixiao_xl.model.records import dataclass

RESULTS = "校验结果"
REPORT = "校验报告"
RESTORE = "恢复公式"
"""The word chosen on the 校验结果 that brings an overwritten formula back."""


@dataclass(frozen=True)
class Marking:
    """Everything the copy needs beyond the facts."""

    book: str
    """The judged file's name."""
    pack: str
    """The rule pack with its version."""
    findings: tuple[Finding, ...]
    replaced: Mapping[str, str] = field(default_factory=dict)
    """Paths whose formula a person wrote over, with the value."""
    text_amounts: Collection[str] = ()
    """Paths of amounts held as text; they stay texts, or the fault would vanish unmended."""
    dates: Collection[str] = ()
    """Paths whose cell became a date; it stays one."""
    typed_key: str = ""
    """The unit code that a person typed on the cover of a workbook issued to nobody."""
