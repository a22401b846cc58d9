"""What does an indicator cell say: "≥95%", "23人", "-4.67%", "健全", "无"?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operator = Literal["≥", ">", "=", "<", "≤", ""]

ABSENT = ("无", "不适用", "/", "-", "—", "――")
_SIGNS = {">=": "≥", "=>": "≥", "<=": "≤", "=<": "≤", "≧": "≥", "≦": "≤"}
_NUMBER = re.compile(r"(?P<sign>[≥>=<≤]?)\s*(?P<number>[+-]?\d+(?:\.\d+)?)\s*(?P<unit>%|[^\d\s%≥≤<>=]*)\Z")


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """`number` is in the cell's own unit (95 for 95%); None when the cell holds words."""

    text: str
    operator: Operator = ""
    number: Decimal | None = None
    unit: str = ""

    @property
    def is_absent(self) -> bool:
        """Nothing there, or a word for nothing."""
        return self.text == "" or self.text in ABSENT

    @property
    def is_percent(self) -> bool:
        return self.unit == "%"


def read_indicator_value(text: str) -> IndicatorValue:
    """Parse a printed value; words come back as words."""
    plain = unicodedata.normalize("NFKC", text).strip()
    for written, sign in _SIGNS.items():
        plain = plain.replace(written, sign)
    match = _NUMBER.match(plain)
    if match is None:
        return IndicatorValue(text.strip())
    operator: Operator = match["sign"]  # type: ignore[assignment]
    return IndicatorValue(text.strip(), operator, Decimal(match["number"]), match["unit"])
