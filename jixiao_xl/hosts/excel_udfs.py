"""The functions for anyone's own formulas, as Excel calls them: blocks in, a block out, never volatile.

Blank in, blank out. An error is handed back as the integer that COM itself uses for it; the VBA
wrapper (macros/JixiaoUdfs.bas) makes a cell error of it. A text such as "#DIV/0!" would look like one
and be skipped by SUM, and an error VARIANT does not pass through pywin32 (xlwings issue 776).
Nothing heavy is imported here; the archive only when JX_PRIOR is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlwings as xw

from jixiao_xl.forms.function_calls import PACK
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model import functions
from jixiao_xl.model.cell_blocks import Block, CellError, Content, aligned, rates, scores, targets

Cells = Sequence[Sequence[Any]]
"""A block as xlwings hands it over: rows of float, str, bool or None; an error value as its text."""
Answer = list[list[float | str | bool | int | None]]

IN: dict[str, Any] = {"ndim": 2, "err_to_str": True}
"""Always a block; and an error value is not a blank cell."""
CVERR = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}
"""Excel's error numbers, as VBA's CVErr takes them."""
SCODE = -2146828288
"""0x800A0000: with Excel's error number added, what COM calls the error."""


@xw.func(category=functions.CATEGORY)
@xw.arg("part", doc=functions.SHARE.help_of("part"), **IN)
@xw.arg("whole", doc=functions.SHARE.help_of("whole"), **IN)
@xw.ret(ndim=2)
def JX_SHARE(part: Any, whole: Any) -> Answer:
    """占比: 本项 over 合计."""
    return answered(rates("JX_SHARE", asked(part), asked(whole)))


@xw.func(category=functions.CATEGORY)
@xw.arg("executed", doc=functions.EXEC_RATE.help_of("executed"), **IN)
@xw.arg("budget", doc=functions.EXEC_RATE.help_of("budget"), **IN)
@xw.ret(ndim=2)
def JX_EXEC_RATE(executed: Any, budget: Any) -> Answer:
    """执行率: 执行数 over 预算数."""
    return answered(rates("JX_EXEC_RATE", asked(executed), asked(budget)))


@xw.func(category=functions.CATEGORY)
@xw.arg("this_year", doc=functions.CHANGE_RATE.help_of("this_year"), **IN)
@xw.arg("last_year", doc=functions.CHANGE_RATE.help_of("last_year"), **IN)
@xw.ret(ndim=2)
def JX_CHANGE_RATE(this_year: Any, last_year: Any) -> Answer:
    """变动率: what was added or lost, over 上年数."""
    return answered(rates("JX_CHANGE_RATE", asked(this_year), asked(last_year)))


@xw.func(category=functions.CATEGORY)
@xw.arg("actual", doc=functions.CONTROL_RATE.help_of("actual"), **IN)
@xw.arg("limit", doc=functions.CONTROL_RATE.help_of("limit"), **IN)
@xw.ret(ndim=2)
def JX_CONTROL_RATE(actual: Any, limit: Any) -> Answer:
    """控制率: 实际数 over 控制数."""
    return answered(rates("JX_CONTROL_RATE", asked(actual), asked(limit)))


@xw.func(category=functions.CATEGORY)
@xw.arg("target", doc=functions.TARGET.help_of("target"), **IN)
@xw.ret(ndim=2)
def JX_TARGET(target: Any) -> Answer:
    """指标值分解: sign, number and unit of each, three cells side by side."""
    return answered(targets(asked(target)))


@xw.func(category=functions.CATEGORY)
@xw.arg("target", doc=functions.SCORE.help_of("target"), **IN)
@xw.arg("actual", doc=functions.SCORE.help_of("actual"), **IN)
@xw.arg("weight", doc=functions.SCORE.help_of("weight"), **IN)
@xw.arg("method", doc=functions.SCORE.help_of("method"), **IN)
@xw.ret(ndim=2)
def JX_SCORE(target: Any, actual: Any, weight: Any, method: Any = None) -> Answer:
    """自评得分 of each line, by the rules of the default pack."""
    scoring = thresholds_of(PACK).scoring
    return answered(scores(asked(target), asked(actual), asked(weight), asked(method or [[None]]), scoring))


@xw.func(category=functions.CATEGORY)
@xw.arg("unit_key", doc=functions.PRIOR.help_of("unit_key"), **IN)
@xw.arg("year", doc=functions.PRIOR.help_of("year"), **IN)
@xw.arg("path", doc=functions.PRIOR.help_of("path"), **IN)
@xw.arg("archive", doc=functions.PRIOR.help_of("JIXIAO_ARCHIVE"))
@xw.ret(ndim=2)
def JX_PRIOR(unit_key: Any, year: Any, path: Any, archive: Any = None) -> Answer:
    """上年数: what the archive has for the unit, the year before and the path."""
    return answered(_prior_values(asked(unit_key), asked(year), asked(path), str(archive or "")))


def asked(cells: Cells) -> Block:
    """A block from xlwings as numbers, texts and errors; no binary float takes part in a division."""
    return [[_cell(value) for value in row] for row in cells]


def _cell(value: Any) -> Content:
    if value is None or value == "":
        return None
    if isinstance(value, bool | Decimal):  # Decimal: a cell in a currency format
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value)) if value - value == 0 else CellError.NUM
    text = str(value)
    return CellError(text) if text in CVERR else text


def answered(block: Block) -> Answer:
    """The block for Excel: numbers as floats, errors as COM's integers, blanks as None."""
    return [[_answer(cell) for cell in row] for row in block]


def _answer(cell: Content) -> float | str | bool | int | None:
    if isinstance(cell, CellError):
        return SCODE + CVERR[cell.value]
    return float(cell) if isinstance(cell, Decimal) else cell


def _prior_values(unit_key: Block, year: Block, path: Block, archive: str) -> Block:
    """From the archive that the workbook's settings name, else the person's; #REF! where it cannot be opened."""
    from jixiao_xl import operations
    from jixiao_xl.hosts.settings import setting

    try:
        return operations.prior_cells(archive or setting("ARCHIVE"), unit_key, year, path)
    except operations.CannotRun:
        return [[CellError.REF for _ in row] for row in aligned(unit_key, year, path)]
