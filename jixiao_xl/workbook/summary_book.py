"""The city summary as a workbook: live formulas with cached values, every unit linked to its file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from jixiao_xl.consolidate.summary import MoneySummary, Summary
from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.forms.expr import Area, call
from jixiao_xl.forms.wording import Wording
from jixiao_xl.model.amounts import SUM_PLACES
from jixiao_xl.model.facts import STAGE_WORDS, FactPath, Filing
from jixiao_xl.model.findings import SEVERITY_WORDS, Finding, open_and_explained
from jixiao_xl.model.places import Where
from jixiao_xl.model.ratios import RATE_PLACES
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.guard import Refused, parts_of
from jixiao_xl.workbook.pages import Book, Page
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.write import book_bytes

MISSING = "缺"
MAX_NAMED = 6
"""Missing units named beside a total; more are counted."""


def is_our_report(path: Path) -> bool:
    """Whether the file is a summary or a 下发清单 of ours, which may be written again."""
    try:
        sheets = set(RawBook(parts_of(path.read_bytes())).sheet_parts)
    except (Refused, OSError):
        return False
    return {"报送情况", "数据来源"} <= sheets or sheets == {"下发清单"}


def summary_bytes(summary: Summary, folder: str) -> bytes:
    """The summary workbook; links lead to the files in `folder`, relative to the summary."""
    return book_bytes(_SummaryBook(summary, folder).book())


class _SummaryBook:
    def __init__(self, summary: Summary, folder: str) -> None:
        self.summary, self.folder = summary, folder
        self.words = Wording(summary.spec, Filing(summary.spec.form.id, summary.spec.form.edition, summary.year, summary.stage))

    def book(self) -> Book:
        pages = [
            self._status(),
            *(self._money(m) for m in self.summary.money),
            self._indicators(),
            self._findings(),
            self._sources(),
        ]
        for page in pages:
            fit_rows(page)
        return Book(pages, title=self.title)

    @property
    def title(self) -> str:
        return f"{self.summary.year}年{STAGE_WORDS[self.summary.stage]}汇总"

    def _page(self, name: str, title: str, columns: Sequence[tuple[str, float]]) -> Page:
        page = Page(name, protected=False, landscape=True)
        page.put(0, 0, title, "title", to=(0, max(len(columns) - 1, 1)))
        page.heights[0] = 28
        for column, (heading, width) in enumerate(columns):
            page.put(2, column, heading, "head")
            page.widths[column] = width
        page.freeze = (3, 2)
        page.repeat_rows = (0, 2)
        return page

    def _link(self, page: Page, row: int, column: int, where: Where, text: str) -> None:
        page.put(row, column, text, "shown_link" if where.book else "cell")
        if where.book:
            target = f"{self.folder}{where.book}"
            place = (
                f"#'{where.sheet}'!{where.cell}" if where.sheet and where.cell and where.book.endswith((".xlsx", ".xlsm")) else ""
            )
            page.external[row, column] = target + place

    # ---- 报送情况 -------------------------------------------------------------------
    def _status(self) -> Page:
        summary = self.summary
        columns = (
            ("序号", 6),
            ("单位名称", 30),
            ("单位代码", 20),
            ("主管部门", 20),
            ("状态", 10),
            ("文件", 36),
            ("修订号", 8),
            ("必须修改", 10),
            ("待说明", 8),
            ("已说明", 8),
            ("说明", 50),
        )
        page = self._page("报送情况", f"{self.title}：报送情况", columns)
        expected = [s for s in summary.statuses if s.status not in ("名单外", "待认领")]
        filed = sum(s.status in ("已收", "重复") for s in expected)
        complete = "名单已收齐" if summary.is_complete else "不完整"
        page.put(1, 0, f"应报 {len(expected)}，已收 {filed}，{complete}。", "count_big", to=(1, 10))
        for n, status in enumerate(summary.statuses, 1):
            row = 2 + n
            book = status.used.book if status.used else (status.books[0] if status.books else "")
            errors = str(status.used.errors) if status.used else ""
            # a warning with its 情况说明 is no open one
            waiting, explained = map(str, open_and_explained(status.used.findings)) if status.used else ("", "")
            revision = str(status.used.filing.revision) if status.used else ""
            supervisor = status.roster.supervisor if status.roster else ""
            for column, text in enumerate((str(n), status.name, status.key.lstrip("?"), supervisor, status.status)):
                page.put(row, column, text, "cell" if column in (1, 3) else "cell_center")
            self._link(page, row, 5, Where(book=book), "、".join(status.books) or "")
            for column, text in enumerate((revision, errors, waiting, explained), 6):
                page.put(row, column, text, "cell_center")
            page.put(row, 10, status.remark, "cell")
            own = page.at(row, 4)
            page.marks.append((((row, 4),), call("OR", own.eq("未报"), own.eq("待认领"), own.eq("重复"), own.eq("名单外")), "ask"))
        page.filter = (2, 0, 2 + len(summary.statuses), 10)
        return page

    # ---- 资金汇总 -------------------------------------------------------------------
    def _money(self, money: MoneySummary) -> Page:
        name = "资金汇总" if len(self.summary.money) == 1 else f"资金汇总-{money.table.id}"
        page = Page(name, protected=False, landscape=True)
        page.put(0, 0, f"{self.title}：{money.table.title}（单位：{money.table.unit}）", "title", to=(0, 8))
        page.put(1, 0, "合计为公式；缺数的单位不计入合计，合计旁注明。占比由合计重算，不取平均。", "hint", to=(1, 8))
        page.widths = {0: 18, 1: 38, 2: 16}
        row = 3
        for column_id in dict.fromkeys(line.column.id for line in money.lines):
            lines = [line for line in money.lines if line.column.id == column_id]
            row = self._money_block(page, money, lines, row) + 2
        page.freeze = (3, 2)
        return page

    def _money_block(self, page: Page, money: MoneySummary, lines: list[LineTotal], top: int) -> int:
        """One column of the form over all units; shares, where the form has them, in a block below."""
        year = self.words.years(lines[0].column.label)
        columns = {line.path.text: 2 + i for i, line in enumerate(lines)}
        first_row, total_row = self._block_frame(page, f"{year}（{money.table.unit}）", lines, top)
        note = 2 + len(lines)
        for line in lines:
            column = columns[line.path.text]
            page.put(top + 2, column, self._row_label(line), "head")
            self._amounts(page, line, first_row, column)
            self._total(page, line, first_row, total_row, column)
        for place, unit in enumerate(self.summary.units):
            notes = [f"{line.group.label}{line.row.label}{own.note}" for line in lines if (own := line.amounts[place]).note]
            page.put(first_row + place, note, unit.status if unit.used is None else "；".join(notes), "cell")
        page.put(total_row, note, self._without(lines), "total")
        if not any(c.share_of == lines[0].column.id for c in money.table.columns):
            return total_row + 1
        top = total_row + 2
        share_first, share_last = self._block_frame(page, f"{year}占比", lines, top)
        for line in lines:
            column = columns[line.path.text]
            page.put(top + 2, column, self._row_label(line), "head")
            whole = columns.get(FactPath(line.path.block, line.path.column, (line.group.id, "total")).text)
            for row in range(share_first, share_last + 1) if whole else ():
                a = page.at(row - share_first + first_row, column)
                b = page.at(row - share_first + first_row, whole or 0)
                rate = call("IF", b.eq(0), 0, call("ROUND", a / b, RATE_PLACES))
                page.put(row, column, call("IF", call("COUNT", a, b).lt(2), MISSING, rate), "rate")
        for row in range(share_first, share_last + 1):
            page.put(row, note, "由合计重算" if row == share_last else "", "cell")
        return share_last + 1

    def _block_frame(self, page: Page, title: str, lines: list[LineTotal], top: int) -> tuple[int, int]:
        """Headings, unit names and the 合计 label; (first unit row, total row)."""
        units = self.summary.units
        page.put(top, 0, title, "section", to=(top, 1))
        page.put(top + 1, 0, "单位代码", "head", to=(top + 2, 0))
        page.put(top + 1, 1, "单位名称", "head", to=(top + 2, 1))
        first_row, total_row = top + 3, top + 3 + len(units)
        column = 2
        for group in dict.fromkeys(line.group.id for line in lines):
            own = [line for line in lines if line.group.id == group]
            page.put(top + 1, column, own[0].group.label, "head", to=(top + 1, column + len(own) - 1))
            column += len(own)
        page.put(top + 1, column, "说明", "head", to=(top + 2, column))
        page.widths.update(dict.fromkeys(range(2, column), 14.0))
        page.widths[column] = 40
        page.heights[top + 2] = 34
        for place, unit in enumerate(units):
            page.put(first_row + place, 0, unit.key.lstrip("?"), "cell")
            self._link(page, first_row + place, 1, Where(book=unit.used.book if unit.used else ""), unit.name)
        page.put(total_row, 0, "合计", "total", to=(total_row, 1))
        return first_row, total_row

    @staticmethod
    def _row_label(line: LineTotal) -> str:
        return f"{line.row.under}{line.row.label}" if line.row.label == "小计" else line.row.label

    def _amounts(self, page: Page, line: LineTotal, first_row: int, column: int) -> None:
        for place, own in enumerate(line.amounts):
            used = self.summary.units[place].used
            if own.amount is None:
                page.put(first_row + place, column, MISSING, "missing")
                continue
            where = (used.places.get(line.path.text) if used else None) or Where(book=used.book if used else "")
            planned = page.put(first_row + place, column, own.amount, "money")
            planned.note = f"{where.book} {where.sheet}!{where.cell}" if own.note else ""

    def _total(self, page: Page, line: LineTotal, first_row: int, total_row: int, column: int) -> None:
        if total_row == first_row or line.total is None:
            page.put(total_row, column, MISSING, "missing")
            return
        area = Area(page.name, first_row, column, total_row - 1, column)
        page.put(total_row, column, call("ROUND", call("SUM", area), SUM_PLACES), "money_total")

    def _without(self, lines: list[LineTotal]) -> str:
        """Who is in no total of the block, and who lacks single lines only."""
        everywhere = [name for name in lines[0].without if all(name in line.without for line in lines)]
        said = [f"不含{_named(everywhere)}"] if everywhere else []
        for line in lines:
            if more := [name for name in line.without if name not in everywhere]:
                said.append(f"{self._row_label(line)}另不含{_named(more)}")
        return "；".join(said)

    # ---- 指标汇总 -------------------------------------------------------------------
    def _indicators(self) -> Page:
        units = self.summary.units
        depth = max((len(line.names) for line in self.summary.indicators), default=3)
        heads = [
            ("表", 16.0),
            *((f"{n}级", 16.0) for n in "一二三四五"[: depth - 1]),
            ("指标名称", 28.0),
            *((unit.name, 14.0) for unit in units),
        ]
        page = self._page("指标汇总", f"{self.title}：指标值", heads)
        page.freeze = (3, 1 + depth)
        for place, unit in enumerate(units):
            if unit.used is not None:
                page.external[2, depth + 1 + place] = f"{self.folder}{unit.used.book}"
        titles = {block.id: block.title for block in self.summary.spec.block}
        for n, line in enumerate(self.summary.indicators):
            row = 3 + n
            page.put(row, 0, self.words.years(titles[line.block]).replace("{n}", ""), "cell")
            for i, name in enumerate(line.names[:-1]):
                page.put(row, 1 + i, name, "cell")
            for i in range(len(line.names) - 1, depth - 1):
                page.put(row, 1 + i, "", "cell")
            page.put(row, depth, line.names[-1], "cell")
            for place, value in enumerate(line.values):
                if value is None:
                    page.put(row, depth + 1 + place, MISSING, "missing")
                else:
                    page.put(row, depth + 1 + place, value, "cell_center")
        page.filter = (2, 0, 2 + max(len(self.summary.indicators), 1), depth)
        return page

    # ---- 问题清单, 数据来源 -------------------------------------------------------------
    def _findings(self) -> Page:
        columns = (
            ("序号", 6),
            ("单位", 28),
            ("级别", 18),
            ("代码", 10),
            ("位置", 26),
            ("问题", 64),
            ("怎么改", 50),
            ("情况说明", 50),
        )
        page = self._page("问题清单", f"{self.title}：全部问题", columns)
        names = {book: status.name for status in self.summary.statuses for book in status.books}
        rows: list[Finding] = [*self.summary.findings, *self.summary.judged]
        for n, finding in enumerate(rows, 1):
            row = 2 + n
            page.put(row, 0, str(n), "cell_center")
            page.put(row, 1, names.get(finding.where.book, finding.params.get("unit", "")), "cell")
            page.put(row, 2, SEVERITY_WORDS[finding.severity] + ("（已说明）" if finding.explained else ""), "cell_center")
            page.put(row, 3, finding.code, "cell_center")
            self._link(page, row, 4, finding.where, finding.where.spoken() or "—")
            page.put(row, 5, finding.message(), "cell")
            page.put(row, 6, finding.remedy(), "cell")
            page.put(row, 7, finding.reason, "cell")
            page.marks.append((((row, 2),), page.at(row, 2).eq(SEVERITY_WORDS["error"]), "bad"))
        page.filter = (2, 0, 2 + max(len(rows), 1), 7)
        return page

    def _sources(self) -> Page:
        columns = (
            ("单位名称", 30),
            ("单位代码", 20),
            ("数据", 46),
            ("金额（万元）", 16),
            ("文件", 40),
            ("表", 18),
            ("单元格", 10),
            ("修订号", 8),
            ("内容摘要", 20),
        )
        page = self._page("数据来源", f"{self.title}：每个数从哪里来", columns)
        row = 3
        for money in self.summary.money:
            for line in money.lines:
                for place, unit in enumerate(self.summary.units):
                    own = line.amounts[place]
                    if own.amount is None or unit.used is None:
                        continue
                    row = self._source(page, row, line, own.amount, place)
        page.filter = (2, 0, max(row - 1, 3), 8)
        return page

    def _source(self, page: Page, row: int, line: LineTotal, amount: Decimal, place: int) -> int:
        unit = self.summary.units[place]
        assert unit.used is not None
        where = unit.used.places.get(line.path.text) or Where(book=unit.used.book)
        what = f"{line.group.label}·{self._row_label(line)}（{self.words.years(line.column.label)}）"
        page.put(row, 0, unit.name, "cell")
        page.put(row, 1, unit.key, "cell")
        page.put(row, 2, what, "cell")
        page.put(row, 3, amount, "money")
        self._link(page, row, 4, where, unit.used.book)
        for column, text in enumerate((where.sheet, where.cell, str(unit.used.filing.revision), unit.used.digest[:16]), 5):
            page.put(row, column, text, "cell_center")
        return row + 1


def _named(names: Sequence[str]) -> str:
    more = f"等{len(names)}家" if len(names) > MAX_NAMED else ""
    return "、".join(names[:MAX_NAMED]) + more
