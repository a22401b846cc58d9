"""A filing (or nobody's) as a whole workbook: fill sheets, 自检表, 打印表, 填报说明, identity."""

from __future__ import annotations

from jixiao_xl.forms.describe import described
from jixiao_xl.forms.expr import call
from jixiao_xl.forms.layout import LEFT, plan_form
from jixiao_xl.forms.measures import SHEET as MEASURES
from jixiao_xl.forms.placing import settled
from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.forms.reasons import SHEET as REASONS
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.undisturbed import undisturbed
from jixiao_xl.workbook.as_found import keep_as_found
from jixiao_xl.workbook.canvas import NAME as PAPER
from jixiao_xl.workbook.check_sheet import ERROR, WARNING, CheckSheet
from jixiao_xl.workbook.check_sheet import NAME as CHECKS
from jixiao_xl.workbook.fill_sheets import COVER, BuildOptions, FillSheets
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.identity import Identity
from jixiao_xl.workbook.macro_names import BUTTON_PAGE, CLIPBOARD, FINDINGS
from jixiao_xl.workbook.macro_pages import MacroPages
from jixiao_xl.workbook.marked_copy import MarkedCopy
from jixiao_xl.workbook.marking import REPORT, RESULTS
from jixiao_xl.workbook.measure_sheet import draw_measures
from jixiao_xl.workbook.pages import Book, Page
from jixiao_xl.workbook.paper import Paper
from jixiao_xl.workbook.reason_sheet import draw_reasons
from jixiao_xl.workbook.write import book_bytes

HELP = "填报说明"
MARKED_FIRST = {RESULTS: "退回修改：从上往下改", REPORT: "一页，可打印签字"}
MACRO_FIRST = {BUTTON_PAGE: "全部按钮和说明", FINDINGS: "点“校验”后看这里", CLIPBOARD: "从 Word 粘贴的指标表"}
"""Sheets that only one variant has, first in the directory of the cover, with what they are for."""


def build_workbook(spec: FormSpec, filing: Filing, options: BuildOptions | None = None) -> bytes:
    """The bytes of the workbook that carries this filing; an empty filing gives the template."""
    with undisturbed():
        return book_bytes(plan_workbook(spec, filing, options or BuildOptions()))


def plan_workbook(spec: FormSpec, filing: Filing, options: BuildOptions) -> Book:
    """The workbook as planned cells, before it becomes a file."""
    filing = settled(spec, filing)
    plan = plan_form(spec, filing, options.repeats)
    book = Book(title=plan.words.form_title)
    if COVER not in plan.sheets:
        book.pages.append(Page(COVER, tab="#F4D03F"))
    fills = FillSheets(plan, filing, options, book)
    fills.draw()
    draw_measures(plan, book, options.notes)
    checks = CheckSheet(plan, book)
    checks.draw()
    draw_reasons(plan, book)
    identity = Identity(plan, filing, book)
    paper = Paper(plan, fills, book, identity.code)
    paper.draw()
    _help(plan, book)
    identity.draw()
    if options.marking:
        MarkedCopy(plan, book, options.marking, identity).draw()
    elif options.found:
        keep_as_found(plan, plan.words.filing, book, options.found)
    kept = options.marking or options.found
    first = MARKED_FIRST if options.marking else MACRO_FIRST if options.macros else {}
    _cover(plan, filing, book, checks, identity, first, kept.typed_key if kept else "", options.document)
    if options.macros:
        assert not options.marking, "a marked copy is always a plain .xlsx"
        MacroPages(plan, book).draw()
    identity.draw_places()
    return book


def _cover(
    plan: FormPlan, filing: Filing, book: Book, checks: CheckSheet, identity: Identity, first: dict[str, str], typed_key: str,
    document: str,
) -> None:  # fmt: skip
    page = book.page(COVER)
    grid = max(plan.widths.get(COVER, 4), 2)
    for i in range(grid):
        page.widths.setdefault(LEFT + i, 18.0 if i % 2 == 0 else 32.0)
    page.put(0, LEFT, plan.words.form_title, "title", to=(0, LEFT + grid - 1))
    row = max((r for r, _ in page.cells), default=1) + 2
    last = LEFT + grid - 1
    stage = plan.spec.form.stages.get(filing.stage, "")
    told = (("预算年度", str(filing.year)), ("阶段", stage), *((("批复文号", document),) if document else ()))
    for label, value in told:
        page.put(row, LEFT, label, "label")
        page.put(row, LEFT + 1, value, "shown_text", to=(row, last))
        row += 1
    page.put(row, LEFT, "单位代码", "label")
    known = bool(filing.unit.key)
    key = filing.unit.key or typed_key or None
    page.put(row, LEFT + 1, key, "shown_text" if known else "input_text", to=(row, last), locked=known)
    book.names["jx.unit_key"] = f"='{COVER}'!${chr(65 + LEFT + 1)}${row + 1}"
    row += 1
    page.put(row, LEFT, "校验码", "label")
    page.put(row, LEFT + 1, call("IF", identity.code.eq(""), "", identity.code), "shown_text", to=(row, last))
    row += 2
    text = (("自检：必须修改 " & checks.problems(ERROR)) & " 处，需要说明 ") & checks.problems(WARNING)
    page.put(row, LEFT, text & " 处", "count_big", to=(row, last))
    page.heights[row] = 26
    none_left = call("ISNUMBER", call("FIND", "必须修改 0 处", page.at(row, LEFT)))
    page.marks.append((((row, LEFT),), call("NOT", none_left), "bad"))  # of this sheet only: Excel 2010 asks it
    row += 1
    _directory(plan, page, checks, row, last, first)
    page.print_columns = (LEFT, last)


def _directory(plan: FormPlan, page: Page, checks: CheckSheet, row: int, last: int, first: dict[str, str]) -> None:
    page.put(row, LEFT, "填报顺序（点名称跳到该表）", "head", to=(row, LEFT + 1))
    page.put(row, LEFT + 2 if last > LEFT + 1 else LEFT + 1, "还有必须修改", "head", to=(row, last)) if last > LEFT + 1 else None
    for sheet in (*first, *plan.sheets, *((MEASURES,) if plan.measure else ()), CHECKS, REASONS, PAPER, HELP):
        if sheet == COVER:
            continue
        row += 1
        page.put(row, LEFT, sheet, "shown_link", link=f"'{sheet}'!A1", to=None)
        own = checks.problems_on(sheet, ERROR)
        if last > LEFT + 1:
            page.put(row, LEFT + 1, first.get(sheet) or _hint_for(sheet), "cell")
            count = call("IF", own.eq(0), "", own & " 处") if sheet in plan.sheets else None
            page.put(row, LEFT + 2, count, "result", to=(row, last))
        elif sheet in plan.sheets:
            page.put(row, LEFT + 1, call("IF", own.eq(0), _hint_for(sheet), ("还有必须修改 " & own) & " 处"), "cell")
        else:
            page.put(row, LEFT + 1, first.get(sheet) or _hint_for(sheet), "cell")


def _hint_for(sheet: str) -> str:
    return {
        MEASURES: "填分子分母，比率自动算出", CHECKS: "填完看这里，改到没有“必须修改”", REASONS: "“需要说明”的，在这里写原因",
        PAPER: "核对后打印签字盖章", HELP: "每一栏怎么填",
    }.get(sheet, "填黄色格")  # fmt: skip


def _help(plan: FormPlan, book: Book) -> None:
    page = Page(HELP, tab="#5D6D7E")
    book.pages.append(page)
    page.widths = {0: 2, 1: 26, 2: 96}
    page.print_columns = (1, 2)
    page.put(0, 1, HELP, "title", to=(0, 2))
    page.heights[0] = 30
    page.put(1, 1, "返回封面", "link", link=f"'{COVER}'!A1")
    page.put(2, 1, "栏目", "head")
    page.put(2, 2, "怎么填", "head")
    page.repeat_rows = (2, 2)
    page.freeze = (3, 0)
    for row, (section, sentence) in enumerate(described(plan), 3):
        page.put(row, 1, section, "cell_top")
        page.put(row, 2, sentence, "cell_top")
    fit_rows(page)
