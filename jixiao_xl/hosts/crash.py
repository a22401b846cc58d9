"""A crash on paper: what a maintainer needs, in a file that the message names."""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path

from jixiao_xl import __version__
from jixiao_xl.model.addresses import without_passwords


def write_log(text: str) -> Path:
    """The crash with its time and versions, without passwords, for it is sent to others; returns the file."""
    told = without_passwords(f"{' '.join(sys.argv)}\n{text}")
    handle, name = tempfile.mkstemp(prefix="jixiao-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as stream:
        stream.write(f"{dt.datetime.now().isoformat()} jixiao_xl {__version__} python {sys.version}\n{told}")
    return Path(name)
