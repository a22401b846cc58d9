"""试算.xlsm: fresh, valid, every stored value what Python gives and what the example says; and UDFs in templates."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from jixiao_xl import operations
from jixiao_xl.model.functions import FUNCTIONS
from jixiao_xl.workbook.trial_book import EXPECTED, FIRST, HEADS, NATIVE, OURS, SAME, SHEET, TEXT, trial_workbook
from tests.office import Office
from tests.udfs.windows import called
from tests.workbook.test_templates import TEMPLATES, errors_of

_CALL = re.compile(r"=(?:(INDEX|SUM)\()?(JX_\w+)\(([^)]*)\)(?:,(\d)\))?")
_FORMULA = re.compile(r'<c r="([A-Z]+[0-9]+)"[^>]*><f>([^<]*)</f>')
FORM = "hubei.dept_overall"


def sheet(path: Path, **how: bool):  # type: ignore[no-untyped-def]
    return load_workbook(path, **how)[SHEET]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return operations.make_trial(tmp_path_factory.mktemp("trial") / "试算.xlsm")


def test_the_shipped_workbook_is_what_the_examples_give_today_and_the_same_each_time() -> None:
    assert (TEMPLATES / "试算.xlsm").read_bytes() == trial_workbook() == trial_workbook(), "stale: jixiao template --all"


def test_every_stored_value_is_what_the_function_gives_for_the_cells_beside_it(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "none.sqlite"))
    formulas, values = sheet(book), sheet(book, data_only=True)
    seen = []
    for row in range(1, formulas.max_row + 1):
        call = _CALL.fullmatch(str(formulas.cell(row, OURS + 1).value))
        if call is None:
            continue
        around, name, places, part = call.groups()
        block = called(name, *(place.strip('"') if '"' in place else _values(values, place) for place in places.split(",")))
        flat = [cell for line in block for cell in line]
        given = flat[int(part) - 1] if around == "INDEX" else sum(map(Decimal, map(repr, flat))) if around == "SUM" else flat[0]
        stored = values.cell(row, OURS + 1).value
        assert (stored or "") == (given if isinstance(given, str) else float(given) or ""), (row, name)
        assert formulas.cell(row, TEXT + 1).value == formulas.cell(row, OURS + 1).value, "the text column shows the formula"
        seen.append(name)
    assert set(seen) == {function.name for function in FUNCTIONS} and len(seen) > 50


def _values(sheet, place: str):  # type: ignore[no-untyped-def]
    left, top, right, bottom = range_boundaries(place)
    rows = tuple(tuple(sheet.cell(row, column).value for column in range(left, right + 1)) for row in range(top, bottom + 1))
    return tuple(tuple(float(v) if isinstance(v, int) else v for v in row) for row in rows)


def test_every_example_says_what_both_formulas_show_and_that_they_agree(book: Path) -> None:
    values = sheet(book, data_only=True)
    told = [
        [values.cell(row, column + 1).value for column in (OURS, NATIVE, EXPECTED, SAME)] for row in range(1, values.max_row + 1)
    ]
    agreed = [line for line in told if line[3] == "一致" and line[0] != HEADS[OURS - 1]]
    assert len(agreed) > 40 and not [line for line in told if line[3] == "不一致"]
    assert [line for line in agreed if not (line[0] or "") == (line[1] or "") == (line[2] or "")] == []
    alone = [line for line in told if line[1] == "没有" and line[2] != "历年数据库里的数"]
    assert len(alone) == 16 and [line for line in alone if (line[0] or "") != (line[2] or "")] == []


@pytest.mark.slow
def test_the_native_formulas_recalculate_to_what_is_stored_and_the_validator_has_nothing_to_say(book: Path, office: Office) -> None:
    ours, again = sheet(book, data_only=True), sheet(office.converted([book], "xlsx")[0], data_only=True)
    formulas, count = sheet(book), 0
    for row in range(1, formulas.max_row + 1):
        if str(formulas.cell(row, NATIVE + 1).value).startswith("="):
            assert (ours.cell(row, NATIVE + 1).value or "") == (again.cell(row, NATIVE + 1).value or ""), row
            count += 1
    assert count > 40
    assert errors_of(book) == []


def test_inputs_are_open_and_everything_else_is_locked(book: Path) -> None:
    page = sheet(book)
    assert page.protection.sheet
    inputs = [page.cell(row, FIRST + 1) for row in range(1, page.max_row) if page.cell(row, FIRST + 1).value == 405.9]
    assert len(inputs) == 4 and not any(cell.protection.locked for cell in inputs)
    assert all(
        page.cell(row, column + 1).protection.locked for row in range(1, page.max_row) for column in (OURS, NATIVE, EXPECTED)
    )


# ---- templates on the functions, and files that are submitted ---------------------------------
@pytest.fixture(scope="module")
def on_functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("udf") / "udf.xlsm"
    return operations.make_template(FORM, 2026, out, macros=True, functions=True)


def test_a_template_on_the_functions_differs_from_the_native_one_in_its_rates_only(on_functions: Path, tmp_path: Path) -> None:
    native = operations.make_template(FORM, 2026, tmp_path / "native.xlsm", macros=True)
    ours, theirs = formulas_of(on_functions), formulas_of(native)
    differ = {place: (formula, theirs[place]) for place, formula in ours.items() if formula != theirs[place]}
    assert ours.keys() == theirs.keys() and len(ours) > 1000 and len(differ) == 8
    assert (
        'IF((COUNT(D6,D9)&lt;2),"",IF((D9=0),0,JX_SHARE(D6,D9)))',
        'IF((COUNT(D6,D9)&lt;2),"",IF((D9=0),0,ROUND((D6/D9),4)))',
    ) in (differ.values())


def formulas_of(path: Path) -> dict[tuple[str, str], str]:
    """The formula of every cell, by part and place."""
    with zipfile.ZipFile(path) as book:
        texts = {name: book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")}
    return {(name, place): formula for name, text in texts.items() for place, formula in _FORMULA.findall(text)}


def test_without_macros_there_are_no_functions(tmp_path: Path) -> None:
    with pytest.raises(operations.CannotRun) as refused:
        operations.make_template(FORM, 2026, tmp_path / "a.xlsx", functions=True)
    assert "--macros" in refused.value.findings[0].remedy() and not (tmp_path / "a.xlsx").exists()


def test_a_function_in_a_working_copy_is_the_forms_own_formula_and_in_a_plain_file_a_finding(
    on_functions: Path, tmp_path: Path
) -> None:
    assert [f for f in operations.read(on_functions).findings if f.code in ("WBK105", "WBK117", "WBK118")] == []
    assert operations.read(on_functions).replaced == {}
    plain = tmp_path / "plain.xlsx"
    with zipfile.ZipFile(on_functions) as source, zipfile.ZipFile(plain, "w") as out:
        for part in source.infolist():
            if "vbaProject" not in part.filename:
                out.writestr(part, source.read(part))
    reading = operations.read(plain)
    assert reading.replaced == {} and [f.code for f in reading.findings] == ["WBK118"]
    finding = reading.findings[0]
    assert finding.severity == "error" and (finding.where.sheet, finding.where.cell) == ("资金情况", "E6")
    assert "8 格" in finding.message() and "生成报送文件" in finding.remedy()


def test_a_shipped_plain_template_has_no_such_finding() -> None:
    assert [f.code for f in operations.read(TEMPLATES / "hubei.dept_overall.2025.xlsx").findings] == []


def test_the_commands_say_what_they_made_and_what_they_do_not_know(tmp_path: Path) -> None:
    def jixiao(*given: str) -> tuple[int, str]:
        done = subprocess.run([sys.executable, "-m", "jixiao_xl.hosts.cli", *given], capture_output=True, text=True, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    code, said = jixiao("trial", "-o", "试算.xlsm")
    assert code == 0 and "试算.xlsm" in said and (tmp_path / "试算.xlsm").read_bytes() == trial_workbook()
    code, said = jixiao("template", FORM, "--year", "2026", "--macros", "--formulas", "vba", "-o", "a.xlsm")
    assert code == 2 and "native" in said and not (tmp_path / "a.xlsm").exists()
