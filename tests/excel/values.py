"""What Excel makes of a value that a program puts into a cell, and how COM hands one back."""

from __future__ import annotations

import datetime as dt
import decimal
import re
from collections.abc import Callable, Iterable, Sequence

Box = tuple[int, int, int, int]
"""First row, first column, last row, last column; all from 1, both ends included."""
Block = tuple[tuple[object, ...], ...]

ERRORS = {
    "#DIV/0!": -2146826281, "#N/A": -2146826246, "#NAME?": -2146826259, "#NULL!": -2146826288,
    "#NUM!": -2146826252, "#REF!": -2146826265, "#VALUE!": -2146826273,
}  # fmt: skip
ERROR_TEXTS = {number: text for text, number in ERRORS.items()}
EXCEPTION = -2147352567
"""DISP_E_EXCEPTION: Excel did answer, and said no."""
NOT_POSSIBLE = -2146827284
"""0x800A03EC, Excel's 1004: among much else, a locked cell of a protected sheet."""
NO_SUCH_ITEM = -2147352565
"""DISP_E_BADINDEX: a sheet or name that is not there."""
REJECTED = -2147418111
"""RPC_E_CALL_REJECTED: a cell is being typed into, or a dialog is open."""
IGNORED = -2146777998
"""VBA_E_IGNORE: what a write gets instead while a cell is being typed into."""
_CURRENCY_SIGNS = "¥￥$€£"
_NUMBER = re.compile(r"\s*[+-]?[¥￥$]?((\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?\s*")
_DATE = re.compile(r"\s*(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})日?\s*|\s*(\d{1,2})[-/](\d{1,2})\s*")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
_EPOCH = dt.datetime(1899, 12, 30)


class ComError(Exception):
    """Excel's refusal, with the attributes of `pywintypes.com_error`."""

    def __init__(self, hresult: int = EXCEPTION, scode: int | None = NOT_POSSIBLE, text: str = "") -> None:
        inner = None if scode is None else (0, "Microsoft Excel", text, "xlmain11.chm", 0, scode)
        super().__init__(hresult, "Exception occurred." if inner else text, inner, None)
        self.hresult, self.strerror, self.excepinfo, self.argerror = self.args


class ComTime(dt.datetime):
    """A date as pywin32 delivers it: a datetime that has a time zone and means none."""


class Formula(str):
    """A text that the cell calculates; a bare `=1+1` is just a text."""


def com_time(moment: dt.datetime) -> ComTime:
    m = moment
    return ComTime(m.year, m.month, m.day, m.hour, m.minute, m.second, m.microsecond, tzinfo=dt.UTC)


def serial(day: dt.date) -> float:
    """Days since 1899-12-30, Excel's date."""
    if isinstance(day, dt.datetime):
        return (day.replace(tzinfo=None) - _EPOCH).total_seconds() / 86400
    return float((day - _EPOCH.date()).days)


def moment(days: float) -> dt.datetime:
    return _EPOCH + dt.timedelta(seconds=round(days * 86400))


def is_date_format(number_format: str) -> bool:
    bare = _LITERAL.sub("", number_format).lower()
    return number_format != "General" and any(sign in bare for sign in "ymdh") and "@" not in bare


def as_delivered(number: float, number_format: str) -> object:
    """A number as `Range.Value` gives it: a date, a currency cut to four places, or itself."""
    if is_date_format(number_format):
        return com_time(moment(number))
    if any(sign in number_format for sign in _CURRENCY_SIGNS):
        return decimal.Decimal(str(round(number, 4)))
    return number


def as_typed(text: str) -> object:
    """What a text becomes in a cell without text format, as if it had been typed there."""
    if text.strip().upper() in ("TRUE", "FALSE"):
        return text.strip().upper() == "TRUE"
    if text in ERRORS:
        return ERRORS[text]
    if _NUMBER.fullmatch(text) and any(c.isdigit() for c in text):
        bare = re.sub(r"[,¥￥$\s]", "", text)
        return float(bare[:-1]) / 100 if bare.endswith("%") else float(bare)
    if found := _DATE.fullmatch(text):
        year, month, day, short_month, short_day = found.groups()
        try:
            first = int(year or dt.date.today().year)
            return com_time(dt.datetime(first, int(month or short_month), int(day or short_day)))
        except ValueError:
            return text
    if len(text) > 1 and text[0] in "+-@":
        return _taken_for_a_formula(text)
    return text


def _taken_for_a_formula(text: str) -> object:
    """`-总额` is a formula with an unknown name to Excel, and `@总额` is none at all."""
    if text[0] == "@":
        raise ComError(text=f"{text} is no formula")
    return ERRORS["#NAME?"]


def as_kept(value: object, *, in_text_cell: bool) -> object:
    """What the cell holds after `Range.Value = value`."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.startswith("'"):
        return value[1:] or None
    if in_text_cell:
        return _shown(value)
    if isinstance(value, str):
        return Formula(value) if value.startswith("=") else as_typed(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, dt.date):
        return com_time(value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day))
    return float(value)  # type: ignore[arg-type]


def _shown(value: object) -> object:
    """In a cell of text format everything becomes text, a number as General would show it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | decimal.Decimal):
        return format(float(value), ".15g")
    return value if isinstance(value, str) else str(value)


def fitted(data: object, rows: int, columns: int) -> list[list[object]]:
    """A value or block as Excel spreads it over an area: one row or column is repeated, what is
    missing otherwise becomes #N/A, what is too much is left out."""
    if not isinstance(data, tuple | list):
        return [[data] * columns for _ in range(rows)]
    block = [list(row) if isinstance(row, tuple | list) else row for row in data]
    if not block or not isinstance(block[0], list):
        block = [block]
    lacking = ERRORS["#N/A"]

    def at(row: int, column: int) -> object:
        line = block[0] if len(block) == 1 else block[row] if row < len(block) else []
        if len(line) == 1:
            return line[0]
        return line[column] if column < len(line) else lacking

    return [[at(r, c) for c in range(columns)] for r in range(rows)]


def uniform(found: Iterable[object]) -> object:
    """The one value that all share, None where they differ: how COM answers for an area."""
    distinct = set(found)
    return distinct.pop() if len(distinct) == 1 else None


def block_of(box: Box, one: Callable[[int, int], object]) -> Block:
    """A block built cell by cell."""
    top, left, bottom, right = box
    columns = range(left, right + 1)
    return tuple(tuple([one(row, column) for column in columns]) for row in range(top, bottom + 1))


def unwrapped(block: Sequence[Sequence[object]]) -> object:
    """A block as COM gives it: the bare value where the area is one cell."""
    return block[0][0] if len(block) == 1 and len(block[0]) == 1 else block
