"""Which indicator values are written so plainly that a native formula reads them, and which two compare?

Staff write values in many ways, and `read_indicator_value` reads them all. A formula of Excel 2010 can
read a sign, digits and a usual unit; what it reads, it must read as Python does, and else show nothing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value

WIDE = dict(zip("０１２３４５６７８９．，－％", "0123456789.,-%", strict=True))
"""Full-width characters of a number, which an input method leaves behind."""
HIGH_SIGNS, LOW_SIGNS, EQUAL_SIGNS = "≥>＞≧⩾", "≤<＜≦⩽", "=＝"
SIGN_PAIRS = (">=", "=>", "<=", "=<", "＞＝", "＝＞", "＜＝", "＝＜")
LONGEST = 15
"""Characters of a plain number: no more digits than a cell keeps."""
MOST_PLACES = 9
"""Decimals of a plain number."""
UNITS = (
    "", "%", "人", "名", "个", "件", "次", "场", "家", "张", "户", "项", "份", "期", "天", "月", "年", "元", "篇", "条", "台", "套", "间", "所",
    "座", "亩", "米", "吨", "批", "组", "册", "本", "辆", "处", "宗", "例", "只", "株", "棵", "栋", "村", "班", "支", "类", "种", "届", "分", "日",
    "人次", "场次", "批次", "家次", "户次", "公里", "平方米", "公顷", "小时", "工作日", "个月", "课时",
    "万", "亿", "万元", "亿元", "万人", "万人次", "万次", "万户", "万亩", "万件", "万份", "万吨", "万平方米",
)  # fmt: skip
"""Units that a formula knows; it shows no number for a value in any other."""
_NUMBER = r"(?!-0(?:\.0*)?(?![0-9.]))-?(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]{1,9})?"
_SIGNS = "|".join((*SIGN_PAIRS, f"[{HIGH_SIGNS}{LOW_SIGNS}{EQUAL_SIGNS}]"))
_PLAIN = re.compile(rf" *(?:(?:{_SIGNS}) *)?(?P<number>{_NUMBER})(?P<unit>{'|'.join(sorted(UNITS, key=len, reverse=True))}) *")
_TIMES = re.compile("[万亿]")


@lru_cache(maxsize=16_384)
def read_plain_value(text: str) -> IndicatorValue:
    """The value as `read_indicator_value` has it, where it is plainly written; else its words only."""
    narrow = text.replace("\u3000", " ").translate(_NARROW)
    found = _PLAIN.fullmatch(narrow)
    is_plain = found is not None and len(found["number"]) <= LONGEST
    return read_indicator_value(text) if is_plain else IndicatorValue(text.strip())


_NARROW = str.maketrans(WIDE)


def comparable(one: IndicatorValue, other: IndicatorValue) -> tuple[Decimal, Decimal] | None:
    """The two numbers, where they count the same; None where one has none, or where it is not sure.

    95% and 0.95, 12场 and 12次 are not compared, nor is a bare 12 with 10万元: it may mean 12万元.
    """
    if one.number is None or other.number is None or one.high is not None or other.high is not None:
        return None
    times = [_TIMES.findall(value.text) for value in (one, other)]
    if one.unit == other.unit:
        is_same = bool(one.unit) or times[0] == times[1]
    else:
        is_same = "" in (one.unit, other.unit) and not (one.is_percent or other.is_percent or any(times))
    return (one.number, other.number) if is_same else None
