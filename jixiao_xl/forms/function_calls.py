"""The functions of jixiao_xl/model/functions.py as expressions, and the native formula of each rate."""

from __future__ import annotations

import re
from collections.abc import Callable

from jixiao_xl.forms.expr import Area, Cells, ExcelError, Expr, Literal, Value, call
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.amounts import SUM_PLACES
from jixiao_xl.model.cell_blocks import Block, CellError, Content, rates, scores, targets
from jixiao_xl.model.functions import SCORE, TARGET
from jixiao_xl.model.ratios import RATE_PLACES
from jixiao_xl.model.records import dataclass

PACK = "default"
"""Whose scoring a formula of anyone's own uses: no form says which."""


@dataclass(frozen=True)
class FunctionCall(Expr):
    """`JX_SHARE(D6,D9)`. Its value is a block; as a value of one cell, the block's first."""

    name: str
    args: tuple[Expr, ...]

    def excel(self, sheet: str) -> str:
        return f"{self.name}({','.join(arg.excel(sheet) for arg in self.args)})"

    def block(self, cells: Cells) -> Block:
        given = [_block_of(arg, cells) for arg in self.args]
        if self.name == SCORE.name:
            target, actual, weight, method = (*given, [[None]])[:4]
            return scores(target, actual, weight, method, thresholds_of(PACK).scoring)
        return targets(*given) if self.name == TARGET.name else rates(self.name, *given)

    def value(self, cells: Cells) -> Value:
        return shown(self.block(cells)[0][0])


@dataclass(frozen=True)
class Fault(Expr):
    """An error value written into a formula (`#VALUE!`)."""

    text: str

    def excel(self, sheet: str) -> str:
        return self.text

    def value(self, cells: Cells) -> Value:
        raise ExcelError(self.text)


def shown(content: Content) -> Value:
    """What a cell shows of one result; raises ExcelError for an error."""
    if isinstance(content, CellError):
        raise ExcelError(content.value)
    return "" if content is None else content


def _block_of(arg: Expr, cells: Cells) -> Block:
    """Cells as the function gets them, errors among them."""
    if not isinstance(arg, Area):
        return [[_content(lambda: arg.value(cells))]]
    width = arg.to_column - arg.column + 1
    found = [_content(lambda place=place: cells.value(arg.sheet, *place)) for place in arg.places()]  # type: ignore[misc]
    return [found[start : start + width] for start in range(0, len(found), width)]


def _content(ask: Callable[[], Value]) -> Content:
    try:
        return ask()
    except ExcelError as error:
        return CellError(str(error))


def native_rate(name: str, first: Expr, second: Expr) -> Expr:
    """What the function gives, in functions that every Excel and WPS has: a blank in, a blank out; over
    nothing #DIV/0!; a text, a number stored as text too, #VALUE!."""
    rate: Expr = first / second
    if name == "JX_CHANGE_RATE":
        # the difference of two binary numbers misses the decimal one, and half a step would be lost
        rate = call("ROUND", first - second, SUM_PLACES) / call("ABS", second)
    known = call("IF", call("COUNT", first, second).eq(2), call("ROUND", rate, RATE_PLACES), Fault(CellError.VALUE.value))
    return call("IF", call("OR", first.eq(""), second.eq("")), "", known)


def native_target(target: Expr) -> tuple[Expr, Expr, Expr]:
    """Sign, number and unit of a value that is written plainly: one sign or none, digits, one letter of
    unit or none. Native formulas cannot read more; JX_TARGET reads every way staff write it."""
    first, last = call("LEFT", target, 1), call("RIGHT", target, 1)
    sign = call("IF", call("ISNUMBER", call("FIND", first, Literal("≥>=<≤"))), first, "")
    unit = call("IF", call("ISNUMBER", call("FIND", last, Literal("0123456789"))), "", last)
    digits = call("MID", target, call("LEN", sign) + 1, call("LEN", target) - call("LEN", sign) - call("LEN", unit))
    return tuple(call("IF", target.eq(""), "", part) for part in (sign, call("VALUE", digits), unit))  # type: ignore[return-value]


_RATES = re.compile(r"\b(?:JX_SHARE|JX_EXEC_RATE)\(")


def as_native(formula: str) -> str:
    """The formula with ROUND in place of our own rate: the form's own formula either way."""
    return _RATES.sub("ROUND(", formula)
