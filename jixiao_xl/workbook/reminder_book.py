"""The internal phone list of 催报: whom to call, how long overdue, and room for what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from jixiao_xl.consolidate.reminders import Waiting
from jixiao_xl.model.dates import spoken_date
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.pages import Book, Page
from jixiao_xl.workbook.write import book_bytes

SHEET = "催报电话"
TITLE = "催报电话（内部使用，不要转发）"
_COLUMNS = (
    ("序号", 6), ("归口科室", 16), ("单位代码", 18), ("单位名称", 30), ("联系人", 10), ("电话", 16), ("状态", 10),
    ("截止日期", 12), ("逾期天数", 10), ("联系情况", 30),
)  # fmt: skip


def phone_list(waiting: Sequence[Waiting], day: dt.date) -> bytes:
    """The units in the order given; contact and phone as the roster has them, blank where it has none."""
    page = Page(SHEET, protected=False, landscape=True, numbers_as_text=True)
    last = len(_COLUMNS) - 1
    page.put(0, 0, TITLE, "title", to=(0, last))
    page.heights[0] = 28
    page.put(1, 0, f"截至 {spoken_date(day)}，共 {len(waiting)} 个单位。", "hint", to=(1, last))
    for column, (heading, width) in enumerate(_COLUMNS):
        page.put(2, column, heading, "head")
        page.widths[column] = width
    for n, each in enumerate(waiting, 1):
        row = each.row
        texts = (
            str(n), row.office, row.key, row.name, row.contact, row.phone, each.state,
            each.deadline.isoformat() if each.deadline else row.deadline, str(each.days) if each.days else "",
        )  # fmt: skip
        for column, text in enumerate(texts):
            page.put(2 + n, column, text, "cell" if column in (1, 3) else "cell_center")
        page.put(2 + n, last, None, "input_text", locked=False)
    page.freeze = (3, 4)
    page.repeat_rows = (0, 2)
    page.filter = (2, 0, 2 + max(len(waiting), 1), last)
    fit_rows(page)
    return book_bytes(Book([page], title=TITLE))
