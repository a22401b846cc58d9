"""指标同比: whose targets moved far since last year, and whose rows came or went."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.consolidate.summary import summarise
from jixiao_xl.consolidate.target_changes import RowsChanged, TargetChanges, target_changes, yearly_targets
from jixiao_xl.hosts.sample import sample_filing, unit_of
from jixiao_xl.model.facts import Fact, Filing
from jixiao_xl.rules.pack import load_pack
from jixiao_xl.workbook.build import build_workbook
from tests.conftest import changed

SPEC = operations.form_named("hubei.dept_overall")
TABLE = "annual_indicators"
Targets = dict[str, str]


def filing(year: int, targets: Targets, unit: int = 1) -> Filing:
    by_path = {f"{TABLE}[履职效能/服务/{name}].target": value for name, value in targets.items()}
    facts = {path: Fact(path, value) for path, value in by_path.items()}
    return Filing(SPEC.form.id, "2025", year, "declaration", unit_of(unit), facts)


def compared(this: Targets, last: Targets) -> TargetChanges | None:
    now, then = filing(2026, this), filing(2025, last)
    last_year = {then.unit.key: then}
    known = summarise(SPEC, 2026, "declaration", [Received(now, "a.xlsx")], last_year=last_year)
    return target_changes(known, Decimal("0.30"))


def told(this: Targets, last: Targets) -> list[tuple[str, str, str, Decimal]]:
    found = compared(this, last)
    return [(c.line.names[-1], c.last, c.this, c.rate) for c in found.changes] if found else []


def test_only_changes_over_the_threshold_are_told_the_largest_first() -> None:
    found = told(
        {"走访次数": "≥13次", "培训人数": "≥150人", "控制率": "≤40%", "办结率": "≥95%"},
        {"走访次数": "≥10次", "培训人数": "≥100人", "控制率": "≤100%", "办结率": "≥90%"},
    )
    assert found == [("控制率", "≤100%", "≤40%", Decimal("-0.6")), ("培训人数", "≥100人", "≥150人", Decimal("0.5"))]


@pytest.mark.parametrize(
    ("last", "this"),
    [
        ("0", "≥20人"),  # over nothing there is no rate
        ("≥10人", "≥20次"),
        ("≥10人", "≤20人"),
        ("≥10人", "20人"),
        ("10-20人", "30-40人"),
        ("较健全", "健全"),
        ("≥10人", "若干"),
    ],
)
def test_what_has_no_common_measure_is_not_compared(last: str, this: str) -> None:
    found = compared({"甲": this}, {"甲": last})
    assert found is not None and (found.compared, found.changes, found.rows) == (0, (), ())


def test_the_comparison_may_be_written_in_words_and_names_in_another_width() -> None:
    assert told({"“甲”指标(A)": "不低于二十人"}, {"甲指标（Ａ）": ">10人"}) == [
        ("“甲”指标(A)", ">10人", "不低于二十人", Decimal(1))
    ]


def test_rows_that_came_or_went_are_counted_and_a_blank_target_is_no_row() -> None:
    found = compared({"甲": "≥1人", "新一": "≥1人", "新二": "健全"}, {"甲": "≥1人", "旧": "≥9人", "空": ""})
    assert found is not None and found.rows == (RowsChanged(0, 2, 1),)
    assert (found.units, found.compared, found.changes) == (1, 1, ())


def test_a_unit_that_did_not_file_last_year_is_not_compared_at_all() -> None:
    then = filing(2025, {"甲": "≥1人"}, unit=2)
    known = summarise(
        SPEC, 2026, "declaration", [Received(filing(2026, {"甲": "≥9人"}), "a.xlsx")], last_year={then.unit.key: then}
    )
    assert target_changes(known, Decimal("0.30")) is None
    assert compared({"甲": "≥9人"}, {}) is None


@pytest.mark.parametrize(
    ("form", "tables"),
    [
        ("hubei.dept_overall", {TABLE: "target"}),
        ("jiangsu.dept_overall", dict.fromkeys(("process_indicators", "duty_indicators", "result_indicators"), "full")),
        ("hebei.dept_budget", {}),  # the tables of its projects change their numbers from year to year
        ("mof.dept_evaluation", {}),  # its targets are the approval's
    ],
)
def test_the_targets_of_the_year_are_known_by_the_definition(form: str, tables: dict[str, str]) -> None:
    assert yearly_targets(operations.form_named(form)) == tables


def test_the_threshold_is_of_the_pack_and_says_where_it_comes_from() -> None:
    pack = load_pack(SPEC.form.pack)
    assert pack.threshold["target_change"] == Decimal("0.30") and "推断" in pack.threshold_source["target_change"]


def test_the_summary_lists_the_change_with_a_link_to_its_cell_and_counts_the_rows(tmp_path: Path) -> None:
    rate, own = f"{TABLE}[运行成本/公用经费控制/公用经费控制率].target", f"{TABLE}[履职效能/服务/去年才有].target"
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    archive.deposit(changed(sample_filing(SPEC, 1, 2025, "approval"), {rate: "≤50%", own: "≥3人"}))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.xlsx").write_bytes(build_workbook(SPEC, changed(sample_filing(SPEC, 1, 2026), {rate: "≤100%"})))
    operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", archive=archive)
    sheet = load_workbook(tmp_path / "s.xlsx", data_only=True)["指标同比"]
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    assert rows[3] == ["示例单位01", "运行成本 / 公用经费控制", "公用经费控制率", "≤50%", "≤100%", 1, "年度绩效指标!G7"]
    assert sheet["G4"].hyperlink.target == r"in\1.xlsx" and sheet["G4"].hyperlink.location == "'年度绩效指标'!G7"
    assert ["示例单位01", 0, 1] in [row[:3] for row in rows[4:]]


def test_without_an_archive_there_is_no_such_sheet(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.xlsx").write_bytes(build_workbook(SPEC, sample_filing(SPEC, 1, 2026)))
    operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx")
    assert "指标同比" not in load_workbook(tmp_path / "s.xlsx", read_only=True).sheetnames
