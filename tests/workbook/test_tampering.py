"""A workbook that is no longer what the template made of it: each kind of change is named, and none is invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName

from jixiao_xl import operations
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import NAMES, published, spec_of


@pytest.fixture(scope="module")
def made() -> bytes:
    spec = operations.form_named(FORM)
    return build_workbook(spec, sample_filing(spec, 1, 2026))


@pytest.fixture
def book(made: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    path.write_bytes(made)
    return path


def told(path: Path) -> list[tuple[str, str]]:
    return [(f.code, f.where.spoken()) for f in operations.check(path).findings]


def changed(book: Path) -> str:
    (finding,) = operations.check(book).findings
    assert (finding.code, finding.severity) == ("WBK122", "warning")
    return finding.params["what"]


@pytest.mark.parametrize("name", NAMES)
def test_no_book_of_ours_is_called_changed_nor_one_that_another_program_saved(name: str, tmp_path: Path) -> None:
    filing = published(name)
    path = tmp_path / "a.xlsx"
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions()))
    for _ in range(2):
        assert not [code for code, _ in told(path) if code in ("WBK105", "WBK106", "WBK122")]
        load_workbook(path).save(path)


@pytest.mark.parametrize(
    "formula",
    [
        '=IF((COUNT($D$6:$D$8)=0),"",ROUND(SUM($D$6:$D$7),6))',  # one part left out
        '=IF((COUNT($D$6:$D$8)=0),"",ROUND(SUM($D$6:$D$8),6))+100',
        '=IF((COUNT($D$6:$D$8)=0),"",ROUND(SUM($D$6:$D$8)*2,6))',
        '=IF((COUNT($G$6:$G$8)=0),"",ROUND(SUM($G$6:$G$8),6))',  # another year's
    ],
)
def test_a_total_that_calculates_something_else_with_the_same_functions_is_a_replaced_formula(book: Path, formula: str) -> None:
    opened = load_workbook(book)
    opened["资金情况"]["D9"] = formula
    opened.save(book)
    found = told(book)
    assert ("WBK105", "资金情况!D9") in found or ("CEL101", "资金情况!D9") in found


def test_a_share_of_another_whole_is_a_replaced_formula(book: Path) -> None:
    opened = load_workbook(book)
    opened["资金情况"]["E6"] = '=IF((COUNT(D6,D13)<2),"",IF((D13=0),0,ROUND((D6/D13),4)))'
    opened.save(book)
    assert [where for _, where in told(book)] == ["资金情况!E6"]


@pytest.mark.parametrize(
    "formula", ['=IF(COUNT(D6:D8)=0,"",ROUND(SUM(D6:D8),6))', '= IF( COUNT( D6, D7, D8 ) = 0, "", ROUND( SUM( D6, D7, D8 ), 6 ) )']
)
def test_the_same_formula_in_another_program_s_writing_is_the_same(book: Path, formula: str) -> None:
    opened = load_workbook(book)
    opened["资金情况"]["D9"] = formula
    opened.save(book)
    assert told(book) == []


@pytest.mark.parametrize("sheet", ["测算表", "自检表", "情况说明", "打印表", "_jixiao_code"])
def test_a_sheet_that_was_deleted_is_named(book: Path, sheet: str) -> None:
    opened = load_workbook(book)
    opened.remove(opened[sheet])
    opened.save(book)
    assert changed(book) == f"缺少“{sheet}”表"


@pytest.mark.parametrize(("name", "sheet"), [("jx.measure", "测算表"), ("jx.reasons", "情况说明")])
def test_a_name_that_was_deleted_is_named(book: Path, name: str, sheet: str) -> None:
    opened = load_workbook(book)
    del opened.defined_names[name]
    opened.save(book)
    assert changed(book) == f"“{sheet}”表的名称 {name} 被删除"


def test_a_name_that_leads_to_a_copy_of_the_sheet_is_named(book: Path) -> None:
    opened = load_workbook(book)
    copy = opened.copy_worksheet(opened["资金情况"])
    copy.title, copy["D6"] = "资金情况 (2)", 1
    copy.protection.sheet = True
    reference = opened.defined_names["jx.funds"].attr_text.replace("资金情况", copy.title)
    opened.defined_names["jx.funds"] = DefinedName("jx.funds", attr_text=reference)
    opened.save(book)
    assert "名称 jx.funds 被改为指向“资金情况 (2)”表，不是“资金情况”表" in [
        f.params.get("what") for f in operations.check(book).findings
    ]


def test_a_sheet_that_was_only_renamed_is_read_as_before(book: Path) -> None:
    opened = load_workbook(book)
    opened["资金情况"].title = "资金"
    reference = opened.defined_names["jx.funds"].attr_text.replace("资金情况", "资金")
    opened.defined_names["jx.funds"] = DefinedName("jx.funds", attr_text=reference)
    opened.save(book)
    assert "WBK122" not in [code for code, _ in told(book)] and operations.read(book).filing is not None


def test_a_revision_that_is_no_number_is_named(book: Path) -> None:
    opened: Workbook = load_workbook(book)
    opened["_jixiao"]["B7"] = "最新"
    opened.save(book)
    assert changed(book) == "标识里的修订号“最新”不是数字"


@pytest.mark.parametrize("sheet", ["_jixiao", "_jixiao_code"])
def test_a_hidden_sheet_that_was_made_visible_is_named(book: Path, sheet: str) -> None:
    opened = load_workbook(book)
    opened[sheet].sheet_state = "visible"
    opened.save(book)
    assert changed(book) == f"隐藏的“{sheet}”表被显示出来"


def test_a_hidden_sheet_that_another_program_hides_less_well_is_not_named(book: Path) -> None:
    opened = load_workbook(book)
    opened["_jixiao"].sheet_state = "hidden"
    opened.save(book)
    assert told(book) == []


@pytest.mark.parametrize(
    ("digest", "said"),
    [
        ("0123456789abcdef", "标识里的表样摘要与本版表样不符（标识被改动，或下发后表样又更新过）"),
        ("改过", "标识里的表样摘要“改过”不是16位编码"),
        (None, "标识里的表样摘要“”不是16位编码"),
    ],
)
def test_a_digest_that_was_altered_is_named(book: Path, digest: str | None, said: str) -> None:
    opened = load_workbook(book)
    opened["_jixiao"]["B8"] = digest
    opened.save(book)
    assert changed(book) == said


def test_the_digest_of_a_template_of_another_release_is_its_own_matter(book: Path) -> None:
    opened = load_workbook(book)
    opened["_jixiao"]["B8"], opened["_jixiao"]["B9"] = "0123456789abcdef", "0.0.1"
    opened.save(book)
    assert told(book) == []


@pytest.mark.parametrize("sheet", ["测算表", "情况说明", "资金情况", "自检表", "打印表"])
def test_protection_that_was_removed_is_named(book: Path, sheet: str) -> None:
    opened = load_workbook(book)
    opened[sheet].protection.sheet = False
    opened.save(book)
    assert told(book) == [("WBK106", f"{sheet}!A1")]


def test_an_error_value_among_paragraphs_is_named_at_their_text(book: Path) -> None:
    opened = load_workbook(book)
    opened["年度目标"]["C5"] = "#REF!"
    opened.save(book)
    (finding,) = [f for f in operations.check(book).findings if f.code == "CEL110"]
    assert (finding.where.sheet, finding.params["stated"]) == ("年度目标", "#REF!")


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?"])
def test_an_error_value_is_named_wherever_it_stands(book: Path, error: str) -> None:
    opened = load_workbook(book)
    places = (("资金情况", "D6"), ("资金情况", "D9"), ("资金情况", "E6"), ("年度绩效指标", "G7"))
    for sheet, cell in places:
        opened[sheet][cell] = error
    opened.save(book)
    found = {where for code, where in told(book) if code in ("CEL101", "CEL110")}
    assert found >= {f"{sheet}!{cell}" for sheet, cell in places}
