"""File names: made of a unit's name, and still free."""

from __future__ import annotations

import errno
import re
import zlib
from pathlib import Path

HEAD, TAIL = 100, 80
"""Bytes that stay of a name that is too long."""
_RESERVED = re.compile(r'[\\/:*?"<>|\s]+')


def file_name(text: str, suffix: str = ".xlsx") -> str:
    """A name that every system takes: no reserved signs, well under 255 bytes. A long one loses its middle, so that
    it still says whose it is and what; eight digits in its place tell it from others."""
    name = _RESERVED.sub("_", text)
    raw = name.encode()
    if len(raw) > HEAD + TAIL:
        head, tail = raw[:HEAD].decode(errors="ignore"), raw[-TAIL:].decode(errors="ignore")
        name = f"{head}…{zlib.crc32(raw):08x}…{tail}"
    return f"{name}{suffix}"


def is_taken(path: Path) -> bool:
    """Whether something stands there; a name too long for the machine is free, and refused when it is written."""
    try:
        return path.exists()
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        return False


def free_path(path: Path) -> Path:
    """The path, numbered where a file of that name stands: 表.xlsx, 表（2）.xlsx."""
    out, number = path, 1
    while is_taken(out):
        number += 1
        out = path.with_stem(f"{path.stem}（{number}）")
    return out
