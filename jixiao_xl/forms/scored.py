"""Points and lights of a row as its texts say them: target and done are indicator values (≥95%, 96.2%, 健全)."""

from __future__ import annotations

from decimal import Decimal

from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.lights import MONTHS, execution_light, indicator_light, word_light
from jixiao_xl.model.plain_value import EQUAL_SIGNS, HIGH_SIGNS, LOW_SIGNS, comparable, read_plain_value
from jixiao_xl.model.ratios import execution_rate
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.scoring import Method, band_named, conclusion, method_named, method_of, most_points, points

INAPPLICABLE = "不适用"
"""What a rate and its points are without a budget: neither 0 nor an error."""
QUANTITY = "数量"
"""In the name of a level: the indicators that a pack may refuse to score when they are far off."""
NOT_BY_PACE = ("质量", "时效", "成本")
"""In the name of a level: what does not grow over the year."""


BY_SIGN: tuple[tuple[str, Method], ...] = ((HIGH_SIGNS, "high"), (LOW_SIGNS, "low"), (EQUAL_SIGNS, "equal"))


@dataclass(frozen=True)
class Result:
    """One indicator row: its target and what was done, as printed; `method` as a person chose it, if so;
    `names` of its levels."""

    target: str
    done: str
    method: str = ""
    names: tuple[str, ...] = ()
    unit: str = ""
    """Of the target, where the form has it in a column of its own; a bare number that was done is of it too."""

    @property
    def goes_by(self) -> Method | None:
        """As chosen (a word, or the sign where a form has it apart), else by the sign of the target; words, and
        what no formula reads, are a grade."""
        if chosen := self.method.strip():
            return method_named(chosen) or next((m for signs, m in BY_SIGN if chosen[0] in signs), None)
        value = read_plain_value(self.target + self.unit)
        return "grade" if value.number is None and value.text else method_of(value.operator)

    @property
    def numbers(self) -> tuple[Decimal | None, Decimal | None]:
        """Of target and done, in their own unit (95 for ≥95%); what was done only where it counts the same."""
        is_bare = self.done.strip(" ")[-1:].isdigit()
        target = read_plain_value(self.target + self.unit)
        done = read_plain_value(self.done + self.unit if is_bare else self.done)
        return target.number, done.number if comparable(target, done) else None

    @property
    def is_quantity(self) -> bool:
        return any(QUANTITY in name for name in self.names)

    @property
    def by_pace(self) -> bool:
        return not any(word in name for name in self.names for word in NOT_BY_PACE)

    @property
    def is_met_in_words(self) -> bool:
        """Whether what was done is said in the very words of the target."""
        return bool(self.done.strip()) and self.done.strip() == self.target.strip()


def done_share(result: Result) -> Decimal | None:
    """完成比例: done over target, a fraction; None where either is no number, or the target is 0."""
    target, done = result.numbers
    return None if target is None or done is None else execution_rate(done, target)


def row_points(result: Result, weight: Decimal | None, pack: str) -> Decimal | None:
    """The points of a row; of words those of the best grade, where they say that it was reached. None
    where a person has to decide."""
    scoring, method = thresholds_of(pack).scoring, result.goes_by
    if method is None or weight is None:
        return None
    if method == "grade":
        is_best = result.is_met_in_words or band_named(result.done, scoring) == scoring.bands[0]
        return weight if is_best and weight >= 0 else None
    return points(method, *result.numbers, weight, scoring, quantity=result.is_quantity)


def row_light(result: Result, month: Decimal | None, pack: str) -> str:
    """红, 黄, 绿 or 蓝; blank where it cannot be told."""
    thresholds, method = thresholds_of(pack), result.goes_by
    if method is None or month is None or month != int(month):
        return ""
    if method == "grade":
        best = thresholds.scoring.bands[0].name if result.is_met_in_words else result.done
        return word_light(best, thresholds.scoring, thresholds.lights) or ""
    return indicator_light(method, *result.numbers, int(month), thresholds.lights, by_pace=result.by_pace) or ""


def funds_light(executed: Decimal | None, budget: Decimal | None, month: Decimal | None, pack: str) -> str:
    """The light of 预算执行; blank without a budget."""
    if month is None or month != int(month) or not 1 <= month <= MONTHS:
        return ""
    return execution_light(executed, budget, int(month), thresholds_of(pack).lights) or ""


def capped(total: Decimal, rate: Decimal | None, pack: str) -> Decimal:
    """The total, no more than the execution rate lets it be."""
    return min(total, most_points(rate, thresholds_of(pack).scoring))


def grade_word(total: Decimal | None, pack: str) -> str:
    """优, 良, 中 or 差; blank without a total."""
    return conclusion(total, thresholds_of(pack).scoring) or ""
