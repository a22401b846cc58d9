"""A file name that is still free."""

from __future__ import annotations

import errno
from pathlib import Path


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
