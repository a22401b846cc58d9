"""The returned copy: the same facts and findings, colours that go when a cell is mended, still fillable."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from jixiao_xl import operations
from jixiao_xl.desk import returning
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.reasons import SHEET as REASONS
from jixiao_xl.forms.reasons import reason_path
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.facts import Filing, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where, row_and_column
from jixiao_xl.operations import CannotRun, Checked
from jixiao_xl.rules.mending import Mending
from jixiao_xl.workbook import build
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.marking import REPORT, RESTORE, RESULTS
from jixiao_xl.workbook.pages import Book
from jixiao_xl.workbook.result_sheet import CODE, DONE, FIRST_ROW, FIX, PLACE, REASON, SEVERITY, STATE, WHAT
from tests.conftest import NAMES, PUBLISHED, changed, published, spec_of
from tests.office import Office
from tests.workbook.test_templates import errors_of

SPEC = operations.form_named("hubei.dept_overall")
COST = "annual_indicators[运行成本/公用经费控制/公用经费控制率].target"
BASIS = "annual_indicators[运行成本/公用经费控制/公用经费控制率].basis"
WHY = "按批复口径，见附件。"
SHARE = "funds.expense.special_purpose.share"


def saved(filing: Filing, path: Path) -> Path:
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=True)))
    return path


def sound(**changes: str | None) -> Filing:
    return changed(sample_filing(SPEC, 1, 2026), changes)


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Each published form as filled, and its marked copy."""
    folder = tmp_path_factory.mktemp("marked")
    made = {}
    for name in NAMES:
        made[name] = saved(published(name), folder / f"{name}.xlsx"), folder / f"{name}-退回.xlsx"
        operations.mark(*made[name])
    return made


def facts_of(path: Path) -> dict[str, str]:
    filing = operations.read(path).filing
    assert filing is not None
    return {key: fact.value for key, fact in filing.facts.items()}


def told(checked: Checked) -> Counter[object]:
    return Counter((f.code, f.severity, f.where.path, f.message(), f.reason) for f in checked.findings)


def results(path: Path) -> list[dict[int, object]]:
    """The rows of the 校验结果 by column."""
    sheet = load_workbook(path, data_only=True, read_only=True)[RESULTS]
    return [{n: cell.value for n, cell in enumerate(row)} for row in sheet.iter_rows(min_row=FIRST_ROW + 1)]


def row_of(path: Path, code: str, place: str = "") -> int:
    """Excel's number of the line about a finding."""
    lines = enumerate(results(path), FIRST_ROW + 1)
    return next(n for n, line in lines if line[CODE] == code and place in str(line[PLACE]))


def letter(column: int) -> str:
    return chr(65 + column)


# ---- the same filing, one revision on -------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_the_copy_has_the_same_facts_and_the_same_findings(name: str, marked: dict[str, tuple[Path, Path]]) -> None:
    book, copy = marked[name]
    assert facts_of(copy) == facts_of(book)
    assert told(operations.check(copy)) == told(operations.check(book))
    one, other = operations.read(book), operations.read(copy)
    assert one.filing is not None and other.filing is not None
    assert (other.filing.revision, other.filing.unit) == (one.filing.revision + 1, one.filing.unit)
    assert other.check_code == one.check_code != ""


@pytest.mark.parametrize("name", ["ezhou_2025", "boye_2023"])
def test_a_copy_of_the_copy_is_the_same_again(name: str, marked: dict[str, tuple[Path, Path]], tmp_path: Path) -> None:
    _, copy = marked[name]
    checked = operations.mark(copy, tmp_path / "b.xlsx")
    assert told(operations.check(tmp_path / "b.xlsx")) == told(checked)
    assert facts_of(tmp_path / "b.xlsx") == facts_of(copy)


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    book = saved(sound(**{COST: "100%"}), tmp_path / "a.xlsx")
    for out in ("1.xlsx", "2.xlsx"):
        operations.mark(book, tmp_path / out)
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()


@pytest.mark.parametrize("name", ["ezhou_2025", "boye_2023"])
def test_the_copy_is_as_fillable_as_the_form(name: str, marked: dict[str, tuple[Path, Path]]) -> None:
    book, copy = (load_workbook(path) for path in marked[name])
    for sheet in book.worksheets:
        twin = copy[sheet.title]
        assert twin.protection.sheet == sheet.protection.sheet
        if sheet.title == "封面":
            continue  # its directory lists two sheets more
        assert locks(twin) == locks(sheet), sheet.title
        assert rules(twin) == rules(sheet), sheet.title
        assert [n for n, d in twin.row_dimensions.items() if d.hidden] == [n for n, d in sheet.row_dimensions.items() if d.hidden]
    assert copy.defined_names.keys() - book.defined_names.keys() == {"jx.results"}


def locks(sheet: Worksheet) -> set[str]:
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}


def rules(sheet: Worksheet) -> set[tuple[str, str, str]]:
    return {(str(rule.sqref), rule.type, str(rule.formula1)) for rule in sheet.data_validations.dataValidation}


def test_the_sections_that_a_file_shows_stay_as_many(tmp_path: Path) -> None:
    operations.make_template("hebei.dept_budget", 2026, tmp_path / "a.xlsx", repeats={"project": 4})
    operations.mark(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert [s for s in load_workbook(tmp_path / "b.xlsx").sheetnames if s.startswith("项目")] == [
        "项目1",
        "项目2",
        "项目3",
        "项目4",
    ]


def test_a_doubt_about_the_unit_is_not_settled_by_a_copy(tmp_path: Path) -> None:
    book = saved(sound(**{"cover.unit_name": "别的单位"}), tmp_path / "a.xlsx")
    operations.mark(book, tmp_path / "b.xlsx")
    assert "WBK110" in {f.code for f in operations.check(tmp_path / "b.xlsx").findings}


def test_a_code_typed_on_the_cover_stays_a_typed_one(tmp_path: Path) -> None:
    book = saved(replace(sound(), unit=Unit()), tmp_path / "a.xlsx")
    workbook = load_workbook(book)
    place = workbook.defined_names["jx.unit_key"].attr_text.rpartition("!")[2].replace("$", "")
    workbook["封面"][place] = "429900-S001"
    workbook.save(book)
    operations.mark(book, tmp_path / "b.xlsx")
    copy = operations.read(tmp_path / "b.xlsx").filing
    assert copy is not None and (copy.unit.key, copy.issued_to) == ("429900-S001", "")
    opened = load_workbook(tmp_path / "b.xlsx")
    place = opened.defined_names["jx.unit_key"].attr_text.rpartition("!")[2].replace("$", "")
    assert not opened["封面"][place].protection.locked


# ---- what a person did to a cell stays until it is mended -------------------------------
def test_a_text_amount_a_date_and_an_overwritten_formula_are_still_found_in_the_copy(tmp_path: Path) -> None:
    book = saved(sound(), tmp_path / "a.xlsx")
    workbook = load_workbook(book)
    workbook["资金情况"]["G6"] = "555"
    workbook["资金情况"]["D9"] = 678  # what the formula gives, too
    workbook["年度绩效指标"]["G7"] = dt.date(2026, 1, 2)
    workbook["年度绩效指标"]["G7"].number_format = "m月d日"
    workbook.save(book)
    checked = operations.mark(book, tmp_path / "b.xlsx")
    assert {"CEL102", "CEL111", "WBK105"} <= {f.code for f in checked.findings}
    assert told(operations.check(tmp_path / "b.xlsx")) == told(checked)


def test_what_a_new_workbook_mends_by_itself_is_listed_but_not_found_again(tmp_path: Path) -> None:
    book = saved(sound(), tmp_path / "a.xlsx")
    workbook = load_workbook(book)
    workbook["资金情况"].protection.sheet = False
    workbook.save(book)
    operations.mark(book, tmp_path / "b.xlsx")
    assert [line[CODE] for line in results(tmp_path / "b.xlsx")] == ["WBK106"]
    assert operations.check(tmp_path / "b.xlsx").findings == ()


def test_an_overwritten_formula_comes_back_by_a_choice_from_a_list(tmp_path: Path) -> None:
    """The cell is locked, so a clerk could not type the formula; nothing has to be unprotected."""
    book = saved(sound(**{SHARE: "40.95%"}), tmp_path / "a.xlsx")
    copy = tmp_path / "b.xlsx"
    operations.mark(book, copy)
    row = row_of(copy, "FND103")
    assert RESTORE in str(results(copy)[row - FIRST_ROW - 1][FIX])
    workbook = load_workbook(copy)
    assert workbook["资金情况"]["E12"].protection.locked
    workbook[RESULTS][f"{letter(DONE)}{row}"] = RESTORE
    workbook.save(copy)
    assert facts_of(copy)[SHARE] == "33.33%", "read without anyone having recalculated it"
    assert not {"FND103", "WBK105"} & {f.code for f in operations.check(copy).findings}


def test_without_the_result_sheet_an_overwritten_formula_stays_what_it_was(tmp_path: Path) -> None:
    copy = tmp_path / "b.xlsx"
    operations.mark(saved(sound(**{SHARE: "40.95%"}), tmp_path / "a.xlsx"), copy)
    workbook = load_workbook(copy)
    assert str(workbook["资金情况"]["E12"].value).endswith(",0.4095)"), "the last resort of the formula"
    assert str(workbook["资金情况"]["E12"].value).startswith("=IFERROR(")


# ---- colours ------------------------------------------------------------------------------
def planned(filing: Filing, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """The marked copy before it becomes a file."""
    books: list[Book] = []
    real = build.plan_workbook
    monkeypatch.setattr(build, "plan_workbook", lambda *given: books.append(real(*given)) or books[0])
    returning.mark(saved(filing, folder / "a.xlsx"), folder / "b.xlsx")
    return books[-1]


def coloured(book: Book, sheet: str, cell: str) -> str:
    """The first colour of a cell, as Excel paints it; blank for none."""
    book._known.clear()
    book._areas.clear()
    place = row_and_column(cell)
    looks = (look for cells, when, look in book.page(sheet).marks if place in cells and when.value(book) is True)
    return next(looks, "")


def mend(book: Book, sheet: str, cell: str, content: object) -> None:
    book.page(sheet).cells[row_and_column(cell)].content = content  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("change", "sheet", "cell", "look", "mended"),
    [
        ({COST: "100%"}, "年度绩效指标", "G7", "ask", "≤100%"),
        ({BASIS: None}, "年度绩效指标", "H7", "ask", "预算支出标准"),
        ({"duties.text": None}, "部门职能概述", "C4", "bad", "负责全县工会工作。"),
        ({"funds.income.fiscal.current": "见附表", "funds.income.total.current": None}, "资金情况", "D6", "bad", "678"),
    ],
)
def test_a_bad_cell_is_coloured_until_it_is_mended(
    change: dict[str, str | None], sheet: str, cell: str, look: str, mended: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = planned(sound(**change), tmp_path, monkeypatch)
    assert coloured(book, sheet, cell) == look
    mend(book, sheet, cell, mended)
    assert coloured(book, sheet, cell) in ("", "bad" if mended == "678" else ""), "678 is a text here: the form's own check speaks"


def test_every_finding_with_a_cell_is_coloured_and_has_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = planned(published("ezhou_2025"), tmp_path, monkeypatch)
    page = book.page(RESULTS)
    for row in range(FIRST_ROW, max(row for row, _ in page.cells) + 1):
        sheet, _, cell = str(page.cells[row, PLACE].content).partition("!")
        if cell and sheet != REASONS:
            assert coloured(book, sheet, cell) in ("bad", "ask", "see"), f"{sheet}!{cell}"
            note = book.page(sheet).cells[row_and_column(cell)].note
            assert str(page.cells[row, CODE].content) in note and "怎么改：" in note


def test_a_total_loses_its_colour_when_a_part_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The total itself is a pasted number and stays: its parts now add up to it."""
    book = planned(sound(**{"funds.income.fiscal.last": "1"}), tmp_path, monkeypatch)
    assert coloured(book, "资金情况", "G9") == "bad"
    parts = {line.key: line.slots for block in plan_form(SPEC, sound()).blocks for line in block.lines if block.sheet == "资金情况"}
    slot = next(slot for slot in parts["income.fiscal"] if slot.key == "last")
    mend(book, slot.sheet, slot.cell, Decimal(sound().facts["funds.income.fiscal.last"].value))
    assert coloured(book, "资金情况", "G9") == ""


def test_in_prose_the_paragraph_that_is_meant_is_coloured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "负责本部门政策的组织实施。\n维护职工合法权益<br>。\n承办其他事项。"
    book = planned(sound(**{"duties.text": text}), tmp_path, monkeypatch)
    assert [coloured(book, "部门职能概述", cell) for cell in ("C4", "C5", "C6")] == ["", "see", ""]
    mend(book, "部门职能概述", "C5", "维护职工合法权益。")
    assert coloured(book, "部门职能概述", "C5") == ""


def test_what_is_explained_is_not_coloured_as_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = planned(sound(**{BASIS: None, reason_path("CMP102", BASIS): WHY}), tmp_path, monkeypatch)
    page = book.page("年度绩效指标")
    looks = {look for cells, _, look in page.marks if (6, 7) in cells}
    assert "see" in looks
    assert f"已说明：{WHY}" in page.cells[6, 7].note


HELPER = 60
"""A column far to the right for helper cells."""


@pytest.mark.slow
def test_the_colours_are_true_in_another_program_and_go_there_when_cells_are_mended(
    marked: dict[str, tuple[Path, Path]], office: Office, tmp_path: Path
) -> None:
    """Every rule of the copy as a helper cell beside its cell: true before, false once the cell is changed."""
    before, after = tmp_path / "before.xlsx", tmp_path / "after.xlsx"
    cells = with_helpers(marked["ezhou_2025"][1], before, change=False)
    assert with_helpers(marked["ezhou_2025"][1], after, change=True) == cells and len(cells) > 80
    shown, gone = (load_workbook(path, data_only=True) for path in office.converted([before, after], "xlsx"))
    assert [place for place in cells if shown[place[0]][place[2]].value is not True] == []
    assert [place for place in cells if gone[place[0]][place[2]].value is not False] == []


def with_helpers(copy: Path, out: Path, *, change: bool) -> list[tuple[str, str, str]]:
    """(sheet, cell, helper cell) of each finding's own rule, the first one of its look on the cell."""
    workbook = load_workbook(copy)
    places = []
    for line in results(copy):
        sheet, _, cell = str(line[PLACE]).partition("!")
        if not cell or sheet == REASONS:
            continue
        own = [rule for where in workbook[sheet].conditional_formatting if str(where.sqref) == cell for rule in where.rules]
        formula = min(own, key=lambda rule: rule.priority).formula[0]
        helper = f"{chr(65 + HELPER // 26 - 1)}{chr(65 + HELPER % 26)}{row_and_column(cell)[0] + 1}"
        while workbook[sheet][helper].value not in (None, f"={formula}"):
            helper = f"{chr(ord(helper[0]) + 1)}{helper[1:]}"
        workbook[sheet][helper] = f"={formula}"
        places.append((sheet, cell, helper))
    for sheet, cell, _ in places if change else ():
        workbook[sheet][cell] = "已经改成别的内容"
    workbook.save(out)
    return places


# ---- the order, the links, the reasons ----------------------------------------------------
def finding(code: str, path: str, severity: str = "error") -> Finding:
    return Finding(code, severity, Where(path))  # type: ignore[arg-type]


def ordered(filing: Filing, *findings: Finding) -> list[str]:
    plan = plan_form(spec_of(filing), filing)
    cells = {path: Where(path, slot.sheet, slot.cell) for path, slot in plan.by_path.items()}
    placed = [replace(f, where=cells.get(f.where.path, f.where)) for f in findings]
    return [f"{f.code} {f.where.path.partition('.')[2]}" for f in Mending(plan).ordered(placed)]


def test_a_part_comes_before_its_total_even_where_the_total_is_printed_first() -> None:
    """无锡: 收入合计 stands above its parts."""
    assert ordered(
        published("wuxi_2022"),
        finding("FND201", "funds.expense.basic.full"), finding("FND101", "funds.income.total.full"),
        finding("FND101", "funds.income.fiscal.full"), finding("CEL101", "funds.income.general_budget.full"),
    ) == [
        "CEL101 income.general_budget.full", "FND101 income.fiscal.full", "FND101 income.total.full", "FND201 expense.basic.full",
    ]  # fmt: skip


def test_on_one_cell_what_is_unreadable_comes_before_what_it_amounts_to() -> None:
    path = "funds.expense.personnel.current"
    assert ordered(sound(), finding("PRI104", path, "warning"), finding("FND104", path), finding("CEL103", path, "warning")) == [
        "CEL103 expense.personnel.current", "FND104 expense.personnel.current", "PRI104 expense.personnel.current",
    ]  # fmt: skip


def test_the_funds_are_mended_before_the_indicators_that_follow_from_them() -> None:
    first = "annual_indicators[运行成本/公用经费控制/公用经费控制率].target"
    found = ordered(sound(), finding("IND302", first), finding("FND107", "funds.expense.total.current"))
    assert [text[:6] for text in found] == ["FND107", "IND302"]


@pytest.mark.parametrize("name", NAMES)
def test_mending_from_the_top_down_never_leads_back(name: str, marked: dict[str, tuple[Path, Path]]) -> None:
    """No line is about a cell that an earlier line's figure is made from."""
    lines = results(marked[name][1])
    filing = operations.read(marked[name][1]).filing
    assert filing is not None
    mending = Mending(plan_form(spec_of(filing), filing))
    paths = [str(line[0]) for line in lines]
    for n, line in enumerate(lines):
        below = mending._below(finding(str(line[CODE]), paths[n]))
        assert not below & set(paths[n + 1 :]), f"{line[CODE]} {paths[n]}"


@pytest.mark.parametrize("name", NAMES)
def test_each_line_jumps_to_its_cell(name: str, marked: dict[str, tuple[Path, Path]]) -> None:
    workbook = load_workbook(marked[name][1])
    sheet = workbook[RESULTS]
    for row in sheet.iter_rows(min_row=FIRST_ROW + 1):
        place = str(row[PLACE].value)
        if "!" in place:
            target = row[PLACE].hyperlink.location
            assert re.sub("'", "", target) == place and place.partition("!")[0] in workbook.sheetnames
        else:
            assert row[PLACE].hyperlink is None


def test_a_warning_asks_for_a_reason_an_error_for_mending(marked: dict[str, tuple[Path, Path]]) -> None:
    sheet = load_workbook(marked["ezhou_2025"][1])[RESULTS]
    for row in sheet.iter_rows(min_row=FIRST_ROW + 1):
        if row[SEVERITY].value == "必须修改":
            assert row[REASON].value == "必须修改" and row[REASON].protection.locked
        else:
            assert not row[REASON].protection.locked or str(row[REASON].value).startswith("同第")
        assert not row[DONE].protection.locked
        assert all(row[column].protection.locked for column in (CODE, PLACE, WHAT, FIX, STATE))
    assert sheet.protection.sheet
    lists = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert {'"已改,已说明,不需要改"', f'"{RESTORE},已改,已说明,不需要改"'} == lists


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy with one open warning (CMP102) whose first reason was given before."""
    filing = sound(**{BASIS: None, reason_path("CMP102", BASIS): "原来的理由。"})
    operations.mark(saved(filing, tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    return tmp_path / "b.xlsx"


def reason_now(copy: Path) -> str | None:
    return next((f.reason for f in operations.check(copy).findings if f.code == "CMP102"), None)


def typed(copy: Path, sheet: str, cell: str, text: str | None) -> None:
    workbook = load_workbook(copy)
    workbook[sheet][cell] = text
    workbook.save(copy)


def test_a_reason_given_stands_beside_its_finding(copy: Path) -> None:
    assert results(copy)[row_of(copy, "CMP102") - FIRST_ROW - 1][REASON] == "原来的理由。"
    assert reason_now(copy) == "原来的理由。"


def test_a_reason_written_beside_the_finding_counts(copy: Path) -> None:
    typed(copy, RESULTS, f"{letter(REASON)}{row_of(copy, 'CMP102')}", WHY)
    assert reason_now(copy) == WHY
    filing = operations.read(copy).filing
    assert filing is not None and filing.facts[reason_path("CMP102", BASIS)].sheet == RESULTS


def test_a_reason_changed_on_its_own_sheet_counts_though_the_result_sheet_has_the_old_one(copy: Path) -> None:
    typed(copy, REASONS, "D6", "改过的理由。")
    assert reason_now(copy) == "改过的理由。"


def test_a_reason_taken_back_beside_the_finding_is_gone(copy: Path) -> None:
    typed(copy, RESULTS, f"{letter(REASON)}{row_of(copy, 'CMP102')}", None)
    assert reason_now(copy) == ""


def test_a_first_reason_written_beside_the_finding_is_carried_by_the_next_copy(tmp_path: Path) -> None:
    operations.mark(saved(sound(**{BASIS: None}), tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    typed(tmp_path / "b.xlsx", RESULTS, f"{letter(REASON)}{row_of(tmp_path / 'b.xlsx', 'CMP102')}", WHY)
    operations.mark(tmp_path / "b.xlsx", tmp_path / "c.xlsx")
    assert reason_now(tmp_path / "c.xlsx") == WHY
    sheet = load_workbook(tmp_path / "c.xlsx")[REASONS]
    assert [cell.value for cell in sheet[6]][1:4] == ["CMP102", "年度绩效指标!H7", WHY]


# ---- the report, the files ------------------------------------------------------------------
def test_the_report_is_one_page_and_counts_what_it_leaves_out(marked: dict[str, tuple[Path, Path]]) -> None:
    book, copy = marked["yangxin_2024"]
    sheet = load_workbook(copy)[REPORT]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    said = "\n".join(texts)
    checked = operations.check(book)
    assert sheet.page_setup.fitToHeight in (None, 1) and sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "阳新县总工会" in said and book.name in said and checked.pack in said and "签" not in said
    assert operations.read(book).check_code in said and "日期：" in said and "　　　　年　　月　　日" in said
    listed = sum(text.isdigit() for text in texts)
    graver = sum(f.severity != "hint" for f in checked.findings)
    assert 10 < listed < graver and f"其余 {graver - listed} 条见校验结果" in said
    severities = [text for text in texts if text in ("必须修改", "需要说明", "供参考")]
    assert severities == sorted(severities, key=("必须修改", "需要说明").index)


@pytest.mark.slow
def test_the_report_prints_on_one_sheet_of_paper(marked: dict[str, tuple[Path, Path]], office: Office) -> None:
    pdf = office.converted([marked["ezhou_2025"][1]], "pdf")[0]
    pages = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True).stdout.split("\f")
    own = [page for page in pages if page.startswith(REPORT) or "审核负责人" in page]
    assert len(own) == 1 and own[0].startswith(REPORT) and "###" not in own[0]


def test_nothing_to_mend_gives_a_copy_that_says_so(tmp_path: Path) -> None:
    checked = operations.mark(saved(sound(), tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    assert checked.findings == ()
    assert "没有发现问题。" in {cell.value for row in load_workbook(tmp_path / "b.xlsx")[REPORT].iter_rows() for cell in row}


def test_a_facts_file_can_be_marked_too(tmp_path: Path) -> None:
    checked = operations.mark(PUBLISHED / "ezhou_2025.toml", tmp_path / "b.xlsx")
    copy = operations.read(tmp_path / "b.xlsx").filing
    assert checked.findings and copy is not None and (copy.unit.key, copy.revision) == ("420700-S001", 1)


def test_the_file_itself_is_not_touched_and_no_file_overwritten(tmp_path: Path) -> None:
    book = saved(sound(**{COST: "100%"}), tmp_path / "a.xlsx")
    content = book.read_bytes()
    with pytest.raises(CannotRun) as refused:
        operations.mark(book, book)
    assert [f.code for f in refused.value.findings] == ["SYS904"] and book.read_bytes() == content
    operations.mark(book, tmp_path / "b.xlsx")
    assert book.read_bytes() == content


def test_what_is_no_filing_cannot_be_marked(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK nothing")
    with pytest.raises(CannotRun) as refused:
        operations.mark(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert [f.code for f in refused.value.findings] == ["WBK108"] and not (tmp_path / "b.xlsx").exists()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_open_xml_validator_finds_no_error_in_a_marked_copy(name: str, marked: dict[str, tuple[Path, Path]]) -> None:
    assert errors_of(marked[name][1]) == []


@pytest.mark.slow
def test_a_copy_worked_on_in_another_program_is_mended_by_choice_and_reads_so(office: Office, tmp_path: Path) -> None:
    """LibreOffice: a share is restored from the list, a value typed, a reason written; then saved."""
    filing = sound(**{SHARE: "40.95%", BASIS: None})
    operations.mark(saved(filing, tmp_path / "a.xlsx"), tmp_path / "b.xlsx")
    restore, reason = row_of(tmp_path / "b.xlsx", "FND103"), row_of(tmp_path / "b.xlsx", "CMP102")
    out = tmp_path / "c.xlsx"
    said = office.at_the_desk(
        tmp_path / "b.xlsx",
        f"type:{RESULTS}!{letter(DONE)}{restore}={RESTORE}", "get:资金情况!E12", f"get:{RESULTS}!{letter(STATE)}{restore}",
        f"type:{RESULTS}!{letter(REASON)}{reason}={WHY}", f"type:{RESULTS}!{letter(WHAT)}{reason}=乱改", f"save:{out}",
    )  # fmt: skip
    assert said == ["33.33%", "已改动"]
    findings = operations.check(out).findings
    assert not {"FND103", "WBK105"} & {f.code for f in findings}
    assert [f.reason for f in findings if f.code == "CMP102"] == [WHY]
