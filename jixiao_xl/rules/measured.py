"""Does a printed rate say what the 测算表 gives from its numerator and denominator?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.indicators import known_quantities
from jixiao_xl.forms.measures import SHEET, Measured, MeasuredRate, MeasurePlan, measured
from jixiao_xl.forms.plan import Slot
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value
from jixiao_xl.model.ratios import SHARE_STEP
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.registry import rule

STEP = SHARE_STEP * 100
"""Percentage points by which a stated rate may miss the computed one."""


@dataclass(frozen=True)
class _Stated:
    """One rate of one column: what the form states, and what was computed, if anything."""

    rate: MeasuredRate
    slot: Slot
    value: IndicatorValue
    found: Measured | None
    is_past: bool
    from_the_form: bool
    """Both amounts stand in the form's own tables, so that other rules judge it."""


@rule("IND305", "indicators")
def rate_is_what_the_quantities_give(case: Case) -> Iterator[Finding]:
    """填报的比率应等于测算表按分子、分母算出的数。

    为什么:比率手工填写,常有小数点错位、分子分母颠倒、照抄往年的;填了分子分母,谁都能复算。
    错:“三公”经费由 3 万元降到 2.86 万元,变动率填 4.67%。对:-4.67%。
    以前年度相差超过 0.01 个百分点的必须修改;当年目标只在写“=”而不相等,或算出的数达不到目标时提示。
    """
    plan = case.plan.measure
    if plan is None:
        return
    rates = [one for one in _stated(case, plan) if not one.from_the_form]
    _say_what_is_lacking(case, plan, rates)
    for one in rates:
        if one.found is not None and _disagrees(one, one.found):
            yield _finding(case, one, one.found)


def _stated(case: Case, plan: MeasurePlan) -> Iterator[_Stated]:
    """Every stated percentage of a rate that can be measured."""

    def amount(slot: Slot) -> Decimal | None:
        return None if case.is_spoiled(slot) else case.number(slot)

    for rate in plan.rates:
        for column in plan.results:
            slot, inputs = rate.stated.get(column.id), plan.inputs(rate, column.id)
            if slot is None or case.is_spoiled(slot):
                continue
            value = read_indicator_value(case.text(slot))
            if value.number is None or not value.is_percent:
                continue
            taken = inputs is not None and all(key in plan.taken for key in inputs)
            yield _Stated(rate, slot, value, measured(plan, rate, column.id, amount), (column.year or 0) < 0, taken)


def _say_what_is_lacking(case: Case, plan: MeasurePlan, rates: list[_Stated]) -> None:
    done = {one.rate.name for one in rates if one.found is not None}
    open_names = list(dict.fromkeys(one.rate.name for one in rates if one.rate.name not in done))
    if not open_names:
        return
    if not any(case.text(slot) for slot in plan.block.slots):
        case.lacking("IND305", f"“{SHEET}”没有填写，各项比率无法复算")
        return
    more = f"等 {len(open_names)} 项" if len(open_names) > 3 else ""
    names = "".join(f"“{name}”" for name in open_names[:3])
    case.lacking("IND305", f"“{SHEET}”没有填全，{names}{more}无法复算")


def _disagrees(one: _Stated, found: Measured) -> bool:
    """A value of a past year is the computed one; a target has to hold for it."""
    if found.fraction is None:
        return one.is_past
    percent, low, high = found.fraction * 100, one.value.number, one.value.high
    assert low is not None
    operator = one.value.operator
    if not operator and not one.is_past and high is None:
        operator = "≤" if one.rate.operator == "≤" else "≥"
    too_little = percent < low - STEP and operator not in ("≤", "<")
    too_much = percent > (low if high is None else high) + STEP and operator not in ("≥", ">")
    return too_little or too_much


def _finding(case: Case, one: _Stated, found: Measured) -> Finding:
    ratio, quantities = one.rate.ratio, known_quantities()
    of, to = show_amount(found.of), show_amount(found.to)
    if ratio.op == "change":
        numerator, denominator = f"（本年{quantities[ratio.of].label} {of}－上年 {to}）", f"上年 {to}"
    else:
        numerator, denominator = f"{quantities[ratio.of].label} {of}", f"{quantities[ratio.to].label} {to}"
    expected = found.printed("" if one.is_past else one.rate.operator)
    return case.finding(
        "IND305", one.slot, severity=None if one.is_past and found.fraction is not None else "warning",
        suggested=expected if one.is_past else None, label=case.label(one.slot), stated=one.value.text,
        numerator=numerator, denominator=denominator, expected=expected,
    )  # fmt: skip
