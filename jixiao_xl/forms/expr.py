"""One expression, two back ends: the text Excel calculates and the value Python calculates.

Every formula of a workbook is such an expression, so its cached value is never a guess.
Only functions that Excel 2010 and WPS have. Values are Decimal, str, bool, None (blank)
or `ExcelError`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

from jixiao_xl.forms.expr_functions import OF_VALUES, number_of
from jixiao_xl.forms.expr_functions import ExcelError as ExcelError
from jixiao_xl.forms.expr_functions import Value as Value
from jixiao_xl.forms.expr_functions import text_of as text_of
from jixiao_xl.model.places import address, fixed_address
from jixiao_xl.model.records import dataclass


class Cells(Protocol):
    """What an expression may ask about the workbook around it."""

    def value(self, sheet: str, row: int, column: int) -> Value: ...

    def values(self, area: Area) -> list[Value]: ...

    def hidden(self, sheet: str, row: int) -> bool: ...


class Expr:
    """An expression; `excel` is its text as seen from a sheet, `value` its result."""

    def excel(self, sheet: str) -> str:
        raise TypeError(type(self).__name__)

    def value(self, cells: Cells) -> Value:
        raise TypeError(type(self).__name__)

    # operators read like the formula they become
    def __add__(self, other: Operand) -> Expr:
        return Binary("+", self, lift(other))

    def __sub__(self, other: Operand) -> Expr:
        return Binary("-", self, lift(other))

    def __mul__(self, other: Operand) -> Expr:
        return Binary("*", self, lift(other))

    def __truediv__(self, other: Operand) -> Expr:
        return Binary("/", self, lift(other))

    def __and__(self, other: Operand) -> Expr:
        return Binary("&", self, lift(other))

    def __rand__(self, before: str) -> Expr:
        return Binary("&", lift(before), self)

    def eq(self, other: Operand) -> Expr:
        return Binary("=", self, lift(other))

    def ne(self, other: Operand) -> Expr:
        return Binary("<>", self, lift(other))

    def gt(self, other: Operand) -> Expr:
        return Binary(">", self, lift(other))

    def lt(self, other: Operand) -> Expr:
        return Binary("<", self, lift(other))

    def ge(self, other: Operand) -> Expr:
        return Binary(">=", self, lift(other))

    def le(self, other: Operand) -> Expr:
        return Binary("<=", self, lift(other))


Operand = Expr | str | int | Decimal


def lift(value: Operand) -> Expr:
    return value if isinstance(value, Expr) else Literal(value)


@dataclass(frozen=True, eq=True)
class Literal(Expr):
    of: str | int | Decimal

    def excel(self, sheet: str) -> str:
        of = self.of
        if isinstance(of, str):
            return f'"{of}"' if '"' not in of else '"' + of.replace('"', '""') + '"'
        return format(of, "f") if isinstance(of, Decimal) else str(of)

    def value(self, cells: Cells) -> Value:
        return Decimal(self.of) if isinstance(self.of, int) else self.of


@lru_cache(maxsize=256)
def _sheet_prefix(own: str, sheet: str) -> str:
    return "" if own == sheet else "'" + own.replace("'", "''") + "'!"


@dataclass(frozen=True)
class Cell(Expr):
    sheet: str
    row: int
    column: int
    absolute: bool = False

    def excel(self, sheet: str) -> str:
        text = address(self.row, self.column) if not self.absolute else fixed_address(self.row, self.column)
        return text if self.sheet == sheet else _sheet_prefix(self.sheet, sheet) + text

    def value(self, cells: Cells) -> Value:
        return cells.value(self.sheet, self.row, self.column)


@dataclass(frozen=True)
class Area(Expr):
    """A block of cells; only functions that take areas may hold one."""

    sheet: str
    row: int
    column: int
    to_row: int
    to_column: int

    def excel(self, sheet: str) -> str:
        first, last = fixed_address(self.row, self.column), fixed_address(self.to_row, self.to_column)
        return f"{_sheet_prefix(self.sheet, sheet)}{first}:{last}"

    def places(self) -> Iterator[tuple[int, int]]:
        for row in range(self.row, self.to_row + 1):
            for column in range(self.column, self.to_column + 1):
                yield row, column

    def values(self, cells: Cells) -> list[Value]:
        return cells.values(self)


@dataclass(frozen=True)
class Binary(Expr):
    sign: str
    left: Expr
    right: Expr

    def excel(self, sheet: str) -> str:
        return f"({self.left.excel(sheet)}{self.sign}{self.right.excel(sheet)})"

    def value(self, cells: Cells) -> Value:
        left, right, sign = self.left.value(cells), self.right.value(cells), self.sign
        if sign == "&":
            return text_of(left) + text_of(right)
        if sign in _ORDER:
            if left.__class__ is Decimal and right.__class__ is Decimal:  # most are, and need no ranks
                return _ORDER[sign](left, right)
            return _ORDER[sign](*_comparable(left, right))
        a, b = number_of(left), number_of(right)
        if sign == "/" and b == 0:
            raise ExcelError("#DIV/0!")
        return _ARITHMETIC[sign](a, b)


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}
_ARITHMETIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


def _comparable(left: Value, right: Value) -> tuple[tuple[int, Any], tuple[int, Any]]:
    """Excel's order: numbers, then texts, then truths; a blank is whatever it meets."""
    if left is None:
        left = "" if isinstance(right, str) else False if isinstance(right, bool) else Decimal(0)
    if right is None:
        right = "" if isinstance(left, str) else False if isinstance(left, bool) else Decimal(0)

    def ranked(value: Value) -> tuple[int, Any]:
        if isinstance(value, bool):
            return 2, value
        return (1, value.casefold()) if isinstance(value, str) else (0, value)

    return ranked(left), ranked(right)


@dataclass(frozen=True)
class Call(Expr):
    name: str
    args: tuple[Expr, ...]

    def excel(self, sheet: str) -> str:
        return f"{self.name}({','.join([arg.excel(sheet) for arg in self.args])})"

    def value(self, cells: Cells) -> Value:
        return _FUNCTIONS[self.name](cells, self.args)


def call(name: str, *args: Operand) -> Expr:
    """`call("IF", test, a, b)`; KeyError for a function without a Python back end."""
    _FUNCTIONS[name]
    return Call(name, tuple([arg if isinstance(arg, Expr) else Literal(arg) for arg in args]))


def _of_values(of: Callable[..., Value]) -> Callable[[Cells, Sequence[Expr]], Value]:
    return lambda cells, args: of(*[arg.value(cells) for arg in args])


def _flat(cells: Cells, args: Sequence[Expr]) -> list[Value]:
    found: list[Value] = []
    for arg in args:
        found += arg.values(cells) if isinstance(arg, Area) else [arg.value(cells)]
    return found


def _numbers(cells: Cells, args: Sequence[Expr]) -> list[Decimal]:
    return [v for v in _flat(cells, args) if isinstance(v, Decimal)]


def _is_true(value: Value) -> bool:
    return value if isinstance(value, bool) else number_of(value) != 0


def _if(cells: Cells, args: Sequence[Expr]) -> Value:
    return args[1 if _is_true(args[0].value(cells)) else 2].value(cells)


def _iferror(cells: Cells, args: Sequence[Expr]) -> Value:
    try:
        return args[0].value(cells)
    except ExcelError:
        return args[1].value(cells)


def _place(args: Sequence[Expr]) -> Cell:
    """The cell whose row or column is asked; without one it is the cell that asks, known to Excel only."""
    if not args or not isinstance(args[0], Cell):
        raise ExcelError("#VALUE!")
    return args[0]


def _match(cells: Cells, args: Sequence[Expr]) -> Value:
    wanted = args[0].value(cells)
    assert isinstance(args[1], Area)
    values = args[1].values(cells)
    exact = number_of(args[2].value(cells)) == 0
    if isinstance(wanted, Decimal):  # nearly every MATCH of ours, and the paper has hundreds
        return _match_number(wanted, values, exact=exact)
    found = 0
    for n, value in enumerate(values, 1):
        if isinstance(value, str) != isinstance(wanted, str) or value is None:
            continue
        a, b = _comparable(value, wanted)
        if a == b and exact:
            return Decimal(n)
        if not exact and a <= b:
            found = n
    if not found:
        raise ExcelError("#N/A")
    return Decimal(found)


def _match_number(wanted: Decimal, values: Sequence[Value], *, exact: bool) -> Value:
    """The place of the first such number, or of the last one that is not larger."""
    if exact:
        places = (n for n, value in enumerate(values, 1) if value.__class__ is Decimal and value == wanted)
        found = next(places, 0)
    else:
        fitting = [n for n, value in enumerate(values, 1) if isinstance(value, Decimal) and value <= wanted]
        found = fitting[-1] if fitting else 0
    if not found:
        raise ExcelError("#N/A")
    return Decimal(found)


def _index(cells: Cells, args: Sequence[Expr]) -> Value:
    area = args[0]
    assert isinstance(area, Area)
    place = int(number_of(args[1].value(cells)))
    height, width = area.to_row - area.row + 1, area.to_column - area.column + 1
    if not 1 <= place <= height * width:
        raise ExcelError("#REF!")
    down, across = divmod(place - 1, width)
    return cells.value(area.sheet, area.row + down, area.column + across)


def _sumif(cells: Cells, args: Sequence[Expr]) -> Value:
    """SUMIF(area, word, amounts), the word as it is written, or `<>` before the word that does not count."""
    area, word, amounts = args
    assert isinstance(area, Area) and isinstance(amounts, Area)
    wanted = text_of(word.value(cells))
    unless, bare = wanted.startswith("<>"), wanted.removeprefix("<>").casefold()
    pairs = zip(area.values(cells), amounts.values(cells), strict=True)
    return sum((n for of, n in pairs if isinstance(n, Decimal) and (text_of(of).casefold() == bare) != unless), Decimal(0))


def _median(cells: Cells, args: Sequence[Expr]) -> Value:
    """MEDIAN; an error without a number."""
    ordered = sorted(_numbers(cells, args))
    if not ordered:
        raise ExcelError("#NUM!")
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2


def _subtotal(cells: Cells, args: Sequence[Expr]) -> Value:
    """SUBTOTAL(109, area): the sum over the rows that are shown."""
    area = args[1]
    assert isinstance(area, Area)
    shown = [cells.value(area.sheet, row, column) for row, column in area.places() if not cells.hidden(area.sheet, row)]
    return sum((v for v in shown if isinstance(v, Decimal)), Decimal(0))


_FUNCTIONS: dict[str, Callable[[Cells, Sequence[Expr]], Value]] = {
    "IF": _if,
    "IFERROR": _iferror,
    "AND": lambda c, a: all(_is_true(x.value(c)) for x in a),
    "OR": lambda c, a: any(_is_true(x.value(c)) for x in a),
    "NOT": lambda c, a: not _is_true(a[0].value(c)),
    "SUM": lambda c, a: sum(_numbers(c, a), Decimal(0)),
    "MAX": lambda c, a: max(_numbers(c, a), default=Decimal(0)),
    "MIN": lambda c, a: min(_numbers(c, a), default=Decimal(0)),
    "COUNT": lambda c, a: Decimal(len(_numbers(c, a))),
    "ISNUMBER": lambda c, a: isinstance(_quiet(a[0], c), Decimal) and not isinstance(_quiet(a[0], c), bool),
    "MATCH": _match,
    "INDEX": _index,
    "MEDIAN": _median,
    "SUBTOTAL": _subtotal,
    "SUMIF": _sumif,
    "ROW": lambda c, a: _place(a).row + Decimal(1),
    "COLUMN": lambda c, a: _place(a).column + Decimal(1),
    "COUNTIF": lambda c, a: Decimal(sum(text_of(v).casefold() == text_of(a[1].value(c)).casefold() for v in _flat(c, a[:1]))),
    "HYPERLINK": lambda c, a: a[1].value(c),
} | {name: _of_values(of) for name, of in OF_VALUES.items()}


def _quiet(expr: Expr, cells: Cells) -> Value | ExcelError:
    try:
        return expr.value(cells)
    except ExcelError as error:
        return error
