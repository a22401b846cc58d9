"""What a person may do to the hidden keys, and that it is said instead of read wrongly."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.workbook.build import build_workbook

FUNDS, INDICATORS = "xl/worksheets/sheet2.xml", "xl/worksheets/sheet8.xml"
Edit = Callable[[bytes], bytes]


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


# ---- what no spreadsheet program writes, but a file can hold -------------------------------------
def edited(book: Path, part: str, edit: Edit) -> Path:
    """The book with one part changed byte by byte."""
    with zipfile.ZipFile(book) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    changed = edit(parts[part])
    assert changed != parts[part]
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in (parts | {part: changed}).items():
            target.writestr(name, data)
    return book


def with_text(cell: str, text: str) -> Edit:
    """A cell that holds this text, in the escapes of the file."""
    new = f'<c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()
    return lambda data: re.sub(rf'<c r="{cell}"[^>]*?(/>|>.*?</c>)'.encode(), new, data, count=1)


def test_a_named_row_without_values_whose_value_column_lost_its_key_is_read_around(book: Path) -> None:
    opened = load_workbook(book)
    opened["年度绩效指标"]["D11"] = "水电费控制率"
    opened["年度绩效指标"]["G6"] = None
    opened.save(book)
    assert "WBK112" in {f.code for f in operations.check(book).findings}


@pytest.mark.parametrize("number", ["", "x", "1.5", "9" * 5000])
def test_a_number_format_without_a_number_leaves_the_others_as_they_are(book: Path, number: str) -> None:
    named = rb'(<(?:numFmt|xf) numFmtId=")[0-9]+'
    edited(book, "xl/styles.xml", lambda data: re.sub(named, rb"\g<1>" + number.encode(), data, count=2))
    assert operations.check(book).findings == ()


def test_a_format_is_found_though_one_before_it_names_none(book: Path) -> None:
    formats = rb'(<cellXfs count="[0-9]+"><xf) numFmtId="0"'
    edited(book, "xl/styles.xml", lambda data: re.sub(formats, rb"\1", data))
    assert operations.check(book).findings == ()


@pytest.mark.parametrize("cells", [("ZZ19999",), ("ZZ99999",), ("zz99999",), ("A19999", "ZZ4"), ("XFD1",), ("xfd1",)])
def test_a_cell_far_from_the_others_is_refused_in_a_near_row_too(book: Path, cells: tuple[str, ...]) -> None:
    written = "".join(f'<c r="{cell}"><v>1</v></c>' for cell in cells).encode()
    edited(book, FUNDS, lambda data: data.replace(b"</row>", written + b"</row>", 1))
    assert [f.params["why"] for f in operations.check(book).findings] == ["有内容写在表格以外很远的格"]


@pytest.mark.parametrize("cell", ["A19999", "ZZ999", "CV12000"])
def test_a_note_below_or_beside_the_form_is_not_far(book: Path, cell: str) -> None:
    edited(book, FUNDS, lambda data: data.replace(b"</row>", f'<c r="{cell}"><v>1</v></c></row>'.encode(), 1))
    assert operations.check(book).findings == ()


@pytest.mark.parametrize("escape", ["_x000B_", "_x0001_", "_x000D_", "\uffff"])
def test_a_control_character_makes_no_copy_that_a_program_refuses(book: Path, tmp_path: Path, escape: str) -> None:
    edited(book, INDICATORS, with_text("G7", f"&lt;p&gt;≥1{escape}50%&lt;/p&gt;"))
    marked = tmp_path / "marked.xlsx"
    assert operations.mark(book, marked).findings
    with zipfile.ZipFile(marked) as archive:
        for name in archive.namelist():
            _ = ElementTree.fromstring(archive.read(name))
    found = {f.code for f in operations.check(marked).findings}
    assert found == {f.code for f in operations.check(book).findings}


def test_a_line_break_of_word_is_a_line_break(book: Path) -> None:
    edited(book, INDICATORS, with_text("G7", "一_x000B_二_x000D__x000A_三_x0007_四"))
    filing = operations.read(book).filing
    assert filing is not None
    assert filing.value("annual_indicators[运行成本/公用经费控制/公用经费控制率].target") == "一\n二\n三四"


@pytest.mark.parametrize("year", ["0001", "1989", "2101", "2026.0", "２０２６"])
def test_a_year_that_no_form_is_of_is_no_template_of_ours(book: Path, year: str) -> None:
    opened = load_workbook(book)
    opened["_jixiao"]["B3"] = year
    opened.save(book)
    assert [f.code for f in operations.check(book).findings] == ["WBK101"]


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 5000])
def test_facts_that_are_no_readable_toml_are_a_finding(tmp_path: Path, value: str) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(f"year = {value}", "utf-8")
    assert [(f.code, f.params["why"]) for f in operations.check(path).findings] == [
        ("WBK108", "有长得不能读的数字，或层层嵌套的括号")
    ]


def test_control_characters_of_facts_are_not_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    head = f'form = "{FORM}"\nyear = 2026\nunit = {{ name = "示例\\u0001单位", key = "420222-S001" }}\n[facts]\n'
    path.write_text(f'{head}"cover.unit_name" = "示例\\u000b单位"\n"annual_indicators[a/b/c\\u0001].target" = "1"\n', "utf-8")
    filled = operations.fill(FORM, path, tmp_path / "a.xlsx")
    assert [f.code for f in filled.findings] == ["WBK109"]
    filing = operations.read(filled.path).filing
    assert filing is not None
    assert (filing.unit.name, filing.value("cover.unit_name")) == ("示例\n单位", "示例\n单位")


def test_no_copy_is_made_of_a_file_of_which_it_would_lose_something(book: Path, tmp_path: Path) -> None:
    workbook = load_workbook(book)
    workbook["年度绩效指标"]["A8"] = "[a/b/c]"
    workbook.save(book)
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    out = tmp_path / "copy.xlsx"
    copies: list[Callable[[], object]] = [
        lambda: operations.mark(book, out),
        lambda: operations.fix(book, out),
        lambda: operations.pull_prior_year(book, out, archive),
        lambda: operations.make_submission(operations.read(book), tmp_path),
    ]
    for copy in copies:
        with pytest.raises(operations.CannotRun) as refused:
            copy()
        assert {"FIX102", "WBK104"} <= {f.code for f in refused.value.findings}
    assert not out.exists()
