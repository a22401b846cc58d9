"""What does an amount cell say, and how far may a sum be off?

Amounts are in 万元 and are always `Decimal`; a binary float never takes part in a sum.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

SUM_PLACES = 6
"""Sums are rounded here: two places would falsify 无锡's 897.334 (decisions, contract 7)."""

HALF_UNIT = Decimal("0.005")
"""万元; half of the last printed digit, the most that rounding one part can hide."""

YUAN_SUSPECT = Decimal(100_000)
"""万元; ten 亿 in one line of a county department is more likely 元 typed as 万元."""

LONGEST = 40
"""Characters of a number; Excel itself keeps fifteen digits, so anything longer is no amount."""
_WIDE = Context(prec=400)
"""Wide enough for any number a cell can hold (1E+308)."""
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?\Z", re.ASCII)


def half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero, as 财政 tables and Excel's ROUND do."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


@lru_cache(maxsize=16_384)
def read_amount(text: str) -> Decimal | None:
    """The amount a cell shows, in the cell's own unit; None when the text is not a plain number.

    Thousands separators, full-width digits and surrounding blanks are read; words are not.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    return Decimal(plain) if _PLAIN.fullmatch(plain) and len(plain) <= LONGEST else None


def is_plain_amount(text: str) -> bool:
    """Whether the text is a number as a form prints it: no separators, blanks or full-width digits."""
    return _PLAIN.fullmatch(text) is not None and len(text) <= LONGEST


def decimals_of(value: Decimal) -> int:
    """How many decimals the value really needs; trailing zeros do not count."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def show_amount(value: Decimal) -> str:
    """The amount as a form prints it: no exponent, no trailing zeros (`399.3`, `31`, `0`)."""
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "") else text


def sum_tolerance(parts: int) -> Decimal:
    """万元: a total of n rounded parts may be off by n halves of the last digit (contract 7)."""
    return HALF_UNIT * parts
