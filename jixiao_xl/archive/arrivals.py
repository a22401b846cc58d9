"""When a unit's filing came: the earliest day that the archive can show for any version of it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from jixiao_xl.archive.schema import FILING
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.dates import Arrived, local_day, read_date


def arrivals(archive: Archive, form: str, year: int, stage: str) -> dict[str, Arrived]:
    """By unit key. 接收登记 may come months after the file (a first 汇总 of an old folder), so the day of the file
    counts where it is earlier, and says that it is no more than that."""
    query = select(FILING.c.unit_key, FILING.c.deposited_at, FILING.c.came_on).where(
        (FILING.c.form == form) & (FILING.c.year == year) & (FILING.c.stage == stage)
    )
    found: dict[str, Arrived] = {}
    with archive.reading() as connection:
        for row in connection.execute(query):
            one = _arrived(row.deposited_at, row.came_on)
            if row.unit_key not in found or one.day < found[row.unit_key].day:
                found[row.unit_key] = one
    return found


def _arrived(deposited_at: str, came_on: str) -> Arrived:
    registered: dt.date = local_day(deposited_at)
    of_file = read_date(came_on)
    return (
        Arrived(of_file, "文件日期", registered)
        if of_file and of_file < registered
        else Arrived(registered, "接收登记", registered)
    )
