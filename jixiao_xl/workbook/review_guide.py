"""The first sheet of the 审核工作簿: how to fill it in, and what the words mean, from the data."""

from __future__ import annotations

from jixiao_xl.rules.reviewing import StepRule, review_words
from jixiao_xl.workbook.pages import Page
from jixiao_xl.workbook.review_pages import ABOUT, FINDINGS, FREE, PROGRESS, ReviewBook

_STEPS = (
    f"1. “{FINDINGS}”：逐条看程序查出的问题，写审核意见，选采纳、不采纳或要求修改。",
    f"2. “{FREE}”：程序没有查出的，写明单位、工作表、单元格和意见。",
    f"3. “{PROGRESS}”：选四方面和结论，定纳入或不纳入，在“改为”选下一步。",
    "4. 写上审核人和日期，保存，关闭，执行 jixiao review read 本文件。读几遍结果都一样。",
    "5. 几个人审核的，每人一份，分别读回。两人改了同一处的，日期晚的算；分不出先后的，程序会问。",
    "6. 已读回的意见都在历年数据库里，重新生成审核工作簿时会带出来，不会丢。",
)


def guide_page(book: ReviewBook) -> Page:
    """The sheet 填写说明."""
    page = Page(ABOUT)
    page.widths = {0: 14, 1: 40, 2: 52}
    page.put(0, 0, book.title, "title", to=(0, 2))
    page.put(1, 0, f"生成时间 {book.made_on}", "hint", to=(1, 2))
    row = 2
    for step in _STEPS:
        page.put(row, 0, step, "bare", to=(row, 2))
        page.heights[row] = 20
        row += 1
    words = review_words()
    steps = {state.name: "、".join(map(_said, words.steps_from(state.name))) for state in words.state}
    tables = (
        (("方面", "看什么", "出处"), [(a.name, a.asks, a.source) for a in words.aspect]),
        (("结论", "含义", "后果"), [(g.name, g.means, g.consequence) for g in words.grade]),
        (
            ("状态", "含义", "可以改为（谁定）"),
            [(s.name, s.means, steps[s.name] or f"（{s.todo}登记报送件后自动改变）") for s in words.state],
        ),
    )
    for heads, lines in tables:
        row += 1
        for column, head in enumerate(heads):
            page.put(row, column, head, "head")
        for line in lines:
            row += 1
            for column, text in enumerate(line):
                page.put(row, column, text, "cell_center" if column == 0 else "cell")
        row += 1
    return page


def _said(step: StepRule) -> str:
    return f"{step.to}（{step.who}{'，写理由' if step.why else ''}）"
