"""测算表: what is entered once gives every rate, in Excel and in Python alike, and goes with the filing."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.prior_year import QUANTITY_NOTE
from jixiao_xl.forms.formulas import DIFFERS, UNCLEAR
from jixiao_xl.forms.indicators import known_indicators, known_quantities
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import DefinitionError, built_in_forms, load_definition
from jixiao_xl.forms.measures import SHEET, MeasuredRate, MeasurePlan, Measures, measured
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing
from jixiao_xl.model.amounts import read_amount, show_amount
from jixiao_xl.model.facts import Fact, Filing
from jixiao_xl.rules.engine import judge
from jixiao_xl.workbook.build import build_workbook, plan_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions, FillSheets
from jixiao_xl.workbook.identity import FIELDS
from jixiao_xl.workbook.measure_sheet import draw_measures
from jixiao_xl.workbook.pages import Book
from tests.conftest import changed, spec_of
from tests.office import Office
from tests.recalculation import disagreements
from tests.rules.test_rules import parent

HUBEI = operations.form_named("hubei.dept_overall")
JIANGSU = operations.form_named("jiangsu.dept_overall")
SPENDING = "annual_indicators[运行成本/公用经费控制/公用经费控制率]"
AMOUNT = (
    st.none()
    | st.just(Decimal(0))
    | st.decimals(0, 9999, places=2)
    | st.decimals(0, 99, places=1)
    | st.integers(0, 300).map(Decimal)
)


def empty(form: str = "hubei.dept_overall") -> Filing:
    spec = operations.form_named(form)
    return Filing(spec.form.id, spec.form.edition, 2025, "declaration")


def entered(quantities: dict[str, str], form: str = "hubei.dept_overall") -> Filing:
    return changed(empty(form), {f"measure.{name}": value for name, value in quantities.items()})


def drawn(filing: Filing) -> tuple[MeasurePlan, Book]:
    plan, book = plan_form(spec_of(filing), filing), Book()
    FillSheets(plan, filing, BuildOptions(), book).draw()
    draw_measures(plan, book, {})
    assert plan.measure is not None
    return plan.measure, book


def rate_named(measure: MeasurePlan, name: str) -> MeasuredRate:
    return next(rate for rate in measure.rates if name in rate.name)


def shown(filing: Filing, name: str, column: str) -> object:
    """The 测算值 of a rate, as the workbook's own formula gives it."""
    measure, book = drawn(filing)
    return book.value(SHEET, rate_named(measure, name).row, measure.column_of(column))


def saved(filing: Filing, path: Path) -> Path:
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=True)))
    return path


def quantities(filing: Filing | None) -> dict[str, str]:
    assert filing is not None
    return {path: fact.value for path, fact in filing.facts.items() if path.startswith("measure.")}


# ---- the rates ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("of", "to", "last", "target"),
    [
        ("985", "1000", "98.5%", "≤98.5%"),
        ("50", "50", "100%", "≤100%"),
        ("0", "12.5", "0%", "≤0%"),
        ("1", "3", "33.33%", "≤33.33%"),
        ("2", "3", "66.67%", "≤66.67%"),
        ("1.005", "100", "1.01%", "≤1.01%"),
        ("0.045", "1000", "0%", "≤0%"),
        ("0.05", "1000", "0.01%", "≤0.01%"),
        ("3", "0", "不适用", "不适用"),
        ("0", "0", "不适用", "不适用"),
        ("3", None, "", ""),
        (None, "3", "", ""),
        ("见附表", "3", "", ""),
    ],
)
def test_a_rate_is_printed_as_an_indicator_value(of: str | None, to: str | None, last: str, target: str) -> None:
    given_numbers = {f"office_{part}.{c}": n for part, n in (("spent", of), ("budget", to)) for c in ("last", "target") if n}
    assert shown(entered(given_numbers), "公用经费控制率", "last") == last
    assert shown(entered(given_numbers), "公用经费控制率", "target") == target


def test_the_operator_of_a_target_is_the_one_that_belongs() -> None:
    measure, _ = drawn(empty())
    operators = {rate.name: rate.operator for rate in measure.rates}
    assert [operators[n] for n in ("公用经费控制率", "预算执行率", "非税收入预算完成率", "结转结余率")] == ["≤", "=", "≥", "≤"]
    assert shown(entered({"executed.target": "98.5", "budget.target": "100"}), "预算执行率", "target") == "=98.5%"


def test_three_public_falls_from_3_to_2_86_by_4_67_percent() -> None:
    filing = entered({"three_public.before_last": "3.0", "three_public.last": "2.86", "three_public.target": "3"})
    assert [shown(filing, "变动率", c) for c in ("before_last", "last", "target")] == ["", "-4.67%", "≤4.9%"]
    assert shown(changed(filing, {"measure.three_public.earlier": "4"}), "变动率", "before_last") == "-25%"
    assert shown(changed(filing, {"measure.three_public.before_last": "0"}), "变动率", "last") == "不适用"
    half_step = {"measure.three_public.last": "1.00795", "measure.three_public.before_last": "1"}
    assert shown(changed(filing, half_step), "变动率", "last") == "0.8%", "0.795 % rounds up, as Decimal has it"


def test_the_change_on_the_jiangsu_form_is_against_the_same_span_of_last_year() -> None:
    filing = entered({"three_public.last_half": "1", "three_public.half": "0.9", "three_public.last": "3", "three_public.full": "2.86"},
                     "jiangsu.dept_overall")  # fmt: skip
    assert [shown(filing, "变动率", c) for c in ("half", "full")] == ["≤-10%", "≤-4.67%"]


def test_what_the_funds_table_asks_for_is_not_asked_again() -> None:
    filing = changed(entered({"adjusted.target": "5"}), {"funds.expense.personnel.current": "100"})
    assert shown(filing, "预算调整率", "target") == "≤5%"
    assert shown(entered({"adjusted.target": "5"}), "预算调整率", "target") == "", "a blank funds table is not zero"
    half = {"funds.income.general_budget.full": "100", "funds.expense.basic.half": "43.46"}
    assert shown(changed(empty("jiangsu.dept_overall"), half), "预算执行率", "half") == "=43.46%"
    for spec in built_in_forms():
        assert len(Measures(spec).taken) == len(spec.form.quantities), "a path in `quantities` names no line"


def measured_in_python(filing: Filing, measure: MeasurePlan) -> dict[tuple[str, str], str]:
    plan = plan_form(spec_of(filing), filing)

    def amount(slot: object) -> Decimal | None:
        value = filing.value(slot.path.text)  # type: ignore[attr-defined]
        return None if value is None else read_amount(value)

    assert plan.measure is not None
    found = {}
    for rate in measure.rates:
        for column in measure.results:
            own = measured(plan.measure, rate, column.id, amount)
            operator = "" if column.year < 0 else rate.operator
            found[rate.name, column.id] = own.printed(operator) if own else ""
    return found


@settings(max_examples=40, deadline=None)
@given(st.lists(AMOUNT, min_size=90, max_size=90))
def test_formula_and_decimal_give_the_same_text(amounts: list[Decimal | None]) -> None:
    slots = [slot for line in drawn(empty())[0].block.lines for slot in line.slots]
    filing = changed(empty(), {s.path.text: show_amount(a) for s, a in zip(slots, amounts, strict=False) if a is not None})
    measure, book = drawn(filing)
    for (name, column), text in measured_in_python(filing, measure).items():
        if ("initial_budget", column) not in measure.taken:
            assert book.value(SHEET, rate_named(measure, name).row, measure.column_of(column)) == text


STATED = st.sampled_from(
    ["", "98%", "≤98%", "≥98%", "=98%", "98.01%", "＝98％", "<100%", "-2%", "100%", "不适用", "健全", "1-5%", "98", "/"]
)


@settings(max_examples=60, deadline=None)
@given(
    STATED, STATED,
    st.sampled_from(["98", "97.99", "98.02", "0", "100", "102", "-2"]), st.sampled_from(["100", "0", "", "50"]),
)  # fmt: skip
def test_the_workbook_and_the_judge_mark_alike(last: str, target: str, of: str, to: str) -> None:
    stated = {f"{SPENDING}.last": last or None, f"{SPENDING}.target": target or None}
    numbers = {f"office_{part}.{c}": n for part, n in (("spent", of), ("budget", to)) for c in ("last", "target") if n}
    filing = changed(entered(numbers), stated)
    measure, book = drawn(filing)
    found = {f.where.path.rpartition(".")[2] for f in judge(HUBEI, filing).findings if f.code == "IND305"}
    rate = rate_named(measure, "公用经费控制率")
    for column in ("last", "target"):
        cell = measure.mark(rate, column)
        mark = book.value(cell.sheet, cell.row, cell.column)
        assert (mark == DIFFERS) == (column in found and mark != UNCLEAR), (column, mark)


def test_a_disagreement_is_a_line_of_the_check_sheet() -> None:
    filing = changed(sample_filing(HUBEI, 1, 2026), {f"{SPENDING}.last": "89%", "measure.office_spent.target": "120"})
    book = plan_workbook(HUBEI, filing, BuildOptions())
    page = book.page("自检表")
    rows = [
        r
        for r, c in page.cells
        if c == 3 and "公用经费控制率" in str(page.cells[r, c].content) and "测算表" in str(page.cells[r, c].content)
    ]
    assert sorted(str(book.value("自检表", row, 4)) for row in rows if row > 30) == ["必须修改", "通过", "需要说明"]
    assert {(f.code, f.severity) for f in judge(HUBEI, filing).findings} == {("IND305", "error"), ("IND305", "warning")}


# ---- the facts ---------------------------------------------------------------------------------
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_any_quantity_comes_back_as_it_was_filed(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    chance = random.Random(seed)
    for spec in (HUBEI, JIANGSU):
        names = [f"{q}.{c.id}" for q, columns in Measures(spec).asked.items() for c in columns]
        texts = {name: chance.choice(["0", "3.0", "12.50", "98.7", "1058.85", "7"]) for name in names if chance.random() < 0.5}
        filing = entered(texts, spec.form.id)
        book = saved(filing, tmp_path_factory.mktemp("any") / "a.xlsx")
        assert quantities(operations.read(book).filing) == quantities(filing)


def test_a_complete_sample_agrees_with_its_quantities_and_leaves_nothing_unjudged() -> None:
    verdict = judge(HUBEI, sample_filing(HUBEI, 3, 2026))
    assert verdict.findings == ()
    assert {i.code for i in verdict.insufficient} <= {"BUD101", "BUD102", "BUD103"}


def lacking(filing: Filing) -> str:
    return next((i.why for i in judge(spec_of(filing), filing).insufficient if i.code == "IND305"), "")


def test_what_was_not_entered_is_not_a_pass() -> None:
    assert lacking(parent("hubei")) == "“测算表”没有填写，各项比率无法复算"
    partly = changed(parent("hubei"), {"measure.office_spent.last": "98", "measure.office_budget.last": "100"})
    assert lacking(partly).startswith("“测算表”没有填全，“在职人员控制率”") and "公用经费" not in lacking(partly)
    assert lacking(parent("wuhan")) == "", "no printed rates, nothing to measure"


def test_the_sheet_stands_before_the_check_sheet_its_inputs_open(tmp_path: Path) -> None:
    book = load_workbook(saved(sample_filing(HUBEI, 1, 2026), tmp_path / "a.xlsx"))
    assert book.sheetnames.index(SHEET) == book.sheetnames.index("自检表") - 1
    sheet = book[SHEET]
    assert sheet.protection.sheet and sheet.column_dimensions["A"].hidden
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    measure = plan_form(HUBEI, sample_filing(HUBEI, 1, 2026)).measure
    assert measure is not None and open_cells == {slot.cell for slot in measure.block.slots}
    rules = {cell: rule for rule in sheet.data_validations.dataValidation for cell in str(rule.sqref).split()}
    assert all(rules[cell].type == "decimal" and float(rules[cell].formula1) == 0 and rules[cell].prompt for cell in open_cells)
    links = [c.value for row in book["封面"].iter_rows() for c in row]
    assert SHEET in links


@pytest.mark.parametrize("form", ["wuhan.dept_overall", "hebei.dept_budget"])
def test_a_form_without_printed_rates_has_no_such_sheet(form: str, tmp_path: Path) -> None:
    assert SHEET not in load_workbook(operations.make_template(form, 2026, tmp_path / "a.xlsx")).sheetnames


def test_quantities_are_not_on_the_paper_so_the_check_code_leaves_them_out(tmp_path: Path) -> None:
    filing = sample_filing(HUBEI, 1, 2026)
    other = changed(filing, dict.fromkeys(quantities(filing), "5"))
    codes = {operations.read(saved(f, tmp_path / f"{n}.xlsx")).check_code for n, f in enumerate((filing, other))}
    assert len(codes) == 1 and codes != {""}


def test_a_file_issued_before_there_was_such_a_sheet_is_read(tmp_path: Path) -> None:
    book = saved(sample_filing(HUBEI, 1, 2026), tmp_path / "a.xlsx")
    workbook = load_workbook(book)
    del workbook[SHEET], workbook.defined_names["jx.measure"]
    workbook["_jixiao"].cell(FIELDS.index("version") + 1, 2).value = "0.0.1"
    workbook.save(book)
    reading = operations.read(book)
    assert [f.code for f in reading.findings] == [] and quantities(reading.filing) == {}


def test_lost_keys_are_named(tmp_path: Path) -> None:
    book = saved(sample_filing(HUBEI, 1, 2026), tmp_path / "a.xlsx")
    workbook = load_workbook(book)
    sheet = workbook[SHEET]
    row = next(cell.row for cell in sheet["A"] if cell.value == "staff")
    sheet[f"A{row}"] = None
    workbook.save(book)
    (finding,) = operations.read(book).findings
    assert finding.code == "WBK112" and "staff" in finding.message()
    assert "measure.posts.last" in quantities(operations.read(book).filing)


def test_words_and_texts_in_an_amount_cell_are_found_there(tmp_path: Path) -> None:
    wrong = {"measure.office_spent.last": "见附表", "measure.staff.last": "1,225", "measure.posts.last": "-3"}
    checked = operations.check(saved(changed(sample_filing(HUBEI, 1, 2026), wrong), tmp_path / "a.xlsx"))
    found = {(f.code, f.where.path.removeprefix("measure.")) for f in checked.findings if f.where.sheet == SHEET}
    assert found == {("CEL101", "office_spent.last"), ("CEL102", "staff.last"), ("FND104", "posts.last")}
    assert "测算表" in next(f for f in checked.findings if f.code == "CEL101").where.spoken()
    marked = tmp_path / "b.xlsx"
    operations.mark(tmp_path / "a.xlsx", marked)
    assert quantities(operations.read(marked).filing) == quantities(operations.read(tmp_path / "a.xlsx").filing)


def test_a_facts_file_may_name_quantities_and_only_those_that_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    lines = ['form = "hubei.dept_overall"', "year = 2026", 'unit = { name = "甲" }', "[facts]", '"measure.staff.last" = "24"']
    unknown = [
        "measure.staff.half",
        "measure.nobody.last",
        "measure.initial_budget.target",
        "measure.staff.earlier",
        "measure[a/b].last",
    ]
    path.write_text("\n".join([*lines, *(f'"{key}" = "1"' for key in unknown)]) + "\n", "utf-8")
    reading = operations.read(path)
    assert sorted(f.params["what"] for f in reading.findings if f.code == "WBK109") == sorted(unknown)
    assert reading.filing is not None and reading.filing.facts["measure.staff.last"].sheet == SHEET
    done = operations.fill("hubei.dept_overall", path, tmp_path / "a.xlsx")
    assert quantities(operations.read(done.path).filing) == {"measure.staff.last": "24"}


def test_last_years_quantities_come_along_when_a_form_is_issued(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    archive.deposit(sample_filing(HUBEI, 1, 2025, "approval"))
    old = sample_filing(HUBEI, 1, 2025)
    roster = operations.make_roster(tmp_path / "r.xlsx", roster_of_sample()[1:2])
    issued = operations.issue(roster, "hubei.dept_overall", 2026, tmp_path / "out", archive=archive)
    new = operations.read(issued.files[0]).filing
    assert new is not None
    for quantity in ("staff", "office_spent", "three_public", "executed"):
        assert new.value(f"measure.{quantity}.last") == old.value(f"measure.{quantity}.target")
        assert new.value(f"measure.{quantity}.before_last") == old.value(f"measure.{quantity}.last")
    assert new.value("measure.three_public.earlier") == old.value("measure.three_public.before_last")
    assert new.value("measure.initial_budget.last") == old.value("funds.expense.total.current"), "it stood in the funds table"
    assert not [path for path in quantities(new) if path.endswith(".target") or path == "measure.staff.earlier"]
    notes = [c.comment.text for row in load_workbook(issued.files[0])[SHEET].iter_rows() for c in row if c.comment]
    assert any(QUANTITY_NOTE in note for note in notes)


def test_the_archive_keeps_quantities(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    filing = sample_filing(HUBEI, 1, 2026)
    operations.deposit(saved(filing, tmp_path / "a.xlsx"), archive)
    (entry,) = archive.entries()
    assert quantities(archive.filing(entry)) == quantities(filing)


# ---- the dictionary ----------------------------------------------------------------------------
def test_every_quantity_serves_a_rate_and_every_rate_names_quantities() -> None:
    ratios = [i.ratio for i in known_indicators() if i.ratio]
    assert {q for r in ratios for q in (r.of, r.to) if q} == set(known_quantities())
    assert all(i.kind == "rate" for i in known_indicators() if i.ratio)


def test_its_block_id_is_reserved(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "forms" / "valid" / "sixth.toml").read_text("utf-8")
    (tmp_path / "a.toml").write_text(re.sub(r'(?m)^id( +)= "story"$', r'id\1= "measure"', text), "utf-8")
    with pytest.raises(DefinitionError, match="DEF108"):
        load_definition(tmp_path / "a.toml")


# ---- the outside judge -------------------------------------------------------------------------
@pytest.mark.slow
def test_libreoffice_calculates_what_we_cached(office: Office, tmp_path: Path) -> None:
    chance = random.Random(7)
    books = []
    for n, spec in enumerate((HUBEI, HUBEI, HUBEI, JIANGSU, JIANGSU)):
        names = [f"measure.{q}.{c.id}" for q, columns in Measures(spec).asked.items() for c in columns]
        filing = empty(spec.form.id) if n % 2 else changed(parent("hubei" if spec is HUBEI else "jiangsu"), {})
        facts = {name: _number(chance) for name in names if chance.random() < 0.85}
        plan = plan_form(spec, filing).measure
        assert plan is not None
        stated = [slot.path.text for rate in plan.rates for slot in rate.stated.values() if slot.path]
        facts |= {path: _value(chance) for path in stated if chance.random() < 0.8}
        nearly = {"measure.three_public.last": "10000", f"measure.three_public.{'target' if spec is HUBEI else 'full'}": "9999.9"}
        facts |= nearly if n else {}  # a change that is rounded to nothing is 0%, not -0%
        filing = filing.with_facts(filing.facts | {path: Fact(path, value) for path, value in facts.items()})
        books.append(saved(filing, tmp_path / f"{n}.xlsx"))
    for ours, theirs in zip(books, office.converted(books, "xlsx"), strict=True):
        _, bad = disagreements(ours, theirs)
        assert bad == [], ours.name


def _number(chance: random.Random) -> str:
    kind = chance.randrange(5)
    if kind == 0:
        return "0"
    if kind == 1:
        return f"{chance.randrange(1, 400)}"
    return f"{chance.randrange(1, 10_000_00) / 100:.2f}" if kind < 4 else f"{chance.randrange(1, 4000) / 10000:.4f}"


def _value(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return chance.choice(
            [
                "1-5%",
                "1/5%",
                "95%~98%",
                "1,000%",
                "1e2%",
                "不低于95%",
                "%",
                "≥",
                " 98% ",
                "不适用",
                "2025-1-2",
                "1:30%",
                "(5)%",
                "1,5%",
                "¥98%",
                "1 2%",
            ]
        )
    number = f"{chance.randrange(-2000, 20000) / 100:g}"
    return chance.choice(["", "≤", "≥", "=", "＝", "<"]) + number + chance.choice(["%", "%", "%", "％", "", "件"])
