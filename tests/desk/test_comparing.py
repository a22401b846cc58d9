"""A resubmission against what was returned: asked, mended, still open, new, and changed without being asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.forms.reasons import reason_path
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.model.facts import Filing, Unit
from jixiao_xl.operations import CannotRun, Comparison
from jixiao_xl.workbook.facts_file import facts_text
from tests.conftest import NAMES, PUBLISHED, changed, published
from tests.desk.test_fixing import saved

SOUND = sample_filing(operations.form_named(FORM), 1, 2026)
TRAINING = "annual_indicators[履职效能/技能培训/开展技能培训场次]"
BASIS = "annual_indicators[运行成本/公用经费控制/公用经费控制率].basis"
FISCAL = "funds.income.fiscal.current"


def facts(filing: Filing, path: Path) -> Path:
    path.write_text(facts_text(filing), "utf-8")
    return path


def compared(old: Filing, new: Filing, folder: Path, **how: bool) -> Comparison:
    return operations.compare(facts(old, folder / "old.toml"), facts(new, folder / "new.toml"), **how)


def pairs(found: Comparison) -> list[tuple[str, str, str]]:
    return [(d.where.path, d.old, d.new) for d in found.own_changes]


@pytest.mark.parametrize("name", NAMES)
def test_a_form_and_its_workbook_do_not_differ(name: str, tmp_path: Path) -> None:
    book = saved(published(name), tmp_path / "a.xlsx")
    for old, new in ((book, PUBLISHED / f"{name}.toml"), (PUBLISHED / f"{name}.toml", book), (book, book)):
        found = operations.compare(old, new)
        assert found.unasked == () and found.mended == () and found.findings == ()
        assert [f for f in found.fresh if not f.code.startswith("CEL")] == []


def test_mended_open_new_and_unasked(tmp_path: Path) -> None:
    old = changed(SOUND, {"funds.expense.personnel.share": "55%", "annual_goal.text": None})
    new = changed(SOUND, {"funds.expense.personnel.share": "54%", "long_term_goal.text": None, "cover.filler": "李四"})
    found = compared(old, new, tmp_path)
    states = {(a.finding.code, a.finding.where.path): (a.state, a.old, a.new) for a in found.asked}
    assert states["FND103", "funds.expense.personnel.share"] == ("open", "55%", "54%")
    assert states["CMP101", "annual_goal.text"] == ("mended", "", SOUND.value("annual_goal.text"))
    assert ("CMP101", "long_term_goal.text") in {(f.code, f.where.path) for f in found.fresh}
    assert set(pairs(found)) == {("cover.filler", "示例", "李四"), ("long_term_goal.text", SOUND.value("long_term_goal.text"), "")}
    assert not found.is_clean


def test_a_total_that_follows_is_not_a_change_of_its_own(tmp_path: Path) -> None:
    new = changed(SOUND, {FISCAL: "566", "funds.income.total.current": "679", "funds.income.fiscal.share": "83.36%",
                          "funds.income.own_funds.share": "16.64%"})  # fmt: skip
    found = compared(SOUND, new, tmp_path)
    assert pairs(found) == [(FISCAL, "565", "566")]
    assert {d.where.path for d in found.unasked if d.follows} == {"funds.income.total.current", *(
        f"funds.income.{row}.share" for row in ("fiscal", "own_funds"))}  # fmt: skip
    stated = compared(SOUND, changed(SOUND, {"funds.income.total.current": "680"}), tmp_path)
    assert pairs(stated) == [("funds.income.total.current", "678", "680")], "written over: a change of its own"


def test_what_has_to_be_changed_to_mend_a_total_was_asked(tmp_path: Path) -> None:
    """收入合计不等于分项:改分项、改合计都是照要求改。"""
    old = changed(SOUND, {FISCAL: "500"})
    found = compared(old, SOUND, tmp_path)
    assert found.asked and not found.open and found.unasked == ()


def test_numbers_written_otherwise_and_blanks_around_lines_are_no_change(tmp_path: Path) -> None:
    text = SOUND.value("duties.text")
    assert text is not None
    again = changed(SOUND, {FISCAL: "565.00", "duties.text": text.replace("\n", " \n\n") + "\n"})
    assert compared(SOUND, again, tmp_path).unasked == ()


def renamed(filing: Filing, row: str, name: str) -> Filing:
    other = row.replace(row[row.rindex("/") + 1 : -1], name)
    moved = {p.replace(row, other): replace(f, path=p.replace(row, other)) for p, f in filing.facts.items()}
    return filing.with_facts(moved)


def test_a_renamed_row_is_one_change_and_so_is_a_row_that_came_or_went(tmp_path: Path) -> None:
    other = renamed(SOUND, TRAINING, "举办技能培训班")
    found = compared(SOUND, other, tmp_path)
    (one,) = found.own_changes
    assert (one.label, one.old, one.new) == (
        "名称", "履职效能/技能培训/开展技能培训场次", "履职效能/技能培训/举办技能培训班",
    )  # fmt: skip
    without = SOUND.with_facts({p: f for p, f in SOUND.facts.items() if not p.startswith(TRAINING)})
    (gone,) = compared(SOUND, without, tmp_path).own_changes
    assert gone.label == "整行" and gone.new == "" and "≥11场" in gone.old
    (came,) = compared(without, SOUND, tmp_path).own_changes
    assert came.label == "整行" and came.old == "" and "≥11场" in came.new


def test_a_row_asked_about_may_be_renamed(tmp_path: Path) -> None:
    old = renamed(SOUND, TRAINING, "____指标")
    found = compared(old, SOUND, tmp_path)
    assert "CMP103" in [a.finding.code for a in found.mended] and found.own_changes == ()


def test_a_project_with_another_code_is_one_change(tmp_path: Path) -> None:
    old = published("boye_2023")
    code = "13063723P004287100744"
    moved = {p.replace(code, "13063723P004287100745"): replace(f, path=p.replace(code, "13063723P004287100745"),
             value=f.value.replace(code, "13063723P004287100745")) for p, f in old.facts.items()}  # fmt: skip
    found = compared(old, old.with_facts(moved), tmp_path)
    assert [(d.old, d.new) for d in found.own_changes] == [(code, "13063723P004287100745")]
    without = old.with_facts({p: f for p, f in old.facts.items() if code not in p})
    gone = compared(old, without, tmp_path).own_changes
    assert [(d.label, d.where.sheet) for d in gone] == [("整个项目", "项目1")]


def test_of_two_wrong_words_in_one_text_the_one_left_is_open(tmp_path: Path) -> None:
    old = published("boye_2023")
    text = old.value("overall_goal.text")
    assert text is not None
    found = compared(old, changed(old, {"overall_goal.text": text.replace("区党工委", "县委")}), tmp_path, with_warnings=True)
    here = {a.finding.params["stated"]: a.state for a in found.asked
            if (a.finding.code, a.finding.where.path) == ("TXT102", "overall_goal.text")}  # fmt: skip
    assert here == {"全区": "open", "区党工委": "mended"}
    assert found.own_changes == () and found.fresh == ()


def test_a_reason_answers_a_warning_and_is_no_change(tmp_path: Path) -> None:
    old = changed(SOUND, {BASIS: None})
    new = changed(old, {reason_path("CMP102", BASIS): "按批复口径。"})
    found = compared(old, new, tmp_path, with_warnings=True)
    assert [(a.finding.code, a.state) for a in found.asked] == [("CMP102", "explained")]
    assert found.unasked == () and found.is_clean
    assert compared(old, new, tmp_path).asked == (), "a warning is asked about only when that is said"


def test_filling_the_rest_of_a_row_that_was_missing_is_asked(tmp_path: Path) -> None:
    row = {p: None for p in SOUND.facts if p.startswith("funds.")}
    found = compared(changed(SOUND, row), SOUND, tmp_path)
    assert "FND301" in [a.finding.code for a in found.mended] and found.own_changes == ()


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (replace(SOUND, unit=Unit("别家", "429900-S999")), "单位"),
        (replace(SOUND, unit=Unit("别家")), "单位"),
        (replace(SOUND, year=2027), "2027"),
        (replace(SOUND, stage="approval"), "批复"),
        (published("xinzhou_2020"), "表样"),
    ],
)
def test_two_filings_of_different_things_are_refused(other: Filing, said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as refused:
        compared(SOUND, other, tmp_path)
    (finding,) = refused.value.findings
    assert finding.code == "WBK113" and said in finding.message()


def test_the_older_one_sent_as_the_newer_is_said(tmp_path: Path) -> None:
    found = compared(replace(SOUND, revision=2), SOUND, tmp_path)
    assert [f.code for f in found.findings] == ["WBK114"] and not found.is_clean
    assert "旧版" in found.findings[0].message()


def test_only_codes_that_exist(tmp_path: Path) -> None:
    with pytest.raises(CannotRun) as refused:
        operations.compare(PUBLISHED / "boye_2023.toml", PUBLISHED / "boye_2023.toml", ["SCH999"])
    assert [f.code for f in refused.value.findings] == ["SYS908"]
