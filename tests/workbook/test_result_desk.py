"""A clerk fills 监控表 and 自评表 in Calc: points, total, grade and lights appear as one types, and go onto the paper."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.plan import FormPlan, Slot
from jixiao_xl.model.facts import Filing
from tests.office import Office
from tests.workbook.results import GENERAL, MONITORING, SICHUAN, spec_named

pytestmark = pytest.mark.slow


def template(layout: str, folder: Path) -> tuple[Path, FormPlan]:
    book = operations.make_template(layout, 2025, folder / "a.xlsx")
    spec = spec_named(layout)
    return book, plan_form(spec, Filing(spec.form.id, spec.form.edition, 2025, spec.form.first_stage))


def at(slot: Slot | None) -> str:
    assert slot is not None
    return f"{slot.sheet}!{slot.cell}"


def typed(plan: FormPlan, line: int, **values: str) -> list[str]:
    """Orders that fill a row of the indicators."""
    block = next(block for block in plan.blocks if block.block.id == "annual_indicators")
    return [f"type:{at(block.lines[line].slot(key))}={value}" for key, value in values.items()]


def shown(plan: FormPlan, line: int, key: str) -> str:
    block = next(block for block in plan.blocks if block.block.id == "annual_indicators")
    return f"get:{at(block.lines[line].slot(key))}"


def row_of(plan: FormPlan, line: int) -> int:
    return next(block for block in plan.blocks if block.block.id == "annual_indicators").lines[line].row + 1


NAMED = {"level1": "产出指标", "level2": "数量指标"}


def test_points_total_and_grade_appear_as_a_clerk_types_and_a_score_may_be_written_over(office: Office, tmp_path: Path) -> None:
    book, plan = template(GENERAL, tmp_path)
    saved, paths = tmp_path / "b.xlsx", plan.by_path
    said = office.at_the_desk(
        book,
        f"type:{at(paths['funds.all.fiscal.budget'])}=100", f"type:{at(paths['funds.all.fiscal.executed'])}=95.55",
        *typed(plan, 0, **NAMED, level3="培训场次", target="≥12场", actual="11场", weight="50"), shown(plan, 0, "score"),
        # in the middle of spare rows, and in one that was hidden
        *typed(plan, 6, **NAMED, level3="走访人数", target="≥100人", actual="100人", weight="30"), shown(plan, 6, "score"),
        f"show:绩效指标!{row_of(plan, 10)}", f"hidden:绩效指标!{row_of(plan, 10)}",
        *typed(plan, 10, level1="效益指标", level2="社会效益", level3="生活改善", target="显著", actual="较好", weight="10"),
        shown(plan, 10, "score"), *typed(plan, 10, score="8.5", cause="尚有两户没有改善"), shown(plan, 10, "score"),
        f"get:{at(paths['result.total_weight'])}", f"get:{at(paths['result.total_score'])}", f"get:{at(paths['result.grade'])}",
        # a locked cell refuses
        *typed(plan, 0, computed="50"), shown(plan, 0, "computed"), f"save:{saved}",
    )  # fmt: skip
    assert said == ["45.83", "30", "False", "", "8.5", "100", "93.89", "优", "45.83"]

    filing = operations.read(saved).filing
    assert filing is not None
    own = "annual_indicators[{}].score"
    scores = [filing.value(own.format(names)) for names in (
        "产出指标/数量指标/培训场次", "产出指标/数量指标/走访人数", "效益指标/社会效益/生活改善")]  # fmt: skip
    assert scores == ["45.83", "30", "8.5"] and filing.value("result.total_score") == "93.89"
    paper = load_workbook(saved, data_only=True)["打印表"]
    rows = [c.row for row in paper.iter_rows() for c in row if c.value in ("培训场次", "走访人数", "生活改善")]
    assert rows == list(range(rows[0], rows[0] + 3)) and not any(paper.row_dimensions[row].hidden for row in rows), "closed up"
    on_paper = {c.value for row in paper.iter_rows(min_row=rows[0], max_row=rows[-1]) for c in row}
    assert {"45.83", "30", "8.5", "尚有两户没有改善"} <= on_paper


def test_the_light_appears_with_the_month_and_what_was_done(office: Office, tmp_path: Path) -> None:
    book, plan = template(MONITORING, tmp_path)
    paths = plan.by_path
    said = office.at_the_desk(
        book,
        f"type:{at(paths['cover.month'])}=6", f"type:{at(paths['funds.all.fiscal.initial'])}=100",
        f"type:{at(paths['funds.all.fiscal.executed'])}=35", f"get:{at(paths['funds.all.fiscal.light'])}",
        f"get:{at(paths['funds.all.fiscal.rate'])}",
        *typed(plan, 0, **NAMED, level3="走访人数", target="≥100人", done="25人"), shown(plan, 0, "light"), shown(plan, 0, "ratio"),
        *typed(plan, 0, done="50人"), shown(plan, 0, "light"),
        *typed(plan, 12, **NAMED, level3="没有符号", target="23人", done="21人"), shown(plan, 12, "light"),
        *typed(plan, 12, method="正向"), shown(plan, 12, "light"),
    )  # fmt: skip
    assert said == ["黄", "35.00%", "红", "25.00%", "绿", "", "蓝"]


def test_sign_number_and_unit_of_the_sichuan_layout_are_scored_together(office: Office, tmp_path: Path) -> None:
    book, plan = template(SICHUAN, tmp_path)
    said = office.at_the_desk(
        book,
        *typed(plan, 2, **NAMED, level3="走访人数", nature="≥", target="100", measure="人", actual="90", weight="10"),
        shown(plan, 2, "score"), *typed(plan, 2, actual="60"), shown(plan, 2, "score"),
    )  # fmt: skip
    assert said == ["9", "0"]
