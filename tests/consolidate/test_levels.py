"""One level is counted, the levels are held against each other, and units add up to county, prefecture, province."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from jixiao_xl import operations
from jixiao_xl.consolidate.departments import parents_of
from jixiao_xl.consolidate.levels import rolled_up
from jixiao_xl.consolidate.roster import Received, RosterRow
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.entries import believed
from jixiao_xl.model.facts import Fact, Filing, Unit
from jixiao_xl.workbook.build import build_workbook
from jixiao_xl.workbook.fill_sheets import BuildOptions
from tests.conftest import changed
from tests.hosts.test_cli import jixiao

SPEC = operations.form_named("hubei.dept_overall")
TOTAL = "funds.income.total.current"
CITY = "429900"


def row(code: str, name: str, level: str = "", supervisor: str = "", division: str = CITY, n: int = 4, **more: object) -> RosterRow:
    given = {"row": n, "division_code": division, "unit_code": code, "name": name, "level": level, "supervisor": supervisor}
    return believed(RosterRow, given | more)


BUREAU = row("100", "示例教育局", "部门汇总")
OWN = row("101", "示例教育局本级", "本级", "示例教育局")
SCHOOL = row("102", "示例中学", "所属", "100")
OTHER = row("200", "示例民政局", "本级")
ROSTER = [BUREAU, OWN, SCHOOL, OTHER]


def filed(of: RosterRow, n: int, **changes: str | None) -> Received:
    """Unit n's sample figures, filed by the row's unit: in all (100+n+12)*6 万元."""
    filing = sample_filing(SPEC, n, 2026)
    told = {f"funds.{line.replace('__', '.')}.current": value for line, value in changes.items()}
    filing = changed(filing, told | {"cover.unit_name": of.name})
    return Received(
        Filing(filing.form, filing.edition, 2026, "declaration", Unit(of.name, of.key), filing.facts), f"{of.unit_code}.xlsx"
    )


def the_sum(of: RosterRow, *parts: Received) -> Received:
    """A 部门汇总 whose every amount is the sum of the parts'."""
    facts = parts[0].filing.facts | {"cover.unit_name": Fact("cover.unit_name", of.name)}
    for path in [p for p in facts if p.startswith("funds.") and not p.endswith(".share")]:
        total = sum((Decimal(part.filing.facts[path].value) for part in parts), Decimal(0))
        facts[path] = Fact(path, show_amount(total))
    return Received(
        Filing(SPEC.form.id, SPEC.form.edition, 2026, "declaration", Unit(of.name, of.key), facts), f"{of.unit_code}.xlsx"
    )


def summary_of(*received: Received, roster: list[RosterRow] = ROSTER) -> Summary:
    return summarise(SPEC, 2026, "declaration", received, roster)


def total(summary: Summary) -> tuple[Decimal | None, tuple[str, ...]]:
    line = next(one for money in summary.money for one in money.lines if one.path.text == TOTAL)
    return line.total, line.without


def codes(summary: Summary, prefix: str = "CON11") -> list[tuple[str, str]]:
    return [(f.code, f.severity) for f in summary.findings if f.code.startswith(prefix)]


A, B, C = filed(OWN, 1), filed(SCHOOL, 2), filed(OTHER, 3)  # 678, 684 and 690 万元


# ---- one level -------------------------------------------------------------------------
def test_a_department_that_files_total_and_parts_is_counted_once() -> None:
    summary = summary_of(the_sum(BUREAU, A, B), A, B, C)
    assert total(summary) == (Decimal(678 + 684 + 690), ())
    assert [(s.name, s.remark) for s in summary.statuses if s.instead] == [
        ("示例教育局本级", "不重复计入：已按示例教育局部门汇总计入"),
        ("示例中学", "不重复计入：已按示例教育局部门汇总计入"),
    ]
    (said,) = [f for f in summary.findings if f.code == "CON110"]
    assert said.message() == "示例教育局：按部门汇总计入，示例教育局本级、示例中学 不重复计入。"
    assert summary.is_complete


def test_without_the_total_or_with_one_that_has_gaps_the_parts_count() -> None:
    gaps = the_sum(BUREAU, A, B)
    gaps = Received(changed(gaps.filing, {"funds.expense.operating.current": None, "funds.expense.total.current": None}), gaps.book)
    for received in ((A, B, C), (gaps, A, B, C)):
        assert total(summary_of(*received)) == (Decimal(678 + 684 + 690), ())
    late = summary_of(A, B, C)
    assert [(s.name, s.status) for s in late.statuses if s.instead] == [("示例教育局", "未报")], "still to be reminded"


def test_a_part_that_is_missing_is_covered_by_a_whole_total_and_named_without_one() -> None:
    assert total(summary_of(the_sum(BUREAU, A, B), A, C)) == (Decimal(678 + 684 + 690), ())
    assert total(summary_of(A, C)) == (Decimal(678 + 690), ("示例中学",))


def test_the_reviewer_turns_the_choice_by_leaving_the_total_out() -> None:
    signed = BUREAU.but(included="不纳入", decided_by="审核人甲", decided_why="未抵消")
    doubled = the_sum(BUREAU, A, B, B)
    assert total(summary_of(doubled, A, B, C, roster=[signed, OWN, SCHOOL, OTHER]))[0] == Decimal(678 + 684 + 690)


def test_a_total_whose_parts_do_not_name_it_may_be_counted_twice_and_that_is_said() -> None:
    nameless = SCHOOL.but(supervisor="")
    summary = summary_of(the_sum(BUREAU, A, B), B, C, roster=[BUREAU, nameless, OTHER])
    assert codes(summary) == [("CON113", "warning")] and total(summary)[0] == Decimal(678 + 684 + 684 + 690)
    assert codes(summary_of(the_sum(BUREAU, A, B), C, roster=[BUREAU, OTHER])) == [], "nobody else of it filed"


# ---- the levels against each other -----------------------------------------------------
def test_a_total_that_is_not_the_sum_of_its_parts_is_said_with_both_numbers() -> None:
    assert codes(summary_of(the_sum(BUREAU, A, B), A, B, C), "CON111") == []
    wrong = the_sum(BUREAU, A, B, C)
    summary = summary_of(wrong, A, B, C)
    found = {f.where.path: f for f in summary.findings if f.code == "CON111"}
    assert found[TOTAL].severity == "warning" and found[TOTAL].where.book == "100.xlsx"
    said = "示例教育局 的部门汇总收入构成·合计填 2052，下属 2 家之和为 1362，相差 690。"
    assert found[TOTAL].message() == said


@pytest.mark.parametrize(("fiscal", "said"), [("1135.01", False), ("1135.02", True)])
def test_a_gap_within_rounding_is_no_finding(fiscal: str, said: bool) -> None:
    off = the_sum(BUREAU, A, B)
    off = Received(changed(off.filing, {"funds.income.fiscal.current": fiscal, "funds.income.total.current": None}), off.book)
    found = [f.where.path for f in summary_of(off, A, B, C).findings if f.code == "CON111"]
    assert ("funds.income.fiscal.current" in found) is said, "two parts may be off by 0.01"


def test_nothing_is_compared_while_a_part_is_missing() -> None:
    found = codes(summary_of(the_sum(BUREAU, A, B, C), A, C))
    assert ("CON112", "hint") in found and "CON111" not in dict(found)
    gap = Received(changed(B.filing, {"funds.income.fiscal.current": None, "funds.income.total.current": None}), B.book)
    lacking = summary_of(the_sum(BUREAU, A, B), A, gap, C)
    assert next(f.params["missing"] for f in lacking.findings if f.code == "CON112").startswith("示例中学的收入构成")


# ---- the roster ------------------------------------------------------------------------
def test_a_rows_department_is_found_by_name_by_code_and_through_the_unit_above_it() -> None:
    below = row("103", "示例中学分校", "所属", "示例中学")
    system = row("300", "示例卫健委系统", "部门汇总", "示例卫健委")
    hospital = row("301", "示例医院", "所属", "示例卫健委")
    namesake = row("100", "示例教育局", "部门汇总", division="429001")
    found = parents_of([*ROSTER, below, system, hospital, namesake])
    wanted = {OWN.key: BUREAU.key, SCHOOL.key: BUREAU.key, below.key: BUREAU.key, hospital.key: system.key}
    assert found == wanted


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([row("1", "甲", former_codes=("9",)), row("2", "乙", former_codes=("9",), n=5)], ["ROS105"]),
        ([row("1", "甲", former_codes=("2",)), row("2", "乙", n=5)], ["ROS101"]),
        ([row("1", "甲", "部门汇总", "乙"), row("2", "乙", "部门汇总", "甲", n=5)], ["ROS106", "ROS106"]),
        ([row("1", "甲", former_codes=("8→9", "7")), row("2", "乙", n=5)], []),
    ],
)
def test_what_a_roster_says_twice_or_in_a_circle_is_a_finding(tmp_path: Path, rows: list[RosterRow], codes: list[str]) -> None:
    path = operations.make_roster(tmp_path / "r.xlsx", rows)
    try:
        assert operations.roster_rows(path) == [one.but(row=4 + n) for n, one in enumerate(rows)] and not codes
    except operations.CannotRun as refused:
        assert [f.code for f in refused.findings] == codes


# ---- county, prefecture, province -------------------------------------------------------
YANGXIN, DAYE, HUANGSHI, WUHAN = "420222", "420281", "420200", "420117"
UNITS = [
    row("1", "阳新县教育局", division=YANGXIN), row("2", "阳新县民政局", division=YANGXIN, n=5),
    row("1", "大冶市民政局", division=DAYE, n=6), row("1", "黄石市民政局", division=HUANGSHI, n=7),
    row("1", "武汉市新洲区民政局", division=WUHAN, n=8),
]  # fmt: skip


def put(received: Received, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build_workbook(SPEC, received.filing, BuildOptions(as_stated=True)))


def test_units_roll_up_to_county_and_prefecture_and_every_level_is_the_sum_of_the_one_below() -> None:
    whole = summary_of(*(filed(unit, n) for n, unit in enumerate(UNITS)), roster=UNITS)
    found = {(node.level, node.code, node.name): total(own) for node, own in rolled_up(whole)}
    assert found == {
        ("县", "420117", "新洲区"): (Decimal(112 + 4) * 6, ()),
        ("县", "420222", "阳新县"): (Decimal(112 + 113) * 6, ()),
        ("县", "420281", "大冶市"): (Decimal(114) * 6, ()),
        ("市", "420100", "武汉市"): (Decimal(116) * 6, ()),
        ("市", "420200", "黄石市"): (Decimal(112 + 113 + 114 + 115) * 6, ()),
    }
    cities = [amount for (level, _, _), (amount, _) in found.items() if level == "市" and amount is not None]
    assert sum(cities) == total(whole)[0]


def test_a_countys_summary_names_its_own_missing_units_and_problems_only() -> None:
    whole = summary_of(filed(UNITS[0], 0), filed(UNITS[2], 2, income__fiscal=None, income__total=None), roster=UNITS)
    own = {node.name: summary for node, summary in rolled_up(whole)}
    assert [f.params["unit"] for f in own["阳新县"].findings if f.code == "CON101"] == ["阳新县民政局"]
    assert [f.params["unit"] for f in own["大冶市"].findings] == ["大冶市民政局"], "CON108"
    assert {f.where.book for f in own["阳新县"].judged} <= {"1.xlsx"} and not own["阳新县"].is_complete


def test_a_part_in_another_division_counts_in_its_own_county_though_its_department_covers_it_above() -> None:
    school = row("102", "示例中学", "所属", "示例教育局", division="429901")
    roster = [BUREAU, OWN, school]
    part = filed(school, 2)
    whole = summary_of(the_sum(BUREAU, A, part), A, part, roster=roster)
    assert total(whole)[0] == Decimal(678 + 684)
    (county,) = [own for node, own in rolled_up(whole) if node.level == "县"]
    assert total(county)[0] == Decimal(684) and not [s for s in county.statuses if s.instead or s.remark]


def test_levels_are_written_beside_the_whole_and_a_file_of_somebody_elses_stays(tmp_path: Path) -> None:
    for n, unit in enumerate(UNITS[:3]):
        put(filed(unit, n), tmp_path / "in" / f"{n}.xlsx")
    roster = operations.make_roster(tmp_path / "r.xlsx", UNITS)
    levels = tmp_path / "逐级"
    levels.mkdir()
    (levels / "420281_大冶市_2026年申报汇总.xlsx").write_bytes(b"a person's own")
    done = jixiao("consolidate", tmp_path / "in", "-o", tmp_path / "s.xlsx", "--roster", tmp_path / "r.xlsx", "--levels", levels)
    assert roster.is_file() and "SYS904" in done.stdout, done.stderr
    names = {path.name.split("_2026")[0] for path in levels.iterdir()}
    assert names == {"420222_阳新县", "420281_大冶市", "420117_新洲区", "420200_黄石市", "420100_武汉市"}
    assert (levels / "420281_大冶市_2026年申报汇总.xlsx").read_bytes() == b"a person's own"
    book = load_workbook(levels / "420222_阳新县_2026年申报汇总.xlsx")
    assert str(book["资金汇总"]["A1"].value).startswith("阳新县2026年申报汇总")
    targets = {c.hyperlink.target for sheet in book for line in sheet.iter_rows() for c in line if c.hyperlink}
    assert {"..\\in\\0.xlsx", "..\\in\\1.xlsx"} <= targets and "..\\in\\2.xlsx" not in targets


def test_what_is_counted_once_is_said_beside_the_total(tmp_path: Path) -> None:
    for one in (the_sum(BUREAU, A, B), A, B, C):
        put(one, tmp_path / "in" / one.book)
    roster = operations.make_roster(tmp_path / "r.xlsx", ROSTER)
    operations.consolidate(tmp_path / "in", tmp_path / "s.xlsx", roster=roster)
    cells = [str(c.value) for line in load_workbook(tmp_path / "s.xlsx")["资金汇总"].iter_rows() for c in line]
    assert "已含示例教育局部门汇总，其下属 2 家不重复计入" in cells
    status = [str(c.value) for line in load_workbook(tmp_path / "s.xlsx")["报送情况"].iter_rows() for c in line]
    assert sum("不重复计入" in text for text in status) == 2
