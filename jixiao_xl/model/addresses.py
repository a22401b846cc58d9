"""How the address of a database is said aloud."""

from __future__ import annotations

import re

_LOGIN = re.compile(r"//.*@")


def without_password(address: str) -> str:
    """`postgresql://clerk:secret@host/db` as `postgresql://host/db`; a path stays as it is."""
    return _LOGIN.sub("//", address) if "://" in address else address
