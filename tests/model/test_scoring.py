"""Points of an indicator, of the funds line and of the whole; the lights of the months: rule by rule, and as properties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.lights import execution_light, indicator_light, word_light
from jixiao_xl.model.scoring import (
    Method,
    band_of,
    conclusion,
    execution_points,
    method_named,
    method_of,
    most_points,
    points,
    total_points,
)

DEFAULT, SICHUAN = thresholds_of("default"), thresholds_of("sichuan")
SCORING, LIGHTS = DEFAULT.scoring, DEFAULT.lights
INVERSE = replace(SCORING, low_rule="inverse")
AMOUNT = st.decimals(-1000, 100_000, places=2)
TARGET = st.decimals("0.01", 100_000, places=2)
WEIGHT = st.decimals("0.5", 50, places=1)
NUMERIC = st.sampled_from(["high", "low", "equal"])


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


@pytest.mark.parametrize(
    "method, target, actual, weight, earned",
    [
        ("high", "23", "23", "10", "10"), ("high", "23", "25", "10", "10"), ("high", "23", "21", "10", "9.13"),
        ("high", "3", "1", "0.015", "0.01"), ("high", "0", "0", "10", "10"), ("high", "0", "-1", "10", "0"),
        ("high", "10", "-1", "10", "0"), ("high", "-5", "-4", "10", "10"), ("high", "-5", "-6", "10", "0"),
        ("low", "100", "100", "10", "10"), ("low", "100", "0", "10", "10"), ("low", "100", "137.43", "10", "6.26"),
        ("low", "100", "200", "10", "0"), ("low", "100", "250", "10", "0"), ("low", "0", "0", "10", "10"), ("low", "0", "1", "10", "0"),
        ("low", "-5", "-6", "10", "10"), ("low", "-5", "-4", "10", "0"),
        ("equal", "0", "0", "5", "5"), ("equal", "0", "-1", "5", "5"), ("equal", "0", "1", "5", "0"),
        ("equal", "12", "12", "5", "5"), ("equal", "12", "13", "5", "5"), ("equal", "12", "6", "5", "2.5"),
        ("equal", "-5", "-5", "5", "5"), ("equal", "-5", "-4", "5", None),
        ("high", None, "3", "5", None), ("high", "3", None, "5", None), ("high", "3", "3", None, None), ("high", "3", "3", "-1", None),
        ("high", "3", "1", "0", "0"), ("high", "3", "2.999", "3.335", "3.33"), ("grade", "3", "3", "5", None),
    ],
)  # fmt: skip
def test_what_an_indicator_gets(
    method: Method, target: str | None, actual: str | None, weight: str | None, earned: str | None
) -> None:
    assert points(method, number(target), number(actual), number(weight), SCORING) == number(earned)


def test_another_place_divides_the_target_by_the_result_where_less_is_better() -> None:
    assert points("low", Decimal(100), Decimal(200), Decimal(10), INVERSE) == 5
    assert points("low", Decimal(0), Decimal(1), Decimal(10), INVERSE) == 0


def test_in_sichuan_a_quantity_that_is_more_than_thirty_percent_off_gets_nothing() -> None:
    far, near = Decimal("13.1"), Decimal(13)
    assert points("high", Decimal(10), far, Decimal(5), SICHUAN.scoring, quantity=True) == 0
    assert points("high", Decimal(10), near, Decimal(5), SICHUAN.scoring, quantity=True) == 5
    assert points("high", Decimal(10), far, Decimal(5), SICHUAN.scoring) == 5, "it is no 数量指标"
    assert points("high", Decimal(10), far, Decimal(5), SCORING, quantity=True) == 5, "no such rule elsewhere"


@pytest.mark.parametrize(
    "executed, budget, weight, earned",
    [
        ("998.71", "1000", "20", "19.97"), ("0", "1000", "20", "0"), ("1200", "1000", "20", "20"), ("-3", "1000", "20", "0"),
        ("0", "0", "20", None), ("5", "0", "20", None), ("5", "-5", "20", None), (None, "5", "20", None), ("5", None, "20", None),
        ("897.334", "900", "10", "9.97"),
    ],
)  # fmt: skip
def test_what_the_funds_line_gets(executed: str | None, budget: str | None, weight: str | None, earned: str | None) -> None:
    assert execution_points(number(executed), number(budget), number(weight), SCORING) == number(earned)


@pytest.mark.parametrize(
    "word, held, refused",
    [
        ("达成", ["4", "5"], ["3.99", "5.01"]),
        (" 部分达成并具有一定效果 ", ["3", "3.99"], ["4", "2.99"]),
        ("未达成", ["0", "2.99"], ["3", "-1"]),
    ],
)
def test_a_grade_word_allows_a_range_of_points(word: str, held: list[str], refused: list[str]) -> None:
    allowed = band_of(word, Decimal(5), SCORING)
    assert allowed is not None
    assert all(allowed.holds(Decimal(each)) for each in held) and not any(allowed.holds(Decimal(each)) for each in refused)
    assert band_of("健全", Decimal(5), SCORING) is None


def test_a_total_waits_for_every_part_and_says_the_grade() -> None:
    assert total_points([Decimal("9.13"), Decimal(80)]) == Decimal("89.13")
    assert total_points([Decimal(9), None]) is None and total_points([]) is None
    said = {total: conclusion(Decimal(total), SCORING) for total in ("100", "90", "89.99", "80", "60", "59.99", "0", "-1")}
    assert list(said.values()) == ["优", "优", "良", "良", "中", "差", "差", None] and conclusion(None, SCORING) is None


def test_a_low_execution_rate_caps_the_total() -> None:
    rates = ("0.49", "0.5", "0.5999", "0.6", "0.7", "0.7999", "0.8", "1.2")
    assert [most_points(Decimal(rate), SCORING) for rate in rates] == [59, 69, 69, 79, 89, 89, 100, 100]
    assert most_points(None, SCORING) == 100


def test_the_sign_of_the_target_says_the_method_and_so_do_its_names() -> None:
    assert [method_of(sign) for sign in ("≥", ">", "≤", "<", "=", "")] == ["high", "high", "low", "low", "equal", None]
    assert [method_named(word) for word in ("正向", "ＨＩＧＨ", " low ", "等于", "定性", "好")] == [
        "high",
        "high",
        "low",
        "equal",
        "grade",
        None,
    ]


@given(NUMERIC, TARGET, AMOUNT, AMOUNT, WEIGHT, st.booleans())
def test_a_better_result_never_gets_less_and_no_result_gets_more_than_the_weight(
    method: Method, target: Decimal, one: Decimal, other: Decimal, weight: Decimal, inverse: bool
) -> None:
    scoring = INVERSE if inverse else SCORING
    worse, better = sorted((one, other), reverse=method == "low")
    less, more = (points(method, target, actual, weight, scoring) for actual in (worse, better))
    assert less is not None and more is not None
    assert 0 <= less <= more <= weight


@given(AMOUNT, AMOUNT, TARGET, WEIGHT)
def test_who_spends_more_of_a_budget_never_gets_less(one: Decimal, other: Decimal, budget: Decimal, weight: Decimal) -> None:
    less, more = (execution_points(executed, budget, weight, SCORING) for executed in sorted((one, other)))
    assert less is not None and more is not None
    assert 0 <= less <= more <= weight


@given(st.lists(st.tuples(NUMERIC, AMOUNT, AMOUNT), min_size=1, max_size=12), st.data())
def test_where_the_weights_add_up_to_a_hundred_the_total_is_a_hundred_at_most(
    lines: list[tuple[Method, Decimal, Decimal]], data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, 1000), min_size=len(lines) - 1, max_size=len(lines) - 1)))
    weights = [Decimal(to - since) / 10 for since, to in zip([0, *cuts], [*cuts, 1000], strict=True)]
    scored = [points(method, target, actual, w, SCORING) for (method, target, actual), w in zip(lines, weights, strict=True)]
    total = total_points([each or Decimal(0) for each in scored])
    assert sum(weights) == 100 and total is not None and 0 <= total <= 100


@given(AMOUNT)
def test_without_a_budget_the_funds_line_is_not_applicable_never_nothing(executed: Decimal) -> None:
    assert execution_points(executed, Decimal(0), Decimal(20), SCORING) is None
    assert execution_light(executed, Decimal(0), 6, LIGHTS) is None


# ---- lights ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "executed, budget, month, light",
    [("29.9", "100", 6, "红"), ("30", "100", 6, "黄"), ("40", "100", 6, "绿"), ("90", "100", 6, "绿"), ("0", "100", 1, "红"),
     ("-1", "100", 6, "红"), ("0", "0", 6, None), (None, "100", 6, None), ("30", "100", 0, None), ("30", "100", 13, None)],
)  # fmt: skip
def test_the_light_of_spending(executed: str | None, budget: str, month: int, light: str | None) -> None:
    assert execution_light(number(executed), number(budget), month, LIGHTS) == light


@pytest.mark.parametrize(
    "method, target, done, by_pace, light",
    [
        ("high", "100", "29", True, "红"), ("high", "100", "30", True, "黄"), ("high", "100", "40", True, "绿"),
        ("high", "100", "59.9", True, "绿"), ("high", "100", "60", True, "蓝"), ("equal", "100", "30", True, "黄"),
        ("high", "0", "0", True, "绿"), ("high", "-5", "-6", True, "红"), ("equal", "0", "0", True, "绿"), ("equal", "0", "1", True, "红"),
        ("low", "100", "100", True, "绿"), ("low", "100", "101", True, "红"), ("high", "95", "94.9", False, "红"), ("high", "95", "95", False, "绿"),
        ("grade", "1", "1", True, None), ("high", None, "1", True, None), ("high", "1", None, True, None),
    ],
)  # fmt: skip
def test_the_light_of_an_indicator_at_the_end_of_june(
    method: Method, target: str | None, done: str | None, by_pace: bool, light: str | None
) -> None:
    assert indicator_light(method, number(target), number(done), 6, LIGHTS, by_pace=by_pace) == light


def test_the_light_of_a_grade_word() -> None:
    words = ("达成", "部分达成并具有一定效果", "未达成且效果较差", "健全")
    assert [word_light(word, SCORING, LIGHTS) for word in words] == ["绿", "黄", "红", None]
