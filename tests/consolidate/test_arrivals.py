"""Who filed in time: by the roster's word, the day of 接收登记, or the day of a file that was registered long after it came."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.arrivals import arrivals
from jixiao_xl.archive.schema import FILING, STEP
from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.filing_progress import arrived_on, days_late
from jixiao_xl.consolidate.report_figures import report_figures
from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.hosts.sample import FORM, sample_filing, unit_of
from jixiao_xl.model.dates import local_day
from jixiao_xl.workbook.build import build_workbook

SPEC = operations.form_named(FORM)
TODAY = dt.date.today()
YEAR = TODAY.year
KIND = (SPEC.form.id, YEAR, "declaration")
SAVED = {1: TODAY - dt.timedelta(days=40), 2: TODAY - dt.timedelta(days=20), 3: TODAY}
DEADLINE = TODAY - dt.timedelta(days=30)


def put(folder: Path, n: int, day: dt.date, name: str = "", revision: int = 0) -> Path:
    """Unit n's submission, saved on that day."""
    folder.mkdir(exist_ok=True)
    path = folder / (name or f"{n}.xlsx")
    path.write_bytes(build_workbook(SPEC, replace(sample_filing(SPEC, n, YEAR), revision=revision)))
    touch(path, day)
    return path


def touch(path: Path, day: dt.date) -> None:
    at = dt.datetime(day.year, day.month, day.day, 12).timestamp()
    os.utime(path, (at, at))


def roster(folder: Path, told: dict[int, str], name: str = "名单.xlsx") -> Path:
    rows = [
        RosterRow(row=3 + n, division_code="429900", unit_code=f"S{n:03d}", name=unit_of(n).name, deadline=DEADLINE.isoformat(),
                  received_on=told.get(n, ""))
        for n in (1, 2, 3)
    ]  # fmt: skip
    return operations.make_roster(folder / name, rows)


def late(summary: Summary) -> list[int | None]:
    return [days_late(summary, unit) for unit in summary.statuses]


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, Archive]:
    """Three submissions that were saved before the deadline, after it, and today; an empty archive."""
    for n, day in SAVED.items():
        put(tmp_path / "in", n, day)
    return tmp_path, Archive(str(tmp_path / "a.sqlite"))


def summed(desk: tuple[Path, Archive], told: dict[int, str] | None = None) -> Summary:
    folder, archive = desk
    name = f"名单{len(list(folder.glob('名单*')))}.xlsx"
    return operations.consolidate(folder / "in", folder / "s.xlsx", roster=roster(folder, told or {}, name), archive=archive)


def test_a_first_run_long_after_the_deadline_does_not_make_timely_filings_late(desk: tuple[Path, Archive]) -> None:
    summary = summed(desk)
    assert late(summary) == [0, 10, 30], "saved 40 days ago, 20 days ago, today"
    figures = report_figures(summary, TODAY)
    assert (figures.on_time.part, figures.on_time.whole, figures.by_file_date) == (1, 3, 2)
    sheet = load_workbook(desk[0] / "s.xlsx")["报送情况"]
    assert [sheet.cell(row, 7).value.date() for row in (4, 5, 6)] == list(SAVED.values())
    assert [sheet.cell(row, 15).value for row in (4, 5, 6)] == [f"收到日期按文件日期，{TODAY} 登记"] * 2 + [None]
    assert "文件日期更早的按文件日期" in sheet.cell(2, 15).value


def test_what_was_registered_in_time_stays_in_time_whatever_becomes_of_the_file(desk: tuple[Path, Archive]) -> None:
    summed(desk)
    for path in (desk[0] / "in").iterdir():
        touch(path, TODAY)
    assert late(summed(desk)) == [0, 10, 30]
    put(desk[0] / "in", 1, TODAY, "1 重报.xlsx", revision=1)
    assert late(summed(desk)) == [0, 10, 30], "a resubmission is no later first filing"


def test_the_roster_s_own_day_wins_and_says_so(desk: tuple[Path, Archive]) -> None:
    summary = summed(
        desk, {1: (DEADLINE + dt.timedelta(days=2)).isoformat(), 3: f"{DEADLINE.year}年{DEADLINE.month}月{DEADLINE.day}日"}
    )
    assert late(summary) == [2, 10, 0]
    sheet = load_workbook(desk[0] / "s.xlsx")["报送情况"]
    assert sheet.cell(6, 15).value == f"收到日期按名单，{TODAY} 登记"


def test_without_an_archive_only_the_roster_knows(desk: tuple[Path, Archive]) -> None:
    folder, _ = desk
    summary = operations.consolidate(folder / "in", folder / "s.xlsx", roster=roster(folder, {2: DEADLINE.isoformat()}))
    assert late(summary) == [None, 0, None]


def test_a_day_of_the_roster_that_is_none_is_refused(desk: tuple[Path, Archive]) -> None:
    folder, archive = desk
    book = load_workbook(roster(folder, {2: DEADLINE.isoformat()}))
    heads = [cell.value for cell in book["应报单位名单"][3]]
    book["应报单位名单"].cell(5, heads.index("收到日期") + 1).value = "11月底"
    book.save(folder / "错.xlsx")
    with pytest.raises(operations.CannotRun) as refused:
        operations.consolidate(folder / "in", folder / "s.xlsx", roster=folder / "错.xlsx", archive=archive)
    (one,) = refused.value.findings
    assert (one.code, one.params["column"], one.params["stated"]) == ("ROS103", "收到日期", "11月底")


def test_the_day_of_a_unit_under_its_former_code_is_its_own(desk: tuple[Path, Archive]) -> None:
    folder, archive = desk
    row = RosterRow(row=4, division_code="429900", unit_code="S099", name=unit_of(1).name, former_codes=("S001",),
                    deadline=DEADLINE.isoformat())  # fmt: skip
    book = operations.make_roster(folder / "新.xlsx", [row])
    summary = operations.consolidate(folder / "in", folder / "s.xlsx", roster=book, archive=archive)
    assert arrived_on(summary, summary.units[0]) == SAVED[1]


@pytest.mark.parametrize("day", [dt.date(1980, 1, 1), TODAY + dt.timedelta(days=400)])
def test_a_file_with_an_impossible_day_counts_by_its_registration(day: dt.date, tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a.sqlite"))
    operations.deposit(put(tmp_path / "in", 1, day), archive)
    (one,) = arrivals(archive, *KIND).values()
    assert (one.day, one.basis) == (TODAY, "接收登记")


def test_a_registration_late_at_night_counts_on_the_day_of_this_place() -> None:
    moment = dt.datetime(2026, 11, 30, 23, 30).astimezone()
    assert local_day(moment.astimezone(dt.UTC).isoformat()) == dt.date(2026, 11, 30)


def test_an_archive_from_before_learns_the_new_column_and_keeps_its_filings(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "a.sqlite"))
    archive.deposit(sample_filing(SPEC, 1, YEAR))
    with archive.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {FILING.name} DROP COLUMN came_on")
        connection.execute(STEP.delete().where(STEP.c.name.contains("day of the file")))
    again = Archive(archive.address)
    assert arrivals(again, *KIND)[unit_of(1).key].basis == "接收登记"
    assert again.deposit(sample_filing(SPEC, 2, YEAR)).is_new
    (first, _) = again.entries()
    assert again.filing(first).value("funds.income.total.current")
