"""批量批复: who passed is approved by one table, once; every other row is said and left alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.store import Archive
from jixiao_xl.desk import approving
from jixiao_xl.hosts.sample import FORM, sample_filing, unit_of
from jixiao_xl.model.facts import Filing
from jixiao_xl.operations import Approvals, CannotRun
from jixiao_xl.workbook.build import BuildOptions, build_workbook
from tests.archive.test_budget import csv_of
from tests.conftest import changed
from tests.hosts.test_cli import assert_refused, jixiao

SPEC = operations.form_named(FORM)
HEAD = "单位代码,单位名称,批复文号,批复日期,批复数（元）"
DOCUMENT = "鄂州财预〔2026〕12号"


def filed(n: int) -> Filing:
    return sample_filing(SPEC, n, 2026)


def row(n: int, document: str = DOCUMENT, day: str = "2026-01-20", total: str = "") -> str:
    return f"{unit_of(n).key},{unit_of(n).name},{document},{day},{total}"


def total_of(n: int) -> Decimal:
    """元, as the approved budget has it."""
    return Decimal(filed(n).facts["funds.expense.total.current"].value) * 10000


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Three units filed; 01 and 02 passed their review, 03 did not."""
    store = operations.open_archive(str(tmp_path / "a.sqlite"))
    for n in (1, 2, 3):
        store.deposit(filed(n))
    for n in (1, 2):
        operations.set_review(store, unit_of(n).key, "审核通过", by="审核人甲")
    return store


def approved(archive: Archive, folder: Path, *lines: str, head: str = HEAD) -> Approvals:
    return operations.approve(csv_of(folder / "文号.csv", head, *lines), archive, FORM, 2026, folder / "批复", by="预算科")


def states(archive: Archive) -> list[str]:
    return [each.review.state for each in operations.reviews(archive, stage="declaration")]


def test_those_that_passed_get_a_workbook_a_deposit_and_their_state(archive: Archive, tmp_path: Path) -> None:
    done = approved(archive, tmp_path, row(1), row(2, "鄂州财预〔2026〕13号", "2026年1月21日"))
    assert done.findings == () and states(archive) == ["已批复", "已批复", "已收"]
    one = operations.reviews(archive, stage="declaration")[0].review
    assert (one.by, one.on, one.why) == ("预算科", "2026-01-20", f"批复文号 {DOCUMENT}")
    read = operations.read(done.done[0].path)
    assert read.filing is not None
    assert (read.filing.stage, read.filing.unit, read.findings) == ("approval", unit_of(1), [])
    stored = archive.filing(archive.entries(stage="approval", unit_keys=[unit_of(1).key])[0])
    values = {path: fact.value for path, fact in filed(1).facts.items()}
    assert values == {path: fact.value for path, fact in stored.facts.items()}
    assert values.items() <= {path: fact.value for path, fact in read.filing.facts.items()}.items()


def test_the_document_and_its_day_stand_on_cover_and_paper(archive: Archive, tmp_path: Path) -> None:
    book = load_workbook(approved(archive, tmp_path, row(1)).done[0].path)
    shown = {name: [cell.value for line in book[name].iter_rows() for cell in line if cell.value] for name in ("封面", "打印表")}
    assert f"{DOCUMENT}　2026年1月20日" in shown["封面"] and f"{DOCUMENT}　2026年1月20日" in shown["打印表"]
    assert "2026年部门整体绩效目标批复" in shown["打印表"]


def test_a_form_with_fields_for_them_has_them_there(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "forms"
    own.mkdir()
    shipped = Path(operations.__file__).parent / "forms" / "definitions" / f"{FORM}.2025.toml"
    fields = '{ id = "approval_document", label = "批复文号" }, { id = "approved_on", label = "批复日期", value = "date" },\n  { id = "filler"'
    (own / "own.toml").write_text(shipped.read_text("utf-8").replace('{ id = "filler"', fields, 1), "utf-8")
    monkeypatch.setenv("JIXIAO_FORMS", str(own))
    (one,) = approved(archive, tmp_path, row(1)).done
    found = operations.read(one.path).filing
    assert found is not None
    assert (found.value("cover.approval_document"), found.value("cover.approved_on")) == (DOCUMENT, "2026年1月20日")


def test_twice_is_once(archive: Archive, tmp_path: Path) -> None:
    first = approved(archive, tmp_path, row(1))
    before = first.done[0].path.read_bytes(), len(archive.entries())
    again = approved(archive, tmp_path, row(1))
    assert again.findings == () and [one.is_new for one in first.done + again.done] == [True, False]
    assert (first.done[0].path.read_bytes(), len(archive.entries())) == before


def test_a_file_that_somebody_changed_is_kept_and_what_was_broken_off_is_finished(archive: Archive, tmp_path: Path) -> None:
    (one,) = approved(archive, tmp_path, row(1)).done
    one.path.write_bytes(b"mine")
    other = operations.open_archive(str(tmp_path / "b.sqlite"))
    other.deposit(filed(1))
    operations.set_review(other, unit_of(1).key, "审核通过", by="审核人甲")
    again = approved(other, tmp_path, row(1))
    assert [(f.code, f.severity) for f in again.findings] == [("SYS904", "hint")]
    assert one.path.read_bytes() == b"mine" and states(other) == ["已批复"] and again.done[0].is_new


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        ([row(3)], "REV101", "现在是“已收”，不能改为“已批复”"),
        (["420700-S999,别家,文,2026-01-20,"], "APR206", "别家"),
        ([row(1), row(1, "另一号")], "APR203", "第 3 行与第 2 行"),
        ([row(1), row(1).replace(unit_of(1).key, unit_of(1).key.partition("-")[2])], "APR203", "同一个单位：示例单位01"),
        ([row(1, day="")], "APR202", "批复日期“”"),
        ([row(1, day="2026-02-30")], "APR202", "2026-02-30"),
        ([row(1, document="")], "APR202", "批复文号"),
        ([row(1, total="一千万")], "APR202", "一千万"),
        ([row(1, total=str(total_of(1) + 100000))], "BUD101", "与预算批复不一致"),
    ],
    ids=["not passed", "unknown", "double", "double by another code", "no day", "no such day", "no document", "no amount", "other total"],
)  # fmt: skip
def test_a_row_that_cannot_be_approved_is_said_and_the_others_are_done(
    archive: Archive, tmp_path: Path, lines: list[str], code: str, said: str
) -> None:
    done = approved(archive, tmp_path, *lines, row(2))
    found = [f for f in done.findings if f.code == code]
    assert found and said in found[0].message() and {f.code for f in done.findings} == {code}
    assert unit_of(2) in [one.unit for one in done.done] and unit_of(3) not in [one.unit for one in done.done]


def test_a_total_in_yuan_that_agrees_is_approved_within_rounding(archive: Archive, tmp_path: Path) -> None:
    done = approved(archive, tmp_path, row(1, total=str(total_of(1) + 40)))
    assert done.findings == () and len(done.done) == 1


def test_without_a_total_in_the_table_the_imported_budget_is_compared(archive: Archive, tmp_path: Path) -> None:
    operations.import_budget(csv_of(tmp_path / "b.csv", "单位代码,批复数（万元）", f"{unit_of(1).key},1"), 2026, archive)
    done = approved(archive, tmp_path, row(1))
    assert {f.code for f in done.findings} == {"BUD101"} and done.done == () and states(archive)[0] == "审核通过"


def test_a_version_nobody_looked_at_is_not_approved(archive: Archive, tmp_path: Path) -> None:
    archive.deposit(replace(changed(filed(1), {"annual_goal.text": "又改。"}), revision=1))
    done = approved(archive, tmp_path, row(1))
    assert [f.code for f in done.findings] == ["APR207"] and "第 1 版“审核通过”之后又收到第 2 版" in done.findings[0].message()


def test_another_document_for_an_approved_unit_changes_nothing(archive: Archive, tmp_path: Path) -> None:
    approved(archive, tmp_path, row(1))
    done = approved(archive, tmp_path, row(1, "另一号"))
    assert [f.code for f in done.findings] == ["APR208"] and DOCUMENT in done.findings[0].message()


def test_a_file_that_a_colleague_writes_at_the_same_moment_stays_and_the_approval_goes_on(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = approving.save

    def too_late(path: Path, content: bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        save(path, content)

    monkeypatch.setattr(approving, "save", too_late)
    done = approved(archive, tmp_path, row(1), row(2))
    assert [one.unit for one in done.done] == [unit_of(1), unit_of(2)] and not done.findings


def test_what_a_colleague_approves_while_the_table_is_worked_through_is_not_approved_again(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "同事").mkdir()

    def meanwhile(_name: str, n: int, _of: int) -> None:
        if n == 0:
            approved(operations.open_archive(archive.address), tmp_path / "同事", row(2, "鄂州财预〔2026〕99号"))

    table = csv_of(tmp_path / "文号.csv", HEAD, row(1), row(2))
    done = operations.approve(table, archive, FORM, 2026, tmp_path / "批复", by="预算科", progress=meanwhile)
    assert [f.code for f in done.findings] == ["APR208"] and [one.unit for one in done.done] == [unit_of(1)]
    assert [e.version for e in archive.entries(stage="approval", unit_keys=[unit_of(2).key])] == [1]
    assert not [path for path in (tmp_path / "批复").iterdir() if unit_of(2).name in path.name]


def test_an_approval_taken_back_and_given_again_is_the_one_that_counts(archive: Archive, tmp_path: Path) -> None:
    approved(archive, tmp_path, row(1))
    operations.set_review(archive, unit_of(1).key, "退回修改", by="预算科", why="调整预算", stage="declaration")
    archive.deposit(replace(changed(filed(1), {"annual_goal.text": "调整后的目标。"}), revision=1))
    operations.set_review(archive, unit_of(1).key, "审核通过", by="审核人甲", stage="declaration")
    again = operations.approve(
        csv_of(tmp_path / "调整.csv", HEAD, row(1, "调整1号", "2026-08-01")), archive, FORM, 2026, tmp_path / "调整", by="预算科"
    )
    current = archive.entries(stage="approval", unit_keys=[unit_of(1).key], newest_only=True)[0]
    assert again.findings == () and archive.filing(current).value("annual_goal.text") == "调整后的目标。"


def test_the_unit_is_found_by_its_former_key_its_code_or_its_name(archive: Archive, tmp_path: Path) -> None:
    operations.rename_unit(archive, "420700-OLD1", unit_of(1).key)
    lines = (f"420700-OLD1,,{DOCUMENT},2026-01-20", f",{unit_of(2).name},{DOCUMENT},2026-01-20")
    done = approved(archive, tmp_path, *lines, head="单位代码,单位名称,批复文号,批复日期")
    assert [one.unit for one in done.done] == [unit_of(1), unit_of(2)] and done.findings == ()


def test_a_filing_under_the_former_code_is_found_by_the_new_one(archive: Archive, tmp_path: Path) -> None:
    operations.rename_unit(archive, unit_of(1).key, "420700-NEW1")
    done = approved(archive, tmp_path, f"420700-NEW1,,{DOCUMENT},2026-01-20", head="单位代码,单位名称,批复文号,批复日期")
    assert [one.unit for one in done.done] == [unit_of(1)]


@pytest.mark.parametrize(
    ("lines", "code"),
    [(["单位代码,批复日期", "420700-1,2026-01-20"], "APR201"), (["批复文号,批复日期", "甲,2026-01-20"], "APR201"),
     (["单位代码,批复文号,批复日期,批复数", "420700-1,甲,2026-01-20,1"], "APR204"), ([HEAD], "APR205"), ([""], "APR201")],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused_in_chinese(archive: Archive, tmp_path: Path, lines: list[str], code: str) -> None:
    with pytest.raises(CannotRun) as refused:
        approved(archive, tmp_path, *lines[1:], head=lines[0])
    assert {f.code for f in refused.value.findings} == {code}


def test_the_command_reads_an_xlsx_and_says_what_it_did(tmp_path: Path) -> None:
    store = operations.open_archive(str(tmp_path / "a.sqlite"))
    (tmp_path / "1.xlsx").write_bytes(build_workbook(SPEC, filed(1), BuildOptions(as_stated=True)))
    operations.deposit(tmp_path / "1.xlsx", store)
    operations.set_review(store, unit_of(1).key, "审核通过", by="审核人甲")
    with xlsxwriter.Workbook(tmp_path / "文号.xlsx") as book:
        sheet = book.add_worksheet("批复")
        sheet.write_row(0, 0, ["2026年部门预算批复文号表"])
        sheet.write_row(1, 0, ["批复日期", "文号", "预算单位代码", "行政区划代码"])
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(2, 0, dt.datetime(2026, 1, 20), day)
        division, _, code = unit_of(1).key.partition("-")
        sheet.write_row(2, 1, [DOCUMENT, code, division])
        sheet.write_row(3, 0, ["2026/1/20", DOCUMENT, "S999", division])
    words = (
        "approve",
        tmp_path / "文号.xlsx",
        "--form",
        FORM,
        "--year",
        2026,
        "-o",
        tmp_path / "out",
        "--archive",
        tmp_path / "a.sqlite",
    )
    done = jixiao(*words)
    assert done.returncode == 1 and "批复 1 家，原已批复 0 家" in done.stdout and "2026-01-20" in done.stdout
    assert "批复!B4" in done.stderr and "APR206" in done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == [f"{unit_of(1).key}_示例单位01_2026年批复.xlsx"]
    assert_refused(jixiao(*words[:2], "--form", "mof.dept_monitoring", *words[4:]), "SYS907")
