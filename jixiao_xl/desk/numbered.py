"""A file name that is still free."""

from __future__ import annotations

from pathlib import Path


def free_path(path: Path) -> Path:
    """The path, numbered where a file of that name stands: 表.xlsx, 表（2）.xlsx."""
    out, number = path, 1
    while out.exists():
        number += 1
        out = path.with_stem(f"{path.stem}（{number}）")
    return out
