"""增加指标行, 删除指标行: spare rows are shown, rows move up, and nothing a person entered is lost."""

from __future__ import annotations

import pytest

from jixiao_xl import operations
from jixiao_xl.desk.cell_changes import Edit, RowChange
from jixiao_xl.desk.row_buttons import add_row, remove_row
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.model.facts import Fact
from tests.conftest import published
from tests.desk.open_book import OpenBook, opened

SHEET = "年度绩效指标"
DUTY = "[履职效能/……/……]"


@pytest.fixture
def book() -> OpenBook:
    """A sound Hubei filing with five indicators of its own under 履职效能."""
    return opened(sample_filing(operations.form_named(FORM), 1, 2026))


def add(book: OpenBook, sheet: str, row: int) -> Edit:
    return add_row(book.ground(), sheet, row, book.hidden_on(sheet))


def remove(book: OpenBook, sheet: str, row: int) -> Edit:
    return remove_row(book.ground(), sheet, row, book.hidden_on(sheet))


def own_names(book: OpenBook, key: str = DUTY) -> list[str]:
    stand = book.ground().named("annual_indicators")
    assert stand is not None
    return [row.names[-1] for row in stand.places[key] if not row.is_blank]


def test_each_click_shows_one_more_row_of_the_place_until_all_are_shown(book: OpenBook) -> None:
    rows = book.rows_of("annual_indicators", DUTY)
    waiting = sorted(row for row in rows if row in book.hidden_on(SHEET))
    for row in waiting:
        edit = add(book, SHEET, rows[0])
        assert edit == Edit(rows=(RowChange(SHEET, row, row, True),))
        book.take(edit)
    refusal = add(book, SHEET, rows[0]).refusal
    assert f"“履职效能”最多 {len(rows)} 行" in refusal and "行空着，请先填空行" in refusal


def test_a_printed_row_adds_to_the_place_of_its_headings(book: OpenBook) -> None:
    stand = book.ground().named("annual_indicators")
    assert stand is not None
    meeting = next(row for row in stand.rows if row.printed[-1:] == ("会议费控制率",))
    spare = [r for r in book.rows_of("annual_indicators", "[运行成本/项目支出成本控制/……]") if r in book.hidden_on(SHEET)]
    assert add(book, SHEET, meeting.row).rows == (RowChange(SHEET, spare[0], spare[0], True),)
    office = next(row for row in stand.rows if row.printed[-1:] == ("公用经费控制率",))
    assert "不能自己加行" in add(book, SHEET, office.row).refusal


@pytest.mark.parametrize(("sheet", "row"), [("封面", 5), (SHEET, 0), ("没有这张表", 3), ("资金情况", 6)])
def test_elsewhere_the_buttons_say_where_to_stand(book: OpenBook, sheet: str, row: int) -> None:
    assert "请先点中" in add(book, sheet, row).refusal
    assert "请先点中" in remove(book, sheet, row).refusal


def test_projects_and_paragraphs_get_rows_too() -> None:
    book = opened(published("wuxi_2022"))
    funds = book.ground().named("funds")
    assert funds is not None
    projects = [row.row for row in funds.places["expense.project[……]"]]
    total = next(row for row in funds.rows if row.key == "expense.project")
    sheet = funds.area.sheet
    hidden = [row for row in projects if row in book.hidden_on(sheet)]
    assert add(book, sheet, total.row).rows == (RowChange(sheet, hidden[0], hidden[0], True),)
    duties = book.ground().named("duties")
    assert duties is not None
    spare = next(row.row for row in duties.rows if row.row in book.hidden_on(duties.area.sheet))
    assert add(book, duties.area.sheet, duties.rows[0].row).rows == (RowChange(duties.area.sheet, spare, spare, True),)


def test_a_removed_row_is_asked_about_and_the_rows_below_move_up(book: OpenBook) -> None:
    before, facts = own_names(book), book.facts()
    rows = book.rows_of("annual_indicators", DUTY)
    shown = [row for row in rows if row not in book.hidden_on(SHEET)]
    edit = remove(book, SHEET, rows[1])
    assert before[1] in edit.question and "确定删除吗" in edit.question
    book.take(edit)
    assert own_names(book) == [before[0], *before[2:]]
    assert {path: value for path, value in facts.items() if f"/{before[1]}]." not in path or "long_term" in path} == book.facts()
    assert edit.rows == (RowChange(SHEET, shown[-1], shown[-1], False),)


def test_a_blank_row_is_hidden_without_a_question(book: OpenBook) -> None:
    blank = next(r for r in reversed(book.rows_of("annual_indicators", DUTY)) if r not in book.hidden_on(SHEET))
    edit = remove(book, SHEET, blank)
    assert (edit.question, edit.rows) == ("", (RowChange(SHEET, blank, blank, False),))


def test_amounts_of_projects_move_as_numbers_and_formulas_stay() -> None:
    book = opened(published("wuxi_2022"))
    first = book.rows_of("funds", "expense.project[……]")[0]
    before, replaced = book.facts(), book.reading().replaced
    names = [path for path in before if path.startswith("funds.expense.project[")]
    gone = names[0].partition("]")[0]
    book.take(remove(book, book.spec.block_named("funds").sheet, first))
    after, reading = book.facts(), book.reading()
    assert {p: v for p, v in before.items() if not p.startswith(gone)}.items() - after.items() <= {
        (p, v) for p, v in before.items() if p.startswith("funds.expense.project.") or ".total." in p
    }
    assert not reading.text_amounts and reading.replaced == replaced


def test_the_last_row_of_a_place_stays_and_is_emptied() -> None:
    path = "annual_indicators[社会效应/经济效益/节约资金].target"
    filing = published("ezhou_2025").with_facts({path: Fact(path, "≥5%")})
    book = opened(filing)
    rows = book.rows_of("annual_indicators", "[社会效应/经济效益/……]")
    book.hidden |= {(SHEET, row) for row in rows[1:]}
    edit = remove(book, SHEET, rows[0])
    assert "节约资金，≥5%" in edit.question and not edit.rows
    book.take(edit)
    assert not book.facts().keys() - {"cover.unit_name"}
    assert "只剩这一行" in remove(book, SHEET, rows[0]).refusal


def test_a_printed_indicator_cannot_be_removed(book: OpenBook) -> None:
    stand = book.ground().named("annual_indicators")
    assert stand is not None
    edit = remove(book, SHEET, stand.rows[0].row)
    assert "不能删除" in edit.refusal and "不适用" in edit.refusal and not edit.changes_anything


def test_what_somebody_hid_moves_up_with_the_rest(book: OpenBook) -> None:
    before, rows = own_names(book), book.rows_of("annual_indicators", DUTY)
    book.hidden.add((SHEET, rows[len(before) - 1]))
    book.take(remove(book, SHEET, rows[0]))
    assert own_names(book) == before[1:]
