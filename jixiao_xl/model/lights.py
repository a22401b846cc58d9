"""红, 黄, 绿, 蓝: is a unit on its way to the year's target in this month?

Nothing of policy is here: every threshold comes from the rule pack as `Lights`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, get_args

from jixiao_xl.model.amounts import half_up
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.scoring import NOISE_PLACES, Method, Scoring, band_named

Light = Literal["红", "黄", "绿", "蓝"]
LIGHTS: tuple[Light, ...] = get_args(Light)
OF_FUNDS: tuple[Light, ...] = ("红", "黄", "绿")
"""The lights of 预算执行: spending fast is no fault."""
MONTHS = 12


class Lights(Entry):
    """What a province decides of the lights. A pace is what was done over what the months so far ask
    for: 1 is right on time."""

    execution_red_below: Decimal
    """预算执行: a slower pace is red."""
    execution_yellow_below: Decimal
    red_below: Decimal
    """正向 indicators: a slower pace is red."""
    yellow_below: Decimal
    blue_from: Decimal
    """A pace this fast is blue: far off as well."""
    by_grade: dict[str, Light]
    """By the name of the grade (达成)."""


def pace(done: Decimal | None, whole: Decimal | None, month: int) -> Decimal | None:
    """What was done until the end of `month` over what twelve equal months ask for; None where
    something is missing, the year's whole is not positive, or there is no such month."""
    if done is None or whole is None or whole <= 0 or not 1 <= month <= MONTHS:
        return None
    return half_up(done * MONTHS / (whole * month), NOISE_PLACES)


def execution_light(executed: Decimal | None, budget: Decimal | None, month: int, lights: Lights) -> Light | None:
    """The light of 预算执行; None (不适用) without a budget. Spending fast is not a fault."""
    speed = pace(executed, budget, month)
    if speed is None:
        return None
    return "红" if speed < lights.execution_red_below else "黄" if speed < lights.execution_yellow_below else "绿"


def indicator_light(
    method: Method, target: Decimal | None, done: Decimal | None, month: int, lights: Lights, *, by_pace: bool
) -> Light | None:
    """The light of a numeric indicator; None where it cannot be told.

    `by_pace`: it grows over the year (数量, 效益, 满意度). What does not (质量, 时效, 成本), a 反向
    indicator and a target that is not positive are within their range or not, whatever the month.
    """
    if target is None or done is None or method == "grade" or not 1 <= month <= MONTHS:
        return None
    if not by_pace or method == "low" or target <= 0:
        is_within = done <= target if method == "low" else done >= target if method == "high" else done == target
        return "绿" if is_within else "红"
    speed = pace(done, target, month)
    assert speed is not None
    if speed >= lights.blue_from:
        return "蓝"
    return "红" if speed < lights.red_below else "黄" if speed < lights.yellow_below else "绿"


def word_light(word: str, scoring: Scoring, lights: Lights) -> Light | None:
    """The light of a grade word (达成, 部分达成…); None for a word that is no grade."""
    band = band_named(word, scoring)
    return None if band is None else lights.by_grade.get(band.name)
