"""The summary with an archive behind it, and of every published form."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.year_facts import filings_of_year
from jixiao_xl.consolidate.roster import Received
from jixiao_xl.consolidate.summary import summarise
from jixiao_xl.desk.last_year import filed_last_year
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing, unit_of
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.summary_book import summary_bytes
from tests.conftest import NAMES, changed, published

SPEC = operations.form_named("hubei.dept_overall")
FISCAL = "funds.income.fiscal.current"


def test_last_years_amounts_are_the_newest_version_of_what_was_approved(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    archive.deposit(sample_filing(SPEC, 1, 2025, "declaration"))
    archive.deposit(changed(sample_filing(SPEC, 1, 2025, "approval"), {FISCAL: "400"}))
    archive.deposit(changed(sample_filing(SPEC, 1, 2025, "approval"), {FISCAL: "410"}))
    found = filings_of_year(archive, ("hubei.dept_overall",), 2025, ["funds"])[unit_of(1).key]
    assert (found.stage, found.value(FISCAL)) == ("approval", "410")
    assert {path.partition(".")[0] for path in found.facts} == {"funds"}


def test_a_unit_with_a_new_code_finds_its_former_filing(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    archive.deposit(sample_filing(SPEC, 1, 2025, "approval"))
    row = roster_of_sample()[1].but(unit_code="S099", former_codes=("S001",))
    assert filed_last_year(archive, SPEC, 2026, [row])["429900-S099"].unit.name == "示例单位01"
    assert filed_last_year(None, SPEC, 2026, [row]) == {}


def test_a_summary_with_an_archive_compares_with_last_years_filing(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    archive.deposit(changed(sample_filing(SPEC, 1, 2025, "approval"), {FISCAL: "400"}))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.xlsx").write_bytes(build_workbook(SPEC, sample_filing(SPEC, 1, 2026)))
    operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", archive=archive)
    sheet = load_workbook(tmp_path / "s.xlsx", data_only=True)["同比"]
    assert [c.value for c in sheet[5]] == ["收入构成·财政拨款", "示例单位01", 565, 555, 10, 0.018, "本表上年数", "上年报送件为 400"]


@pytest.mark.parametrize("name", NAMES)
def test_every_published_form_has_a_summary_that_is_whole(name: str) -> None:
    filing = published(name)
    spec = operations.form_named(filing.form, filing.year)
    summary = summarise(spec, filing.year, filing.stage, [Received(filing, f"{name}.xlsx")])
    book = load_workbook(BytesIO(summary_bytes(summary, "")), data_only=True)
    assert book.sheetnames[:2] == ["概览", "报送情况"] and book.sheetnames[-1] == "数据来源"
    values = [c.value for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [v for v in values if isinstance(v, str) and (v.startswith("#") or "{" in v)], "no error, no unfilled word"
    known = {line.total for money in summary.money for line in money.lines if line.total}
    assert known <= {Decimal(str(v)) for v in values if isinstance(v, int | float)}, "every total stands in the book"
