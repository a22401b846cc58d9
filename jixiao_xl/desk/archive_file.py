"""Whether an archive is there, without opening it: nothing of a database is loaded for that."""

from __future__ import annotations

from jixiao_xl.model.addresses import is_url
from jixiao_xl.model.home import from_home


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
