"""The archive that a button works with: the address set once, in the workbook or for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jixiao_xl import operations
from jixiao_xl.desk.archive_file import may_be_there
from jixiao_xl.hosts.port import Host
from jixiao_xl.hosts.settings import setting

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Archive


def archive_of(host: Host) -> Archive:
    """The archive, made at the first deposit."""
    return operations.open_archive(setting("ARCHIVE", host))


def archive_if_there(host: Host) -> Archive | None:
    """The archive where there is one. Without one nothing of a database is loaded."""
    address = setting("ARCHIVE", host)
    return operations.open_archive(address, only_existing=True) if may_be_there(address) else None


def archive_of_record(host: Host) -> Archive:
    """The archive that is asked for earlier years; raises CannotRun, with where to set it, when there is none."""
    return operations.open_archive(setting("ARCHIVE", host), only_existing=True)
