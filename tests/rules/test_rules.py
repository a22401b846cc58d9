"""Each fixture is a sound parent and one named change; the findings are counted exactly."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.facts import Filing
from jixiao_xl.operations import form_named
from jixiao_xl.rules.engine import judge
from tests.conftest import changed, published, spec_of

FOLDER = Path(__file__).parent
JIANGSU = {
    "funds.income.general_budget.full": "897.33", "funds.income.fiscal.full": "897.33", "funds.income.total.full": "897.33",
    "funds.expense.basic.full": "226.12", "funds.expense.project[市级劳模四金].half": "300",
    **{f"process_indicators[过程/{name}].half": "=50%" for name in (
        "预算执行/非税收入预算完成率", "预算执行/政府采购执行率", "预算管理/绩效管理覆盖率", "资产管理/固定资产利用率")},
    "process_indicators[过程/预算执行/结转结余率].half": "=5%", "process_indicators[过程/预算执行/结转结余率].full": "=6%",
    "duty_indicators[履职/职工权益维护/开展创业就业，普惠职工工作/全市劳动竞赛工作经费/举办工会专场招聘会场次].full": "≥3场",
    "duties.text": "负责全市工会工作。", "staffing.text": "在编43人，编制43人。",
}  # fmt: skip
HEBEI = {
    "payment_plan[13063723P004287100744].dec": "100%", "payment_plan[13063723P00428710008F].dec": "100%",
}  # fmt: skip


@cache
def parent(name: str) -> Filing:
    """A filing that raises nothing (河北: nothing but the missing department total)."""
    if name == "hubei":
        return sample_filing(form_named("hubei.dept_overall"), 1, 2026)
    if name == "jiangsu":
        return changed(published("wuxi_2022"), JIANGSU)
    return changed(published("boye_2023"), HEBEI)


def cases() -> list[object]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        fixture = tomllib.loads(path.read_text("utf-8"))
        for kind in ("fail", "pass"):
            for case in fixture[kind]:
                who = case.get("parent", fixture["parent"])
                found.append(pytest.param(who, case, id=f"{fixture['code']}-{kind}-{case['name']}"))
    return found


def findings_of(filing: Filing) -> list[str]:
    verdict = judge(spec_of(filing), filing)
    return sorted(
        f"{f.code} {f.where.spoken()}" for f in verdict.findings if f.code != "FND302" or filing.form != "hebei.dept_budget"
    )


@pytest.mark.parametrize("name", ["hubei", "jiangsu", "hebei"])
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
    assert findings_of(changed(parent(who), changes)) == sorted(case.get("found", []))
