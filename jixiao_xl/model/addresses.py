"""The address of a database: a file's path or a URL; which of the two it is, and how it is said aloud."""

from __future__ import annotations

import re

_LOGIN = re.compile(r":/{0,2}.*@")
_ASKED_WITH = re.compile(r"(?i)\b(ssl)?password=[^&\s'\"]*&?")
_IN_TEXT = re.compile(r"(?<=://)[^\s'\"<>]+@")


def is_url(address: str) -> bool:
    """Whether it names a server, not a file; one that is written wrongly too."""
    return "://" in address or address.startswith(("postgres:", "postgresql:"))


def without_password(address: str) -> str:
    """`postgresql://clerk:secret@host/db` as `postgresql://host/db`; a path stays as it is."""
    shown = _LOGIN.sub("://", address, count=1) if is_url(address) else address
    return _ASKED_WITH.sub("", shown).rstrip("?&")


def without_passwords(text: str) -> str:
    """A text in which addresses may stand, without what they log in with."""
    return _ASKED_WITH.sub("", _IN_TEXT.sub("", text))
