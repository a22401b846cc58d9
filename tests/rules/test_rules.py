"""Each fixture is a sound parent and one named change; the findings are counted exactly."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.budget import Budget, BudgetLine
from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.operations import form_named
from jixiao_xl.rules.case import Evidence
from jixiao_xl.rules.engine import judge
from tests.conftest import changed, filing_in, spec_of

FOLDER = Path(__file__).parent


@cache
def parent(name: str) -> Filing:
    """A complete filing of an invented unit that raises nothing (河北: nothing but the missing department total).

    Its 测算表 is blank, so that any rate may be changed alone.
    """
    if name == "hubei":
        filing = sample_filing(form_named("hubei.dept_overall"), 1, 2026)
        return changed(filing, {path: None for path in filing.facts if path.startswith("measure.")})
    return filing_in(FOLDER / "parents" / f"{name}.toml")


def cases() -> list[object]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        fixture = tomllib.loads(path.read_text("utf-8"))
        for kind in ("fail", "pass"):
            for case in fixture[kind]:
                who = case.get("parent", fixture["parent"])
                found.append(pytest.param(who, case, id=f"{fixture['code']}-{kind}-{case['name']}"))
    return found


def approved(case: dict[str, object]) -> Budget | None:
    """`approved = { "" = "300", "项目甲" = "20" }`: total and projects of the approval."""
    given = dict(case.get("approved", {}))
    return Budget.of(BudgetLine("k", name, Decimal(amount), "批复.xlsx 批复数") for name, amount in given.items())


def declared(case: dict[str, object], filing: Filing) -> Filing | None:
    """`declared = { path = "value" }`: the approval of the same year, on the 湖北 form."""
    facts = {path: Fact(path, value) for path, value in dict(case.get("declared", {})).items()}
    stage = case.get("declared_stage", "approval")
    spec = form_named("hubei.dept_overall")
    return Filing(spec.form.id, spec.form.edition, filing.year, stage, filing.unit, facts) if facts else None


def monitored(case: dict[str, object], filing: Filing) -> tuple[Filing, ...]:
    """`monitored = { path = "value" }`: the unit's 监控表 of another month, where it differs."""
    return (changed(filing, dict(case["monitored"])),) if "monitored" in case else ()


def findings_of(filing: Filing, evidence: Evidence | None = None) -> list[str]:
    verdict = judge(spec_of(filing), filing, evidence)
    return sorted(
        f"{f.code} {f.where.spoken()}" for f in verdict.findings if f.code != "FND302" or filing.form != "hebei.dept_budget"
    )


@pytest.mark.parametrize("name", ["hubei", "jiangsu", "hebei", "wuhan", "general", "hubei_result", "sichuan", "monitoring"])
def test_the_parents_are_silent(name: str) -> None:
    assert findings_of(parent(name)) == []


@pytest.mark.parametrize(("who", "case"), cases())
def test_the_change_is_found_and_nothing_else(who: str, case: dict[str, object]) -> None:
    if case.get("only_total"):
        filing = parent(who)
        verdict = judge(spec_of(filing), filing)
        assert [f.code for f in verdict.findings] == ["FND302"]
        return
    changes = dict(case.get("set", {})) | dict.fromkeys(case.get("take", []))
    filing = changed(parent(who), changes)
    if "unit" in case:
        filing = replace(filing, unit=Unit(**case["unit"]))
    evidence = Evidence(
        dates=case.get("dates", {}), budget=approved(case), declared=declared(case, filing),
        monitored=monitored(case, filing),
    )  # fmt: skip
    assert findings_of(filing, evidence) == sorted(case.get("found", []))
