"""What the leader's report says, as numbers: from the totals, never from averages; missing is not zero."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao_xl.consolidate.filing_progress import days_late, deadline_of, expected_units, has_filed
from jixiao_xl.consolidate.key_figures import TOP
from jixiao_xl.consolidate.roster import UnitStatus
from jixiao_xl.consolidate.summary import MoneySummary, Summary
from jixiao_xl.consolidate.totals import LineTotal
from jixiao_xl.forms.spec import Group
from jixiao_xl.model.amounts import SUM_PLACES, half_up
from jixiao_xl.model.findings import SEVERITIES, Finding, Severity
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.ratios import change_rate, share
from jixiao_xl.model.review import GRADES, Review


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`; without a whole there is no rate, never 0."""

    part: int
    whole: int

    @property
    def value(self) -> Decimal | None:
        return share(Decimal(self.part), Decimal(self.whole)) if self.whole else None


@dataclass(frozen=True)
class GroupTotal:
    """The total of one group (收入, 支出) in 万元, and last year's. The change is of the units that have both."""

    label: str
    this_year: Decimal | None
    last_year: Decimal | None
    change: Decimal | None
    """(本年 - 上年) ÷ 上年, of the compared units."""
    difference: Decimal | None
    """万元; of the compared units too."""
    without: tuple[str, ...]
    """Units that are not in this year's total."""
    not_compared: tuple[str, ...]
    """Units in one of the two totals only, so in no comparison."""


@dataclass(frozen=True)
class Part:
    """One line of a group: its total in 万元 and its share of all lines."""

    label: str
    amount: Decimal | None
    share: Decimal | None
    without: tuple[str, ...]


@dataclass(frozen=True)
class TopUnit:
    name: str
    amount: Decimal
    share: Decimal


@dataclass(frozen=True)
class Problem:
    """A rule that several filings break. `example` is one of its findings, of `unit`."""

    code: str
    severity: Severity
    count: int
    units: int
    example: Finding
    unit: str


@dataclass(frozen=True)
class Overdue:
    """A unit past its deadline: not filed at all, or filed `days` late."""

    name: str
    office: str
    deadline: dt.date
    days: int
    filed: bool


@dataclass(frozen=True)
class ReportFigures:
    """Everything that the report says in numbers, on one day."""

    day: dt.date
    expected: int
    received: Rate
    on_time: Rate
    undated: tuple[str, ...]
    """Units whose filing or deadline has no date, so in no 按时率."""
    by_file_date: int
    """Units of which no more is known than the day of their file."""
    first_pass: Rate
    groups: tuple[GroupTotal, ...]
    structure: tuple[Part, ...]
    structure_label: str
    top: tuple[TopUnit, ...]
    quantified: Rate
    problems: tuple[Problem, ...]
    conclusions: tuple[tuple[str, int], ...]
    overdue: tuple[Overdue, ...]

    @property
    def structure_name(self) -> str:
        """What the structure is of: 支出, where the form's group is called 支出构成."""
        return self.structure_label.removesuffix("构成")


def report_figures(summary: Summary, day: dt.date) -> ReportFigures:
    """The figures of a summary as of `day`. Its reviews know whether a filing was sent back, and the 优良中差 given
    so far."""
    reviews = summary.reviews
    expected = expected_units(summary)
    filed = [unit for unit in expected if has_filed(unit)]
    on_time, undated = _on_time(summary, expected, day)
    groups, (structure_label, structure), top = _money(summary)
    return ReportFigures(
        day, len(expected), Rate(len(filed), len(expected)), on_time, undated,
        sum(known.basis == "文件日期" for unit in filed if (known := summary.received_on.get(unit.key))), _first_pass(filed, summary.judged, reviews),
        groups, structure, structure_label, top, _quantified(summary), _problems(summary),
        _conclusions(filed, reviews), tuple(_overdue(summary, expected, day)),
    )  # fmt: skip


# ---- filing ------------------------------------------------------------------------
def _on_time(summary: Summary, expected: Sequence[UnitStatus], day: dt.date) -> tuple[Rate, tuple[str, ...]]:
    """Units on time, of those of which it can be said: who filed on a known day, or is past the deadline."""
    on_time = whole = 0
    undated = []
    for unit in expected:
        late = days_late(summary, unit, day)
        if late is None:
            undated.append(unit.name)
        elif has_filed(unit) or late:
            whole, on_time = whole + 1, on_time + (not late)
    return Rate(on_time, whole), tuple(undated)


def _first_pass(filed: Sequence[UnitStatus], judged: Sequence[Finding], reviews: Mapping[str, Review]) -> Rate:
    """一次通过: what came first had no 必须修改 and was not sent back. A returned file has a revision above 0."""
    wrong = {finding.where.book for finding in judged if finding.severity == "error"}
    returned = {key for key, review in reviews.items() if any(step.state == "退回修改" for step in review.history)}
    passed = sum(
        status.used is not None and status.used.filing.revision == 0 and not wrong & set(status.books)
        and status.key not in returned
        for status in filed
    )  # fmt: skip
    return Rate(passed, len(filed))


def _conclusions(filed: Sequence[UnitStatus], reviews: Mapping[str, Review]) -> tuple[tuple[str, int], ...]:
    """How many units got each of 优良中差; nothing where nobody got one."""
    given = Counter(reviews[s.key].conclusion.overall for s in filed if s.key in reviews)
    return tuple((grade, given[grade]) for grade in GRADES) if any(given[grade] for grade in GRADES) else ()


def _overdue(summary: Summary, expected: Sequence[UnitStatus], day: dt.date) -> list[Overdue]:
    """Who is late, not filed before filed late, the longest first."""
    late = []
    for unit in expected:
        deadline, days = deadline_of(unit), days_late(summary, unit, day)
        if deadline is not None and days:
            office = unit.roster.office if unit.roster else ""
            late.append(Overdue(unit.name, office, deadline, days, has_filed(unit)))
    return sorted(late, key=lambda each: (each.filed, -each.days, each.name))


# ---- money -------------------------------------------------------------------------
Amounts = tuple[Decimal | None, ...]
"""One amount in 万元 for each unit of the summary."""


def _money(summary: Summary) -> tuple[tuple[GroupTotal, ...], tuple[str, tuple[Part, ...]], tuple[TopUnit, ...]]:
    """Totals of every group, the structure of the expense, the units that spend most; of the form's first money table."""
    if not summary.money:
        return (), ("", ()), ()
    money, units = summary.money[0], summary.units
    groups = tuple(
        total for group in money.table.group
        if (total := _group_total(group, units, _whole(money, group, 0), _whole(money, group, -1))) is not None
    )  # fmt: skip
    spent = next((group for group in money.table.group if group.id == "expense"), money.table.group[-1])
    return groups, (spent.label, tuple(_parts(money, spent))), tuple(_top(units, _whole(money, spent, 0) or (None,) * len(units)))


def _lines(money: MoneySummary, group: Group, year: int) -> list[LineTotal]:
    """The lines of the group in the first whole-year column of that year (0 当年, -1 上年)."""
    column = next((c for c in money.table.columns if c.year == year and c.span == "year" and not c.derived), None)
    return [line for line in money.lines if column and line.group.id == group.id and line.column.id == column.id]


def _leaves(lines: Sequence[LineTotal]) -> list[LineTotal]:
    """The lines that no other line of the group contains; the total row is none of them."""
    return [line for line in lines if not line.row.sum_of]


def _whole(money: MoneySummary, group: Group, year: int) -> Amounts | None:
    """What each unit has in the group: its total line, or the sum where the form prints none. None without such a year."""
    lines = _lines(money, group, year)
    if not lines:
        return None
    if total := next((line for line in lines if line.row.id == "total"), None):
        return tuple(own.amount for own in total.amounts)
    columns = zip(*(line.amounts for line in _leaves(lines)), strict=True)
    known = ([own.amount for own in column] for column in columns)
    return tuple(None if None in amounts else sum((a for a in amounts if a is not None), Decimal(0)) for amounts in known)


def _sum(amounts: Sequence[Decimal]) -> Decimal | None:
    return half_up(sum(amounts, Decimal(0)), SUM_PLACES) if amounts else None


def _group_total(group: Group, units: Sequence[UnitStatus], this: Amounts | None, last: Amounts | None) -> GroupTotal | None:
    if this is None:
        return None
    last = last or tuple(None for _ in units)
    both = [(now, then) for now, then in zip(this, last, strict=True) if now is not None and then is not None]
    now, then = _sum([a for a, _ in both]), _sum([b for _, b in both])
    compared = now is not None and then is not None
    return GroupTotal(
        group.label, _sum([a for a in this if a is not None]), _sum([b for b in last if b is not None]),
        change_rate(now, then) if now is not None and then is not None else None,
        now - then if now is not None and then is not None else None,
        tuple(unit.name for unit, a in zip(units, this, strict=True) if a is None),
        tuple(u.name for u, a, b in zip(units, this, last, strict=True) if compared and (a is None) != (b is None)),
    )  # fmt: skip


def _parts(money: MoneySummary, group: Group) -> list[Part]:
    lines = _leaves(_lines(money, group, 0))
    whole = _sum([line.total for line in lines if line.total is not None])
    return [
        Part(f"{line.row.under}{line.row.label}" if line.row.label == "小计" else line.row.label, line.total,
             share(line.total, whole) if line.total is not None and whole is not None else None, line.without)
        for line in lines
    ]  # fmt: skip


def _top(units: Sequence[UnitStatus], amounts: Amounts) -> list[TopUnit]:
    known = [(unit.name, amount) for unit, amount in zip(units, amounts, strict=True) if amount is not None]
    whole = sum((amount for _, amount in known), Decimal(0))
    largest = sorted(known, key=lambda each: (-each[1], each[0]))[:TOP]
    return [TopUnit(name, amount, share(amount, whole)) for name, amount in largest]


# ---- indicators and problems -----------------------------------------------------------
def _quantified(summary: Summary) -> Rate:
    """定量指标占比: of all indicator values stated, those that are a number; 无 and 不适用 are none."""
    stated = [read_indicator_value(value) for line in summary.indicators for value, _ in line.stated.values()]
    present = [value for value in stated if not value.is_absent]
    return Rate(sum(value.number is not None for value in present), len(present))


def _problems(summary: Summary) -> tuple[Problem, ...]:
    """The rules that most units break, of the files that count; hints and what was explained are no problems."""
    used = {unit.used.book: unit.name for unit in summary.units if unit.used is not None}
    found: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in summary.judged:
        if finding.where.book in used and finding.severity != "hint" and not finding.explained:
            found.setdefault((finding.code, finding.severity), []).append(finding)
    problems = [
        Problem(code, severity, len(own), len({f.where.book for f in own}), own[0], used[own[0].where.book])
        for (code, severity), own in found.items()
    ]  # fmt: skip
    ranked = sorted(problems, key=lambda p: (-p.units, -p.count, SEVERITIES.index(p.severity), p.code))
    return tuple(ranked[:TOP])
