"""国库的执行数: read in 元 or 万元, kept by unit and month, what is odd is said, what is wrong is not taken."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from jixiao_xl import operations
from jixiao_xl.archive.executed import executions
from jixiao_xl.archive.store import Archive
from jixiao_xl.hosts.sample import FORM, sample_filing, unit_of
from jixiao_xl.model.execution import Execution
from jixiao_xl.operations import CannotRun, ExecutionTaken
from jixiao_xl.workbook.execution_file import read_execution_file
from tests.archive.test_budget import csv_of
from tests.hosts.test_cli import assert_refused, jixiao
from tests.postgres import Postgres

HEAD = "单位代码,单位名称,年初预算（万元）,调整后预算（万元）,执行数（万元）"
TODAY = dt.date(2026, 10, 8)
SPEC = operations.form_named(FORM)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """示例单位01 and 02 have filed."""
    store = operations.open_archive(str(tmp_path / "a.sqlite"))
    for n in (1, 2):
        store.deposit(sample_filing(SPEC, n, 2026))
    return store


def row(amounts: str, n: int = 1) -> str:
    """The amounts of 示例单位01: 年初预算,调整后预算,执行数."""
    return f"{unit_of(n).key},{unit_of(n).name},{amounts}"


def put(
    archive: Archive, folder: Path, *lines: str, head: str = HEAD, month: int | None = 6, today: dt.date = TODAY
) -> ExecutionTaken:
    return operations.put_executions(csv_of(folder / "支出.csv", head, *lines), 2026, month, archive, today=today)


def kept(archive: Archive, n: int = 1) -> list[Execution]:
    return executions(archive, (unit_of(n).key,), 2026)


def amounts(month: int, *said: str | None) -> Execution:
    return Execution(month, *(None if each is None else Decimal(each) for each in said))


@pytest.mark.parametrize(
    ("stated", "budget", "adjusted", "executed", "rate", "codes"),
    [
        ("100,120,60", "100", "120", "60", "0.5", []),
        ("100,,60", "100", None, "60", "0.6", []),
        ("0,0,0", "0", "0", "0", None, []),
        ("0,,5", "0", None, "5", None, ["EXE103"]),
        ("100,120,0", "100", "120", "0", "0", []),
        ("100,120,130", "100", "120", "130", "1.0833", ["EXE103"]),
        ("100,120,", "100", "120", None, None, ["EXE102"]),
        ("100,120,-", "100", "120", None, None, ["EXE102"]),
        (",,60", None, None, "60", None, []),
        ('"1,234.567",1234.567,0.001', "1234.567", "1234.567", "0.001", "0.0000", []),
        ("2000000,2000000,1000000", "2000000", "2000000", "1000000", "0.5", ["EXE105"]),
    ],
    ids=["adjusted counts", "not adjusted", "A = 0 and B = 0", "A = 0", "B = 0", "B > A", "blank", "a dash is a blank", "no budget",
         "three decimals", "like 元"],
)  # fmt: skip
def test_each_amount_is_what_it_says(
    archive: Archive, tmp_path: Path, stated: str, budget: str | None, adjusted: str | None, executed: str | None, rate: str | None, codes: list[str]
) -> None:  # fmt: skip
    done = put(archive, tmp_path, row(stated))
    (one,) = kept(archive)
    assert one == amounts(6, budget, adjusted, executed)
    assert one.rate == (None if rate is None else Decimal(rate))
    assert [f.code for f in done.findings] == codes and {f.severity for f in done.findings} <= {"warning"}


@pytest.mark.parametrize(
    ("change", "adjusted"), [("20", "120"), ("-30.5", "69.5"), ("0", "100"), ("", None)], ids=["added", "taken", "none", "not said"]
)
def test_an_adjustment_is_added_to_the_budget(archive: Archive, tmp_path: Path, change: str, adjusted: str | None) -> None:
    put(archive, tmp_path, row(f"100,{change},60"), head="单位代码,单位名称,年初预算,预算调整数,支出数（万元）")
    assert kept(archive) == [amounts(6, "100", adjusted, "60")]


def test_yuan_become_wan_yuan_exactly_whatever_the_order_of_the_columns(archive: Archive, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "国库.xlsx") as book:
        sheet = book.add_worksheet("支出")
        sheet.write_row(0, 0, ["预算执行情况表"])
        sheet.write_row(1, 0, ["单位：元"])
        sheet.write_row(2, 0, ["累计支出数", "执行率", "调整后预算数", "年初预算数", "预算单位编码", "区划代码"])
        division, _, code = unit_of(1).key.partition("-")
        sheet.write_row(3, 0, [1234567.8, 0.1, 9000000.55, 8000000, code, division], book.add_format({"num_format": "#,##0"}))
        sheet.write_row(4, 0, [1234567.8, 0.1, 9000000.55, 8000000, "合计"])
    read = read_execution_file(tmp_path / "国库.xlsx", 2026, 6)
    assert (len(read.lines), read.findings) == (1, [])
    line = read.lines[0]
    assert (line.key, line.where.spoken(), line.source) == (unit_of(1).key, "支出!A4", "国库.xlsx 累计支出数")
    assert line.amounts == amounts(6, "800", "900.000055", "123.45678")


def test_the_codes_of_subjects_and_supervisors_are_not_the_units(archive: Archive, tmp_path: Path) -> None:
    head = "主管部门代码,主管部门名称,功能科目编码,单位代码,单位名称,年初预算（万元）,执行率,执行数（万元）,上年同期执行数（万元）"
    put(archive, tmp_path, f"101,市政府,2013101,{unit_of(1).key},示例单位01,100,60%,60,55", head=head)
    assert kept(archive) == [amounts(6, "100", None, "60")]


def test_the_month_may_stand_in_a_column_in_the_heading_or_above(archive: Archive, tmp_path: Path) -> None:
    put(archive, tmp_path, row("100,100,10,2026-01"), row("100,100,20,2月"), head=f"{HEAD},月份", month=None)
    put(archive, tmp_path, row("100,100,60"), head="单位代码,单位名称,年初预算,调整后预算,1-6月执行数（万元）", month=None)
    put(archive, tmp_path, ",,,,", HEAD, row("100,100,70"), head="截至2026年7月31日,,,,", month=None)
    assert [(e.month, e.executed) for e in kept(archive)] == [(1, 10), (2, 20), (6, 60), (7, 70)]


@pytest.mark.parametrize(
    ("head", "line", "month", "code"),
    [
        (HEAD, row("100,100,六十"), 6, "EXE202"),
        (HEAD, row("100,-5,60"), 6, "EXE202"),
        (HEAD, row("100,100,-60"), 6, "EXE202"),
        ("单位代码,单位名称,年初预算,预算调整数,执行数（万元）", row("100,-120,0"), 6, "EXE202"),
        (f"{HEAD},预算调整数（万元）", row("100,130,60,20"), 6, "EXE207"),
        (HEAD, f"{row('100,100,60')}\n{row('100,100,61')}", 6, "EXE203"),
        (HEAD, f"{row('100,100,60')}\n,示例单位01,100,100,61", 6, "EXE203"),
        (f"{HEAD},月份", row("100,100,60,5"), 6, "EXE209"),
        (f"{HEAD},月份", row("100,100,60,2025-06"), 6, "EXE209"),
        (f"{HEAD},月份", row("100,100,60,夏天"), 6, "EXE202"),
        (HEAD, row("100,100,60"), None, "EXE208"),
        (HEAD, row("100,100,60"), 11, "EXE210"),
        (HEAD, "420700-S999,别家,100,100,60", 6, "EXE206"),
        ("单位代码,执行数", f"{unit_of(1).key},60", 6, "EXE204"),
        ("单位代码,年初预算（万元）", f"{unit_of(1).key},60", 6, "EXE201"),
        ("年初预算（万元）,执行数", "100,60", 6, "EXE201"),
        (HEAD, "", 6, "EXE205"),
    ],
    ids=["no number", "negative budget", "negative executed", "more taken than there was", "three amounts that disagree", "double",
         "double by name", "another month", "another year", "no month", "month not said", "month to come", "nobody known", "no unit",
         "no amount column", "no unit column", "empty"],
)  # fmt: skip
def test_a_wrong_export_is_refused_whole(
    archive: Archive, tmp_path: Path, head: str, line: str, month: int | None, code: str
) -> None:
    with pytest.raises(CannotRun) as refused:
        put(archive, tmp_path, line, head=head, month=month)
    assert {f.code for f in refused.value.findings} == {code} and kept(archive) == []


def test_with_one_wrong_row_nothing_is_written(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(CannotRun):
        put(archive, tmp_path, row("50,50,5", 2), row("100,100,六十"))
    assert kept(archive, 2) == []


def test_units_that_the_archive_does_not_know_are_named_together_and_the_others_are_kept(archive: Archive, tmp_path: Path) -> None:
    unknown = [f"420700-S9{n:02},别家{n},1,1,1" for n in range(8)]
    done = put(archive, tmp_path, *unknown, row("100,100,60"))
    (finding,) = done.findings
    assert (finding.code, finding.params["count"], done.units) == ("EXE206", "8", 1)
    assert finding.params["names"].endswith("别家5（第 7 行） 等")


def test_a_later_month_may_not_have_less_than_an_earlier_one(archive: Archive, tmp_path: Path) -> None:
    assert put(archive, tmp_path, row("100,100,60"), month=6).findings == ()
    (less,) = put(archive, tmp_path, row("100,100,50"), month=8).findings
    (more,) = put(archive, tmp_path, row("100,100,70"), month=5).findings
    assert less.code == more.code == "EXE104"
    assert "8 月累计执行数 50 万元，与 6 月的 60 万元矛盾" in less.message() and "5 月累计执行数 70 万元，与 6 月" in more.message()
    assert put(archive, tmp_path, row("100,100,70"), month=9).findings == ()


def test_a_month_that_is_not_over_is_kept_and_said(archive: Archive, tmp_path: Path) -> None:
    day = dt.date(2026, 6, 30)
    assert [f.code for f in put(archive, tmp_path, row("100,100,60"), today=day).findings] == ["EXE101"]
    assert put(archive, tmp_path, row("100,100,61"), today=day + dt.timedelta(days=1)).findings == ()
    assert [e.executed for e in kept(archive)] == [61], "the corrected export replaces the month"


def test_after_a_merger_the_months_of_all_are_added_and_a_missing_one_is_not_zero(archive: Archive, tmp_path: Path) -> None:
    put(archive, tmp_path, row("100,100,10"), row("50,50,5", 2), month=1)
    put(archive, tmp_path, row("100,100,20"), row("50,50,", 2), month=2)
    operations.rename_unit(archive, unit_of(1).key, "420700-NEW1")
    operations.rename_unit(archive, unit_of(2).key, "420700-NEW1")
    assert executions(archive, ("420700-NEW1",), 2026) == [amounts(1, "150", "150", "15"), amounts(2, "150", "150", None)]


@pytest.mark.slow
def test_months_are_kept_and_replaced_the_same_on_postgresql(server: Postgres, tmp_path: Path) -> None:
    store = Archive(server.database())
    store.deposit(sample_filing(SPEC, 1, 2026))
    for executed in ("60", "61.5"):
        put(store, tmp_path, row(f"100,,{executed}"))
    put(store, tmp_path, row("100,120,70"), month=7)
    assert kept(store) == [amounts(6, "100", None, "61.5"), amounts(7, "100", "120", "70")]
    budget = csv_of(tmp_path / "b.csv", "单位代码,批复数（万元）", f"{unit_of(1).key},1")
    assert operations.import_budget(budget, 2026, store).units == operations.import_budget(budget, 2026, store).units == 1


def test_the_commands_put_and_show(tmp_path: Path, archive: Archive) -> None:
    source = csv_of(tmp_path / "6月.csv", HEAD.replace("万元", "元"), row("1000000,0,0"), row("500000,600000,300000.5", 2))
    at = ("--archive", tmp_path / "a.sqlite")
    done = jixiao("execution", "put", source, "--year", 2026, "--month", 6, *at)
    assert done.returncode == 0 and "已导入 2 个单位 2026 年 6 月" in done.stdout
    shown = jixiao("execution", "show", "示例单位02", *at)
    assert "2026年6月　年初预算 50　调整后预算 60　执行数 30.00005　执行率 50%" in shown.stdout
    assert "执行率 不适用" in jixiao("execution", "show", unit_of(1).key, *at).stdout
    told = json.loads(jixiao("execution", "show", unit_of(2).key, "--json", *at).stdout)
    assert told == [{"year": 2026, "month": 6, "budget": "50", "adjusted": "60", "executed": "30.00005", "rate": "50%"}]
    assert_refused(jixiao("execution", "show", "没有的单位", *at), "EXE106")
    assert_refused(jixiao("execution", "put", tmp_path / "无.csv", "--year", 2026, *at), "SYS906")
