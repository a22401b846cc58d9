"""Buttons on saved files as clerks and programs leave them: saved elsewhere, renamed, moved, and commands gone wrong."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from jixiao_xl.hosts import row_buttons
from jixiao_xl.hosts.saved_book import SavedBook
from jixiao_xl.workbook.saving import WriteRefused, save_atomically
from tests.hosts.test_saved_book import facts, press

SHEET, CELL = "年度绩效指标", "G39"


def rewritten(path: Path, changed: Callable[[str, str], str]) -> Path:
    """The workbook with the text of its parts changed."""
    with zipfile.ZipFile(path) as parts:
        texts = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in texts.items():
            parts.writestr(name, changed(name, text.decode()).encode() if name.endswith(".xml") else text)
    return path


def part_of(path: Path, sheet: str) -> str:
    return f"xl/worksheets/sheet{openpyxl.load_workbook(path).sheetnames.index(sheet) + 1}.xml"


def row_added(file: Path, sheet: str = SHEET, cell: str = CELL) -> tuple[Path, set[int]]:
    """The copy after 增加指标行, and its hidden rows."""
    book = SavedBook(file, (sheet, cell))
    row_buttons.add_row(book)
    assert book.cells.is_changed and not book.failed
    copy = book.save(file.with_name("copy.xlsx"))
    return copy, SavedBook(copy).cells.hidden(SHEET)


# ---- files as other programs and people leave them ---------------------------------------------
def test_a_file_that_nobody_calculated_is_worked_on_like_any_other(file: Path) -> None:
    before = facts(file)
    openpyxl.load_workbook(file).save(file)  # which drops every value that a formula gave
    assert facts(row_added(file)[0]) == before


def test_a_renamed_sheet_is_found_by_its_blocks_and_is_called_as_the_form_calls_it_in_the_copy(file: Path) -> None:
    before, hidden = facts(file), SavedBook(file).cells.hidden(SHEET)
    rewritten(file, lambda name, text: text.replace(SHEET, "指标（改）") if name == "xl/workbook.xml" else text)
    copy, now = row_added(file, "指标（改）")
    assert facts(copy) == before and now < hidden and len(hidden - now) == 1
    assert SavedBook(file).left_behind(copy) == []


def test_rows_inserted_above_a_table_do_not_move_what_is_hidden(file: Path) -> None:
    """Two rows above everything: as WPS writes it, all rows and names of the sheet count two more."""
    before, hidden, part = facts(file), SavedBook(file).cells.hidden(SHEET), part_of(file, SHEET)

    def moved(name: str, text: str) -> str:
        if name == part:
            return re.sub(r'( r="[A-Z]*)(\d+)"', lambda at: f'{at[1]}{int(at[2]) + 2}"', text)
        if name == "xl/workbook.xml":
            names = rf">('?{SHEET}'?!)\$([A-Z]+)\$(\d+):\$([A-Z]+)\$(\d+)<"
            return re.sub(names, lambda at: f">{at[1]}${at[2]}${int(at[3]) + 2}:${at[4]}${int(at[5]) + 2}<", text)
        return text

    copy, now = row_added(rewritten(file, moved), cell="G41")
    assert facts(copy) == before and now < hidden and len(hidden - now) == 1


def test_a_sheet_of_ones_own_is_said_not_to_come_along(file: Path) -> None:
    workbook = openpyxl.load_workbook(file)
    workbook.create_sheet("我的草稿")["A1"] = "重要"
    workbook.save(file)
    said = press("增加指标行", file, "--at", f"{SHEET}!{CELL}").stdout
    assert said.endswith("“我的草稿”没有带到另一份里，要看请开原文件。\n")


def test_a_spare_row_that_is_hidden_is_not_deleted_once_more(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = SavedBook(file, (SHEET, "G43"))
    assert 42 in book.cells.hidden(SHEET)
    row_buttons.remove_row(book)
    assert not book.cells.is_changed and "收起的备用行" in capsys.readouterr().out


# ---- commands gone wrong -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["校验", "{folder}/a.toml"], "是事实文件，不是工作簿 → 先用 jixiao fill 写成工作簿"),
        (["校验", "{folder}"], "找不到 {folder}"),
        (["增加指标行", "{file}", "-o", "{folder}/a.docx"], "-o不对：{folder}/a.docx。 → 写成 .xlsx 结尾的文件名"),
        (["增加指标行", "{file}", "-o", "{folder}/a"], "写成 .xlsx 结尾的文件名"),
        (["增加指标行", "{file}", "--at", f"{SHEET}!{CELL}", "-o", "{file}/a.xlsx"], "路径中间有一段不是文件夹"),
        (["增加指标行", "{file}", "--at", f"{SHEET}!{CELL}", "-o", "{folder}/" + "长" * 90 + ".xlsx"], "文件名太长，请换一个短的"),
        (["粘贴导入", "{file}", "--table", "{folder}/a.pdf"], "不是能导入的文件 → 在 WPS 或 Word 中另存为 .docx"),
    ],
)
def test_a_wrong_command_is_one_chinese_line_and_nothing_is_written(file: Path, given: list[str], said: str) -> None:
    (file.parent / "a.toml").write_text('form = "hubei.dept_overall"\n')
    (file.parent / "a.pdf").write_bytes(b"%PDF")
    before = {path: path.read_bytes() for path in file.parent.iterdir()}
    done = press(*(text.format(file=file, folder=file.parent) for text in given))
    assert done.returncode == 2 and said.format(folder=file.parent) in done.stderr and done.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in file.parent.iterdir()} == before


def test_a_place_to_save_to_that_was_not_needed_is_said_to_be_empty(file: Path) -> None:
    out = file.with_name("另存.xlsx")
    assert press("重新计算", file, "-o", out).stdout.endswith(f"没有要另存的改动，没有写 {out}。\n")
    assert not out.exists()


@pytest.mark.parametrize("typed", ["", "\udcff\udcfe\n", None], ids=["end of input", "no letters", "no terminal at all"])
def test_a_question_that_nobody_answers_is_no(file: Path, typed: str | None) -> None:
    command = [sys.executable, "-m", "jixiao_xl.hosts.cli", "press", "删除指标行", str(file), "--at", f"{SHEET}!{CELL}"]
    if typed is None:
        command = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
    given = typed.encode(errors="surrogateescape") if typed is not None else None
    done = subprocess.run(command, input=given, capture_output=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, b"") and "（是/否）" in done.stdout.decode()
    assert [path.name for path in file.parent.glob("*.xlsx")] == [file.name]


def test_of_two_who_write_one_name_at_once_the_first_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "表.xlsx"
    monkeypatch.setattr("os.fsync", lambda _: target.write_bytes(b"the other's"))
    with pytest.raises(WriteRefused) as refused:
        save_atomically(target, b"ours")
    assert refused.value.code == "SYS904" and target.read_bytes() == b"the other's"
    assert list(tmp_path.iterdir()) == [target]
