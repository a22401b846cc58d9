"""The 校验结果 of a marked copy: every finding with a way to its cell, from the top down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao_xl.forms.expr import Area, Cell, Expr, call
from jixiao_xl.forms.reasons import MAX_CHARS, Key
from jixiao_xl.model.findings import SEVERITY_WORDS, Finding, spoken_counts
from jixiao_xl.model.places import address
from jixiao_xl.workbook.fill_sheets import COVER
from jixiao_xl.workbook.fitting import fit_rows
from jixiao_xl.workbook.marking import REPORT, RESTORE, RESULTS
from jixiao_xl.workbook.pages import Book, Page, Rule

ABOUT, NUMBER, SEVERITY, CODE, PLACE, WHAT, FIX, REASON, DONE, STATE, GIVEN, OPEN = range(12)
HEADS = {NUMBER: "序号", SEVERITY: "级别", CODE: "代码", PLACE: "位置", WHAT: "问题", FIX: "怎么改", REASON: "情况说明",
         DONE: "整改情况", STATE: "该格现在"}  # fmt: skip
KEYS = {ABOUT: "about", CODE: "code", REASON: "text", GIVEN: "given"}
KEY_ROW = 5
FIRST_ROW = KEY_ROW + 1
MUST_MEND = SEVERITY_WORDS["error"]
NOT_ASKED = "—"
CHOICES = ("已改", "已说明", "不需要改")
HINT = (
    "从上往下改：点“位置”跳到该格，改好后颜色自动消失。“需要说明”的属实不改，在“情况说明”列写原因；“必须修改”的要改正，不能只作说明。"
    "改完直接保存本文件重新报送。"
)


@dataclass(frozen=True)
class Line:
    """One finding on the sheet. `unmended` is true while its cell is as it was; None without a cell."""

    finding: Finding
    unmended: Expr | None = None
    restores: bool = False
    """Whether its cell is an overwritten formula that the line can bring back."""

    @property
    def about(self) -> str:
        return self.finding.where.path or self.finding.where.spoken()

    @property
    def key(self) -> Key:
        return self.finding.code, self.about


def switch(row: int) -> Cell:
    """The cell whose word brings back the formula that the line of this row is about."""
    return Cell(RESULTS, row, DONE, absolute=True)


def draw_results(lines: Sequence[Line], book: Book, given: dict[Key, str]) -> Page:
    """The sheet, in front of the book; `given` are the reasons of the judged filing."""
    page = Page(RESULTS, tab="#C0392B", landscape=True, numbers_as_text=True)
    book.pages.insert(0, page)
    page.widths = {ABOUT: 4, NUMBER: 6, SEVERITY: 10, CODE: 9, PLACE: 22, WHAT: 48, FIX: 40, REASON: 40, DONE: 12, STATE: 10}
    page.hidden_columns = {ABOUT, GIVEN, OPEN}
    page.print_columns = (NUMBER, STATE)
    page.put(0, NUMBER, RESULTS, "title", to=(0, STATE))
    page.put(1, NUMBER, HINT, "hint", to=(1, STATE))
    page.heights |= {0: 30, 1: 34, 2: 24, KEY_ROW - 1: 24}
    page.put(2, NUMBER, "　".join(spoken_counts(line.finding for line in lines)), "count_big", to=(2, WHAT))
    page.put(2, STATE, "返回封面", "link", link=f"'{COVER}'!A1")
    page.put(3, STATE, REPORT, "link", link=f"'{REPORT}'!A1")
    for column, heading in HEADS.items():
        page.put(KEY_ROW - 1, column, heading, "head")
    for column, key in KEYS.items():
        page.put(KEY_ROW, column, key, "key")
    page.key_rows.add(KEY_ROW)
    page.freeze = (KEY_ROW, 0)
    page.repeat_rows = (KEY_ROW - 1, KEY_ROW - 1)
    first_of: dict[Key, int] = {}
    for n, line in enumerate(lines):
        _line(page, FIRST_ROW + n, n + 1, line, first_of, given)
    last = FIRST_ROW + max(len(lines), 1) - 1
    left = call("SUM", Area(RESULTS, FIRST_ROW, OPEN, last, OPEN))
    text = call("IF", left.eq(0), "“必须修改”的格都已改动，保存后重新校验。", (f"“{MUST_MEND}”的格还有 " & left) & " 处没有改动。")
    page.put(3, NUMBER, text, "hint", to=(3, WHAT))
    page.filter = (KEY_ROW - 1, NUMBER, last, STATE)
    fit_rows(page)
    book.names["jx.results"] = f"='{RESULTS}'!$A${KEY_ROW + 1}:${address(0, OPEN)[:-1]}${last + 1}"
    return page


def _line(page: Page, row: int, number: int, line: Line, first_of: dict[Key, int], given: dict[Key, str]) -> None:
    finding = line.finding
    where = finding.where
    target = "'" + where.sheet.replace("'", "''") + f"'!{where.cell}" if where.sheet and where.cell else ""
    page.put(row, ABOUT, line.about, "key")
    page.put(row, NUMBER, str(number), "cell_center")
    page.put(row, SEVERITY, SEVERITY_WORDS[finding.severity], "cell_center")
    page.put(row, CODE, finding.code, "cell_center")
    page.put(row, PLACE, where.spoken() or "—", "shown_link" if target else "cell", link=target)
    page.put(row, WHAT, finding.message(), "cell")
    restoring = f"在本行“{HEADS[DONE]}”选“{RESTORE}”，该格就恢复自动计算。" if line.restores else ""
    page.put(row, FIX, finding.remedy() + restoring, "cell")
    reason = _reason_cell(line, number, first_of, given)
    asked = reason is None or reason == given.get(line.key)
    page.put(row, REASON, reason, "input_text" if asked else "cell_center", locked=not asked)
    page.put(row, GIVEN, reason, "key")
    if asked:
        page.rules[row, REASON] = Rule("length", high=str(MAX_CHARS), title="情况说明", message=f"写明原因和依据，不超过{MAX_CHARS}字。",
                                       refusal=f"最多{MAX_CHARS}字，请写短一些。")  # fmt: skip
    page.put(row, DONE, None, "input_text", locked=False)
    words = (RESTORE, *CHOICES) if line.restores else CHOICES
    page.rules[row, DONE] = Rule("list", words, title=HEADS[DONE], message="从下拉列表选择。", refusal="请从下拉列表中选择。")
    open_now = line.unmended if line.unmended is not None else None
    page.put(row, STATE, call("IF", open_now, "未改动", "已改动") if open_now else "", "result")
    if finding.severity == "error" and open_now:
        page.put(row, OPEN, call("IF", page.at(row, STATE).eq("未改动"), 1, 0), "counter")
    look = {"error": "bad", "warning": "ask", "hint": "see"}[finding.severity]
    page.marks.append((((row, SEVERITY),), page.at(row, STATE).ne("已改动"), "see" if finding.explained else look))
    page.marks.append((((row, STATE),), page.at(row, STATE).eq("已改动"), "good"))


def _reason_cell(line: Line, number: int, first_of: dict[Key, int], given: dict[Key, str]) -> str | None:
    """What the 情况说明 column holds: the reason given, or why none is asked for here."""
    if line.finding.severity == "error":
        return MUST_MEND
    if line.finding.code.startswith("EXP"):
        return NOT_ASKED
    if line.key in first_of:
        return f"同第 {first_of[line.key]} 条"
    first_of[line.key] = number
    return given.get(line.key)
