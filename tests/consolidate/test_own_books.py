"""Our own books among the submissions: told by what they are, named where somebody has to act, summed when they are filings."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.reviews import amend, reviews_for, state_change
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.hosts.sample import FORM, roster_of_sample, sample_filing, unit_of
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.review import Subject
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed

SPEC = operations.form_named(FORM)
SHARE = "funds.expense.special_purpose.share"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Two submissions; the share of the first is wrong, so that it goes back."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n in (1, 2):
        filing = sample_filing(SPEC, n, 2026)
        filing = changed(filing, {SHARE: "99.99%"}) if n == 1 else filing
        (folder / f"{n}.xlsx").write_bytes(build_workbook(SPEC, filing, BuildOptions(as_stated=True)))
    return folder


def summed(inbox: Path, archive: Archive | None = None) -> Summary:
    return operations.consolidate(inbox, inbox.parent / "汇总.xlsx", archive=archive)


def trouble(summary: Summary) -> list[Finding]:
    return [f for f in summary.findings if f.code in ("CON107", "CON114", "WBK107", "WBK121", "ARC108")]


def counted(summary: Summary) -> list[str]:
    return [unit.used.book for unit in summary.units if unit.used]


def test_what_we_wrote_ourselves_is_no_unread_file_whatever_it_is_called(inbox: Path, tmp_path: Path) -> None:
    roster = operations.make_roster(inbox / "单位.xlsx", roster_of_sample()[1:3])
    archive = Archive(str(tmp_path / "a.sqlite"))
    summary = summed(inbox, archive)
    shutil.copy(tmp_path / "汇总.xlsx", inbox / "上次的.xlsx")
    issued = operations.issue(roster, FORM, 2027, tmp_path / "out")
    shutil.copy(issued.list_path, inbox / "发了谁.xlsx")
    operations.make_trial(inbox / "t.xlsm")
    operations.make_review(inbox / "意见.xlsx", archive)
    operations.export_archive(archive, inbox / "导出.xlsx")
    returned = operations.return_all(summary, inbox, tmp_path / "退回", archive=archive)
    shutil.copy(returned.returned[0].letter, inbox / "退回意见.docx")
    reminded = operations.remind(roster, tmp_path / "催报", form=FORM, year=2027, archive=archive)
    for path in (tmp_path / "催报").glob("*.xlsx"):
        shutil.copy(path, inbox / "电话.xlsx")
    assert reminded and (inbox / "电话.xlsx").is_file()
    said = [(f.where.book, f.code, f.severity) for f in trouble(summed(inbox, archive))]
    assert said == [("单位.xlsx", "WBK121", "hint"), ("意见.xlsx", "WBK121", "hint")]
    again = summed(inbox)
    assert counted(again) == ["1.xlsx", "2.xlsx"] and "review read" in trouble(again)[1].remedy()


def test_what_only_looks_like_ours_is_still_named_and_a_form_called_下发清单_is_summed(inbox: Path) -> None:
    (inbox / "2.xlsx").rename(inbox / "下发清单(填好).xlsx")
    book = Workbook()
    assert book.active is not None
    book.active.title = "别的表"
    book.save(inbox / "下发清单.xlsx")
    operations.make_roster(inbox / "名单加数.xlsx")
    roster = load_workbook(inbox / "名单加数.xlsx")
    roster.create_sheet("资金情况")["B2"] = 12
    roster.save(inbox / "名单加数.xlsx")
    summary = summed(inbox)
    assert counted(summary) == ["1.xlsx", "下发清单(填好).xlsx"]
    assert [(f.where.book, f.code) for f in trouble(summary)] == [("下发清单.xlsx", "CON107"), ("名单加数.xlsx", "CON107")]


def test_an_untouched_returned_copy_beside_its_original_is_no_resubmission_and_a_mended_one_is(inbox: Path, tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a.sqlite"))
    copy = inbox / "1_退回修改.xlsx"
    summed(inbox, archive)
    operations.mark(inbox / "1.xlsx", copy)
    summary = summed(inbox, archive)
    assert counted(summary) == ["1.xlsx", "2.xlsx"]
    assert [(f.where.book, f.code, f.params["other"]) for f in trouble(summary)] == [("1_退回修改.xlsx", "CON114", "1.xlsx")]
    assert len(archive.entries()) == 2
    copy.unlink()
    operations.fix(inbox / "1.xlsx", copy)
    summary = summed(inbox, archive)
    assert counted(summary) == ["1_退回修改.xlsx", "2.xlsx"] and not [f for f in trouble(summary) if f.code == "CON114"]
    assert [(e.version, e.revision) for e in archive.entries(unit_keys=(unit_of(1).key,))] == [(2, 1), (1, 0)]


def test_going_back_to_what_was_filed_two_revisions_ago_is_a_resubmission(inbox: Path, tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a.sqlite"))
    first = sample_filing(SPEC, 2, 2026)
    second = replace(changed(first, {"funds.income.fiscal.current": "1"}), revision=1)
    for n, filing in enumerate((first, second, replace(first, revision=2))):
        (inbox / f"2-{n}.xlsx").write_bytes(build_workbook(SPEC, filing, BuildOptions(as_stated=True)))
    (inbox / "2.xlsx").unlink()
    assert counted(summed(inbox, archive)) == ["1.xlsx", "2-2.xlsx"] and len(archive.entries(unit_keys=(unit_of(2).key,))) == 3


def test_an_untouched_copy_that_comes_back_alone_is_counted_as_before_and_is_no_重报(inbox: Path, tmp_path: Path) -> None:
    archive, key = Archive(str(tmp_path / "a.sqlite")), unit_of(1).key
    summed(inbox, archive)
    subject = Subject(SPEC.form.id, 2026, "declaration", key)
    amend(archive, subject, lambda _: [state_change("退回修改", "占比", "甲", "2026-11-02", 1)])
    operations.mark(inbox / "1.xlsx", tmp_path / "c.xlsx")
    (tmp_path / "c.xlsx").replace(inbox / "1.xlsx")
    for _ in range(2):
        summary = summed(inbox, archive)
        assert [(f.code, f.params["version"]) for f in trouble(summary)] == [("ARC108", "1")] and counted(summary)[0] == "1.xlsx"
    receipt = operations.deposit(inbox / "1.xlsx", archive)
    assert receipt.deposited is not None and not receipt.deposited.is_new and receipt.findings[0].code == "ARC108"
    assert reviews_for(archive, *subject[:3])[key].state == "退回修改"


def test_a_folder_with_nothing_but_our_own_books_says_that_nothing_was_filed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    operations.make_roster(folder / "名单.xlsx")
    with pytest.raises(operations.CannotRun) as refused:
        summed(folder)
    assert [f.code for f in refused.value.findings] == ["SYS906", "WBK121"]
