"""A 监控表 or 自评表 is held against what the archive has of the unit and year, by every verb that judges one file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.same_year import SameYear, same_year
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.model.facts import Fact, Filing, Stage
from tests.conftest import published, spec_of

EZHOU = published("ezhou_2025")
ROW = "annual_indicators[履职效能/劳模帮扶/市级生活困难劳模帮扶人数]"
ON_CARRIED = ("IND", "TXT", "CEL", "FND", "EVA103", "EVA104", "EVA105", "EXE310")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """With 鄂州's approval of 2025."""
    opened = operations.open_archive(str(tmp_path / "archive.sqlite"))
    opened.deposit(replace(EZHOU, stage="approval"))
    return opened


def issued(archive: Archive, folder: Path, form: str) -> Path:
    code, _, unit_code = EZHOU.unit.key.partition("-")
    row = RosterRow(row=1, division_code=code, unit_code=unit_code, name=EZHOU.unit.name)
    return operations.issue(operations.make_roster(folder / "名单.xlsx", [row]), form, 2025, folder / form, archive=archive).files[
        0
    ]


def later(form: str, stage: Stage, facts: dict[str, str]) -> Filing:
    spec = operations.form_named(form)
    return Filing(form, spec.form.edition, 2025, stage, EZHOU.unit, {path: Fact(path, value) for path, value in facts.items()})


@pytest.mark.parametrize("form", ["mof.dept_monitoring", "mof.dept_evaluation", "hubei.dept_evaluation", "sichuan.dept_evaluation"])
def test_nothing_that_the_tool_prefilled_raises_a_finding(archive: Archive, tmp_path: Path, form: str) -> None:
    checked = operations.check(issued(archive, tmp_path, form), archive)
    assert [f.message() for f in checked.findings if f.code.startswith(ON_CARRIED)] == []
    assert {f.code for f in checked.findings} == {"CMP101", "CMP105", "EVA101"} | (
        {"CMP106"} if form.startswith("mof") else set()
    ), "only what the unit still has to fill in"


def test_a_lowered_target_is_found_by_check_with_the_archive(archive: Archive, tmp_path: Path) -> None:
    facts = tmp_path / "自评.toml"
    head = f'form = "mof.dept_evaluation"\nedition = "2020"\nyear = 2025\nstage = "evaluation"\n[unit]\nname = "{EZHOU.unit.name}"\nkey = "{EZHOU.unit.key}"\n'
    facts.write_text(f'{head}[facts]\n"{ROW}.target" = "21人"\n"{ROW}.actual" = "21人"\n', "utf-8")
    found = {f.code: f.message() for f in operations.check(facts, archive).findings}
    assert found["EVA103"].endswith("填 21人，批复的是 ≥23人。")
    assert "EVA105" in found
    without = operations.check(facts)
    assert "EVA103" not in {f.code for f in without.findings}
    assert "EVA103" in {i.code for i in without.insufficient}, "not enough data is not a pass"


def test_every_month_of_the_monitoring_is_known_and_the_approval_comes_before_the_declaration(archive: Archive) -> None:
    archive.deposit(replace(EZHOU, stage="declaration", facts={}))
    spec = operations.form_named("mof.dept_monitoring")
    for month in ("6", "7"):
        archive.deposit(later("mof.dept_monitoring", "monitoring", {"cover.month": month, f"{ROW}.done": f"{month}人"}))
    known = same_year(archive, spec, later("mof.dept_monitoring", "monitoring", {"cover.month": "9"}))
    assert known.declared is not None and known.declared.stage == "approval"
    assert [filing.value("cover.month") for filing in known.monitored] == ["7", "6"]
    assert same_year(archive, spec_of(EZHOU), EZHOU) == SameYear()
