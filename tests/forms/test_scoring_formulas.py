"""The native formulas of scoring and lights give what Decimal gives; what they cannot read, they leave blank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jixiao_xl.forms import scoring_formulas as made
from jixiao_xl.forms.expr import Area, Cell, Expr, Value, call
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model import lights as lit
from jixiao_xl.model import scoring as scored
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.plain_value import UNITS, comparable, read_plain_value

SICHUAN = thresholds_of("sichuan")
SCORING, LIGHTS = SICHUAN.scoring, SICHUAN.lights
SCORINGS = (SCORING, replace(SCORING, low_rule="inverse", unscored_deviation=None))
AMOUNT = st.none() | st.sampled_from([Decimal(0), Decimal(1), Decimal(-1)]) | st.decimals(-100, 10_000, places=2)
WEIGHT = st.none() | st.decimals(-1, 30, places=2)
METHOD = st.sampled_from(["high", "low", "equal", "grade"])
MONTH = st.integers(-1, 14)
SIGN = st.sampled_from(["", "≥", "≤", ">", "<", "=", "＞＝", "<=", "=>", "≧ ", " ＝", "不低于"])
NUMBER = st.sampled_from(
    ["0", "95", "-4.67", "1,234.50", "12,34", "９５．５", "007", "0.5", ".5", "5.", "1-5", "1e5", "1.2.3", "", "三十"]
) | st.decimals(-100, 10_000, places=3).map(str)
TEXT = st.builds("".join, st.tuples(SIGN, NUMBER, st.sampled_from([*UNITS, "％", "5", " 人", "以上", "m2", "|", "3月"]))) | st.text(
    "≥=<0123456789.,-% 人万亿元次月以上e/（）|", max_size=8
)


class Sheet:
    """One row of a sheet: A1, B1, …"""

    def __init__(self, *values: Value) -> None:
        self.cells = values

    def value(self, sheet: str, row: int, column: int) -> Value:
        return self.cells[column]

    def values(self, area: Area) -> list[Value]:
        return [self.cells[column] for _, column in area.places()]

    def hidden(self, sheet: str, row: int) -> bool:
        return False


A, B, C, D = (Cell("s", 0, column) for column in range(4))


def shown(formula: Expr, *values: Value) -> Value:
    """What the cell shows; None for a blank text."""
    found = formula.value(Sheet(*values))
    return None if found == "" else found


@settings(max_examples=400)
@given(METHOD, AMOUNT, AMOUNT, WEIGHT, st.sampled_from(SCORINGS), st.booleans())
def test_points(
    method: scored.Method,
    target: Decimal | None,
    actual: Decimal | None,
    weight: Decimal | None,
    scoring: scored.Scoring,
    quantity: bool,
) -> None:
    expected = scored.points(method, target, actual, weight, scoring, quantity=quantity)
    word = next(word for word, each in scored.METHOD_WORDS.items() if each == method)
    assert shown(made.points_formula(A, B, C, D, scoring, quantity=quantity), target, actual, weight, word) == expected
    assert shown(made.points_formula(A, B, C, method, scoring, quantity=quantity), target, actual, weight) == expected


@given(AMOUNT, AMOUNT, WEIGHT)
def test_points_of_the_funds_line_and_not_applicable_without_a_budget(
    e: Decimal | None, b: Decimal | None, w: Decimal | None
) -> None:
    found = shown(made.execution_points_formula(A, B, C, SCORING), e, b, w)
    assert found == scored.execution_points(e, b, w, SCORING) or (found == "不适用" and b is not None and b <= 0)
    assert shown(made.execution_points_formula(A, B, C, SCORING, ""), e, b, w) == scored.execution_points(e, b, w, SCORING)


@given(st.none() | st.decimals(-2, 2, places=4), st.none() | st.decimals(-5, 105, places=2))
def test_cap_and_conclusion(rate: Decimal | None, total: Decimal | None) -> None:
    assert shown(made.cap_formula(A, SCORING), rate) == scored.most_points(rate, SCORING)
    assert shown(made.conclusion_formula(A, SCORING), total) == scored.conclusion(total, SCORING)
    assert shown(made.cap_formula(A, SCORING), "不适用") == 100


@settings(max_examples=400)
@given(METHOD, AMOUNT, AMOUNT, MONTH, st.booleans())
def test_lights(method: scored.Method, target: Decimal | None, done: Decimal | None, month: int, by_pace: bool) -> None:
    expected = lit.indicator_light(method, target, done, month, LIGHTS, by_pace=by_pace)
    word = next(word for word, each in scored.METHOD_WORDS.items() if each == method)
    for by in (D, method):
        formula = made.indicator_light_formula(by, A, B, C, LIGHTS, by_pace=by_pace)
        assert shown(formula, target, done, Decimal(month), word) == expected
    formula = made.execution_light_formula(A, B, C, LIGHTS)
    assert shown(formula, done, target, Decimal(month)) == lit.execution_light(done, target, month, LIGHTS)


@given(st.sampled_from([word for band in SCORING.bands for word in (band.name, *band.words)]) | st.text(max_size=3))
def test_the_light_of_a_word(word: str) -> None:
    assert shown(made.word_light_formula(A, SCORING, LIGHTS), word) == lit.word_light(word, SCORING, LIGHTS)


@settings(max_examples=1500)
@given(TEXT)
@example("1-5")
@example("3月")
@example("1e5")
@example("-0")
def test_a_number_is_read_as_python_reads_it_or_not_at_all(text: str) -> None:
    value, full = read_plain_value(text), read_indicator_value(text)
    plain = made.plain_text(A).value(Sheet(text))
    assert shown(made.number_in(A), plain) == value.number, plain
    if value.number is not None:
        assert value == full
        method = scored.method_of(value.operator)
        assert shown(made.method_in(A), text) == next((w for w, m in scored.METHOD_WORDS.items() if m == method), None)


@settings(max_examples=1000)
@given(TEXT, TEXT)
@example("≥10万元", "12")
@example("≥10万元", "98000元")
@example("≥95%", "0.96")
@example("≥12", "12次")
def test_two_numbers_are_compared_where_python_compares_them(target: str, actual: str) -> None:
    plain = [made.plain_text(A).value(Sheet(text)) for text in (target, actual)]
    numbers = shown(made.number_in(A), *plain), shown(made.actual_in(B, A), *plain)
    expected = comparable(read_plain_value(target), read_plain_value(actual))
    assert (numbers if None not in numbers else None) == expected


@pytest.mark.parametrize(
    "target, actual, compared",
    [("≥95%", "96%", True), ("≥95%", "0.96", False), ("≥95%", "96", False), ("≥12次", "12", True), ("≥12次", "13场", False),
     ("≥10万元", "98000元", True), ("≥10万元", "12", False), ("≥10万元", "9.8万元", True), ("5~10个", "7个", False), ("健全", "健全", False)],
)  # fmt: skip
def test_which_values_are_compared(target: str, actual: str, compared: bool) -> None:
    assert (comparable(read_indicator_value(target), read_indicator_value(actual)) is not None) == compared


FORMULAS: Sequence[Callable[[], Expr]] = (
    lambda: made.plain_text(A), lambda: made.number_in(A), lambda: made.actual_in(A, B), lambda: made.method_in(A),
    lambda: made.points_formula(A, B, C, D, SCORING, quantity=True), lambda: made.word_light_formula(A, SCORING, LIGHTS),
    lambda: made.indicator_light_formula(D, A, B, C, LIGHTS, by_pace=True),
)  # fmt: skip


@pytest.mark.parametrize("formula", FORMULAS)
def test_excel_takes_each_formula(formula: Callable[[], Any]) -> None:
    text = formula().excel("s")
    assert len(text) < 8192
    assert all(len(literal) <= 255 for literal in text.split('"')[1::2])


def test_functions_of_plain_values_do_what_excel_does() -> None:
    told = [
        call("FIXED", Decimal("1234.5"), 2), call("FIXED", Decimal("1234.5"), 0, call("EXACT", "a", "a")), call("INT", Decimal("-1.5")),
        call("MOD", Decimal(-7), Decimal(3)), call("TRIM", "  a  b "), call("RIGHT", "abc", 0), call("RIGHT", "abc", 9),
        Cell("s", 0, 0).ge(2), Cell("s", 0, 0).le(2),
    ]  # fmt: skip
    assert [one.value(Sheet(Decimal(2))) for one in told] == ["1,234.50", "1235", -2, 2, "a b", "", "abc", True, True]
