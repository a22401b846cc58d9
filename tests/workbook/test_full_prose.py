"""The five published forms with their prose unshortened: every character is on the printed form.

The facts beside the tests carry shortened prose; the whole texts lie beside the checkout only in the
workplace. No published text is too long for its sheet: a paragraph longer than a row goes on in the
next one (接上段), and the 打印表 gets as many lines as were filed. What a clerk types beyond that is
said by the red line of the 打印表 (test_unseen_rows).
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.text_width import PORTRAIT
from tests.conftest import NAMES, SHARED, changed, published, spec_of
from tests.office import Office

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the texts lie beside the checkout only in the workplace"),
]
RIGHT_EDGE = 595.3 - 36 + 1
"""Points: A4 less the margin."""

PROSE = {
    "yangxin_2024": {
        "duties.text": r"\t部门职能概述\n(.*?)\n\t年度工作任务\n",
        "annual_tasks.text": r"\t年度工作任务\n(.*?)\n\t长期目标：\n",
        "long_term_goal.text": r"\n（截止2026年）\n(.*?)\n\t长期绩\n",
        "annual_goal.text": r"\t年度目标：\n(.*?)\n\t年度绩效指标\n",
    },
    "ezhou_2025": {
        "duties.text": r"部门职能概述\t(.*?)\t",
        "annual_tasks.text": r"年度工作任务\t(.*?)\t",
        "long_term_goal.text": r"（截止2025年）\t(.*?)\t",
    },
    "xinzhou_2020": {
        "duties.text": r"部门职能概述\t(.*?)\t",
        "annual_tasks.text": r"年度工作任务\t(.*?)\t",
        "overall_goal.text": r"整体绩效目标\t(.*?)\t",
    },
    "wuxi_2022": {
        "duties.text": r"主要职能\t(.*?)\t",
        "staffing.text": r"人员配置\t(.*?)\t",
        "long_term_goal.text": r"中长期目标\t(.*?)\t",
        "annual_goal.text": r"\n年度目标\t(.*?)\t",
    },
    "boye_2023": {
        "overall_goal.text": r"部门整体绩效目标\n\n一、总体绩效目标\n\n(.*?)\n二、分项绩效目标\n\n1",
        "safeguards.text": r"三、工作保障措施\n\n(.*?)\n第二部分\n",
    }
    | {f"item_goal#{n}.goal": rf"\n{n}\.[^\n]+\n\n绩效目标[:：](.*?)\n" for n in range(1, 8)}
    | {f"item_goal#{n}.indicators": rf"\n{n}\.[^\n]+\n\n绩效目标[^\n]+\n\n绩效指标[:：](.*?)\n" for n in range(1, 8)},
}


def full_prose(name: str) -> dict[str, str]:
    """Path to the published text, one paragraph a line."""
    number = NAMES.index(name)
    text = next((SHARED / "forms").glob(f"{number:03}_*.txt")).read_text("utf-8")
    found = {path: re.search(pattern, text, re.S) for path, pattern in PROSE[name].items()}
    assert all(found.values()), [path for path, one in found.items() if not one]
    paragraphs = {path: re.split(r"\n+|(?<=</p>) (?=<p>)", one[1]) for path, one in found.items() if one}
    return {path: "\n".join(one.strip() for one in parts if one.strip()) for path, parts in paragraphs.items()}


@pytest.mark.parametrize("name", NAMES)
def test_every_character_of_the_published_prose_is_on_the_printed_form(name: str, office: Office, tmp_path: Path) -> None:
    prose = full_prose(name)
    filing = changed(published(name), dict(prose))
    book = tmp_path / "a.xlsx"
    book.write_bytes(build_workbook(spec_of(filing), filing))

    read = operations.read(book)
    assert read.filing is not None
    assert {path: read.filing.value(path) for path in prose} == prose
    pdf = office.converted([book], "pdf")[0]
    pages = said(pdf, "-layout").split("\f")
    assert not [n for n, text in enumerate(pages, 1) if "###" in text]
    printed = [n for n, text in enumerate(pages, 1) if f"校验码 {read.check_code}" in text and n > 1]
    span = "-f", str(printed[0]), "-l", str(printed[-1])
    by_line, by_cell = bare(said(pdf, "-layout", *span)), bare(said(pdf, "-raw", *span))
    for path, text in prose.items():
        if not path.endswith(".text"):  # a field wraps in its own cell, with labels to the left of its lines
            assert bare(text) in by_cell, path
            continue
        place = 0
        for line in printed_lines(text):
            place = by_line.find(bare(line), place)
            assert place >= 0, (path, line)
            place += len(bare(line))
    boxes = said(pdf, "-bbox", *span)
    assert max(float(edge) for edge in re.findall(r'<word [^>]*xMax="([\d.]+)"', boxes)) <= RIGHT_EDGE, "a line runs off"


def printed_lines(text: str) -> list[str]:
    """Prose as the lines the 打印表 makes of it."""
    return [p[start : start + PORTRAIT.line_chars] for p in text.split("\n") for start in range(0, len(p), PORTRAIT.line_chars)]


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def said(pdf: Path, *options: str) -> str:
    return subprocess.run(["pdftotext", *options, str(pdf), "-"], capture_output=True, text=True, check=True).stdout
