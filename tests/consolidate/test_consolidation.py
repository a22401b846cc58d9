"""The city summary: what is there adds up, what is missing is named, nothing is counted twice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.consolidate.frames import funds_frame
from jixiao_xl.consolidate.roster import Received, RosterRow
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing, unit_of
from jixiao_xl.hosts.say_summary import summary_json
from jixiao_xl.model.facts import Fact, Filing, Unit, parse_path
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed, published
from tests.office import Office
from tests.recalculation import disagreements

SPEC = operations.form_named("hubei.dept_overall")
XINZHOU = {
    "income.fiscal": "286.41",
    "income.total": "286.41",
    "expense.personnel": "268.03",
    "expense.special_purpose": "18.38",
    "expense.total": "286.41",
}


def on_hubei_2025(name: str) -> Filing:
    """A published form put on the Hubei form of 2025, as on deadline day."""
    filing = published(name)
    blocks = {block.id for block in SPEC.block}
    facts = {f.path: f for f in filing.facts.values() if parse_path(f.path).block in blocks and not f.path.startswith("funds.")}
    if name == "ezhou_2025":
        facts = filing.facts
    if name == "xinzhou_2020":
        facts = {f"funds.{line}.current": Fact(f"funds.{line}.current", value) for line, value in XINZHOU.items()}
    return Filing(SPEC.form.id, SPEC.form.edition, 2025, "approval", filing.unit, facts)


def put(filing: Filing, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build_workbook(SPEC, filing, BuildOptions(as_stated=True)))
    return path


def line(summary: Summary, path: str) -> LineTotal:
    return next(one for money in summary.money for one in money.lines if one.path.text == path)


@pytest.fixture(scope="module")
def deadline(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, Path]:
    folder = tmp_path_factory.mktemp("deadline")
    for name in ("ezhou_2025", "yangxin_2024", "xinzhou_2020"):
        put(on_hubei_2025(name), folder / "in" / f"{name}.xlsx")
    out = folder / "汇总.xlsx"
    return operations.consolidate(folder / "in", out), out


def test_deadline_day_three_received_none_omitted(deadline: tuple[Summary, Path]) -> None:
    summary, _ = deadline
    assert [s.status for s in summary.statuses] == ["已收"] * 3


def test_deadline_day_the_totals_name_who_is_missing(deadline: tuple[Summary, Path]) -> None:
    summary, _ = deadline
    income, expense = line(summary, "funds.income.total.current"), line(summary, "funds.expense.total.current")
    assert (income.total, expense.total) == (Decimal("1285.12"), Decimal("1270.12"))
    assert income.without == expense.without == ("阳新县总工会",)
    assert any(f.code == "CON108" and f.params["unit"] == "阳新县总工会" for f in summary.findings)


def test_deadline_day_the_gap_of_15_traces_to_the_cells_of_ezhou(deadline: tuple[Summary, Path]) -> None:
    summary, _ = deadline
    gap = [f for f in summary.judged if f.code == "FND201"]
    assert {(f.where.book, f.where.cell, f.params["gap"]) for f in gap} == {
        ("ezhou_2025.xlsx", "D13", "15.00"),
        ("ezhou_2025.xlsx", "G13", "15.00"),
    }


def test_deadline_day_the_share_is_recomputed_and_the_rounding_gap_kept(deadline: tuple[Summary, Path]) -> None:
    summary, out = deadline
    ezhou = next(i for i, u in enumerate(summary.units) if u.name == "鄂州市总工会")
    total = line(summary, "funds.expense.total.before_last").amounts[ezhou]
    assert (total.amount, total.note) == (Decimal("1058.85"), "尾差 0.01")
    book = load_workbook(out, data_only=True)
    rates = [c.value for row in book["资金汇总"].iter_rows() for c in row if c.number_format == "0.00%"]
    assert 0.4059 in rates and 0.4095 not in rates
    beside = [str(c.value) for row in book["资金汇总"].iter_rows() for c in row if str(c.value).startswith("不含")]
    assert beside[0].split("；")[0] == "不含阳新县总工会"


def test_the_summary_workbook_links_each_unit_and_each_finding_to_its_file(deadline: tuple[Summary, Path]) -> None:
    _, out = deadline
    book = load_workbook(out)
    targets = {c.hyperlink.target for sheet in book for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert {f"in\\{name}.xlsx" for name in ("ezhou_2025", "yangxin_2024", "xinzhou_2020")} <= targets, "as Windows writes paths"
    places = {c.hyperlink.location for row in book["问题清单"].iter_rows() for c in row if c.hyperlink}
    assert "'资金情况'!E12" in places


@pytest.mark.slow
def test_the_summary_recalculates_to_its_cached_values(deadline: tuple[Summary, Path], office: Office) -> None:
    _, out = deadline
    count, bad = disagreements(out, office.converted([out], "xlsx")[0])
    assert count > 20 and bad == []


def test_a_neighbours_file_with_another_name_counts_for_nobody(tmp_path: Path) -> None:
    own = sample_filing(SPEC, 3, 2026)
    put(own, tmp_path / "in" / "03.xlsx")
    put(changed(own, {"cover.unit_name": unit_of(4).name}), tmp_path / "in" / "04.xlsx")
    summary = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx")
    assert {s.name: s.status for s in summary.statuses} == {"示例单位03": "已收", "示例单位04": "待认领"}
    assert line(summary, "funds.income.total.current").total == Decimal("690")


def test_a_reviewer_claims_a_renamed_units_file_by_name(tmp_path: Path) -> None:
    put(changed(sample_filing(SPEC, 1, 2026), {"cover.unit_name": "示例单位01（更名后）"}), tmp_path / "in" / "renamed.xlsx")
    rows = [roster_of_sample()[1].but(used_book="renamed.xlsx")]
    roster = operations.make_roster(tmp_path / "r.xlsx", rows)
    assert [s.status for s in operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx").statuses] == ["待认领"]
    assert [s.status for s in operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", roster=roster).statuses] == ["已收"]


def test_a_renamed_units_file_counts_when_the_roster_has_the_new_name(tmp_path: Path) -> None:
    put(changed(sample_filing(SPEC, 1, 2026), {"cover.unit_name": "示例单位01（更名后）"}), tmp_path / "in" / "a.xlsx")
    rows = [roster_of_sample()[1].but(name="示例单位01（更名后）")]
    roster = operations.make_roster(tmp_path / "r.xlsx", rows)
    assert [s.status for s in operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", roster=roster).statuses] == ["已收"]


def test_every_status_of_the_roster(tmp_path: Path) -> None:
    for n in (1, 2):
        put(sample_filing(SPEC, n, 2026), tmp_path / "in" / f"{n}.xlsx")
    put(sample_filing(SPEC, 2, 2026), tmp_path / "in" / "2 again.xlsx")
    put(replace(sample_filing(SPEC, 9, 2026), unit=Unit(unit_of(9).name, "999999-1")), tmp_path / "in" / "stranger.xlsx")
    put(changed(sample_filing(SPEC, 1, 2026), {"cover.unit_name": "冒名单位"}), tmp_path / "in" / "copied.xlsx")
    (tmp_path / "in" / "broken.xlsx").write_bytes(b"PK nothing")
    roster = operations.make_roster(
        tmp_path / "roster.xlsx",
        [r for r in roster_of_sample() if r.unit_code in ("S001", "S002", "S003") and r.division_code == "429900"],
    )
    summary = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", roster=roster)
    assert {s.name: s.status for s in summary.statuses} == {
        "示例单位01": "已收", "示例单位02": "重复", "示例单位03": "未报", "冒名单位": "待认领", "示例单位09": "名单外",
    }  # fmt: skip
    assert any(f.code == "CON107" and f.where.book == "broken.xlsx" for f in summary.findings)
    assert not summary.is_complete


def test_two_different_files_of_one_revision_are_for_the_reviewer(tmp_path: Path) -> None:
    one = sample_filing(SPEC, 1, 2026)
    other = changed(one, {"annual_goal.text": "另一个版本。"})
    put(one, tmp_path / "in" / "a.xlsx")
    put(other, tmp_path / "in" / "b.xlsx")
    summary = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx")
    assert summary.statuses[0].used is None and "待定" in summary.statuses[0].remark
    row = roster_of_sample()[1].but(used_book="b.xlsx")
    roster = operations.make_roster(tmp_path / "r.xlsx", [row])
    chosen = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", roster=roster).statuses[0].used
    assert chosen is not None and chosen.book == "b.xlsx"


def test_the_higher_revision_counts_whatever_the_file_is_called(tmp_path: Path) -> None:
    old = sample_filing(SPEC, 1, 2026)
    put(replace(changed(old, {"annual_goal.text": "改好了。"}), revision=1), tmp_path / "in" / "a.xlsx")
    put(old, tmp_path / "in" / "z(1).xlsx")
    used = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx").statuses[0].used
    assert used is not None and used.book == "a.xlsx"


def test_the_reviewer_leaves_a_unit_out_with_name_and_reason(tmp_path: Path) -> None:
    put(sample_filing(SPEC, 1, 2026), tmp_path / "in" / "1.xlsx")
    put(sample_filing(SPEC, 2, 2026), tmp_path / "in" / "2.xlsx")
    rows = [roster_of_sample()[1], roster_of_sample()[2].but(included="不纳入", decided_by="审核人甲", decided_why="口径不符")]
    roster = operations.make_roster(tmp_path / "r.xlsx", rows)
    summary = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", roster=roster)
    assert [s.status for s in summary.statuses] == ["已收", "不纳入"]
    assert line(summary, "funds.income.total.current").total == Decimal("678")
    assert any("审核人甲" in f.message() and "口径不符" in f.message() for f in summary.findings)


@settings(max_examples=20, deadline=None)
@given(st.permutations([1, 2, 3, 4]))
def test_the_order_of_the_files_does_not_matter(order: list[int]) -> None:
    def summary(numbers: list[int]) -> dict[str, object]:
        received = [Received(sample_filing(SPEC, n, 2026), f"{n}.xlsx") for n in numbers]
        return summary_json(summarise(SPEC, 2026, "declaration", received))

    assert summary(order) == summary([1, 2, 3, 4])


def test_the_sum_of_the_counties_is_the_city() -> None:
    filings = [sample_filing(SPEC, n, 2026) for n in range(1, 6)]
    summary = summarise(SPEC, 2026, "declaration", [Received(f, f.unit.name) for f in filings])
    for money in summary.money:
        for one in money.lines:
            parts = [Decimal(f.value(one.path.text) or "0") for f in filings]
            assert one.total == sum(parts)
    frame = funds_frame(summary)
    assert frame[frame.path == "funds.income.total.current"].amount.sum() == line(summary, "funds.income.total.current").total


def test_a_former_code_keeps_its_unit() -> None:
    row = RosterRow(row=4, division_code="429900", unit_code="S099", name="新名单位", former_codes=("S001",))
    summary = summarise(SPEC, 2026, "declaration", [Received(sample_filing(SPEC, 1, 2026), "a.xlsx")], [row])
    assert summary.statuses[0].status == "已收"


def test_a_part_that_is_no_number_leaves_its_unit_out_of_the_total(tmp_path: Path) -> None:
    put(
        changed(sample_filing(SPEC, 1, 2026), {"funds.income.fiscal.current": "1,200万", "funds.income.total.current": None}),
        tmp_path / "in" / "1.xlsx",
    )
    put(sample_filing(SPEC, 2, 2026), tmp_path / "in" / "2.xlsx")
    total = line(operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx"), "funds.income.total.current")
    assert (total.total, total.without) == (Decimal("684"), ("示例单位01",))


def test_what_is_no_workbook_is_named_and_an_unsigned_exclusion_refused(tmp_path: Path) -> None:
    put(sample_filing(SPEC, 1, 2026), tmp_path / "in" / "1.xlsx")
    (tmp_path / "in" / "二.et").write_bytes(b"wps")
    summary = operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx")
    assert [f.where.book for f in summary.findings if f.code == "CON107"] == ["二.et"]
    roster = operations.make_roster(tmp_path / "r.xlsx", [roster_of_sample()[1].but(included="不纳入")])
    with pytest.raises(operations.CannotRun) as refused:
        operations.roster_rows(roster)
    assert [f.code for f in refused.value.findings] == ["ROS103"]
