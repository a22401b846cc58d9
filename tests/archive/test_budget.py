"""The approved budget: a list of the finance office, and what check says to it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from typer.testing import CliRunner

from jixiao_xl import operations
from jixiao_xl.archive.approved import approved_budget
from jixiao_xl.hosts.cli import app
from jixiao_xl.hosts.sample import sample_filing, unit_of
from jixiao_xl.workbook.build import BuildOptions, build_workbook

KEY = unit_of(1).key
DIVISION, _, CODE = KEY.partition("-")


def csv_of(path: Path, *lines: str, encoding: str = "utf-8-sig") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding)
    return path


def book(folder: Path) -> Path:
    """示例单位01 as it filed, nothing wrong with it."""
    spec = operations.form_named("hubei.dept_overall")
    path = folder / "a.xlsx"
    path.write_bytes(build_workbook(spec, sample_filing(spec, 1, 2026), BuildOptions(as_stated=True)))
    return path


def total_of_sample() -> Decimal:
    filing = sample_filing(operations.form_named("hubei.dept_overall"), 1, 2026)
    return Decimal(filing.facts["funds.expense.total.current"].value)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_list_in_yuan_with_two_code_columns_becomes_wan_yuan(tmp_path: Path, encoding: str) -> None:
    source = csv_of(
        tmp_path / "批复.csv", "2026年部门预算批复表,,,,", "单位：元,,,,",
        "行政区划代码,预算单位代码,单位名称,项目名称,批复数", f"{DIVISION},{CODE},示例单位01,,\"9,837,100\"",
        f"{DIVISION},{CODE},示例单位01,劳模疗休养,200000", ",,合计,,9837100", encoding=encoding,
    )  # fmt: skip
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    done = operations.import_budget(source, 2026, archive)
    budget = approved_budget(archive, 2026, (KEY,))
    assert (done.units, done.projects) == (1, 1)
    assert budget is not None and budget.total is not None
    assert budget.total.amount == Decimal("983.71")
    assert [(line.project, line.amount) for line in budget.projects] == [("劳模疗休养", Decimal(20))]


def test_an_xlsx_in_wan_yuan_is_read_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "控制数.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["预算控制数（万元）", "单位名称", "单位代码"])
        sheet.write_row(1, 0, [total_of_sample() + 15, "示例单位01", KEY])
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    operations.import_budget(tmp_path / "控制数.xlsx", 2026, archive)
    found = [f for f in operations.check(book(tmp_path), archive).findings if f.code == "BUD101"]
    stated, approved = str(total_of_sample()), str(total_of_sample() + 15)
    assert {(f.where.spoken(), f.params["stated"], f.params["expected"]) for f in found} == {
        ("资金情况!D9", stated, approved), ("资金情况!D13", stated, approved),
    }  # fmt: skip
    assert "预算批复不一致" in found[0].message() and "控制数.xlsx 预算控制数" in found[0].message()


def test_a_rounding_gap_from_yuan_is_no_difference(tmp_path: Path) -> None:
    yuan = total_of_sample() * 10000 + 45
    source = csv_of(tmp_path / "b.csv", "单位代码,单位名称,批复数（元）", f"{KEY},示例单位01,{yuan}")
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    operations.import_budget(source, 2026, archive)
    checked = operations.check(book(tmp_path), archive)
    assert not [f for f in checked.findings if f.code.startswith("BUD")]
    assert not [i for i in checked.insufficient if i.code == "BUD101"]


def test_without_an_imported_budget_the_rule_says_it_could_not_judge(tmp_path: Path) -> None:
    checked = operations.check(book(tmp_path))
    assert {i.code for i in checked.insufficient} >= {"BUD101"}


def test_a_corrected_list_replaces_the_units_it_names_and_leaves_the_others(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    head = "单位代码,项目,批复数（万元）"
    operations.import_budget(csv_of(tmp_path / "1.csv", head, "420700-1,,10", "420700-1,甲,4", "420700-2,,20"), 2026, archive)
    operations.import_budget(csv_of(tmp_path / "2.csv", head, "420700-1,,11"), 2026, archive)
    one, two = (approved_budget(archive, 2026, (f"420700-{n}",)) for n in (1, 2))
    assert one is not None and one.total is not None and (one.total.amount, one.projects) == (Decimal(11), ())
    assert two is not None and two.total is not None and two.total.amount == Decimal(20)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["单位名称,批复数（万元）", "甲,10"], "BUD201"),
        (["单位代码,批复数", "420700-1,10"], "BUD204"),
        (["单位代码,批复数（万元）", "S001,10"], "BUD202"),
        (["单位代码,批复数（万元）", "420700-1,约十万"], "BUD202"),
        (["单位代码,批复数（万元）", "420700-1,10", "420700-1,11"], "BUD203"),
        (["单位代码,批复数（万元）"], "BUD205"),
        ([""], "BUD201"),
    ],
)
def test_a_faulty_list_is_refused_whole_in_chinese(tmp_path: Path, lines: list[str], code: str) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    with pytest.raises(operations.CannotRun) as refused:
        operations.import_budget(csv_of(tmp_path / "x.csv", *lines), 2026, archive)
    assert {f.code for f in refused.value.findings} == {code}
    assert approved_budget(archive, 2026, ("420700-1",)) is None


def test_the_command_imports_and_check_uses_it(tmp_path: Path) -> None:
    source = csv_of(tmp_path / "b.csv", "单位代码,批复数（万元）", f"{KEY},1")
    archive = str(tmp_path / "a.sqlite")
    run = CliRunner()
    done = run.invoke(app, ["budget", "import", str(source), "--year", "2026", "--archive", archive])
    assert done.exit_code == 0 and "1 个单位" in done.stdout
    checked = run.invoke(app, ["check", str(book(tmp_path)), "--archive", archive])
    assert checked.exit_code == 1 and "与预算批复不一致" in checked.stdout


@pytest.mark.parametrize(
    ("gap", "counted", "note"),
    [("0.01", "0.01", "尾差 0.01，按批复数"), ("0.02", "0", "")],
    ids=["within rounding the approval wins", "beyond it the form's own sum counts"],
)
def test_an_approved_total_wins_over_a_locked_sum_by_rounding_only(tmp_path: Path, gap: str, counted: str, note: str) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    approved = total_of_sample() + Decimal(gap)
    operations.import_budget(
        csv_of(tmp_path / "b.csv", "单位代码,单位名称,批复数（万元）", f"{KEY},示例单位01,{approved}"), 2026, archive
    )
    (tmp_path / "in").mkdir()
    filed = book(tmp_path / "in")
    summary = operations.consolidate(filed.parent, tmp_path / "s.xlsx", archive=archive)
    total = next(t for money in summary.money for t in money.lines if t.path.text == "funds.expense.total.current")
    assert (total.total, total.amounts[0].note) == (total_of_sample() + Decimal(counted), note)
    assert ("BUD101" in {f.code for f in operations.check(filed, archive).findings}) == (note == "")
