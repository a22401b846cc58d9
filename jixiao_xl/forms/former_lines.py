"""How lines of a form were called in its earlier editions (`was`), so that data follow the line."""

from __future__ import annotations

from jixiao_xl.forms.spec import Block, FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.names import normalised

Parts = tuple[str, ...]


def former_lines(block: Block) -> dict[Parts, Parts]:
    """Former `group.row` of a money line to the present one; nothing for other blocks."""
    if not isinstance(block, MoneyTable):
        return {}
    return {tuple(old.split(".")): (group.id, row.id) for group in block.group for row in group.rows for old in row.was}


def former_names(spec: FormSpec, block: Block) -> dict[Parts, Parts]:
    """Former names of a printed indicator (`一级/二级/三级`) to the present ones, all normalised."""
    if not isinstance(block, IndicatorTable):
        return {}
    return {tuple(map(normalised, old.split("/"))): row.fixed_normalised for row in spec.rows_of(block) for old in row.was}
