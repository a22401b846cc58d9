"""The address of a database: a file's path or a URL; where it leads, and how it is said aloud."""

from __future__ import annotations

import re

from jixiao_xl.model.home import from_home

_LOGIN = re.compile(r":/{0,2}.*@")
_ASKED_WITH = re.compile(r"(?i)\b(ssl)?password=[^&\s'\"]*&?")
_IN_TEXT = re.compile(r"(?<=://)[^\s'\"<>]+@")


def is_url(address: str) -> bool:
    """Whether it names a server, not a file; one that is written wrongly too."""
    return "://" in address or address.startswith(("postgres:", "postgresql:"))


def may_be_there(address: str) -> bool:
    """Whether the file is there; true of a server too, and of what may not be looked at: who opens it says why."""
    try:
        return is_url(address) or from_home(address).is_file()
    except OSError:
        return True


def is_empty_file(address: str) -> bool:
    """Whether it names a file in which nothing is, not even a database without rows."""
    try:
        return not is_url(address) and from_home(address).is_file() and from_home(address).stat().st_size == 0
    except OSError:
        return False


def without_password(address: str) -> str:
    """`postgresql://clerk:secret@host/db` as `postgresql://host/db`; a path stays as it is."""
    shown = _LOGIN.sub("://", address, count=1) if is_url(address) else address
    return _ASKED_WITH.sub("", shown).rstrip("?&")


def without_passwords(text: str) -> str:
    """A text in which addresses may stand, without what they log in with."""
    return _ASKED_WITH.sub("", _IN_TEXT.sub("", text))
