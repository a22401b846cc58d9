"""Windows' own dialog for a folder. Excel's costs five calls into Excel, and Excel is busy showing it.

Importing this raises ImportError where there is no pywin32; on Windows xlwings brings it.
"""

from __future__ import annotations

from pathlib import Path

from win32com.shell import shell, shellcon

NEW_STYLE = 0x40
"""BIF_NEWDIALOGSTYLE, which pywin32 has no name for: a window that can be made larger, with 新建文件夹."""


def choose(window: int, title: str) -> Path | None:
    """The folder chosen in front of `window` (its handle); None when the person pressed 取消."""
    # a line into which a path can be pasted; printers and 此电脑 are no folders of files
    flags = NEW_STYLE | shellcon.BIF_EDITBOX | shellcon.BIF_RETURNONLYFSDIRS
    chosen, _name, _icon = shell.SHBrowseForFolder(window, None, title, flags)
    # the W: the other one gives bytes in the code page of the machine
    return None if chosen is None else Path(str(shell.SHGetPathFromIDListW(chosen)))  # type: ignore[no-untyped-call]
