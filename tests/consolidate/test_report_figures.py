"""The leader's figures: rates from counts, totals from totals, and nothing made up for what is missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pytest

from jixiao_xl import operations
from jixiao_xl.consolidate.report_figures import ReportFigures, report_figures
from jixiao_xl.consolidate.roster import Received, RosterRow
from jixiao_xl.consolidate.summary import summarise
from jixiao_xl.hosts.sample import sample_filing, unit_of
from jixiao_xl.model.dates import Arrived, days_past, local_day, read_date, spoken_date
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import Conclusion, Grade, Review, Step
from tests.conftest import changed, published

SPEC = operations.form_named("hubei.dept_overall")
DAY = dt.date(2025, 12, 10)
KEY = {n: unit_of(n).key for n in range(1, 6)}


def row(n: int, deadline: str = "2025-11-30") -> RosterRow:
    return RosterRow(
        row=3 + n, division_code="429900", unit_code=f"S{n:03d}", name=unit_of(n).name, office="预算科", deadline=deadline
    )


def with_expense(n: int, this: str | None, last: str | None) -> Filing:
    """Unit n with one line of expense this year and last year, 万元."""
    filing = sample_filing(SPEC, n, 2026)
    kept = {path: fact for path, fact in filing.facts.items() if not path.startswith("funds.")}
    given = {"current": this, "last": last}
    lines = {f"funds.expense.{line}.{column}": value for column, value in given.items() for line in ("personnel", "total")}
    zeros = {f"funds.expense.{line}.{c}": v and "0" for c, v in given.items() for line in ("operating", "special_purpose")}
    return changed(filing.with_facts(kept), lines | zeros)


def figures_of(*filings: Filing, roster: tuple[RosterRow, ...] = (), reviews: dict[str, Review] | None = None) -> ReportFigures:
    received = [Received(filing, f"{n}.xlsx") for n, filing in enumerate(filings, 1)]
    days = {key: local_day(review.history[0].on) for key, review in (reviews or {}).items() if review.history}
    came_on = {key: Arrived(day, "接收登记", day) for key, day in days.items()}
    return report_figures(summarise(SPEC, 2026, "declaration", received, roster, reviews=reviews or {}, received_on=came_on), DAY)


def came(n: int, day: str, *more: Step, grade: Grade | Literal[""] = "") -> dict[str, Review]:
    """The review of unit n: registered at noon of the day, then what else became of it."""
    history = (Step("已收", "接收登记", f"{day}T12:00:00"), *more)
    return {KEY[n]: Review(KEY[n], "已收", history=history, conclusion=Conclusion(grade))}


def found(book: str, severity: Severity = "error", code: str = "FND201", reason: str = "") -> Finding:
    return Finding(code, severity, Where(book=book), {}, reason=reason)


@pytest.mark.parametrize(
    "written", ["2026-11-30", "2026年11月30日", "2026/11/30", "2026.11.30", "２０２６－11－30", "2026-11-30 00:00:00"]
)
def test_a_deadline_is_read_as_lists_write_it(written: str) -> None:
    assert read_date(written) == dt.date(2026, 11, 30)


@pytest.mark.parametrize("written", ["", "11月底", "2026-02-30", "2026", "2026-11-300"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert read_date(written) is None


def test_days_past_are_never_negative() -> None:
    assert (days_past(dt.date(2026, 1, 1), dt.date(2026, 1, 4)), days_past(dt.date(2026, 1, 4), dt.date(2026, 1, 1))) == (3, 0)
    assert spoken_date(dt.date(2026, 1, 4)) == "2026年1月4日"


def test_the_change_is_of_the_units_that_have_both_years_and_the_others_are_named() -> None:
    figures = figures_of(with_expense(1, "110", "100"), with_expense(2, "50", None), with_expense(3, "22", "20"))
    expense = next(group for group in figures.groups if group.label == "支出构成")
    assert (expense.this_year, expense.last_year) == (Decimal(182), Decimal(120))
    assert (expense.difference, expense.change) == (Decimal(12), Decimal("0.1")), "132 against 120, not 182"
    assert expense.not_compared == ("示例单位02",) and expense.without == ()


def test_a_unit_without_amounts_is_missing_not_zero() -> None:
    figures = figures_of(with_expense(1, "110", "100"), with_expense(2, None, None))
    expense = next(group for group in figures.groups if group.label == "支出构成")
    assert expense.without == ("示例单位02",) and expense.not_compared == ()
    assert [unit.name for unit in figures.top] == ["示例单位01"]
    income = next(group for group in figures.groups if group.label == "收入构成")
    assert (income.this_year, income.last_year, income.change) == (None, None, None)


def test_a_last_year_of_nothing_has_no_rate_of_change() -> None:
    expense = figures_of(with_expense(1, "110", "0")).groups[1]
    assert (expense.last_year, expense.change, expense.difference) == (Decimal(0), None, Decimal(110))


def test_shares_come_from_the_totals_not_from_the_units_shares() -> None:
    big = changed(with_expense(1, "900", "1"), {"funds.expense.operating.current": "100", "funds.expense.total.current": "1000"})
    small = changed(with_expense(2, "0", "1"), {"funds.expense.operating.current": "10", "funds.expense.total.current": "10"})
    shares = {part.label: part.share for part in figures_of(big, small).structure}
    assert shares["人员类项目支出"] == Decimal("0.8911"), "900 of 1010; the mean of 90 % and 0 % would be 45 %"
    assert sum(share for share in shares.values() if share is not None) == Decimal("1.0000")


def test_the_ten_largest_come_first_with_their_share_of_all() -> None:
    figures = figures_of(*(with_expense(n, str(10 * n), None) for n in range(1, 12)))
    assert [unit.name for unit in figures.top] == [unit_of(n).name for n in range(11, 1, -1)]
    assert figures.top[0].share == Decimal("0.1667"), "110 of 660, the eleventh unit included"


def test_a_form_that_prints_no_total_of_expense_adds_its_lines() -> None:
    wuxi = published("wuxi_2022")
    summary = summarise(operations.form_named("jiangsu.dept_overall"), 2022, wuxi.stage, [Received(wuxi, "w.xlsx")])
    figures = report_figures(summary, DAY)
    lines = [part.amount for part in figures.structure]
    assert len(lines) == 2 and figures.top[0].amount == sum(lines)
    assert [(group.this_year is None, group.last_year) for group in figures.groups] == [(False, None)] * 2


def test_on_time_counts_only_whom_it_can_be_said_of() -> None:
    roster = (row(1), row(2), row(3), row(4), row(5, deadline="2025-12-31"))
    reviews = came(1, "2025-11-30") | came(2, "2025-12-02")
    figures = figures_of(*(sample_filing(SPEC, n, 2026) for n in (1, 2, 3)), roster=roster, reviews=reviews)
    assert (figures.received.part, figures.expected) == (3, 5)
    assert (figures.on_time.part, figures.on_time.whole) == (1, 3), "1 on time, 2 late, 4 not filed; 5 is not due"
    assert figures.undated == ("示例单位03",)
    assert [(late.name, late.days, late.filed) for late in figures.overdue] == [("示例单位04", 10, False), ("示例单位02", 2, True)]


def test_without_a_deadline_there_is_no_rate_rather_than_zero() -> None:
    figures = figures_of(sample_filing(SPEC, 1, 2026))
    assert figures.on_time.value is None and figures.undated == ("示例单位01",)


def test_first_pass_is_a_first_filing_without_errors() -> None:
    sound, wrong = (
        Received(sample_filing(SPEC, 1, 2026), "1.xlsx"),
        Received(sample_filing(SPEC, 2, 2026), "2.xlsx", (found("2.xlsx"),)),
    )
    mended = Received(replace(sample_filing(SPEC, 3, 2026), revision=1), "3.xlsx")
    asked = Received(sample_filing(SPEC, 4, 2026), "4.xlsx", (found("4.xlsx", "warning"),))
    figures = report_figures(summarise(SPEC, 2026, "declaration", [sound, wrong, mended, asked]), DAY)
    assert (figures.first_pass.part, figures.first_pass.whole, figures.first_pass.value) == (2, 4, Decimal("0.5"))


def test_a_unit_that_was_sent_back_did_not_pass_at_first() -> None:
    reviews = came(1, "2025-11-20", Step("退回修改", "审核人甲", "2025-11-21T09:00:00"))
    assert figures_of(sample_filing(SPEC, 1, 2026), reviews=reviews).first_pass.part == 0


def test_quantified_indicators_are_numbers_among_what_is_stated() -> None:
    path = "annual_indicators[运行成本/公用经费控制/公用经费控制率].target"
    whole = figures_of(sample_filing(SPEC, 1, 2026)).quantified
    words = figures_of(changed(sample_filing(SPEC, 1, 2026), {path: "合理"})).quantified
    none = figures_of(changed(sample_filing(SPEC, 1, 2026), {path: "不适用"})).quantified
    assert (words.part, words.whole) == (whole.part - 1, whole.whole)
    assert (none.part, none.whole) == (whole.part - 1, whole.whole - 1)


def test_common_problems_are_those_that_most_units_have() -> None:
    many = tuple(found("1.xlsx", code="IND101") for _ in range(5))
    noise = (found("1.xlsx", "hint", "TXT106"), found("1.xlsx", "warning", "PRI104", reason="属实"))
    one = Received(sample_filing(SPEC, 1, 2026), "1.xlsx", (*many, found("1.xlsx"), *noise))
    other = Received(sample_filing(SPEC, 2, 2026), "2.xlsx", (found("2.xlsx"),))
    problems = report_figures(summarise(SPEC, 2026, "declaration", [one, other]), DAY).problems
    assert [(p.code, p.units, p.count, p.unit) for p in problems] == [
        ("FND201", 2, 2, "示例单位01"),
        ("IND101", 1, 5, "示例单位01"),
    ]


def test_conclusions_are_counted_and_absent_when_nobody_gave_one() -> None:
    sound = sample_filing(SPEC, 1, 2026)
    assert figures_of(sound).conclusions == ()
    reviews = came(1, "2025-11-30", grade="良") | came(2, "2025-11-30", grade="优")
    assert figures_of(sound, reviews=reviews).conclusions == (("优", 0), ("良", 1), ("中", 0), ("差", 0)), "2 did not file"
