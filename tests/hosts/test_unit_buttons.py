"""The unit's buttons on an open workbook, pressed without Excel: xlwings' API over the file's cells."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.hosts import (
    check_button,
    excel_buttons,
    follow_button,
    paste_button,
    row_buttons,
    submit_button,
    undo_button,
    value_buttons,
)
from jixiao_xl.hosts.clicking import EDITING, clicked
from jixiao_xl.hosts.live_book import LiveBook
from jixiao_xl.hosts.port import Host
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.buttons import BUTTONS, Button
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import NAMES, changed, published, spec_of
from tests.excel.desk import Desk
from tests.excel.grid import at_the_grid

SPEC = operations.form_named("hubei.dept_overall")
WRONG_SHARE = {"funds.expense.special_purpose.share": "12.34%"}


def built(path: Path, filing=None, *, macros: bool = True) -> Path:
    filing = filing or sample_filing(SPEC, 1, 2026)
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=True, macros=macros)))
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("sound") / "a.xlsm")


@pytest.fixture
def desk(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """示例单位01 as it filed, open; its own temporary folder, and an archive that is not there yet."""
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "a.sqlite"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with at_the_grid(Path(shutil.copy(sound, tmp_path / "示例单位01.xlsm"))) as opened:
        yield opened


def press(desk: Desk, handler: Callable[[Host], None]) -> str:
    """Press a button; the text of its closing message."""
    before = len(desk.person.alerts)
    clicked(handler, "按钮", LiveBook(desk.book))
    return "\n".join(alert.text for alert in desk.person.alerts[before:])


def select(desk: Desk, sheet: str, cell: str) -> None:
    desk.book.sheets[sheet].activate()
    desk.book.sheets[sheet].range(cell).select()


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str, str]]:
    return sorted((f.code, f.where.path, f.where.cell, f.message()) for f in findings)


@pytest.mark.parametrize("name", NAMES)
def test_an_open_workbook_is_judged_as_its_file_is(tmp_path: Path, name: str) -> None:
    path = built(tmp_path / "a.xlsm", published(name))
    with at_the_grid(path) as desk:
        form = operations.open_form(LiveBook(desk.book), path.name)
    of_file = operations.read(path)
    assert told(operations.judged(form.reading).findings) == told(operations.judged(of_file).findings)
    assert form.reading.check_code == of_file.check_code


def test_checking_lists_the_findings_colours_their_cells_and_says_so_once(desk: Desk) -> None:
    desk.book.sheets["资金情况"].range("D7").value = 1
    assert "必须修改" in press(desk, check_button.check)
    listed = desk.book.sheets["校验结果"].range("D6:J305").value
    severities = [row[0] for row in listed if row[0]]
    assert severities == sorted(severities, key=["必须修改", "需要说明", "供参考"].index)
    marks = {row[2]: row[0] for row in desk.book.sheets["校验结果"].range("K6:M17").value}
    errors = {row[5] for row in listed if row[0] == "必须修改" and row[4] == "资金情况"}
    assert errors and errors <= set((marks["资金情况"] or "").split(","))
    assert len(desk.person.alerts) == 1 and desk.person.statuses[-1].startswith("校验完成")


def test_checking_again_after_mending_leaves_no_old_line_and_no_colour(desk: Desk) -> None:
    cell = desk.book.sheets["资金情况"].range("D7")
    right = cell.value
    cell.value = 1
    press(desk, check_button.check)
    cell.value = right
    assert "可以生成报送文件了" in press(desk, check_button.check)
    assert not any(row[0] for row in desk.book.sheets["校验结果"].range("D6:J305").value)
    assert not any(row[0] or row[1] for row in desk.book.sheets["校验结果"].range("K6:L17").value)


def test_a_sentence_that_quotes_a_formula_is_not_calculated(desk: Desk) -> None:
    desk.book.sheets["年度绩效指标"].range("G7").value = "'=1+1"
    press(desk, check_button.check)
    assert not any(str(f).startswith("=") for row in desk.book.sheets["校验结果"].range("F6:G305").formula for f in row)


def test_explaining_tells_what_the_finding_of_the_selected_cell_means(desk: Desk) -> None:
    desk.book.sheets["资金情况"].range("D7").value = 1
    findings = operations.judged(operations.open_form(LiveBook(desk.book), "a").reading).findings
    first = next(f for f in findings if f.where.sheet == "资金情况" and f.severity == "error")
    select(desk, "资金情况", first.where.cell)
    said = press(desk, check_button.explain_finding)
    assert first.message() in said and first.remedy() in said


def test_the_selected_finding_is_mended_as_suggested_and_undone(desk: Desk) -> None:
    target = desk.book.sheets["年度绩效指标"].range("G7")
    target.value = "１００％"
    press(desk, check_button.check)
    rows = desk.book.sheets["校验结果"].range("D6:J305").value
    line = next(n for n, row in enumerate(rows) if row[5] == "G7")
    select(desk, "校验结果", f"D{6 + line}")
    press(desk, value_buttons.fix_finding)
    assert target.value not in ("１００％", None), "the suggestion is in the cell"
    assert "已撤销“按建议修改”" in press(desk, undo_button.undo)
    assert target.value == "１００％"


def test_prior_year_values_fill_blanks_and_never_a_filled_cell(desk: Desk, tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    operations.deposit(built(tmp_path / "last.xlsx", sample_filing(SPEC, 1, 2025), macros=False), archive)
    sheet = desk.book.sheets["资金情况"]
    form = operations.open_form(LiveBook(desk.book), "a")
    last = {p.rpartition(".")[0]: w.cell for p, w in form.reading.places.items() if p.startswith("funds.") and p.endswith(".last")}
    blank, filled = sheet.range(last["funds.income.fiscal"]), sheet.range(last["funds.income.own_funds"])
    archived, blank.value, filled.value = blank.value, None, 7
    said = press(desk, value_buttons.pull_prior)
    assert (blank.value, filled.value) == (archived, 7)
    assert "填入 1 格" in said and "财政" not in said.splitlines()[0]
    assert "已撤销“提取上年数”，恢复 1 格" in press(desk, undo_button.undo) and blank.value is None


def test_prior_year_says_what_kind_of_value_each_cell_got_and_what_a_project_had_as_the_command_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "a.sqlite"))
    archive = operations.open_archive(str(tmp_path / "a.sqlite"))
    for old, filing, code in (
        (published("boye_2023"), replace(published("boye_2023"), year=2024), "PRI106"),
        (
            published("ezhou_2025"),
            Filing("hubei.dept_overall", "2025", 2026, "declaration", published("ezhou_2025").unit),
            "PRI108",
        ),
    ):
        operations.deposit(built(tmp_path / f"{code}_last.xlsx", old, macros=False), archive)
        path = built(tmp_path / f"{code}.xlsm", filing)
        copied = operations.pull_prior_year(path, tmp_path / f"{code}_copy.xlsx", archive)
        with at_the_grid(path) as desk:
            said = press(desk, value_buttons.pull_prior)
            listed = [row for row in desk.book.sheets["校验结果"].range("D6:J305").value if row[0]]
        assert said.endswith("逐条列在“校验结果”，点位置跳到该格。")
        wanted = {f.message() for f in copied.findings if f.code == code}
        if code == "PRI106":
            assert wanted and {row[2] for row in listed if row[1] == code} == wanted
        else:  # a note on the cell of the copy
            notes = [(row[2], row[5]) for row in listed if row[1] == code and row[4] == "年度绩效指标"]
            assert len(notes) > 10 and all("上年目标值，非实际值" in text and cell for text, cell in notes)


def test_a_spare_row_is_shown_and_hidden_again_the_sheet_staying_protected(desk: Desk) -> None:
    sheet = desk.book.sheets["年度绩效指标"]
    form = operations.open_form(LiveBook(desk.book), "a")
    stand = form.ground.named("annual_indicators")
    rows = next(rows for rows in stand.places.values() if len(rows) > 2)
    select(desk, "年度绩效指标", f"D{rows[0].row + 1}")
    hidden = [n for n in (r.row + 1 for r in rows) if is_hidden(sheet, n)]
    press(desk, row_buttons.add_row)
    assert [n for n in hidden if not is_hidden(sheet, n)] == hidden[:1]
    assert "已撤销“增加指标行”" in press(desk, undo_button.undo)
    assert is_hidden(sheet, hidden[0]) and sheet.api.ProtectContents


def is_hidden(sheet, row: int) -> bool:
    return sheet.range(f"{row}:{row}").api.EntireRow.Hidden


def test_pasted_indicators_go_to_their_rows_and_what_has_no_place_is_listed(desk: Desk) -> None:
    names = [("管理效率", "预算执行", "预算执行率", "≥93%"), ("没有的一级", "没有的二级", "从没见过的指标", "1")]
    table = [("一级指标", "二级指标", "三级指标", "预期当年实现值"), *names]
    desk.book.sheets["粘贴区"].range("B5:E7").value = table
    form = operations.open_form(LiveBook(desk.book), "a")
    row = next(r for r in form.ground.named("annual_indicators").rows if r.names[-1] == "预算执行率")
    cell = desk.book.sheets["年度绩效指标"].range((row.row + 1, row.columns["target"] + 1))
    cell.value = None
    select(desk, "年度绩效指标", cell.get_address(False, False))
    assert "没有放进去" in press(desk, paste_button.paste_import)
    assert cell.value == "≥93%"
    listed = [r for r in desk.book.sheets["粘贴区"].range("O5:Q104").value if r[0]]
    assert len(listed) == 1 and "从没见过的指标" in listed[0][1]


def test_the_submission_is_a_plain_workbook_with_the_same_facts_and_code(desk: Desk, tmp_path: Path) -> None:
    said = press(desk, submit_button.make_submission)
    (sent,) = tmp_path.glob("*_报送.xlsx")
    reading, own = operations.read(sent), operations.read(tmp_path / "示例单位01.xlsm")
    assert {p: f.value for p, f in reading.filing.facts.items()} == {p: f.value for p, f in own.filing.facts.items()}
    assert reading.check_code in said and b"vbaProject" not in sent.read_bytes()
    press(desk, submit_button.make_submission)
    assert operations.read(tmp_path / f"{sent.stem}（2）.xlsx").filing.revision == reading.filing.revision + 1


def test_with_errors_left_the_person_is_asked_before_a_submission_is_made(desk: Desk, tmp_path: Path) -> None:
    desk.book.sheets["资金情况"].range("D7").value = -1
    desk.person.answers = ["no"]
    assert "仍要生成报送文件吗" in press(desk, submit_button.make_submission)
    assert not list(tmp_path.glob("*_报送.xlsx"))


def test_undo_without_a_change_of_ours_says_what_to_use(desk: Desk) -> None:
    assert "Ctrl+Z" in press(desk, undo_button.undo)


def test_a_cell_that_is_being_typed_into_is_one_sentence(desk: Desk) -> None:
    host = LiveBook(desk.book)
    desk.person.typing_for = math.inf
    clicked(check_button.check, "校验", host)
    assert [alert.text for alert in desk.person.alerts] == [EDITING]


def test_a_plain_workbook_gets_its_findings_as_a_marked_copy(tmp_path: Path) -> None:
    path = built(tmp_path / "a.xlsx", changed(sample_filing(SPEC, 1, 2026), WRONG_SHARE), macros=False)
    with at_the_grid(path) as desk:
        said = press(desk, check_button.check)
        assert [p.name for p in desk.person.opened] == ["a_校验结果.xlsx"]
    assert "必须修改" in said and (tmp_path / "a_校验结果.xlsx").is_file()


@pytest.mark.parametrize("button", [b for b in BUTTONS if b.group == "unit"], ids=lambda b: b.function)
def test_a_button_pressed_on_another_workbook_says_that_it_is_none_of_ours(tmp_path: Path, button: Button) -> None:
    with at_the_grid(operations.make_roster(tmp_path / "名单.xlsx")) as desk:
        getattr(excel_buttons, button.function)()
        assert [alert.text.startswith("名单.xlsx 不是本工具下发的表样") for alert in desk.person.alerts] == [True]


def test_the_next_stages_are_made_beside_the_workbook_and_opened(desk: Desk, tmp_path: Path) -> None:
    declared = sample_filing(SPEC, 1, 2026)
    name = next(p.names[-1] for p, _ in declared.paths() if p.block == "annual_indicators" and p.names and p.names[0] == "满意度")
    table = tmp_path / "完成值.csv"
    table.write_text(f"指标名称,实际完成值\n{name},97%\n没有这一项,1\n", "utf-8")
    desk.person.answers, desk.person.choices = ["yes"], [table]
    said = press(desk, lambda host: follow_button.follow(host, "evaluation"))
    assert "示例单位01_2026年自评表.xlsm" in said and "“没有这一项”" in said
    press(desk, lambda host: follow_button.follow(host, "monitoring"))
    assert [path.name for path in desk.person.opened] == ["示例单位01_2026年自评表.xlsm", "示例单位01_2026年监控表.xlsm"]
    evaluated, monitored = (operations.read(path).filing for path in desk.person.opened)
    assert evaluated is not None and monitored is not None
    assert {f.value for p, f in evaluated.paths() if p.column == "actual"} == {"97%"}
    assert (evaluated.stage, monitored.stage, evaluated.unit) == ("evaluation", "monitoring", declared.unit)


def test_without_a_table_of_actuals_the_evaluation_waits_for_the_unit(desk: Desk) -> None:
    desk.person.answers = ["no"]
    press(desk, lambda host: follow_button.follow(host, "evaluation"))
    (path,) = desk.person.opened
    filing = operations.read(path).filing
    assert filing is not None and not [p for p, _ in filing.paths() if p.column == "actual"]
    assert desk.person.dialogs == []
