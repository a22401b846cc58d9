"""监控表 and 自评表: sound ones are silent, and of real-looking ones exactly the mistakes are found."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl.forms.load import find_form
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.hosts.sample_results import sample_result
from jixiao_xl.model.facts import Filing, Unit
from jixiao_xl.rules.case import Evidence
from jixiao_xl.rules.engine import judge
from tests.conftest import changed, filing_in, spec_of
from tests.rules.test_rules import parent

FORMS = ("mof.dept_monitoring", "mof.dept_evaluation", "hubei.dept_evaluation", "sichuan.dept_evaluation")
TABLES = sorted((Path(__file__).parent / "evaluations").glob("*.toml"))
TRAINED = "annual_indicators[产出指标/数量指标/培训基层水管员人次]"
NONE_SPENT = {f"funds.all.{row}.{name}": "0" for row in ("fiscal", "total") for name in ("initial", "budget", "executed")}


def found_at(filing: Filing) -> list[str]:
    """Code and fact path of every finding."""
    return sorted(f"{f.code} {f.where.path}" for f in judge(spec_of(filing), filing).findings)


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_in_a_table_as_other_places_fill_it_exactly_the_mistakes_are_found(path: Path) -> None:
    expected = tomllib.loads(path.read_text("utf-8"))["found"]
    assert found_at(filing_in(path)) == sorted(expected)


@pytest.mark.parametrize("form", FORMS)
def test_a_blank_form_is_told_only_what_every_blank_form_is_told(form: str) -> None:
    spec = find_form(form)
    assert spec is not None
    blank = Filing(form, spec.form.edition, 2025, next(iter(spec.form.stages)), Unit("示例市水利局", "420000-901"))
    assert {f.code for f in judge(spec, blank).findings} == {"CMP101", "FND301"}


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_form_that_follows_its_approval_is_silent(form: str) -> None:
    spec, declared_on = find_form(form), find_form("hubei.dept_overall")
    assert spec is not None and declared_on is not None
    approval = replace(sample_filing(declared_on, 1, 2025), stage="approval")
    verdict = judge(spec, sample_result(spec, declared_on, 1, 2025), Evidence(declared=approval))
    assert [f.message() for f in verdict.findings if f.severity != "hint"] == []
    assert {i.code for i in verdict.insufficient} <= {"EXE308"}


@pytest.mark.parametrize("form", FORMS)
def test_what_cannot_be_held_against_anything_is_said(form: str) -> None:
    filing = parent({"mof.dept_monitoring": "monitoring", "mof.dept_evaluation": "general", "hubei.dept_evaluation": "hubei_result",
                     "sichuan.dept_evaluation": "sichuan"}[form])  # fmt: skip
    said = {i.code for i in judge(spec_of(filing), filing).insufficient}
    assert said == {"EVA103", "EVA104", "EVA105", "EXE310"} | ({"EXE308"} if form == "mof.dept_monitoring" else set())


CARRIED_FLAWS = {
    "annual_goal.text": "<p>贯彻落实中央、省委、市委和上级",
    f"{TRAINED}.target": "培训班",
    "annual_indicators[产出指标/质量指标/水库大坝安全鉴定率].target": "≥120%",
    "funds.all.fiscal.initial": "820.123",
    "funds.all.total.initial": None,
}


def test_what_was_wrong_with_a_target_or_a_goal_was_said_when_it_was_set() -> None:
    filing = changed(parent("general"), CARRIED_FLAWS)
    assert found_at(filing) == ["EVA101 annual_indicators[产出指标/质量指标/水库大坝安全鉴定率].actual"]


ODD = {
    "words for an amount": ("general", {"funds.all.fiscal.executed": "见附表"}, ["CEL101 funds.all.fiscal.executed"]),
    "yuan for 万元": (
        "general",
        {"funds.all.fiscal.executed": "8315000"}
        | dict.fromkeys(("funds.all.fiscal.rate", "funds.all.total.executed", "funds.all.total.rate", "funds.all.total.score", "result.total_score")),
        ["FND105 funds.all.fiscal.executed"],
    ),
    "no budget, but spent": ("general", {"funds.all.carried_in.executed": "50"}, ["EXE301 funds.all.total.executed", "EXE303 funds.all.carried_in.executed"]),
    "a part of the budget is missing": (
        "general", {"funds.all.fiscal.budget": None, "funds.all.total.budget": None}, ["CMP105 funds.all.fiscal.budget"]
    ),
    "full-width points": ("general", {f"{TRAINED}.score": "１０"}, []),
    "points without end": ("general", {f"{TRAINED}.score": "9" * 60}, [f"EVA106 {TRAINED}.score"]),
    "a span for an outcome": ("general", {f"{TRAINED}.actual": "600-650人次"}, []),
    "an error for an outcome": ("general", {f"{TRAINED}.actual": "#REF!"}, [f"CEL110 {TRAINED}.actual"]),
    "no target, but an outcome": ("general", {f"{TRAINED}.target": None}, [f"CMP104 {TRAINED}.target"]),
    "a month that is none": ("monitoring", {"cover.month": "8月"}, ["CEL109 cover.month"]),
    "a grade of one's own": ("general", {"result.grade": "A"}, ["EVA115 result.grade"]),
    "sign and unit twice": ("sichuan", {"annual_indicators[产出指标/数量指标/普法宣传场次].target": "≥24场"}, []),
}  # fmt: skip


@pytest.mark.parametrize(("who", "changes", "expected"), ODD.values(), ids=ODD.keys())
def test_an_odd_entry_is_told_once(who: str, changes: dict[str, str | None], expected: list[str]) -> None:
    assert found_at(changed(parent(who), changes)) == sorted(expected)


def test_without_any_budget_there_is_no_rate_no_points_and_no_finding() -> None:
    stated = {"funds.all.fiscal.rate": "不适用", "funds.all.total.rate": "不适用", "funds.all.total.score": "不适用",
              "result.total_score": "89.92", "result.grade": "良"}  # fmt: skip
    assert found_at(changed(parent("sichuan"), NONE_SPENT | stated)) == []
