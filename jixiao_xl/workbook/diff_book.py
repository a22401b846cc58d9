"""对比: two filings of one unit as a sheet for the meeting: what differs, by how much, on A4 across."""

from __future__ import annotations

from jixiao_xl.forms.expr import call
from jixiao_xl.model.amounts import SUM_PLACES
from jixiao_xl.model.changed_lines import ChangedLine, FilingDiff, said_as
from jixiao_xl.model.ratios import RATE_PLACES
from jixiao_xl.workbook.bulk_rows import LONGEST_TEXT
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.pages import Book, Content, Page
from jixiao_xl.workbook.write import book_bytes

SHEET = "对比"
NUMBER, KIND, CHANGE, PLACE, LABEL, OLD, NEW, GAP, RATE = range(9)
HEAD_ROW = 3
_WIDTHS = {NUMBER: 6, KIND: 8, CHANGE: 10, PLACE: 18, LABEL: 34, OLD: 34, NEW: 34, GAP: 14, RATE: 10}
FOLLOWS = "随之变动"
_LOOKS = {"新增": "good", "删去": "bad", "修改": "ask", "更名": "see", FOLLOWS: "see"}
"""By what was done: the colour of that word, nothing else on the line is coloured."""


def diff_bytes(told: FilingDiff) -> bytes:
    """The workbook with its one sheet."""
    page = Page(SHEET, protected=False, landscape=True, numbers_as_text=True)
    page.widths = dict(_WIDTHS)
    title = f"{told.new.unit.name}　{said_as(told.old)}与{said_as(told.new)}对比".strip()
    page.put(0, NUMBER, title, "title", to=(0, RATE))
    page.put(1, NUMBER, f"前：{told.old.book}　后：{told.new.book}", "hint", to=(1, RATE))
    page.put(2, NUMBER, summed_up(told) + "　金额单位：万元", "hint", to=(2, RATE))
    page.heights |= {0: 28, 1: 18, 2: 18}
    words = ("序号", "类别", "变动", "位置", "项目", said_as(told.old), said_as(told.new), "增减", "变动率")
    for column, word in enumerate(words):
        page.put(HEAD_ROW, column, word, "head")
    for n, line in enumerate(told.lines, 1):
        _line(page, HEAD_ROW + n, n, line)
    last = HEAD_ROW + max(len(told.lines), 1)
    for word, look in _LOOKS.items():
        page.area_marks.append(((HEAD_ROW + 1, CHANGE, last, CHANGE), page.at(HEAD_ROW + 1, CHANGE).eq(word), look))
    page.freeze = (HEAD_ROW + 1, PLACE)
    page.repeat_rows = (HEAD_ROW, HEAD_ROW)
    page.filter = (HEAD_ROW, NUMBER, last, RATE)
    page.footer = "&L&A&C第 &P 页 共 &N 页"
    fit_rows(page)
    return book_bytes(Book([page], title=title))


def summed_up(told: FilingDiff) -> str:
    """`金额 2 处，指标 1 处；随之变动 3 处`, or that nothing differs."""
    if not told.lines:
        return "两份没有差异"
    follow = len(told.lines) - len(told.own)
    counts = "，".join(f"{kind} {count} 处" for kind, count in told.counts().items())
    return "；".join(filter(None, (counts, f"{FOLLOWS} {follow} 处" if follow else "")))


def _line(page: Page, row: int, number: int, line: ChangedLine) -> None:
    page.put(row, NUMBER, str(number), "cell_center")
    page.put(row, KIND, line.kind, "cell_center")
    page.put(row, CHANGE, FOLLOWS if line.follows else line.change, "cell_center")
    page.put(row, PLACE, line.where.spoken(), "cell")
    page.put(row, LABEL, line.label, "cell")
    if line.kind == "金额" and line.numbers is not None:
        _amounts(page, row, line)
        return
    # texts of one paragraph as they are, one that no cell can hold is cut
    for column, text in ((OLD, line.old), (NEW, line.new)):
        page.put(row, column, text[:LONGEST_TEXT], "number_plain" if line.kind in ("金额", "比率", "指标") else "cell_top")
    page.put(row, GAP, line.spoken_difference, "number_plain")
    page.put(row, RATE, "", "rate")


def _amounts(page: Page, row: int, line: ChangedLine) -> None:
    """Numbers, with the difference and the rate as formulas."""
    assert line.numbers is not None
    old, new = page.at(row, OLD), page.at(row, NEW)
    gap = call("ROUND", new - old, SUM_PLACES)
    rate: Content = "" if line.rate is None else call("ROUND", (new - old) / call("ABS", old), RATE_PLACES)
    for column, content in ((OLD, line.numbers[0]), (NEW, line.numbers[1]), (GAP, gap)):
        page.put(row, column, content, "money")
    page.put(row, RATE, rate, "rate")
