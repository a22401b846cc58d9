"""What each unit's 监控表 or 自评表 comes to: execution rate and light, or points and grade.

Points are each unit's own; nothing here adds or averages them. Missing is None, 不适用 is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from jixiao_xl.consolidate.outcomes import lights_counted
from jixiao_xl.consolidate.roster import UnitStatus
from jixiao_xl.consolidate.summary import MoneySummary, Summary
from jixiao_xl.consolidate.totals import Rate, RateTotal, rate_of
from jixiao_xl.forms.derive import Inputs, derived_cells
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.outcome_words import Spending, Verdict, outcome_columns, spending_of, verdict_of
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.scored import INAPPLICABLE, funds_light, grade_word
from jixiao_xl.forms.spec import FormSpec, IndicatorTable
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.amounts import read_amount, show_amount
from jixiao_xl.model.facts import FactPath, Filing
from jixiao_xl.model.lights import MONTHS
from jixiao_xl.model.scoring import execution_points


@dataclass(frozen=True)
class UnitResult:
    """One unit's year. `light` is blank, and the numbers are None, where they cannot be told."""

    place: int
    budget: Decimal | None
    executed: Decimal | None
    rate: Rate
    month: Decimal | None
    light: str
    lights: tuple[tuple[str, int], ...]
    """Of its indicators, counted."""
    points: Rate
    """Of the funds, as the amounts give them."""
    total: Decimal | None
    """All its points together, as its entries give them."""
    grade: str
    last_rate: Decimal | None
    """Last year's rate of the same stage, up to the same month."""
    note: str


@dataclass(frozen=True)
class UnitResults:
    """All of them, by place; what `verdict` or `spending` do not know, the form does not say."""

    money: MoneySummary
    spending: Spending
    rate: RateTotal
    weight: Decimal | None
    """分值 of the funds, where the form gives points for them."""
    verdict: Verdict | None
    units: tuple[UnitResult, ...]
    grades: tuple[str, ...]
    """From the best to the worst."""

    @property
    def lights(self) -> tuple[tuple[str, int], ...]:
        """Units by light; 不适用 and units of which it is unknown are none of them."""
        return lights_counted(unit.light for unit in self.units)

    @property
    def graded(self) -> tuple[tuple[str, int], ...]:
        """Units by grade, also those that nobody got; nothing where nobody has a grade yet."""
        counts = tuple((grade, sum(unit.grade == grade for unit in self.units)) for grade in self.grades)
        return counts if any(count for _, count in counts) else ()

    @property
    def slowest(self) -> list[UnitResult]:
        """The units with a rate, from the lowest on."""
        known = [(unit.rate, unit.place, unit) for unit in self.units if isinstance(unit.rate, Decimal)]
        return [unit for *_, unit in sorted(known, key=lambda each: each[:2])]


def unit_results(summary: Summary) -> UnitResults | None:
    """None for a form that does not say how much was executed."""
    if "unit_results" not in summary.worked_out:
        summary.worked_out["unit_results"] = _unit_results(summary)
    return summary.worked_out["unit_results"]  # type: ignore[no-any-return]


def _unit_results(summary: Summary) -> UnitResults | None:
    for money in summary.money:
        spending = spending_of(money.table)
        whole = spending.whole if spending else None
        if spending is None or whole is None:
            continue
        path = FactPath(money.table.id, spending.rate.id, (whole[0].id, whole[1].id)).text
        rate = next((one for one in money.rates if one.path.text == path), None)
        if rate is not None:
            verdict = verdict_of(summary.spec)
            weight = whole[1].points if spending.points else None
            one = _Reading(summary, spending, rate, weight, verdict)
            units = tuple(one.of(place, unit) for place, unit in enumerate(summary.units))
            scoring = thresholds_of(summary.spec.form.pack).scoring
            grades = tuple(grade.name for grade in scoring.grades) if verdict else ()
            return UnitResults(money, spending, rate, weight, verdict, units, grades)
    return None


@dataclass(frozen=True)
class _Reading:
    """How the filings of one summary are looked at."""

    summary: Summary
    spending: Spending
    rate: RateTotal
    weight: Decimal | None
    verdict: Verdict | None

    def of(self, place: int, unit: UnitStatus) -> UnitResult:
        executed, budget = self.rate.executed.amounts[place].amount, self.rate.budget.amounts[place].amount
        filing, pack = unit.used.filing if unit.used else None, self.summary.spec.form.pack
        month = month_of(self.spending, filing)
        total, said = (None, "") if self.verdict is None or filing is None else _total(self.summary.spec, self.verdict, filing)
        points = self._points(executed, budget)
        notes = [self.rate.executed.amounts[place].note, said, self._unpointed(points) if filing else ""]
        last_rate, other = self._last_year(unit, month)
        return UnitResult(
            place, budget, executed, self.rate.units[place], month, self._light(executed, budget, month),
            () if filing is None else _lights(self.summary.spec, filing), points, total,
            grade_word(total, pack), last_rate, unit.status if unit.used is None else "；".join(filter(None, (*notes, other))),
        )  # fmt: skip

    def _light(self, executed: Decimal | None, budget: Decimal | None, month: Decimal | None) -> str:
        return "" if self.spending.light is None else light_of(executed, budget, month, self.summary.spec.form.pack)

    def _points(self, executed: Decimal | None, budget: Decimal | None) -> Rate:
        if self.weight is None or executed is None or budget is None:
            return None
        scoring = thresholds_of(self.summary.spec.form.pack).scoring
        return INAPPLICABLE if budget <= 0 else execution_points(executed, budget, self.weight, scoring)

    def _unpointed(self, points: Rate) -> str:
        """What the total is without, of the points of the funds."""
        if self.weight is None or isinstance(points, Decimal):
            return ""
        why = "不适用" if points == INAPPLICABLE else "没有得分"
        return f"预算执行{why}，总分里没有这 {show_amount(self.weight)} 分"

    def _last_year(self, unit: UnitStatus, month: Decimal | None) -> tuple[Decimal | None, str]:
        """Last year's rate, and why there is none though the unit filed."""
        before = self.summary.last_year.get(unit.key)
        if before is None:
            return None, ""
        their_month = month_of(self.spending, before)
        if their_month != month:
            return None, "" if their_month is None else f"上年监控到 {show_amount(their_month)} 月，不同期"
        amounts = [read_amount(before.value(line.path.text) or "") for line in (self.rate.executed, self.rate.budget)]
        rate = rate_of(*amounts)
        return (rate, "") if isinstance(rate, Decimal) else (None, "")


def light_of(executed: Decimal | None, budget: Decimal | None, month: Decimal | None, pack: str) -> str:
    """The light of a line of the funds: 不适用 without a budget, blank where it cannot be told."""
    if executed is None or budget is None:
        return ""
    return INAPPLICABLE if budget <= 0 else funds_light(executed, budget, month, pack)


def month_of(spending: Spending, filing: Filing | None) -> Decimal | None:
    """Up to which month the filing looks; None where the form does not ask, or there is no such month."""
    if filing is None or spending.light is None or not spending.light.month:
        return None
    month = read_amount(filing.value(spending.light.month) or "")
    return month if month is not None and month == int(month) and 1 <= month <= MONTHS else None


def _lights(spec: FormSpec, filing: Filing) -> tuple[tuple[str, int], ...]:
    """The lights of the unit's indicators, as its form shows them."""
    ends = [
        (f"{b.id}[", f".{c.light.id}")
        for b in spec.block
        if isinstance(b, IndicatorTable) and (c := outcome_columns(b)) and c.light
    ]
    return lights_counted(
        filing.value(path) or "" for path in filing.facts for begin, end in ends if path.startswith(begin) and path.endswith(end)
    )


def _total(spec: FormSpec, verdict: Verdict, filing: Filing) -> tuple[Decimal | None, str]:
    """The unit's points as its entries give them, and what is to be said of them."""
    plan = plan_form(spec, filing)
    slot, inputs = plan.by_path[verdict.total], Inputs(plan, filing)
    total = inputs.number(slot)
    stated = read_amount(filing.value(verdict.total) or "")
    parts = next((d.inputs for d in derived_cells(plan) if d.slot is slot), ())
    said = []
    if total is not None and stated is not None and stated != total:
        said.append(f"填报总分 {show_amount(stated)}，已按各项得分 {show_amount(total)} 计入")
    if total is not None and (open_ := _unscored(parts, inputs)):
        said.append(f"{open_} 个指标没有得分")
    return total, "；".join(said)


def _unscored(parts: Sequence[Slot], inputs: Inputs) -> int:
    """How many of the indicators that the unit filed have no points."""
    return sum(inputs.number(slot) is None for slot in parts if slot.path is not None and slot.path.names)
