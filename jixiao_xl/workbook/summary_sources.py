"""数据来源: each number of the summary with its file, sheet, cell and version."""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.model.places import Where
from jixiao_xl.workbook.bulk_rows import MOST_LINKS
from jixiao_xl.workbook.pages import Page, Rows
from jixiao_xl.workbook.summary_frame import Frame, row_label

SHEET = "数据来源"
_COLUMNS = (
    ("单位名称", 28.0), ("单位代码", 20.0), ("数据", 46.0), ("金额（万元）", 16.0), ("文件", 36.0), ("表", 18.0), ("单元格", 10.0),
    ("修订号", 8.0), ("内容摘要", 20.0),
)  # fmt: skip
_STYLES = ("cell", "cell", "cell", "money", "shown_link", "cell_center", "cell_center", "count", "cell_center")


def sources_page(frame: Frame) -> Page:
    """In the order of the units; beyond what Excel links on one sheet, a unit's first line leads to its file."""
    page = frame.page(SHEET, "每个数从哪里来", _COLUMNS)
    table = Rows(3, 0, _STYLES)
    lines = [
        (line, f"{line.group.label}·{row_label(line)}（{frame.words.years(line.column.label)}）")
        for money in frame.summary.money for line in money.lines
    ]  # fmt: skip
    every = len(lines) * len(frame.summary.units) <= MOST_LINKS
    for place, unit in enumerate(frame.summary.units):
        used = unit.used
        if used is None:
            continue
        begins, plain = len(table.rows), Where(book=used.book)
        revision = Decimal(used.filing.revision)
        for line, what in lines:
            if (amount := line.amounts[place].amount) is None:
                continue
            where = used.places.get(line.path.text) or plain
            if every or len(table.rows) == begins:
                table.links[3 + len(table.rows), 4] = frame.target(where)
            table.rows.append((
                unit.name, unit.key, what, amount, used.book, where.sheet, where.cell, revision, used.digest[:16],
            ))  # fmt: skip
    if not every:
        page.put(1, 0, f"超过 {MOST_LINKS} 行：每家单位的第一行可以点开文件。", "hint", to=(1, 8))
    page.tables.append(table)
    page.filter = (2, 0, 2 + max(len(table.rows), 1), len(_COLUMNS) - 1)
    return page
