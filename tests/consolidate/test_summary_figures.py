"""The figures behind the summary: what adds, what is compared, what is only counted; missing is never zero."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from jixiao_xl import operations
from jixiao_xl.consolidate.common_findings import by_rule, by_unit
from jixiao_xl.consolidate.filing_progress import days_late, filing_progress, state_of
from jixiao_xl.consolidate.indicator_spread import Spread, spread
from jixiao_xl.consolidate.key_figures import structures
from jixiao_xl.consolidate.peers import oddities
from jixiao_xl.consolidate.roster import Received, RosterRow
from jixiao_xl.consolidate.summary import IndicatorLine, Summary, summarise
from jixiao_xl.consolidate.year_on_year import line_changes
from jixiao_xl.hosts.sample import roster_of_sample, sample_filing, unit_of
from jixiao_xl.model.dates import Arrived
from jixiao_xl.model.facts import Fact, Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import Review, Step
from tests.conftest import changed

SPEC = operations.form_named("hubei.dept_overall")
RATE = "annual_indicators[运行成本/公用经费控制/公用经费控制率].target"


def of(name: str, *values: str, own: bool = False, expected: int = 0) -> Spread:
    stated = {place: (value, "") for place, value in enumerate(values) if value}
    return spread(IndicatorLine("annual_indicators", ("产出", "数量", name), len(values), stated, own), expected or len(values))


def summed(*filings: Filing, roster: list[RosterRow] | None = None, **more: object) -> Summary:
    received = [Received(filing, f"{filing.unit.name}.xlsx") for filing in filings]
    return summarise(SPEC, 2026, "declaration", received, roster or (), **more)  # type: ignore[arg-type]


def test_counts_of_one_operator_and_unit_add_with_their_operator() -> None:
    found = of("走访慰问困难职工人数", "≥23人", "≥100人", "不低于7人")
    assert (found.total, found.unit, found.low, found.middle, found.high) == ("≥130人", "人", 7, 23, 100)


@pytest.mark.parametrize(
    ("values", "why"),
    [(("≥23人", "20人"), "比较符号不一"), (("≥23人", "≥5场"), "计量单位不一"), (("5-10人", "3-4人"), "区间")],
    ids=["operators", "units of measure", "ranges"],
)
def test_counts_of_different_kinds_do_not_add_and_say_why(values: tuple[str, ...], why: str) -> None:
    found = of("走访慰问困难职工人数", *values)
    assert found.total == "" and why in found.remark


@pytest.mark.parametrize(
    ("name", "values"),
    [("公用经费控制率", ("≤100%", "≤80%", "≤130%")), ("办结时限", ("≤5天", "≤7天")), ("人均培训次数", ("≥2次", "≥3次"))],
)
def test_rates_durations_and_averages_never_add(name: str, values: tuple[str, ...]) -> None:
    assert of(name, *values).total == ""


def test_a_rate_shows_smallest_middle_and_largest_as_fractions() -> None:
    found = of("公用经费控制率", "≤100%", "≤80%", "≤130%", "≤90%")
    assert (found.low, found.middle, found.high) == (Decimal("0.8"), Decimal("0.95"), Decimal("1.3"))


def test_grades_are_counted_and_blanks_are_blanks() -> None:
    found = of("管理制度健全性", "健全", "较健全", "健全", "", expected=4)
    assert (found.grades, found.stated, found.blanks) == ((("健全", 2), ("较健全", 1)), 3, 1)
    assert found.low is None and found.total == ""


def test_a_bare_zero_is_of_every_unit_of_measure() -> None:
    found = of("预算调整率", "≤5%", "0", "≤3%")
    assert (found.unit, found.low, found.high, found.remark) == ("%", 0, Decimal("0.05"), "")


def test_words_among_the_numbers_are_named_as_not_in_the_total() -> None:
    found = of("走访慰问困难职工人数", "≥23人", "若干", "≥7人")
    assert (found.total, found.remark) == ("≥30人", "1家为文字，不在合计中")


def test_year_on_year_leaves_out_of_its_sums_who_lacks_a_year() -> None:
    without = changed(sample_filing(SPEC, 2, 2026), {"funds.income.fiscal.last": None, "funds.income.total.last": None})
    summary = summed(sample_filing(SPEC, 1, 2026), without)
    change = next(c for c in line_changes(summary, summary.money[0]) if c.line.path.text == "funds.income.fiscal.current")
    assert change.sums == (Decimal(565), Decimal(555))
    assert [c.rate for c in change.units] == [Decimal("0.0180"), None]


def test_last_years_filing_fills_what_the_form_lacks_and_a_difference_is_said() -> None:
    path = "funds.income.fiscal.current"
    last = {unit_of(n).key: Filing(SPEC.form.id, "2025", 2025, "approval", unit_of(n), {path: Fact(path, "500")}) for n in (1, 2)}
    without = changed(sample_filing(SPEC, 2, 2026), {"funds.income.fiscal.last": None})
    summary = summed(sample_filing(SPEC, 1, 2026), without, last_year=last)
    change = next(c for c in line_changes(summary, summary.money[0]) if c.line.path.text == path)
    assert [(c.last, c.source, c.remark) for c in change.units] == [
        (Decimal(555), "本表上年数", "上年报送件为 500"), (Decimal(500), "上年报送件", ""),
    ]  # fmt: skip


def test_an_outlier_is_said_in_words_and_hides_nobody() -> None:
    filings = [changed(sample_filing(SPEC, n, 2026), {RATE: "≤98%"}) for n in range(1, 7)]
    filings[2] = changed(filings[2], {RATE: "130%"})
    summary = summed(*filings)
    said = [odd.spoken(summary.units[odd.place].name) for odd in oddities(summary)]
    assert said == ["示例单位03 的公用经费控制率（年度绩效指标） 130%，同类单位中位数 98%，高出 32 个百分点。"]


def test_four_units_are_too_few_to_compare() -> None:
    filings = [sample_filing(SPEC, n, 2026) for n in range(1, 5)]
    filings[0] = changed(filings[0], {RATE: "300%"})
    assert oddities(summed(*filings)) == []


def test_units_of_another_level_are_no_peers() -> None:
    filings = [changed(sample_filing(SPEC, n, 2026), {RATE: "50%" if n == 6 else "98%"}) for n in range(1, 7)]
    roster = [row.but(level="所属" if row.unit_code == "S006" else "本级") for row in roster_of_sample()[1:7]]
    assert oddities(summed(*filings, roster=roster)) == []


def test_problems_are_ordered_by_the_units_that_have_them_with_reasons_counted() -> None:
    def finding(code: str, n: int, reason: str = "") -> Finding:
        return Finding(code, "warning", Where(book=f"{n}.xlsx"), {"label": "某格", "stated": "1", "sheet": "封面"}, None, reason)

    own = {1: [finding("WBK106", 1), finding("WBK105", 1, "已改")], 2: [finding("WBK105", 2, "已改"), finding("WBK105", 2)]}
    received = [Received(sample_filing(SPEC, n, 2026), f"{n}.xlsx", tuple(found)) for n, found in own.items()]
    summary = summarise(SPEC, 2026, "declaration", received)
    assert [(c.code, c.units, c.count, c.explained, c.open, c.reasons) for c in by_rule(summary)] == [
        ("WBK105", 2, 3, 2, 1, (("已改", 2),)), ("WBK106", 1, 1, 0, 1, ()),
    ]  # fmt: skip
    assert [(u.book, u.waiting, u.explained, u.most.code if u.most else "", u.times) for u in by_unit(summary)] == [
        ("1.xlsx", 1, 1, "WBK105", 1), ("2.xlsx", 1, 1, "WBK105", 2),
    ]  # fmt: skip


def test_days_past_the_deadline_count_to_today_or_to_the_day_the_file_came() -> None:
    rows = roster_of_sample()[1:4]
    days = {1: dt.date(2025, 12, 3), 2: dt.date(2025, 11, 1)}
    came = {unit_of(n).key: Arrived(day, "接收登记", day) for n, day in days.items()}
    filings = [sample_filing(SPEC, n, 2026) for n in (1, 2)]
    summary = summed(*filings, roster=rows, today=dt.date(2025, 12, 10), received_on=came)
    assert [days_late(summary, unit) for unit in summary.statuses] == [3, 0, 10]
    assert filing_progress(summary).late == ("示例单位01", "示例单位03")
    undated = summed(*filings, roster=rows)
    assert [days_late(undated, unit) for unit in undated.statuses] == [None, None, None]


def test_a_review_says_the_state_of_what_was_filed_and_when_it_came() -> None:
    steps = (Step("已收", "接收登记", "2025-12-02T08:00:00+00:00"), Step("退回修改", "审核人甲", "2025-12-04"))
    reviews = {unit_of(1).key: Review(unit_of(1).key, "退回修改", "审核人甲", "2025-12-04", history=steps)}
    came = {unit_of(1).key: Arrived(dt.date(2025, 12, 2), "接收登记")}
    summary = summed(
        sample_filing(SPEC, 1, 2026), roster=roster_of_sample()[1:3], today=dt.date(2025, 12, 5), reviews=reviews, received_on=came
    )
    assert [state_of(summary, unit) for unit in summary.statuses] == ["退回修改", "未报"]
    assert [days_late(summary, unit) for unit in summary.statuses] == [2, 5]
    assert filing_progress(summary).states == (("未报", 1), ("退回修改", 1))


def test_the_top_units_and_the_parts_of_a_structure_leave_out_what_is_missing() -> None:
    whole = sample_filing(SPEC, 3, 2026)
    gone = whole.with_facts({path: fact for path, fact in whole.facts.items() if not path.startswith("funds.expense")})
    summary = summed(sample_filing(SPEC, 1, 2026), sample_filing(SPEC, 2, 2026), gone)
    expense = structures(summary)[1]
    assert [summary.units[place].name for place in expense.top] == ["示例单位02", "示例单位01"]
    assert [part.row.id for part in structures(summary)[0].parts] == ["fiscal", "own_funds"], "a 0 is no slice"
