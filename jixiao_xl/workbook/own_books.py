"""Which of our own workbooks and documents is this, that is no submission?

Told by the sheets, never by the name of the file: people rename, and a submission may be called anything.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from jixiao_xl.workbook import identity, reminder_book, review_pages, roster_book, trial_book
from jixiao_xl.workbook.documents import AUTHOR
from jixiao_xl.workbook.guard import Refused, parts_of
from jixiao_xl.workbook.macro_names import SETTINGS
from jixiao_xl.workbook.raw import RawBook

_CREATOR = re.compile(rf"<dc:creator>{AUTHOR}</dc:creator>")


class Kind(NamedTuple):
    """What the book is called, and what is to be done where one lies among submissions; blank where nothing is."""

    name: str
    advice: str = ""


SUMMARY, ISSUED, ROSTER = Kind("汇总表"), Kind("下发清单"), Kind("应报单位名单", "要按它汇总的，用 --roster 指定。")
REVIEW = Kind("审核工作簿", "里面填的意见不会自动读入，用 jixiao review read 读回。")
_ALONE = {
    frozenset((roster_book.ISSUED,)): ISSUED,
    frozenset((roster_book.SHEET,)): ROSTER,
    frozenset((reminder_book.SHEET,)): Kind("催报电话表"),
    frozenset((trial_book.SHEET,)): Kind("试算工作簿"),
    frozenset(("数据", "审核")): Kind("历年数据库的导出"),
}
"""Books that have these sheets and no other: with one more they may hold somebody's figures."""


def kind_of_book(sheets: Collection[str]) -> Kind | None:
    """The kind by the names of the sheets; None for a form and for a stranger's book."""
    if identity.NAME in sheets:
        return None
    if review_pages.SELF in sheets:
        return REVIEW
    if {"报送情况", "数据来源"} <= set(sheets):
        return SUMMARY
    return _ALONE.get(frozenset(name for name in sheets if name != SETTINGS))


def is_own_document(path: Path) -> bool:
    """Whether the .docx began as one of ours (退回意见, 情况报告), edited since or not."""
    try:
        with zipfile.ZipFile(path) as parts:
            core = parts.open("docProps/core.xml").read(10_000).decode()
    except (OSError, KeyError, UnicodeDecodeError, zipfile.BadZipFile):
        return False
    return _CREATOR.search(core) is not None


def is_our_report(path: Path) -> bool:
    """Whether the file is a summary or a 下发清单 of ours, which may be written again."""
    try:
        sheets = RawBook(parts_of(path.read_bytes())).sheet_parts
    except (Refused, OSError):
        return False
    return kind_of_book(sheets) in (SUMMARY, ISSUED)
