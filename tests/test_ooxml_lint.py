"""The lint finds what was planted, and nothing in any workbook we make."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import published, spec_of
from tests.ooxml_lint import faults

SHIPPED = Path(__file__).parents[1] / "xlsx_templates"
SHEET, BOOK = "xl/worksheets/sheet2.xml", "xl/workbook.xml"


@pytest.mark.parametrize("path", sorted(p for p in SHIPPED.iterdir() if p.suffix != ".md"), ids=lambda p: p.name)
def test_nothing_is_wrong_with_a_shipped_workbook(path: Path) -> None:
    assert faults(path) == []


def test_nothing_is_wrong_with_what_the_verbs_make(tmp_path: Path) -> None:
    filing = published("ezhou_2025")
    filled = tmp_path / "in" / "a.xlsx"
    filled.parent.mkdir()
    filled.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=True)))
    operations.mark(filled, tmp_path / "marked.xlsx")
    operations.consolidate(filled.parent, tmp_path / "summary.xlsx")
    operations.make_roster(tmp_path / "roster.xlsx")
    assert {path.name: faults(path) for path in (filled, *tmp_path.glob("*.xlsx"))} == {
        name: [] for name in ("a.xlsx", "marked.xlsx", "summary.xlsx", "roster.xlsx")
    }


def swapped(old: str, new: str) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        assert old.encode() in data
        return data.replace(old.encode(), new.encode(), 1)

    return change


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        (SHEET, swapped("<mergeCells", '<mergeCells count="1"><mergeCell ref="A1:Z99"/></mergeCells><mergeCells'), "lies over"),
        (SHEET, swapped('<row r="3"', '<row r="2"'), "row 2 after row 2"),
        (SHEET, swapped('<c r="B1"', '<c r="C1"'), "out of order"),
        (SHEET, swapped('t="s"><v>', 't="s"><v>99999'), "shared string"),
        (BOOK, swapped('name="jx.code"', 'name="jx.places"'), "twice"),
        (BOOK, swapped('name="jx.code"', 'name="A1"'), "is none"),
        (BOOK, swapped("'_jixiao_code'!", "'gone'!"), "leads to gone"),
        (BOOK, swapped('sheet name="_jixiao"', 'sheet name="封面"'), "sheet name"),
        ("xl/_rels/workbook.xml.rels", swapped("worksheets/sheet2.xml", "worksheets/gone.xml"), "is not there"),
    ],
    ids=["merges", "rows", "cells", "strings", "two names", "no name", "lost name", "sheet twice", "lost part"],
)  # fmt: skip
def test_a_planted_fault_is_found(tmp_path: Path, part: str, change: Callable[[bytes], bytes], said: str) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(SHIPPED / "hubei.dept_overall.2025.xlsx") as sound, zipfile.ZipFile(path, "w") as bad:
        for info in sound.infolist():
            data = sound.read(info)
            bad.writestr(info.filename, change(data) if info.filename == part else data)
    assert any(said in fault for fault in faults(path))
