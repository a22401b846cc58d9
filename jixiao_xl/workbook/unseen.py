"""The red line of the 打印表: rows that hold something but are hidden, and how to print them too.

A formula cannot show a row. So the line names exactly the rows to show, one run at a time: no
empty line comes along, and when they are shown the line names the next run or vanishes.
"""

from __future__ import annotations

from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.workbook.pages import Page

ADVICE = (
    "行已填但没有印出来：请在左上角的名称框输入 {rows} 后回车，再点“开始”里的“格式”（WPS 为“行和列”）→“取消隐藏行”。"
    "LibreOffice 点“数据→组合及分级显示→显示细节”。"
)
TOO_LONG = "行文字超出打印表能容纳的长度，请精简文字。"


class Unseen:
    """Collects the runs of rows that may be hidden. It uses five columns off the paper: `flag` has a
    one where a row is filled; the others are its own."""

    COLUMNS = 5

    def __init__(self, page: Page, flag: int) -> None:
        self.page, self.flag = page, flag
        self.first, self.last = flag + 2, flag + 3
        """The first and last row of the run to be shown, handed down from run to run."""
        self.more = flag + 4
        """Printed lines for which there is no row at all."""
        self.runs: list[tuple[int, int]] = []

    def watch(self, first: int, last: int) -> None:
        """Rows first..last fill from the top, so those lost are the last of the filled ones."""
        self.runs.append((first, last))

    def watch_text(self, first: int, last: int, lines: Expr) -> None:
        """The same for prose that takes so many printed lines."""
        self.watch(first, last)
        self.page.put(first, self.more, call("MAX", 0, lines - (last - first + 1)), "counter")

    def line(self) -> Expr:
        """What the red line says; empty when all that is filled is shown."""
        before: tuple[Expr, Expr] = call("N", 0), call("N", 0)
        for run in sorted(self.runs):
            before = self._handed_down(run, before)
        flags, more = (Area(self.page.name, 0, column, self._bottom, column) for column in (self.flag, self.more))
        lost, too_long = call("SUM", flags) - call("SUBTOTAL", 109, flags), call("SUM", more)
        head, _, tail = ADVICE.partition("{rows}")
        said = ((((call("TEXT", lost, "0") & head) & before[0]) & ":") & before[1]) & tail
        return call("IF", before[0].eq(0), "", said) & call("IF", too_long.eq(0), "", too_long & TOO_LONG)

    @property
    def _bottom(self) -> int:
        return max((last for _, last in self.runs), default=0)

    def _handed_down(self, run: tuple[int, int], before: tuple[Expr, Expr]) -> tuple[Cell, Cell]:
        """The run found above, or this one; a run that goes on where the other ends makes it longer."""
        top = run[0]
        flags = Area(self.page.name, top, self.flag, run[1], self.flag)
        filled, shown = call("SUM", flags), call("SUBTOTAL", 109, flags)
        own_first, own_last = shown + (top + 1), filled + top
        none_lost, none_before = filled.eq(shown), before[0].eq(0)
        goes_on = call("OR", none_before, own_first.eq(before[1] + 1))
        taken = call("AND", call("NOT", none_lost), goes_on)
        first = call("IF", call("AND", none_before, call("NOT", none_lost)), own_first, before[0])
        self.page.put(top, self.first, first, "counter")
        self.page.put(top, self.last, call("IF", taken, own_last, before[1]), "counter")
        return self.page.at(top, self.first), self.page.at(top, self.last)
