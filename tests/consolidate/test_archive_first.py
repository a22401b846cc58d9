"""Archive first: each content is read once, each filing is put away once, and nothing that changed is missed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.approved import put_budget
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.desk import gathering, one_file, reading_pool
from jixiao_xl.desk.one_file import Budgets, Done, Task, read_one
from jixiao_xl.hosts.sample import unit_of
from jixiao_xl.model.budget import BudgetLine
from jixiao_xl.model.facts import Fact
from jixiao_xl.workbook.build import build_workbook
from tests.benchmarks.city_books import YEAR, book_of, filing_of
from tests.consolidate.city import put_city, unit_number, values

SPEC = operations.form_named("hubei.dept_overall")
LONG_AGO_S = 1_700_000_000
PERSONNEL = "funds.expense.personnel.current"


class Desk:
    """A folder of four submissions, an archive, and a list of the files that were really read."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.out = folder / "in", folder / "汇总.xlsx"
        self.archive = Archive(str(folder / "archive.sqlite"))
        self.paths = put_city(4, self.folder)
        for path in self.paths:
            settled(path)
        self.read: list[str] = []

        def counted(task: Task, budgets: Budgets) -> Done:
            self.read.append(task.name)
            return read_one(task, budgets)

        monkeypatch.setattr(reading_pool, "read_one", counted)

    def consolidate(self, roster: Path | None = None) -> Summary:
        self.read.clear()
        return operations.consolidate(self.folder, self.out, archive=self.archive, roster=roster)


def settled(path: Path) -> None:
    """As if the file had lain there for long."""
    os.utime(path, (LONG_AGO_S, LONG_AGO_S))


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(tmp_path, monkeypatch)


def rebuilt(change: Callable[[dict[str, str]], None], revision: int) -> bytes:
    """Unit 1's submission with other amounts."""
    filing = filing_of(unit_number(0))
    values_ = {path: fact.value for path, fact in filing.facts.items()}
    change(values_)
    facts = {path: Fact(path, value) for path, value in values_.items()}
    return build_workbook(SPEC, replace(filing.with_facts(facts), revision=revision))


# ---- read once -------------------------------------------------------------------------
def test_a_second_run_reads_nothing_and_gives_the_same_summary(desk: Desk) -> None:
    first = desk.consolidate()
    assert desk.read == ["000.xlsx", "001.xlsx", "002.xlsx", "003.xlsx"]
    content = desk.out.read_bytes()
    again = desk.consolidate()
    assert desk.read == [] and values(again) == values(first) and desk.out.read_bytes() == content


def test_the_directory_entry_of_a_file_that_lay_there_vouches_for_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.consolidate()
    opened: list[Path] = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: opened.append(path) or read_bytes(path))
    desk.consolidate()
    assert not [path for path in opened if path.parent == desk.folder]


def test_only_what_changed_is_read_again(desk: Desk) -> None:
    desk.consolidate()
    desk.paths[2].write_bytes(book_of(unit_number(7)))
    summary = desk.consolidate()
    assert desk.read == ["002.xlsx"]
    assert unit_of(unit_number(7)).name in {unit.name for unit in summary.units}


def test_the_workbook_after_a_change_is_byte_for_byte_that_of_a_first_run_over_the_same_files(desk: Desk) -> None:
    desk.consolidate()
    desk.paths[2].write_bytes(book_of(unit_number(7)))
    desk.consolidate()
    content = desk.out.read_bytes()
    desk.archive = Archive(str(desk.folder.parent / "another.sqlite"))
    desk.consolidate()
    assert len(desk.read) == 4 and desk.out.read_bytes() == content


def test_a_file_changed_at_once_under_the_same_size_and_time_is_not_missed(desk: Desk) -> None:
    path = desk.paths[1]
    content = path.read_bytes()
    path.write_bytes(content)  # just now
    moment = path.stat().st_mtime_ns
    desk.consolidate()
    other = book_of(unit_number(9))
    size = max(len(content), len(other))
    path.write_bytes(other.ljust(size, b"\0") if len(other) < len(content) else other)
    os.utime(path, ns=(moment, moment))
    desk.consolidate()
    assert desk.read == ["001.xlsx"]


def test_a_file_that_moved_or_was_copied_is_known_by_its_content(desk: Desk) -> None:
    desk.consolidate()
    (desk.folder / "县区").mkdir()
    desk.paths[0].rename(desk.folder / "县区" / "工会.xlsx")
    summary = desk.consolidate()
    assert desk.read == []
    assert "县区/工会.xlsx" in {unit.used.book for unit in summary.units if unit.used}
    assert {f.where.book for f in summary.judged} <= {unit.used.book for unit in summary.units if unit.used}


def test_a_new_approved_budget_has_its_unit_judged_again_and_no_other(desk: Desk) -> None:
    desk.consolidate()
    line = BudgetLine(unit_of(unit_number(3)).key, "", Decimal("1"), "批复.xlsx")
    put_budget(desk.archive, YEAR, [line])
    summary = desk.consolidate()
    assert desk.read == ["003.xlsx"]
    assert {f.where.book for f in summary.judged if f.code.startswith("BUD")} == {"003.xlsx"}


def test_another_version_of_the_program_reads_everything_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.consolidate()
    monkeypatch.setattr(one_file, "__version__", "99.0")
    desk.consolidate()
    assert len(desk.read) == 4


def test_a_file_that_cannot_be_read_is_named_again_without_being_read_again(desk: Desk) -> None:
    (desk.folder / "坏.xlsx").write_bytes(b"no workbook")
    first, again = desk.consolidate(), desk.consolidate()
    assert desk.read == []
    said = [[f.message() for f in summary.findings if f.where.book == "坏.xlsx"] for summary in (first, again)]
    assert said[0] == said[1] != []


def test_without_an_archive_everything_is_read(desk: Desk) -> None:
    for _ in range(2):
        pile = gathering.gather(desk.folder, set(), lambda *_: None)
        assert pile.read == 4


# ---- put away once ---------------------------------------------------------------------
def test_what_is_summed_is_deposited_once_with_every_fact(desk: Desk) -> None:
    desk.consolidate(), desk.consolidate()
    entries = desk.archive.entries()
    assert [(e.unit.key, e.version) for e in entries] == sorted((unit_of(unit_number(n)).key, 1) for n in range(4))
    own = next(e for e in entries if e.book == "000.xlsx")
    read = operations.read(desk.paths[0]).filing
    assert read is not None and desk.archive.filing(own).facts == read.facts


def test_depositing_the_same_file_by_hand_is_no_other_version(desk: Desk) -> None:
    desk.consolidate()
    receipt = operations.deposit(desk.paths[0], desk.archive)
    assert receipt.deposited is not None and (receipt.deposited.version, receipt.deposited.is_new) == (1, False)


def test_a_resubmission_counts_by_its_revision_whatever_it_is_called_and_the_history_stays(desk: Desk) -> None:
    desk.consolidate()
    newer = rebuilt(lambda facts: facts.update({PERSONNEL: "999"}), revision=1)
    (desk.folder / "000 旧的.xlsx").write_bytes(newer)  # sorts first, and is named as if it were the older one
    settled(desk.folder / "000 旧的.xlsx")
    summary = desk.consolidate()
    unit = next(u for u in summary.units if u.key == unit_of(unit_number(0)).key)
    assert unit.used is not None and (unit.used.book, unit.used.version) == ("000 旧的.xlsx", 2)
    assert [value for _, value in desk.archive.history((unit.key,), PERSONNEL)] == ["999", str(3 * (106 + 7))]


def test_two_filings_of_one_revision_are_both_left_out_until_the_reviewer_chooses(desk: Desk, tmp_path: Path) -> None:
    (desk.folder / "另一份.xlsx").write_bytes(rebuilt(lambda facts: facts.update({PERSONNEL: "999"}), revision=0))
    key = unit_of(unit_number(0)).key
    desk.consolidate()
    assert desk.archive.entries(unit_keys=(key,)) == []
    division, _, code = key.partition("-")
    row = RosterRow(row=4, division_code=division, unit_code=code, name=unit_of(1).name, used_book="000.xlsx")
    summary = desk.consolidate(operations.make_roster(tmp_path / "名单.xlsx", [row]))
    (unit,) = (u for u in summary.units if u.key == key)
    assert unit.used is not None and unit.used.book == "000.xlsx"
    (current,) = desk.archive.entries(unit_keys=(key,), newest_only=True)
    assert (current.book, current.version) == ("000.xlsx", 2) and desk.read == []


def test_a_filing_of_nobody_is_summed_under_no_name_in_the_archive(desk: Desk) -> None:
    filing = filing_of(unit_number(0))
    (desk.folder / "无代码.xlsx").write_bytes(build_workbook(SPEC, replace(filing, unit=replace(filing.unit, key=""))))
    summary = desk.consolidate()
    assert [f.where.book for f in summary.findings if f.code == "ARC103"] == ["无代码.xlsx"]
    assert len(desk.archive.entries()) == 4
