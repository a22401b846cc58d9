"""`jixiao review` as staff run it: out, filled, back, looked at, decided, and what that does to the summary."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing, unit_of
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed
from tests.hosts.test_cli import assert_refused, jixiao
from tests.hosts.test_menu import menu, said
from tests.workbook.review_desk import Reviewer

SPEC = operations.form_named("hubei.dept_overall")
FILED = [sample_filing(SPEC, n, 2026) for n in (1, 2)]


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    for n, filing in enumerate(FILED, 1):
        (folder / f"{n}.xlsx").write_bytes(build_workbook(SPEC, filing, BuildOptions(as_stated=True)))
    return folder


@pytest.fixture
def desk(filed: Path, tmp_path: Path) -> Path:
    shutil.copytree(filed, tmp_path / "in")
    return tmp_path


def test_the_commands_carry_a_review_from_the_folder_to_approval(desk: Path) -> None:
    book, archive = desk / "审核.xlsx", ("--archive", desk / "a.sqlite")
    made = jixiao("review", "make", desk / "in", *archive, "-o", book)
    assert made.returncode == 0 and "2 家" in made.stdout, made.stderr
    Reviewer(book).progress("示例单位01", 改为="审核通过", 结论="优").progress("示例单位02", 改为="退回修改").save(
        desk / "filled.xlsx"
    )
    read = jixiao("review", "read", desk / "filled.xlsx", "--by", "审核人甲", *archive)
    assert read.returncode == 1 and "新记 2 条" in read.stdout and "没有写理由" in read.stderr
    done = jixiao("review", "set", "示例单位02", "退回修改", "--by", "审核人甲", "--why", "指标不细化", *archive)
    assert done.returncode == 0 and "理由：指标不细化" in done.stdout
    listed = json.loads(jixiao("review", "ls", *archive, "--json").stdout)
    assert [(each["name"], each["state"], each["by"], each["conclusion"]["overall"]) for each in listed] == [
        ("示例单位01", "审核通过", "审核人甲", "优"), ("示例单位02", "退回修改", "审核人甲", ""),
    ]  # fmt: skip


def test_every_mistake_is_one_line_with_what_to_do(desk: Path) -> None:
    archive = ("--archive", desk / "a.sqlite")
    assert_refused(jixiao("review", "ls", *archive), "ARC102")
    store = operations.open_archive(str(desk / "a.sqlite"))
    operations.deposit(desk / "in" / "1.xlsx", store)
    approved = jixiao("review", "set", unit_of(1).key, "已批复", "--by", "审核人甲", *archive)
    assert_refused(approved, "REV101")
    assert "可以改为：退回修改、审核通过" in approved.stderr
    assert_refused(jixiao("review", "set", unit_of(1).key, "通过", "--by", "甲", *archive), "SYS908")
    for code, verb in (
        ("REV113", lambda: operations.reviews(store, year=2020)),
        ("REV113", lambda: operations.set_review(store, "不存在的单位", "审核通过", by="甲")),
        ("REV102", lambda: operations.set_review(store, "示例单位01", "不纳入", by="甲")),
        ("REV108", lambda: operations.read_review(desk / "in" / "1.xlsx", store)),
        ("SYS906", lambda: operations.read_review(desk / "没有.xlsx", store)),
    ):
        with pytest.raises(operations.CannotRun) as refused:
            verb()
        assert [f.code for f in refused.value.findings] == [code]


def test_the_menu_makes_the_book_and_reads_it_back(desk: Path) -> None:
    inbox, book = desk / "in", desk / "jixiao" / "in_审核.xlsx"
    assert "2 家" in said(menu(desk, 9, inbox, "无", "", 0))
    filled = Reviewer(book).progress("示例单位01", 改为="审核通过", 结论="优").save(desk / "filled.xlsx")
    assert "新记 2 条" in said(menu(desk, 10, filled, "审核人甲", 0))


@pytest.mark.parametrize("with_roster", [True, False])
def test_a_unit_left_out_by_its_reviewer_is_not_summed_until_let_in_again(desk: Path, with_roster: bool) -> None:
    store = operations.open_archive(str(desk / "a.sqlite"))
    roster = operations.make_roster(desk / "r.xlsx", roster_of_sample()[1:3]) if with_roster else None

    def summed(name: str) -> tuple[list[str], Decimal | None, list[str]]:
        summary = operations.consolidate(desk / "in", desk / name, roster=roster, archive=store)
        total = next(
            line.total for money in summary.money for line in money.lines if line.path.text == "funds.income.total.current"
        )
        return [s.status for s in summary.statuses], total, [f.message() for f in summary.findings if f.code == "CON106"]

    assert summed("1.xlsx") == (["已收", "已收"], Decimal("1362"), [])
    operations.set_review(store, "示例单位02", "不纳入", by="审核人甲", why="口径不符")
    assert summed("2.xlsx") == (["已收", "不纳入"], Decimal("678"), ["示例单位02 由 审核人甲 决定不纳入：口径不符。"])
    operations.set_review(store, "示例单位02", "纳入", by="审核人甲", why="已更正")
    assert summed("3.xlsx") == (["已收", "已收"], Decimal("1362"), [])


def test_a_resubmission_is_seen_at_the_desk(desk: Path) -> None:
    store = operations.open_archive(str(desk / "a.sqlite"))
    operations.deposit(desk / "in" / "1.xlsx", store)
    operations.set_review(store, "示例单位01", "退回修改", by="审核人甲", why="改目标")
    for revision, text in ((1, "改了一次。"), (2, "改了两次。")):
        again = replace(changed(FILED[0], {"annual_goal.text": text}), revision=revision)
        (desk / f"{revision}.xlsx").write_bytes(build_workbook(SPEC, again, BuildOptions(as_stated=True)))
    first = operations.deposit(desk / "1.xlsx", store)
    assert "REV105" not in [f.code for f in first.findings]
    assert [each.review.state for each in operations.reviews(store)] == ["重报"]
    operations.set_review(store, "示例单位01", "审核通过", by="审核人甲")
    second = operations.deposit(desk / "2.xlsx", store)
    told = next(f for f in second.findings if f.code == "REV105")
    assert "第 2 版已“审核通过”，又收到第 3 版" in told.message()
    operations.set_review(store, "示例单位01", "审核通过", by="审核人甲", why="新版没有实质变化")
    assert not operations.reviews(store)[0].review.unseen
