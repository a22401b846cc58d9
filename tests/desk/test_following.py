"""生成监控表 and 生成自评表: the next stage from a filled workbook, and a draft from a table of actuals."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao_xl import operations
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.drafting import equal_parts
from jixiao_xl.model.facts import Filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import published, spec_of

EZHOU = published("ezhou_2025")
ROW = "annual_indicators[履职效能/劳模帮扶/市级生活困难劳模帮扶人数]"
HEADING = "三级指标,实际完成值,偏差原因\n"


@pytest.fixture
def approved(tmp_path: Path) -> Path:
    path = tmp_path / "批复.xlsx"
    path.write_bytes(build_workbook(spec_of(EZHOU), EZHOU, BuildOptions(as_stated=True)))
    return path


def table(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "实际完成值.csv"
    path.write_text(text, encoding)
    return path


def evaluation(path: Path) -> Filing:
    filing = operations.read(path).filing
    assert filing is not None
    return filing


def test_an_approval_becomes_a_self_evaluation_with_targets_weights_and_what_was_reached(approved: Path, tmp_path: Path) -> None:
    actuals = table(tmp_path, HEADING + "市级生活困难劳模帮扶人数,21人,两人脱困\n特殊困难劳模帮扶人数,74人,\n")
    done = operations.follow(operations.read(approved), "evaluation", tmp_path / "自评.xlsx", actuals=actuals)
    filing = evaluation(done.path)
    assert done.findings == () and (filing.form, filing.stage, filing.year) == ("hubei.dept_evaluation", "evaluation", 2025)
    assert filing.unit == EZHOU.unit
    said = {name: filing.value(f"{ROW}.{name}") for name in ("target", "actual", "cause")}
    assert said == {"target": "≥23人", "actual": "21人", "cause": "两人脱困"}
    weights = [
        Decimal(fact.value) for path, fact in filing.paths() if path.block == "annual_indicators" and path.column == "weight"
    ]
    assert sum(weights) == 80
    assert filing.value("result.total_weight") == "100"
    # 21 of 23, of the weight
    assert Decimal(filing.value(f"{ROW}.score") or 0) == round(Decimal(filing.value(f"{ROW}.weight") or 0) * 21 / 23, 2)


def test_a_monitoring_form_has_the_targets_and_waits_for_the_month(approved: Path, tmp_path: Path) -> None:
    filing = evaluation(operations.follow(operations.read(approved), "monitoring", tmp_path / "监控.xlsx").path)
    assert (filing.form, filing.value(f"{ROW}.target"), filing.value("cover.month")) == ("mof.dept_monitoring", "≥23人", None)


def test_the_approval_of_the_archive_comes_before_the_declaration_in_hand(approved: Path, tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    cut = {path: fact for path, fact in EZHOU.facts.items() if not path.startswith("annual_indicators[满意度")}
    archive.deposit(EZHOU.with_facts(cut))
    filing = evaluation(operations.follow(operations.read(approved), "evaluation", tmp_path / "自评.xlsx", archive=archive).path)
    assert not [path for path in filing.facts if "满意度" in path]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("指标,目标\n甲,1\n", ["ACT201", "ACT201"]),
        (HEADING, ["ACT205"]),
        (HEADING + "市级生活困难劳模帮扶人,21人,\n", ["ACT206"]),
        (HEADING + "特殊困难劳模帮扶人数,70人,\n特殊困难劳模帮扶人数,71人,\n", ["ACT203"]),
        ("三级指标,分值,实际完成值\n特殊困难劳模帮扶人数,十分,70人\n", ["ACT202"]),
    ],
)
def test_what_the_table_says_wrong_is_named_at_its_cell(text: str, codes: list[str], approved: Path, tmp_path: Path) -> None:
    out = tmp_path / "自评.xlsx"
    try:
        findings = operations.follow(operations.read(approved), "evaluation", out, actuals=table(tmp_path, text)).findings
    except operations.CannotRun as refused:
        findings = refused.findings
        assert not out.exists()
    assert [f.code for f in findings] == codes
    assert all(f.message() and f.remedy() for f in findings)


def test_a_table_in_the_chinese_code_page_with_levels_merged_downwards(approved: Path, tmp_path: Path) -> None:
    text = "2025年完成情况\n一级指标,二级指标,三级指标,年度指标值,实际完成值\n履职效能,劳模帮扶,市级生活困难劳模帮扶人数,≥23人,23人\n,,特殊困难劳模帮扶人数,≥74人,80人\n"
    done = operations.follow(
        operations.read(approved), "evaluation", tmp_path / "自评.xlsx", actuals=table(tmp_path, text, "gb18030")
    )
    assert done.findings == () and evaluation(done.path).value(f"{ROW}.actual") == "23人"


def test_a_whole_roster_is_drafted_at_once_and_a_unit_without_actuals_is_named(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    archive.deposit(EZHOU)
    code, _, unit_code = EZHOU.unit.key.partition("-")
    rows = [
        RosterRow(row=1, division_code=code, unit_code=unit_code, name=EZHOU.unit.name),
        RosterRow(row=2, division_code=code, unit_code="999", name="示例单位"),
    ]
    roster = operations.make_roster(tmp_path / "名单.xlsx", rows)
    actuals = table(tmp_path, f"单位代码,指标名称,实际完成值\n{EZHOU.unit.key},市级生活困难劳模帮扶人数,21人\n")
    issued = operations.issue(roster, "mof.dept_evaluation", 2025, tmp_path / "自评", archive=archive, actuals=actuals)
    assert evaluation(issued.files[0]).value(f"{ROW}.actual") == "21人"
    assert [(f.code, f.params["unit"]) for f in issued.findings] == [("ACT208", "示例单位")]


def test_a_form_that_does_not_follow_is_refused(approved: Path, tmp_path: Path) -> None:
    with pytest.raises(operations.CannotRun) as refused:
        operations.follow(operations.read(approved), "jiangsu.dept_overall", tmp_path / "x.xlsx")
    assert [f.code for f in refused.value.findings] == ["SYS915"]


@given(st.integers(1, 90).map(Decimal), st.integers(1, 400))
def test_equal_parts_add_up_to_the_whole(whole: Decimal, count: int) -> None:
    parts = equal_parts(whole, count)
    assert sum(parts) == whole and len(parts) == count and max(parts) - min(parts) <= Decimal("0.1")
