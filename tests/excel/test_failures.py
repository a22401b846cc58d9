"""What goes wrong at real desks: one Chinese sentence that says what to do, and the workbook as it was.

Over xlwings' real Windows code and the counting stand-in for Excel, where Excel is what fails; a cell that is being typed
into is in `test_com_calls.py`, and a machine without Python in `tests/macros`."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jixiao_xl import operations
from jixiao_xl.hosts import choosing, excel_buttons
from jixiao_xl.hosts.applying import LOCKED, READ_ONLY
from jixiao_xl.hosts.clicking import NOTHING_CHOSEN
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.workbook import identity
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.macro_pages import HINTS, NO_PYTHON
from tests.excel.desk import Desk
from tests.excel.fake_com import at_the_fake_excel

CLOUD = "https://d.docs.live.net/0123456789abcdef/绩效/示例单位01.xlsm"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """示例单位01, its amounts of last year blank, and an archive with its last year."""
    folder, spec = tmp_path_factory.mktemp("made"), operations.form_named(FORM)
    last = folder / "last.xlsx"
    last.write_bytes(build_workbook(spec, sample_filing(spec, 1, 2025), BuildOptions(as_stated=True)))
    operations.deposit(last, operations.open_archive(str(folder / "历年.sqlite")))
    filing = sample_filing(spec, 1, 2026)
    kept = {p: f for p, f in filing.facts.items() if not (p.startswith("funds.") and p.endswith(".last"))}
    book = build_workbook(spec, filing.with_facts(kept), BuildOptions(as_stated=True, macros=True))
    (folder / "示例单位01.xlsm").write_bytes(book)
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The workbook open in Excel."""
    for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        monkeypatch.delenv(name, raising=False)
    for name in ("历年.sqlite", "示例单位01.xlsm"):
        shutil.copy(made / name, tmp_path)
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "历年.sqlite"))
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    with at_the_fake_excel(tmp_path / "示例单位01.xlsm") as opened:
        yield opened


def funds(desk: Desk) -> object:
    return desk.book.sheets["资金情况"].range("A1:H20").raw_value


def page(desk: Desk, name: str) -> Any:
    return next(each for each in desk.pages.pages() if each.name == name)


def said(desk: Desk) -> list[str]:
    return [alert.text for alert in desk.person.alerts]


# ---- the workbook -----------------------------------------------------------------------
def test_a_read_only_workbook_is_not_changed_and_says_to_save_it_elsewhere(desk: Desk) -> None:
    desk.pages.read_only = True
    before = funds(desk)
    excel_buttons.pull_prior()
    assert said(desk) == [READ_ONLY] and funds(desk) == before


def test_a_read_only_workbook_can_be_checked(desk: Desk) -> None:
    desk.pages.read_only = True
    excel_buttons.check()
    assert said(desk)[0].startswith("校验完成：")


@pytest.mark.parametrize("button", [excel_buttons.make_submission, excel_buttons.make_monitoring])
def test_a_workbook_on_onedrive_asks_where_its_files_go(desk: Desk, tmp_path: Path, button) -> None:
    desk.pages.full_name = CLOUD
    desk.person.choices = [tmp_path]
    before = {path.name for path in tmp_path.iterdir()}
    button()
    assert [dialog.folder for dialog in desk.person.dialogs] == [True]
    assert said(desk)[-1].startswith("已生成 ") and len({path.name for path in tmp_path.iterdir()} - before) == 1


def test_who_leaves_the_dialog_is_told_that_nothing_was_done(desk: Desk, tmp_path: Path) -> None:
    desk.pages.full_name = CLOUD
    files = sorted(tmp_path.rglob("*"))
    for button in (excel_buttons.make_submission, excel_buttons.consolidate, excel_buttons.receive, excel_buttons.return_marked):
        button()
        assert desk.person.statuses[-1] == NOTHING_CHOSEN
    assert [text for text in said(desk) if "仍要生成报送文件吗" not in text] == [] and sorted(tmp_path.rglob("*")) == files


@pytest.mark.parametrize(
    ("place", "is_passing"),
    [
        (r"C:/Users/a/AppData/Local/Microsoft/Windows/INetCache/Content.Outlook/X1/表.xlsm", True),
        (r"C:/Users/a/AppData/Local/Temp/Temp1_报送.zip/表.xlsm", True),
        (r"C:/Users/a/Documents/WeChat Files/a/FileStorage/File/2026-11/表.xlsm", False),
        (r"D:/temp/表.xlsm", False),
    ],
)
def test_a_file_opened_out_of_a_mail_is_known_by_its_folder(place: str, is_passing: bool) -> None:
    assert choosing.is_passing(Path(place)) is is_passing


def test_a_cell_that_was_locked_is_said_and_what_was_put_before_it_goes_back(desk: Desk) -> None:
    before = funds(desk)
    page(desk, "资金情况").locks = lambda box: {True}
    excel_buttons.pull_prior()
    assert said(desk) == [LOCKED] and funds(desk) == before


def test_a_renamed_sheet_is_named_with_what_to_do(desk: Desk) -> None:
    page(desk, "资金情况").sheet.name = "资金"
    desk.pages.book.__dict__.pop("names", None)
    excel_buttons.check()
    assert said(desk) == ["示例单位01.xlsm 缺少“资金情况”表。 → 改过名的改回原名；删掉了的，重新下载表样，把已填内容粘贴进去。"]


def test_protected_view_and_a_machine_without_python_are_told_of_on_the_sheets_since_no_button_runs_there() -> None:
    assert "启用编辑" in HINTS[0] and "启用内容" in HINTS[0] and "先另存到本机" in HINTS[0]
    assert "没有找到 Python" in NO_PYTHON and "表照常可以填" in NO_PYTHON


# ---- archive and versions -----------------------------------------------------------------
def test_an_archive_that_somebody_holds_locked_is_said_and_nothing_is_filled_in(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jixiao_xl.archive.store.LOCK_WAIT_S", 0.2)  # a clerk waits longer for a colleague
    before = funds(desk)
    with sqlite3.connect(tmp_path / "历年.sqlite") as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        excel_buttons.pull_prior()
    (told,) = said(desk)
    assert told.startswith("历年数据库 ") and "别人正在写" in told and funds(desk) == before


@pytest.mark.parametrize("address", ["postgresql://nobody@127.0.0.1:1/archive", "/proc/none/a.sqlite"])
def test_an_archive_that_is_out_of_reach_is_said(desk: Desk, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_ARCHIVE", address)
    before = funds(desk)
    excel_buttons.pull_prior()
    (told,) = said(desk)
    assert told.startswith("历年数据库 ") and "→" in told and funds(desk) == before


def test_a_workbook_of_a_later_release_is_told_apart(desk: Desk) -> None:
    row = identity.FIELDS.index("version") + 1
    page(desk, identity.NAME).sheet.put(row, identity.VALUE + 1, "99.1.0")
    excel_buttons.check()
    listed = desk.book.sheets["校验结果"].range("D6:G305").value
    (told,) = [line for line in listed if line[1] == "WBK123"]
    assert told[0] == "需要说明" and "99.1.0" in told[2] and "升级" in told[3]


@pytest.mark.parametrize("version", ["0.0.1", "", "next", "1e9", "99"])
def test_what_is_older_or_no_version_is_silent(version: str) -> None:
    assert not identity.is_newer(version)
