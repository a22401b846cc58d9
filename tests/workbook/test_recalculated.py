"""LibreOffice recalculates every formula we wrote and must find our cached values; then a person types."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.model.ratios import read_percent
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.text_width import LANDSCAPE, PORTRAIT
from tests.conftest import NAMES, PUBLISHED, published
from tests.office import Office
from tests.recalculation import disagreements
from tests.workbook.results import LAYOUTS, result_of, spec_named

pytestmark = pytest.mark.slow
TEMPLATES = Path(__file__).parents[2] / "xlsx_templates"
FORMS = sorted(TEMPLATES.glob("*.xlsx"))


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("books")
    for name in NAMES:
        operations.fill(published(name).form, PUBLISHED / f"{name}.toml", folder / f"{name}.xlsx", as_stated=True)
        operations.fill(published(name).form, PUBLISHED / f"{name}.toml", folder / f"{name}-formulas.xlsx")
    for layout in LAYOUTS:
        (folder / f"{layout}.xlsx").write_bytes(build_workbook(spec_named(layout), result_of(layout)))
    return sorted(folder.glob("*.xlsx"))


@pytest.fixture(scope="module")
def saved_again(office: Office, books: list[Path]) -> dict[Path, Path]:
    """The same workbooks, recalculated and saved by LibreOffice."""
    return dict(zip(books, office.converted(books, "xlsx"), strict=True))


def test_every_formula_of_a_filled_form_recalculates_to_its_cached_value(saved_again: dict[Path, Path]) -> None:
    for ours, theirs in saved_again.items():
        count, bad = disagreements(ours, theirs)
        assert count > 1000
        assert bad == [], ours.name


def test_every_formula_of_a_template_recalculates_to_its_cached_value(office: Office) -> None:
    for ours, theirs in zip(FORMS, office.converted(FORMS, "xlsx"), strict=True):
        count, bad = disagreements(ours, theirs)
        assert count > 1000
        assert bad == [], ours.name


def test_a_workbook_saved_again_by_another_program_reads_the_same(saved_again: dict[Path, Path]) -> None:
    for ours, theirs in saved_again.items():
        one, other = operations.read(ours), operations.read(theirs)
        assert one.filing is not None and other.filing is not None
        assert {p: f.value for p, f in other.filing.facts.items()} == {p: f.value for p, f in one.filing.facts.items()}
        assert other.check_code == one.check_code


def test_a_locked_cell_refuses_an_input_cell_accepts_and_ten_paragraphs_land_in_ten_rows(office: Office, tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    shutil.copy(TEMPLATES / "hubei.dept_overall.2025.xlsx", book)
    said = office.at_the_desk(
        book,
        "type:资金情况!D6=998.71", "get:资金情况!D6",
        "type:资金情况!D9=5", "get:资金情况!D9",
        "type:资金情况!C6=改名", "get:资金情况!C6",
        "hidden:年度绩效指标!12", "show:年度绩效指标!12", "hidden:年度绩效指标!12",
        "paste:部门职能概述!C4=一段|二段|三段|四段|五段|六段|七段|八段|九段|十段", "get:部门职能概述!C4", "get:部门职能概述!C13",
    )  # fmt: skip
    assert said == ["998.71", "998.71", "财政拨款", "True", "False", "一段", "十段"]


def test_what_is_typed_by_hand_is_on_the_paper_and_in_the_facts(office: Office, tmp_path: Path) -> None:
    book, saved = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    shutil.copy(TEMPLATES / "hubei.dept_overall.2025.xlsx", book)
    text = "负责指导全县各级工会开展劳动竞赛和技能培训，维护职工合法权益，" * 4
    office.at_the_desk(
        book, f"type:部门职能概述!C4={text}", "type:年度绩效指标!G7=≤100%", "type:年度绩效指标!C39=技能培训",
        "type:年度绩效指标!D39=开展技能培训场次", "type:年度绩效指标!G39=≥12场", "type:资金情况!D6=998.71", f"save:{saved}",
    )  # fmt: skip
    facts = operations.read(saved).filing
    assert facts is not None
    assert facts.value("duties.text") == text
    assert facts.value("annual_indicators[运行成本/公用经费控制/公用经费控制率].target") == "≤100%"
    assert facts.value("annual_indicators[履职效能/技能培训/开展技能培训场次].target") == "≥12场"
    assert facts.value("funds.income.total.current") == "998.71"
    paper = load_workbook(saved, data_only=True)["打印表"]
    shown = {str(c.value) for row in paper.iter_rows() for c in row if c.value not in (None, "")}
    assert {"≥12场", "开展技能培训场次", "≤100%"} <= shown
    assert "".join(str(paper.cell(r, 5).value or "") for r in range(1, paper.max_row) if str(paper.cell(r, 5).value) in text) != ""
    lines = [
        str(c.value)
        for row in paper.iter_rows()
        for c in row
        if isinstance(c.value, str) and c.value and c.value in text and len(c.value) > 20
    ]
    assert "".join(lines) in text * 2 and len("".join(lines)) >= len(text) - 46
    visible = [
        r for r in range(1, paper.max_row + 1) for c in paper[r] if c.value == "≥12场" and not paper.row_dimensions[r].hidden
    ]
    assert visible, "the row is printed"


def two_decimals(percent: str) -> str:
    """How the paper prints a rate that follows: 140% as 140.00%."""
    value = read_percent(percent)
    return percent if value is None else f"{value * 100:.2f}%"


@pytest.mark.parametrize("name", [*NAMES, *LAYOUTS])
def test_the_printed_form_shows_every_value_and_no_cell_is_too_narrow(name: str, office: Office, books: list[Path]) -> None:
    book = next(b for b in books if b.name == f"{name}.xlsx")
    filing, in_a_line = (result_of(name), LANDSCAPE) if name in LAYOUTS else (published(name), PORTRAIT)
    pdf = office.converted([book], "pdf")[0]
    pages = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True).stdout.split("\f")
    assert not [n for n, text in enumerate(pages, 1) if "###" in text]
    code = operations.read(book).check_code
    paper = re.sub(r"\s", "", "".join(text for text in pages[1:] if f"校验码 {code}" in text))
    for path, fact in filing.facts.items():
        for paragraph in fact.value.split("\n"):
            # prose is cut into printed lines, each of which has to be there whole
            for start in range(0, len(paragraph), in_a_line.line_chars) if path.endswith(".text") else (0,):
                piece = re.sub(r"\s", "", paragraph[start : start + in_a_line.line_chars] if path.endswith(".text") else paragraph)
                assert piece in paper or two_decimals(piece) in paper, path
