"""What Excel makes of a paste: numbers for percentages, dates for ranges, 元 for 万元."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.operations import Checked, form_named
from jixiao_xl.workbook.build import build_workbook
from tests.conftest import published

SHEET = "年度绩效指标"
OFFICE_COST, STAFFING, CHANGE = "G7", "G8", "G10"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A sound workbook as a unit has it before the paste."""
    spec = form_named("hubei.dept_overall")
    path = tmp_path / "a.xlsx"
    path.write_bytes(build_workbook(spec, sample_filing(spec, 1, 2026)))
    return path


def pasted(book: Path, *cells: tuple[str, str, object, str]) -> Checked:
    """Put values with a number format into cells, as a paste does, and judge the file."""
    workbook = load_workbook(book)
    for sheet, cell, value, number_format in cells:
        workbook[sheet][cell].value = value
        workbook[sheet][cell].number_format = number_format
    workbook.save(book)
    return operations.check(book)


def at(checked: Checked, cell: str) -> list[tuple[str, str | None]]:
    return [(f.code, f.suggested) for f in checked.findings if f.where.cell == cell]


def value_of(book: Path, cell: str) -> str:
    filing = operations.read(book).filing
    assert filing is not None
    return next(f.value for f in filing.facts.values() if (f.sheet, f.cell) == (SHEET, cell))


def test_yuan_typed_as_text_is_one_finding_with_the_amount_in_wan_yuan(book: Path) -> None:
    checked = pasted(book, ("资金情况", "D6", "9,987,100.00 ", "@"))
    assert at(checked, "D6") == [("FND105", "998.71")]


def test_percentages_that_became_numbers_are_read_as_shown(book: Path) -> None:
    checked = pasted(book, (SHEET, OFFICE_COST, 1, "0%"), (SHEET, STAFFING, 2, "0%"), (SHEET, CHANGE, -0.0467, "0.00%"))
    assert [value_of(book, cell) for cell in (OFFICE_COST, STAFFING, CHANGE)] == ["100%", "200%", "-4.67%"]
    assert at(checked, OFFICE_COST) == [("IND202", "≤100%")], "the long-term table has the operator"
    assert [code for code, _ in at(checked, STAFFING)] == ["IND104"], "out of range"
    assert at(checked, CHANGE) == [("IND108", "≤-4.67%"), ("IND305", None)], "the 测算表 of the sample gives -1.5%"


def test_a_range_that_became_a_date_is_one_finding_with_what_was_typed(book: Path) -> None:
    checked = pasted(book, (SHEET, OFFICE_COST, dt.date(2026, 1, 2), "m月d日"))
    assert at(checked, OFFICE_COST) == [("CEL111", "1-2")]


def test_ten_pasted_paragraphs_are_one_text_with_one_finding(book: Path) -> None:
    """阳新's duties begin with 二: the first paragraph lost its number."""
    duties = published("yangxin_2024").facts["duties.text"].value
    paragraphs = duties.split("\n")
    checked = pasted(book, *(("部门职能概述", f"C{4 + n}", text, "General") for n, text in enumerate(paragraphs)))
    filing = operations.read(book).filing
    assert filing is not None and filing.facts["duties.text"].value == duties
    found: list[Finding] = [f for f in checked.findings if f.where.path == "duties.text"]
    assert [f.code for f in found] == ["TXT104"]
