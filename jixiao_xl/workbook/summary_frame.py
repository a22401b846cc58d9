"""What the sheets of the summary share: headings, links to the units' files, paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from jixiao_xl.consolidate.roster import UnitStatus
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.forms.wording import Wording
from jixiao_xl.model.facts import STAGE_WORDS, Filing
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.pages import Page

MISSING = "缺"
MAX_NAMED = 6
"""Missing units named beside a total; more are counted."""
_DAY_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class Frame:
    """The summary and where its files lie: `folder` leads from the summary to them, empty or ending in `/`."""

    summary: Summary
    folder: str

    @cached_property
    def words(self) -> Wording:
        form = self.summary.spec.form
        return Wording(self.summary.spec, Filing(form.id, form.edition, self.summary.year, self.summary.stage))

    @property
    def title(self) -> str:
        return f"{self.summary.place}{self.summary.year}年{STAGE_WORDS[self.summary.stage]}汇总"

    @property
    def money_sheet(self) -> str:
        """The sheet of the first money table; empty for a form without one."""
        return self.sheet_of_money(0) if self.summary.money else ""

    def sheet_of_money(self, n: int) -> str:
        tables = self.summary.money
        return "资金汇总" if len(tables) == 1 else f"资金汇总-{tables[n].table.id}"[:31]

    def page(self, name: str, heading: str, columns: Sequence[tuple[str, float]], *, top: int = 2, fixed: int = 2) -> Page:
        """A sheet with a title, its column heads in row `top`, frozen below them and beside `fixed` columns."""
        page = self.paper(name)
        page.put(0, 0, f"{self.title}：{heading}", "title", to=(0, max(len(columns) - 1, 1)))
        page.heights |= {0: 28, 1: 20}
        for column, (text, width) in enumerate(columns):
            page.put(top, column, text, "head")
            page.widths[column] = width
        page.freeze = (top + 1, fixed)
        page.repeat_rows = (0, top)
        return page

    def paper(self, name: str) -> Page:
        """An empty sheet on A4 across, with its name and page numbers at the foot."""
        page = Page(name, protected=False, landscape=True)
        page.footer = f"&L{self.title} &A&C第 &P 页 共 &N 页"
        return page

    def target(self, where: Where) -> str:
        """The link to a file, and to the cell in it where there is one; empty without a file."""
        if not where.book:
            return ""
        exact = where.sheet and where.cell and where.book.endswith((".xlsx", ".xlsm"))
        return f"{self.folder}{where.book}" + (f"#'{where.sheet}'!{where.cell}" if exact else "")

    def link(self, page: Page, row: int, column: int, where: Where, text: str) -> None:
        """A cell that opens the file; plain text where there is none."""
        page.put(row, column, text, "shown_link" if where.book else "cell")
        if where.book:
            page.external[row, column] = self.target(where)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The link to each unit's file, by the unit's place; empty where there is none."""
        return tuple(self.target(Where(book=book_of(unit))) for unit in self.summary.units)

    def link_unit(self, page: Page, row: int, column: int, unit: UnitStatus) -> None:
        self.link(page, row, column, Where(book=book_of(unit)), unit.name)


def book_of(unit: UnitStatus) -> str:
    """The file that counts, else the first one sent; empty without any."""
    return unit.used.book if unit.used else unit.books[0] if unit.books else ""


def row_label(line: LineTotal) -> str:
    """What the line is called where it stands alone."""
    return f"{line.row.under}{line.row.label}" if line.row.label == "小计" else line.row.label.removeprefix("其中：")


def named(names: Sequence[str]) -> str:
    """`甲、乙、丙等9家`."""
    more = f"等{len(names)}家" if len(names) > MAX_NAMED else ""
    return "、".join(names[:MAX_NAMED]) + more


def day_number(day: dt.date) -> Decimal:
    """The date as Excel counts it."""
    return Decimal((day - _DAY_ZERO).days)
