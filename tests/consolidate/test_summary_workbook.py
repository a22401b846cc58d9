"""The summary workbook as a person opens it: charts, links, marks, paper, and nothing for the validators to say."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import time
import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from jixiao_xl import operations
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing, unit_of
from jixiao_xl.model.facts import Filing, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.workbook.summary_book import summary_book, summary_bytes
from jixiao_xl.workbook.summary_indicators import MOST_COLUMNS
from tests.conftest import changed
from tests.office import Office
from tests.recalculation import disagreements
from tests.workbook.test_templates import validator

SPEC = operations.form_named("hubei.dept_overall")
RATE = "annual_indicators[运行成本/公用经费控制/公用经费控制率].target"
SHEETS = [
    "概览", "报送情况", "资金汇总", "指标汇总", "单位自设指标", "同比", "同类单位差异", "审核问题", "审核问题-按单位", "问题清单", "数据来源",
]  # fmt: skip


def received(filing: Filing, n: int) -> Received:
    where = Where("funds.income.total.current", "资金情况", "D9", f"单位{n:02d}.xlsx")
    warned = Finding("WBK106", "warning", where, {"sheet": "资金情况"}, None, "已核对" if n == 1 else "")
    return Received(filing, f"单位{n:02d}.xlsx", (warned,), {where.path: where}, digest="ab" * 32)


@pytest.fixture(scope="module")
def summary() -> Summary:
    """Eight units of eleven; unit 3 stands out, unit 4 grew by half, unit 5 has an indicator of its own."""
    filings = {n: sample_filing(SPEC, n, 2026) for n in range(1, 9)}
    filings[3] = changed(filings[3], {RATE: "≤130%"})
    filings[4] = changed(filings[4], {"funds.income.fiscal.last": "300", "funds.income.total.last": "404"})
    filings[5] = changed(filings[5], {"annual_indicators[履职效能/调解/调解案件数].target": "≥5件"})
    own = [received(filing, n) for n, filing in filings.items()]
    return summarise(SPEC, 2026, "declaration", own, roster_of_sample()[1:], today=dt.date(2025, 12, 5))


@pytest.fixture(scope="module")
def path(summary: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("summary") / "汇总.xlsx"
    book.write_bytes(summary_bytes(summary, "报送/"))
    return book


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return load_workbook(path, data_only=True)


def texts(book: Workbook, sheet: str) -> list[str]:
    return [str(c.value) for row in book[sheet].iter_rows() for c in row if c.value is not None]


def row_of(book: Workbook, sheet: str, *wanted: str) -> list[object]:
    return next(v for row in book[sheet].iter_rows(min_row=4) if set(wanted) <= set(v := [c.value for c in row]))


def test_the_sheets_stand_in_the_order_of_looking(book: Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_the_overview_says_in_words_who_is_missing(book: Workbook) -> None:
    said = texts(book, "概览")
    assert said[1] == "应报 11 家，已报 8 家，不完整：缺 示例单位09、示例单位10、示例单位11。"
    assert any(t.startswith("收入构成：合计 5,592.00 万元") and "财政拨款占 83.3%" in t for t in said)
    assert "同比：2 处变动超过 20%（0.5 万元以内的不计）。" in said


def test_four_native_charts_are_drawn_from_cells_with_chinese_labels(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        charts = [parts.read(name).decode() for name in sorted(parts.namelist()) if name.startswith("xl/charts/chart")]
    titles = [re.search(r"<a:t>(.+?)</a:t>", chart)[1] for chart in charts]  # type: ignore[index]
    assert titles == ["收入构成（万元）", "支出构成（万元）", "报送进度（家）", "支出构成合计前十位（万元）"]
    for chart in charts:
        assert len(re.findall(r"<c:f>'概览'!\$[A-H]\$\d+:\$[A-H]\$\d+</c:f>", chart)) == 2, "labels and numbers"
        assert "<c:v>0</c:v>" not in chart and "<c:v></c:v>" not in chart, "nothing missing is drawn as zero"
    assert "示例单位08" in charts[3] and "示例单位09" not in charts[3], "who filed nothing has no bar"


def test_every_unit_links_to_its_file_wherever_it_is_named(path: Path) -> None:
    book = load_workbook(path)
    for sheet in ("报送情况", "资金汇总", "指标汇总", "同比", "审核问题-按单位", "数据来源"):
        found = {c.hyperlink.target for row in book[sheet].iter_rows() for c in row if c.hyperlink and c.hyperlink.target}
        assert {f"报送\\单位{n:02d}.xlsx" for n in range(1, 9)} <= found, sheet
    assert {c.hyperlink.location for row in book["数据来源"].iter_rows() for c in row if c.hyperlink} >= {"'资金情况'!D9"}
    leads = [c.hyperlink.location for row in book["审核问题"].iter_rows(min_row=4) for c in row if c.hyperlink]
    first = int(leads[0].rpartition("A")[2])
    assert book["问题清单"].cell(first, 4).value == "WBK106"


def test_days_past_the_deadline_are_a_formula_over_a_day_one_can_change(path: Path, book: Workbook) -> None:
    late = row_of(book, "报送情况", "示例单位09")
    assert late[4:8] == ["未报", dt.datetime(2025, 11, 30), None, 5]
    formulas = {c.value for row in load_workbook(path)["报送情况"]["H4:H14"] for c in row if c.value}
    assert formulas == {f"=MAX(($N$2-F{row}),0)" for row in (12, 13, 14)}


def test_what_a_list_shows_is_what_its_formula_gives_in_every_row(summary: Summary) -> None:
    planned = summary_book(summary, "报送/")
    seen = 0
    for page in planned.pages:
        for table in page.tables:
            for (n, values), (across, alike) in product(enumerate(table.rows, table.row), table.formulas.items()):
                assert alike.make(n + alike.down).value(planned) == values[across], (page.name, n, across)
                seen += 1
    assert seen > 100


def test_indicators_show_total_spread_and_counts_beside_the_units(book: Workbook) -> None:
    head = [c.value for c in book["指标汇总"][3]]
    figures = slice(head.index("合计"), head.index("说明"))
    rate = row_of(book, "指标汇总", "公用经费控制率", "≤130%")
    assert rate[figures] == [None, 1, 1, 1.3, None, 8, 0]
    people = row_of(book, "指标汇总", "走访慰问困难职工人数", "≥101人")
    assert people[figures] == ["≥836人", 101, 104.5, 108, None, 8, 0]
    grades = next(v for row in book["指标汇总"].iter_rows(min_row=4) if "健全 ×8" in (v := [c.value for c in row]))
    assert grades[head.index("示例单位09")] == "缺"
    assert row_of(book, "单位自设指标", "调解案件数")[0] == "示例单位05"
    assert "调解案件数" not in texts(book, "指标汇总")


def test_a_change_over_the_threshold_is_marked_and_the_threshold_is_one_cell(path: Path, book: Workbook) -> None:
    sheet = load_workbook(path)["同比"]
    assert sheet["D2"].value == 0.2
    rules = [rule.formula for area in sheet.conditional_formatting for rule in area.rules]
    assert rules == [["IF(ISNUMBER(F4),AND((ABS(F4)>$D$2),NOT((ABS(E4)<$G$2))),0)"]]
    first = [c.value for c in book["同比"][5]]
    assert first[:7] == ["收入构成·财政拨款", "示例单位04", 580, 300, 280, 0.9333, "本表上年数"], "the largest change first"


def test_outliers_and_reasons_are_shown_in_words(book: Workbook) -> None:
    assert "示例单位03 的公用经费控制率（年度绩效指标） 130%，同类单位中位数 100%，高出 30 个百分点。" in texts(
        book, "同类单位差异"
    )
    assert row_of(book, "审核问题", "WBK106")[3:8] == [8, 8, 1, 7, "已核对"]


def test_every_sheet_is_ready_for_filter_scrolling_and_paper(path: Path) -> None:
    for sheet in load_workbook(path):
        assert sheet.freeze_panes and sheet.print_title_rows, sheet.title
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (9, 1, 0), (
            sheet.title
        )
        assert "第 &P 页 共 &N 页" in str(sheet.oddFooter.center.text).replace("&[Page]", "&P"), sheet.title
        assert sheet.auto_filter.ref or sheet.title in ("概览", "资金汇总"), sheet.title


def test_the_open_xml_validator_finds_no_error_in_a_summary(path: Path) -> None:
    done = subprocess.run([validator(), str(path), "--officeVersion", "Office2010"], capture_output=True, text=True)
    assert done.returncode == 0 and '"errors": []' in done.stdout, done.stdout


@pytest.mark.slow
def test_every_formula_of_the_summary_recalculates_to_its_cached_value(path: Path, office: Office) -> None:
    count, bad = disagreements(path, office.converted([path], "xlsx")[0])
    assert count > 200 and bad == []


def many(units: int) -> Summary:
    """Units that differ in name and key only."""
    base = sample_filing(SPEC, 1, 2026)
    own = [
        Received(replace(base, unit=Unit(f"单位{n}", f"429900-{n:04d}")), f"{n}.xlsx", places=dict.fromkeys(base.facts, Where()))
        for n in range(units)
    ]  # fmt: skip
    return summarise(SPEC, 2026, "declaration", own)


def test_above_two_hundred_units_each_has_a_row_and_the_sheet_says_so() -> None:
    sheet = load_workbook(BytesIO(summary_bytes(many(MOST_COLUMNS + 1), "")), read_only=True)["指标汇总"]
    rows = list(sheet.iter_rows(values_only=True))
    assert "单位超过 200 家，一行一个单位" in str(rows[1][0])
    assert sum(str(row[1]).startswith("单位") and str(row[0]).startswith("429900") for row in rows) == 201


def test_the_summary_of_120_units_is_written_in_well_under_a_second_of_cpu() -> None:
    summary = many(120)
    started = time.process_time()
    summary_bytes(summary, "in/")
    assert time.process_time() - started < 1.2, "0.4 s on an idle core; a loaded one takes double"


def test_a_summary_of_nothing_but_a_missing_unit_can_still_be_written() -> None:
    empty = summarise(SPEC, 2026, "declaration", [], roster_of_sample()[1:2])
    book = load_workbook(BytesIO(summary_bytes(empty, "")), data_only=True)
    assert "同比" not in book.sheetnames and texts(book, "概览")[1] == "应报 1 家，已报 0 家，不完整：缺 示例单位01。"
    assert unit_of(1).name in texts(book, "资金汇总")
