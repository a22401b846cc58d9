"""The shipped .xlsm in a real Calc: its own buttons are pressed, the sheets show the result.

Only the launcher is another one (tests/excel/click.py); button, Sub, line of Python and handler are ours.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.workbook.buttons import BUTTONS
from jixiao_xl.workbook.macro_names import BUTTON_PAGE
from tests.conftest import PUBLISHED
from tests.excel.click import Buttons, ClickResult, real_buttons

pytestmark = pytest.mark.slow
SHIPPED = Path(__file__).parents[2] / "xlsx_templates" / "hubei.dept_overall.2025.xlsm"
EZHOU = (PUBLISHED / "ezhou_2025.toml").read_text("utf-8")
FUNDS, INDICATORS, FINDINGS, COVER = "资金情况", "年度绩效指标", "校验结果", "封面"
MARKED = ",C5,E5,C6,"
"""The cells of the cover that nobody filled."""
SPARE_ROW = 12
"""The first hidden row for a further indicator under 项目支出成本控制, below the shown rows 10 and 11."""


def filled(facts: str, out: Path) -> Path:
    stated = out.with_suffix(".toml")
    stated.write_text(facts, "utf-8")
    operations.fill("hubei.dept_overall", stated, out)
    stated.unlink()
    return out


@pytest.fixture(scope="module")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two units sent in for 2025."""
    folder = tmp_path_factory.mktemp("city") / "报送件"
    folder.mkdir()
    filled(EZHOU, folder / "鄂州市总工会.xlsx")
    filled(EZHOU.replace("420700-S001", "420222-S001").replace("鄂州市总工会", "阳新县总工会"), folder / "阳新县总工会.xlsx")
    return folder


@pytest.fixture(scope="module")
def buttons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Buttons]:
    """The shipped workbook open at a unit whose filing of 2024 is in the archive."""
    folder = tmp_path_factory.mktemp("click")
    archive = folder / "archive.sqlite"
    operations.deposit(
        filled(EZHOU.replace("year = 2025", "year = 2024"), folder / "2024.xlsx"), operations.open_archive(str(archive))
    )
    book = folder / "本单位改过的名字.xlsm"
    shutil.copy(SHIPPED, book)
    own_home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "JIXIAO_ARCHIVE": str(archive)}
    with real_buttons(folder, book, own_home) as pressed:
        cover = pressed.desk.book.sheets[COVER]
        cover.range("C4").raw_value, cover.range("C10").raw_value = "鄂州市总工会", "420700-S001"
        yield pressed


def ended_well(seen: ClickResult) -> ClickResult:
    assert not seen.log
    assert not [alert.text for alert in seen.alerts if alert.mode == "critical"]
    return seen


def test_every_button_of_the_list_is_on_the_page_of_buttons_and_bound_to_its_own_sub(buttons: Buttons) -> None:
    bound = [(caption, buttons.script(caption).split("?")[0].split(".")[-1]) for caption in buttons.captions(BUTTON_PAGE)]
    assert bound == [(button.caption, button.click) for button in BUTTONS]


def test_prior_values_come_into_blank_cells_of_the_open_workbook(buttons: Buttons) -> None:
    seen = ended_well(buttons.click("提取上年数"))
    assert seen.command == "from jixiao_xl.hosts.excel_buttons import pull_prior; pull_prior()"
    funds = buttons.desk.book.sheets[FUNDS]
    assert funds.range("G6:G9").value == [998.71, 0.0, 0.0, 998.71]
    assert funds.api.ProtectContents


def test_findings_are_listed_with_links_and_cells_are_marked(buttons: Buttons) -> None:
    seen = ended_well(buttons.click("校验"))
    assert seen.alerts[-1].text.startswith("校验完成：必须修改 ")
    listed = buttons.desk.book.sheets[FINDINGS].range("C6:J305").value
    assert next(row[0] for row in listed if row[2] == "CMP101") == "封面!C5"
    assert seen.statuses[-1].startswith("校验完成")
    assert buttons.desk.book.sheets[FINDINGS].range("K6:M6").value == [MARKED, None, COVER]


def test_the_marks_reach_their_sheet_where_its_colours_look_for_them(buttons: Buttons) -> None:
    cover = buttons.desk.book.sheets[COVER]
    assert any(MARKED in row for row in cover.used_range.value)
    conditional = cover.impl.page.sheet.getCellRangeByName("C5").ConditionalFormat
    assert any("SEARCH" in conditional.getByIndex(n).Formula1 for n in range(conditional.Count))


def test_a_spare_row_is_shown_below_the_selected_one_and_nothing_is_unprotected(buttons: Buttons) -> None:
    sheet = buttons.desk.book.sheets[INDICATORS]
    sheet.activate()
    sheet.range(f"D{SPARE_ROW - 1}").select()
    assert sheet.range(f"{SPARE_ROW}:{SPARE_ROW}").rows.hidden is True
    ended_well(buttons.click("增加指标行", sheet=INDICATORS))
    assert sheet.range(f"{SPARE_ROW}:{SPARE_ROW}").rows.hidden is False
    assert sheet.api.ProtectContents
    assert buttons.desk.app.selection.row == SPARE_ROW


def test_a_folder_becomes_a_summary_that_opens(buttons: Buttons, submissions: Path) -> None:
    seen = ended_well(buttons.click("汇总", choices=[submissions, None]))
    assert [dialog.folder for dialog in seen.dialogs] == [True, False]
    assert seen.opened == [submissions.parent / "报送件_汇总.xlsx"]
    assert any(status.startswith("汇总 0/2：鄂州市总工会.xlsx") for status in seen.statuses), "the file that is being read"
    front = buttons.soffice.desktop.getCurrentComponent()
    assert front.Title == "报送件_汇总.xlsx"
