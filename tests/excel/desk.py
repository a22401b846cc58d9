"""One workbook open before one person: what a test gets from each of the three engines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.excel.person import Person


class Desk:
    """`book` is the public xlwings Book, `app` its App; `person` is who sits there; `pages` is the workbook behind all
    of it (grid and fake Excel), for what no person at the screen can do to it."""

    def __init__(self, book: Any, person: Person, pages: Any = None) -> None:
        self.book, self.app, self.person, self.pages = book, book.app, person, pages


@contextmanager
def active(xlwings: ModuleType, engine: Any) -> Iterator[None]:
    """The engine is xlwings' only and active one while it lasts."""
    engines = xlwings.engines
    before, active_before = list(engines), engines.active
    engines.engines = [engine]
    engine.activate()
    try:
        yield
    finally:
        engines.engines = before
        engines.active = active_before


class _Launched:
    """What `xlwings.main` sees of `sys`: the platform, and the arguments that RunPython gives."""

    def __init__(self, platform: str, argv: list[str]) -> None:
        self.platform, self.argv = platform, argv

    def __getattr__(self, name: str) -> Any:
        return getattr(sys, name)


@contextmanager
def called_from(xlwings: ModuleType, book_name: str, platform: str = "linux") -> Iterator[None]:
    """`Book.caller()` finds its workbook as after a click: from the launcher's arguments."""
    seen = _Launched(platform, ["-c", f"--wb={book_name}", "--from_xl=1", "--app=", "--hwnd=1"])
    before = xlwings.main.sys
    xlwings.main.sys = seen
    try:
        yield
    finally:
        xlwings.main.sys = before


def opened_path(full_name: str) -> Path | None:
    """The file behind a workbook's full name; None for one that lies in a cloud."""
    return None if "://" in full_name else Path(full_name)
