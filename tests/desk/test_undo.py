"""撤销: what our last change wrote comes back, and nothing that a person did since is touched."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jixiao_xl import operations
from jixiao_xl.desk.cell_changes import CellWrite, Edit, RowChange, Value
from jixiao_xl.desk.row_buttons import add_row, remove_row
from jixiao_xl.desk.snapshot import Changed, Undo, read_back, same, snapshot, undo_edit
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.model.findings import Finding
from tests.desk.open_book import OpenBook, opened

WHO = "hubei.dept_overall 2025 2026 declaration 420700-S001"
SHEET = "年度绩效指标"
VALUES: st.SearchStrategy[Value] = st.one_of(
    st.none(), st.booleans(), st.text(min_size=1), st.sampled_from(["12", "1E5", "≥95%", "=A1", "TRUE", "２３", '{"number": "1"}']),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12),
    st.datetimes(min_value=dt.datetime(1900, 1, 1)),
)  # fmt: skip


@st.composite
def undos(draw: st.DrawFn) -> Undo:
    cells = []
    for _ in range(draw(st.integers(0, 3))):
        shape = st.lists(st.lists(VALUES, min_size=2, max_size=2).map(tuple), min_size=2, max_size=2).map(tuple)
        cells.append(Changed(draw(st.text()), draw(st.integers(0, 999)), draw(st.integers(0, 30)), draw(shape), draw(shape)))
    rows = draw(st.lists(st.builds(RowChange, st.text(), st.integers(0, 9), st.integers(9, 20), st.booleans())))
    return Undo(WHO, draw(st.integers(0, 99)), draw(st.text()), tuple(cells), tuple(rows))


@given(undos())
def test_a_snapshot_comes_back_as_it_was_kept_numbers_dates_blanks_and_texts_like_numbers(undo: Undo) -> None:
    back = read_back(undo.text(), WHO, undo.revision)
    assert back == undo
    assert isinstance(back, Undo)
    kinds = [type(value) for one in back.cells for row in one.before for value in row]
    assert kinds == [type(value) for one in undo.cells for row in one.before for value in row]


@given(undos(), st.data())
@settings(max_examples=60)
def test_a_damaged_snapshot_is_said_and_never_used(undo: Undo, data: st.DataObject) -> None:
    text = undo.text()
    at = data.draw(st.integers(0, len(text) - 1))
    cut = text[:at] + data.draw(st.sampled_from(["", "0", "}", "é"])) + text[at + 1 :]
    back = read_back(cut, WHO, undo.revision)
    assert back == undo or isinstance(back, Finding)
    assert isinstance(read_back(text[:at], WHO, undo.revision), Finding)


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "1", "[[" * 9999, '{"format": "jixiao-undo-1", "sum": 1, "content": []}'])
def test_what_is_no_snapshot_is_a_finding(text: str) -> None:
    back = read_back(text, WHO, 0)
    assert isinstance(back, Finding) and back.code == "UND101" and "已损坏" in back.message()


def test_a_snapshot_whose_values_were_exchanged_is_damaged_even_if_it_still_parses() -> None:
    text = Undo(WHO, 0, "删除指标行", (Changed(SHEET, 1, 1, (("旧",),), (("新",),)),)).text()
    kept = json.loads(text)
    kept["content"]["cells"][0][3] = [["别的"]]
    assert isinstance(read_back(json.dumps(kept), WHO, 0), Finding)


def test_the_snapshot_of_another_workbook_or_revision_is_not_used() -> None:
    text = Undo(WHO, 3, "提取上年数").text()
    other, older = read_back(text, WHO.replace("420700", "420222"), 3), read_back(text, WHO, 4)
    assert isinstance(other, Finding) and "另一个工作簿" in other.message()
    assert isinstance(older, Finding) and "另一个修订号" in older.message()


@pytest.mark.parametrize(
    ("held", "written", "alike"),
    [("≥95%", "≥95%", True), (None, None, True), ("", None, True), (0.1, Decimal("0.1"), True), (12.0, "12", True),
     ("12", "12", True), ("12", Decimal(12), True), (True, True, True), (dt.datetime(2026, 1, 2), dt.datetime(2026, 1, 2), True),
     ("≥96%", "≥95%", False), (None, "≥95%", False), ("0", None, False), (1.0, True, False), (0.2, Decimal("0.1"), False)],
)  # fmt: skip
def test_what_excel_gives_back_is_known_as_what_was_written(held: object, written: Value, alike: bool) -> None:
    assert same(held, written) is alike


# ---- in a workbook --------------------------------------------------------------------
@pytest.fixture
def book() -> OpenBook:
    return opened(sample_filing(operations.form_named(FORM), 1, 2026))


def kept(book: OpenBook, edit: Edit) -> Undo:
    """The edit done, its snapshot through the text it is kept as."""
    _, undo = snapshot(WHO, 1, "按钮", edit, book.area)
    book.take(edit)
    back = read_back(undo.text(), WHO, 1)
    assert isinstance(back, Undo)
    return back


def test_removing_a_row_and_undoing_it_leaves_the_workbook_as_it_was(book: OpenBook) -> None:
    before, hidden = book.facts(), set(book.hidden)
    row = book.rows_of("annual_indicators", "[履职效能/……/……]")[1]
    undo = kept(book, remove_row(book.ground(), SHEET, row, book.hidden_on(SHEET)))
    assert book.facts() != before
    back = undo_edit(undo, book.area, book.ground().filled)
    assert not back.findings
    book.take(back)
    assert book.facts() == before and book.hidden == hidden


def test_a_cell_that_was_changed_since_stays_and_is_named(book: OpenBook) -> None:
    stand = book.ground().named("annual_indicators")
    assert stand is not None
    row = stand.rows[0]
    target, last = row.columns["target"], row.columns["last"]
    edit = Edit((CellWrite(SHEET, row.row, last, "98.3%"), CellWrite(SHEET, row.row, target, "≤99%")))
    undo = kept(book, edit)
    book.take(Edit((CellWrite(SHEET, row.row, target, "≤97%"),)))
    back = undo_edit(undo, book.area)
    assert [write.column for write in back.writes] == [last]
    assert [(f.code, f.where.cell) for f in back.findings] == [("UND102", f"G{row.row + 1}")]
    assert f"G{row.row + 1} 后来又改过" in back.findings[0].message()


def test_a_shown_row_that_was_filled_since_is_not_hidden_again(book: OpenBook) -> None:
    first = book.rows_of("annual_indicators", "[履职效能/……/……]")[0]
    undo = kept(book, add_row(book.ground(), SHEET, first, book.hidden_on(SHEET)))
    shown = undo.rows[0].first
    assert undo_edit(undo, book.area, book.ground().filled).rows == (RowChange(SHEET, shown, shown, False),)
    book.take(Edit((CellWrite(SHEET, shown, 3, "新增的指标"),)))
    assert undo_edit(undo, book.area, book.ground().filled).rows == ()
