"""What a person may do to the hidden keys, and that it is said instead of read wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.workbook.build import build_workbook


@pytest.fixture
def book(tmp_path: Path) -> Path:
    spec = operations.form_named(FORM)
    path = tmp_path / "a.xlsx"
    path.write_bytes(build_workbook(spec, sample_filing(spec, 1, 2026)))
    return path


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code"),
    [
        ("年度绩效指标", "C6", None, "WBK112"),
        ("年度绩效指标", "G6", None, "WBK112"),
        ("资金情况", "F5", None, "WBK112"),
        ("资金情况", "A7", None, "WBK104"),
        ("资金情况", "A8", "income.special_account", "WBK104"),
        ("年度绩效指标", "A8", "[a/b/c]", "WBK104"),
    ],
)
def test_a_damaged_key_is_named(book: Path, sheet: str, cell: str, value: str | None, code: str) -> None:
    opened = load_workbook(book)
    opened[sheet][cell].value = value
    opened.save(book)
    assert code in {f.code for f in operations.check(book).findings}


def test_an_inserted_row_that_pushes_the_total_out_is_named(book: Path) -> None:
    opened = load_workbook(book)
    opened["资金情况"].insert_rows(8)
    opened.save(book)
    assert "WBK112" in {f.code for f in operations.check(book).findings}


def test_an_error_value_is_not_a_blank(book: Path) -> None:
    opened = load_workbook(book)
    opened["年度绩效指标"]["G7"] = "#REF!"
    opened["资金情况"]["D6"] = "#N/A"
    opened.save(book)
    found = {(f.code, f.where.spoken()) for f in operations.check(book).findings}
    assert {("CEL110", "年度绩效指标!G7"), ("CEL101", "资金情况!D6")} <= found


def test_a_formula_replaced_and_a_protection_removed_are_warnings(book: Path) -> None:
    opened = load_workbook(book)
    opened["资金情况"]["D9"] = 678
    opened["资金情况"].protection.sheet = False
    opened.save(book)
    found = {f.code: f.severity for f in operations.check(book).findings}
    assert found == {"WBK105": "warning", "WBK106": "warning"}


def test_a_pasted_total_is_the_base_of_the_shares_beside_it(book: Path) -> None:
    opened = load_workbook(book)
    opened["资金情况"]["D9"] = 1356  # twice the real total: the sheet's own shares halve
    opened.save(book)
    codes = [f.code for f in operations.check(book).findings]
    assert "FND103" not in codes and "FND101" in codes


def test_a_book_another_program_wrote_without_results_is_computed(book: Path) -> None:
    load_workbook(book).save(book)
    assert operations.check(book).findings == ()


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (1.0, "0%", "100%"),
        (-0.0467, "0.00%", "-4.67%"),
        (2, "General", "2"),
        (12, '0"人"', "12人"),
        (1234.5, "#,##0.00", "1234.50"),
    ],
)
def test_an_indicator_that_became_a_number_is_read_as_it_is_shown(book: Path, number: float, form: str, shown: str) -> None:
    opened = load_workbook(book)
    opened["年度绩效指标"]["G7"] = number
    opened["年度绩效指标"]["G7"].number_format = form
    opened.save(book)
    filing = operations.read(book).filing
    assert filing is not None
    assert filing.value("annual_indicators[运行成本/公用经费控制/公用经费控制率].target") == shown


def test_an_amount_typed_as_text_is_named_because_no_sum_counts_it(book: Path) -> None:
    opened = load_workbook(book)
    opened["资金情况"]["G6"] = "555"
    opened.save(book)
    found = [(f.code, f.severity, f.where.spoken(), f.suggested) for f in operations.check(book).findings]
    assert found == [("CEL102", "error", "资金情况!G6", "555")]
