"""One line of a 批复 table: which unit, by which document, on which day, and how much, where that is said."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from jixiao_xl.model.dates import spoken_date
from jixiao_xl.model.places import Where
from jixiao_xl.model.records import dataclass


@dataclass(frozen=True)
class ApprovalLine:
    """`key` is the unit's key as far as the row says it; else `code` and `name` have to find it."""

    key: str
    code: str
    name: str
    document: str
    """文号, as written."""
    on: dt.date
    total: Decimal | None
    """万元; None where the table has no amount for the unit."""
    source: str
    """What the total comes from, as findings name it: `批复.xlsx 批复数`."""
    where: Where
    row: int
    """Of the file, from 1."""

    @property
    def spoken(self) -> str:
        """`鄂州财预〔2026〕12号　2026年1月20日`, as it stands on the sheet."""
        return f"{self.document}　{spoken_date(self.on)}"
