"""The VBA text, the ribbon and the binary: fresh, parsed by others, and every name in them resolves."""

from __future__ import annotations

import importlib.util
import re
import xml.etree.ElementTree as ET
import zipfile
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import pyvbaanalysis
from antlr4 import CommonTokenStream, InputStream
from antlr4.error.ErrorListener import ErrorListener
from antlr4_vba.vbaLexer import vbaLexer
from antlr4_vba.vbaParser import vbaParser
from oletools.olevba import VBA_Parser
from pyopenvba.cfb import CFB
from pyopenvba.vba import parse_vba_project

from jixiao_xl.hosts import excel_buttons
from jixiao_xl.workbook.buttons import BUTTONS, GROUPS, HANDLERS
from jixiao_xl.workbook.macro_files import TooManySheets, project
from jixiao_xl.workbook.macro_guard import digest, essential, known_modules
from jixiao_xl.workbook.vba_project import module_texts

ROOT = Path(__file__).parents[2]
MACROS = ROOT / "macros"
OURS = ("JixiaoButtons", "JixiaoUdfs")
BOOKS = sorted(p for p in (ROOT / "xlsx_templates").iterdir() if p.suffix in (".xlsm", ".xlam"))
_SUB = re.compile(r"^Public Sub (\w+)\((.*)\)$", re.MULTILINE)


@cache
def builder() -> ModuleType:
    """macros/build.py, which is no package."""
    spec = importlib.util.spec_from_file_location("macros_build", MACROS / "build.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def subs() -> dict[str, str]:
    """Public Subs of the button module with their parameters."""
    return dict(_SUB.findall((MACROS / "JixiaoButtons.bas").read_text("ascii")))


def test_the_generated_texts_are_what_the_buttons_and_functions_give_today() -> None:
    for name, text in builder().written_texts().items():
        assert (MACROS / name).read_text("utf-8") == text, f"{name} is stale: python macros/build.py"
    assert (MACROS / "known_modules.txt").read_text("ascii") == builder().known_modules()


@pytest.mark.parametrize("sheets", [1, 2, 20, 55, 120])
def test_the_binary_is_what_the_texts_give_today_and_the_same_each_time(sheets: int) -> None:
    first, second = builder().binary(sheets), builder().binary(sheets)
    assert first == second == project(sheets), "stale: python macros/build.py"


def test_there_is_a_project_for_every_number_of_sheets_up_to_the_most(tmp_path: Path) -> None:
    for sheets in range(1, builder().MOST_SHEETS + 1):
        modules = module_texts(project(sheets))
        assert {name for name in modules if name.startswith("Sheet")} == {f"Sheet{n}" for n in range(1, sheets + 1)}
    with pytest.raises(TooManySheets, match="120"):
        project(121)
    again = builder().packed({1: project(1), 2: project(2)})
    assert again == builder().packed({1: project(1), 2: project(2)}), "packing adds no time and no name of a machine"


def test_the_binary_holds_exactly_the_texts_as_three_programs_unpack_it() -> None:
    binary = (MACROS / "vbaProject.bin").read_bytes()
    assert binary == project(1)
    texts = module_texts(binary)
    wanted = {
        "ThisWorkbook",
        "Sheet1",
        "xlwings",
        "Dictionary",
        *(p.stem for p in MACROS.glob("*.bas")),
        *(p.stem for p in MACROS.glob("*.cls")),
    }
    assert set(texts) == wanted
    for name, text in builder().module_texts().items():
        assert essential(texts[name]) == essential(text)
        if not text.startswith("VERSION"):
            assert texts[name] == text and texts[name].count("\r\n") == texts[name].count("\n"), name
    assert essential(texts["ThisWorkbook"]) == essential(texts["Sheet1"]) == "", "document modules without code"
    olevba = {name.rpartition(".")[0]: text for _, _, name, text in VBA_Parser(str(MACROS / "vbaProject.bin")).extract_macros()}
    pyopenvba = {module.name: module.source for module in parse_vba_project(CFB.from_bytes(binary)).modules}
    assert texts == olevba == pyopenvba


def test_every_module_that_is_shipped_is_known_to_the_guard() -> None:
    for name, text in builder().module_texts().items():
        assert (name, digest(essential(text))) in known_modules()


@pytest.mark.parametrize("path", sorted(MACROS.glob("*.bas")), ids=lambda path: path.stem)
def test_a_module_is_ascii_and_a_grammar_of_vba_accepts_it(path: Path) -> None:
    text = path.read_bytes().decode("ascii")
    faults: list[str] = []

    class Listener(ErrorListener):
        def syntaxError(self, recognizer, offending, line, column, message, error):  # type: ignore[no-untyped-def]
            faults.append(f"{line}:{column} {message}")

    lexer = vbaLexer(InputStream(text.replace("\n", "\r\n")))
    parser = vbaParser(CommonTokenStream(lexer))
    for part in (lexer, parser):
        part.removeErrorListeners()
        part.addErrorListener(Listener())
    parser.startRule()
    assert faults == []
    assert "Option Explicit" in text
    assert not [line for line in text.split("\n") if len(line) > 1023]


def test_an_analyser_of_whole_projects_finds_nothing_in_our_modules_and_no_error_in_any() -> None:
    told = pyvbaanalysis.analyze_workbook(str(ROOT / "xlsx_templates" / "hebei.dept_budget.2023.xlsm"))
    assert {name: told[name] for name in OURS} == {name: [] for name in OURS}
    assert [d for found in told.values() for d in found if d.severity is pyvbaanalysis.DiagnosticSeverity.ERROR] == []


def test_each_button_has_two_subs_and_one_fixed_line_that_resolves_to_a_function() -> None:
    text = (MACROS / "JixiaoButtons.bas").read_text("ascii")
    lines = re.findall(r"^\s*RunPython (.*)$", text, re.MULTILINE)
    assert lines == [f'"from {HANDLERS} import {b.function}; {b.function}()"' for b in BUTTONS]
    for button in BUTTONS:
        assert subs()[button.macro] == "control As IRibbonControl" and subs()[button.click] == ""
        assert callable(getattr(excel_buttons, button.function))
    assert len(subs()) == 2 * len(BUTTONS) == 32
    assert excel_buttons.__name__ == HANDLERS


def test_every_button_of_the_ribbon_calls_a_sub_and_has_caption_tip_and_icon() -> None:
    ribbon = ET.parse(MACROS / "ribbon.xml").getroot()
    space = {"ui": "http://schemas.microsoft.com/office/2009/07/customui"}
    groups = ribbon.findall(".//ui:group", space)
    assert [group.get("label") for group in groups] == list(GROUPS.values())
    found = ribbon.findall(".//ui:button", space)
    assert sorted(b.get("onAction", "") for b in found) == sorted(b.macro for b in BUTTONS)
    for button in found:
        assert button.get("onAction") in subs()
        assert button.get("label") and button.get("supertip") and button.get("imageMso")
    ids = [element.get("id") for element in ribbon.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("book", BOOKS, ids=lambda p: p.name)
def test_every_button_on_a_sheet_calls_a_sub_of_its_own_workbook_whatever_its_name(book: Path) -> None:
    with zipfile.ZipFile(book) as parts:
        drawings = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".vml")]
        assert parts.read("customUI/customUI14.xml") == (MACROS / "ribbon.xml").read_bytes()
        sheets = sum(name.startswith("xl/worksheets/sheet") for name in parts.namelist())
        assert parts.read("xl/vbaProject.bin") == project(sheets)
    called = [name for text in drawings for name in re.findall(r"<x:FmlaMacro>(.*?)</x:FmlaMacro>", text)]
    assert all(name.startswith("[0]!") and subs()[name.removeprefix("[0]!")] == "" for name in called), "[0] is this workbook"
    on_sheets = {name.removeprefix("[0]!") for name in called}
    is_form = book.name.count(".") == 3
    assert on_sheets == ({button.click for button in BUTTONS} if is_form else set())
