"""The functions in cells of a real Calc: the shipped 试算.xlsm and its own VBA, Python behind it.

Swapped in the loaded document are xlwings' modules, whose Python server Windows starts, and the word
Value2, which Calc does not know. Calc shows CVErr(2007) as the text "Error 2007", and reads an error
value in a range as 0; both are its own ways.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from jixiao_xl.hosts.excel_udfs import CVERR
from jixiao_xl.workbook.trial_book import EXPECTED, FIRST, NATIVE, OURS, SHEET
from tests.excel.calc import at_calc, running_calc
from tests.soffice import import_uno
from tests.udfs.windows import answer
from tests.workbook.test_templates import TEMPLATES

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent
SERVE = "vnd.sun.star.script:VBAProject.xlwings.Serve?language=Basic&location=document"
asked: list[str] = []


def python_server() -> Any:
    """What stands behind XLPy, as a UNO object: a block goes back as rows, columns and cells."""
    uno = import_uno()
    kinds = ("com.sun.star.sheet.XFunctionAccess", "com.sun.star.lang.XTypeProvider")

    class Server(*map(uno.getClass, kinds)):  # type: ignore[misc]
        def getTypes(self) -> tuple[Any, ...]:
            return tuple(map(uno.getTypeByName, kinds))

        def getImplementationId(self) -> Any:
            return uno.ByteSequence(b"")

        def callFunction(self, name: str, given: tuple[Any, ...]) -> tuple[Any, ...]:
            asked.append(name)
            found = answer(name.removeprefix("jixiao_xl.hosts.excel_udfs."), *given)
            if not isinstance(found, list) or not isinstance(found[0], list):
                return 0, 0, tuple(found) if isinstance(found, list) else found
            return len(found), len(found[0]), *(cell for row in found for cell in row)

    return Server()


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, str, Any, Any]]:
    """First input, function, what Calc shows of the function, what the example says: of every example."""
    folder = tmp_path_factory.mktemp("calc")
    book = folder / "trial.xlsm"
    shutil.copy(TEMPLATES / "试算.xlsm", book)
    with running_calc(folder) as soffice, at_calc(soffice, book) as desk:
        document = desk.book.impl.pages.document
        modules = document.BasicLibraries.getByName("VBAProject")
        own = modules.getByName("JixiaoUdfs")
        assert own.count("Value2") == 1
        modules.replaceByName("JixiaoUdfs", own.replace("Value2", "Value"))
        modules.replaceByName("Dictionary", (HERE / "python_object.bas").read_text("ascii"))
        modules.replaceByName("xlwings", (HERE / "python_server.bas").read_text("ascii"))
        document.getScriptProvider().getScript(SERVE).invoke((python_server(),), (), ())
        document.calculateAll()
        sheet = document.Sheets.getByName(SHEET)
        shown = sheet.getCellRangeByPosition(0, 0, EXPECTED, 100)
        data, formulas = shown.getDataArray(), shown.getFormulaArray()
    return [
        (row[FIRST], call[OURS], row[OURS], row[EXPECTED])
        for row, call in zip(data, formulas, strict=True)
        if "JX_" in call[OURS] and "JX_PRIOR" not in call[OURS] and call[NATIVE]
    ]


def test_every_example_shows_in_calc_what_it_says(lines: list[tuple[Any, str, Any, Any]]) -> None:
    told = [(call, shown, expected) for _, call, shown, expected in lines if expected not in CVERR]
    assert len(told) > 30
    differ = [
        line
        for line in told
        if line[1] != line[2] and not (isinstance(line[1], float) and line[1] == pytest.approx(line[2], abs=1e-9))
    ]
    assert differ == []
    assert {name.rpartition(".")[2] for name in asked} >= {
        "JX_SHARE",
        "JX_EXEC_RATE",
        "JX_CHANGE_RATE",
        "JX_CONTROL_RATE",
        "JX_TARGET",
        "JX_SCORE",
    }


def test_an_error_arrives_as_the_error_number_that_excel_shows_as_an_error(lines: list[tuple[Any, str, Any, Any]]) -> None:
    faults = [(shown, expected) for first, _, shown, expected in lines if expected in CVERR and expected != "#N/A"]
    assert len(faults) == 13
    assert [shown for shown, _ in faults] == [f"Error {CVERR[expected]}" for _, expected in faults]
