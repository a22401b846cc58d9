"""How tables in Word and on web pages head their columns, held against the columns of a form's table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from jixiao_xl.forms.spec import Column, IndicatorTable
from jixiao_xl.forms.wording import with_years
from jixiao_xl.model.names import normalised

NUMBER = "#"
"""A column of running numbers."""
MAIN = "*"
"""A heading that means the main value, unless another column says so more plainly (指标值)."""
OVER = "^"
"""A heading over several columns (近两年指标值)."""

_LEVELS = {
    1: ("一级指标", "一级", "一级指标名称"),
    2: ("二级指标", "二级", "二级指标名称"),
    3: ("三级指标", "三级", "三级指标名称"),
}
_NAME = ("指标名称", "绩效指标名称", "指标内容", "三级指标", "三级指标名称", "四级指标")
_NUMBERS = ("序号", "编号", "行次", "项次", "no", "no.")
_WORDS = {
    "basis": ("指标值确定依据", "确定依据", "依据", "指标值依据", "指标依据", "标准依据", "确定的依据"),
    "category": ("指标分类", "分类", "指标类型", "指标类别", "类型", "类别"),
    "standard": ("绩效标准", "评价标准", "指标标准", "标准"),
    "description": ("绩效指标描述", "指标描述", "指标说明", "指标解释", "描述", "说明"),
}
_TARGET = ("指标值", "目标值", "年度指标值", "年度目标值", "绩效指标值", "预期指标值", "计划指标值", "目标")
_THIS_YEAR = (
    "预期当年实现值",
    "预期当年值",
    "当年",
    "当年值",
    "当年目标值",
    "当年指标值",
    "本年",
    "本年目标值",
    "全年指标值",
    "全年目标值",
)
_BACK = {
    -1: ("上年", "上年值", "上年实际值", "上年完成值", "上年指标值", "上一年", "去年"),
    -2: ("前年", "前年值", "前年实际值", "前年完成值", "前年指标值"),
}
_HALF = ("半年指标值", "半年", "半年值", "半年目标值", "上半年", "上半年指标值")
_OVER = ("近两年指标值", "近两年指标完成值", "近两年", "历年指标值", "绩效指标", "指标")
_DECORATION = re.compile(r"\([^()]*\)|[:*]")


def heading_of(text: str) -> str:
    """A heading without brackets and colons, for looking up."""
    return _DECORATION.sub("", normalised(text))


def meanings(table: IndicatorTable, year: int) -> Mapping[str, str]:
    """What each known heading means for the table: a level key (`level1`), a column id, or NUMBER, MAIN, OVER."""
    found: dict[str, str] = {}

    def say(words: Iterable[str], meaning: str) -> None:
        for word in words:
            found.setdefault(heading_of(word), meaning)

    last = len(table.levels)
    for n, label in enumerate(table.levels, 1):
        say([label], f"level{n}")
    for column in table.columns:
        label = with_years(column.label, year)
        if heading_of(label) not in map(heading_of, _TARGET):
            say([label, label.removesuffix("年")] if label[:4].isdecimal() else [label], column.id)
        say(_said_of(table, column, year), column.id)
    for n, words in _LEVELS.items():
        if n < last:
            say(words, f"level{n}")
    say(_NAME, f"level{last}")
    say(_NUMBERS, NUMBER)
    say(_TARGET, MAIN)
    say([over for column in table.columns for over in column.over], OVER)
    say(_OVER, OVER)
    return found


def _said_of(table: IndicatorTable, column: Column, year: int) -> tuple[str, ...]:
    """Other headings for a column."""
    if column.value != "indicator":
        return _WORDS.get(column.id, ())
    if column.span == "half":
        return _HALF
    if column.year in _BACK:
        there = year + (column.year or 0)
        return (*_BACK[column.year or 0], f"{there}年", str(there), f"{there}年度", f"{there}年实际值", f"{there}年完成值")
    if column is table.main_column:
        return (*_THIS_YEAR, f"{year}年", str(year), f"{year}年度", f"{year}年目标值", f"{year}年指标值")
    return _HALF if column.id == "half" else ()
