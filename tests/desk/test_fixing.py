"""按建议修改: what can be computed is put right, nothing else changes, and the file itself stays as it is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.desk import fixing
from jixiao_xl.desk.draft import Draft
from jixiao_xl.forms.reasons import reason_path
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.model.amounts import read_amount, show_amount
from jixiao_xl.model.codes import CATALOGUE
from jixiao_xl.model.facts import Fact, Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.operations import CannotRun, Fixed
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.facts_file import facts_text
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.reading import Reading
from tests.conftest import NAMES, PUBLISHED, changed, published, spec_of

SPEC = operations.form_named(FORM)
SOUND = sample_filing(SPEC, 1, 2026)
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
AMOUNTS = sorted(p for p, f in SOUND.facts.items() if p.startswith("funds.") and ".total." not in p and not p.endswith(".share"))
NONZERO = [p for p in AMOUNTS if SOUND.facts[p].value != "0"]
SHARES = [f"funds.expense.{row}.share" for row in ("personnel", "operating", "special_purpose")]
WORDS = sorted(p for p, f in SOUND.facts.items() if f.value == "绩效基本型")
# 非税收入 may exceed its budget: there ≥100% is no fault
WHOLE = sorted(p for p, f in SOUND.facts.items() if f.value == "=100%" and p.endswith(".target") and "非税" not in p)


def saved(filing: Filing, path: Path, *, as_stated: bool = True) -> Path:
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=as_stated)))
    return path


def facts_of(reading: Reading) -> dict[str, str]:
    assert reading.filing is not None
    return facts_of_filing(reading.filing)


def facts_of_filing(filing: Filing) -> dict[str, str]:
    return {path: fact.value for path, fact in filing.facts.items() if fact.value}


def said(fixed: Fixed) -> dict[str, tuple[str, str, str]]:
    return {c.where.path: (c.code, c.old, c.new) for c in fixed.changes}


def assert_nothing_else_changed(before: Path, fixed: Fixed) -> None:
    """Proved by reading both files: what differs is what the list says, with the values it says."""
    assert fixed.out is not None
    first, second = operations.read(before), operations.read(fixed.out)
    old, new = facts_of(first), facts_of(second)
    listed = {c.where.path: (c.old, c.new) for c in fixed.changes}
    different = {p: (old.get(p, ""), new.get(p, "")) for p in old.keys() | new.keys() if old.get(p) != new.get(p)}
    assert different == {p: pair for p, pair in listed.items() if pair[0] != pair[1]}
    assert first.replaced.keys() - second.replaced.keys() <= listed.keys()
    assert second.replaced.keys() <= first.replaced.keys()
    assert first.text_amounts - listed.keys() <= second.text_amounts
    assert first.filing is not None and second.filing is not None
    assert first.filing.unit == second.filing.unit and second.filing.revision == first.filing.revision + 1


@st.composite
def corruptions(draw: st.DrawFn) -> dict[str, str]:
    """Slips of every kind that can be computed away, each on a cell of its own."""
    wrong = {p: SOUND.facts[p].value.translate(WIDE) for p in draw(st.sets(st.sampled_from(AMOUNTS), max_size=3))}
    for path in draw(st.sets(st.sampled_from(NONZERO), max_size=3)):
        amount = read_amount(SOUND.facts[path].value)
        assert amount is not None
        wrong[path] = show_amount(amount * 10_000).translate(WIDE if draw(st.booleans()) else {})
    if draw(st.booleans()):
        a, b = draw(st.permutations(SHARES))[:2]
        wrong |= {a: SOUND.facts[b].value, b: SOUND.facts[a].value}
    wrong |= dict.fromkeys(draw(st.sets(st.sampled_from(WORDS), max_size=3)), "基本型")
    return wrong | dict.fromkeys(draw(st.sets(st.sampled_from(WHOLE), max_size=3)), "≥100%")


def tried(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)


@tried(40)
@given(corruptions())
def test_whatever_can_be_computed_is_put_back_as_it_was(wrong: dict[str, str]) -> None:
    with TemporaryDirectory() as name:
        facts, out = Path(name) / "a.toml", Path(name) / "b.toml"
        facts.write_text(facts_text(changed(SOUND, wrong)), "utf-8")
        fixed = operations.fix(facts, out)
        if not wrong:
            assert fixed.out is None and not out.exists()
            return
        assert_nothing_else_changed(facts, fixed)
        assert facts_of(operations.read(out)) == facts_of_filing(SOUND)
        assert not [f for f in fixed.left.findings if f.severity == "error"]


@tried(5)
@given(corruptions(), st.booleans())
def test_in_a_workbook_too_and_its_formulas_are_back(wrong: dict[str, str], as_stated: bool) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = saved(changed(SOUND, wrong), folder / "a.xlsx", as_stated=as_stated)
        untouched = book.read_bytes()
        sound = facts_of(operations.read(saved(SOUND, folder / "sound.xlsx")))
        fixed = operations.fix(book, folder / "b.xlsx")
        if facts_of(operations.read(book)) == sound:
            assert fixed.out is None and not fixed.changes
            return
        assert_nothing_else_changed(book, fixed)
        mended = operations.read(folder / "b.xlsx")
        assert facts_of(mended) == sound
        assert not mended.replaced, "totals and shares are formulas again"
        assert not [f for f in fixed.left.findings if f.severity == "error"]
        assert book.read_bytes() == untouched


@tried(6)
@given(corruptions(), st.sets(st.sampled_from(["CEL102", "CEL106", "FND101", "FND103", "FND105", "FND107", "IND110"]), min_size=1))
def test_only_touches_nothing_else(wrong: dict[str, str], only: set[str]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = saved(changed(SOUND, wrong), folder / "a.xlsx")
        fixed = operations.fix(book, folder / "b.xlsx", only=sorted(only))
        if fixed.out is None:
            return
        assert_nothing_else_changed(book, fixed)
        assert {code for c in fixed.changes for code in c.code.split("、")} <= only
        # what a person wrote over and nobody asked about still stands there
        overwritten = operations.read(book).replaced
        asked = {c.where.path for c in fixed.changes if not c.follows}
        kept = operations.read(fixed.out).replaced
        assert {p: v for p, v in overwritten.items() if p not in asked} == {p: v for p, v in kept.items() if p not in asked}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["workbook", "facts"])
def test_of_a_published_form_only_the_listed_cells_change(name: str, kind: str, tmp_path: Path) -> None:
    path = saved(published(name), tmp_path / "a.xlsx") if kind == "workbook" else PUBLISHED / f"{name}.toml"
    before = operations.check(path)
    out = tmp_path / ("b.xlsx" if kind == "workbook" else "b.toml")
    fixed = operations.fix(path, out)
    if fixed.out is None:
        assert not out.exists() and [f.code for f in fixed.findings][:1] == ["FIX101"]
        return
    assert_nothing_else_changed(path, fixed)
    had = {(f.code, f.where.path) for f in before.findings if f.severity == "error"}
    assert {(f.code, f.where.path) for f in fixed.left.findings if f.severity == "error"} < had or name not in (
        "ezhou_2025",
        "boye_2023",
    )
    assert {(f.code, f.where.path) for f in fixed.left.findings if f.severity == "error"} <= had, "no new error anywhere"


def test_the_swapped_digits_of_the_published_share_become_a_formula_again(tmp_path: Path) -> None:
    book = saved(published("ezhou_2025"), tmp_path / "a.xlsx")
    fixed = operations.fix(book, tmp_path / "b.xlsx", only=["fnd103"])
    assert said(fixed) == {"funds.expense.special_purpose.share": ("FND103", "40.95%", "40.59%")}
    assert fixed.changes[0].note == "恢复公式" and fixed.changes[0].where.spoken() == "资金情况!E12"
    cell = load_workbook(tmp_path / "b.xlsx")["资金情况"]["E12"].value
    assert isinstance(cell, str) and cell.startswith("=")


def test_a_missing_end_of_the_plan_is_filled_and_a_wrong_one_put_right(tmp_path: Path) -> None:
    fixed = operations.fix(PUBLISHED / "boye_2023.toml", tmp_path / "b.xlsx", only=["SCH103"])
    assert [(c.code, c.where.spoken(), c.old, c.new) for c in fixed.changes] == [
        ("SCH103", "项目1!F12", "", "100%"), ("SCH103", "项目2!F12", "", "100%"),
    ]  # fmt: skip


def test_totals_and_shares_follow_an_amount_and_name_its_code(tmp_path: Path) -> None:
    wrong = {"funds.income.fiscal.current": "5650000"}
    book = saved(changed(SOUND, wrong), tmp_path / "a.xlsx", as_stated=False)
    fixed = operations.fix(book, tmp_path / "b.xlsx")
    sound = SOUND.value("funds.income.fiscal.current")
    assert sound == "565"
    assert said(fixed)["funds.income.fiscal.current"] == ("FND105", "5650000", sound)
    followers = {c.where.path: c for c in fixed.changes if c.follows}
    assert set(followers) == {"funds.income.total.current", "funds.income.fiscal.share", "funds.income.own_funds.share"}
    assert {c.code for c in followers.values()} == {"FND105"}


def test_a_total_of_blank_or_zero_parts_is_left_alone(tmp_path: Path) -> None:
    """阳新一类:分项全是 0、合计 1058.85,缺的是分项,不是合计错。"""
    zero = {f"funds.income.{row}.last": "0" for row in ("fiscal", "special_account", "own_funds")}
    book = saved(changed(SOUND, zero), tmp_path / "a.xlsx")
    fixed = operations.fix(book, tmp_path / "b.xlsx")
    assert fixed.out is None and not (tmp_path / "b.xlsx").exists()
    assert [f.code for f in fixed.findings] == ["FIX101"] and fixed.left.findings


def test_a_value_that_would_raise_another_error_is_not_taken(tmp_path: Path) -> None:
    """支出合计按分项算出来就与收入不等:缺的是分项,照改反而错。"""
    part = "funds.expense.personnel.last"
    book = saved(changed(SOUND, {part: "100"}), tmp_path / "a.xlsx")
    fixed = operations.fix(book, tmp_path / "b.xlsx")
    assert fixed.out is None
    refused = next(f for f in fixed.findings if f.code == "FIX103")
    assert refused.where.path == "funds.expense.total.last" and refused.params["errors"] == "FND201"


def test_a_text_that_would_be_left_empty_is_not_taken(tmp_path: Path) -> None:
    facts = tmp_path / "a.toml"
    facts.write_text(facts_text(changed(SOUND, {"duties.text": "<p></p>"})), "utf-8")
    fixed = operations.fix(facts, tmp_path / "b.toml")
    assert fixed.out is None
    assert ("FIX103", "duties.text") in [(f.code, f.where.path) for f in fixed.findings]


def test_of_two_values_for_one_cell_the_graver_one_is_taken_and_the_other_named(tmp_path: Path) -> None:
    """支出合计写成全角:先改成数字,再按分项恢复公式。"""
    path = "funds.expense.total.current"
    book = saved(changed(SOUND, {path: "６３０"}), tmp_path / "a.xlsx")
    fixed = operations.fix(book, tmp_path / "b.xlsx", only=["CEL102"])
    assert said(fixed) == {path: ("CEL102", "６３０", "630")}, "a number now, and still as stated"
    assert operations.read(tmp_path / "b.xlsx").replaced[path] == "630"
    both = operations.fix(book, tmp_path / "c.xlsx")
    assert said(both)[path] == ("CEL102、FND107", "６３０", SOUND.value(path))
    assert not operations.read(tmp_path / "c.xlsx").replaced


def test_a_guess_is_no_suggestion_for_a_program(tmp_path: Path) -> None:
    """日期还原、照上年、四舍五入、补比较符都要人看:只有算得出唯一正确值的才算。"""
    sure = {code for code, entry in CATALOGUE.items() if entry.sure}
    assert {"FND101", "FND103", "FND105", "FND107", "CEL102", "CEL106", "SCH103", "IND110"} <= sure
    assert not sure & {"CEL103", "CEL111", "FND102", "FND202", "IND108", "IND109", "IND111", "IND202", "PRI101", "TXT109"}
    target = "annual_indicators[履职效能/技能培训/开展技能培训场次].target"
    book = saved(SOUND, tmp_path / "a.xlsx")
    workbook = load_workbook(book)
    place = operations.read(book).places[target]
    cell = workbook[place.sheet][place.cell]
    cell.value, cell.number_format = dt.datetime(2026, 1, 2), 'm"月"d"日"'
    workbook.save(book)
    assert "CEL111" in [f.code for f in operations.check(book).findings]
    assert operations.fix(book, tmp_path / "b.xlsx").out is None


def test_a_text_amount_becomes_a_number_and_a_date_stays_a_date(tmp_path: Path) -> None:
    amount, target = "funds.income.fiscal.current", "annual_indicators[履职效能/技能培训/开展技能培训场次].last"
    book = saved(SOUND, tmp_path / "a.xlsx")
    workbook, places = load_workbook(book), operations.read(book).places
    workbook[places[amount].sheet][places[amount].cell].value = SOUND.value(amount)
    cell = workbook[places[target].sheet][places[target].cell]
    cell.value, cell.number_format = dt.datetime(2026, 1, 2), "yyyy-mm-dd"
    workbook.save(book)
    fixed = operations.fix(book, tmp_path / "b.xlsx")
    assert said(fixed) == {amount: ("CEL102", "565", "565")} and fixed.changes[0].note == "文本改为数字"
    read = operations.read(tmp_path / "b.xlsx")
    assert amount not in read.text_amounts and target in read.dates


def test_reasons_and_a_typed_unit_code_are_kept(tmp_path: Path) -> None:
    basis = "annual_indicators[运行成本/公用经费控制/公用经费控制率].basis"
    why = reason_path("CMP102", basis)
    blank = operations.make_template(FORM, 2026, tmp_path / "blank.xlsx")
    key_place = load_workbook(blank).defined_names["jx.unit_key"].attr_text
    filing = changed(SOUND, {basis: None, why: "按批复口径。", WORDS[0]: "基本型"})
    book = saved(Filing(filing.form, filing.edition, 2026, filing.stage, facts=filing.facts), tmp_path / "a.xlsx")
    workbook = load_workbook(book)
    workbook["封面"][key_place.rpartition("!")[2].replace("$", "")].value = "429900-S001"
    workbook.save(book)
    fixed = operations.fix(book, tmp_path / "b.xlsx")
    assert said(fixed) == {WORDS[0]: ("CEL106", "基本型", "绩效基本型")}
    read = operations.read(tmp_path / "b.xlsx")
    assert read.filing is not None
    assert read.filing.value(why) == "按批复口径。"
    assert read.filing.unit.key == "429900-S001" and read.filing.issued_to == "", "typed, not issued"


def test_a_doubt_about_the_unit_is_not_settled_by_fixing(tmp_path: Path) -> None:
    book = saved(changed(SOUND, {"cover.unit_name": "别的单位", WORDS[0]: "基本型"}), tmp_path / "a.xlsx")
    operations.fix(book, tmp_path / "b.xlsx")
    assert "WBK110" in [f.code for f in operations.check(tmp_path / "b.xlsx").findings]


def test_a_facts_file_comes_back_as_a_facts_file(tmp_path: Path) -> None:
    facts = tmp_path / "a.toml"
    odd = changed(SOUND, {WORDS[0]: "基本型", "annual_goal.text": '“一”\n"二"\\三\t四'})
    odd = odd.with_facts({p: f for p, f in odd.facts.items() if not p.startswith("funds.income.total")})
    facts.write_text(facts_text(odd), "utf-8")
    fixed = operations.fix(facts, tmp_path / "b.toml")
    assert_nothing_else_changed(facts, fixed)
    assert facts_of(operations.read(tmp_path / "b.toml")).keys() == {p for p, f in odd.facts.items() if f.value}


def test_a_file_of_which_something_was_not_read_is_not_copied(tmp_path: Path) -> None:
    facts = tmp_path / "a.toml"
    lost = {"funds.income.nobody.current": Fact("funds.income.nobody.current", "1")}
    facts.write_text(facts_text(SOUND.with_facts(SOUND.facts | lost)), "utf-8")
    with pytest.raises(CannotRun) as refused:
        operations.fix(facts, tmp_path / "b.xlsx")
    assert [f.code for f in refused.value.findings] == ["FIX102", "WBK109"]
    assert not (tmp_path / "b.xlsx").exists()


def test_only_takes_codes_that_have_a_certain_suggestion(tmp_path: Path) -> None:
    for code in ("IND106", "CEL111", "nonsense"):
        with pytest.raises(CannotRun) as refused:
            operations.fix(PUBLISHED / "boye_2023.toml", tmp_path / "b.xlsx", only=[code])
        assert [f.code for f in refused.value.findings] == ["SYS908"]


def test_a_value_passed_over_is_named_unless_it_is_taken_later() -> None:
    facts = changed(SOUND, {"funds.expense.total.current": "６３０"})
    draft = Draft(Reading("a.toml", SPEC, facts), from_workbook=False)
    where = Where("funds.expense.total.current", "资金情况", "D13")
    graver = Finding("FND107", "error", where, {"label": "合计"}, "678")
    other = Finding("CEL102", "warning", where, {"label": "合计"}, "630")
    attempt = fixing._Attempt(draft)
    assert fixing._one_for_each_cell(attempt, [other, graver]) == {where.path: graver}
    (told,) = fixing._passed_over(attempt)
    assert told.code == "FIX104" and "采用“678”，没有采用“630”（CEL102）" in told.message()
    attempt.written.append(other)
    assert list(fixing._passed_over(attempt)) == []


@pytest.mark.parametrize("as_stated", [True, False])
def test_yuan_that_cannot_be_told_from_an_amount_is_left_to_a_person(as_stated: bool, tmp_path: Path) -> None:
    """5 万元以元填成 50000,不像元:另外两格改成万元,这一格留给人改;收支不等改前改后都说。"""
    column = {"income.fiscal": "5650000", "income.own_funds": "50000", "income.total": "5700000",
              "expense.personnel": "5700000", "expense.operating": "0", "expense.special_purpose": "0",
              "expense.total": "5700000"}  # fmt: skip
    wrong = {f"funds.{row}.last": value for row, value in column.items()}
    book = saved(changed(SOUND, wrong), tmp_path / "a.xlsx", as_stated=as_stated)
    unbalanced = ("FND201", "funds.expense.total.last")
    assert unbalanced in {(f.code, f.where.path) for f in operations.check(book).findings}
    fixed = operations.fix(book, tmp_path / "b.xlsx")
    certain = {"funds.income.fiscal.last": "565", "funds.expense.personnel.last": "570"}
    assert {c.where.path: c.new for c in fixed.changes if c.code == "FND105"}.items() >= certain.items()
    assert "funds.income.own_funds.last" not in said(fixed)
    assert unbalanced in {(f.code, f.where.path) for f in fixed.left.findings}


def test_words_over_a_total_give_way_to_its_formula(tmp_path: Path) -> None:
    total = "funds.income.total.current"
    book = saved(changed(SOUND, {total: "见附表"}), tmp_path / "a.xlsx")
    fixed = operations.fix(book, tmp_path / "b.xlsx")
    assert said(fixed)[total] == ("CEL101", "见附表", "678")
    assert facts_of(operations.read(tmp_path / "b.xlsx")) == facts_of_filing(SOUND)


def test_without_another_year_to_go_by_yuan_is_not_put_right_where_the_sums_then_disagree(tmp_path: Path) -> None:
    """同上,但没有往年可比:只改两格收支就不等了,所以都不改。"""
    column = {"income.fiscal": "5650000", "income.own_funds": "50000", "income.total": "5700000",
              "expense.personnel": "5700000", "expense.operating": "0", "expense.special_purpose": "0",
              "expense.total": "5700000"}  # fmt: skip
    other_years = dict.fromkeys(p for p in SOUND.facts if p.startswith("funds.") and p.endswith("last"))
    wrong = other_years | {f"funds.{row}.current": value for row, value in column.items()}
    fixed = operations.fix(saved(changed(SOUND, wrong), tmp_path / "a.xlsx", as_stated=False), tmp_path / "b.xlsx")
    refused = {f.where.path: f.params["errors"] for f in fixed.findings if f.code == "FIX103"}
    assert refused == {"funds.income.fiscal.current": "FND201", "funds.expense.personnel.current": "FND201"}
    assert fixed.out is None
