"""Native formulas for 自评得分 and the lights: what model/scoring.py and model/lights.py compute.

To read an indicator value takes a thousand characters of formula, so it is done once, in hidden cells:
`plain_text` of target and result in two, `number_in` and `actual_in` of those in two more. Everything
else takes cells that hold numbers. A formula shows "" where Python has None.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from jixiao_xl.forms.expr import Cells, Expr, Operand, Value, call, lift, text_of
from jixiao_xl.model.lights import MONTHS, Lights
from jixiao_xl.model.plain_value import EQUAL_SIGNS, HIGH_SIGNS, LONGEST, LOW_SIGNS, MOST_PLACES, SIGN_PAIRS, UNITS, WIDE
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.scoring import METHOD_WORDS, NOISE_PLACES, Method, Scoring

NOT_APPLICABLE = "不适用"
"""What a cell shows for a rate or points without a budget."""
_WORDS: dict[Method, str] = {method: word for word, method in METHOD_WORDS.items()}
_NUMERIC = "0123456789.,-"
_ALL = 99
"""More characters than any number with its unit has."""
_TEN_THOUSAND = 10_000
_LONGEST_TEXT = 255
"""Characters of a text inside a formula; Excel takes no more."""


@dataclass(frozen=True)
class CountOf(Expr):
    """How many characters of the text are among `chars`."""

    text: Expr
    chars: str

    def excel(self, sheet: str) -> str:
        text, each = self.text.excel(sheet), ",".join(f'"{char}"' for char in self.chars)
        return f'SUMPRODUCT(LEN({text})-LEN(SUBSTITUTE({text},{{{each}}},"")))'

    def value(self, cells: Cells) -> Value:
        return Decimal(sum(char in self.chars for char in text_of(self.text.value(cells))))


# ---- what a value says -------------------------------------------------------------------
def method_in(stated: Operand) -> Expr:
    """正向, 反向 or 等于 by the sign of the target's text; "" without a sign."""
    text = _trimmed(stated)
    pair, first = call("LEFT", text, 2), call("LEFT", text, 1)
    high = call("OR", _among(pair, [p for p in SIGN_PAIRS if set(p) & set(HIGH_SIGNS)]), _among(first, HIGH_SIGNS))
    low = call("OR", _among(pair, [p for p in SIGN_PAIRS if set(p) & set(LOW_SIGNS)]), _among(first, LOW_SIGNS))
    equal = call("IF", _among(first, EQUAL_SIGNS), _WORDS["equal"], "")
    known = call("IF", high, _WORDS["high"], call("IF", low, _WORDS["low"], equal))
    return call("IF", call("LEN", text).eq(0), "", known)


def plain_text(stated: Operand) -> Expr:
    """The value without its sign, in half-width characters."""
    text = _trimmed(stated)
    pair, first = call("LEFT", text, 2), call("LEFT", text, 1)
    signs = call("IF", _among(pair, SIGN_PAIRS), 2, call("IF", _among(first, HIGH_SIGNS + LOW_SIGNS + EQUAL_SIGNS), 1, 0))
    bare = call("TRIM", call("MID", text, lift(1) + signs, _ALL))
    for wide, narrow in (WIDE | {"|": "?"}).items():  # the bar stands between the words that `_among` knows
        bare = call("SUBSTITUTE", bare, wide, narrow)
    return bare


def number_in(plain: Expr) -> Expr:
    """The number of a `plain_text`; "" unless `read_plain_value` reads it too.

    The digits are written out again and compared: so 1-5, 1e5 and 1,23 are no numbers, whatever the
    program's own conversion makes of them. Nothing is added so that -0 becomes 0 and differs.
    """
    count = CountOf(plain, _NUMERIC)
    digits = call("LEFT", plain, count)
    bare = call("SUBSTITUTE", digits, ",", "")
    places = call("MIN", MOST_PLACES, call("MAX", 0, call("LEN", bare) - call("FIND", ".", bare & ".")))
    number = call("VALUE", bare)
    again = call("FIXED", number + 0, places, call("NOT", call("ISNUMBER", call("FIND", ",", plain))))
    times = call("MID", plain, count + 1, 1)
    factor = call("IF", times.eq("万"), _TEN_THOUSAND, call("IF", times.eq("亿"), _TEN_THOUSAND**2, 1))
    known = call("AND", count.le(LONGEST), call("EXACT", again, digits), _among(unit_in(plain), UNITS))
    return call("IFERROR", call("IF", known, call("ROUND", number * factor, MOST_PLACES), ""), "")


def unit_in(plain: Expr) -> Expr:
    """What stands behind the number of a `plain_text`."""
    return call("MID", plain, CountOf(plain, _NUMERIC) + 1, _ALL)


def actual_in(plain_actual: Expr, plain_target: Expr) -> Expr:
    """The number of what was reached, where it counts the same as the target; else ""."""
    return call("IF", are_comparable(unit_in(plain_target), unit_in(plain_actual)), number_in(plain_actual), "")


def are_comparable(one: Expr, other: Expr) -> Expr:
    """Whether numbers with these two units (`unit_in`) count the same, as `comparable` has it."""
    one_bare, other_bare = _without_times(one), _without_times(other)
    same = call("AND", call("EXACT", one_bare, other_bare), call("LEN", one_bare).gt(0))
    is_bare = call("OR", call("LEN", one).eq(0), call("LEN", other).eq(0))
    return call("OR", call("EXACT", one, other), same, call("AND", is_bare, CountOf(one & other, "万亿%").eq(0)))


def _trimmed(stated: Operand) -> Expr:
    return call("TRIM", call("SUBSTITUTE", stated, "\u3000", " "))


def _without_times(unit: Expr) -> Expr:
    return call("SUBSTITUTE", call("SUBSTITUTE", unit, "万", ""), "亿", "")


def _among(text: Expr, words: Iterable[str]) -> Expr:
    """Whether the text is one of the words; the empty text is one where it is listed."""
    lists = ["|"]
    for word in words:
        if len(lists[-1]) + len(word) >= _LONGEST_TEXT:
            lists.append("|")
        lists[-1] += f"{word}|"
    found = [call("ISNUMBER", call("FIND", lift("|") & text & "|", each)) for each in lists]
    return found[0] if len(found) == 1 else call("OR", *found)


# ---- points ------------------------------------------------------------------------------
def points_formula(
    target: Operand, actual: Operand, weight: Operand, method: Expr | Method, scoring: Scoring, *, quantity: bool = False
) -> Expr:
    """`points` of three cells that hold numbers; `method` is one, or a cell that says 正向, 反向 or 等于."""
    t, a, w = lift(target), lift(actual), lift(weight)
    by = {"high": _high(t, a, w, scoring), "low": _low(t, a, w, scoring), "equal": _equal(t, a, w, scoring)}
    if quantity and scoring.unscored_deviation is not None:
        off = call("ROUND", call("ABS", a - t) - lift(scoring.unscored_deviation) * t, NOISE_PLACES)
        by = {name: call("IF", call("AND", t.gt(0), off.gt(0)), 0, earned) for name, earned in by.items()}
    earned = by.get(method, lift("")) if isinstance(method, str) else lift("")
    if isinstance(method, Expr):
        for name in ("equal", "low", "high"):
            earned = call("IF", method.eq(_WORDS[name]), by[name], earned)
    return call("IF", call("COUNT", t, a, w).lt(3), "", call("IF", w.lt(0), "", earned))


def _high(t: Expr, a: Expr, w: Expr, scoring: Scoring) -> Expr:
    return call("IF", a.ge(t), w, call("IF", t.le(0), 0, _rounded(w * a / t, w, scoring)))


def _equal(t: Expr, a: Expr, w: Expr, scoring: Scoring) -> Expr:
    at_zero = call("IF", a.le(0), w, 0)
    below = call("IF", a.eq(t), w, "")
    return call("IF", t.gt(0), _high(t, a, w, scoring), call("IF", t.eq(0), at_zero, below))


def _low(t: Expr, a: Expr, w: Expr, scoring: Scoring) -> Expr:
    share = w * t / a if scoring.low_rule == "inverse" else w * (lift(2) * t - a) / t
    return call("IF", a.le(t), w, call("IF", t.le(0), 0, _rounded(share, w, scoring)))


def _rounded(share: Expr, weight: Expr, scoring: Scoring) -> Expr:
    """Points as a cell shows them: the noise of binary numbers goes first; bounded by nothing and the weight."""
    settled = call("ROUND", call("ROUND", share, NOISE_PLACES), scoring.places)
    return call("MIN", weight, call("MAX", 0, settled))


def execution_points_formula(
    executed: Operand, budget: Operand, weight: Operand, scoring: Scoring, without_budget: str = NOT_APPLICABLE
) -> Expr:
    """`execution_points` of three amounts; `without_budget` is shown where there is no rate."""
    e, b, w = lift(executed), lift(budget), lift(weight)
    known = call("IF", b.le(0), without_budget, call("IF", w.lt(0), "", _rounded(w * e / b, w, scoring)))
    return call("IF", call("COUNT", e, b, w).lt(3), "", known)


def cap_formula(rate: Operand, scoring: Scoring) -> Expr:
    """`most_points`: what the total may be at most with this 执行率; a blank and 不适用 limit nothing."""
    most: Expr = lift(scoring.full)
    for cap in reversed(scoring.caps):
        most = call("IF", lift(rate).lt(cap.below), cap.most, most)
    return call("IF", call("COUNT", rate).eq(0), scoring.full, most)


def conclusion_formula(total: Operand, scoring: Scoring) -> Expr:
    """优, 良, 中 or 差; "" without a total."""
    word: Expr = lift("")
    for grade in reversed(scoring.grades):
        word = call("IF", lift(total).ge(grade.at_least), grade.name, word)
    return call("IF", call("COUNT", total).eq(0), "", word)


# ---- lights ------------------------------------------------------------------------------
def execution_light_formula(executed: Operand, budget: Operand, month: Operand, lights: Lights) -> Expr:
    """`execution_light` of two amounts and the month."""
    e, b, m = lift(executed), lift(budget), lift(month)
    pace = _pace(e, b, m)
    light = call("IF", pace.lt(lights.execution_red_below), "红", call("IF", pace.lt(lights.execution_yellow_below), "黄", "绿"))
    return call("IF", call("COUNT", e, b, m).lt(3), "", call("IF", call("OR", b.le(0), _no_month(m)), "", light))


def indicator_light_formula(
    method: Expr | Method, target: Operand, done: Operand, month: Operand, lights: Lights, *, by_pace: bool
) -> Expr:
    """`indicator_light` of two cells that hold numbers and the month; `method` as in `points_formula`."""
    t, d, m = lift(target), lift(done), lift(month)
    within = {"high": d.ge(t), "low": d.le(t), "equal": d.eq(t)}
    by = {name: call("IF", is_within, "绿", "红") for name, is_within in within.items()}
    if by_pace:
        by |= {name: call("IF", t.gt(0), _pace_light(_pace(d, t, m), lights), by[name]) for name in ("high", "equal")}
    light = by.get(method, lift("")) if isinstance(method, str) else lift("")
    if isinstance(method, Expr):
        for name in ("equal", "low", "high"):
            light = call("IF", method.eq(_WORDS[name]), by[name], light)
    return call("IF", call("COUNT", t, d, m).lt(3), "", call("IF", _no_month(m), "", light))


def word_light_formula(stated: Operand, scoring: Scoring, lights: Lights) -> Expr:
    """`word_light` of a cell with a grade word, as its definition lists it; "" for any other."""
    word = call("TRIM", stated)
    light: Expr = lift("")
    for band in reversed(scoring.bands):
        light = call("IF", _among(word, (band.name, *band.words)), lights.by_grade[band.name], light)
    return call("IF", call("LEN", word).eq(0), "", light)


def _pace(done: Expr, whole: Expr, month: Expr) -> Expr:
    return call("ROUND", done * MONTHS / (whole * month), NOISE_PLACES)


def _pace_light(pace: Expr, lights: Lights) -> Expr:
    slow = call("IF", pace.lt(lights.red_below), "红", call("IF", pace.lt(lights.yellow_below), "黄", "绿"))
    return call("IF", pace.ge(lights.blue_from), "蓝", slow)


def _no_month(month: Expr) -> Expr:
    return call("OR", month.lt(1), month.gt(MONTHS))
