"""指标同比: targets that moved far from last year's, each with its cell; how many rows came and went in each unit."""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.consolidate.summary import where_stated
from jixiao_xl.consolidate.target_changes import TargetChange, TargetChanges, target_changes
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.rules.pack import load_pack
from jixiao_xl.workbook.pages import Content, Page, Rows
from jixiao_xl.workbook.summary_frame import Frame

SHEET = "指标同比"
MOST = 300
"""Lines of each list, the largest; the rest is counted."""
_COLUMNS = (
    ("单位名称", 30.0), ("所属", 30.0), ("指标名称", 34.0), ("上年目标", 14.0), ("本年目标", 14.0), ("变动率", 11.0), ("位置", 26.0),
)  # fmt: skip
_COUNTED = ("单位名称", "新增指标（个）", "取消指标（个）")


def target_page(frame: Frame) -> Page | None:
    """None where the archive knows no targets of last year."""
    threshold = load_pack(frame.summary.spec.form.pack).threshold["target_change"]
    found = target_changes(frame.summary, threshold)
    if found is None:
        return None
    page = frame.page(SHEET, "年度指标的目标与上年相比", _COLUMNS)
    page.put(1, 0, _said(found, threshold), "hint", to=(1, len(_COLUMNS) - 1))
    page.heights[1] = 34
    table = Rows(3, 0, ("cell", "cell", "cell", "cell_center", "cell_center", "rate", "shown_link"))
    for row, change in enumerate(found.changes[:MOST], 3):
        content, link = _line(frame, change)
        table.rows.append(content)
        if link:
            table.links[row, 6] = link
    page.tables.append(table)
    page.filter = (2, 0, 2 + max(len(table.rows), 1), len(_COLUMNS) - 1)
    if found.rows:
        _counted(frame, page, found, 5 + len(table.rows))
    return page


def _said(found: TargetChanges, threshold: Decimal) -> str:
    more = f"，只列变动最大的 {MOST} 个，其余 {len(found.changes) - MOST} 个不列" if len(found.changes) > MOST else ""
    return (
        f"{found.units} 家单位有上年指标；名称、计量单位相同且比较方向一致的目标 {found.compared} 个，其中变动超过 "
        f"{show_percent(threshold)} 的 {len(found.changes)} 个{more}。文字结果、区间值不比较，上年目标为 0 的没有变动率。"
    )


def _line(frame: Frame, change: TargetChange) -> tuple[tuple[Content, ...], str]:
    unit = frame.summary.units[change.place]
    assert unit.used is not None
    where = where_stated(unit.used, change.path)
    spoken = f"{where.sheet}!{where.cell}" if where.sheet and where.cell else where.book
    names = change.line.names
    return (unit.name, " / ".join(names[:-1]), names[-1], change.last, change.this, change.rate, spoken), frame.target(where)


def _counted(frame: Frame, page: Page, found: TargetChanges, row: int) -> None:
    """The rows that only one of the years has: how many in each unit, named nowhere."""
    more = f"（增减最多的 {MOST} 家，其余 {len(found.rows) - MOST} 家不列）" if len(found.rows) > MOST else ""
    page.put(row, 0, f"有增减指标的单位 {len(found.rows)} 家{more}", "section", to=(row, 2))
    for column, text in enumerate(_COUNTED):
        page.put(row + 1, column, text, "head")
    table = Rows(row + 2, 0, ("shown_link", "count", "count"))
    for n, one in enumerate(found.rows[:MOST], row + 2):
        table.rows.append((frame.summary.units[one.place].name, Decimal(one.came), Decimal(one.went)))
        if frame.files[one.place]:
            table.links[n, 0] = frame.files[one.place]
    page.tables.append(table)
