"""How many points does a result get: 自评得分, its limits, and the grade of the total?

Points, weights and the total are numbers of points (100 in all); a rate is a fraction. Nothing of
policy is here: every threshold comes from the rule pack as a `Scoring`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, get_args

from jixiao_xl.model.amounts import half_up
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.indicator_value import Operator
from jixiao_xl.model.records import dataclass

Method = Literal["high", "low", "equal", "grade"]
"""正向, 反向, 等于, 定性: which results are good."""
METHODS: tuple[Method, ...] = get_args(Method)
METHOD_WORDS: dict[str, Method] = {"正向": "high", "反向": "low", "等于": "equal", "定性": "grade"}
"""What staff call them."""
_OF_OPERATOR: dict[Operator, Method] = {"≥": "high", ">": "high", "≤": "low", "<": "low", "=": "equal"}
_ZERO = Decimal(0)

NOISE_PLACES = 9
"""A quotient is rounded here first: a spreadsheet's binary numbers carry 15 digits, and would else put a
half of the last place on the wrong side of it."""


class Band(Entry):
    """One grade of a qualitative indicator: the share of the weight that it may get.

    The lower end belongs to the band; the upper end belongs to the next better one, and to the best
    band itself.
    """

    name: str
    """达成, 部分达成 or 未达成."""
    words: tuple[str, ...]
    """Other ways in which forms print it."""
    at_least: Decimal
    below: Decimal


class Cap(Entry):
    """With an execution rate below `below`, the total may be `most` at most."""

    below: Decimal
    most: Decimal


class Grade(Entry):
    """With `at_least` points, the conclusion is `name` (优)."""

    at_least: Decimal
    name: str


class Scoring(Entry):
    """What a province decides of scoring; shares and rates are fractions."""

    places: int
    """Decimals of points."""
    low_rule: Literal["linear", "inverse"]
    """What a 反向 indicator over its target gets: linear down to 0 at twice the target, or 目标÷实际."""
    bands: tuple[Band, ...]
    """From the best to the worst."""
    full: Decimal
    """What the weights add up to."""
    grades: tuple[Grade, ...]
    """From the best to the worst; the worst from 0 points."""
    caps: tuple[Cap, ...]
    """From the lowest execution rate to the highest."""
    over_target: Decimal
    """From this share of its target on, a result is asked about."""
    over_target_marked: Decimal
    """From this share on, it is marked and may be scored by hand."""
    reason_below: Decimal
    """Under this execution rate a reason is demanded."""
    full_marks_rate: Decimal
    """Full marks with an execution rate under this are asked about."""
    score_gap: Decimal
    """By how much an indicator's share of its weight may exceed the execution rate."""
    unspent_gap: Decimal
    """Which share of the budget may stay unspent without a warning."""
    unscored_deviation: Decimal | None = None
    """A 数量指标 that misses its target by more than this share, either way, gets nothing; None: no such rule."""

    def __post_init__(self) -> None:
        for name, ends in (
            ("bands", [-band.at_least for band in self.bands]),
            ("grades", [-grade.at_least for grade in self.grades]),
            ("caps", [cap.below for cap in self.caps]),
        ):
            if ends != sorted(ends):
                raise ValueError(f"{name} 的顺序不对")
        if not self.grades or self.grades[-1].at_least != 0:
            raise ValueError("grades 的最末一档应从 0 分起")


@dataclass(frozen=True)
class PointsRange:
    """Which points a grade word allows; `top` itself only where `is_closed`."""

    bottom: Decimal
    top: Decimal
    is_closed: bool

    def holds(self, points: Decimal) -> bool:
        return self.bottom <= points and (points < self.top or (self.is_closed and points == self.top))


# ---- of one indicator --------------------------------------------------------------------
def method_of(operator: Operator) -> Method | None:
    """正向 for ≥ and >, 反向 for ≤ and <, 等于 for =; None without a sign: nobody knows which way is good."""
    return _OF_OPERATOR.get(operator)


def method_named(word: str) -> Method | None:
    """The method by its English or Chinese name."""
    plain = unicodedata.normalize("NFKC", word).strip().lower()
    return METHOD_WORDS.get(plain) or next((method for method in METHODS if method == plain), None)


def points(
    method: Method,
    target: Decimal | None,
    actual: Decimal | None,
    weight: Decimal | None,
    scoring: Scoring,
    *,
    quantity: bool = False,
) -> Decimal | None:
    """得分 of a numeric indicator, 0 to `weight`; None where it cannot be computed.

    That is: something is missing, the weight is negative, the method is `grade` (a person decides,
    within `band_of`), or an 等于 target below 0 is missed, for which no rule exists. `quantity`: it is a
    数量指标, which the pack may refuse to score when it is far off.
    """
    if target is None or actual is None or weight is None or weight < 0 or method == "grade":
        return None
    limit = scoring.unscored_deviation
    if quantity and limit is not None and target > 0 and half_up(abs(actual - target) - limit * target, NOISE_PLACES) > 0:
        return _ZERO
    return _earned(method, target, actual, weight, scoring)


def _earned(method: Method, target: Decimal, actual: Decimal, weight: Decimal, scoring: Scoring) -> Decimal | None:
    """A quotient over a target that is not positive says nothing: there the target is met or it is not.
    Multiplied before divided, so that halves stay halves."""
    if method == "equal" and target <= 0:
        is_met = actual <= 0 if target == 0 else actual == target
        return weight if is_met else _ZERO if target == 0 else None
    if (actual <= target) if method == "low" else (actual >= target):
        return weight
    if target <= 0:
        return _ZERO
    if method != "low":
        return _rounded(weight * actual / target, weight, scoring)
    left = weight * target / actual if scoring.low_rule == "inverse" else weight * (2 * target - actual) / target
    return _rounded(left, weight, scoring)


def _rounded(share: Decimal, weight: Decimal, scoring: Scoring) -> Decimal:
    """Points as a cell shows them: the noise goes first, then halves away from zero; 0 to `weight`."""
    return min(max(half_up(half_up(share, NOISE_PLACES), scoring.places), _ZERO), weight)


def band_named(word: str, scoring: Scoring) -> Band | None:
    """The band that a grade word stands for; None for any other word."""
    plain = unicodedata.normalize("NFKC", word).strip()
    return next((band for band in scoring.bands if plain == band.name or plain in band.words), None)


def band_of(word: str, weight: Decimal, scoring: Scoring) -> PointsRange | None:
    """Which points the grade word allows; None for a word that is no grade."""
    band = band_named(word, scoring)
    if band is None:
        return None
    return PointsRange(weight * band.at_least, weight * band.below, is_closed=band.below == 1)


# ---- of the funds line -------------------------------------------------------------------
def execution_points(executed: Decimal | None, budget: Decimal | None, weight: Decimal | None, scoring: Scoring) -> Decimal | None:
    """得分 of 预算执行率, 0 to `weight`; over-spending gets no more than the weight.

    None (不适用) without a budget: 0/0 is no rate, and nothing can be said of a negative budget.
    """
    if executed is None or budget is None or weight is None or budget <= 0 or weight < 0:
        return None
    return _rounded(weight * executed / budget, weight, scoring)


# ---- of the whole ------------------------------------------------------------------------
def total_points(parts: Iterable[Decimal | None]) -> Decimal | None:
    """总分; None while a part is missing (missing is not zero) or where there is none. A line that is
    不适用 is not handed in."""
    scored = list(parts)
    known = [part for part in scored if part is not None]
    return sum(known, _ZERO) if known and len(known) == len(scored) else None


def most_points(rate: Decimal | None, scoring: Scoring) -> Decimal:
    """What the total may be at most with this 执行率; without a rate (不适用) nothing limits it."""
    return next((cap.most for cap in scoring.caps if rate is not None and rate < cap.below), scoring.full)


def conclusion(total: Decimal | None, scoring: Scoring) -> str | None:
    """优, 良, 中 or 差; None without a total, or for a negative one."""
    return next((grade.name for grade in scoring.grades if total is not None and total >= grade.at_least), None)
