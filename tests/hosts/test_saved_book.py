"""The buttons on a saved file, as `jixiao press` has them: what is shown to a clerk with WPS, or without any Excel."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from docx import Document

from jixiao_xl import operations
from jixiao_xl.hosts import excel_buttons, paste_button, row_buttons, value_buttons
from jixiao_xl.hosts.live_book import LiveBook
from jixiao_xl.hosts.port import Host
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.hosts.saved_book import SavedBook
from jixiao_xl.model.facts import Filing
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.buttons import BUTTONS
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import NAMES, changed, published, spec_of
from tests.excel.grid import at_the_grid

ROOT = Path(__file__).parents[2]
SPEC = operations.form_named("hubei.dept_overall")
HEADS = ["一级指标", "二级指标", "三级指标", "预期当年实现值", "指标值确定依据"]
ROWS = [["管理效率", "预算执行", "预算执行率", "≥95%", "计划标准"], ["履职效能", "窗口服务", "窗口办件量", "≥2000件", "计划标准"]]


def built(path: Path, filing: Filing, **options: object) -> Path:
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=True, **options)))  # type: ignore[arg-type]
    return path


def facts(path: Path) -> dict[str, str]:
    filing = operations.read(path).filing
    assert filing is not None
    return {p: fact.value for p, fact in filing.facts.items() if fact.value}


def with_facts(file: Path, values: dict[str, str]) -> Path:
    return built(file, changed(sample_filing(SPEC, 1, 2026), values))


def pressed(file: Path, handler: Callable[[Host], None], at: tuple[str, str] | None = None, table: Path | None = None) -> Path:
    """Press, and save the copy."""
    book = SavedBook(file, at, table=table, agreed=True)
    handler(book)
    assert book.cells.is_changed and not book.failed
    return book.save(file.with_name("copy.xlsx"))


def table_of(path: Path, rows: list[list[str]]) -> Path:
    """The rows as a table of a Word document, below a heading."""
    document = Document()
    document.add_heading("年度绩效指标", 1)
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(rows, table.rows, strict=True):
        for text, cell in zip(row, cells.cells, strict=True):
            cell.text = text
    document.save(str(path))
    return path


# ---- every button, every form -------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_every_button_ends_with_a_word_and_leaves_the_file_as_it_is(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "none.sqlite"))
    monkeypatch.setattr("builtins.input", lambda: "")
    path = built(tmp_path / "a.xlsx", published(name))
    content = path.read_bytes()
    for button in BUTTONS:
        book = SavedBook(path)
        getattr(excel_buttons, button.function)(book)
        book.close()
        if book.cells.is_changed:
            book.save(tmp_path / f"{button.function}.xlsx")
        told = capsys.readouterr()
        assert (told.out + told.err).strip() and "SYS901" not in told.out + told.err, button.caption
    assert path.read_bytes() == content


def blank(wanted: str) -> dict[str, str]:
    """Every fact whose path begins and ends so, emptied."""
    first, last = wanted.split("…")
    filing = sample_filing(SPEC, 1, 2026)
    return {path: "" for path in filing.facts if path.startswith(first) and path.endswith(last)}


def derived(path: str) -> bool:
    """What the grid, which calculates nothing, cannot show."""
    return path.endswith(".share") or ".total." in path


CLICKS: dict[str, tuple[Callable[[Host], None], tuple[str, str], dict[str, str]]] = {
    "重新计算": (value_buttons.recompute, ("年度绩效指标", "G7"), blank("annual_indicators[管理效率/预算执行….target")),
    "提取上年数": (value_buttons.pull_prior, ("资金情况", "D7"), blank("funds.….last")),
    "按建议修改": (value_buttons.fix_finding, ("年度绩效指标", "G7"), dict.fromkeys(blank("annual_indicators[运行成本/公用….target"), "１００％")),
    "删除指标行": (row_buttons.remove_row, ("年度绩效指标", "G39"), {}),
}  # fmt: skip


@pytest.mark.parametrize("verb", CLICKS)
def test_the_copy_holds_what_the_open_workbook_would(file: Path, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    handler, (sheet, cell), values = CLICKS[verb]
    before = facts(with_facts(file, values))
    monkeypatch.setattr("tempfile.tempdir", str(file.parent))
    with at_the_grid(file) as desk:
        desk.book.sheets[sheet].activate()
        desk.book.sheets[sheet].range(cell).select()
        host = LiveBook(desk.book)
        handler(host)
        opened = operations.open_form(host, "a").filing
    copy = facts(pressed(file, handler, (sheet, cell)))
    assert copy != before
    assert {p: v for p, v in copy.items() if not derived(p)} == {
        p: f.value for p, f in opened.facts.items() if f.value and not derived(p)
    }


def test_a_file_is_judged_as_the_city_judges_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What only a file shows is found too: here a function of ours, which no submission may hold."""
    workbook = openpyxl.load_workbook(file)
    workbook["资金情况"]["D6"] = "=JX_SHARE(1,2)"
    workbook.save(file)
    excel_buttons.check(SavedBook(file))
    marked = openpyxl.load_workbook(file.with_name("示例单位01_校验结果.xlsx"))
    listed = {cell.value for row in marked["校验结果"].iter_rows() for cell in row}
    assert {"WBK118"} | {f.code for f in operations.check(file).findings} <= listed
    assert "错处已标色" in capsys.readouterr().out


# ---- what the copy keeps ------------------------------------------------------------------
@pytest.mark.parametrize("name", NAMES)
def test_a_copy_differs_in_nothing_but_what_the_button_put(tmp_path: Path, name: str) -> None:
    path = built(tmp_path / "a.xlsx", published(name))
    book = SavedBook(path)
    copy = book.save(tmp_path / "b.xlsx")
    assert facts(copy) == facts(path)
    one, other = operations.read(path), operations.read(copy)
    assert (one.check_code, one.replaced, one.text_amounts) == (other.check_code, other.replaced, other.text_amounts)
    assert [f.message() for f in operations.judged(one).findings] == [f.message() for f in operations.judged(other).findings]
    assert SavedBook(copy).cells.hidden("年度绩效指标") == book.cells.hidden("年度绩效指标")


def test_a_row_shown_by_the_button_is_shown_in_the_copy_and_in_the_copy_of_that(file: Path) -> None:
    for n in range(2):
        hidden = SavedBook(file).cells.hidden("年度绩效指标")
        book = SavedBook(file, ("年度绩效指标", "G39"))
        row_buttons.add_row(book)
        file = book.save(file.with_name(f"{n}.xlsx"))
        now = SavedBook(file).cells.hidden("年度绩效指标")
        assert now < hidden and len(hidden - now) == 1
        sheet = openpyxl.load_workbook(file)["年度绩效指标"]
        assert all(sheet.row_dimensions[row + 1].hidden for row in now), "openpyxl sees the same rows"


def test_a_text_that_begins_with_a_quote_moves_up_whole(file: Path) -> None:
    book = SavedBook(file, ("年度绩效指标", "G39"), agreed=True)
    book.write("年度绩效指标", "D40", [["'走访'困难职工"]])
    row_buttons.remove_row(book)
    assert any("/'走访'困难职工]" in name for name in facts(book.save(file.with_name("copy.xlsx"))))


def test_sums_and_shares_of_the_copy_follow_what_was_put(file: Path, tmp_path: Path) -> None:
    book = SavedBook(file)
    place = operations.read(file).places["funds.expense.special_purpose.current"]
    book.write(place.sheet, place.cell, [[777.5]])
    copy = operations.read(book.save(tmp_path / "b.xlsx"))
    assert not copy.replaced and copy.filing is not None
    total = sum(
        float(copy.filing.value(f"funds.expense.{row}.current") or 0) for row in ("personnel", "operating", "special_purpose")
    )
    assert float(copy.filing.value("funds.expense.total.current") or 0) == pytest.approx(total)


def test_a_locked_cell_is_refused_and_its_neighbours_with_it(file: Path) -> None:
    book = SavedBook(file)
    places = operations.read(file).places
    total, part = places["funds.expense.total.current"], places["funds.expense.special_purpose.current"]
    with pytest.raises(PermissionError):
        book.write(part.sheet, f"{part.cell}:{total.cell}", [[1.0], [2.0]])
    assert not book.cells.is_changed


def test_the_cell_that_is_meant_is_the_one_selected_when_the_file_was_saved(file: Path) -> None:
    workbook = openpyxl.load_workbook(file)
    workbook.active = workbook.sheetnames.index("年度绩效指标")
    for view in workbook["封面"], workbook["年度绩效指标"]:
        for selection in view.sheet_view.selection:
            selection.activeCell = selection.sqref = "G21"
    workbook["封面"].sheet_view.tabSelected = False
    workbook.save(file)
    assert SavedBook(file).selection() == ("年度绩效指标", "G21")


# ---- 粘贴导入 from a file ------------------------------------------------------------------
def test_a_table_of_a_word_document_goes_to_its_rows_and_the_rest_is_listed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_facts(file, blank("annual_indicators[管理效率/预算执行/预算执行率….target"))
    foreign = ["天外", "来", "客", "1", ""]
    pasted = table_of(file.with_name("指标.docx"), [HEADS, *ROWS, foreign])
    copy = facts(pressed(file, paste_button.paste_import, ("年度绩效指标", "G7"), pasted))
    assert copy["annual_indicators[管理效率/预算执行/预算执行率].target"] == "≥95%"
    assert copy["annual_indicators[履职效能/窗口服务/窗口办件量].target"] == "≥2000件"
    assert "放入 2 行" in capsys.readouterr().out
    kept = file.with_name(f"{file.stem}_没有放入.txt").read_text("utf-8-sig")
    assert "天外 | 来 | 客 | 1　→ 表样没有一级指标“天外”" in kept


@pytest.mark.parametrize("kind", [".docx", ".xlsx", ".csv"])
def test_what_is_pasted_is_a_text_whatever_it_looks_like(file: Path, kind: str) -> None:
    name = "=1+1"
    rows = [HEADS, ["履职效能", "窗口服务", name, "≥3件", "计划标准"]]
    table = file.with_name(f"指标{kind}")
    if kind == ".docx":
        table_of(table, rows)
    elif kind == ".csv":
        table.write_text("\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in rows), "gb18030")
    else:
        workbook = openpyxl.Workbook()
        for r, row in enumerate(rows, 1):
            for c, text in enumerate(row, 1):
                workbook.active.cell(r, c, text).data_type = "s"  # type: ignore[union-attr]
        workbook.save(table)
    copy = pressed(file, paste_button.paste_import, ("年度绩效指标", "G7"), table)
    assert any(name in path for path in facts(copy))
    assert "f" not in {c.data_type for row in openpyxl.load_workbook(copy)["年度绩效指标"] for c in row if c.value == name}


@pytest.mark.parametrize("bad", ["not a zip", "bomb", "entity", "workbook", "old .doc", "folder", "missing"])
def test_a_bad_document_is_refused_in_chinese_and_nothing_is_written(file: Path, bad: str) -> None:
    table = bad_document(file.with_name("指标.doc" if bad == "old .doc" else "指标.docx"), bad)
    before = sorted(file.parent.iterdir())
    book = SavedBook(file, ("年度绩效指标", "G7"), table=table)
    with pytest.raises(operations.CannotRun) as refused:
        paste_button.paste_import(book)
    assert refused.value.findings[0].code in ("WBK108", "SYS906")
    assert not book.cells.is_changed and sorted(file.parent.iterdir()) == before


def bad_document(path: Path, bad: str) -> Path:
    match bad:
        case "not a zip":
            path.write_bytes(b"PK\x03\x04 nothing")
        case "bomb":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
                parts.writestr("word/document.xml", b" " * 50_000_000)
        case "entity":
            with zipfile.ZipFile(path, "w") as parts:
                parts.writestr("word/document.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
        case "workbook":
            openpyxl.Workbook().save(path)
        case "old .doc":
            path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        case "folder":
            path.mkdir()
        case _:
            pass
    return path


# ---- the command ---------------------------------------------------------------------------
def press(*given: object, typed: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jixiao_xl.hosts.cli", "press", *map(str, given)]
    surroundings = os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, input=typed, capture_output=True, text=True, env=surroundings, timeout=120)


def test_the_command_says_what_it_made_and_the_file_stays(file: Path) -> None:
    content = file.read_bytes()
    done = press("增加指标行", file, "--at", "年度绩效指标!G39")
    copy = file.with_name("示例单位01_增加指标行.xlsx")
    assert (done.returncode, file.read_bytes()) == (0, content), done.stderr
    assert done.stdout == f"已显示第 43 行，请填写。\n已生成 {copy}，原文件没有动。\n"
    sent = press("生成报送文件", file)
    assert "校验码" in sent.stdout and len(list(file.parent.glob("*_报送.xlsx"))) == 1


def test_a_question_is_asked_and_no_answer_is_no(file: Path) -> None:
    asked = press("删除指标行", file, "--at", "年度绩效指标!G39")
    assert "确定删除吗？（是/否）" in asked.stdout and not list(file.parent.glob("*删除*"))
    assert "已生成" in press("删除指标行", file, "--at", "年度绩效指标！$G$39", typed="是\n").stdout
    assert "已生成" in press("删除指标行", file, "--at", "年度绩效指标!g39", "--yes").stdout


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["重新算", "{file}"], "按钮不对：重新算。 → 有这些按钮：校验、提取上年数、"),
        (["重新计算"], "写成 jixiao press 重新计算 文件.xlsx 的样子"),
        (["重新计算", "无此文件.xlsx"], "找不到 无此文件.xlsx"),
        (["说明", "{file}", "--at", "G7"], "写成 资金情况!D10 的样子"),
        (["说明", "{file}", "--at", "没有这张表!G7"], "文件里有：封面、"),
        (["重新计算", "{file}", "-o", "{file}"], "已存在，没有覆盖"),
    ],
)
def test_a_wrong_command_is_one_chinese_line(file: Path, given: list[str], said: str) -> None:
    done = press(*(text.format(file=file) for text in given))
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1


def test_without_a_button_all_are_listed() -> None:
    listed = press().stdout.splitlines()
    assert [line.partition("　")[0] for line in listed] == [button.caption for button in BUTTONS]
