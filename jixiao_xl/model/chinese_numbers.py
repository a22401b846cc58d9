"""What number do 三十, 两千五百, 1.5万 stand for?"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
CHINESE = "零〇一二两三四五六七八九十百千万亿"
_ARABIC = re.compile(r"([+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)([万亿]?)\Z")


def read_number(text: str) -> Decimal | None:
    """The number that Arabic digits (with separators, 万 or 亿) or Chinese numerals say; None for
    anything else."""
    arabic = _ARABIC.match(text)
    if arabic:
        return Decimal(arabic[1].replace(",", "")) * _LARGE.get(arabic[2], 1)
    if not text or any(char not in CHINESE for char in text):
        return None
    return _chinese(text)


def _chinese(text: str) -> Decimal | None:
    """`三万二千零五` by sections of 亿 and 万; None where the order of the signs makes no number."""
    total, section, digit, seen_small = 0, 0, -1, 10_000
    for char in text:
        if char in _DIGITS:
            if digit > 0:
                return None  # 二三 is two numbers, not one
            digit = _DIGITS[char]
        elif char in _SMALL:
            unit = _SMALL[char]
            if unit >= seen_small or (digit <= 0 and not (unit == 10 and not section and digit < 0)):
                return None
            section, digit, seen_small = section + (digit if digit > 0 else 1) * unit, -1, unit
        else:
            value = section + max(digit, 0)
            if not value:
                return None
            total, section, digit, seen_small = (
                (total + value) * _LARGE[char] if char == "亿" else total + value * 10_000,
                0,
                -1,
                10_000,
            )
    return Decimal(total + section + max(digit, 0))
