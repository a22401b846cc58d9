"""监控表 and 自评表 as workbooks: filled, read back, looked at, changed by buttons, returned."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from jixiao_xl import operations
from jixiao_xl.desk.row_buttons import add_row, remove_row
from jixiao_xl.forms.derive import derived_cells
from jixiao_xl.forms.describe import described
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.load import built_in_forms
from jixiao_xl.forms.spec import IndicatorTable
from jixiao_xl.model.facts import Fact, FactPath, Filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.text_width import LINE_PT, lines_of
from tests.conftest import changed, spec_of
from tests.desk.open_book import OpenBook, opened
from tests.workbook.results import EVALUATIONS, GENERAL, HUBEI, LAYOUTS, MONITORING, SICHUAN, TRAINING, result_of


def values(filing: Filing) -> dict[str, str]:
    return {path: fact.value for path, fact in filing.facts.items()}


def written(filing: Filing, path: Path) -> Path:
    path.write_bytes(build_workbook(spec_of(filing), filing))
    return path


def reread(path: Path) -> Filing:
    reading = operations.read(path)
    assert reading.filing is not None and not reading.findings
    return reading.filing


# ---- filled, read, filled again ----------------------------------------------------------------
@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_filled_is_read_and_fills_the_same_workbook(layout: str, tmp_path: Path) -> None:
    filing = result_of(layout)
    again = reread(written(filing, tmp_path / "a.xlsx"))
    assert values(again) == values(filing)
    assert values(reread(written(again, tmp_path / "b.xlsx"))) == values(filing)


@pytest.mark.parametrize("layout", EVALUATIONS)
def test_a_score_written_by_hand_stays_and_the_others_go_on_by_their_formula(layout: str, tmp_path: Path) -> None:
    score, total = f"{TRAINING}.score", "result.total_score"
    filing = changed(result_of(layout), {score: "1.5", total: None, "result.grade": None})
    book = written(filing, tmp_path / "a.xlsx")
    again = reread(book)
    assert again.value(score) == "1.5"
    place = operations.read(book).places[score]
    column = load_workbook(book)[place.sheet][f"{place.cell[0]}5:{place.cell[0]}60"]
    kept = [cell.coordinate for (cell,) in column if cell.value is not None and not str(cell.value).startswith("=IF(")]
    assert kept == [place.cell]
    assert values(again).keys() == values(result_of(layout)).keys()


def test_a_spare_row_of_an_evaluation_is_blank_though_its_score_has_a_formula(tmp_path: Path) -> None:
    filing = result_of(GENERAL)
    one = {path: fact for path, fact in filing.facts.items() if not path.startswith("annual_indicators[") or "技能培训" in path}
    again = reread(written(filing.with_facts(one), tmp_path / "a.xlsx"))
    assert {path.partition("]")[0] for path in again.facts if path.startswith("annual_indicators[")} == {TRAINING[:-1]}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_check_code_is_the_same_in_the_sheet_and_does_not_hang_on_what_is_calculated(layout: str, tmp_path: Path) -> None:
    filing = result_of(layout)
    derived = {d.slot.path.text for d in derived_cells(plan_form(spec_of(filing), filing)) if d.slot.path is not None}
    bare = filing.with_facts({path: fact for path, fact in filing.facts.items() if path not in derived})
    books = [written(each, tmp_path / f"{n}.xlsx") for n, each in enumerate((filing, bare))]
    codes = {operations.read(book).check_code for book in books}
    in_sheet = {load_workbook(book, data_only=True)["_jixiao_code"]["B1"].value for book in books}
    assert len(codes) == 1 and codes == in_sheet


# ---- what a clerk sees ----------------------------------------------------------------------------
def test_a_line_that_has_no_points_shows_a_dash_and_no_gap(tmp_path: Path) -> None:
    book = load_workbook(written(result_of(HUBEI), tmp_path / "a.xlsx"))
    assert [[cell.value for cell in row] for row in book["预算执行"]["G5:H6"]] == [["—", "—"], ["—", "—"]]
    assert "funds.all.basic.weight" not in values(reread(tmp_path / "a.xlsx"))


@pytest.mark.parametrize(("layout", "sheet"), [(MONITORING, "绩效指标"), (GENERAL, "绩效指标"), (SICHUAN, "绩效指标")])
def test_cells_in_which_texts_are_read_are_hidden_locked_and_beside_the_paper(layout: str, sheet: str, tmp_path: Path) -> None:
    book = load_workbook(written(result_of(layout), tmp_path / "a.xlsx"))[sheet]
    hidden = {n for width in book.column_dimensions.values() if width.hidden for n in range(width.min, width.max + 1)}
    helpers = [c for c in book[5] if c.data_type == "f" and c.column in hidden]
    assert len(helpers) == 5 and all(cell.protection.locked for cell in helpers)
    last = column_index_from_string(book.print_area.split("$")[-2])
    assert all(cell.column > last for cell in helpers)


def test_lights_are_coloured_by_native_formats_on_the_sheets_and_on_paper(tmp_path: Path) -> None:
    book = load_workbook(written(result_of(MONITORING), tmp_path / "a.xlsx"))
    for sheet in ("预算执行", "绩效指标", "打印表"):
        formulas = [rule.formula[0] for area in book[sheet].conditional_formatting for rule in area.rules]
        assert all(any(f'="{word}"' in formula for formula in formulas) for word in "红黄绿蓝"), sheet


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_form_of_many_columns_prints_lying_on_its_side_and_no_row_is_taller_than_five_lines(layout: str, tmp_path: Path) -> None:
    paper = load_workbook(written(result_of(layout), tmp_path / "a.xlsx"))["打印表"]
    assert paper.page_setup.orientation == "landscape"
    heads = [c.row for row in paper.iter_rows() for c in row if c.value == "三级指标"]
    rows = range(heads[0] + 1, heads[0] + 30)
    assert max(paper.row_dimensions[row].height for row in rows) <= 5 * 13.5 + 5


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_longest_texts_fit_their_cells_on_paper(layout: str, tmp_path: Path) -> None:
    spec, text = operations.form_named(layout), "一二三四五六七八九十" * 12
    table = spec.block_named("annual_indicators")
    assert isinstance(table, IndicatorTable)
    row = FactPath(table.id, "", (), (text[:16], text[:16], text[:24]))
    longest = {c.id: text[: c.max_chars or 20] for c in table.columns if not c.derived and not c.choices and c.value != "points"}
    facts = {row.at(column).text: value for column, value in longest.items()}
    empty = Filing(spec.form.id, spec.form.edition, 2025, spec.form.first_stage)
    book = written(empty.with_facts({path: Fact(path, value) for path, value in facts.items()}), tmp_path / "a.xlsx")
    paper = load_workbook(book, data_only=True)["打印表"]
    units = {area.start_cell.coordinate: area.size["columns"] for area in paper.merged_cells.ranges}
    cells = [c for line in paper.iter_rows() for c in line if c.value in {*longest.values(), *(row.names or ())}]
    assert len(cells) >= 3 + sum(column.printed for column in table.columns if column.id in longest)
    for cell in cells:
        height = paper.row_dimensions[cell.row].height
        assert lines_of(len(cell.value), units[cell.coordinate]) * LINE_PT <= height, cell.coordinate


def test_every_column_that_follows_is_explained() -> None:
    """A word of the definition that no sentence explains leaves a clerk alone with a grey cell."""
    for spec in built_in_forms():
        plan = plan_form(spec, Filing(spec.form.id, spec.form.edition, 2026, spec.form.first_stage))
        said = " ".join(sentence for _, sentence in described(plan))
        silent = {
            d.slot.key
            for d in derived_cells(plan)
            if d.op not in ("fixed", "sum") and f"{d.slot.label.rpartition('·')[2]}" not in said
        }
        assert not silent, spec.form.id


# ---- buttons and verbs ----------------------------------------------------------------------------
@pytest.fixture
def book() -> OpenBook:
    return opened(result_of(GENERAL))


def test_a_removed_row_takes_its_handwritten_score_along_and_the_others_keep_their_formula() -> None:
    filing = changed(result_of(GENERAL), {f"{TRAINING}.score": "1.5"})
    book = OpenBook(filing)
    rows = book.rows_of("annual_indicators", "[……/……/……]")
    stand = book.ground().named("annual_indicators")
    assert stand is not None
    before = stand.row_at(rows[0])
    assert before is not None and before.proposed and len(before.starts) == 1
    hand = next(row for row in stand.rows if row.names[-1:] == ("开展技能培训场次",))
    edit = remove_row(book.ground(), stand.area.sheet, hand.row - 1, book.hidden_on(stand.area.sheet))
    (column,) = hand.starts
    moved = {write.row: write.value for write in edit.writes if write.column == column}
    assert moved[hand.row - 1] == hand.holds[column]
    assert moved[hand.row] == hand.starts[column] and str(moved[hand.row]).startswith("=IF(")
    assert len(moved) == 2, "the rows that go by their formula are left alone"
    locked = {cell.column for cell in load_workbook_cells(book) if cell.protection.locked}
    assert not {write.column + 1 for write in edit.writes} & locked


def load_workbook_cells(book: OpenBook) -> list:
    from io import BytesIO

    return list(load_workbook(BytesIO(book.content))["绩效指标"][5])


def test_a_spare_row_is_shown(book: OpenBook) -> None:
    rows = book.rows_of("annual_indicators", "[……/……/……]")
    hidden = book.hidden_on("绩效指标")
    edit = add_row(book.ground(), "绩效指标", rows[3], hidden)
    assert [change.first for change in edit.rows] == [min(set(rows) & hidden)]


def test_a_pasted_table_fills_targets_weights_and_scores_as_numbers() -> None:
    empty = Filing("mof.dept_evaluation", "2020", 2025, "evaluation")
    book = opened(empty)
    head = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"]
    rows = [head, ["产出指标", "数量指标", "培训场次", "≥12场", "11场", "10", "9.2", "场地改造"],
            ["产出指标", "质量指标", "合格率", "≥95%", "96%", "10", "10", ""]]  # fmt: skip
    from jixiao_xl.desk.cell_changes import Edit
    from jixiao_xl.desk.pasting import place_pasted

    done = place_pasted(book.reading(), book.ground(), rows, "annual_indicators")
    assert not done.unplaced
    book.take(Edit(done.writes, done.row_changes))
    facts, own = book.facts(), "annual_indicators[产出指标/数量指标/培训场次]"
    assert (facts[f"{own}.target"], facts[f"{own}.weight"], facts[f"{own}.score"]) == ("≥12场", "10", "9.2")
    assert not book.reading().text_amounts


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_returned_copy_and_a_mended_one_hold_the_same_facts(layout: str, tmp_path: Path) -> None:
    wrong = f"funds.all.{'project' if layout == HUBEI else 'other'}.executed"
    filing = changed(result_of(layout), {wrong: "108.7１", "cover.filler": None})
    book = written(filing, tmp_path / "a.xlsx")
    stated = values(operations.read(book).filing or filing)
    operations.mark(book, tmp_path / "marked.xlsx")
    assert values(operations.read(tmp_path / "marked.xlsx").filing or filing) == stated
    operations.fix(book, tmp_path / "fixed.xlsx")
    mended = values(reread(tmp_path / "fixed.xlsx"))
    assert {path for path in mended if mended[path] != stated.get(path)} <= {wrong, *derived_of(filing)}
    assert mended[wrong] == "108.71"
    found = operations.compare(book, tmp_path / "fixed.xlsx")
    assert [change.where.path for change in found.own_changes] == []


def derived_of(filing: Filing) -> set[str]:
    plan = plan_form(spec_of(filing), filing)
    return {d.slot.path.text for d in derived_cells(plan) if d.slot.path} | {f"{TRAINING}.score"}


def test_the_first_stage_of_a_form_is_meant_where_none_is_named(tmp_path: Path) -> None:
    for layout in (*LAYOUTS, "hubei.dept_overall"):
        book = operations.make_template(layout, 2025, tmp_path / f"{layout}.xlsx")
        filing = operations.read(book).filing
        assert filing is not None and filing.stage == operations.form_named(layout).form.first_stage
