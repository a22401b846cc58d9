"""How does a value as printed become the content of a cell, and come back?

The two directions stand side by side, so that filling and reading cannot drift apart.
"""

from __future__ import annotations

import re
from decimal import Decimal

from jixiao_xl.forms.plan import ContentKind
from jixiao_xl.model.amounts import half_up, is_plain_amount, read_amount, show_amount
from jixiao_xl.model.ratios import read_percent, show_percent

NUMERIC: tuple[ContentKind, ...] = ("money", "percent", "rate", "points", "integer")


def cell_content(value: str, content: ContentKind) -> tuple[Decimal | str, str]:
    """What to write, and the number format that shows it as printed (empty: the style's own)."""
    if content in ("money", "points", "integer") and is_plain_amount(value):
        number = read_amount(value)
        assert number is not None
        places = len(value.partition(".")[2])
        return number, "" if show_amount(number) == value or not places else f"0.{'0' * places}"
    if content in ("percent", "rate"):
        fraction = read_percent(value)
        if fraction is not None and is_plain_amount(value.rstrip("%")):
            places = len(value.rstrip("%").partition(".")[2])
            return fraction, f"0.{'0' * places}%" if places else "0%"
    return value, ""


_FORMAT_PLACES = re.compile(r"0\.(0+)")
_FRAMED = re.compile(r'(?:"([^"]*)")?([#0,.]+%?)(?:"([^"]*)")?')
"""A number between words of its own, such as `0"人"`."""


def printed(value: str | float | int | bool, number_format: str) -> str:
    """What the cell shows, as text: the number in its format, a text as it is.

    The formats that matter are General, `0.00`, `0%`, `0.00%` and what pasting leaves behind.
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return value
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    framed = _FRAMED.fullmatch(number_format)
    if framed and (framed[1] or framed[3]):
        return f"{framed[1] or ''}{printed(value, framed[2])}{framed[3] or ''}"
    places = _FORMAT_PLACES.search(number_format)
    if "%" in number_format:
        if number_format in ("0%", "0.00%"):
            return show_percent(number)
        return f"{half_up(number * 100, len(places[1]) if places else 0):f}%"
    if places and number_format.replace("#,##", "") == places[0]:
        shown = f"{half_up(number, len(places[1])):f}"
        if Decimal(shown) == number:
            return shown
    return show_amount(number)
