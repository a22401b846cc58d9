"""One line of the 自检表: a yes/no expression over cells, and what to do where it says yes."""

from __future__ import annotations

from dataclasses import dataclass

from jixiao_xl.forms.expr import Expr
from jixiao_xl.forms.plan import Slot
from jixiao_xl.model.findings import Severity


@dataclass(frozen=True)
class NativeCheck:
    """`marked` are the cells a conditional format colours."""

    slot: Slot
    severity: Severity
    what: str
    fix: str
    problem: Expr
    marked: tuple[Slot, ...] = ()
