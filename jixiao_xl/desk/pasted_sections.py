"""Which table of the form a pasted row is of, where a document holds several: by their titles, in a row of their
own, in a column at the side (merged down or in its first cell only), or as the goal's or project's number."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from jixiao_xl.forms.spec import FormSpec, IndicatorTable
from jixiao_xl.model.names import normalised

_ENDS = ":、."
_DIGITS = {digit: n for n, digit in enumerate("一二三四五六七八九十", 1)}
_NUMBER = f"([0-9]{{1,2}}|[{''.join(_DIGITS)}])"


class Sections:
    """The titles of a form's tables, from the point of view of one of them; `number` is its goal's or project's."""

    def __init__(self, spec: FormSpec, table: IndicatorTable, number: int = 0) -> None:
        self.number = number
        self.titles: dict[str, str] = {}
        """By the words a title may have: the other table it is of, empty for the own one."""
        for block in spec.block:
            if isinstance(block, IndicatorTable):
                for words in (block.title, block.sheet, f"{block.title}表"):
                    self.titles[normalised(words)] = "" if block is table else block.title
        self.titles |= {normalised(words): "" for words in (table.title, table.sheet)}
        rule = spec.repeat.get(table.repeat or "")
        tables = (block for block in spec.block if isinstance(block, IndicatorTable))
        self._headings = {normalised(row.fixed_levels[0]) for one in tables for row in spec.rows_of(one) if row.fixed_levels}
        """First-level headings, one of which may be a table's title too (履职)."""
        self._label = rule.label if rule else ""
        self._numbered = re.compile(re.escape(normalised(self._label)).replace(r"\{n\}", _NUMBER)) if rule else None

    def is_title(self, text: str) -> bool:
        return normalised(text) in self.titles

    def opened_by(self, row: Sequence[str], columns: Container[int]) -> str | None:
        """The other table that the row says it is of; empty for the own one, None where it says nothing. A title
        among the names of an indicator is none, since headings are called so too; `columns` are those that mean something."""
        texts = {cell for cell in row if cell}
        for column, cell in enumerate(row):
            plain = normalised(cell).rstrip(_ENDS) if cell else ""
            if self._numbered is not None and (found := self._numbered.fullmatch(plain)):
                number = _DIGITS.get(found[1]) or int(found[1])
                return "" if number == self.number else self._label.replace("{n}", str(number))
            at_the_side = column not in columns and plain not in self._headings
            if plain in self.titles and (at_the_side or len(texts) == 1):
                return self.titles[plain] or ("" if self._numbered is None else None)  # a goal's title says no number
        return None
