"""The year's approved budget (预算控制数, 批复数) of a unit: its total and its projects, in 万元."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from decimal import Decimal

from jixiao_xl.model.records import dataclass


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One line of the approval. `project` is empty for the unit's total."""

    unit_key: str
    project: str
    amount: Decimal
    """万元, exact (12345 元 is 1.2345)."""
    source: str
    """What the line comes from, as findings name it: `2026年部门预算批复.xlsx 批复数`."""


@dataclass(frozen=True)
class Budget:
    """What was approved for one unit and year. `total` is None where only projects were given."""

    total: BudgetLine | None = None
    projects: tuple[BudgetLine, ...] = field(default=())

    @classmethod
    def of(cls, lines: Iterable[BudgetLine]) -> Budget | None:
        """The lines of one unit put together; None when there are none."""
        known = tuple(lines)
        if not known:
            return None
        total = next((line for line in known if not line.project), None)
        return cls(total, tuple(line for line in known if line.project))
