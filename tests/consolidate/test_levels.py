"""One level is counted, the levels are held against each other, and units add up to county, prefecture, province."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from jixiao_xl import operations
from jixiao_xl.consolidate.departments import parents_of
from jixiao_xl.consolidate.roster import Received, RosterRow
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.hosts.sample import sample_filing
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.facts import Fact, Filing, Unit
from tests.conftest import changed

SPEC = operations.form_named("hubei.dept_overall")
TOTAL = "funds.income.total.current"
CITY = "429900"


def row(code: str, name: str, level: str = "", supervisor: str = "", division: str = CITY, n: int = 4, **more: object) -> RosterRow:
    given = {"row": n, "division_code": division, "unit_code": code, "name": name, "level": level, "supervisor": supervisor}
    return RosterRow.model_validate(given | more)


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
    facts = dict(parts[0].filing.facts)
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
    signed = BUREAU.model_copy(update={"included": "不纳入", "decided_by": "审核人甲", "decided_why": "未抵消"})
    doubled = the_sum(BUREAU, A, B, B)
    assert total(summary_of(doubled, A, B, C, roster=[signed, OWN, SCHOOL, OTHER]))[0] == Decimal(678 + 684 + 690)


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
        assert operations.roster_rows(path) == [one.model_copy(update={"row": 4 + n}) for n, one in enumerate(rows)] and not codes
    except operations.CannotRun as refused:
        assert [f.code for f in refused.findings] == codes
