"""What follows on the forms of monitoring and self-evaluation: formula and Decimal agree, row by row."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl.forms import load
from jixiao_xl.forms.derive import Inputs, derived_cells, shown
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.facts import Fact, Filing, Stage
from jixiao_xl.workbook.build import plan_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions

ROWS = {
    # target, done, 计分方式 → points of 10, 完成比例
    ("≥95%", "96.2%", ""): ("10", "101.26%"),
    ("≥95%", "90%", ""): ("9.47", "94.74%"),
    ("≤5%", "6%", ""): ("8", "120%"),
    ("=100%", "98%", ""): ("9.8", "98%"),
    ("=0起", "0起", ""): (None, None),  # 起 is no unit that a formula reads: a person decides
    ("=0次", "0次", ""): ("10", None),
    ("23人", "21人", ""): (None, "91.3%"),  # no sign: nobody knows which way is good
    ("23人", "21人", "正向"): ("9.13", "91.3%"),
    ("健全", "健全", ""): ("10", None),
    ("健全", "部分达成", ""): (None, None),
    ("健全", "达成", ""): ("10", None),
    ("≥95%", "0.96", ""): (None, None),  # 96% or 0.96 of something: not compared
    ("≥12场次", "", ""): (None, None),
    ("≥１,200人次", "1200人次", ""): ("10", "100%"),
}


def filing(form: str, stage: Stage, facts: dict[str, str]) -> Filing:
    spec = find_form(form)
    assert spec is not None
    return Filing(form, spec.form.edition, 2025, stage, facts={path: Fact(path, value) for path, value in facts.items()})


def agreed(made: Filing, spec: FormSpec | None = None) -> dict[str, str]:
    """What every cell that follows shows, after its formula was held against Decimal."""
    spec = spec or find_form(made.form, made.edition)
    assert spec is not None
    book, plan = plan_workbook(spec, made, BuildOptions()), plan_form(spec, made)
    inputs = Inputs(plan, made)
    said: dict[str, str] = {}
    for derived in derived_cells(plan):
        expected = shown(derived, inputs) or ""
        cell = book.value(derived.slot.sheet, derived.slot.row, derived.slot.column)
        number = inputs.number(derived.slot)
        assert cell == (number if isinstance(cell, Decimal) else expected), (derived.slot.cell, derived.op, cell, expected)
        if derived.slot.path is not None and expected:
            said[derived.slot.path.text] = expected
    return said


@pytest.mark.parametrize(("row", "expected"), ROWS.items(), ids=lambda r: "·".join(map(str, r)))
def test_points_and_share_of_a_row(row: tuple[str, str, str], expected: tuple[str | None, str | None]) -> None:
    target, done, method = row
    own = "annual_indicators[产出指标/数量指标/甲]"
    stated = {f"{own}.target": target, f"{own}.actual": done, f"{own}.weight": "10", f"{own}.method": method}
    scored = agreed(filing("mof.dept_evaluation", "evaluation", {k: v for k, v in stated.items() if v}))
    monitored = agreed(filing("mof.dept_monitoring", "monitoring", {f"{own}.target": target, f"{own}.done": done}))
    assert (scored.get(f"{own}.computed"), monitored.get(f"{own}.ratio")) == expected


def test_the_whole_of_an_evaluation_adds_up_and_gets_a_grade() -> None:
    own = "annual_indicators[产出指标/数量指标/{}]"
    facts = {"funds.all.fiscal.budget": "100", "funds.all.fiscal.executed": "95.55", "funds.all.other.budget": "20",
             "funds.all.other.executed": "20", own.format("甲") + ".target": "≥20人", own.format("甲") + ".actual": "18人",
             own.format("甲") + ".weight": "50", own.format("甲") + ".score": "45",
             own.format("乙") + ".target": "≥3次", own.format("乙") + ".actual": "3次",
             own.format("乙") + ".weight": "40", own.format("乙") + ".score": "40"}  # fmt: skip
    said = agreed(filing("mof.dept_evaluation", "evaluation", facts))
    assert said["funds.all.total.rate"] == "96.29%"
    assert said["funds.all.total.score"] == "9.63"
    assert (said["result.total_weight"], said["result.total_score"], said["result.grade"]) == ("100", "94.63", "优")


@pytest.mark.parametrize(
    ("budget", "executed", "rate", "points"),
    [
        ("0", "0", "不适用", "不适用"),
        ("100", "0", "0%", "0"),
        ("100", "120", "120%", "20"),
        ("", "50", None, None),
        ("100", "", None, None),
    ],
)
def test_without_a_budget_there_is_no_rate_and_no_points(budget: str, executed: str, rate: str | None, points: str | None) -> None:
    stated = {"funds.all.basic.budget": budget, "funds.all.basic.executed": executed}
    said = agreed(filing("hubei.dept_evaluation", "evaluation", {k: v for k, v in stated.items() if v}))
    assert (said.get("funds.all.total.rate"), said.get("funds.all.total.score")) == (rate, points)


@pytest.mark.parametrize(("executed", "light"), [("20", "红"), ("35", "黄"), ("45", "绿"), ("70", "绿")])
def test_the_light_of_the_budget_goes_by_the_months_so_far(executed: str, light: str) -> None:
    stated = {"cover.month": "6", "funds.all.fiscal.initial": "110", "funds.all.fiscal.adjustment": "-10",
              "funds.all.fiscal.executed": executed}  # fmt: skip
    said = agreed(filing("mof.dept_monitoring", "monitoring", stated))
    assert (said["funds.all.fiscal.budget"], said["funds.all.fiscal.light"]) == ("100", light)


@pytest.mark.parametrize(
    ("level", "target", "done", "light"),
    [("数量指标", "≥100人", "25人", "红"), ("数量指标", "≥100人", "65人", "蓝"), ("质量指标", "≥95%", "96%", "绿"),
     ("成本指标", "≤100万元", "120万元", "红"), ("质量指标", "健全", "部分达成", "黄")],
)  # fmt: skip
def test_the_light_of_an_indicator_goes_by_its_kind(level: str, target: str, done: str, light: str) -> None:
    own = f"annual_indicators[产出指标/{level}/甲]"
    said = agreed(filing("mof.dept_monitoring", "monitoring", {"cover.month": "6", f"{own}.target": target, f"{own}.done": done}))
    assert said[f"{own}.light"] == light


@pytest.mark.parametrize(("actual", "points"), [("96", "10"), ("96%", "10"), ("0.96", "0.1"), ("９０", "9.47"), ("96人", None)])
def test_a_bare_number_is_of_the_unit_in_its_own_column(actual: str, points: str | None) -> None:
    own = "annual_indicators[产出指标/质量指标/甲]"
    stated = {f"{own}.nature": "≥", f"{own}.target": "95", f"{own}.measure": "%", f"{own}.weight": "10", f"{own}.actual": actual}
    assert agreed(filing("sichuan.dept_evaluation", "evaluation", stated)).get(f"{own}.computed") == points


def test_sichuan_has_sign_number_and_unit_in_columns_of_their_own() -> None:
    own = "annual_indicators[产出指标/数量指标/甲]"
    stated = {f"{own}.nature": "≥", f"{own}.target": "100", f"{own}.measure": "人", f"{own}.weight": "10"}
    for actual, points in (("90", "9"), ("100", "10"), ("60", "0"), ("150", "0")):  # a 数量指标 off by more than 30 % gets nothing
        said = agreed(filing("sichuan.dept_evaluation", "evaluation", {**stated, f"{own}.actual": actual}))
        assert said[f"{own}.computed"] == points


def test_a_form_may_cap_the_total_by_the_execution_rate() -> None:
    text = (Path(load.__file__).parent / "definitions" / "mof.dept_evaluation.2020.toml").read_text("utf-8")
    adds = 'label = "总分", value = "points", '
    assert adds in text
    spec = load.parse_definition(text.replace(adds, f'{adds}capped_by = "funds.all.total.rate", '), "capped.toml")
    own = "annual_indicators[产出指标/数量指标/甲]"
    for executed, total in (("65", "79"), ("45", "59"), ("85", "98.5")):
        facts = {"funds.all.fiscal.budget": "100", "funds.all.fiscal.executed": executed, f"{own}.target": "≥1次",
                 f"{own}.actual": "1次", f"{own}.weight": "90"}  # fmt: skip
        made = filing("mof.dept_evaluation", "evaluation", facts)
        assert agreed(made, spec)["result.total_score"] == total


@pytest.mark.parametrize("form", [f.form.id for f in load.built_in_forms() if not f.is_follow_up])
def test_every_form_that_sets_targets_can_be_approved(form: str) -> None:
    spec = find_form(form)
    assert spec is not None and list(spec.form.stages) == ["declaration", "approval"] and "{stage}" in spec.form.title
