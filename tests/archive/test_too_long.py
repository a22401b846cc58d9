"""A text without room in the archive: the filing is refused by name, on every database alike, and the others are taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.depositing import too_long
from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.workbook.build import build_workbook
from tests.conftest import changed, published, spec_of
from tests.consolidate.city import put_city

FILED = published("ezhou_2025")
ROW = "annual_indicators[运行成本/公用经费控制/{}].target"


def named(name: str, key: str = "420700-S001") -> Filing:
    return replace(FILED, unit=Unit(name, key))


@pytest.mark.parametrize(
    ("filing", "what"),
    [
        (named("长" * 201), "单位名称"),
        (named("长", "4" * 65), "单位代码"),
        (replace(FILED, book="长" * 296 + ".xlsx"), "文件名"),
        (replace(FILED, facts={ROW.format("长" * 500): Fact(ROW.format("长" * 500), "1")}), "指标或项目名称"),
    ],
    ids=["unit", "code", "file", "indicator"],
)
def test_what_has_no_room_is_named(filing: Filing, what: str) -> None:
    found = too_long(filing)
    assert found is not None and found[0] == what


def test_what_fits_exactly_is_taken(address: str) -> None:
    fits = replace(named("长" * 200, "4" * 64), book="长" * 295 + ".xlsx")
    assert too_long(fits) is None
    assert operations.open_archive(address).deposit(fits).is_new


@pytest.mark.parametrize(("name", "key"), [("长" * 201, ""), ("单位", "4" * 65)], ids=["unit", "code"])
def test_one_file_in_a_folder_does_not_keep_the_others_out(address: str, tmp_path: Path, name: str, key: str) -> None:
    put_city(3, tmp_path / "报送")
    (book,) = sorted((tmp_path / "报送").iterdir())[:1]
    filing = operations.read(book).filing
    assert filing is not None
    typed = replace(changed(filing, {"cover.unit_name": name}), unit=Unit(name, key or filing.unit.key))
    book.write_bytes(build_workbook(spec_of(typed), typed))
    archive = operations.open_archive(address)
    summary = operations.consolidate(tmp_path / "报送", tmp_path / "汇总.xlsx", archive=archive)
    assert [f.where.book for f in summary.findings if f.code == "ARC109"] == [book.name]
    assert len(archive.entries()) == 2
    assert [f.code for f in operations.deposit(book, archive).findings] == ["ARC109"]
