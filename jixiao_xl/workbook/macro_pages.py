"""The sheets that only a macro-enabled workbook has, and what its buttons need on the others.

操作 has the buttons, 校验结果 the findings of the last 校验, 粘贴区 takes a table from Word. 校验 lists its findings and
colours all sheets with one write: hidden columns of 校验结果 hold the addresses per sheet, two hidden cells bring those of
a sheet onto it, and one conditional format a sheet looks there (Excel 2010 lets it look nowhere else).
"""

from __future__ import annotations

from collections.abc import Sequence

from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.layout import LEFT
from jixiao_xl.forms.measures import SHEET as MEASURES
from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.model.findings import SEVERITY_WORDS
from jixiao_xl.model.places import column_letter
from jixiao_xl.workbook.buttons import BUTTONS, GROUPS, TAB, Button, Group
from jixiao_xl.workbook.fill_sheets import COVER
from jixiao_xl.workbook.fitting import width_of
from jixiao_xl.workbook.macro_names import (
    BUTTON_PAGE,
    CLIPBOARD,
    CLIPBOARD_NAME,
    FINDING_COLUMNS,
    FINDINGS,
    FINDINGS_NAME,
    MARK_COLUMNS,
    MARKS_NAME,
    SETTINGS,
    UNPLACED_NAME,
)
from jixiao_xl.workbook.pages import Book, Page, PageButton

NO_PYTHON_NAME = "jx.no_python"
"""The cell with the sentence that VBA shows where there is no Python."""

# ---- 校验结果: the values of `jx.findings` are written in one go, the rest follows from them
MOST_FINDINGS = 300
NUMBER, PLACE, FIRST_VALUE = 1, 2, 3
SEVERITY, CODE, MESSAGE, REMEDY, SHEET, CELL, PATH = range(FIRST_VALUE, FIRST_VALUE + len(FINDING_COLUMNS))
FIRST_MARK = PATH + 1
MARKED_SHEET = FIRST_MARK + MARK_COLUMNS
"""The column with the names of the sheets; the marks of each stand in its row."""
FINDING_HEAD, FINDING_TOP = 4, 5
FINDING_LAST = FINDING_TOP + MOST_FINDINGS - 1

# ---- 粘贴区
PASTE_ROWS, PASTE_COLUMNS = 400, 12
UNPLACED_ROWS = 100
UNPLACED_COLUMNS = ("row", "text", "why")
"""What the columns of `jx.unplaced` hold: row of the paste area from 1, what stands there, why it was not placed."""
PASTE_TOP, PASTE_LEFT = 4, 1
UNPLACED_LEFT = PASTE_LEFT + PASTE_COLUMNS + 1

OWN_SETTINGS = (("ADD_WORKBOOK_TO_PYTHONPATH", "False"), ("JIXIAO_ARCHIVE", ""))
"""Settings of the workbook. The folder it lies in is nothing to load programs from. A setting that is
listed here hides the user's own, so the interpreter is not."""
NO_PYTHON = (
    "没有找到 Python，按钮用不了；表照常可以填，填好直接报送。要用按钮，请让管理员装好 Python 和本工具后，"
    "在命令行执行 jixiao excel install，再重新打开本文件。"
)
FILL_BUTTONS = ("check", "explain_finding", "undo")
ROW_BUTTONS = ("add_row", "remove_row")
"""On sheets that have spare rows."""
FINDING_BUTTONS = ("check", "fix_finding", "explain_finding", "undo")
PASTE_BUTTONS = ("paste_import", "undo")
HINTS = (
    "1. 打开后上方出现黄条时，先点“启用编辑”，再点“启用内容”，按钮才能用；从邮件打开的，先另存到本机再打开。",
    "2. 从“封面”开始，按填报顺序填黄色格；点“提取上年数”带出近两年的数。",
    "3. 行不够时，选中表里的一行，点“增加指标行”；从 Word 复制的指标表，贴到“粘贴区”后点“粘贴导入”。",
    "4. 填完点“校验”：错处标色，“校验结果”里点位置跳到该格；能算出正确值的，选中那条点“按建议修改”。",
    "5. 改到没有“必须修改”，看“打印表”，点“生成报送文件”，把生成的 .xlsx 报上去。",
    "6. 按钮也在上方“绩效填报”选项卡里。点按钮改错了，点“撤销”；正在输入的格，先按回车再点按钮。",
)
BUTTON_PX = 92, 26
GAP_PX = 6
TITLE_PX = 12
"""Half a character of a title."""
CHAR_PX, CELL_PAD_PX = 8, 5


_LOOKS = {SEVERITY: "bare_center", CODE: "bare_center"} | dict.fromkeys(range(SHEET, MARKED_SHEET), "key")
"""How the columns of `jx.findings` look; a hidden text that wrapped would make its row tall."""


class MacroPages:
    """Draws all that the macro-enabled variant has more than the plain one."""

    def __init__(self, plan: FormPlan, book: Book) -> None:
        self.plan, self.book = plan, book
        book.macros = True

    def draw(self) -> None:
        marked = [*self.plan.sheets, *((MEASURES,) if self.plan.measure else ())]
        for number, sheet in enumerate(marked):
            self._looking(self.book.page(sheet), number)
        self.book.pages[:0] = [_button_page(), self._findings(marked)]
        hidden_from = next(n for n, page in enumerate(self.book.pages) if page.state != "visible")
        self.book.pages.insert(hidden_from, self._clipboard())
        self.book.pages.append(settings_page(self.book))
        for sheet in marked:
            page = self.book.page(sheet)
            _behind_title(page, LEFT, (*(ROW_BUTTONS if page.hidden_rows else ()), *FILL_BUTTONS))

    # ---- colours ------------------------------------------------------------------------
    def _looking(self, page: Page, number: int) -> None:
        """Two hidden cells beside the grid, in the sheet's first key row, and the formats that look there."""
        key_row = min(page.key_rows)
        last_row, last = max(row for row, _ in page.cells), max(column for _, column in page.cells)
        for n, look in enumerate(("bad", "ask")):
            marks = Cell(FINDINGS, FINDING_TOP + number, FIRST_MARK + n, absolute=True)
            page.put(key_row, last + 1 + n, marks & "", "counter")
            here = Cell(page.name, key_row, last + 1 + n, absolute=True)
            own = ("," & call("ADDRESS", call("ROW"), call("COLUMN"), 4)) & ","
            page.area_marks.append(((0, LEFT, last_row, last), call("ISNUMBER", call("SEARCH", own, here)), look))

    # ---- 校验结果 -------------------------------------------------------------------------
    def _findings(self, marked: Sequence[str]) -> Page:
        """Room for the findings of a 校验; what is written there shows, links and colours by itself."""
        page = Page(FINDINGS, tab="#C0392B", landscape=True)
        page.widths = {0: 2, NUMBER: 6, PLACE: 24, SEVERITY: 11, CODE: 9, MESSAGE: 56, REMEDY: 48}
        page.hidden_columns = {*range(SHEET, MARKED_SHEET + 1)}
        page.print_columns = (NUMBER, REMEDY)
        page.put(0, NUMBER, FINDINGS, "title", to=(0, CODE))
        page.put(1, NUMBER, "点位置跳到该格；改好后再点“校验”。能算出正确值的，选中该行点“按建议修改”。", "hint", to=(1, REMEDY))
        page.put(2, NUMBER, _counted(), "count_big", to=(2, MESSAGE))
        page.put(2, REMEDY, "返回封面", "link", link=f"'{COVER}'!A1")
        page.heights |= {0: 36, 1: 22, 2: 26, FINDING_HEAD: 24}
        heads = ((NUMBER, "序号"), (PLACE, "位置"), (SEVERITY, "级别"), (CODE, "代码"), (MESSAGE, "问题"), (REMEDY, "怎么改"))
        for column, head in heads:
            page.put(FINDING_HEAD, column, head, "head")
        for row in range(FINDING_TOP, FINDING_LAST + 1):
            self._finding(page, row)
        for row, sheet in enumerate(marked, FINDING_TOP):
            page.put(row, MARKED_SHEET, sheet, "key")
        shown = Cell(FINDINGS, FINDING_TOP, SEVERITY)
        for look, word in (("bad", SEVERITY_WORDS["error"]), ("ask", SEVERITY_WORDS["warning"]), ("see", SEVERITY_WORDS["hint"])):
            page.area_marks.append(((FINDING_TOP, SEVERITY, FINDING_LAST, SEVERITY), shown.eq(word), look))
        for column in range(NUMBER, REMEDY + 1):  # a line appears with its finding
            page.area_marks.append(((FINDING_TOP, column, FINDING_LAST, column), shown.ne(""), "row"))
        page.freeze = (FINDING_TOP, 0)
        page.repeat_rows = (FINDING_HEAD, FINDING_HEAD)
        page.filter = (FINDING_HEAD, NUMBER, FINDING_LAST, REMEDY)
        _behind_title(page, NUMBER, FINDING_BUTTONS)
        names = self.book.names
        names[FINDINGS_NAME] = _reference(FINDINGS, FINDING_TOP, FIRST_VALUE, FINDING_LAST, MARKED_SHEET - 1)
        names[MARKS_NAME] = _reference(FINDINGS, FINDING_TOP, MARKED_SHEET, FINDING_TOP + len(marked) - 1, MARKED_SHEET)
        return page

    def _finding(self, page: Page, row: int) -> None:
        severity, sheet, cell = (page.at(row, column) for column in (SEVERITY, SHEET, CELL))
        page.put(row, NUMBER, call("IF", severity.eq(""), "", call("ROW", page.at(row, NUMBER)) - FINDING_TOP), "bare_center")
        target = ("#'" & call("SUBSTITUTE", sheet, "'", "''") & "'!") & call("IF", cell.eq(""), "A1", cell)
        said = call("IF", cell.eq(""), sheet, (sheet & "!") & cell)
        link = call("IF", sheet.eq(""), "整份表", call("HYPERLINK", target, said))
        page.put(row, PLACE, call("IF", severity.eq(""), "", link), "bare_link")
        for column in range(FIRST_VALUE, MARKED_SHEET):
            page.put(row, column, None, _LOOKS.get(column, "bare"), locked=False)

    # ---- 粘贴区 ---------------------------------------------------------------------------
    def _clipboard(self) -> Page:
        """Not protected: a table of Word brings merged cells and locked ones, which a protected sheet refuses."""
        page = Page(CLIPBOARD, tab="#5D6D7E", protected=False, landscape=True, numbers_as_text=True)
        last, right = PASTE_LEFT + PASTE_COLUMNS - 1, UNPLACED_LEFT + len(UNPLACED_COLUMNS) - 1
        page.widths = {0: 2, **{PASTE_LEFT + n: 11.0 for n in range(PASTE_COLUMNS)}, last + 1: 2}
        page.widths |= {UNPLACED_LEFT: 8, UNPLACED_LEFT + 1: 40, UNPLACED_LEFT + 2: 44}
        page.print_columns = (PASTE_LEFT, right)
        page.put(0, PASTE_LEFT, CLIPBOARD, "title", to=(0, last))
        hint = "把 Word 或网页里的指标表（连同表头）粘贴到下面第一个黄色格，点“粘贴导入”：指标按名称放到各行，填过的格不动；没有放进去的列在右边。"
        page.put(1, PASTE_LEFT, hint, "hint", to=(1, last))
        listed = Area(CLIPBOARD, PASTE_TOP, UNPLACED_LEFT, PASTE_TOP + UNPLACED_ROWS - 1, UNPLACED_LEFT)
        some = ("没有放进去的有 " & call("COUNT", listed)) & " 行，列在右边，请照原因自己填。"
        page.put(2, PASTE_LEFT, call("IF", call("COUNT", listed).eq(0), "", some), "hint", to=(2, last))
        page.put(0, UNPLACED_LEFT, "返回封面", "link", link=f"'{COVER}'!A1")
        page.put(PASTE_TOP - 1, PASTE_LEFT, "粘贴到这里", "head", to=(PASTE_TOP - 1, last))
        for column, head in zip(range(UNPLACED_LEFT, right + 1), ("第几行", "没有放进去的内容", "原因"), strict=True):
            page.put(PASTE_TOP - 1, column, head, "head")
        page.heights |= {0: 36, 1: 34, 2: 20, PASTE_TOP - 1: 24}
        for row in range(PASTE_TOP, PASTE_TOP + PASTE_ROWS):
            for column in range(PASTE_LEFT, last + 1):
                page.put(row, column, None, "input_text", locked=False)
        for row in range(PASTE_TOP, PASTE_TOP + UNPLACED_ROWS):
            for column in range(UNPLACED_LEFT, right + 1):
                page.put(row, column, None, "cell" if column > UNPLACED_LEFT else "cell_center", locked=False)
        page.freeze = (PASTE_TOP, 0)
        _behind_title(page, PASTE_LEFT, PASTE_BUTTONS)
        names = self.book.names
        names[CLIPBOARD_NAME] = _reference(CLIPBOARD, PASTE_TOP, PASTE_LEFT, PASTE_TOP + PASTE_ROWS - 1, last)
        names[UNPLACED_NAME] = _reference(CLIPBOARD, PASTE_TOP, UNPLACED_LEFT, PASTE_TOP + UNPLACED_ROWS - 1, right)
        return page


def _button_page() -> Page:
    """操作: what to do in six lines, and every button with what it does."""
    page = Page(BUTTON_PAGE, tab="#1F5FA8", landscape=True, one_page=True)
    page.widths = {0: 2, 1: 19, 2: 52, 3: 2, 4: 19, 5: 42}
    page.print_columns = (1, 5)
    page.put(0, 1, BUTTON_PAGE, "title", to=(0, 5))
    page.heights[0] = 30
    for row, hint in enumerate(HINTS, 1):
        page.put(row, 1, hint, "plain", to=(row, 5))
        page.heights[row] = 18
    top = len(HINTS) + 2
    page.put(top - 1, 1, "开始填报：到封面", "link", to=(top - 1, 2), link=f"'{COVER}'!A1")
    lefts: tuple[tuple[Group, int], ...] = (("unit", 1), ("city", 4))
    for group, left in lefts:
        page.put(top, left, GROUPS[group], "section", to=(top, left + 1))
        page.heights[top] = 24
        for row, button in enumerate((b for b in BUTTONS if b.group == group), top + 1):
            page.heights[row] = 30
            page.put(row, left + 1, button.tip, "hint")
            width = _pixels(page.widths[left]) - 10
            page.buttons.append(PageButton(row, left, button.caption, button.click, width, 28, 4, 6))
    return page


def addin_book() -> Book:
    """The add-in: nobody sees its one sheet, which has its settings."""
    book = Book(title=TAB, macros=True, addin=True)
    page = settings_page(book)
    page.state = "visible"  # no workbook without a visible sheet; Excel shows no add-in
    book.pages.append(page)
    return book


def settings_page(book: Book) -> Page:
    """The sheet that xlwings and our program read settings from; column D is for people."""
    page = Page(SETTINGS, state="hidden", protected=False)
    page.widths = {0: 34, 1: 60, 2: 3, 3: 110}
    for row, (key, value) in enumerate(OWN_SETTINGS):
        page.put(row, 0, key, "key")
        page.put(row, 1, value, "input_text", locked=False)
    page.put(0, 3, "JIXIAO_ARCHIVE 填历年数据库的地址；空着就用 jixiao settings 里设的。其他行不用改。", "hint")
    page.put(1, 3, NO_PYTHON, "hint")
    book.names[NO_PYTHON_NAME] = _reference(SETTINGS, 1, 3, 1, 3)
    return page


def _counted() -> Expr:
    """How many findings of each severity are listed."""
    listed = Area(FINDINGS, FINDING_TOP, SEVERITY, FINDING_LAST, SEVERITY)
    parts: list[Expr] = [((f"{word} " & call("COUNTIF", listed, word)) & " 条") for word in SEVERITY_WORDS.values()]
    return (parts[0] & "　") & ((parts[1] & "　") & parts[2])


def _behind_title(page: Page, left: int, functions: Sequence[str]) -> None:
    """Buttons on the title line of a sheet, where they are seen without scrolling."""
    title = page.cells[0, left].content
    assert isinstance(title, str)
    width, height = BUTTON_PX
    start = max(width_of(title) * TITLE_PX + 24, 160)
    for n, button in enumerate(_named(functions)):
        at = start + n * (width + GAP_PX)
        page.buttons.append(PageButton(0, left, button.caption, button.click, width, height, at, 7))


def _named(functions: Sequence[str]) -> list[Button]:
    by_function = {button.function: button for button in BUTTONS}
    return [by_function[function] for function in functions]


def _pixels(width_chars: float) -> int:
    """Pixels of a column that is so many digits wide."""
    return int(width_chars * CHAR_PX) + CELL_PAD_PX


def _reference(sheet: str, row: int, column: int, to_row: int, to_column: int) -> str:
    first = f"${column_letter(column)}${row + 1}"
    last = f"${column_letter(to_column)}${to_row + 1}"
    return f"='{sheet}'!{first}" + ("" if (row, column) == (to_row, to_column) else f":{last}")
