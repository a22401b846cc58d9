"""The 自检表: every native check as one line, the open problems on top, each with a link."""

from __future__ import annotations

from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.plan import FormPlan, Slot
from jixiao_xl.forms.selfcheck import NativeCheck, native_checks
from jixiao_xl.model.findings import SEVERITY_WORDS
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.pages import Book, Page

NAME = "自检表"
LISTED = 25
"""Open problems listed on top."""
NUMBER, PLACE, WHAT, RESULT, FIX = range(1, 6)
ERROR, WARNING, RUNNING, TARGET = range(7, 11)


class CheckSheet:
    """Draws the 自检表; afterwards tells how many problems each sheet has."""

    def __init__(self, plan: FormPlan, book: Book) -> None:
        self.beside = plan.beside
        self.book = book
        self.checks = list(native_checks(plan))
        self.page = Page(NAME, tab="#C0392B")
        self.first = 6 + LISTED + 3
        self.last = self.first + len(self.checks) - 1

    def draw(self) -> None:
        page = self.page
        self.book.pages.append(page)
        page.widths = {0: 2, NUMBER: 6, PLACE: 24, WHAT: 44, RESULT: 12, FIX: 60, 6: 2}
        page.hidden_columns = {ERROR, WARNING, RUNNING, TARGET}
        page.print_columns = (NUMBER, FIX)
        page.print_to = self.first - 4
        page.repeat_rows = (5, 5)
        page.landscape = True
        page.put(0, NUMBER, NAME, "title", to=(0, FIX))
        page.put(1, NUMBER, "由公式自动检查，不需要运行宏。先改“必须修改”，再看“需要说明”；点位置跳到该格。", "hint", to=(1, FIX))
        page.heights |= {0: 30, 1: 20, 4: 22, self.first - 2: 22}
        self._counts(page)
        self._open_problems(page)
        self._all_checks(page)
        page.freeze = (3, 0)
        fit_rows(page)
        for row in (*range(6, 6 + LISTED), *range(self.first, self.last + 1)):
            own = page.at(row, RESULT)
            page.marks.append((((row, RESULT),), own.eq(SEVERITY_WORDS["error"]), "bad"))
            page.marks.append((((row, RESULT),), own.eq(SEVERITY_WORDS["warning"]), "ask"))

    def problems(self, column: int) -> Expr:
        """How many errors (or warnings) there are in the whole workbook."""
        return call("SUM", Area(NAME, self.first, column, self.last, column))

    def problems_on(self, sheet: str, column: int) -> Expr:
        """The same for one sheet; its checks stand together."""
        rows = [self.first + i for i, check in enumerate(self.checks) if check.slot.sheet == sheet]
        if not rows:
            return call("N", 0)
        return call("SUM", Area(NAME, rows[0], column, rows[-1], column))

    def _counts(self, page: Page) -> None:
        errors, warnings = self.problems(ERROR), self.problems(WARNING)
        text = ((f"{SEVERITY_WORDS['error']} " & errors) & f" 处，{SEVERITY_WORDS['warning']} ") & warnings
        page.put(2, NUMBER, text & " 处", "count_big", to=(2, WHAT))
        page.put(2, FIX, "返回封面", "link", link="'封面'!A1")
        page.heights[2] = 24

    def _open_problems(self, page: Page) -> None:
        page.put(4, NUMBER, f"现有问题（前{LISTED}条，改好一条自动少一条）", "section", to=(4, FIX))
        self._head(page, 5)
        running = Area(NAME, self.first, RUNNING, self.last, RUNNING)

        def looked_up(k: int, column: int) -> Expr:
            return call("INDEX", Area(NAME, self.first, column, self.last, column), call("MATCH", k, running, 0))

        for k in range(1, LISTED + 1):
            row = 5 + k
            page.heights[row] = 30
            page.put(row, NUMBER, call("IFERROR", looked_up(k, NUMBER) * 0 + k, ""), "result")
            link = call("HYPERLINK", "#" & looked_up(k, TARGET), looked_up(k, PLACE))
            page.put(row, PLACE, call("IFERROR", link, ""), "shown_link")
            for column, style in ((WHAT, "cell"), (RESULT, "result"), (FIX, "cell")):
                page.put(row, column, call("IFERROR", looked_up(k, column) & "", ""), style)

    def _all_checks(self, page: Page) -> None:
        page.put(self.first - 2, NUMBER, "全部检查项", "section", to=(self.first - 2, FIX))
        self._head(page, self.first - 1)
        for n, check in enumerate(self.checks):
            self._check(page, self.first + n, n, check)

    @staticmethod
    def _head(page: Page, row: int) -> None:
        for column, text in ((NUMBER, "序号"), (PLACE, "位置"), (WHAT, "检查内容"), (RESULT, "结果"), (FIX, "怎么改")):
            page.put(row, column, text, "head")

    def _check(self, page: Page, row: int, n: int, check: NativeCheck) -> None:
        slot = check.slot
        place = f"{slot.sheet}!{slot.cell}"
        target = "'" + slot.sheet.replace("'", "''") + "'!" + slot.cell
        page.put(row, NUMBER, call("N", n + 1), "result")
        page.put(row, PLACE, place, "shown_link", link=target)
        page.put(row, WHAT, check.what, "cell")
        page.put(row, FIX, check.fix, "cell")
        flag, other = (ERROR, WARNING) if check.severity == "error" else (WARNING, ERROR)
        page.put(row, flag, call("IF", check.problem, 1, 0), "counter")
        page.put(row, other, call("N", 0), "counter")
        word = SEVERITY_WORDS[check.severity]
        page.put(row, RESULT, call("IF", Cell(NAME, row, flag).eq(1), word, "通过"), "result")
        own = Cell(NAME, row, ERROR) + Cell(NAME, row, WARNING)
        page.put(row, RUNNING, Cell(NAME, row - 1, RUNNING) + own if n else own, "counter")
        page.put(row, TARGET, target, "key")
        for marked in check.marked:
            cells = ((marked.row, marked.column),)
            problem = self._as_seen_from(marked, check.problem)
            self.book.page(marked.sheet).marks.append((cells, problem, "bad" if check.severity == "error" else "ask"))

    def _as_seen_from(self, marked: Slot, problem: Expr) -> Expr:
        """The problem for a conditional format: one that looks at another sheet, which Excel 2010 refuses there,
        is asked in a hidden cell of the same row."""
        if "!" not in problem.excel(marked.sheet):
            return problem
        page, column = self.book.page(marked.sheet), self.beside[marked.sheet]
        while (marked.row, column) in page.cells:
            column += 1
        page.put(marked.row, column, call("IF", problem, 1, 0), "key")
        page.hidden_columns.add(column)
        return page.at(marked.row, column).eq(1)
