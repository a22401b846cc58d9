"""The red line of the 打印表: rows filled beyond those printed are named, and shown as the line says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from jixiao_xl import operations
from tests.office import Office

pytestmark = pytest.mark.slow
TEMPLATES = Path(__file__).parents[2] / "xlsx_templates"


def template(form: str, folder: Path) -> Path:
    return Path(shutil.copy(TEMPLATES / f"{form}.xlsx", folder / "a.xlsx"))


def paper(book: Path) -> Worksheet:
    return load_workbook(book, data_only=True)["打印表"]


def red_cell(book: Path) -> str:
    """Where the red line stands: the only red words of the sheet."""
    return next(c.coordinate for row in paper(book)["A1:A6"] for c in row if c.font.color and c.font.color.rgb == "FFC0392B")


def hidden_rows_with(book: Path, texts: set[str]) -> list[int]:
    sheet = paper(book)
    return sorted({c.row for row in sheet.iter_rows() for c in row if c.value in texts and sheet.row_dimensions[c.row].hidden})


def rows_named(line: str) -> list[int]:
    found = re.search(r"名称框输入 (\d+):(\d+) 后回车", line)
    assert found, line
    return list(range(int(found[1]), int(found[2]) + 1))


def test_spare_rows_filled_beyond_those_printed_are_named_and_showing_them_ends_the_warning(office: Office, tmp_path: Path) -> None:
    book, saved = template("hubei.dept_overall.2025", tmp_path), tmp_path / "b.xlsx"
    red = red_cell(book)
    typed = [
        f"type:年度绩效指标!{column}{row}={text}"
        for row in range(39, 45)  # four rows are printed in the empty form; two more are typed
        for column, text in (("C", "技能培训"), ("D", f"第{row}期培训场次"), ("G", f"≥{row}场"))
    ]
    before, after = office.at_the_desk(book, "show:年度绩效指标!43", *typed[:12], f"get:打印表!{red}", *typed[12:], f"get:打印表!{red}",
                                       f"save:{saved}")  # fmt: skip
    assert before == ""
    assert after.startswith("2行已填但没有印出来")
    rows = rows_named(after)
    assert rows == hidden_rows_with(saved, {"第43期培训场次", "第44期培训场次"})

    said = office.at_the_desk(
        book, *typed, f"show:打印表!{rows[0]}", *(f"hidden:打印表!{row}" for row in rows), f"get:打印表!{red}"
    )
    assert said == ["False", "False", ""]


def test_prose_longer_than_the_lines_shown_is_named(office: Office, tmp_path: Path) -> None:
    book = template("hubei.dept_overall.2025", tmp_path)
    paragraphs = [f"第{n}条，" + "维护职工合法权益，竭诚服务职工群众，" * 12 for n in range(1, 6)]
    (line,) = office.at_the_desk(
        book, *(f"type:部门职能概述!C{3 + n}={text}" for n, text in enumerate(paragraphs, 1)), f"get:打印表!{red_cell(book)}"
    )
    lines = sum(-(-len(text) // 46) for text in paragraphs)
    assert len(rows_named(line)) == lines - 20, "an empty form shows 20 lines"


def test_a_goal_kept_in_reserve_is_named_once_it_is_filled(office: Office, tmp_path: Path) -> None:
    """武汉 shows four goals; the fifth is hidden on the form and on the paper."""
    book, saved = template("wuhan.dept_overall.2020", tmp_path), tmp_path / "b.xlsx"
    red = red_cell(book)
    typed = ["show:年度绩效指标!101", "type:年度绩效指标!C101=职工书屋建设"]
    (line,) = office.at_the_desk(book, *typed, f"get:打印表!{red}", f"save:{saved}")
    first = rows_named(line)
    assert hidden_rows_with(saved, {"职工书屋建设"}) == first[:1]
    assert len(first) > 4, "the goal with the headings and lines of its table"
    filing = operations.read(saved).filing
    assert filing is not None and "职工书屋建设" in {fact.value for fact in filing.facts.values()}
    said = office.at_the_desk(book, *typed, f"show:打印表!{first[0]}", f"hidden:打印表!{first[0]}", f"get:打印表!{red}")
    assert said[0] == "False"
    assert first[0] not in (rows_named(said[1]) if said[1] else [])
