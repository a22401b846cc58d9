"""占比, 执行率, 变动率, 控制率: what each is, once, for formulas, rules and UDFs alike."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from jixiao_xl.model.amounts import half_up, read_amount

RATE_PLACES = 4
"""Places of the fraction: a form prints a rate as a percent with two decimals."""

SHARE_STEP = Decimal("0.0001")
"""A stated share may be off by 0.01 percentage point (decisions, contract 7)."""

SHARE_SUM_STEP = Decimal("0.0002")
"""The shares of one group may miss 100 % by 0.02 percentage point (contract 7)."""


def share(part: Decimal, whole: Decimal) -> Decimal:
    """占比 is the row's amount over the 合计 of its group; nothing over nothing is printed as 0."""
    return Decimal(0) if whole == 0 else half_up(part / whole, RATE_PLACES)


def execution_rate(executed: Decimal, budget: Decimal) -> Decimal | None:
    """执行率 is 执行数 over 预算数; without a budget there is no rate (不适用), never 0."""
    return None if budget == 0 else half_up(executed / budget, RATE_PLACES)


def change_rate(this_year: Decimal, last_year: Decimal) -> Decimal | None:
    """变动率 is (本年 - 上年) over 上年; without a last year there is no rate."""
    return None if last_year == 0 else half_up((this_year - last_year) / abs(last_year), RATE_PLACES)


def control_rate(actual: Decimal, limit: Decimal) -> Decimal | None:
    """控制率 is 实际数 over 控制数 (预算安排的公用经费, 编制数); without a limit there is no rate."""
    return None if limit == 0 else half_up(actual / limit, RATE_PLACES)


def read_percent(text: str) -> Decimal | None:
    """`40.95%` is 0.4095; None when there is no percent sign or no number before it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain.endswith("%"):
        return None
    number = read_amount(plain[:-1])
    return None if number is None else number / 100


def show_percent(value: Decimal, places: int = 2) -> str:
    """A fraction as the forms print it: `100%`, `40.95%`, `0%`; at most `places` decimals."""
    text = format(half_up(value * 100, places).normalize(), "f")
    return f"{'0' if text == '-0' else text}%"
