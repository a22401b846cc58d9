"""A crash on paper: what a maintainer needs, in a file that the message names."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path

from jixiao_xl import __version__


def write_log(text: str) -> Path:
    """The crash with its time and versions; returns the file."""
    handle, name = tempfile.mkstemp(prefix="jixiao-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{dt.datetime.now().isoformat()} jixiao_xl {__version__} python {sys.version}\n{' '.join(sys.argv)}\n{text}")
    return Path(name)
