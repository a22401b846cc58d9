"""申报 → 批复 → 监控 → 自评 → next year's form: each stage takes over what the earlier ones said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.prior_year import EXPECTED_NOTE, TARGET_NOTE, prior_values
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.forms.load import find_form
from jixiao_xl.model.facts import Fact, Filing, Stage, Unit
from tests.conftest import published, spec_of

EZHOU = published("ezhou_2025")
HELP = "annual_indicators[履职效能/劳模帮扶/{}]"
ROW = HELP.format("市级生活困难劳模帮扶人数")
NAMES = {"市级生活困难劳模帮扶人数": "23人", "特殊困难劳模帮扶人数": "74人", "发放离退休劳模荣誉津贴补助人数": "250人",
         "省级生活困难劳模帮扶人数": "13人", "省级特殊困难劳模帮扶人数": "33人"}  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """With 鄂州's approval of 2025."""
    opened = operations.open_archive(str(tmp_path / "archive.sqlite"))
    opened.deposit(EZHOU)
    return opened


def later(form: str, stage: Stage, facts: dict[str, str], unit: Unit = EZHOU.unit) -> Filing:
    spec = find_form(form)
    assert spec is not None
    return Filing(form, spec.form.edition, 2025, stage, unit, {path: Fact(path, value) for path, value in facts.items()})


def next_year(archive: Archive) -> dict[str, tuple[str, str]]:
    """Value and note for the 劳模帮扶 rows of the form of 2026, by name."""
    spec = spec_of(EZHOU)
    empty = replace(EZHOU, year=2026, stage="declaration", facts={})
    return {
        v.path.names[-1]: (v.value, v.note)
        for v in prior_values(archive, spec, empty) if v.path.names and "劳模帮扶" in v.path.names and v.path.column == "last"
    }  # fmt: skip


def test_without_an_evaluation_the_targets_come_and_say_what_they_are(archive: Archive) -> None:
    assert next_year(archive) == {name: (value, TARGET_NOTE) for name, value in NAMES.items()}


def test_an_actual_of_the_evaluation_replaces_the_target(archive: Archive) -> None:
    archive.deposit(later("mof.dept_evaluation", "evaluation", {f"{ROW}.target": "≥23人", f"{ROW}.actual": "21人"}))
    rest = {name: (value, TARGET_NOTE) for name, value in NAMES.items()}
    assert next_year(archive) == rest | {"市级生活困难劳模帮扶人数": ("21人", "")}


def test_an_expectation_of_the_monitoring_is_better_than_a_target_and_worse_than_an_actual(archive: Archive) -> None:
    archive.deposit(
        later("mof.dept_monitoring", "monitoring", {"cover.month": "9", f"{ROW}.target": "≥23人", f"{ROW}.expected": "22人"})
    )
    assert next_year(archive)["市级生活困难劳模帮扶人数"] == ("22人", EXPECTED_NOTE)
    archive.deposit(later("hubei.dept_evaluation", "evaluation", {f"{ROW}.actual": "21人"}))
    assert next_year(archive)["市级生活困难劳模帮扶人数"] == ("21人", "")


def test_an_evaluation_of_a_unit_whose_approval_nobody_has_still_tells_by_name(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "other.sqlite"))
    archive.deposit(later("mof.dept_evaluation", "evaluation", {f"{ROW}.actual": "21人"}))
    assert next_year(archive) == {"市级生活困难劳模帮扶人数": ("21人", "")}


def test_issue_hands_the_approval_over_to_every_follow_up_form(archive: Archive, tmp_path: Path) -> None:
    code, _, unit_code = EZHOU.unit.key.partition("-")
    row = RosterRow(row=1, division_code=code, unit_code=unit_code, name=EZHOU.unit.name)
    roster = operations.make_roster(tmp_path / "名单.xlsx", [row])
    for form in ("mof.dept_monitoring", "mof.dept_evaluation", "hubei.dept_evaluation", "sichuan.dept_evaluation"):
        issued = operations.issue(roster, form, 2025, tmp_path / form, archive=archive)
        filing = operations.read(issued.files[0]).filing
        assert filing is not None and issued.findings == ()
        assert filing.value(f"{ROW}.target") == ("23" if form.startswith("sichuan") else "≥23人")
        assert filing.value("funds.all.fiscal.initial") in ("998.71", None)


def test_the_evaluation_takes_the_budget_over_that_the_monitoring_ended_with(archive: Archive, tmp_path: Path) -> None:
    stated = {"cover.month": "9", "funds.all.fiscal.initial": "998.71", "funds.all.fiscal.adjustment": "-8.71",
              "funds.all.fiscal.budget": "990"}  # fmt: skip
    archive.deposit(later("mof.dept_monitoring", "monitoring", stated))
    blank = operations.make_template("mof.dept_evaluation", 2025, tmp_path / "自评.xlsx", unit=EZHOU.unit, stage="evaluation")
    filled = operations.pull_prior_year(blank, tmp_path / "已提取.xlsx", archive)
    filing = operations.read(filled.path).filing
    assert filing is not None
    assert (filing.value("funds.all.fiscal.initial"), filing.value("funds.all.fiscal.budget")) == ("998.71", "990")


def put(archive: Archive, tmp_path: Path, month: int, budget: str, adjusted: str, executed: str) -> None:
    path = tmp_path / f"{month}月.csv"
    path.write_text(f"单位代码,年初预算（万元）,调整后预算,累计执行数\n{EZHOU.unit.key},{budget},{adjusted},{executed}\n", "utf-8")
    operations.put_executions(path, 2025, month, archive)


def blank(archive: Archive, tmp_path: Path, form: str) -> Filing:
    spec = find_form(form)
    assert spec is not None
    empty = operations.make_template(form, 2025, tmp_path / f"{form}.xlsx", unit=EZHOU.unit, replace_old=True)
    out = tmp_path / f"{form}_已提取.xlsx"
    out.unlink(missing_ok=True)
    filing = operations.read(operations.pull_prior_year(empty, out, archive).path).filing
    assert filing is not None
    return filing


def test_the_treasury_s_months_stand_in_the_monitoring_and_its_december_in_the_evaluation(archive: Archive, tmp_path: Path) -> None:
    put(archive, tmp_path, 6, "998.71", "950", "400")
    monitored = blank(archive, tmp_path, "mof.dept_monitoring")
    said = [monitored.value(path) for path in ("cover.month", "funds.all.fiscal.adjustment", "funds.all.fiscal.budget",
                                               "funds.all.fiscal.executed", "funds.all.fiscal.rate", "funds.all.fiscal.light")]  # fmt: skip
    assert said == ["6", "-48.71", "950", "400", "42.11%", "绿"]
    assert blank(archive, tmp_path, "mof.dept_evaluation").value("funds.all.fiscal.executed") is None  # the year is not over
    put(archive, tmp_path, 12, "998.71", "950", "940")
    evaluated = blank(archive, tmp_path, "mof.dept_evaluation")
    said = [evaluated.value(f"funds.all.fiscal.{name}") for name in ("initial", "budget", "executed", "rate")]
    assert said == ["998.71", "950", "940", "98.95%"]
