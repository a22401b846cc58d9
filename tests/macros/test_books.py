"""The macro-enabled workbooks and the add-in as files: fresh, valid, the same form with more pages."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from pyopenvba import check_file
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from jixiao_xl import operations
from jixiao_xl.desk.making import empty_filing, shipped_template
from jixiao_xl.forms.load import built_in_forms
from jixiao_xl.hosts.cli import app
from jixiao_xl.model.facts import Unit
from jixiao_xl.model.places import row_and_column
from jixiao_xl.workbook import macro_pages as pages
from jixiao_xl.workbook.book_file import read_workbook
from jixiao_xl.workbook.build import build_workbook, plan_workbook
from jixiao_xl.workbook.buttons import BUTTONS
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.guard import parts_of
from jixiao_xl.workbook.identity import block_at
from jixiao_xl.workbook.live_sheets import IDENTITY_AREA
from jixiao_xl.workbook.raw import RawBook
from jixiao_xl.workbook.vba_project import module_texts
from tests.conftest import published, spec_of
from tests.office import Office
from tests.workbook.test_templates import TEMPLATES, errors_of

FORMS = [f"{s.form.id}.{s.form.edition}" for s in built_in_forms()]
ADDIN = TEMPLATES / "jixiao.xlam"
HUBEI = TEMPLATES / "hubei.dept_overall.2025.xlsm"


@cache
def shipped() -> Workbook:
    """The shipped workbook of the Hubei form, to be looked at only."""
    return load_workbook(HUBEI)


def block_of(book: Workbook, name: str) -> tuple[Worksheet, list[list]]:
    """The sheet of a defined name, and its cells."""
    sheet, top, left, bottom, right = block_at(f"={book.defined_names[name].attr_text}")
    rows = book[sheet].iter_rows(top + 1, bottom + 1, left + 1, right + 1)
    return book[sheet], [list(row) for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_workbook_with_macros_is_what_the_definition_gives_today(form: str) -> None:
    spec = operations.form_named(form)
    assert (TEMPLATES / f"{form}.xlsm").read_bytes() == shipped_template(spec, macros=True), "stale: jixiao template --all"


def test_the_shipped_add_in_is_what_is_built_today(tmp_path: Path) -> None:
    assert operations.make_addin(tmp_path / "a.xlam").read_bytes() == ADDIN.read_bytes(), "stale: jixiao template --all"


@pytest.mark.parametrize("name", [*(f"{form}.xlsm" for form in FORMS), ADDIN.name])
def test_the_reader_of_packages_and_projects_finds_them_whole(name: str) -> None:
    told = check_file(TEMPLATES / name)
    assert told.ok and told.complete and told.issues == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", [*(f"{form}.xlsm" for form in FORMS), ADDIN.name])
def test_the_open_xml_validator_finds_no_error(name: str) -> None:
    assert errors_of(TEMPLATES / name) == []


@pytest.mark.parametrize("name", ["ezhou_2025", "boye_2023"])
def test_a_form_filled_in_reads_the_same_with_and_without_macros(name: str, tmp_path: Path) -> None:
    filing = published(name)
    readings = []
    for suffix, macros in ((".xlsx", False), (".xlsm", True)):
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(macros=macros)))
        readings.append(read_workbook(path, "book"))
    plain, macro = readings
    assert plain.filing == macro.filing and plain.places == macro.places and plain.findings == macro.findings
    assert plain.check_code == macro.check_code


@pytest.mark.parametrize("suffix", [".xlsx", ".xlsm"])
@pytest.mark.parametrize("form", FORMS)
def test_one_block_of_the_identity_sheet_says_where_every_named_block_is(form: str, suffix: str) -> None:
    content = (TEMPLATES / f"{form}{suffix}").read_bytes()
    names = {n: f"={r}" for n, r in RawBook(parts_of(content)).names.items() if n.startswith("jx.")}
    sheet, top, left, bottom, right = block_at(names.pop("jx.places"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    said = {row[left]: tuple(row[left + 1 : right + 1]) for row in rows[top : bottom + 1]}
    assert said.keys() == names.keys() and "jx.unit_key" in names
    for name, reference in names.items():
        own, first_row, first_column, last_row, last_column = block_at(reference)
        assert said[name] == (own, first_row + 1, first_column + 1, last_row + 1, last_column + 1), name


def test_what_a_button_reads_of_the_identity_sheet_holds_the_form_with_the_most_sections() -> None:
    spec = operations.form_named("hebei.dept_budget")
    most = {name: rule.max for name, rule in spec.repeat.items()}
    filing = empty_filing(spec, 2026, "declaration", Unit())
    book = plan_workbook(spec, filing, BuildOptions(macros=True, repeats=most))
    _, _, _, bottom, right = block_at(book.names["jx.places"])
    last_row, last_column = row_and_column(IDENTITY_AREA.partition(":")[2])
    assert 180 < bottom <= last_row and right <= last_column


def test_the_pages_of_the_variant_are_where_a_person_looks_and_the_rest_is_hidden() -> None:
    book = shipped()
    assert book.sheetnames[:3] == [pages.BUTTON_PAGE, pages.FINDINGS, "封面"]
    shown = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert shown[-1] == pages.CLIPBOARD
    assert book[pages.SETTINGS].sheet_state == "hidden"
    tips = {cell.value for row in book[pages.BUTTON_PAGE].iter_rows() for cell in row}
    assert {button.tip for button in BUTTONS} | set(pages.HINTS) <= tips and len(pages.HINTS) == 6
    assert book[pages.FINDINGS].protection.sheet and not book[pages.CLIPBOARD].protection.sheet
    links = [cell.value for row in book["封面"].iter_rows() for cell in row]
    assert {pages.BUTTON_PAGE, pages.FINDINGS, pages.CLIPBOARD} <= set(links)


def test_what_the_buttons_write_into_is_unlocked_and_of_the_agreed_size() -> None:
    book = shipped()
    for name, rows, columns in (
        (pages.FINDINGS_NAME, pages.MOST_FINDINGS, len(pages.FINDING_COLUMNS) + pages.MARK_COLUMNS),
        (pages.CLIPBOARD_NAME, 400, 12),
        (pages.UNPLACED_NAME, pages.UNPLACED_ROWS, len(pages.UNPLACED_COLUMNS)),
    ):
        _, block = block_of(book, name)
        assert (len(block), len(block[0])) == (rows, columns), name
        assert all(not cell.protection.locked for row in block for cell in row), name
    _, marks = block_of(book, pages.MARKS_NAME)
    assert [row[0].value for row in marks] == [*FILLED, "测算表"]


FILLED = ["封面", "资金情况", "部门职能概述", "年度工作任务", "长期目标", "长期绩效指标", "年度目标", "年度绩效指标"]


def test_settings_are_two_columns_that_hide_no_setting_of_the_user() -> None:
    page = shipped()[pages.SETTINGS]
    keys = [page.cell(row, 1).value for row in range(1, 10) if page.cell(row, 1).value]
    assert keys == ["ADD_WORKBOOK_TO_PYTHONPATH", "JIXIAO_ARCHIVE"] and page["B1"].value == "False"
    _, [[sentence]] = block_of(shipped(), pages.NO_PYTHON_NAME)
    assert sentence.value == pages.NO_PYTHON


@pytest.mark.slow
def test_what_is_written_there_shows_links_counts_and_colours_by_itself(tmp_path: Path, office: Office) -> None:
    """LibreOffice recalculates: the address list arrives on its sheet, the finding has its link and number."""
    book = load_workbook(HUBEI, keep_vba=True)
    _, rows = block_of(book, pages.FINDINGS_NAME)
    for row, values in zip(
        rows,
        (
            ("必须修改", "FND101", "合计不符", "改正", "资金情况", "D9", "p", None, None),  # the marks of 封面, of 资金情况
            ("供参考", "TXT101", "……", "看", "封面", "", "q", ",D9,E10,", ",F6,"),
        ),
        strict=False,
    ):
        for cell, value in zip(row, values, strict=True):
            cell.value = value
    book.save(tmp_path / "written.xlsm")
    shown = load_workbook(office.converted([tmp_path / "written.xlsm"], "xlsx")[0], data_only=True)
    page = shown[pages.FINDINGS]
    assert [page.cell(row, 3).value for row in (6, 7, 8)] == ["资金情况!D9", "封面", None] or page.cell(8, 3).value == ""
    assert [page.cell(row, 2).value for row in (6, 7)] == [1, 2]
    assert page["B3"].value == "必须修改 1 条　需要说明 0 条　供参考 1 条"
    funds = shown["资金情况"]
    hidden = [cell.value for row in funds.iter_rows() if funds.row_dimensions[row[0].row].hidden for cell in row]
    assert ",D9,E10," in hidden and ",F6," in hidden
    formats = [rule for area in book["资金情况"].conditional_formatting for rule in area.rules if "ADDRESS" in rule.formula[0]]
    assert len(formats) == 2 and "ADDRESS(ROW(),COLUMN(),4)" in formats[0].formula[0]


def test_an_add_in_is_an_add_in_with_the_same_ribbon_and_one_sheet() -> None:
    with zipfile.ZipFile(ADDIN) as parts:
        kinds = parts.read("[Content_Types].xml")
        assert b"ms-excel.addin.macroEnabled.main+xml" in kinds and b"sheet.macroEnabled" not in kinds
        with zipfile.ZipFile(HUBEI) as book:
            assert b"ms-excel.sheet.macroEnabled.main+xml" in book.read("[Content_Types].xml")
            assert parts.read("customUI/customUI14.xml") == book.read("customUI/customUI14.xml")
            own, theirs = (module_texts(each.read("xl/vbaProject.bin")) for each in (parts, book))
            assert own == {name: text for name, text in theirs.items() if name in own}, "only the sheets' modules are fewer"
        assert [n for n in parts.namelist() if n.startswith("xl/worksheets/")] == ["xl/worksheets/sheet1.xml"]
        assert f'name="{pages.SETTINGS}"'.encode() in parts.read("xl/workbook.xml")


def code_names(path: Path) -> list[str]:
    """Of the sheets of a workbook, in their order."""
    with zipfile.ZipFile(path) as book:
        assert b'codeName="ThisWorkbook"' in book.read("xl/workbook.xml")
        parts = sorted((n for n in book.namelist() if n.startswith("xl/worksheets/sheet")), key=lambda n: int(n[19:-4]))
        return [re.findall(rb'<sheetPr[^>]* ?codeName="(\w+)"', book.read(n))[0].decode() for n in parts]


@pytest.mark.parametrize("form", FORMS)
def test_every_sheet_has_its_module_and_every_module_its_sheet(form: str) -> None:
    path = TEMPLATES / f"{form}.xlsm"
    with zipfile.ZipFile(path) as book:
        modules = module_texts(book.read("xl/vbaProject.bin"))
    assert code_names(path) == [name for name in modules if name.startswith("Sheet")]


def test_so_it_is_with_as_many_repeated_sheets_as_are_asked_for(tmp_path: Path) -> None:
    made = tmp_path / "a.xlsm"
    given = ["template", "hebei.dept_budget", "--year", "2026", "--macros", "--repeat", "project=37", "-o", str(made)]
    assert CliRunner().invoke(app, given).exit_code == 0
    with zipfile.ZipFile(made) as book:
        modules = module_texts(book.read("xl/vbaProject.bin"))
    assert len(code_names(made)) > 37 and code_names(made) == [name for name in modules if name.startswith("Sheet")]


def test_a_template_is_asked_for_with_or_without_macros_by_its_ending(tmp_path: Path) -> None:
    run = CliRunner().invoke
    made = tmp_path / "a.xlsm"
    assert run(app, ["template", "wuhan.dept_overall", "--year", "2026", "--macros", "-o", str(made)]).exit_code == 0
    assert pages.BUTTON_PAGE in load_workbook(made).sheetnames
    for arguments in (["-o", str(tmp_path / "b.xlsm")], ["--macros", "-o", str(tmp_path / "b.xlsx")]):
        with pytest.raises(operations.CannotRun) as refused:
            run(app, ["template", "wuhan.dept_overall", "--year", "2026", *arguments], catch_exceptions=False)
        assert refused.value.findings[0].code == "SYS908"
    assert run(app, ["addin", "-o", str(tmp_path / "j.xlam")]).exit_code == 0
    assert not (tmp_path / "b.xlsm").exists() and (tmp_path / "j.xlam").is_file()
