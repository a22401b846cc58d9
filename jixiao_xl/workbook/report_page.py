"""The 校验报告: one A4 page to print, sign and file with the returned copy."""

from __future__ import annotations

import math
from collections.abc import Sequence

from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.model.facts import STAGE_WORDS, Filing
from jixiao_xl.model.findings import SEVERITY_WORDS, Finding, spoken_counts
from jixiao_xl.workbook.fitting import width_of
from jixiao_xl.workbook.marking import REPORT, RESULTS, Marking
from jixiao_xl.workbook.pages import Book, Page

NUMBER, SEVERITY, CODE, PLACE, WHAT = range(1, 6)
WIDTHS = {0: 2.0, NUMBER: 5.0, SEVERITY: 9.0, CODE: 8.0, PLACE: 20.0, WHAT: 48.0}
LINE_PT, PAD_PT = 13.5, 5.0
LIST_PT = 500.0
"""Points of an A4 page, at its own size, that the list may take."""


def draw_report(plan: FormPlan, filing: Filing, book: Book, marking: Marking, findings: Sequence[Finding], check_code: str) -> None:
    """The page, behind the 校验结果; `findings` in the order in which they are mended."""
    page = Page(REPORT, tab="#C0392B", one_page=True, centred=True, footer="")
    book.pages.insert(1, page)
    page.widths = dict(WIDTHS)
    page.print_columns = (NUMBER, WHAT)
    page.put(0, NUMBER, REPORT, "paper_title", to=(0, WHAT))
    page.heights[0] = 34
    form = plan.spec.form
    unit = "　".join(filter(None, (_visible_name(plan, filing), filing.unit.key or marking.typed_key)))
    facts = (
        ("单位", unit), ("表样", f"{plan.words.form_title}（{form.id} {form.edition}）"),
        ("年度、阶段", f"{filing.year} 年　{STAGE_WORDS[filing.stage]}"),
        ("文件", f"{marking.book}　校验码 {check_code or '—'}"), ("规则包", marking.pack), ("校验日期", "　　　　年　　月　　日"),
        ("结果", "　".join(spoken_counts(findings))),
    )  # fmt: skip
    row = 1
    for label, text in facts:
        page.put(row, NUMBER, label, "paper_label", to=(row, SEVERITY))
        page.put(row, CODE, text, "paper_text", to=(row, WHAT))
        page.heights[row] = _height(text, CODE, WHAT)
        row += 1
    page.heights[row] = 8
    row = _list(page, row + 1, [f for f in findings if f.severity != "hint"], sum(f.severity == "hint" for f in findings))
    page.heights[row] = 16
    for text in (
        "填报人：　　　　　　　　　单位负责人：　　　　　　　　　日期：",
        "校验人：　　　　　　　　　审核负责人：　　　　　　　　　日期：",
    ):
        row += 1
        page.put(row, NUMBER, text, "paper_left", to=(row, WHAT))
        page.heights[row] = 30


def _list(page: Page, row: int, findings: Sequence[Finding], hints: int) -> int:
    """Errors, then warnings, as many as fit; the rest is counted. The next free row."""
    for column, heading in ((NUMBER, "序号"), (SEVERITY, "级别"), (CODE, "代码"), (PLACE, "位置"), (WHAT, "问题")):
        page.put(row, column, heading, "paper_head")
    page.heights[row] = 20
    room, shown = LIST_PT, 0
    # stable: inside a severity the order of mending stays; what was explained is read last
    ordered = sorted(findings, key=lambda f: (f.severity != "error", f.explained))
    for finding in ordered:
        text = finding.message() + (f"已说明：{finding.reason}" if finding.explained else "")
        height = max(_height(text, WHAT, WHAT), _height(finding.where.spoken(), PLACE, PLACE))
        if height > room:
            break
        room, shown, row = room - height, shown + 1, row + 1
        page.heights[row] = height
        page.put(row, NUMBER, str(shown), "paper_cell")
        for column, part in ((SEVERITY, SEVERITY_WORDS[finding.severity]), (CODE, finding.code)):
            page.put(row, column, part, "paper_cell")
        page.put(row, PLACE, finding.where.spoken() or "—", "paper_text")
        page.put(row, WHAT, text, "paper_text")
    rest, words = len(ordered) - shown, []
    if rest:
        words.append(f"其余 {rest} 条见{RESULTS}")
    if hints:
        words.append(f"供参考 {hints} 条见{RESULTS}")
    row += 1
    page.put(
        row,
        NUMBER,
        "；".join(words) + "。" if words else "以上为全部问题。" if ordered else "没有发现问题。",
        "paper_left",
        to=(row, WHAT),
    )
    page.heights[row] = 18
    return row + 1


def _height(text: str, first: int, last: int) -> float:
    """Points for the text in cells of 9 pt, where a half-width character takes four fifths of a column unit."""
    room = sum(WIDTHS[column] for column in range(first, last + 1)) / 0.8 - 2
    return max(1, math.ceil(width_of(text) / room)) * LINE_PT + PAD_PT


def _visible_name(plan: FormPlan, filing: Filing) -> str:
    for block in plan.blocks:
        for slot in block.slots:
            if slot.identity == "unit_name" and slot.path and (name := filing.value(slot.path.text)):
                return name
    return filing.unit.name
