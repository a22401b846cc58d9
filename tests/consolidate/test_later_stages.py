"""汇总 of 监控表 and 自评表: rates from summed amounts, lights and grades counted, points never added."""

from __future__ import annotations

import datetime as dt
import subprocess
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from itertools import product
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook, load_workbook

from jixiao_xl import operations
from jixiao_xl.consolidate.peers import oddities
from jixiao_xl.consolidate.report_figures import report_figures
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.consolidate.unit_results import UnitResults, unit_results
from jixiao_xl.consolidate.year_on_year import line_changes
from jixiao_xl.desk.last_year import filed_last_year
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.hosts.say_summary import summary_json
from jixiao_xl.model.facts import Unit
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.report_docx import report_bytes
from jixiao_xl.workbook.summary_book import summary_book, summary_bytes
from tests.conftest import changed
from tests.consolidate.later_stages import DECLARED, EVALUATIONS, FORMS, MONITORING, SPENT, filed, summed
from tests.office import Office
from tests.recalculation import disagreements
from tests.workbook.test_templates import validator

HELD = "annual_indicators[履职效能/技能培训/开展技能培训场次]"


def results(form: str, **more: object) -> UnitResults:
    found = unit_results(summed(form, **more))  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A summary of each form; of the first with last year's filings."""
    folder, paths = tmp_path_factory.mktemp("later"), {}
    before = {f"429900-S{n:03d}": filed(operations.form_named(MONITORING), n, 2024, "0.5") for n in (1, 2, 4)}
    for form in FORMS:
        paths[form] = folder / f"{form}.xlsx"
        paths[form].write_bytes(summary_bytes(summed(form, last_year=before if form == MONITORING else {}), "报送/"))
    return paths


def shown(book: Workbook, sheet: str, name: str) -> dict[str, object]:
    """The row of a unit (or of 合计, 最低 …) by the heads of its columns."""
    heads = [c.value for c in book[sheet][3]]
    row = next(values for row in book[sheet].iter_rows(min_row=4) if name in (values := [c.value for c in row])[:2])
    return dict(zip(map(str, heads), row, strict=True))


# ---- figures -------------------------------------------------------------------------------
@pytest.mark.parametrize("form", FORMS)
def test_the_rate_of_all_is_summed_executed_over_summed_budget_of_those_that_have_both(form: str) -> None:
    summary = summed(form)
    rate = next(one for one in summary.money[0].rates if one.executed.row.id == "total")
    both = [(u.executed, u.budget) for u in unit_results(summary).units if None not in (u.executed, u.budget)]  # type: ignore[union-attr]
    assert len(both) == 7
    assert rate.total == round(sum(e for e, _ in both) / sum(b for _, b in both), 4)
    assert rate.without == ("示例单位05", "示例单位09"), "who left it open, and who did not file"


def test_a_rate_over_nothing_is_said_and_one_without_its_amounts_is_missing() -> None:
    by_place = [one.rate for one in results(MONITORING).units]
    assert by_place[:4] == [Decimal("0.72"), Decimal("0.31"), Decimal("0.98"), Decimal("0.5")]
    assert (by_place[4], by_place[5], by_place[8]) == (None, "不适用", None)


def test_lights_are_counted_and_who_has_none_is_not() -> None:
    found = results(MONITORING)
    assert [one.light for one in found.units] == ["绿", "红", "绿", "黄", "", "不适用", "绿", "绿", ""]
    assert found.lights == (("红", 1), ("黄", 1), ("绿", 4))
    assert found.units[0].lights == (("红", 1), ("绿", 22), ("蓝", 12))


@pytest.mark.parametrize(("form", "weight"), [*zip(EVALUATIONS, (10, 20, 10), strict=True)])
def test_points_of_the_funds_go_by_the_weight_of_the_form(form: str, weight: int) -> None:
    found = results(form)
    assert [one.points for one in found.units[:6]] == [*(Decimal(weight) * Decimal(SPENT[n]) for n in range(1, 5)), None, "不适用"]
    assert sum(count for _, count in found.graded) == 8 and [grade for grade, _ in found.graded] == ["优", "良", "中", "差"]
    assert found.units[4].note == f"预算执行没有得分，总分里没有这 {weight} 分"


def test_json_has_the_results_of_each_unit() -> None:
    said = summary_json(summed("hubei.dept_evaluation"))
    assert [one["points"] for one in said["results"]][:6] == ["14.4", "6.2", "19.6", "10", None, "不适用"]  # type: ignore[index]
    assert said["rates"][-1]["without"] == ["示例单位05", "示例单位09"]  # type: ignore[index]


def test_a_total_that_its_points_do_not_give_is_counted_as_they_give_it_and_said() -> None:
    spec = operations.form_named("mof.dept_evaluation")
    good = filed(spec, 1)
    found = results("mof.dept_evaluation", filings=[changed(good, {"result.total_score": "100", f"{HELD}.score": "0"})])
    right = Decimal(good.facts["result.total_score"].value) - Decimal(good.facts[f"{HELD}.score"].value)
    assert found.units[0].total == right and "填报总分 100" in found.units[0].note


@pytest.mark.parametrize("form", FORMS)
def test_no_points_weights_or_words_are_among_the_amounts_and_targets(form: str) -> None:
    summary = summed(form)
    columns = {line.column.id for money in summary.money for line in money.lines}
    assert columns <= {"initial", "adjustment", "budget", "executed", "expected"} and {"budget", "executed"} <= columns
    held = next(line for line in summary.indicators if line.names[-1] == "开展技能培训场次")
    assert held.stated[0][0] == "≥11场" and held.outcome is not None and held.outcome.done[0][0] == "10场"


def test_done_is_read_in_the_row_of_its_target_and_what_is_missing_stays_missing() -> None:
    spec = operations.form_named("mof.dept_evaluation")
    short = filed(spec, 1)
    short = short.with_facts({p: f for p, f in short.facts.items() if p != f"{HELD}.actual"})
    held = next(
        line for line in summed("mof.dept_evaluation", [short, filed(spec, 2)]).indicators if line.names[-1] == "开展技能培训场次"
    )
    assert held.outcome is not None and [*held.outcome.done] == [1]


def test_same_kind_units_are_compared_by_rate_and_never_by_points() -> None:
    spec = operations.form_named("mof.dept_evaluation")
    filings = [filed(spec, n, spent="0.95") for n in (1, 2, 3, 4, 7)] + [filed(spec, 8, spent="0.3")]
    filings[0] = changed(filings[0], {f"{HELD}.weight": "90", f"{HELD}.score": "90"})
    odd = oddities(summed("mof.dept_evaluation", filings))
    assert [(one.place, one.what) for one in odd if "执行率" in one.what and "预算" not in one.what] == [(7, "执行率")]
    assert not [one for one in odd if "分" in one.what]


def test_last_year_is_the_same_stage_up_to_the_same_month() -> None:
    spec = operations.form_named(MONITORING)
    june = changed(filed(spec, 2, 2024, "0.3"), {"cover.month": "6"})
    summary = summed(MONITORING, last_year={"429900-S001": filed(spec, 1, 2024, "0.5"), "429900-S002": june})
    changes = {(c.line.row.id, c.line.column.id): c for c in line_changes(summary, summary.money[0])}
    executed = changes["total", "executed"].units
    assert executed[0].last is not None and executed[1].last is None and executed[1].remark == "上年监控到 6 月，不同期"
    assert changes["total", "budget"].units[1].last is not None, "a budget is of the whole year"
    assert [one.last_rate for one in unit_results(summary).units[:2]] == [Decimal("0.5"), None]  # type: ignore[union-attr]


# ---- the workbook ----------------------------------------------------------------------------
def test_the_page_lists_units_as_the_roster_does_with_links_sums_and_spread(books: dict[str, Path]) -> None:
    book = load_workbook(books[MONITORING], data_only=True)
    assert book.sheetnames[:4] == ["概览", "报送情况", "执行情况", "资金汇总"]
    assert [row[1].value for row in book["执行情况"].iter_rows(min_row=4, max_row=12)] == [f"示例单位{n:02d}" for n in range(1, 10)]
    assert book["执行情况"]["B4"].hyperlink.target == "报送\\示例单位01.xlsx"
    assert book["执行情况"]["A2"].value == "预警灯（家）：红 1，黄 1，绿 4，不适用 1，缺 2"
    first = shown(book, "执行情况", "示例单位01")
    assert (first["执行率"], first["预警灯"], first["上年同期执行率"], first["增减（百分点）"]) == (0.72, "绿", 0.5, 22)
    assert shown(book, "执行情况", "示例单位05")["执行率"] == "缺" and shown(book, "执行情况", "示例单位06")["执行率"] == "不适用"
    assert [shown(book, "执行情况", name)["执行率"] for name in ("最低", "中位数", "最高")] == [0.31, 0.7225, 1.02]


@pytest.mark.parametrize("form", EVALUATIONS)
def test_points_have_a_spread_below_them_and_no_sum(form: str, books: dict[str, Path]) -> None:
    book = load_workbook(books[form], data_only=True)
    whole, low, middle = (shown(book, "自评结果", name) for name in ("合计", "最低", "中位数"))
    assert (
        whole["总分"] is None
        and whole["等级"] is None
        and isinstance(next(v for head, v in whole.items() if head.endswith("执行率")), float)
    )
    assert 0 < low["总分"] <= middle["总分"] <= 100  # type: ignore[operator]
    funds = next(head for head in whole if head.startswith("执行率得分"))
    assert [shown(book, "自评结果", name)[funds] for name in ("不适用（家）", "缺（家）")] == [1, 2]
    assert shown(book, "自评结果", "示例单位06")["说明"].startswith("预算执行不适用")  # type: ignore[union-attr]


def test_the_overview_says_it_in_a_line_and_draws_the_lowest_rates(books: dict[str, Path]) -> None:
    book = load_workbook(books[MONITORING], data_only=True)
    said = [str(c.value) for row in book["概览"].iter_rows(max_col=1) for c in row if c.value]
    line = next(text for text in said if text.startswith("执行情况："))
    assert (
        "预警灯：红 1 家，黄 1 家，绿 4 家；执行率最低的是示例单位02（31%）。" in line and "（不含示例单位05、示例单位09）" in line
    )
    planned = summary_book(summed(MONITORING), "")
    assert [chart.title for page in planned.pages[:3] for chart in page.charts][-2:] == ["执行率最低的 6 家", "执行率"]


def test_of_very_many_units_only_the_lowest_have_a_bar() -> None:
    spec = operations.form_named(MONITORING)
    base = [filed(spec, 1, spent=f"0.{share}") for share in (91, 82, 73, 64)]
    own = [Received(replace(base[n % 4], unit=Unit(f"单位{n:02d}", f"429900-{n:04d}")), f"{n}.xlsx") for n in range(44)]
    page = next(p for p in summary_book(summarise(spec, 2025, "monitoring", own), "").pages if p.name == "执行情况")
    assert page.charts[0].title == "执行率最低的 20 家"
    labels = [*page.charts[0].series[0].labels.places()]
    assert len(labels) == 20 and page.contents(page.charts[0].series[0].labels)[0] == page.at(6, 1), "the first of those with 64 %"


@pytest.mark.parametrize("form", FORMS)
def test_what_a_list_shows_is_what_its_formula_gives_in_every_row(form: str) -> None:
    planned, seen = summary_book(summed(form), ""), 0
    for page in planned.pages:
        for table in page.tables:
            for (n, values), (across, alike) in product(enumerate(table.rows, table.row), table.formulas.items()):
                assert alike.make(n + alike.down).value(planned) == values[across], (page.name, n, across)
                seen += 1
    assert seen >= 9 * 4


@pytest.mark.parametrize("form", FORMS)
def test_the_open_xml_validator_finds_no_error(form: str, books: dict[str, Path]) -> None:
    done = subprocess.run([validator(), str(books[form]), "--officeVersion", "Office2010"], capture_output=True, text=True)
    assert done.returncode == 0 and '"errors": []' in done.stdout, done.stdout


@pytest.mark.slow
def test_every_formula_recalculates_to_its_cached_value(books: dict[str, Path], office: Office) -> None:
    for ours, theirs in zip(books.values(), office.converted([*books.values()], "xlsx"), strict=True):
        count, bad = disagreements(ours, theirs)
        assert count > 100 and bad == [], ours.name


# ---- from files ------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three units' 监控表 and 自评表, and one unit's 申报表 of last year."""
    folder = tmp_path_factory.mktemp("filed")
    for form, numbers in ((MONITORING, (1, 2, 4)), ("sichuan.dept_evaluation", (1, 2))):
        spec = operations.form_named(form)
        for n in numbers:
            (folder / f"{form}-{n}.xlsx").write_bytes(build_workbook(spec, filed(spec, n), BuildOptions()))
    old = sample_filing(DECLARED, 1, 2024)
    (folder / "旧表.xlsx").write_bytes(build_workbook(DECLARED, old, BuildOptions()))
    return folder


def test_a_folder_of_several_stages_gives_the_one_most_filed_and_says_what_it_left_out(folder: Path, tmp_path: Path) -> None:
    summary = operations.consolidate(folder, tmp_path / "汇总.xlsx")
    assert (summary.stage, len(summary.units)) == ("monitoring", 3)
    said = {f.code: f.message() for f in summary.findings if f.code in ("CON115", "WBK107")}
    assert said["CON115"].startswith("文件夹里还有这些单位的 sichuan.dept_evaluation 2025年自评：sichuan.dept_evaluation-1.xlsx、")
    assert "旧表.xlsx" in said["WBK107"] and "2024年申报" in said["WBK107"]
    chosen = operations.consolidate(folder, tmp_path / "自评.xlsx", stage="evaluation")
    assert (chosen.spec.form.id, len(chosen.units)) == ("sichuan.dept_evaluation", 2)


@pytest.mark.parametrize(("form", "numbers"), [(MONITORING, (1, 2, 4)), ("sichuan.dept_evaluation", (1, 2))])
def test_a_summary_of_files_and_of_their_readings_in_an_archive_is_that_of_the_filings(
    form: str, numbers: tuple[int, ...], folder: Path, tmp_path: Path
) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    plain = operations.consolidate(folder, tmp_path / "一.xlsx", form=form)
    first, again = (operations.consolidate(folder, tmp_path / f"{n}.xlsx", form=form, archive=archive) for n in "二三")
    spec = operations.form_named(form)
    known = summarise(spec, 2025, spec.form.first_stage, [Received(filed(spec, n), f"{form}-{n}.xlsx") for n in numbers])
    wanted = figures(known)
    assert figures(plain) == figures(first) == figures(again) == wanted and len(wanted) > 30


def figures(summary: Summary) -> list[object]:
    found = unit_results(summary)
    assert found is not None
    lines = [(line.names, line.values, line.outcome and dict(line.outcome.lights)) for line in summary.indicators]
    done = [[text for text, _ in line.outcome.done.values()] for line in summary.indicators if line.outcome]
    return [found.units, [(rate.path, rate.total) for money in summary.money for rate in money.rates], *sorted(lines), *done]


# ---- the leader's report -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("form", "said", "head"),
    [(MONITORING, "预警灯：红 1 个，黄 1 个，绿 4 个。", "预警灯"), ("mof.dept_evaluation", "自评等级：优 ", "等级")],
)
def test_the_report_says_rates_and_lights_or_grades(form: str, said: str, head: str) -> None:
    summary = summed(form)
    document = docx.Document(BytesIO(report_bytes(summary, report_figures(summary, dt.date(2026, 2, 1)))))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert any(text.startswith(said) for text in texts) and "三、执行率最低的 6 个单位" in texts
    rates, slowest = ([[cell.text for cell in row.cells] for row in table.rows] for table in document.tables[1:3])
    whole = next(one for one in summary.money[0].rates if one.executed.row.id == "total")
    assert isinstance(whole.total, Decimal) and ["年度资金总额", show_percent(whole.total)] in [[r[0], r[3]] for r in rates]
    assert (slowest[0][3], slowest[1][0], slowest[1][2]) == (head, "示例单位02", "31%")


def test_the_archive_is_asked_for_the_same_form_of_last_year_only(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    forms = {form: operations.form_named(form) for form in (MONITORING, "mof.dept_evaluation")}
    for spec in forms.values():
        archive.deposit(filed(spec, 1, 2024))
    for form, spec in forms.items():
        before = filed_last_year(archive, spec, 2025, ())["429900-S001"]
        assert (before.form, before.value("cover.month")) == (form, "9" if form == MONITORING else None)
        assert before.value("funds.all.total.executed") is not None
