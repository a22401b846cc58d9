"""A function called as Excel calls it: through xlwings' COM server and its real Windows conversion."""

from __future__ import annotations

import importlib
import types
from typing import Any

from tests.excel import fake_com
from tests.excel.values import ERROR_TEXTS, ERRORS

MODULE = "jixiao_xl.hosts.excel_udfs"


def functions() -> types.ModuleType:
    """Our functions with the decorators that xlwings has on Windows."""
    fake_com.install()
    module = importlib.import_module(MODULE)
    return module if hasattr(module.JX_SHARE, "__xlfunc__") else importlib.reload(module)


def answer(name: str, *args: object) -> Any:
    """What COM hands to VBA: an error is still an integer, one row a list, one cell a value."""
    functions()
    xlwings = fake_com.install()
    fake_com._module("win32com.server.util", unwrap=_no_python_object)
    from xlwings.com_server import XLPython

    engines = xlwings.engines
    before, by_name = list(engines.engines), dict(engines.engines_by_name)
    engines.add(xlwings.main.Engine(impl=xlwings._xlwindows.engine))
    try:
        return XLPython().CallUDF(MODULE, name, args)
    finally:
        engines.engines, engines.engines_by_name = before, by_name


def _no_python_object(_given: object) -> None:
    raise TypeError("not one of ours")


def called(name: str, *blocks: object) -> list[list[Any]]:
    """The block that a sheet shows. A text that is an error's name goes in as the error."""
    given = tuple(_as_com(block) for block in blocks)
    found = answer(name, *given)
    rows = (
        found
        if isinstance(found, list) and isinstance(found[0], list | tuple)
        else [found]
        if isinstance(found, list)
        else [[found]]
    )
    return [[_as_shown(cell) for cell in row] for row in rows]


def _as_com(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_as_com(one) for one in value)
    return ERRORS.get(value, value) if isinstance(value, str) else value


def _as_shown(cell: Any) -> Any:
    """The wrapper's part of the way (tests/udfs/test_wrappers.py): an integer is an error, nothing else is one."""
    assert not (isinstance(cell, str) and cell in ERRORS), "a text that looks like an error"
    return ERROR_TEXTS[cell] if isinstance(cell, int) and not isinstance(cell, bool) else cell
