"""What is in a cell, and what do Excel's functions of plain values make of it?

Values are Decimal, str, bool, None (blank) or, as an exception on its way, `ExcelError`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from jixiao_xl.model.amounts import half_up, read_amount, show_amount
from jixiao_xl.model.places import address

Value = Decimal | str | bool | None


class ExcelError(Exception):
    """A cell error (`#VALUE!`, `#N/A`) on its way through an expression."""


def text_of(value: Value) -> str:
    """What `&` makes of a value: Excel's General text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return show_amount(value) if isinstance(value, Decimal) else value


def number_of(value: Value) -> Decimal:
    """What arithmetic makes of a value; a text that is no number is #VALUE!."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, str):
        number = read_amount(value)
        if number is None:
            raise ExcelError("#VALUE!")
        return number
    return Decimal(0) if value is None else value


def _whole(value: Value) -> int:
    return int(number_of(value))


def _find(wanted: Value, within: Value) -> Value:
    place = text_of(within).find(text_of(wanted))
    if place < 0:
        raise ExcelError("#VALUE!")
    return Decimal(place + 1)


def _search(wanted: Value, within: Value) -> Value:
    """SEARCH without wildcards."""
    return _find(text_of(wanted).casefold(), text_of(within).casefold())


def _mid(text: Value, start: Value, length: Value) -> Value:
    first, many = _whole(start), _whole(length)
    if first < 1 or many < 0:
        raise ExcelError("#VALUE!")
    return text_of(text)[first - 1 : first - 1 + many]


def _trim(text: Value) -> Value:
    """No blank at either end and one between words; other kinds of blanks stay."""
    return " ".join(word for word in text_of(text).split(" ") if word)


def _mod(number: Value, divisor: Value) -> Value:
    """MOD: what is left has the sign of the divisor."""
    a, b = number_of(number), number_of(divisor)
    if b == 0:
        raise ExcelError("#DIV/0!")
    return a - b * (a / b).to_integral_value(ROUND_FLOOR)


def _n(value: Value) -> Value:
    return Decimal(int(value)) if isinstance(value, bool) else value if isinstance(value, Decimal) else Decimal(0)


def _pad(number: Value, pattern: Value) -> Value:
    """TEXT(number, "000…")."""
    return str(_whole(number)).zfill(len(text_of(pattern)))


def _fixed(number: Value, places: Value, bare: Value = False) -> Value:
    """FIXED: so many decimals, thousands separated by commas unless `bare`."""
    shown = half_up(number_of(number), _whole(places)) + 0  # no cell shows -0
    return format(shown, "f") if bare else format(shown, ",f")


OF_VALUES: dict[str, Callable[..., Value]] = {
    "ABS": lambda number: abs(number_of(number)),
    "ADDRESS": lambda row, column: address(_whole(row) - 1, _whole(column) - 1),
    "EXACT": lambda one, other: text_of(one) == text_of(other),
    "FIND": _find,
    "FIXED": _fixed,
    "INT": lambda number: number_of(number).to_integral_value(ROUND_FLOOR),
    "ISTEXT": lambda value: isinstance(value, str),
    "LEFT": lambda text, length: text_of(text)[: _whole(length)],
    "LEN": lambda text: Decimal(len(text_of(text))),
    "MID": _mid,
    "MOD": _mod,
    "N": _n,
    "RIGHT": lambda text, length: text_of(text)[max(0, len(text_of(text)) - _whole(length)) :],
    "ROUND": lambda number, places: half_up(number_of(number), _whole(places)),
    "ROUNDUP": lambda number, places: number_of(number).to_integral_value(ROUND_CEILING),
    "SEARCH": _search,
    "SUBSTITUTE": lambda text, old, new: text_of(text).replace(text_of(old), text_of(new)),
    "TEXT": _pad,
    "TRIM": _trim,
    "VALUE": lambda text: number_of(text_of(text)),
}
"""By name, the functions that take values and not places."""
