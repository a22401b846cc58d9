"""Which line of the form takes which row of a filing?

A row that names a printed line goes there; any other goes to the most fitting line the form
leaves to the unit (……), in the order filed. No row is ever dropped: a table grows by what it
is given.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from jixiao_xl.forms.spec import CatalogRow, FormSpec, IndicatorTable
from jixiao_xl.model.facts import Fact, FactPath, Filing, parse_path
from jixiao_xl.model.names import OPEN, normalised
from jixiao_xl.model.records import dataclass

Names = tuple[str, ...]
_UNESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True)
class FiledRow:
    """The names of a row as filed; `nth` tells rows of one name apart."""

    names: Names
    nth: int = 1


@dataclass(frozen=True)
class Placed:
    """One line of the table: what the form prints there, and what was filed there, if anything."""

    line: CatalogRow
    filed: FiledRow | None = None
    shown: bool = True


def rows_filed(paths: Iterable[FactPath]) -> list[FiledRow]:
    """The rows that the paths of one table instance speak of, in order, each once."""
    return list(dict.fromkeys(FiledRow(p.names, p.nth) for p in paths if p.names is not None))


def place_rows(spec: FormSpec, table: IndicatorTable, filed: Sequence[FiledRow]) -> list[Placed]:
    """Every line of the table in printed order, open lines repeated as shown, used or spare."""
    lines = list(spec.rows_of(table))
    if not any(line.open and not line.fixed_levels for line in lines):
        lines.append(CatalogRow(levels=(OPEN,) * len(table.levels), show=0, spare=0))
    taken: dict[int, list[FiledRow]] = defaultdict(list)
    spots = _Spots(lines)
    for row in filed:
        taken[spots.line_for(row, taken)].append(row)
    placed: list[Placed] = []
    for index, line in enumerate(lines):
        rows = taken[index]
        if not line.open:
            placed.append(Placed(line, rows[0] if rows else None))
            continue
        placed += [Placed(line, row) for row in rows]
        blank = max(line.show - len(rows), 0)
        spare = max(line.show + line.spare - len(rows) - blank, 0)
        placed += [Placed(line)] * blank + [Placed(line, shown=False)] * spare
    return placed


class _Spots:
    """The lines of a table by the names they print, so that a row need not be held against each of them."""

    def __init__(self, lines: list[CatalogRow]) -> None:
        self.last = len(lines) - 1
        self.printed: dict[Names, list[int]] = {}
        self.open: dict[Names, int] = {}
        """Of several open lines under the same names, the first."""
        for index, line in enumerate(lines):
            if line.open:
                self.open.setdefault(line.fixed_normalised, index)
            else:
                self.printed.setdefault(line.fixed_normalised, []).append(index)
        self.printed_depths = {len(fixed) for fixed in self.printed}
        self.open_depths = sorted({len(fixed) for fixed in self.open}, reverse=True)

    def line_for(self, row: FiledRow, taken: dict[int, list[FiledRow]]) -> int:
        names = tuple(normalised(name) for name in row.names)
        if row.nth == 1:
            same = (index for depth in self.printed_depths for index in self.printed.get(names[:depth], ()))
            free = [index for index in same if not taken[index]]
            if free:
                return min(free)
        found = (self.open.get(names[:depth]) for depth in self.open_depths)
        return next((index for index in found if index is not None), self.last)


def settled(spec: FormSpec, filing: Filing) -> Filing:
    """The filing with the form's own writing of each printed row's names.

    全角/半角, quotes and blanks do not make another row: a fact filed as `三公经费变动率` in a row
    that the form prints as `“三公经费”变动率` is a fact of that row.
    """
    printed: dict[str, dict[Names, Names]] = {
        block.id: {tuple(map(normalised, row.levels)): row.levels for row in spec.rows_of(block) if not row.open}
        for block in spec.block
        if isinstance(block, IndicatorTable)
    }
    facts: dict[str, Fact] = {}
    for path, fact in filing.paths():
        names = printed.get(path.block, {}).get(tuple(map(normalised, path.names or ())))
        if names is not None and names != path.names and path.nth == 1:
            text = replace(path, names=names).text
            facts.setdefault(text, replace(fact, path=text))
        else:
            facts[fact.path] = fact
    for rule in spec.repeat.values():
        block, _, field = rule.code.partition(".")
        own = {b.id for b in spec.block if b.repeat and spec.repeat[b.repeat] is rule}
        for path, _ in filing.paths():
            if rule.code and path.block in own and path.instance.startswith("["):
                # the code in the path is the code of the instance, stated or not
                code = parse_path(f"x{path.instance}.y").instance[1:-1]
                text = FactPath(block, field, instance=path.instance).text
                facts.setdefault(text, Fact(text, _UNESCAPED.sub(r"\1", code)))
    return filing.with_facts(facts)
