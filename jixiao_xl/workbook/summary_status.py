"""报送情况: who filed, what state it is in, how many days past the deadline."""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.consolidate.filing_progress import arrived_on, days_late, deadline_of, filing_progress, has_filed, state_of
from jixiao_xl.consolidate.roster import UnitStatus
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.forms.expr import Cell, call
from jixiao_xl.model.findings import open_and_explained
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.pages import Content, Page, Rows
from jixiao_xl.workbook.summary_frame import Frame, book_of, day_number, named

SHEET = "报送情况"
FIRST = 3
"""The first unit's row."""
STATE, DEADLINE, ARRIVED, LATE = 4, 5, 6, 7
TODAY = (1, 13)
_COLUMNS = (
    ("序号", 6.0), ("单位名称", 26.0), ("单位代码", 20.0), ("主管部门", 18.0), ("状态", 10.0), ("截止日期", 12.0),
    ("收到日期", 12.0), ("逾期天数", 7.0), ("文件", 32.0), ("修订号", 7.0), ("必须修改", 7.0), ("待说明", 7.0), ("已说明", 7.0),
    ("审核结论", 11.0), ("说明", 40.0),
)  # fmt: skip
_STYLES = (
    "count", "shown_link", "cell_center", "cell", "cell_center", "day", "day", "count", "shown_link", *("count",) * 4,
    "cell_center", "cell",
)  # fmt: skip
ARRIVED_BY = "收到日期：名单写的优先，其次首次登记日；文件日期更早的按文件日期，见本列。"
_ASKS = ("未报", "待认领", "重复", "名单外", "退回修改", "未读入")
"""States that somebody has to do something about."""


def status_page(frame: Frame) -> Page:
    summary = frame.summary
    page = frame.page(SHEET, SHEET, _COLUMNS)
    page.put(1, 0, verdict(frame), "count_big", to=(1, 10))
    if summary.today is not None:
        page.put(1, 12, "截至：", "hint_right")
        page.put(*TODAY, day_number(summary.today), "day_shown")
    if summary.received_on:
        page.put(1, 14, ARRIVED_BY, "hint")
        page.heights[1] = 30
    table = Rows(FIRST, 0, _STYLES)
    for number, unit in enumerate(summary.statuses, 1):
        _unit(frame, page, table, number, unit)
    page.tables.append(table)
    last = FIRST + len(summary.statuses) - 1
    if summary.statuses:
        state, late = page.at(FIRST, STATE), page.at(FIRST, LATE)
        page.area_marks.append(((FIRST, STATE, last, STATE), call("OR", *(state.eq(word) for word in _ASKS)), "ask"))
        is_late = call("IF", call("ISNUMBER", late), late.gt(0), 0)
        page.area_marks.append(((FIRST, LATE, last, LATE), is_late, "ask"))
    page.filter = (2, 0, max(last, FIRST), len(_COLUMNS) - 1)
    return page


def verdict(frame: Frame) -> str:
    """`应报 12 家，已报 9 家，不完整：缺 甲、乙。`"""
    progress = filing_progress(frame.summary)
    complete = "名单已收齐" if frame.summary.is_complete else f"不完整：缺 {named(progress.missing)}"
    return f"应报 {progress.expected} 家，已报 {progress.filed} 家，{complete}。"


def _unit(frame: Frame, page: Page, table: Rows, number: int, unit: UnitStatus) -> None:
    roster, used, summary, row = unit.roster, unit.used, frame.summary, FIRST + number - 1
    counts: tuple[Content, ...] = ("",) * 4
    if used:  # a warning with its 情况说明 is no open one
        own = (used.filing.revision, used.errors, *open_and_explained(used.findings))
        counts = tuple(Decimal(count) for count in own)
    review = summary.reviews.get(unit.key)
    said = [unit.remark, review.why if review and review.state == "退回修改" else "", _basis(summary, unit)]
    table.rows.append((
        Decimal(number), unit.name, unit.key if not unit.key.startswith("?") else "", roster.supervisor if roster else "",
        state_of(summary, unit), *_dates(frame, page, row, unit), "、".join(unit.books), *counts,
        review.conclusion.overall if review else "", "；".join(filter(None, said)),
    ))  # fmt: skip
    if target := frame.target(Where(book=book_of(unit))):
        table.links[row, 1] = table.links[row, 8] = target


def _basis(summary: Summary, unit: UnitStatus) -> str:
    """How the day of arrival is known, where it is not simply the day of 接收登记."""
    known = summary.received_on.get(unit.key)
    if known is None or known.basis == "接收登记" or not has_filed(unit):
        return ""
    registered = f"，{known.registered} 登记" if known.registered else ""
    return f"收到日期按{known.basis}{registered}"


def _dates(frame: Frame, page: Page, row: int, unit: UnitStatus) -> tuple[Content, Content, Content]:
    """Deadline, arrival and the days between: a formula, so that another 截至 counts anew."""
    stated = unit.roster.deadline if unit.roster else ""
    deadline, arrived = deadline_of(unit), arrived_on(frame.summary, unit)
    days: Content = ""
    if days_late(frame.summary, unit) is not None:
        day = page.at(row, ARRIVED) if has_filed(unit) else Cell(SHEET, *TODAY, absolute=True)
        page.put(row, LATE, call("MAX", day - page.at(row, DEADLINE), 0), "count")
        days = None
    return day_number(deadline) if deadline else stated, day_number(arrived) if arrived else "", days
