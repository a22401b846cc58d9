"""Every button over xlwings' real Windows code: it runs, and it asks Excel little, however long the form."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.hosts import excel_buttons
from jixiao_xl.hosts.live_book import import_xlwings
from jixiao_xl.workbook.build import BuildOptions, build_workbook
from jixiao_xl.workbook.buttons import BUTTONS
from tests.conftest import changed, published, spec_of
from tests.excel.desk import Desk
from tests.excel.fake_com import at_the_fake_excel, install

PER_CLICK, PER_SHEET = 12, 5
INDICATORS = "年度绩效指标"
OWN = "annual_indicators[履职效能/自设/自设指标{:03}].target"
EZHOU = published("ezhou_2025")
PUBLISHED_ROWS = sum(path.startswith("annual_indicators[") and path.endswith(".target") for path in EZHOU.facts)
FEW, MANY = 45, 500


def macro_book(folder: Path, rows: int) -> Path:
    """鄂州市总工会's filing with so many annual indicators, in the macro-enabled variant."""
    filing = changed(EZHOU, {OWN.format(number): "≥90%" for number in range(rows - PUBLISHED_ROWS)})
    path = folder / f"{rows}.xlsm"
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(macros=True)))
    return path


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("books")
    return {rows: macro_book(folder, rows) for rows in (FEW, MANY)}


@pytest.fixture(scope="module")
def office(books: dict[int, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a filing, a roster, a folder of submissions."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "submissions").mkdir()
    shutil.copy(books[FEW], folder / "submissions" / "鄂州市总工会.xlsm")
    operations.make_roster(
        folder / "roster.xlsx", [RosterRow(row=1, division_code="420700", unit_code="S001", name="鄂州市总工会")]
    )
    operations.deposit(books[FEW], operations.open_archive(str(folder / "archive.sqlite")))
    return folder


@pytest.fixture
def surroundings(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the office of one's own, and a home beside it."""
    folder = shutil.copytree(office, tmp_path / "office")
    for name, value in {"HOME": tmp_path, "XDG_CONFIG_HOME": tmp_path, "JIXIAO_ARCHIVE": folder / "archive.sqlite"}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return folder


def pressed(book: Path, function: str, folder: Path) -> Iterator[Desk]:
    """The desk after the button was pressed on the first indicator, every dialog answered."""
    with at_the_fake_excel(book) as desk:
        desk.book.sheets[INDICATORS].activate()
        desk.book.sheets[INDICATORS].range("G11").select()
        desk.person.choices = {
            "issue": [folder / "roster.xlsx", folder / "issued"],
            "receive": [folder / "submissions"],
            "consolidate": [folder / "submissions", folder / "roster.xlsx"],
            "return_marked": [folder / "submissions" / "鄂州市总工会.xlsm"],
        }.get(function, [])
        desk.person.calls.clear()
        desk.person.touched.clear()
        getattr(excel_buttons, function)()
        yield desk


@pytest.mark.parametrize("function", [button.function for button in BUTTONS])
def test_a_button_ends_with_a_word_and_within_its_calls(function: str, books: dict[int, Path], surroundings: Path) -> None:
    for desk in pressed(books[FEW], function, surroundings):
        person = desk.person
        assert person.alerts or person.statuses, "the person is told"
        assert not [alert.text for alert in person.alerts if "SYS901" in alert.text]
        assert person.calls.total() <= PER_CLICK + PER_SHEET * len(person.touched), person.calls.most_common(30)


@pytest.mark.parametrize("function", ["check", "recompute", "add_row", "explain_finding", "pull_prior"])
def test_the_calls_do_not_grow_with_the_rows(function: str, books: dict[int, Path], surroundings: Path) -> None:
    few, many = (
        [(desk.person.calls.total(), len(desk.person.touched)) for desk in pressed(books[rows], function, surroundings)]
        for rows in (FEW, MANY)
    )
    assert few == many


TYPING = "请先结束单元格编辑"


def test_a_click_while_a_cell_is_typed_into_ends_with_a_sentence_for_the_launcher_to_show(books: dict[int, Path]) -> None:
    with at_the_fake_excel(books[FEW]) as desk:
        desk.person.typing_for = math.inf
        with pytest.raises(SystemExit, match=TYPING):
            excel_buttons.check()
        assert desk.person.calls.total() < 100, "asked again, but not for ever"


@pytest.mark.parametrize("calls", [10, 40, *range(60, 68)])
def test_typing_that_begins_during_a_click_is_said_and_list_and_colours_are_of_one_check(
    calls: int, books: dict[int, Path]
) -> None:
    """The list stands in D to J, the colours in K and L: nothing of a 校验, or all of it."""
    with at_the_fake_excel(books[FEW]) as desk:
        desk.person.types_after = calls
        excel_buttons.check()
        assert [TYPING in alert.text for alert in desk.person.alerts] == [True]
        desk.person.typing_for, desk.person.types_after = 0, math.inf
        shown = desk.book.sheets["校验结果"].range("D6:L305").raw_value
        listed, coloured = any(any(row[:7]) for row in shown), any(any(row[7:]) for row in shown)
        assert listed == coloured and not (listed and calls < 60)


def test_xlwings_asks_a_busy_excel_a_limited_number_of_times(books: dict[int, Path]) -> None:
    install()
    assert import_xlwings()._xlwindows.N_COM_ATTEMPTS == 25
    with at_the_fake_excel(books[FEW]) as desk:
        desk.person.typing_for = 5
        assert desk.book.name == f"{FEW}.xlsm"
