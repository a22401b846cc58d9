"""What a file gave when it was read, whoever read it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.records import dataclass

if TYPE_CHECKING:
    from jixiao_xl.forms.plan import FormPlan
    from jixiao_xl.forms.spec import FormSpec

BOOKS = (".xlsx", ".xlsm", ".xls")
"""What a submission may be called; .xls is named and refused."""


@dataclass
class Reading:
    """What a file gave: the filing (None when it is not ours), findings, and where things stand."""

    book: str
    spec: FormSpec | None = None
    filing: Filing | None = None
    findings: list[Finding] = field(default_factory=list)
    places: dict[str, Where] = field(default_factory=dict)
    """Every place of the form by path, blank ones included."""
    replaced: dict[str, str] = field(default_factory=dict)
    """Paths whose formula was replaced, with the value found there."""
    text_amounts: set[str] = field(default_factory=set)
    """Paths of amounts that stand in their cell as text, which no SUM counts."""
    dates: dict[str, str] = field(default_factory=dict)
    """Paths whose cell holds a date, with what was probably typed (`1-2`)."""
    plan: FormPlan | None = None
    """The filing laid out, so that its judge need not do it again."""
    in_cells: bool = False
    """A workbook, whose cells have formats of their own; not a text of facts."""
    check_code: str = ""
    issued_name: str = ""
    """The unit name the workbook was issued under; empty when nobody issued it."""


def unreadable(book: str, why: str, advice: str) -> Finding:
    return Finding("WBK108", "error", Where(book=book), {"book": book, "why": why, "advice": advice})
