"""What does an indicator cell say: "≥95%", "23人", "不低于三十场", "5-10个", "-4.67%", "健全", "无"?"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Literal, cast

from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.chinese_numbers import CHINESE, read_number
from jixiao_xl.model.records import dataclass

Operator = Literal["≥", ">", "=", "<", "≤", ""]

ABSENT = ("无", "不适用", "/", "-", "—", "――")
_SIGNS = {">=": "≥", "=>": "≥", "<=": "≤", "=<": "≤", "≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤"}
_BEFORE: tuple[tuple[str, Operator], ...] = (
    ("不低于", "≥"), ("不少于", "≥"), ("不小于", "≥"), ("至少", "≥"), ("不超过", "≤"), ("不高于", "≤"), ("不大于", "≤"),
    ("不多于", "≤"), ("至多", "≤"), ("控制在", "≤"), ("大于", ">"), ("超过", ">"), ("高于", ">"), ("多于", ">"),
    ("小于", "<"), ("低于", "<"), ("少于", "<"), ("等于", "="), ("达到", "≥"),
)  # fmt: skip
_AFTER: tuple[tuple[str, Operator], ...] = (
    ("及以上", "≥"), ("(含)以上", "≥"), ("以上", "≥"), ("及以下", "≤"), ("(含)以下", "≤"), ("以下", "≤"), ("以内", "≤"), ("之内", "≤"),
)  # fmt: skip
_ARABIC = r"[+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?[万亿]?"
_CHINESE = f"[{CHINESE}]+"
_UNIT = r"%|[^0-9\s%≥≤<>=~+\-]*"
_SINGLE = re.compile(rf"(?P<number>{_ARABIC}|{_CHINESE})\s*(?P<unit>{_UNIT})\Z")
_RANGE = re.compile(rf"(?P<low>{_ARABIC})(?P<low_unit>%?)\s*(?:-|~|—|至|到)\s*(?P<high>{_ARABIC})\s*(?P<unit>{_UNIT})\Z")
_SPACED = re.compile(r"([0-9])\s+([万亿])")
"""5 万元 is 5万元: what stands before the unit belongs to the number."""
_MEASURES = (*"人个件次场家张户项份期名天月年元篇条台套间所座亩米吨%", "人次", "场次", "万元", "公里", "平方米", "小时", "工作日")
_BEGINS = re.compile(rf"[≥>=<≤]?\s*{_ARABIC}")


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """`number` is in the cell's own unit (95 for 95%); None when the cell holds words.

    `high` is the upper end of a range whose lower end is `number`. `is_mixed` says that the text
    begins as a number and goes on with words (≥200 人均标准 200 元/人), so neither reading is safe.
    """

    text: str
    operator: Operator = ""
    number: Decimal | None = None
    unit: str = ""
    high: Decimal | None = None
    is_mixed: bool = False

    @property
    def is_absent(self) -> bool:
        """Nothing there, or a word for nothing."""
        return self.text == "" or self.text in ABSENT

    @property
    def is_percent(self) -> bool:
        return self.unit == "%"

    @property
    def meaning(self) -> tuple[Operator, Decimal | None, Decimal | None, str]:
        """What two writings of one value share: 不低于三十场 and ≥30场."""
        return self.operator, self.number, self.high, self.unit


@lru_cache(maxsize=16_384)
def read_indicator_value(text: str) -> IndicatorValue:
    """Parse a printed value; words come back as words."""
    stated = text.strip()
    plain = unicodedata.normalize("NFKC", stated)
    for written_sign, sign in _SIGNS.items():
        plain = plain.replace(written_sign, sign)
    operator, rest = _operator_and_rest(plain)
    rest = _SPACED.sub(r"\1\2", rest)
    span = _RANGE.match(rest)
    if span and not operator and span["low_unit"] in ("", span["unit"]):
        times = span["high"][-1] if span["high"][-1] in "万亿" and span["low"][-1].isdigit() else ""
        low, high = read_number(span["low"] + times), read_number(span["high"])  # 1-3万元: both are of 万元
        if low is not None and high is not None and low <= high:
            return IndicatorValue(stated, "", low, span["unit"], high)
    single = _SINGLE.match(rest)
    number = read_number(single["number"]) if single else None
    if single is None or number is None or not _is_counted(single["number"], single["unit"], operator):
        return IndicatorValue(stated, is_mixed=bool(_BEGINS.match(plain)))
    return IndicatorValue(stated, operator, number, single["unit"])


def _is_counted(number: str, unit: str, operator: Operator) -> bool:
    """Whether Chinese numerals count something: 三十场 does, 一般 is a word."""
    return number[0] not in CHINESE or unit in _MEASURES or (operator != "" and not unit)


def _operator_and_rest(plain: str) -> tuple[Operator, str]:
    """The comparison, whether written as a sign, before or behind the number, and what it compares."""
    if plain[:1] in ("≥", ">", "=", "<", "≤"):
        return cast(Operator, plain[0]), _without_ending(plain[1:]).strip()
    for word, operator in _BEFORE:
        if plain.startswith(word):
            return operator, _without_ending(plain.removeprefix(word)).strip()
    for word, operator in _AFTER:
        if plain.endswith(word):
            return operator, plain.removesuffix(word).strip()
    return "", plain


def _without_ending(text: str) -> str:
    """控制在5%以内, ≥100人以上 say their comparison twice."""
    return next((text.removesuffix(word) for word, _ in _AFTER if text.endswith(word)), text)


def written(value: IndicatorValue) -> str:
    """The value as a form prints it: sign, plain digits, unit. Words stay as they were."""
    if value.number is None:
        return value.text
    if value.high is not None:
        return f"{show_amount(value.number)}~{show_amount(value.high)}{value.unit}"
    return f"{value.operator}{show_amount(value.number)}{value.unit}"


def without_operator(value: IndicatorValue) -> str:
    """`≥23人` as what was reached is `23人`; words stay words."""
    bare = value.text.lstrip("≥≤><=≧≦⩾⩽＞＜＝ ")
    if not value.operator or bare != value.text:
        return bare if value.operator else value.text
    return written(replace(value, operator=""))
