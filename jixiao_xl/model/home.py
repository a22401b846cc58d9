"""`~` at the start of a path."""

from __future__ import annotations

from pathlib import Path


def from_home(path: str | Path) -> Path:
    """The path with `~` as the person's folder; a name that only begins with it (`~$名单.xlsx`) stays as it is."""
    try:
        return Path(path).expanduser()
    except RuntimeError:  # nobody of that name, or nobody's folder is known
        return Path(path)
