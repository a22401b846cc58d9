"""The 校验码: eight digits over all that was entered, so that paper and file can be held together.

The same number in Excel, in WPS and in Python. It depends on the content of each row and on
what the row is, not on where the row stands, so spare rows shown or hidden do not change it.
Excel 2010 has no function for a character's number that is the same on every machine; the
position in a fixed list of characters (GB 2312) is.

NOTE: a character outside the basic plane counts as two in Excel and as one here; such
characters do not occur in the forms (they would give another code on paper).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from itertools import count
from operator import mul
from zlib import crc32

from jixiao_xl.forms.expr import Area, Cell, Cells, Expr, Value, text_of
from jixiao_xl.model.records import dataclass

LENGTH = 600
"""Characters of a row that count; longer than any row's limit."""
MODULI = (9973, 9967)
PAD = "0"


@cache
def alphabet() -> str:
    """`0`, ASCII, the punctuation and all 6,763 hanzi of GB 2312, each once."""
    ascii_marks = "".join(map(chr, range(32, 127)))
    rows = (*range(0xA1, 0xAA), *range(0xB0, 0xF8))  # between them GB 2312 has nothing
    every_pair = b" ".join(bytes((high, low)) for high in rows for low in range(0xA1, 0xFF))
    return "".join(dict.fromkeys(PAD + ascii_marks + every_pair.decode("gb2312", "ignore")))


@cache
def _positions() -> dict[str, int]:
    return {char: place for place, char in enumerate(alphabet(), 1)}


def row_number(text: str) -> int:
    """The number of one row's text; 0 for an empty one."""
    if not text:
        return 0
    known, extra = _positions(), len(alphabet())
    counted = text[:LENGTH]
    # the padding behind the text: PAD is the first character, so each place counts as itself
    total = (LENGTH * (LENGTH + 1) - len(counted) * (len(counted) + 1)) // 2
    positions = [known.get(char) or extra + text.index(char) + 1 for char in counted]
    weighted: int = sum(map(mul, positions, count(1)))
    return total + weighted


def row_weight(key: str) -> int:
    """What a row is, as a factor between 1 and 9,000."""
    return crc32(key.encode()) % 9000 + 1


def combined(rows: Iterable[tuple[int, int]]) -> str:
    """`1234-5678` from (row number, row weight) pairs; empty when nothing was entered."""
    pairs = [(number, weight) for number, weight in rows if number]
    if not pairs:
        return ""
    first, second = (sum(number % m * weight for number, weight in pairs) % m for m in MODULI)
    return f"{first:04d}-{second:04d}"


@dataclass(frozen=True)
class RowNumber(Expr):
    """`row_number` of a cell's text as a native formula."""

    text: Cell
    letters: Cell

    def excel(self, sheet: str) -> str:
        text, letters = self.text.excel(sheet), self.letters.excel(sheet)
        padded = f'MID({text}&REPT("{PAD}",{LENGTH}),ROW($1:${LENGTH}),1)'
        return f'IF({text}="",0,SUMPRODUCT(FIND({padded},{letters}&{text}),ROW($1:${LENGTH})))'

    def value(self, cells: Cells) -> Value:
        return Decimal(row_number(text_of(self.text.value(cells))))


@dataclass(frozen=True)
class CombinedCode(Expr):
    """`combined` over a column of row numbers and the column of weights beside it."""

    sheet: str
    first: int
    last: int
    numbers: int
    weights: int

    def excel(self, sheet: str) -> str:
        n = Area(self.sheet, self.first, self.numbers, self.last, self.numbers).excel(sheet)
        w = Area(self.sheet, self.first, self.weights, self.last, self.weights).excel(sheet)
        parts = (f'TEXT(MOD(SUMPRODUCT(MOD({n},{m}),{w}),{m}),"0000")' for m in MODULI)
        joined = '&"-"&'.join(parts)
        return f'IF(SUM({n})=0,"",{joined})'

    def value(self, cells: Cells) -> Value:
        rows = []
        for row in range(self.first, self.last + 1):
            number = cells.value(self.sheet, row, self.numbers)
            weight = cells.value(self.sheet, row, self.weights)
            rows.append((int(text_of(number) or 0), int(text_of(weight) or 0)))
        return combined(rows)
