"""The 审核工作簿: who is where, what the machine found, what people say of it; filled in and read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from jixiao_xl.forms.expr import Operand, call, lift
from jixiao_xl.model.findings import SEVERITY_WORDS, Finding, Severity
from jixiao_xl.model.places import column_letter
from jixiao_xl.model.review import ANSWERS, ASPECTS, GRADES, INCLUDED, STATES, Opinion
from jixiao_xl.rules.reviewing import review_words
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.pages import Book, Page, Rule
from jixiao_xl.workbook.review_guide import guide_page
from jixiao_xl.workbook.review_pages import (
    COLUMNS,
    FINDINGS,
    FREE,
    FREE_ROWS,
    MAX_FINDINGS,
    MAX_TEXT,
    NAMES,
    PROGRESS,
    SEEN_IN_FILES,
    SELF,
    SELF_FIELDS,
    ReviewBook,
    UnderReview,
    keyed,
    opinion_given,
    unit_given,
    written,
)
from jixiao_xl.workbook.write import book_bytes

TITLE, HINT, BY, HEAD, KEYS, FIRST = range(6)
PRINTED_SPARE = 25
"""Blank rows of 补充意见 on paper, for writing by hand."""
OPEN = "打开"
GONE, IN_FILE, UNSURE = "已消除", "见文件", "待核对"
"""What stands for the severity of a finding that is not there now: the current version no longer has it; it is
of the file, which is not at hand; nobody can say without the file."""
_HINTS = {
    PROGRESS: "黄格填写，其余自动。“改为”选下一步；退回修改、撤销要写理由。四方面和结论选优良中差；不纳入的写理由。"
    "本行“审核人、日期”不填的，按上面一行的。填好保存，用 jixiao review read 读回。",
    FINDINGS: "每条是程序查出的问题，点“位置”打开单位的文件。“审核意见”写给单位看的话；单位已说明的，选采纳或不采纳；要单位改的，选要求修改。",
    FREE: "程序没有查出、需要单位改或说明的，在这里一行写一条。清空“审核意见”就是撤回这一条。",
}
_DATE = Rule("length", high="20", title="日期", message="如 2026-11-21；不填按表头的日期。", refusal="写成 2026-11-21。")
_TEXT = Rule("length", high=str(MAX_TEXT), title="审核意见", message=f"不超过{MAX_TEXT}字。", refusal=f"最多{MAX_TEXT}字。")


def review_bytes(book: ReviewBook) -> bytes:
    """The workbook file."""
    pages = [guide_page(book), _progress(book), _findings(book), _free(book), _self(book)]
    drawn = Book(pages, title=book.title)
    for page in pages:
        fit_rows(page, drawn)
    for sheet, name in NAMES.items():
        last = max(row for row, _ in drawn.page(sheet).cells)
        drawn.names[name] = f"='{sheet}'!$A${KEYS + 1}:${column_letter(len(COLUMNS[sheet]) - 1)}${last + 1}"
    for name, heading in (("jx.review.by", "审核人"), ("jx.review.on", "日期")):
        column = _at(PROGRESS)[heading]
        drawn.names[name] = f"='{PROGRESS}'!${column_letter(column)}${BY + 1}"
    return book_bytes(drawn)


def _at(sheet: str) -> dict[str, int]:
    """Column by heading."""
    return {column.heading: n for n, column in enumerate(COLUMNS[sheet])}


def _page(sheet: str, book: ReviewBook) -> Page:
    """A sheet with its title, hint, headings and hidden keys."""
    columns = COLUMNS[sheet]
    page = Page(sheet, landscape=True, numbers_as_text=True, tab="#C0392B" if sheet == PROGRESS else "#F4D03F")
    shown = [n for n, column in enumerate(columns) if not column.hidden]
    page.widths = {n: column.width for n, column in enumerate(columns)}
    page.hidden_columns = {n for n, column in enumerate(columns) if column.hidden}
    page.put(TITLE, shown[0], f"{book.title}　{sheet}", "title", to=(TITLE, shown[5]))
    page.put(HINT, shown[0], _HINTS[sheet], "hint", to=(HINT, shown[-1]))
    page.heights |= {TITLE: 30, HINT: 34, HEAD: 34}
    for n, column in enumerate(columns):
        page.put(HEAD, n, column.heading, "head")
        if column.key:
            page.put(KEYS, n, column.key, "key")
    page.key_rows.add(KEYS)
    page.freeze = (FIRST, shown[1])
    page.repeat_rows = (HEAD, HEAD)
    page.print_columns = (shown[0], shown[-1])
    return page


def _inputs(page: Page, sheet: str, rows: range, rules: dict[str, Rule]) -> None:
    """The yellow cells of all rows that nobody has filled yet, and what they take."""
    if not rows:
        return
    for n, column in enumerate(COLUMNS[sheet]):
        if not column.input:
            continue
        for row in rows:
            if (row, n) not in page.cells:
                page.put(row, n, None, "input_text", locked=False)
        if column.key in rules:
            page.area_rules.append(((rows[0], n, rows[-1], n), rules[column.key]))


def _choice(heading: str, words: Sequence[str], message: str = "从下拉列表选择。") -> Rule:
    return Rule("list", tuple(words), title=heading, message=message, refusal="请从下拉列表中选择。")


# ---- 审核进度 --------------------------------------------------------------------------
def _progress(book: ReviewBook) -> Page:
    page, at = _page(PROGRESS, book), _at(PROGRESS)
    counts = Counter(unit.review.state for unit in book.units)
    told = "　".join(f"{state} {counts[state]}" for state in STATES if counts[state])
    page.put(BY, at["单位名称"], f"共 {len(book.units)} 家　{told}", "section", to=(BY, at["改状态的理由"]))
    page.put(BY, at["纳入/不纳入的理由"], "全表的审核人和日期：", "unit")
    for heading in ("审核人", "日期"):
        page.put(BY, at[heading], None, "input_text", locked=False)
    page.rules[BY, at["日期"]] = _DATE
    page.heights[BY] = 24
    for row, unit in enumerate(book.units, FIRST):
        _unit_row(page, row, unit, at)
    rows = range(FIRST, FIRST + len(book.units))
    words = review_words()
    rules = {aspect.name: _choice(aspect.name, GRADES, aspect.asks) for aspect in words.aspect}
    told = "；".join(f"{grade.name}：{grade.means}" for grade in words.grade)
    rules |= {"overall": _choice("结论", GRADES, told), "on": _DATE, "why": _TEXT, "included_why": _TEXT}
    rules["included"] = _choice("纳入/不纳入", INCLUDED, "不纳入的，写明理由。")
    _inputs(page, PROGRESS, rows, rules)
    if rows:
        last = len(COLUMNS[PROGRESS]) - 1
        page.filter = (HEAD, at["单位名称"], rows[-1], last)
        for wanted, heading, reason in (("退回修改", "改为", "改状态的理由"), ("不纳入", "纳入/不纳入", "纳入/不纳入的理由")):
            lacking = call("AND", page.at(FIRST, at[heading]).eq(wanted), page.at(FIRST, at[reason]).eq(""))
            page.area_marks.append(((FIRST, at[reason], rows[-1], at[reason]), lacking, "bad"))
    return page


def _unit_row(page: Page, row: int, unit: UnderReview, at: dict[str, int]) -> None:
    review = unit.review
    page.put(row, at["unit"], unit.key, "key")
    page.put(row, at["given"], written(unit_given(unit)), "key")
    page.put(row, at["单位名称"], unit.name, "shown_text")
    page.put(row, at["单位代码"], unit.key, "shown_text")
    # a long file name would be cut off in a link, and says nothing that the unit's name does not
    page.put(row, at["报送件"], OPEN if unit.file else unit.book or "—", "shown_link" if unit.file else "cell_small")
    if unit.file:
        page.external[row, at["报送件"]] = unit.file
    page.put(row, at["现在状态"], review.state, "shown_center")
    page.put(row, at["版本"], str(unit.version or "—"), "shown_center")
    errors = sum(f.severity == "error" for f in unit.findings)
    asked = sum(f.severity == "warning" and not f.explained for f in unit.findings)
    page.put(row, at["必须修改"], str(errors) if unit.book else "—", "shown_center")
    page.put(row, at["待说明"], str(asked) if unit.book else "—", "shown_center")
    steps = [step.to for step in review_words().steps_from(review.state)]
    if steps:
        page.put(row, at["改为"], None, "input_text", locked=False)
        page.rules[row, at["改为"]] = _choice("改为", steps)
    else:
        page.put(row, at["改为"], None, "shown_center")
    given = unit_given(unit)
    for heading, key in (*((name, name) for name in ASPECTS), ("结论", "overall"), ("纳入/不纳入", "included")):
        page.put(row, at[heading], given[key] or None, "input_indicator", locked=False)
    page.put(row, at["纳入/不纳入的理由"], given["included_why"] or None, "input_text", locked=False)
    said: Operand = ""
    for grade in reversed(review_words().grade):
        said = call("IF", page.at(row, at["结论"]).eq(grade.name), grade.consequence, said)
    page.put(row, at["结论的后果"], lift(said), "shown_text")
    page.put(row, at["已有记录"], _record(unit), "cell_small")


def _record(unit: UnderReview) -> str:
    """What was decided before, newest first."""
    review, told = unit.review, [unit.remark] if unit.remark else []
    if unit.version and unit.version < review.version:
        told.append(f"这里看的是第 {unit.version} 版，现行的是第 {review.version} 版")
    if review.unseen:
        told.append(f"第 {review.version} 版在{review.state}之后收到，还没有看过")
    if review.included:
        told.append(f"{review.included}　{review.included_by} {review.included_on}")
    if not review.conclusion.is_empty:
        told.append(f"结论 {review.conclusion.overall or '未定'}　{review.conclusion.by} {review.conclusion.on}")
    for step in reversed(review.history):
        told.append(f"{step.state}　{step.by} {step.on[:10]}" + (f"：{step.why}" if step.why else ""))
    return "\n".join(told)


# ---- 审核意见 --------------------------------------------------------------------------
def _findings(book: ReviewBook) -> Page:
    page, at = _page(FINDINGS, book), _at(FINDINGS)
    left_out = _left_out(book.units)
    row, cut = FIRST, 0
    for unit in book.units:
        said = {opinion.key: opinion for opinion in unit.review.opinions if opinion.code}
        for key, finding in keyed(unit.findings):
            opinion = said.pop(key, None)
            if opinion is None and (finding.severity in left_out or row - FIRST >= MAX_FINDINGS):
                cut += 1
                continue
            _finding_row(page, row, unit, key, finding, opinion, at)
            row += 1
        for opinion in said.values():
            _gone_row(page, row, unit, opinion, at)
            row += 1
    if cut:
        words = "、".join(SEVERITY_WORDS[severity] for severity in left_out)
        told = f"问题太多，本表没有列{words}等 {cut} 条，见各单位文件的校验结果。"
        page.put(BY, at["单位名称"], told, "hint", to=(BY, at["问题"]))
    rows = range(FIRST, row)
    _inputs(page, FINDINGS, rows, {"text": _TEXT, "answer": _choice("采纳/不采纳", ANSWERS), "on": _DATE})
    if rows:
        page.filter = (HEAD, at["单位名称"], rows[-1], len(COLUMNS[FINDINGS]) - 1)
        for severity, word in SEVERITY_WORDS.items():
            mark = {"error": "bad", "warning": "ask", "hint": "see"}[severity]
            where = page.at(FIRST, at["级别"]).eq(word)
            page.area_marks.append(((FIRST, at["级别"], rows[-1], at["级别"]), where, mark))
    return page


def _left_out(units: Sequence[UnderReview]) -> tuple[Severity, ...]:
    """Which findings a book has no room for, the mildest first."""
    counts = Counter(finding.severity for unit in units for finding in unit.findings)
    left: list[Severity] = []
    mildest: tuple[Severity, ...] = ("hint", "warning")
    for severity in mildest:
        if counts.total() > MAX_FINDINGS:
            left.append(severity)
            del counts[severity]
    return tuple(left)


def _finding_row(
    page: Page, row: int, unit: UnderReview, key: str, finding: Finding, opinion: Opinion | None, at: dict[str, int]
) -> None:
    where = finding.where
    plain = Opinion(where.path, where.sheet, where.cell, "", "", "", finding.code, version=unit.version,
                    key=key, about=finding.message())  # fmt: skip
    _opinion_cells(page, row, unit.key, opinion or plain, at)
    page.put(row, at["单位名称"], unit.name, "cell")
    page.put(row, at["级别"], SEVERITY_WORDS[finding.severity], "cell_center")
    page.put(row, at["代码"], finding.code, "cell_center")
    page.put(row, at["位置"], where.spoken() or "—", "shown_link" if unit.file and where.cell else "cell")
    if unit.file and where.cell:
        quoted = where.sheet.replace("'", "''")
        page.external[row, at["位置"]] = f"{unit.file}#'{quoted}'!{where.cell}"
    page.put(row, at["问题"], finding.message(), "cell")
    page.put(row, at["单位的情况说明"], finding.reason, "cell")
    _opinion_inputs(page, row, opinion, at)


def _gone_row(page: Page, row: int, unit: UnderReview, opinion: Opinion, at: dict[str, int]) -> None:
    """An opinion whose finding the current version no longer has: kept in sight."""
    _opinion_cells(page, row, unit.key, opinion, at)
    place = f"{opinion.sheet}!{opinion.cell}" if opinion.cell else opinion.sheet or "—"
    for heading, text in (("单位名称", unit.name), ("级别", _level(unit, opinion)), ("代码", opinion.code), ("位置", place), ("问题", opinion.about),
                          ("单位的情况说明", "")):  # fmt: skip
        page.put(row, at[heading], text, "cell")
    _opinion_inputs(page, row, opinion, at)


def _level(unit: UnderReview, opinion: Opinion) -> str:
    if opinion.version >= unit.version:
        return IN_FILE
    return UNSURE if not unit.file and opinion.code.startswith(SEEN_IN_FILES) else GONE


def _opinion_cells(page: Page, row: int, unit_key: str, opinion: Opinion, at: dict[str, int]) -> None:
    """The hidden cells of a row, and who said it before."""
    page.put(row, at["unit"], unit_key, "key")
    page.put(row, at["key"], opinion.key, "key")
    page.put(row, at["given"], written(opinion_given(opinion)), "key")
    told = f"{opinion.by} {opinion.on}　对第 {opinion.version} 版" if opinion.by else ""
    page.put(row, at["意见来自"], told, "cell_small")


def _opinion_inputs(page: Page, row: int, opinion: Opinion | None, at: dict[str, int]) -> None:
    if opinion is not None:
        page.put(row, at["审核意见"], opinion.text or None, "input_text", locked=False)
        page.put(row, at["采纳/不采纳"], opinion.answer or None, "input_text", locked=False)


# ---- 补充意见 and the hidden sheet -----------------------------------------------------
def _free(book: ReviewBook) -> Page:
    page, at = _page(FREE, book), _at(FREE)
    row = FIRST
    for unit, opinion in _free_opinions(book.units):
        _opinion_cells(page, row, unit.key, opinion, at)
        for heading, text in (("单位（名称或代码）", unit.name), ("工作表", opinion.sheet), ("单元格", opinion.cell)):
            page.put(row, at[heading], text, "shown_text")
        page.put(row, at["审核意见"], opinion.text, "input_text", locked=False)
        row += 1
    for heading in ("unit", "key", "given", "意见来自"):
        for spare in range(row, row + FREE_ROWS):
            page.put(spare, at[heading], None, "key" if heading != "意见来自" else "cell_small")
    cell = Rule("length", high="10", title="单元格", message="如 D10；说整张表的不填。", refusal="只填单元格，如 D10。")
    page.print_to = row + PRINTED_SPARE
    _inputs(page, FREE, range(FIRST, row + FREE_ROWS), {"text": _TEXT, "on": _DATE, "cell": cell})
    return page


def _free_opinions(units: Sequence[UnderReview]) -> Iterator[tuple[UnderReview, Opinion]]:
    return ((unit, opinion) for unit in units for opinion in unit.review.opinions if not opinion.code)


def _self(book: ReviewBook) -> Page:
    """What the book says of itself."""
    page = Page(SELF, state="veryHidden")
    for row, field in enumerate(SELF_FIELDS):
        page.put(row, 0, field, "key")
        page.put(row, 1, str(getattr(book, field)), "key")
    return page
