"""情况说明: a reason given for a warning goes with the filing wherever it goes, and explains the finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.forms.reasons import KEY_ROW, SHEET, SHOWN, reason_path
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding, spoken_counts
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from jixiao_xl.workbook.identity import FIELDS
from tests.conftest import NAMES, PUBLISHED, changed, published, spec_of

SPEC = operations.form_named("hubei.dept_overall")
BASIS = "annual_indicators[运行成本/公用经费控制/公用经费控制率].basis"
BASIS_CELL = "年度绩效指标!H7"
WHY = "按市财政局 2025 年口径填报，见附件。"
FIRST = KEY_ROW + 2
"""Excel's number of the sheet's first row."""


def saved(filing: Filing, path: Path) -> Path:
    path.write_bytes(build_workbook(spec_of(filing), filing, BuildOptions(as_stated=True)))
    return path


def reasons(filing: Filing | None) -> dict[str, str]:
    assert filing is not None
    return {path: fact.value for path, fact in filing.facts.items() if path.startswith("reasons[")}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A sound workbook but for one indicator without its basis (CMP102), a warning."""
    return saved(changed(sample_filing(SPEC, 1, 2026), {BASIS: None}), tmp_path / "a.xlsx")


def written(book: Path, *rows: tuple[str, str, str]) -> Path:
    """What a clerk types into the 情况说明: code, place, reason."""
    workbook = load_workbook(book)
    for n, row in enumerate(rows):
        for column, text in zip("BCD", row, strict=True):
            workbook[SHEET][f"{column}{FIRST + n}"] = text
    workbook.save(book)
    return book


def found(book: Path, code: str) -> list[Finding]:
    return [f for f in operations.check(book).findings if f.code == code]


@pytest.mark.parametrize("place", [BASIS_CELL, "年度绩效指标！h7", " '年度绩效指标'!$H$7 ", "年度绩效指标!Ｈ７", BASIS])
def test_a_warning_with_a_reason_is_explained_wherever_the_place_is_understood(book: Path, place: str) -> None:
    assert [f.explained for f in found(book, "CMP102")] == [False]
    written(book, ("cmp102", place, WHY))
    (finding,) = found(book, "CMP102")
    assert (finding.severity, finding.explained, finding.reason) == ("warning", True, WHY)
    assert finding.as_json()["reason"] == WHY
    assert not found(book, "EXP101")
    assert reasons(operations.read(book).filing) == {reason_path("CMP102", BASIS): WHY}


def test_the_counts_name_what_is_explained(book: Path) -> None:
    written(book, ("CMP102", BASIS_CELL, WHY))
    findings = operations.check(book).findings
    warnings = sum(f.severity == "warning" for f in findings)
    assert spoken_counts(findings)[1] == f"需要说明 {warnings} 条（已说明 1 条）"


def test_an_error_cannot_be_explained_away(tmp_path: Path) -> None:
    book = saved(changed(sample_filing(SPEC, 1, 2026), {"funds.income.fiscal.current": "见附表"}), tmp_path / "a.xlsx")
    written(book, ("CEL101", "资金情况!D6", WHY))
    assert [(f.severity, f.explained) for f in found(book, "CEL101")] == [("error", False)]
    (said,) = found(book, "EXP102")
    assert (said.severity, said.where.spoken()) == ("hint", f"{SHEET}!D{FIRST}")
    assert "CEL101" in said.message() and str(FIRST) in said.message()


@pytest.mark.parametrize("row", [("CMP102", "资金情况!D6"), ("PRI104", BASIS_CELL), ("CMP102", "第三张表"), ("", "")])
def test_a_reason_for_nothing_is_named_and_nothing_of_it_is_lost(book: Path, row: tuple[str, str]) -> None:
    written(book, (*row, WHY))
    (said,) = found(book, "EXP101")
    assert said.where.spoken() == f"{SHEET}!D{FIRST}" and all(part in said.message() for part in row)
    assert list(reasons(operations.read(book).filing).values()) == [WHY]


def test_a_row_without_a_reason_says_nothing(book: Path) -> None:
    written(book, ("CMP102", BASIS_CELL, "  "))
    assert reasons(operations.read(book).filing) == {} and not found(book, "EXP101")


def test_two_rows_for_one_thing_are_one_reason(book: Path) -> None:
    written(book, ("CMP102", BASIS_CELL, "一是口径。"), ("CMP102", BASIS_CELL, "二是批复。"))
    assert [f.reason for f in found(book, "CMP102")] == ["一是口径。；二是批复。"]


def test_a_finding_of_a_whole_sheet_is_explained_by_its_place(book: Path) -> None:
    workbook = load_workbook(book)
    workbook["资金情况"].protection.sheet = False
    workbook.save(book)
    written(book, ("WBK106", "资金情况!A1", "打印时取消的。"))
    assert [f.reason for f in found(book, "WBK106")] == ["打印时取消的。"]


def test_every_paragraph_of_a_text_is_a_place_of_that_text(tmp_path: Path) -> None:
    book = saved(sample_filing(SPEC, 1, 2026), tmp_path / "a.xlsx")
    written(book, ("TXT102", "部门职能概述!C5", WHY))
    assert reasons(operations.read(book).filing) == {reason_path("TXT102", "duties.text"): WHY}


def explained(name: str, folder: Path) -> Filing:
    """A published form with a reason for everything that may have one, and two for nothing."""
    reading = operations.read(saved(published(name), folder / "before.xlsx"))
    about = {(f.code, f.where.path or f.where.spoken()) for f in operations.judged(reading).findings if f.severity != "error"}
    about |= {("FND101", "资金情况!ZZ99"), ("乱写", "a/b]~\\c")}
    assert reading.filing is not None
    return changed(reading.filing, {reason_path(*key): f"理由{n}" for n, key in enumerate(sorted(about))})


@pytest.mark.parametrize("name", NAMES)
def test_filling_and_reading_gives_back_every_reason_of_a_published_form(name: str, tmp_path: Path) -> None:
    filing = explained(name, tmp_path)
    book = saved(filing, tmp_path / "a.xlsx")
    assert reasons(operations.read(book).filing) == reasons(filing)
    findings = operations.check(book).findings
    assert all(f.explained == (f.severity != "error") for f in findings if f.code != "EXP101")
    assert sum(f.code == "EXP101" for f in findings) == 2


NAME = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
TEXT = st.text(st.characters(codec="gb2312", exclude_categories=("C",)), min_size=1).filter(str.strip)


@settings(max_examples=10, deadline=None)
@given(given_reasons=st.dictionaries(st.tuples(NAME, NAME), TEXT, max_size=4))
def test_any_reason_comes_back_as_it_was_filed(
    tmp_path_factory: pytest.TempPathFactory, given_reasons: dict[tuple[str, str], str]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    book = saved(changed(published("xinzhou_2020"), {reason_path(*k): v for k, v in given_reasons.items()}), folder / "a.xlsx")
    once = operations.read(book).filing
    assert once is not None
    again = operations.read(saved(once, folder / "b.xlsx")).filing
    assert reasons(again) == reasons(once)
    said = "".join(reasons(once).values())
    assert all(text.strip() in said for text in given_reasons.values()), "nothing is lost"


def test_more_reasons_than_rows_find_room(tmp_path: Path) -> None:
    filing = changed(sample_filing(SPEC, 1, 2026), {reason_path("PRI104", f"第{n}处"): f"理由{n}" for n in range(90)})
    book = saved(filing, tmp_path / "a.xlsx")
    assert reasons(operations.read(book).filing) == reasons(filing)
    sheet = load_workbook(book)[SHEET]
    assert not sheet.row_dimensions[FIRST + 90].hidden, "there is a blank row to go on"


def test_the_sheet_is_protected_its_cells_open_and_spare_rows_ready(book: Path) -> None:
    sheet = load_workbook(book)[SHEET]
    assert sheet.protection.sheet and not sheet.protection.formatRows
    rows = range(FIRST, FIRST + SHOWN + 40)
    assert all(not sheet[f"{column}{row}"].protection.locked for row in rows for column in "BCD")
    assert [row for row in rows if sheet.row_dimensions[row].hidden] == list(rows[SHOWN:])
    names = load_workbook(book).sheetnames
    assert names.index(SHEET) == names.index("自检表") + 1


def test_reasons_are_not_on_the_paper_so_the_check_code_leaves_them_out(book: Path) -> None:
    before = operations.read(book).check_code
    assert operations.read(written(book, ("CMP102", BASIS_CELL, WHY))).check_code == before != ""


def test_a_workbook_issued_before_there_was_such_a_sheet_is_read(book: Path) -> None:
    workbook = load_workbook(book)
    del workbook[SHEET], workbook.defined_names["jx.reasons"]
    workbook["_jixiao"].cell(FIELDS.index("version") + 1, 2).value = "0.0.1"
    workbook.save(book)
    assert [f.code for f in operations.read(book).findings] == [] and reasons(operations.read(book).filing) == {}


def facts_with(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "f.toml"
    path.write_text((PUBLISHED / "ezhou_2025.toml").read_text("utf-8") + "\n" + "\n".join(lines) + "\n", "utf-8")
    return path


def test_reasons_in_a_facts_file_are_facts_with_a_place(tmp_path: Path) -> None:
    path = reason_path("PRI104", "funds.expense.personnel.current")
    facts = facts_with(tmp_path, f"'{path}' = '人员减少3名。'", "'reasons[PRI103/资金情况!D9].text' = '口径不变。'")
    reading = operations.read(facts)
    assert "WBK109" not in {f.code for f in reading.findings}
    assert reasons(reading.filing) == {path: "人员减少3名。", reason_path("PRI103", "funds.income.total.current"): "口径不变。"}
    assert reading.filing is not None and reading.filing.facts[path].sheet == SHEET
    done = operations.fill(SPEC.form.id, facts, tmp_path / "a.xlsx", as_stated=True)
    assert not [f for f in done.findings if f.where.path.startswith("reasons")]
    assert reasons(operations.read(done.path).filing) == reasons(reading.filing)


@pytest.mark.parametrize(
    "key", ["reasons[PRI104].text", "reasons.text", "reasons[a/b/c].text", "reasons[a/b].why", "reasons[a/b~2].text"]
)
def test_what_is_no_address_of_a_reason_has_no_place(key: str, tmp_path: Path) -> None:
    findings = operations.read(facts_with(tmp_path, f"'{key}' = '甲'")).findings
    assert [f.params["what"] for f in findings if f.code == "WBK109"] == [key]


def test_the_archive_keeps_reasons_and_another_reason_is_another_version(book: Path, tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    first = operations.deposit(written(book, ("CMP102", BASIS_CELL, WHY)), archive).deposited
    (entry,) = archive.entries()
    assert reasons(archive.filing(entry)) == {reason_path("CMP102", BASIS): WHY}
    second = operations.deposit(written(book, ("CMP102", BASIS_CELL, "另一个理由。")), archive).deposited
    assert first is not None and second is not None and (first.version, second.version) == (1, 2)


def test_pulling_last_years_values_carries_the_reasons_along(book: Path, tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    archive.deposit(sample_filing(SPEC, 1, 2025, "approval"))
    pulled = operations.pull_prior_year(written(book, ("CMP102", BASIS_CELL, WHY)), tmp_path / "b.xlsx", archive)
    assert reasons(operations.read(pulled.path).filing) == {reason_path("CMP102", BASIS): WHY}


def test_a_difference_from_the_archive_is_explained_when_it_is_found_again(tmp_path: Path) -> None:
    archive = operations.open_archive(str(tmp_path / "archive.sqlite"))
    archive.deposit(sample_filing(SPEC, 1, 2025, "approval"))
    last = "funds.expense.personnel.last"
    book = saved(changed(sample_filing(SPEC, 1, 2026), {last: "1"}), tmp_path / "a.xlsx")
    written(book, ("PRI101", last, WHY))
    pulled = operations.pull_prior_year(book, tmp_path / "b.xlsx", archive)
    assert [f.reason for f in pulled.findings if (f.code, f.where.path) == ("PRI101", last)] == [WHY]
    assert not found(book, "EXP101"), "check does not ask the archive, so it cannot say that there is no difference"


def test_the_city_sees_the_reason_beside_the_finding_and_does_not_ask_again(book: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    written(book, ("CMP102", BASIS_CELL, WHY)).rename(folder / "a.xlsx")
    operations.consolidate(folder, tmp_path / "s.xlsx")
    summary = load_workbook(tmp_path / "s.xlsx")
    listed = [[c.value for c in row] for row in summary["问题清单"].iter_rows(min_row=4)]
    (row,) = [row for row in listed if row[3] == "CMP102"]
    assert (row[2], row[7]) == ("需要说明（已说明）", WHY)
    heads, values = ([c.value for c in row] for row in summary["报送情况"].iter_rows(min_row=3, max_row=4))
    waiting = sum(f.severity == "warning" for f in operations.check(folder / "a.xlsx").findings) - 1
    assert (values[heads.index("待说明")], values[heads.index("已说明")]) == (waiting, 1)
