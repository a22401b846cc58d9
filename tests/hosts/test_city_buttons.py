"""The city's buttons: they work on files that the person chooses, and close with one message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.hosts import city_buttons
from jixiao_xl.hosts.clicking import CANCELLED, clicked
from jixiao_xl.hosts.live_book import LiveBook
from jixiao_xl.hosts.port import Host
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed
from tests.excel.desk import Desk
from tests.excel.grid import at_the_grid

SPEC = operations.form_named("hubei.dept_overall")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A city's office: an empty form open, a folder of two submissions and a broken file, a roster of three units."""
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "a.sqlite"))
    monkeypatch.setenv("JIXIAO_ROSTER", str(tmp_path / "名单.xlsx"))
    operations.make_roster(tmp_path / "名单.xlsx", roster_of_sample()[1:4])
    (tmp_path / "报送").mkdir()
    for n in (1, 2):
        content = build_workbook(SPEC, sample_filing(SPEC, n, 2026), BuildOptions(as_stated=True))
        (tmp_path / "报送" / f"{n}.xlsx").write_bytes(content)
    (tmp_path / "报送" / "坏.xlsx").write_bytes(b"PK")
    empty = tmp_path / "表样.xlsm"
    empty.write_bytes(build_workbook(SPEC, changed(sample_filing(SPEC, 1, 2026), {}), BuildOptions(macros=True)))
    with at_the_grid(empty) as opened:
        yield opened


def press(desk: Desk, handler: Callable[[Host], None], *choices: Path, cancelled: bool = False) -> str:
    desk.person.choices = list(choices)
    clicked(handler, "按钮", LiveBook(desk.book, cancelled=lambda: cancelled))
    return desk.person.alerts[-1].text


def test_consolidating_names_the_bad_file_sums_the_others_and_opens_the_summary(desk: Desk, tmp_path: Path) -> None:
    said = press(desk, city_buttons.consolidate, tmp_path / "报送")
    assert said.startswith("不完整：应报 3 个单位，已汇总 2 个") and "坏.xlsx 没有读入" in said
    assert desk.person.opened == [tmp_path / "报送_汇总.xlsx"] and desk.person.opened[0].is_file()
    assert desk.person.statuses[0].startswith("汇总 0/3"), "progress in the status bar"


def test_a_cancelled_consolidation_leaves_the_old_summary_whole(desk: Desk, tmp_path: Path) -> None:
    press(desk, city_buttons.consolidate, tmp_path / "报送")
    before = (tmp_path / "报送_汇总.xlsx").read_bytes()
    assert press(desk, city_buttons.consolidate, tmp_path / "报送", cancelled=True) == CANCELLED
    assert (tmp_path / "报送_汇总.xlsx").read_bytes() == before


def test_receiving_twice_registers_once(desk: Desk, tmp_path: Path) -> None:
    assert "新登记 2 份，已登记过 0 份，未登记 1 份" in press(desk, city_buttons.receive, tmp_path / "报送")
    assert "新登记 0 份，已登记过 2 份，未登记 1 份" in press(desk, city_buttons.receive, tmp_path / "报送")


def test_issuing_makes_one_workbook_per_unit_and_never_overwrites_one(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "下发").mkdir()
    assert "已生成 3 份表样" in press(desk, city_buttons.issue, tmp_path / "下发")
    assert "已生成 0 份表样" in press(desk, city_buttons.issue, tmp_path / "下发")


def test_returning_makes_a_marked_copy_beside_the_submission(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "报送" / "1.xlsx"
    assert "必须修改" in press(desk, city_buttons.return_marked, path)
    assert desk.person.opened == [path.with_name("1_退回修改.xlsx")]


def test_thinking_better_of_a_dialog_does_nothing(desk: Desk) -> None:
    for handler in (city_buttons.consolidate, city_buttons.receive, city_buttons.return_marked):
        clicked(handler, "按钮", LiveBook(desk.book))
    assert not desk.person.alerts and not desk.person.opened
