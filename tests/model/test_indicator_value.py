"""The grammar of an indicator value: what is written, what it means, and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao_xl.model.chinese_numbers import read_number
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value, without_operator, written


@pytest.mark.parametrize(
    ("text", "operator", "number", "unit"),
    [
        ("≥95%", "≥", "95", "%"),
        (">=95%", "≥", "95", "%"),
        ("\uff1e95\uff05", ">", "95", "%"),
        ("-4.67%", "", "-4.67", "%"),
        ("≤-4.67%", "≤", "-4.67", "%"),
        ("23人", "", "23", "人"),
        ("≥ 1,500 人", "≥", "1500", "人"),
        ("30件以上", "≥", "30", "件"),
        ("不低于三十场", "≥", "30", "场"),
        ("不超过3.39万元", "≤", "33900", "元"),
        ("≤3.39 万元", "≤", "33900", "元"),
        ("控制在5%以内", "≤", "5", "%"),
        ("两千五百人", "", "2500", "人"),
        ("1.5万人次", "", "15000", "人次"),
        ("=100%", "=", "100", "%"),
        ("0", "", "0", ""),
    ],
)
def test_numbers_are_read_with_their_comparison_and_unit(text: str, operator: str, number: str, unit: str) -> None:
    value = read_indicator_value(text)
    assert (value.operator, value.number, value.unit) == (operator, Decimal(number), unit)


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [("5-10个", "5", "10", "个"), ("90%~95%", "90", "95", "%"), ("3至5场", "3", "5", "场"), ("1-3 万元", "10000", "30000", "元")],
)
def test_ranges_have_two_ends(text: str, low: str, high: str, unit: str) -> None:
    value = read_indicator_value(text)
    assert (value.number, value.high, value.unit) == (Decimal(low), Decimal(high), unit)


@pytest.mark.parametrize(
    "text", ["健全", "完全合规", "一般", "按月支付", "在档管理困难职工及劳模", "机构、职能、权力、责任、程序法定化", "万无一失"]
)
def test_words_stay_words(text: str) -> None:
    value = read_indicator_value(text)
    assert value.number is None and written(value) == text


def test_a_number_with_words_behind_it_is_mixed() -> None:
    value = read_indicator_value("≥200 人均标准 200 元 /人")
    assert value.number is None and value.is_mixed


@pytest.mark.parametrize("text", ["", "无", "不适用", "/"])
def test_a_word_for_nothing_is_absent(text: str) -> None:
    assert read_indicator_value(text).is_absent


def test_what_was_reached_has_no_operator() -> None:
    assert without_operator(read_indicator_value("≥23人")) == "23人"
    assert without_operator(read_indicator_value("不低于23人")) == "23人"
    assert without_operator(read_indicator_value(">=1.5万人")) == "1.5万人", "as it was written"
    assert without_operator(read_indicator_value("健全")) == "健全"


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("十二", 12), ("三十", 30), ("一百零五", 105), ("三万二千零五", 32005), ("一亿两千万", 120_000_000)],
)
def test_chinese_numerals(text: str, number: int) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["二三", "十百", "万", "百", ""])
def test_signs_in_no_order_are_no_number(text: str) -> None:
    assert read_number(text) is None


NUMBERS = st.decimals(-99999, 999999, places=2)


@given(st.sampled_from(["", "≥", ">", "=", "<", "≤"]), NUMBERS, st.sampled_from(["", "%", "人", "元/人", "场次"]))
def test_written_and_read_back_is_the_same_value(operator: str, number: Decimal, unit: str) -> None:
    value = IndicatorValue("", operator, number, unit)  # type: ignore[arg-type]
    assert read_indicator_value(written(value)).meaning == value.meaning


@given(st.decimals(0, 999, places=1), st.decimals(0, 999, places=1), st.sampled_from(["%", "个"]))
def test_a_range_written_and_read_back_is_the_same(one: Decimal, other: Decimal, unit: str) -> None:
    low, high = sorted((one, other))
    value = IndicatorValue("", "", low, unit, high)
    assert read_indicator_value(written(value)).meaning == value.meaning


@given(st.text(max_size=20))
def test_any_text_at_all_is_read_without_a_crash(text: str) -> None:
    value = read_indicator_value(text)
    assert value.text == text.strip()
