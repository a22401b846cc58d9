"""xlwings' real Windows code (`xlwings._xlwindows`, `xlwings.udfs`) over a fake Excel that counts.

    with at_the_fake_excel(path) as desk:
        check()
        desk.person.calls.total()          # COM calls: every property read or put, every method

The pywin32 modules are stand-ins; the cells are those of tests/excel/grid.py. What xlwings does with
them, retrying and wrapping included, is its own unchanged code.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import os
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.excel.com import SWITCHES, Application
from tests.excel.com_object import ComObject
from tests.excel.desk import Desk, active, called_from
from tests.excel.person import Dialog, Person
from tests.excel.values import ComError, ComTime

PROCESS = 4242
BUTTONS = {0: "ok", 1: "ok_cancel", 3: "yes_no_cancel", 4: "yes_no"}
PRESSED = {"ok": 1, "cancel": 2, "yes": 6, "no": 7}
BROWSING = {"BIF_RETURNONLYFSDIRS": 0x1, "BIF_EDITBOX": 0x10}
"""The names that pywin32 has; the program adds 0x40."""
WARNING_ICON, INFORMATION_ICON = 48, 64


class _Running:
    """The one fake Excel that runs, if any."""

    excel: Application | None = None


class _Dispatch:
    """The other two kinds of COM object that pywin32 knows; ours are all of the first kind."""


def _message_box(_window: int, text: str, title: str, style: int) -> int:
    assert _Running.excel is not None
    mode = "critical" if style & 0xF0 == WARNING_ICON else "info"
    return PRESSED[_Running.excel._person.is_told(text, title, BUTTONS[style & 0xF], mode)]


def _browse_for_folder(window: int, _root: None, title: str, flags: int) -> tuple[bytes, str, int] | tuple[None, None, None]:
    """The folder as a list of items, its name, an icon; three times None for 取消."""
    assert _Running.excel is not None and window == _Running.excel._app.switches.get("Hwnd", SWITCHES["Hwnd"])
    assert flags == 0x51
    chosen = _Running.excel._person.is_asked_for(Dialog(title, "", folder=True))
    return (None, None, None) if chosen is None else (bytes(chosen), chosen.name, 0)


def _module(name: str, **members: Any) -> types.ModuleType:
    module = sys.modules.setdefault(name, types.ModuleType(name))
    vars(module).update(members)
    parent, _, leaf = name.rpartition(".")
    if parent:
        setattr(sys.modules[parent], leaf, module)
    return module


def _nothing(*_given: Any, **_named: Any) -> None:
    """A call that has nothing to do here."""


def _stand_in_for_pywin32() -> None:
    utc = types.SimpleNamespace(utc=lambda: dt.UTC)
    _module("pywintypes", com_error=ComError, error=type("error", (Exception,), {}), TimeType=ComTime, IID=str)
    _module(
        "win32con", MB_OK=0, MB_OKCANCEL=1, MB_YESNOCANCEL=3, MB_YESNO=4, MB_ICONINFORMATION=INFORMATION_ICON,
        MB_ICONWARNING=WARNING_ICON,
    )  # fmt: skip
    _module("win32api", MessageBox=_message_box)
    _module("win32gui", FindWindowEx=lambda *_: 1 if _Running.excel else 0)
    _module("win32process", GetWindowThreadProcessId=lambda _: (0, PROCESS))
    _module("win32event")
    _module("win32timezone", TimeZoneInfo=utc)
    _module(
        "pythoncom", __file__="pythoncom.dll", CoInitialize=_nothing, com_error=ComError, ole_error=ComError,
        IID_IDispatch="dispatch", IID_IEnumVARIANT="enumeration", TypeIIDs={"dispatch": _Dispatch},
    )  # fmt: skip
    _module("win32com")
    _module(
        "win32com.client", CDispatch=ComObject, DispatchBaseClass=_Dispatch, CoClassBaseClass=_Dispatch,
        Dispatch=lambda found, **_: found, DispatchEx=lambda _: _Running.excel,
    )  # fmt: skip
    _module("win32com.shell")
    _module("win32com.shell.shell", SHBrowseForFolder=_browse_for_folder, SHGetPathFromIDListW=os.fsdecode)
    _module("win32com.shell.shellcon", **BROWSING)
    for part in ("server", "server.dispatcher", "server.policy", "server.util"):
        _module(f"win32com.{part}")


def _windows() -> tuple[Any, Any, Any]:
    """windll, oledll and PyDLL: one window on the screen, Excel's, when it runs."""
    user32 = types.SimpleNamespace(
        GetTopWindow=lambda _: 1, GetWindow=lambda *_: 0, GetForegroundWindow=lambda: 1, SetForegroundWindow=_nothing,
        SetWindowPos=_nothing, GetAsyncKeyState=lambda _: 0,
    )  # fmt: skip
    ole = types.SimpleNamespace(
        ole32=types.SimpleNamespace(CLSIDFromString=_nothing), oleacc=types.SimpleNamespace(AccessibleObjectFromWindow=_nothing)
    )

    def object_behind(*_given: Any) -> Application | None:
        return _Running.excel

    return types.SimpleNamespace(user32=user32), ole, lambda _: types.SimpleNamespace(PyCom_PyObjectFromIUnknown=object_behind)


def install() -> types.ModuleType:
    """xlwings as on Windows: `_xlwindows` loaded, and `func`, `arg`, `ret` those of `xlwings.udfs`.
    A module with functions for Excel must be imported (or reloaded) after this. Returns xlwings."""
    import xlwings

    if hasattr(xlwings, "_xlwindows"):
        return xlwings
    _stand_in_for_pywin32()
    library = ctypes.PyDLL
    ctypes.windll, ctypes.oledll, ctypes.PyDLL = _windows()  # type: ignore[attr-defined,misc]
    try:
        import xlwings._xlwindows
        import xlwings.udfs
    finally:
        ctypes.PyDLL = library  # type: ignore[misc]
        del ctypes.windll, ctypes.oledll  # type: ignore[attr-defined]
    udfs = xlwings.udfs
    xlwings.func, xlwings.arg, xlwings.ret, xlwings.script = udfs.xlfunc, udfs.xlarg, udfs.xlret, udfs.xlsub
    return xlwings


@contextlib.contextmanager
def at_the_fake_excel(path: Path) -> Iterator[Desk]:
    """The workbook open in a fake Excel, xlwings connected to it as RunPython connects it."""
    xlwings = install()
    from tests.excel.engine import Engine
    from tests.excel.grid import GridPages

    person, behind = Person(), Engine(Person(), GridPages)
    pages = GridPages(path)
    book = behind.apps.only.books.adopted(pages)
    _Running.excel = Application(behind.apps.only, person)
    try:
        engine = xlwings.main.Engine(impl=xlwings._xlwindows.engine)
        with active(xlwings, engine), called_from(xlwings, book.name, "win32"):
            desk = Desk(xlwings.Book.caller(), person, pages)
            person.calls.clear()
            yield desk
    finally:
        _Running.excel = None
