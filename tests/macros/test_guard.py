"""A submitted workbook whose macros are not ours is said; one that was merely saved again is not."""

from __future__ import annotations

import random
import shutil
import zipfile
from pathlib import Path

import pytest
from pyopenvba import ExcelFile
from pyopenvba.vba import compress

from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.book_file import read_workbook
from jixiao_xl.workbook.macro_guard import essential, strange_modules
from jixiao_xl.workbook.vba_project import Damaged, decompressed, module_texts
from tests.office import Office

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "xlsx_templates" / "wuhan.dept_overall.2020.xlsm"
PROJECT = (ROOT / "macros" / "vbaProject.bin").read_bytes()


def macro_findings(book: Path) -> list[Finding]:
    return [f for f in read_workbook(book).findings if f.code == "WBK117"]


def with_part(folder: Path, name: str, content: bytes) -> Path:
    """Our workbook with one part replaced or added."""
    target = folder / "submitted.xlsm"
    with zipfile.ZipFile(BOOK) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return target


def test_our_own_macros_are_silent() -> None:
    assert strange_modules(module_texts(PROJECT)) == []
    assert macro_findings(BOOK) == []


@pytest.mark.slow
def test_a_workbook_that_libreoffice_saved_again_is_silent(office: Office) -> None:
    saved = office.converted([BOOK], "xlsm")[0]
    with zipfile.ZipFile(saved) as book:
        assert book.read("xl/vbaProject.bin") != PROJECT, "written anew by another program"
    assert macro_findings(saved) == []


def test_a_project_in_another_order_with_letter_case_spaces_and_comments_changed_is_silent(tmp_path: Path) -> None:
    target = tmp_path / "again.xlsm"
    shutil.copy(BOOK, target)
    with ExcelFile(target) as book:
        project = book.vba_project()
        text = project.get_module("JixiaoButtons").source
        project.delete_module("JixiaoButtons")
        book.save(target)
    with ExcelFile(target) as book:
        changed = text.replace("Public Sub JxCheckClick", "public   Sub jxCheckClick").replace("' Plain", "' Mere")
        book.vba_project().add_module("JixiaoButtons", changed)
        book.save(target)
    assert changed != text
    assert macro_findings(target) == []


def test_a_changed_line_is_said_with_its_module_and_what_to_do(tmp_path: Path) -> None:
    target = tmp_path / "changed.xlsm"
    shutil.copy(BOOK, target)
    with ExcelFile(target) as book:
        book.set_module("JixiaoButtons", book.get_module("JixiaoButtons").replace("import check; check()", "import check; evil()"))
        book.save(target)
    found = macro_findings(target)
    assert [f.message() for f in found] == ["changed.xlsm 里的宏被改动：模块 JixiaoButtons 有改动。"]
    assert "生成报送文件" in found[0].remedy() and found[0].severity == "error"
    assert read_workbook(target).filing is not None, "the facts are still read"


def test_an_added_module_and_code_behind_the_workbook_are_said(tmp_path: Path) -> None:
    target = tmp_path / "added.xlsm"
    shutil.copy(BOOK, target)
    with ExcelFile(target) as book:
        own = book.get_module("ThisWorkbook")
        book.set_module("ThisWorkbook", own + 'Private Sub Workbook_Open()\r\n    Shell "cmd"\r\nEnd Sub\r\n')
        book.vba_project().add_module("Extra", "Option Explicit\r\nSub A()\r\nEnd Sub\r\n")
        book.vba_project().add_module("Nothing", "Option Explicit\r\n\r\n' a note\r\n")
        book.save(target)
    said = macro_findings(target)[0].params["what"]
    assert said == "多出模块 ThisWorkbook、多出模块 Extra", "a module without code does no harm"


def test_a_sheet_of_old_macros_is_said(tmp_path: Path) -> None:
    book = with_part(tmp_path, "xl/macrosheets/sheet1.xml", b"<xml/>")
    assert macro_findings(book)[0].params["what"] == "有旧式宏表"


@pytest.mark.parametrize("damage", ["empty", "cut", "zeros", "text", "huge"])
def test_a_damaged_project_is_a_finding(damage: str, tmp_path: Path) -> None:
    damaged = {"empty": b"", "cut": PROJECT[:9_000], "zeros": PROJECT[:512] + bytes(len(PROJECT)),
               "text": b"hello" * 1000, "huge": PROJECT + random.Random(1).randbytes(6_000_000)}[damage]  # fmt: skip
    found = macro_findings(with_part(tmp_path, "xl/vbaProject.bin", damaged))
    assert [f.params["what"] for f in found] == ["宏工程读不出"]


def test_a_project_with_any_byte_broken_is_read_or_refused_but_never_a_crash() -> None:
    chance = random.Random(4)
    refused = 0
    for _ in range(300):
        broken = bytearray(PROJECT)
        for _ in range(chance.randint(1, 40)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            module_texts(bytes(broken))
        except Damaged:
            refused += 1
    assert refused > 20


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ValueError, match="too long"):
        decompressed(b"\x01" + compress(b"\x00" * 4096)[1:] * 1000)


@pytest.mark.parametrize("text", [b"", b"a", b"abc" * 5000, bytes(range(256)) * 40, b"\x00" * 4096, b"x" * 4097])
def test_what_another_program_compressed_comes_back(text: bytes) -> None:
    assert decompressed(compress(text)) == text


def test_what_counts_as_code() -> None:
    text = 'Attribute VB_Name = "M"\r\nOption Explicit\r\n\' note\r\nSub A() \' why\r\n  B  "It\'s  A" , 1\r\nEnd Sub\r\n'
    assert essential(text) == 'optionexplicit\nsuba()\nb"It\'s  A",1\nendsub'
    hidden = 'Attribute VB_Name = "M": Shell "x"'
    assert essential(hidden) != "", "code behind an attribute is code"


def test_a_plain_workbook_is_not_asked_for_macros(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speed: the reader of compound files is not even loaded."""
    import sys

    monkeypatch.setitem(sys.modules, "jixiao_xl.workbook.vba_project", None)
    assert read_workbook(BOOK.with_suffix(".xlsx")).findings == []
