"""Open the archive that a verb names. Apart from the rest, because only some verbs want one, and it is slow to load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from jixiao_xl.archive.store import Archive, ArchiveUnusable
from jixiao_xl.desk.archive_file import is_empty_file, may_be_there
from jixiao_xl.desk.outcomes import CannotRun, stop
from jixiao_xl.model.addresses import without_password
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where


def open_archive(address: str, *, only_existing: bool = False, try_writing: bool = False) -> Archive:
    """The archive at a path or URL; a question (`only_existing`) does not create one."""
    if only_existing and not may_be_there(address):
        raise stop(
            "ARC102",
            archive=without_password(address),
            why="没有这个文件",
            advice="核对路径；还没有历年数据库的，第一次接收登记时会建立。",
        )
    if only_existing and is_empty_file(address):
        raise stop("ARC102", archive=address, why="是空文件", advice="从备份恢复；没有备份的，删去它，再接收登记。")
    with using_archive():
        archive = Archive(address)
        archive.entries(year=0)  # one that is there but cannot be read is said now
        if try_writing:
            archive.try_writing()
    return archive


@contextmanager
def using_archive() -> Iterator[None]:
    """ARC102 where an archive refuses what is asked of it or written to it, without the password that its address may carry."""
    try:
        yield
    except ArchiveUnusable as error:
        said = {"archive": without_password(error.address), "why": error.why, "advice": error.advice}
        raise CannotRun(Finding("ARC102", "error", Where(), said)) from None
