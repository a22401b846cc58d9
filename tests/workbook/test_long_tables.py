"""A table of very many rows, as the 监控表 of a department with 40 projects has it: what one row costs must not grow with
the number of rows."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jixiao_xl import operations
from jixiao_xl.forms.expr import Area, ExcelError, call
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.plan import Slot
from jixiao_xl.model.facts import Fact, FactPath, Filing
from jixiao_xl.workbook.build import plan_workbook
from jixiao_xl.workbook.canvas import Canvas
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.pages import Book, Page


def with_rows(count: int) -> Filing:
    paths = (FactPath("annual_indicators", "target", (), ("产出指标", "数量指标", f"第{n}个指标")).text for n in range(count))
    return Filing("mof.dept_monitoring", "2019", 2026, "monitoring", facts={path: Fact(path, "≥5场") for path in paths})


def test_each_cell_of_a_table_is_measured_for_the_paper_once_or_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, filing = operations.form_named("mof.dept_monitoring"), with_rows(60)
    measured: list[Slot] = []
    limit = Canvas.limit
    monkeypatch.setattr(Canvas, "limit", lambda canvas, slot, room: measured.append(slot) or limit(canvas, slot, room))
    plan_workbook(spec, filing, BuildOptions())
    slots = sum(len(block.slots) for block in plan_form(spec, filing).blocks)
    assert slots > 60 * 10 and len(measured) <= 2 * slots


def matched(wanted: int, exact: int, *contents: object) -> object:
    """What MATCH finds in a column."""
    page = Page("a")
    for row, content in enumerate(contents):
        page.put(row, 0, content, "plain")  # type: ignore[arg-type]
    page.put(0, 1, call("MATCH", wanted, Area("a", 0, 0, len(contents) - 1, 0), exact), "plain")
    return Book(pages=[page]).value("a", 0, 1)


def test_match_finds_the_first_such_number_and_takes_no_text_or_truth_for_one() -> None:
    truth = call("ISNUMBER", 1)
    assert matched(1, 0, "1", truth, None, Decimal(1), Decimal(1)) == 4
    assert matched(7, 1, "1", Decimal(1), Decimal(7), Decimal(9)) == 3
    for nothing in ((1, 0, "1", truth), (1, 1, Decimal(2), "0")):
        with pytest.raises(ExcelError, match="#N/A"):
            matched(*nothing)
