"""The VBA of the functions: made from the definitions, plain, analysed, and run by a VBA interpreter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import pyvbaanalysis
from pyopenvba.apps.excel import ExcelApplication

from jixiao_xl.hosts.udf_wrappers import FILE, parameter, udf_module_text
from jixiao_xl.model.functions import CATEGORY, FUNCTIONS, LONGEST_HELP
from tests.excel.values import ERRORS

MACROS = Path(__file__).parents[2] / "macros"
TEXT = udf_module_text()
SERVER = """Attribute VB_Name = "PythonServer"
Public Function CallUDF(ByVal Module As String, ByVal Name As String, ByVal Arguments As Variant) As Variant
    Select Case Module & "." & Name
        Case "jixiao_xl.hosts.excel_udfs.JX_SHARE": CallUDF = Arguments(0) / Arguments(1)
        Case "jixiao_xl.hosts.excel_udfs.JX_EXEC_RATE": CallUDF = CLng(-2146826281)
        Case "jixiao_xl.hosts.excel_udfs.JX_TARGET": CallUDF = Array("", CLng(-2146826246), 0.5)
        Case "jixiao_xl.hosts.excel_udfs.JX_CHANGE_RATE": CallUDF = Block()
    End Select
End Function

Private Function Block() As Variant
    Dim Cells(0 To 1, 0 To 1) As Variant
    Cells(0, 0) = 0.25
    Cells(1, 1) = CLng(-2146826273)
    Block = Cells
End Function
"""


def vba(*, python: str) -> ExcelApplication:
    """An interpreter with the module, and `python` as what `XLPy` does."""
    excel = ExcelApplication()
    excel.add_workbook()
    excel.add_module(TEXT.replace("Private Function", "Public Function"), name="JixiaoUdfs")
    excel.add_module(SERVER, name="PythonServer", kind="class")
    excel.add_module(
        f'Attribute VB_Name = "xlwings"\nPublic Function XLPy() As Object\n    {python}\nEnd Function\n', name="xlwings"
    )
    return excel


def test_the_committed_module_is_the_one_made_from_the_definitions() -> None:
    assert (MACROS / FILE).read_text("ascii") == TEXT, "python macros/build.py"


def test_it_is_plain_ascii_with_lines_and_continuations_that_vba_takes() -> None:
    lines = TEXT.splitlines()
    assert TEXT.isascii() and max(map(len, lines)) <= 1023
    runs = re.findall(r"(?:^.* _\n)+", TEXT, re.MULTILINE)
    assert runs and max(run.count("\n") for run in runs) <= 24


def test_the_analyser_of_vba_has_nothing_to_say() -> None:
    assert [(told.code, told.message) for told in pyvbaanalysis.analyze_module(TEXT)] == []


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_and_each_of_its_arguments_are_described_in_chinese(function) -> None:  # type: ignore[no-untyped-def]
    said = re.search(
        rf'JxDescribe "{function.name}", _\n(.*?)\n    JxDescribe|JxDescribe "{function.name}", _\n(.*?)\nEnd Sub', TEXT, re.DOTALL
    )
    assert said is not None
    literals = re.sub(r'" & _\n\s+"', "", said[1] or said[2])
    excel = vba(python="Set XLPy = Nothing")
    texts = [excel.run("JxText", codes) for codes in re.findall(r'"([0-9A-F]+)"', literals)]
    assert texts == [function.help, *(arg.help for arg in function.args)]
    assert all(len(text) <= LONGEST_HELP and not text.isascii() for text in texts)
    assert f"Function {function.name}(" + ", ".join(map(parameter, function.args)) in TEXT
    assert excel.run("JxText", re.findall(r'Category:=JxText\("(\w+)"', TEXT)[0]) == CATEGORY


def test_numbers_pass_and_the_integers_of_errors_become_cell_errors_in_a_cell_a_row_and_a_block() -> None:
    excel = vba(python="Set XLPy = New PythonServer")
    assert excel.run("JX_SHARE", 1.0, 4.0) == 0.25
    assert str(excel.run("JX_EXEC_RATE", 1.0, 0.0)) == "Error 2007"
    excel.add_module(
        "Public Function Told(ByVal Row As Variant, ByVal Block As Variant) As String\n"
        "    Told = TypeName(Row(0)) & TypeName(Row(1)) & TypeName(Row(2)) & TypeName(Block(0, 0)) & TypeName(Block(1, 1))\n"
        "End Function\n"
        'Public Function Kinds() As String\n    Kinds = Told(JX_TARGET("x"), JX_CHANGE_RATE(1, 1))\nEnd Function\n',
        name="Probe",
    )
    assert excel.run("Kinds") == "StringErrorDoubleDoubleError"


@pytest.mark.parametrize("shown, number", [(shown, number) for shown, number in ERRORS.items()])
def test_every_error_value_has_the_number_that_excel_gives_it(shown: str, number: int) -> None:
    numbers = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}
    assert str(vba(python="Set XLPy = Nothing").run("JxCell", number)) == f"Error {numbers[shown]}"


def test_without_a_python_the_cell_is_not_available_and_the_next_cells_do_not_wait_for_it() -> None:
    excel = vba(python="Tries = Tries + 1\n    Err.Raise 1000")
    excel.add_module("Public Tries As Long\nPublic Function Tried() As Long\n    Tried = Tries\nEnd Function\n", name="Counter")
    assert [str(excel.run("JX_SHARE", 1.0, 4.0)) for _ in range(3)] == ["Error 2042"] * 3
    assert excel.run("Tried") == 1
