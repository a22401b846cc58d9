"""Rows whose values stand in a neighbour's column: decided once for a filing, asked by all rules.

A word of one column's list in another column, while its own column lacks such a word, or a number
where a list is asked for, or a value where a level is named. On such a row only the shift is
reported (`gives_way`); what stands in the wrong column is not judged again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from jixiao_xl.forms.plan import Line
from jixiao_xl.forms.spec import Column, IndicatorTable
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.wordlists import naming

_STILL_SAID = ("CMP103", "IND101", "IND114", "IND115", "IND118", "IND120", "IND201")
"""What is about the name of a row, not about its values."""

_Lists = dict[str, frozenset[str]]
"""By column: the words of its list."""


def shifts(case: Case) -> dict[int, str]:
    """By id of the line: what stands in which wrong column, in words."""
    found = case.memo.get("shifts")
    if found is None:
        found = case.memo["shifts"] = dict(_shifted(case))
    return cast("dict[int, str]", found)


def _shifted(case: Case) -> Iterator[tuple[int, str]]:
    lists: dict[str, _Lists] = {}
    for block, line in case.lines(IndicatorTable):
        table = block.block
        assert isinstance(table, IndicatorTable)
        if table.id not in lists:
            lists[table.id] = {column.id: _words_of(case, column) for column in table.columns}
        wrong = _wrong_cells(case, table, line, lists[table.id])
        if wrong:
            yield id(line), "、".join(f"“{label}”一列是“{text}”" for label, text in wrong)


def give_way(case: Case, found: list[Finding]) -> list[Finding]:
    """The findings without those on the values of shifted rows and on values still the template's (≥XX%)."""
    by_line = shifts(case)
    paths = {f.where.path for f in found if f.code == "CMP103" and f.params["stated"] == case.filing.value(f.where.path)}
    if by_line:
        lines = (line for block in case.plan.blocks for line in block.lines if id(line) in by_line)
        paths |= {slot.path.text for line in lines for slot in line.slots if slot.path}
    return [f for f in found if f.where.path not in paths or f.code in _STILL_SAID] if paths else found


def _wrong_cells(case: Case, table: IndicatorTable, line: Line, lists: _Lists) -> list[tuple[str, str]]:
    """(heading, text) of the cells in the wrong column; nothing when the row is in order."""
    texts = {column.id: case.text(slot) for column in table.columns if (slot := line.slot(column.id)) is not None}
    if not any(texts.values()):
        return []
    names = line.filed.names if line.filed else ()
    levels = [(table.levels[i], name) for i, name in enumerate(names) if is_value(name)]
    if levels:
        return levels
    strangers = {column.id for column in table.columns if _is_strangers_word(column.id, texts, lists)}
    values = {column.id for column in table.columns if column.choices and is_value(texts.get(column.id, ""))}
    target = read_indicator_value(texts.get(table.main_column.id, ""))
    if not strangers and (not values or target.number is not None):
        return []
    wrong = [column for column in table.columns if column.id in strangers | values]
    return [(case.plan.words.years(column.label), texts[column.id]) for column in wrong]


def _words_of(case: Case, column: Column) -> frozenset[str]:
    """The words that the column's list offers; the common ones where a basis is asked without a list."""
    choices = case.spec.choices.get(column.choices or "")
    if choices is not None:
        return frozenset(map(normalised, (*choices.items, *choices.aliases)))
    if column.value == "text" and column.label.endswith(("依据", "标准")):
        return frozenset(map(normalised, naming().basis))
    return frozenset()


def _is_strangers_word(column_id: str, texts: dict[str, str], lists: _Lists) -> bool:
    """Whether the cell holds a word of a list whose own column has nothing of its own."""
    plain = normalised(texts.get(column_id, ""))
    if not plain or plain in lists[column_id]:
        return False
    return any(
        other != column_id and plain in words and not _is_answered(other, texts, lists) for other, words in lists.items()
    )  # fmt: skip


def _is_answered(column_id: str, texts: dict[str, str], lists: _Lists) -> bool:
    """Not blank, no value, no word of another list."""
    text = texts.get(column_id, "")
    plain = normalised(text)
    if not plain or is_value(text):
        return False
    return plain in lists[column_id] or not any(plain in words for words in lists.values())


def is_value(text: str) -> bool:
    """A percentage or a number with its comparison: no list and no level says that."""
    if not text or len(text) > 12:
        return False
    value = read_indicator_value(text)
    return value.number is not None and (value.is_percent or value.operator != "")


def level_slips(case: Case, table: IndicatorTable, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Names that stand in another level's column: (heading, name)."""
    printed = [row.levels for row in case.spec.rows_of(table)]
    first = {normalised(levels[0]) for levels in printed if levels[0]}
    for i in range(1, len(names) - 1):
        plain = normalised(names[i])
        legit = {normalised(levels[i]) for levels in printed}
        if plain and plain in first and plain not in legit and "满意" not in plain:
            yield table.levels[i], names[i]
