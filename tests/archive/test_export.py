"""The archive taken out: facts with number and unit of measure, and all that was said in review."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.archive.reviews import amend, conclusion_change, opinion_change, state_change
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.review import Conclusion, Opinion, Subject
from jixiao_xl.workbook.export_book import Table, tables_bytes
from tests.conftest import changed, published
from tests.consolidate.later_stages import filed

EZHOU = "420700-S001"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """鄂州's approval, returned, with two opinions of which one was taken back, and a conclusion."""
    archive, filing = Archive(str(tmp_path / "a.sqlite")), published("ezhou_2025")
    archive.deposit(
        changed(
            filing,
            {"funds.income.own_funds.current": "0", "long_term_indicators[满意度/服务对象满意度/职工群众满意度].target": "≥95%"},
        )
    )
    said = Opinion(
        "funds.income.total.current", "资金情况", "C7", "收支不平", "甲", "2026-11-02", "FND201", "要求修改", 1, "o1", "收入合计…"
    )
    gone = Opinion("", "封面", "B3", "多余", "甲", "2026-11-02", "", "", 1, "o2")
    withdrawn = Opinion("", "封面", "B3", "", "甲", "2026-11-03", "", "", 1, "o2")
    steps = [
        opinion_change(said), opinion_change(gone), opinion_change(withdrawn),
        conclusion_change(Conclusion("中", {"完整性": "良"}, "乙", "2026-11-04"), 1),
        state_change("退回修改", "见审核意见", "乙", "2026-11-04", 1),
    ]  # fmt: skip
    amend(archive, Subject(filing.form, 2025, filing.stage, EZHOU), lambda _: steps)
    return archive


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_csv_is_two_files_with_states_opinions_and_conclusions_by_whom_and_when(archive: Archive, tmp_path: Path) -> None:
    done = operations.export_archive(archive, tmp_path / "out.csv")
    assert done.paths == (tmp_path / "out.csv", tmp_path / "out_审核.csv") and done.facts == len(rows(done.paths[0]))
    told = [(r["kind"], r["word"], r["text"], r["by"], r["on"][:10], r["counts_now"]) for r in rows(done.paths[1])]
    assert told[0][:4] == ("state", "已收", "", "接收登记")
    assert told[1:] == [
        ("state", "退回修改", "见审核意见", "乙", "2026-11-04", "1"),
        ("opinion", "要求修改", "收支不平", "甲", "2026-11-02", "1"),
        ("opinion", "", "多余", "甲", "2026-11-02", "0"),
        ("opinion", "", "", "甲", "2026-11-03", "0"),
        ("conclusion", "中", "", "乙", "2026-11-04", "1"),
    ]
    opinion, conclusion = rows(done.paths[1])[2], rows(done.paths[1])[5]
    assert (opinion["code"], opinion["sheet"], opinion["cell"], opinion["finding"]) == ("FND201", "资金情况", "C7", "收入合计…")
    assert (conclusion["完整性"], conclusion["unit_key"], conclusion["unit_name"]) == ("良", EZHOU, "鄂州市总工会")


def test_a_fact_has_its_number_and_unit_of_measure(archive: Archive, tmp_path: Path) -> None:
    by_path = {
        r["path"]: (r["value"], r["number"], r["measure"])
        for r in rows(operations.export_archive(archive, tmp_path / "o.csv").paths[0])
    }
    assert by_path["funds.income.fiscal.current"] == ("998.71", "998.71", "万元")
    assert by_path["funds.income.own_funds.current"] == ("0", "0", "万元")
    assert by_path["funds.expense.special_purpose.share"] == ("40.95%", "40.95", "%")
    assert by_path["long_term_indicators[满意度/服务对象满意度/职工群众满意度].target"] == ("≥95%", "95", "%")
    words = [value for path, value in by_path.items() if path.endswith(".basis") or path.startswith("cover.")]
    assert words and all(value[1:] == ("", "") for value in words)


def test_points_are_分_rates_are_percent_and_lights_and_causes_are_words(tmp_path: Path) -> None:
    archive = Archive(str(tmp_path / "later.sqlite"))
    for form in ("mof.dept_monitoring", "sichuan.dept_evaluation"):
        archive.deposit(filed(operations.form_named(form), 1))
    by_path = {
        (r["stage"], r["path"]): (r["value"], r["number"], r["measure"])
        for r in rows(operations.export_archive(archive, tmp_path / "o.csv").paths[0])
    }
    assert by_path["monitoring", "funds.all.total.budget"] == ("666", "666", "万元")
    assert by_path["monitoring", "funds.all.total.rate"] == ("72%", "72", "%")
    assert by_path["monitoring", "funds.all.total.light"] == ("绿", "", "")
    assert by_path["evaluation", "funds.all.total.score"] == ("7.2", "7.2", "分")
    assert by_path["evaluation", "result.total_weight"] == ("100", "100", "分")
    assert by_path["evaluation", "result.grade"] == ("优", "", "")
    held = "annual_indicators[履职效能/技能培训/开展技能培训场次]"
    assert by_path["evaluation", f"{held}.weight"][1:] == ("2", "分") and by_path["evaluation", f"{held}.cause"][1:] == ("", "")


def test_the_frame_knows_a_blank_from_nothing_and_parquet_gives_it_back(archive: Archive, tmp_path: Path) -> None:
    import pandas as pd

    frame = operations.facts_frame(archive).set_index("path")
    assert frame.loc["funds.income.own_funds.current", "number"] == 0
    assert frame["number"].isna().any() and frame["year"].eq(2025).all()
    done = operations.export_archive(archive, tmp_path / "o.parquet")
    back = pd.read_parquet(done.paths[0]).set_index("path")
    assert back.equals(frame) and len(pd.read_parquet(done.paths[1])) == done.reviews == 6


def test_one_workbook_holds_both_and_a_value_is_never_a_formula(archive: Archive, tmp_path: Path) -> None:
    filing = changed(published("ezhou_2025"), {"long_term_indicators[满意度/服务对象满意度/职工群众满意度].target": "=100%"})
    archive.deposit(filing)
    done = operations.export_archive(archive, tmp_path / "o.xlsx")
    book = load_workbook(done.paths[0])
    assert (
        book.sheetnames == ["数据", "审核"] and book["数据"].max_row == done.facts + 1 and book["审核"].max_row == done.reviews + 1
    )
    exact = [row for row in book["数据"].iter_rows(min_row=2) if row[9].value == "=100%"]
    assert exact and all(row[9].data_type == "s" and row[10].value == 100 for row in exact)


def test_rows_beyond_the_last_go_to_a_second_sheet(tmp_path: Path) -> None:
    content, counts = tables_bytes([Table("数据", ("a", "b"), [("甲", str(n)) for n in range(5)], ("b",))], last_row=4)
    (tmp_path / "x.xlsx").write_bytes(content)
    book = load_workbook(tmp_path / "x.xlsx")
    assert counts == [5] and [[c.value for c in sheet["B"]] for sheet in book] == [["b", 0, 1, 2], ["b", 3, 4]]


@pytest.mark.parametrize(("name", "wanted", "code"), [("o.json", "", "SYS908"), ("o.csv", "exe", "SYS908"), ("there.csv", "", "SYS904"), ("half.csv", "", "SYS904")])  # fmt: skip
def test_a_refused_export_writes_nothing(name: str, wanted: str, code: str, archive: Archive, tmp_path: Path) -> None:
    for there in ("there.csv", "half_审核.csv"):
        (tmp_path / there).write_text("mine")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.suffix == ".csv"}
    with pytest.raises(operations.CannotRun) as refused:
        operations.export_archive(archive, tmp_path / name, wanted)
    assert refused.value.findings[0].code == code
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.suffix != ".sqlite"} == before


def test_without_pyarrow_parquet_is_refused_with_the_remedy(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(operations.CannotRun) as refused:
        operations.export_archive(archive, tmp_path / "o.parquet")
    assert refused.value.findings[0].code == "SYS914" and not list(tmp_path.glob("*.parquet"))
