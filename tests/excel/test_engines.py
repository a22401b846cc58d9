"""One contract for the three stand-ins: what a button may rely on is the same in each."""

from __future__ import annotations

import datetime as dt
import math
import types
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import xlwings

from jixiao_xl import operations
from tests.conftest import PUBLISHED
from tests.excel.calc import at_calc, running_calc
from tests.excel.desk import Desk
from tests.excel.fake_com import at_the_fake_excel
from tests.excel.grid import at_the_grid
from tests.excel.person import Alert, Dialog
from tests.excel.values import ERRORS

FUNDS, INDICATORS = "资金情况", "年度绩效指标"
AMOUNT, LOCKED, PART, SHARE = "D6", "C6", "D10", "E10"
INDICATOR = "G7"
"""An indicator value: unlocked, of text format."""
PROTECTED, NOT_FOUND = -2146827284, -2147352565


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = tmp_path_factory.mktemp("engines") / "鄂州市总工会.xlsx"
    operations.fill("hubei.dept_overall", PUBLISHED / "ezhou_2025.toml", book)
    return book


@pytest.fixture(scope="module", params=["grid", "fake COM", pytest.param("Calc", marks=pytest.mark.slow)])
def opened(request: pytest.FixtureRequest, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with ExitStack() as stack:
        if request.param == "Calc":
            soffice = stack.enter_context(running_calc(tmp_path_factory.mktemp("calc")))
            yield stack.enter_context(at_calc(soffice, filled))
        else:
            yield stack.enter_context({"grid": at_the_grid, "fake COM": at_the_fake_excel}[request.param](filled))


@pytest.fixture
def desk(opened: Desk) -> Desk:
    """The workbook as the test before left it; the person remembers nothing."""
    person = opened.person
    for memory in (person.answers, person.choices, person.alerts, person.dialogs, person.statuses, person.opened, person.calls):
        memory.clear()
    return opened


def refusal(error: Exception) -> int:
    return error.excepinfo[5]  # type: ignore[attr-defined,no-any-return]


def test_a_block_comes_in_one_piece_and_a_cell_bare(desk: Desk) -> None:
    sheet = desk.book.sheets[FUNDS]
    assert sheet.range("A5:D6").raw_value == (
        ("jx.funds", None, None, "current"),
        ("income.fiscal", "收入构成", "财政拨款", 998.71),
    )
    assert sheet.range(LOCKED).raw_value == "财政拨款"


def test_a_block_goes_out_in_one_piece(desk: Desk) -> None:
    area = desk.book.sheets[FUNDS].range("F6:G8")
    area.raw_value = ((1.5, 2.0), (None, 3.25), (4.0, None))
    assert area.raw_value == ((1.5, 2.0), (None, 3.25), (4.0, None))
    assert area.value == [[1.5, 2.0], [None, 3.25], [4.0, None]]


def test_a_row_is_repeated_and_what_is_missing_becomes_an_error(desk: Desk) -> None:
    area = desk.book.sheets[FUNDS].range("F6:G8")
    area.raw_value = ((1.0, 2.0),)
    assert area.raw_value == ((1.0, 2.0),) * 3
    area.raw_value = ((1.0, 2.0), (3.0, 4.0))
    assert area.raw_value[2] == (ERRORS["#N/A"], ERRORS["#N/A"])


def test_a_date_comes_back_as_a_date(desk: Desk) -> None:
    cell = desk.book.sheets[FUNDS].range("F6")
    cell.value = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    assert cell.value == dt.datetime(2026, 1, 2)
    assert cell.api.Value2 == 46024.0


def test_a_text_that_looks_like_a_number_stays_text_only_where_the_cell_is_text(desk: Desk) -> None:
    text, amount = desk.book.sheets[INDICATORS].range(INDICATOR), desk.book.sheets[FUNDS].range("F7")
    for cell in (text, amount):
        cell.raw_value = "40.95%"
    assert (text.number_format, text.raw_value) == ("@", "40.95%")
    assert amount.raw_value == pytest.approx(0.4095)
    text.raw_value = 100.0
    assert text.raw_value == "100"


def test_a_text_that_begins_like_a_formula_is_one_unless_an_apostrophe_says_text(desk: Desk) -> None:
    cells = desk.book.sheets[FUNDS].range("F7:F8")
    cells.raw_value = (("-总额",), ("'=1+1",))
    assert cells.raw_value == ((ERRORS["#NAME?"],), ("=1+1",))
    cells.raw_value = None


def test_an_error_value_comes_as_its_number(desk: Desk) -> None:
    cell = desk.book.sheets[FUNDS].range("G8")
    cell.raw_value = "#N/A"
    assert cell.raw_value == ERRORS["#N/A"]
    cell.raw_value = None
    assert cell.raw_value is None


def test_a_formula_is_told_in_excels_own_words_and_has_its_result(desk: Desk) -> None:
    cell = desk.book.sheets[FUNDS].range(SHARE)
    assert cell.formula == '=IF((COUNT(D10,D13)<2),"",IF((D13=0),0,ROUND((D10/D13),4)))'
    assert cell.raw_value == 0.4996
    assert desk.book.sheets[FUNDS].range(f"{AMOUNT}:E7").formula[0][0] == "998.71"


@pytest.mark.slow
@pytest.mark.parametrize("opened", ["Calc"], indirect=True)
def test_calc_recalculates_what_depends_on_a_written_cell(desk: Desk) -> None:
    sheet = desk.book.sheets[FUNDS]
    sheet.range(PART).raw_value = 507.71
    assert (sheet.range("D13").raw_value, sheet.range(SHARE).raw_value) == (1000.0, 0.5077)
    sheet.range(PART).raw_value = 491.42


def test_a_defined_name_leads_to_its_area(desk: Desk) -> None:
    area = desk.book.names["jx.funds"].refers_to_range
    assert (area.sheet.name, area.address) == (FUNDS, "$A$5:$G$13")
    assert "jx.funds" in desk.book.names and "jx.nobody" not in desk.book.names


def test_a_locked_cell_refuses_and_a_block_that_holds_one_is_not_written_at_all(desk: Desk) -> None:
    sheet = desk.book.sheets[FUNDS]
    before = sheet.range("A5:G13").raw_value
    for area, block in ((LOCKED, "x"), ("C6:D6", (("x", 1.0),)), (SHARE, 1.0)):
        with pytest.raises(Exception, match=r"-2146827284") as refused:
            sheet.range(area).raw_value = block
        assert refusal(refused.value) == PROTECTED
    assert sheet.range("A5:G13").raw_value == before
    assert sheet.api.ProtectContents is True


def test_rows_are_shown_and_hidden_though_the_sheet_is_protected(desk: Desk) -> None:
    rows = desk.book.sheets[INDICATORS].range("64:66").rows
    before = rows.hidden
    rows.hidden = False
    shown = rows.hidden
    rows.hidden = True
    assert (before, shown, rows.hidden) == (True, False, True)
    assert desk.book.sheets[INDICATORS].api.ProtectContents is True


def test_number_formats_are_told_where_they_agree(desk: Desk) -> None:
    sheet = desk.book.sheets[FUNDS]
    assert (sheet.range("E6:E9").number_format, sheet.range("D6:E6").number_format) == ("0.00%", None)


def test_the_used_range_and_the_sheets_are_those_of_the_file(desk: Desk) -> None:
    assert desk.book.sheets[FUNDS].used_range.address == "$A$1:$G$13"
    assert [sheet.name for sheet in desk.book.sheets][:2] == ["封面", FUNDS]
    with pytest.raises(Exception, match="-2147352565") as missing:
        desk.book.sheets["没有"]
    assert refusal(missing.value) == NOT_FOUND


def test_the_person_is_led_to_a_cell_and_tells_where_they_stand(desk: Desk) -> None:
    sheet = desk.book.sheets[FUNDS]
    sheet.activate()
    sheet.range("D7").select()
    assert (desk.app.selection.sheet.name, desk.app.selection.address) == (FUNDS, "$D$7")
    with pytest.raises(Exception, match=r"-2146827284"):
        desk.book.sheets[INDICATORS].range("A1").select()


def test_what_the_person_sees_is_remembered_and_answers_are_theirs(desk: Desk) -> None:
    desk.person.answers = ["no"]
    assert desk.app.alert("继续吗?", title="校验", buttons="yes_no") == "no"
    assert desk.app.alert("好了", title="校验", mode="critical") == "ok"
    assert desk.person.alerts == [Alert("继续吗?", "校验", "yes_no", "info"), Alert("好了", "校验", "ok", "critical")]
    desk.app.status_bar = "正在校验"
    assert desk.app.status_bar == "正在校验"
    desk.app.status_bar = False
    assert desk.person.statuses == ["正在校验", ""]
    with desk.app.properties(screen_updating=False):
        assert desk.app.screen_updating is False
    assert desk.app.screen_updating is True


def test_a_file_is_chosen_or_the_dialog_cancelled(desk: Desk) -> None:
    desk.person.choices = [Path("名单.xlsx")]
    dialog = desk.app.api.FileDialog(3)
    dialog.Title = "选名单"
    dialog.Filters.Clear()
    dialog.Filters.Add("名单", "*.xlsx;*.csv")
    assert (dialog.Show(), dialog.SelectedItems(1), dialog.Show()) == (-1, "名单.xlsx", 0)
    assert desk.person.dialogs[0] == Dialog("选名单", "*.xlsx;*.csv", folder=False)


def test_while_a_cell_is_typed_into_every_call_is_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    windows = getattr(xlwings, "_xlwindows", types.SimpleNamespace())
    monkeypatch.setattr(windows, "N_COM_ATTEMPTS", 3, raising=False)
    cell = desk.book.sheets[FUNDS].range(AMOUNT)
    desk.person.typing_for = math.inf
    with pytest.raises(Exception, match=r"-2147418111"):
        _ = cell.raw_value
    desk.person.typing_for = 0
    assert cell.raw_value == 998.71


def test_a_saved_copy_is_read_back_as_it_was_on_the_screen(desk: Desk, tmp_path: Path) -> None:
    desk.book.sheets[INDICATORS].range(INDICATOR).raw_value = "≤99%"
    copy = tmp_path / "copy.xlsx"
    desk.book.api.SaveCopyAs(str(copy))
    filing = operations.read(copy).filing
    assert filing is not None
    assert [f.value for f in filing.facts.values() if (f.sheet, f.cell) == (INDICATORS, INDICATOR)] == ["≤99%"]


def test_a_workbook_that_is_opened_is_in_front(desk: Desk, tmp_path: Path) -> None:
    other = operations.make_template("wuhan.dept_overall", 2026, tmp_path / "b.xlsx")
    book = desk.app.books.open(str(other))
    assert (desk.person.opened, desk.app.books.active.name) == ([other], "b.xlsx")
    book.close()
    assert desk.app.books.active.name == "鄂州市总工会.xlsx"


def test_the_button_finds_the_workbook_it_stands_on(desk: Desk) -> None:
    assert xlwings.Book.caller().name == "鄂州市总工会.xlsx"
