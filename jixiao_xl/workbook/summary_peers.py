"""同类单位差异: who lies far from the others, in words. Hints for the reviewer, never judgements."""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.consolidate.peers import FEWEST, Oddity, oddities
from jixiao_xl.workbook.pages import Page
from jixiao_xl.workbook.summary_frame import Frame

SHEET = "同类单位差异"
_COLUMNS = (
    ("序号", 6.0), ("单位名称", 28.0), ("差异", 88.0), ("本单位", 12.0), ("同类中位数", 12.0), ("相差（百分点）", 12.0), ("同类单位数", 9.0),
)  # fmt: skip
MOST = 500
"""Hints that a person may be asked to look through; the furthest ones."""


def peers_page(frame: Frame) -> tuple[Page, list[Oddity]]:
    """The sheet, and what it tells of."""
    found = oddities(frame.summary)
    page = frame.page(SHEET, SHEET, _COLUMNS)
    rest = f"共 {len(found)} 处，列出差得最远的 {MOST} 处。" if len(found) > MOST else ""
    said = "仅供参考：差得远不等于错。与同层级单位的中位数相比，明显偏离的列在这里，最远的在前。"
    page.put(1, 0, said + rest, "hint", to=(1, 6))
    if not found:
        page.put(3, 0, f"没有明显偏离的单位（同类不足 {FEWEST} 家的不比较）。", "cell", to=(3, 6))
    for n, odd in enumerate(found[:MOST]):
        unit, row = frame.summary.units[odd.place], 3 + n
        page.put(row, 0, Decimal(n + 1), "count")
        frame.link_unit(page, row, 1, unit)
        page.put(row, 2, odd.spoken(unit.name), "cell")
        page.put(row, 3, odd.value, "rate")
        page.put(row, 4, odd.median, "rate")
        page.put(row, 5, (odd.value - odd.median) * 100, "points")
        page.put(row, 6, Decimal(odd.peers), "count")
    page.filter = (2, 0, 2 + max(min(len(found), MOST), 1), len(_COLUMNS) - 1)
    return page, found
