"""Blocks of cells in, a block of cells out: what the functions for cells compute, without a spreadsheet.

A block is a list of rows. A cell holds a `Decimal`, a text, a truth, None (blank) or a `CellError`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, InvalidOperation
from enum import Enum

from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value
from jixiao_xl.model.plain_value import comparable
from jixiao_xl.model.ratios import change_rate, control_rate, execution_rate, share
from jixiao_xl.model.scoring import Scoring, method_named, method_of, points


class CellError(Enum):
    """What a cell shows instead of a value; arithmetic passes it on, SUM does not skip it."""

    NULL = "#NULL!"
    DIV0 = "#DIV/0!"
    VALUE = "#VALUE!"
    REF = "#REF!"
    NAME = "#NAME?"
    NUM = "#NUM!"
    NA = "#N/A"


Content = Decimal | str | bool | None | CellError
Block = Sequence[Sequence[Content]]
Rate = Callable[[Decimal, Decimal], Decimal | None]
"""A rate of two amounts; None where there is none, because the second is nothing."""

_LARGEST = Decimal("1.7976931348623157E+308")
"""The largest number that a cell holds."""


def _strict_share(part: Decimal, whole: Decimal) -> Decimal | None:
    """占比 in anyone's own formula: over nothing there is none. That a form prints 0 there is the form's."""
    return None if whole == 0 else share(part, whole)


RATES: dict[str, Rate] = {
    "JX_SHARE": _strict_share,
    "JX_EXEC_RATE": execution_rate,
    "JX_CHANGE_RATE": change_rate,
    "JX_CONTROL_RATE": control_rate,
}


def rates(name: str, first: Block, second: Block) -> list[list[Content]]:
    """The rate of each pair of cells, a fraction with four places (0.4059)."""
    rate = RATES[name]
    return [[_rate(rate, *pair) for pair in row] for row in aligned(first, second)]


def targets(block: Block) -> list[list[Content]]:
    """Three cells for each: operator, number (95 for 95%), unit. Words and ranges have no one number."""
    return [[part for cell in row for part in _target(cell)] for row in block]


def scores(target: Block, actual: Block, weight: Block, method: Block, scoring: Scoring) -> list[list[Content]]:
    """The points of each line; where the method is blank, the sign of the target says it."""
    return [[_score(*line, scoring=scoring) for line in row] for row in aligned(target, actual, weight, method)]


def aligned(*blocks: Block) -> Iterator[list[tuple[Content, ...]]]:
    """The cells that meet, as Excel's own array arithmetic does it: a block of one row or one column
    is used for every row or column; where a block has ended there is #N/A."""
    height = max(len(block) for block in blocks)
    width = max(len(block[0]) for block in blocks)
    for row in range(height):
        yield [tuple(_at(block, row, column) for block in blocks) for column in range(width)]


def _at(block: Block, row: int, column: int) -> Content:
    if len(block) == 1:
        row = 0
    if len(block[0]) == 1:
        column = 0
    return block[row][column] if row < len(block) and column < len(block[0]) else CellError.NA


def unusable(*cells: Content) -> CellError | None:
    """The first error among the cells, which any result passes on."""
    return next((cell for cell in cells if isinstance(cell, CellError)), None)


def is_blank(cell: Content) -> bool:
    return cell is None or cell == ""


def _rate(rate: Rate, first: Content, second: Content) -> Content:
    error = unusable(first, second)
    if error is not None:
        return error
    if is_blank(first) or is_blank(second):
        return None
    if not isinstance(first, Decimal) or not isinstance(second, Decimal):
        return CellError.VALUE  # a number stored as text too: SUM over the column would skip it
    try:
        found = rate(first, second)
    except InvalidOperation:
        return CellError.NUM
    if found is None:
        return CellError.DIV0
    return found if abs(found) <= _LARGEST else CellError.NUM


def _target(cell: Content) -> tuple[Content, Content, Content]:
    if isinstance(cell, CellError):
        return cell, cell, cell
    if is_blank(cell):
        return None, None, None
    if isinstance(cell, bool):
        return CellError.VALUE, CellError.VALUE, CellError.VALUE
    if isinstance(cell, Decimal):
        return "", cell, ""
    value = read_indicator_value(str(cell))
    number = CellError.NA if value.number is None or value.high is not None else value.number
    return value.operator, number, value.unit


def _score(target: Content, actual: Content, weight: Content, method: Content, *, scoring: Scoring) -> Content:
    error = unusable(target, actual, weight, method)
    if error is not None:
        return error
    if is_blank(target) or is_blank(actual) or is_blank(weight):
        return None
    if not isinstance(weight, Decimal) or isinstance(target, bool) or isinstance(actual, bool):
        return CellError.VALUE
    if weight < 0:
        return CellError.NUM
    goal, reached = _value(target), _value(actual)
    way = method_of(goal.operator) if is_blank(method) else method_named(str(method))
    if way is None:
        return CellError.NA if is_blank(method) else CellError.VALUE
    numbers = comparable(goal, reached)
    try:
        earned = None if numbers is None else points(way, *numbers, weight, scoring)
    except InvalidOperation:
        return CellError.NUM
    return CellError.NA if earned is None else earned


def _value(cell: Content) -> IndicatorValue:
    if isinstance(cell, Decimal):
        return IndicatorValue(show_amount(cell), number=cell)
    return read_indicator_value(str(cell))
