"""执行数: what the treasury paid out for a unit up to the end of a month, against its budget, in 万元."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import execution_rate
from jixiao_xl.model.records import dataclass


class Execution(NamedTuple):
    """One month of one unit. None is not known, which is not zero."""

    month: int
    budget: Decimal | None
    """年初预算."""
    adjusted: Decimal | None
    """调整后预算: the whole year's budget after what was added and taken."""
    executed: Decimal | None
    """累计执行数, from January to the end of the month."""

    @property
    def whole(self) -> Decimal | None:
        """全年预算 (A): 调整后 where that is known, else 年初."""
        return self.budget if self.adjusted is None else self.adjusted

    @property
    def rate(self) -> Decimal | None:
        """执行率 (B/A) as a fraction; None without a budget (不适用) and where either is not known."""
        return None if self.executed is None or self.whole is None else execution_rate(self.executed, self.whole)


@dataclass(frozen=True)
class ExecutionLine:
    """One row of the treasury's export. `key` is the unit's as far as the row says it; else `code` and `name`
    have to find it."""

    key: str
    code: str
    name: str
    amounts: Execution
    where: Where
    """The cell of the 执行数."""
    row: int
    source: str
    """`6月支出.xlsx 执行数`."""

    @property
    def spoken(self) -> str:
        return self.name or self.key or self.code
