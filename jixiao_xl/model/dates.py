"""A date as people write it in a list (2026-11-30, 2026年11月30日, 2026/11/30), and how long it is past."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Literal, NamedTuple

_WRITTEN = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?\Z", re.ASCII)


class Arrived(NamedTuple):
    """The day a unit's first filing came, and how that is known: the roster's 收到日期, the day of 接收登记, or the day on
    which the file was last saved, where that is earlier than the registration."""

    day: dt.date
    basis: Literal["名单", "接收登记", "文件日期"]
    registered: dt.date | None = None


def local_day(time: str) -> dt.date:
    """The day, here, of an ISO time such as the archive keeps (UTC)."""
    return dt.datetime.fromisoformat(time).astimezone().date()


_MONTH = re.compile(r"(?:(?P<year>\d{4})[-/.年]?(?=\d))?(?:\d{1,2}月?[-~至—])?(?P<month>\d{1,2})月?(?:份|底|末)?", re.ASCII)


def read_date(text: str) -> dt.date | None:
    """The date that the text says; None when it says none that exists."""
    found = _WRITTEN.match(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        return None


def days_past(deadline: dt.date, day: dt.date) -> int:
    """Days by which `day` is later than the deadline; 0 when it is not."""
    return max((day - deadline).days, 0)


def spoken_date(day: dt.date) -> str:
    """`2026年11月30日`, as it stands in a letter."""
    return f"{day.year}年{day.month}月{day.day}日"


def read_month(text: str) -> tuple[int | None, int] | None:
    """Year, where it is said, and the last month: of `2026年6月30日`, `2026-06`, `202606`, `1-6月`, `6`. None when
    the text says no month."""
    if (day := read_date(text)) is not None:
        return day.year, day.month
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None or not 1 <= int(found["month"]) <= 12:
        return None
    return int(found["year"]) if found["year"] else None, int(found["month"])


def month_ends(year: int, month: int) -> dt.date:
    """The last day of the month."""
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
