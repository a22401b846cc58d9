"""A unit's history through its codes (曾用代码), and the table that says which they were."""

from __future__ import annotations

import re

from jixiao_xl.archive.history import Stated
from jixiao_xl.archive.history import history as stated_history
from jixiao_xl.archive.renames import AlreadyGoesTo, Rename, forget_rename, record_renames, renames
from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import stop
from jixiao_xl.model.facts import BadPath, parse_path

_KEY = re.compile(r"[0-9]{6}([0-9]{3}){0,2}-[0-9A-Za-z_.-]+")


def history(archive: Archive, unit_key: str, path: str) -> list[Stated]:
    """Every value of the path under any of the unit's codes, over years, stages and forms, newest year first."""
    try:
        asked = parse_path(path)
    except BadPath:
        raise stop("SYS908", what="事实路径", stated=path, advice="写成 funds.income.fiscal.current 的样子。") from None
    with using_archive():
        return stated_history(archive, (unit_key,), asked)


def rename(archive: Archive, old: str, new: str, name: str = "") -> bool:
    """Record that `new` took the place of `old`; whether that was new."""
    for key in (old, new):
        if _KEY.fullmatch(key) is None:
            raise stop("SYS908", what="单位代码", stated=key, advice="写成 行政区划代码-预算单位代码，如 420222-101001。")
    if old == new:
        raise stop("SYS908", what="单位代码", stated=new, advice="新旧代码相同，不用登记。")
    try:
        with using_archive():
            return bool(record_renames(archive, ((old, new),), name))
    except AlreadyGoesTo as taken:
        raise stop("ARC107", old=taken.old, other=taken.other, new=new if taken.old == old else old) from None


def forget(archive: Archive, old: str) -> bool:
    """Take a wrong line out of the table; whether there was one."""
    with using_archive():
        return forget_rename(archive, old)


def known(archive: Archive) -> list[Rename]:
    """The whole table of former codes."""
    with using_archive():
        return renames(archive)
