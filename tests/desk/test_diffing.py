"""申报 against 批复: amounts with their difference, targets, paragraphs, rows; across editions; on paper."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.model.changed_lines import FilingDiff
from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.operations import CannotRun
from jixiao_xl.workbook.diff_book import GAP, HEAD_ROW, NEW, OLD, RATE, SHEET
from tests.conftest import NAMES, PUBLISHED, changed, published
from tests.desk.test_comparing import FISCAL, TRAINING, facts, renamed
from tests.desk.test_fixing import saved
from tests.hosts.test_cli import assert_refused, jixiao
from tests.office import Office
from tests.ooxml_lint import faults

DECLARED = sample_filing(operations.form_named(FORM), 1, 2026)


def approved(changes: dict[str, str | None]) -> Filing:
    """What the unit declared, as approved with these changes."""
    return replace(changed(DECLARED, changes), stage="approval")


def differing(new: Filing, folder: Path, old: Filing = DECLARED) -> FilingDiff:
    return operations.diff(facts(old, folder / "申报.toml"), facts(new, folder / "批复.toml"))


def told(found: FilingDiff) -> list[tuple[str, str, str, str, str, str]]:
    return [(line.kind, line.change, line.label, line.old, line.new, line.spoken_difference) for line in found.own]


@pytest.mark.parametrize("name", NAMES)
def test_a_form_and_its_workbook_do_not_differ(name: str, tmp_path: Path) -> None:
    assert operations.diff(PUBLISHED / f"{name}.toml", saved(published(name), tmp_path / "a.xlsx")).lines == ()


def test_an_amount_says_its_difference_and_rate_and_the_total_follows(tmp_path: Path) -> None:
    found = differing(approved({FISCAL: "575.5", "funds.income.total.current": "688.5"}), tmp_path)
    (line,) = found.own
    assert (line.kind, line.change, line.label) == ("金额", "修改", "收入构成·财政拨款（当年金额）")
    assert (line.difference, line.spoken_difference, line.rate) == (Decimal("10.5"), "+10.5万元", Decimal("0.0186"))
    (total,) = (each for each in found.lines if each.follows)
    assert (total.label, total.difference) == ("收入构成·合计（当年金额）", Decimal("10.5"))


@pytest.mark.parametrize(
    ("old", "new", "gap", "rate"),
    [
        ("565", "500", Decimal(-65), Decimal("-0.1150")),
        ("0", "5", Decimal(5), None),
        (None, "5", None, None),
        ("5", None, None, None),
        ("约五百", "500", None, None),
        ("1234.567", "1234.565", Decimal("-0.002"), Decimal(0)),
    ],
    ids=["less", "from zero there is no rate", "a blank is not zero", "taken away", "no number", "three decimals"],
)
def test_what_can_be_subtracted_is(
    old: str | None, new: str | None, gap: Decimal | None, rate: Decimal | None, tmp_path: Path
) -> None:
    at = "funds.income.fiscal.before_last"
    (line,) = (each for each in differing(approved({at: new}), tmp_path, changed(DECLARED, {at: old})).own if each.where.path == at)
    assert (line.difference, line.rate) == (gap, rate)


@pytest.mark.parametrize(
    ("new", "gap"), [("≥12场", "+1场"), ("=12场", ""), ("≥12次", ""), ("11-15场", ""), ("按计划举办", "")]
)  # fmt: skip
def test_targets_of_one_kind_say_by_how_much_they_differ(new: str, gap: str, tmp_path: Path) -> None:
    assert [each[3:] for each in told(differing(approved({f"{TRAINING}.target": new}), tmp_path))] == [("≥11场", new, gap)]


def test_of_a_text_the_paragraphs_that_differ_are_told(tmp_path: Path) -> None:
    old = changed(DECLARED, {"duties.text": "一、管预算。\n二、管绩效。\n三、管资产。"})
    new = approved({"duties.text": "一、管预算。\n二、管绩效评价。\n三、管资产。\n四、管采购。"})
    assert told(differing(new, tmp_path, old)) == [
        ("文字", "修改", "部门职能概述 第 2 段", "二、管绩效。", "二、管绩效评价。", ""),
        ("文字", "新增", "部门职能概述 第 4 段", "", "四、管采购。", ""),
    ]


def test_a_row_comes_goes_or_is_called_otherwise(tmp_path: Path) -> None:
    without = DECLARED.with_facts({p: f for p, f in DECLARED.facts.items() if not p.startswith(TRAINING)})
    assert [each[:2] for each in told(differing(replace(without, stage="approval"), tmp_path))] == [("整行", "删去")]
    assert [each[:2] for each in told(differing(approved({}), tmp_path, without))] == [("整行", "新增")]
    other = renamed(approved({}), TRAINING, "举办技能培训班")
    assert [(each[1], each[3].rpartition("/")[2], each[4].rpartition("/")[2]) for each in told(differing(other, tmp_path))] == [
        ("更名", "开展技能培训场次", "举办技能培训班")
    ]


def test_two_rows_with_other_targets_are_not_one_row_renamed(tmp_path: Path) -> None:
    """依据、分类选得一样,不说明是同一个指标。"""
    other = TRAINING.replace("开展技能培训场次", "建成劳模工作室")
    gone = approved({p: None for p in DECLARED.facts if p.startswith(TRAINING)})
    same = {
        p.replace(TRAINING, other): Fact(p.replace(TRAINING, other), f.value)
        for p, f in DECLARED.facts.items()
        if p.startswith(TRAINING)
    }
    new = changed(
        gone.with_facts(gone.facts | same), {f"{other}.target": "≥3个", f"{other}.last": "2个", f"{other}.before_last": "1个"}
    )
    assert sorted(each[:2] for each in told(differing(new, tmp_path))) == [("整行", "删去"), ("整行", "新增")]


def test_a_name_typed_in_other_width_or_quotes_is_the_same_row_whatever_its_values(tmp_path: Path) -> None:
    old = renamed(DECLARED, TRAINING, "开展“技能”培训场次（场）")
    new = renamed(approved({}), TRAINING, "开展技能 培训场次(场)")
    here = "annual_indicators[履职效能/技能培训/开展技能 培训场次(场)]"
    new = changed(new, {f"{here}.target": "≥99场", f"{here}.last": "8场", f"{here}.before_last": "7场"})
    assert {each[:2] for each in told(differing(new, tmp_path, old))} == {("指标", "修改")}


def test_a_line_renamed_by_a_later_edition_is_one_line_both_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "forms"
    own.mkdir()
    definition = (Path(operations.__file__).parent / "forms" / "definitions" / "hubei.dept_overall.2025.toml").read_text("utf-8")
    (own / "later.toml").write_text(
        definition.replace('edition   = "2025"', 'edition   = "2030"')
        .replace('{ id = "own_funds", label = "单位资金" }', '{ id = "other", label = "其他资金", was = ["income.own_funds"] }', 1)
        .replace('"special_account", "own_funds"]', '"special_account", "other"]', 1),
        "utf-8",
    )
    monkeypatch.setenv("JIXIAO_FORMS", str(own))
    moved = {p.replace("income.own_funds", "income.other"): replace(f, path=p.replace("income.own_funds", "income.other"))
             for p, f in DECLARED.facts.items()}  # fmt: skip
    later = changed(replace(DECLARED, edition="2030").with_facts(moved), {"funds.income.other.current": "120"})
    assert told(differing(later, tmp_path)) == [("金额", "修改", "收入构成·其他资金（当年金额）", "113", "120", "+7万元")]
    assert told(differing(DECLARED, tmp_path, later)) == [("金额", "修改", "收入构成·单位资金（当年金额）", "120", "113", "-7万元")]


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(DECLARED, unit=Unit("别家", "429900-S999")), "单位一是示例单位01，一是别家"),
        (replace(published("boye_2023"), unit=DECLARED.unit), "没有相同的表"),
    ],
)
def test_what_cannot_be_compared_is_refused(other: Filing, said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as refused:
        differing(other, tmp_path)
    (finding,) = refused.value.findings
    assert finding.code == "DIF101" and said in finding.message()


def test_of_two_forms_what_both_have_is_compared(tmp_path: Path) -> None:
    """阳新 and 鄂州 print the same funds table; the lines that only one form has are no difference."""
    ezhou, yangxin = published("ezhou_2025"), published("yangxin_2024")
    found = differing(replace(ezhou, unit=yangxin.unit), tmp_path, yangxin)
    assert found.own and {line.where.path.partition("[")[0].partition(".")[0] for line in found.own} <= {
        "cover", "funds", "duties", "annual_tasks", "long_term_goal", "long_term_indicators", "annual_goal", "annual_indicators",
    }  # fmt: skip


def test_the_command_tells_json_and_the_sheet_the_same(tmp_path: Path) -> None:
    old, new = facts(DECLARED, tmp_path / "a.toml"), facts(approved({FISCAL: "566", "annual_goal.text": None}), tmp_path / "b.toml")
    out = tmp_path / "对比.xlsx"
    done = jixiao("diff", old, new, "-o", out)
    assert done.returncode == 0 and "565 → 566（+1万元，0.18%）" in done.stdout and "金额 1 处，文字 1 处" in done.stdout
    lines = json.loads(jixiao("diff", old, new, "--json").stdout)["lines"]
    assert [(line["kind"], line["difference"], line["rate"]) for line in lines][:1] == [("金额", "1", "0.18%")]
    assert_refused(jixiao("diff", old, new, "-o", out), "SYS904")
    assert_refused(jixiao("diff", old, tmp_path / "没有.toml"), "SYS906")


def test_the_sheet_is_on_a4_with_filter_and_frozen_heads_and_calc_agrees(tmp_path: Path, office: Office) -> None:
    out = tmp_path / "对比.xlsx"
    new = approved(
        {FISCAL: "575.5", "funds.income.special_account.current": "0", f"{TRAINING}.target": "≥12场", "annual_goal.text": "甲\n乙"}
    )
    found = operations.diff(facts(DECLARED, tmp_path / "a.toml"), facts(new, tmp_path / "b.toml"), out)
    assert faults(out) == []
    sheet = load_workbook(out)[SHEET]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.freeze_panes) == (9, "landscape", "D5")
    assert sheet.auto_filter.ref == f"A4:I{HEAD_ROW + 1 + len(found.lines)}"
    (again,) = office.converted([out], "xlsx")
    for name in (out, again):
        shown = load_workbook(name, data_only=True)[SHEET]
        for row, line in enumerate(found.lines, HEAD_ROW + 2):
            cells = [shown.cell(row, column + 1).value for column in (OLD, NEW, GAP, RATE)]
            if line.kind == "金额" and line.numbers:
                assert [Decimal(str(cell)) for cell in cells] == [*line.numbers, line.difference, line.rate]
            else:
                assert [cell or "" for cell in cells] == [line.old, line.new, line.spoken_difference, ""]
