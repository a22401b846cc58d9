"""The functions as Excel calls them, through xlwings' own Windows conversion: blocks, blanks, errors, ranges."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter
from xlwings import conversion

from jixiao_xl import operations
from jixiao_xl.hosts.sample import sample_filing, unit_of
from jixiao_xl.model.functions import FUNCTIONS
from tests.excel import fake_com
from tests.excel.values import ERRORS
from tests.udfs.windows import answer, called, functions

DIV0, VALUE, NA, REF = "#DIV/0!", "#VALUE!", "#N/A", "#REF!"


def test_one_cell_by_one_cell_is_a_number_a_row_is_a_row_and_a_column_a_block() -> None:
    assert answer("JX_SHARE", 405.9, 1000.0) == 0.4059
    assert answer("JX_SHARE", ((1.0, 2.0, None),), 4.0) == [0.25, 0.5, ""]
    assert answer("JX_SHARE", ((1.0,), (2.0,)), ((4.0,), (8.0,))) == [[0.25], [0.25]]


def test_a_row_meets_a_column_in_a_block_and_what_has_no_partner_is_not_available() -> None:
    assert called("JX_SHARE", ((1.0, 2.0),), ((4.0,), (8.0,))) == [[0.25, 0.5], [0.125, 0.25]]
    assert called("JX_SHARE", ((1.0,), (2.0,), (3.0,)), ((4.0,), (8.0,))) == [[0.25], [0.25], [NA]]


@pytest.mark.parametrize(
    "name, cells, shown",
    [
        ("JX_SHARE", (0.0, 5.0), 0.0), ("JX_SHARE", (5.0, 0.0), DIV0), ("JX_SHARE", (None, 5.0), ""),
        ("JX_SHARE", (5.0, None), ""), ("JX_SHARE", ("", 5.0), ""), ("JX_SHARE", ("12.5", 20.0), VALUE),
        ("JX_SHARE", (True, 2.0), VALUE), ("JX_SHARE", (REF, None), REF), ("JX_SHARE", ("无", 0.0), VALUE),
        ("JX_SHARE", (1e308, 1e-308), "#NUM!"), ("JX_SHARE", (0.11115, 1.0), 0.1112),
        ("JX_EXEC_RATE", (95.0, 100.0), 0.95), ("JX_EXEC_RATE", (95.0, 0.0), DIV0),
        ("JX_CHANGE_RATE", (90.0, 100.0), -0.1), ("JX_CHANGE_RATE", (5.0, -10.0), 1.5), ("JX_CHANGE_RATE", (1.00795, 1.0), 0.008),
        ("JX_CONTROL_RATE", (23.0, 25.0), 0.92), ("JX_CONTROL_RATE", (NA, 0.0), NA),
    ],
)  # fmt: skip
def test_what_a_rate_shows(name: str, cells: tuple[object, object], shown: object) -> None:
    assert called(name, *cells) == [[shown]]


@pytest.mark.parametrize(
    "stated, parts",
    [
        ("≥95%", ["≥", 95.0, "%"]), ("不低于三十场", ["≥", 30.0, "场"]), ("-4.67%", ["", -4.67, "%"]), ("23人", ["", 23.0, "人"]),
        (None, ["", "", ""]), ("健全", ["", NA, ""]), ("5~10个", ["", NA, "个"]), (0.95, ["", 0.95, ""]), (REF, [REF] * 3),
    ],
)  # fmt: skip
def test_the_parts_of_an_indicator_value(stated: object, parts: list[object]) -> None:
    assert called("JX_TARGET", stated) == [parts]


def test_a_column_of_indicator_values_gives_three_columns() -> None:
    assert called("JX_TARGET", (("≥95%",), ("健全",))) == [["≥", 95.0, "%"], ["", NA, ""]]


def test_an_error_goes_out_as_the_integer_of_its_error_variant_and_numbers_never_as_integers() -> None:
    row = answer("JX_SHARE", ((1.0, 0.0, "无", ERRORS[NA], 2.0),), ((1.0, 0.0, 1.0, 1.0, 1.0),))
    assert row == [1.0, ERRORS[DIV0], ERRORS[VALUE], ERRORS[NA], 2.0]
    assert [type(cell) for cell in row] == [float, int, int, int, float]


def test_ranges_are_read_too_with_their_currency_and_errors(tmp_path: Path) -> None:
    # as xlwings' own generated wrapper would hand them over; ours hands over values
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_number("A1", 405.9, book.add_format({"num_format": '"¥"#,##0.00'}))
        sheet.write_formula("A2", "=1/0", None, DIV0)
        sheet.write_number("B1", 1000)
    functions()
    with fake_com.at_the_fake_excel(path) as desk:
        options = functions().JX_SHARE.__xlfunc__["args"][0]["options"]
        first, second = (conversion.read(desk.book.sheets[0][place], None, options) for place in ("A1:A3", "B1"))
    assert functions().JX_SHARE(first, second) == [[0.4059], [ERRORS[DIV0]], [None]]


def test_excel_is_told_the_same_functions_arguments_and_help_as_vba_and_nothing_is_volatile() -> None:
    module = functions()
    told = [getattr(module, name).__xlfunc__ for name in dir(module) if hasattr(getattr(module, name), "__xlfunc__")]
    assert {one["name"] for one in told} == {function.name for function in FUNCTIONS}
    for function in FUNCTIONS:
        one = getattr(module, function.name).__xlfunc__
        assert not one["volatile"] and one["category"] == "绩效填报"
        own = [(arg.name, arg.help) for arg in function.args]
        assert [(arg["name"], arg["doc"]) for arg in one["args"]][: len(own)] == own
        assert len(one["args"]) == len(own) + len(function.settings)


def test_last_years_value_is_the_one_that_the_button_would_bring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = str(tmp_path / "a.sqlite")
    monkeypatch.setenv("JIXIAO_ARCHIVE", address)
    spec, unit = operations.form_named("hubei.dept_overall"), unit_of(1).key
    archive = operations.open_archive(address)
    archive.deposit(sample_filing(spec, 1, 2025))
    fiscal, rate = "funds.income.fiscal", "annual_indicators[运行成本/公用经费控制/公用经费控制率]"
    paths = (f"{fiscal}.last", f"{fiscal}.current", f"{fiscal}.before_last", f"{rate}.last", "funds.x.y.last", "]", None)
    assert called("JX_PRIOR", unit, 2026.0, (paths,)) == [[555.0, 555.0, 545.0, "100%", NA, VALUE, ""]]
    assert called("JX_PRIOR", ((unit,), ("没有",)), ((2026.0,), (2026.0,)), paths[0]) == [[555.0], [NA]]
    assert called("JX_PRIOR", unit, "2026", paths[0]) == [[VALUE]]
    archive.deposit(sample_filing(spec, 2, 2026).with_facts(sample_filing(spec, 1, 2026).facts))
    assert called("JX_PRIOR", unit_of(2).key, 2027.0, paths[0]) == [[565.0]], "a changed archive is read again"
    assert called("JX_PRIOR", unit, 2026.0, paths[0], str(tmp_path / "none.sqlite")) == [[REF]], (
        "the workbook's own setting comes first"
    )


def test_the_rates_need_no_pandas_numpy_openpyxl_or_database() -> None:
    code = (
        "import sys; heavy = ('pandas', 'numpy', 'openpyxl', 'sqlalchemy', 'pydantic', 'xlsxwriter'); sys.modules.update(dict.fromkeys(heavy))\n"
        "from jixiao_xl.hosts.excel_udfs import JX_SHARE, JX_TARGET\n"
        "print(JX_SHARE([[1.0], [2.0]], [[4.0]]), JX_TARGET([['≥95%']]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "[[0.25], [0.5]] [['≥', 95.0, '%']]", done.stderr
