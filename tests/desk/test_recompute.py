"""重新计算, 提取上年数, 按建议修改 in an open workbook: blank cells are filled, filled ones are told about, never written over."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.archive.store import Archive
from jixiao_xl.desk.cell_changes import Edit
from jixiao_xl.desk.fix_button import fix_writes
from jixiao_xl.desk.judging import judged
from jixiao_xl.desk.prior_button import prior_writes
from jixiao_xl.desk.recomputing import compared, recompute, recompute_writes
from jixiao_xl.hosts.sample import FORM, sample_filing
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from tests.conftest import changed, published
from tests.desk.open_book import OpenBook, opened

SPEC = operations.form_named(FORM)
SOUND = sample_filing(SPEC, 1, 2026)
OFFICE = "annual_indicators[运行成本/公用经费控制/公用经费控制率]"
SPENT = {"measure.office_spent.last": "985", "measure.office_budget.last": "1000",
         "measure.office_spent.target": "97", "measure.office_budget.target": "100"}  # fmt: skip


def written(book: OpenBook, edit: Edit) -> dict[str, str]:
    """Facts that differ once the edit is done."""
    before = book.facts()
    book.take(edit)
    after = book.facts()
    return {path: after.get(path, "") for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


# ---- 重新计算 ----------------------------------------------------------------------------
def test_measured_rates_go_into_blank_values_a_target_with_its_operator() -> None:
    book = opened(SOUND).fill(SPENT | {f"{OFFICE}.last": None, f"{OFFICE}.target": None})
    assert written(book, recompute(book.reading())) == {f"{OFFICE}.last": "98.5%", f"{OFFICE}.target": "≤97%"}
    assert not recompute(book.reading()).writes


def test_a_value_that_differs_is_told_and_stays() -> None:
    book = opened(SOUND).fill(SPENT | {f"{OFFICE}.last": "89.5%", f"{OFFICE}.target": "≤97%"})
    writes, findings = recompute_writes(book.reading())
    assert not writes
    assert [(f.code, f.where.path, f.suggested) for f in findings if f.code == "IND305"] == [("IND305", f"{OFFICE}.last", "98.5%")]


def test_nothing_is_measured_from_half_of_the_quantities() -> None:
    half = {"measure.office_spent.last": "985", "measure.office_budget.last": None, f"{OFFICE}.last": None}
    assert not recompute(opened(SOUND).fill(half).reading()).writes


def test_totals_and_shares_that_their_inputs_do_not_give_are_told_in_the_words_of_the_rules() -> None:
    book = opened(published("ezhou_2025"))
    _, findings = recompute_writes(book.reading())
    assert {"FND103"} <= {f.code for f in findings} <= _codes(book)
    assert not {f.code[:3] for f in findings} & {"TXT", "CMP", "PRI", "EXP"}
    assert compared(book.reading()) > 10


def _codes(book: OpenBook) -> set[str]:
    return {f.code for f in judged(book.reading()).findings}


# ---- 提取上年数 --------------------------------------------------------------------------
def next_year(filing: Filing) -> Filing:
    """What the unit is issued the year after: its name and nothing else."""
    return replace(filing.with_facts({}), year=filing.year + 1)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(str(tmp_path / "archive.sqlite"))
    archive.deposit(published("ezhou_2025"))
    return archive


@pytest.mark.parametrize("fill", [{}, {f"{OFFICE}.last": "12%", "funds.income.fiscal.last": "1"}])
def test_an_open_workbook_gets_what_a_copy_of_its_file_gets(archive: Archive, tmp_path: Path, fill: dict[str, str]) -> None:
    book = opened(changed(next_year(published("ezhou_2025")), fill))
    source = tmp_path / "a.xlsx"
    source.write_bytes(book.content)
    copied = operations.pull_prior_year(source, tmp_path / "b.xlsx", archive)
    edit = prior_writes(book.reading(), archive, book.ground())
    assert {(f.code, f.where.path, f.suggested) for f in edit.findings if f.code == "PRI101"} == {
        (f.code, f.where.path, f.suggested) for f in copied.findings
    }
    said = [f.message() for f in edit.findings if f.code == "PRI101"]
    assert len(said) == len(fill) and all(
        word in "".join(said) for word in ("公用经费控制率（2025年）填 12%", "历年数据库为") if fill
    )
    book.take(edit)
    filing = operations.read(tmp_path / "b.xlsx").filing
    assert filing is not None
    full = {f.params["name"] for f in edit.findings if f.code == "PRI105"}
    wanted = {p: fact.value for p, fact in filing.facts.items() if fact.value and not any(f"/{name}]" in p for name in full)}
    assert book.facts() == wanted
    assert len(wanted) > 90
    assert not [p for p in book.reading().text_amounts if p.startswith("funds")]
    assert not prior_writes(book.reading(), archive, book.ground()).changes_anything


def test_rows_brought_along_are_shown_and_what_finds_no_row_is_told(archive: Archive) -> None:
    book = opened(next_year(published("ezhou_2025")))
    edit = prior_writes(book.reading(), archive, book.ground())
    book.take(edit)
    stand = book.ground().named("annual_indicators")
    assert stand is not None
    assert not [
        row.names
        for rows in stand.places.values()
        for row in rows
        if not row.is_blank and row.row in book.hidden_on(stand.area.sheet)
    ]
    for key, rows in stand.places.items():
        taken = [n for n, row in enumerate(rows) if row.is_blank]
        assert taken == list(range(len(rows) - len(taken), len(rows))), f"{key} is filled from the top"


def test_an_own_row_of_last_year_without_a_spare_row_is_named(tmp_path: Path) -> None:
    names = [f"走访第{n}类劳模户数" for n in range(10, 30)]
    last_year = published("ezhou_2025").with_facts({})
    archive = Archive(str(tmp_path / "archive.sqlite"))
    archive.deposit(changed(last_year, {f"annual_indicators[履职效能/劳模服务/{name}].target": "≥9户" for name in names}))
    book = opened(next_year(last_year))
    rows = book.rows_of("annual_indicators", "[履职效能/……/……]")
    edit = prior_writes(book.reading(), archive, book.ground())
    assert [f.params["name"] for f in edit.findings if f.code == "PRI105"] == names[len(rows) :]
    assert "表中“履职效能”没有空行" in edit.findings[0].message()
    assert [(c.first, c.last, c.shown) for c in edit.rows] == [(rows[0], rows[-1], True)]
    book.take(edit)
    assert sum(path.endswith(".last") and value == "9户" for path, value in book.facts().items()) == len(rows)


def test_without_an_archived_year_the_button_says_so(tmp_path: Path) -> None:
    empty = Archive(str(tmp_path / "empty.sqlite"))
    edit = prior_writes(opened(next_year(published("ezhou_2025"))).reading(), empty, opened(published("ezhou_2025")).ground())
    assert [f.code for f in edit.findings] == ["PRI102"] and not edit.changes_anything


# ---- 按建议修改 --------------------------------------------------------------------------
def finding_of(book: OpenBook, code: str) -> Finding:
    return next(f for f in judged(book.reading()).findings if f.code == code)


def fixed(book: OpenBook, finding: Finding) -> Edit:
    return fix_writes(book.reading(), finding, book.ground())


def test_a_certain_suggestion_is_written_without_a_question() -> None:
    wrong = next(p for p, f in SOUND.facts.items() if f.value == "绩效基本型")
    book = opened(SOUND).fill({wrong: "基本型"})
    edit = fixed(book, finding_of(book, "CEL106"))
    assert (edit.question, edit.refusal) == ("", "")
    assert written(book, edit) == {wrong: "绩效基本型"}


def test_an_amount_is_written_as_a_number() -> None:
    book = opened(SOUND).fill({"funds.income.fiscal.current": "９９８．７１"})
    finding = next(f for f in judged(book.reading()).findings if f.where.path == "funds.income.fiscal.current" and f.suggested)
    (write,) = fixed(book, finding).writes
    assert write.value == Decimal(finding.suggested or "") and isinstance(write.value, Decimal)


def test_a_suggestion_that_is_not_certain_is_asked_about() -> None:
    book = opened(SOUND).fill(SPENT | {f"{OFFICE}.last": "89.5%"})
    finding = finding_of(book, "IND305")
    edit = fixed(book, finding)
    assert "98.5%" in edit.question and "89.5%" in edit.question
    assert written(book, edit) == {f"{OFFICE}.last": "98.5%"}


def test_a_value_that_would_bring_a_new_error_is_asked_about_and_the_error_named() -> None:
    book = opened(SOUND)
    path = "funds.expense.personnel.current"
    place = book.reading().places[path]
    sure = Finding("CEL102", "warning", place, {"label": "人员经费", "stated": "x", "expected": "-5"}, "-5")
    edit = fixed(book, sure)
    assert "FND104" in edit.question and edit.writes


@pytest.mark.parametrize(
    ("finding", "why"),
    [
        (Finding("TXT108", "warning", Where("cover.phone"), {"label": "电话", "stated": "1"}), "没有可以直接采用的建议值"),
        (Finding("CEL106", "error", Where("no.such"), {"label": "x", "stated": "a", "expected": "b"}, "b"), "找不到这一格"),
        (Finding("FND103", "error", Where("funds.expense.personnel.share"), {"label": "占比", "stated": "1%", "part": "1", "whole": "2", "expected": "50%"}, "50%"), "自动计算，请改分项"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_right_by_a_click_is_refused_with_what_to_do(finding: Finding, why: str) -> None:
    edit = fixed(opened(SOUND), finding)
    assert why in edit.refusal and not edit.changes_anything


def test_web_markup_in_prose_goes_paragraph_by_paragraph() -> None:
    book = opened(published("xinzhou_2020"))
    finding = next(f for f in judged(book.reading()).findings if f.code == "CEL107" and f.where.path == "duties.text")
    edit = fixed(book, finding)
    assert len(edit.writes) == 8 and not edit.question
    changes = written(book, edit)
    assert set(changes) == {"duties.text"} and changes["duties.text"] == finding.suggested
    assert fixed(book, finding).refusal == "这一格已经是建议的值，不用再改。"


def test_prose_that_needs_more_rows_than_there_are_is_refused() -> None:
    book = opened(SOUND)
    text = "\n".join(f"第{n}条" for n in range(99))
    finding = Finding("CEL107", "error", book.reading().places["duties.text"], {"label": "职能", "stated": "<p>"}, text)
    assert "最多" in fixed(book, finding).refusal
