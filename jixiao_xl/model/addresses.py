"""The address of a database: a file's path or a URL; where it leads, and how it is said aloud."""

from __future__ import annotations

import os
import re
from pathlib import Path

_LOGIN = re.compile(r":/{0,2}.*@")
_ASKED_WITH = re.compile(r"(?i)\b(ssl)?password=[^&\s'\"]*&?")
_IN_TEXT = re.compile(r"(?<=://)[^\s'\"<>]+@")


def is_url(address: str) -> bool:
    """Whether it names a server, not a file; one that is written wrongly too."""
    return "://" in address or address.startswith(("postgres:", "postgresql:"))


def path_of(address: str) -> Path:
    """The file that is meant; `~` is the clerk's own folder, `~nobody` of a person unknown here a name like others."""
    return Path(os.path.expanduser(address))  # noqa: PTH111


def may_be_there(address: str) -> bool:
    """Whether the file is there; true of a server too, and of what may not be looked at: who opens it says why."""
    try:
        return is_url(address) or path_of(address).is_file()
    except OSError:
        return True


def without_password(address: str) -> str:
    """`postgresql://clerk:secret@host/db` as `postgresql://host/db`; a path stays as it is."""
    shown = _LOGIN.sub("://", address, count=1) if is_url(address) else address
    return _ASKED_WITH.sub("", shown).rstrip("?&")


def without_passwords(text: str) -> str:
    """A text in which addresses may stand, without what they log in with."""
    return _ASKED_WITH.sub("", _IN_TEXT.sub("", text))
