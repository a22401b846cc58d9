"""A table copied from Word or a web page as rows of an indicator table: which column is what, which name stands where.

Merged cells come blank or repeated, headings take one to three rows and come again on every page,
columns stand in any order. What is no row of the table is left over, with a reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from jixiao_xl.desk.pasted_sections import Sections
from jixiao_xl.desk.pasted_words import MAIN, NUMBER, OVER, heading_of, meanings
from jixiao_xl.forms.spec import FormSpec, IndicatorTable
from jixiao_xl.model.names import OPEN, as_shown, normalised, tidy
from jixiao_xl.rules.shifts import is_value

_UNSEEN = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_NUMBERED = re.compile(r"(?:[0-9０-９]{1,2}(?:[、)）]|[.．](?![0-9０-９]))|[(（][0-9０-９]{1,2}[)）]|[①-⑳])\s*(?=\S)")
_RUNNING = re.compile(r"[0-9]{1,3}\.?")
LONGEST = 80
Cells = tuple[str, ...]


class Unplaced(NamedTuple):
    """What was left over: its row on the clipboard sheet (from 1), what it says, and why in Chinese."""

    row: int
    text: str
    why: str
    is_meant: bool = True
    """Whether it was meant for the table; what stands elsewhere in the document was not."""


@dataclass(frozen=True)
class PastedRow:
    """One row of the pasted table: all its names, those of merged cells filled in; its values by column id."""

    number: int
    names: Cells
    values: Mapping[str, str]
    text: str


class PastedTable:
    """Reads the matrix for one table of the form; `rows` and `left` are the result."""

    def __init__(
        self, matrix: Sequence[Sequence[object]], table: IndicatorTable, spec: FormSpec, year: int, number: int = 0
    ) -> None:  # fmt: skip
        self.table, self.levels = table, len(table.levels)
        self.words = meanings(table, year)
        self.sections = Sections(spec, table, number)
        self.lists = {c.id: _words_of(spec, c.choices) for c in table.columns if c.choices}
        printed = [row.fixed_levels for row in spec.rows_of(table)]
        self.printed = [{normalised(levels[n]) for levels in printed if n < len(levels)} for n in range(self.levels)]
        self.labels: set[str] = set().union(*self.printed[:-1])
        """The headings that the form prints, of any level but the last."""
        self.rows: list[PastedRow] = []
        self.left: list[Unplaced] = []
        self.above: list[str] = []
        """The names that hold on below, as merged cells do."""
        cells = [(n, tuple(map(clean, row))) for n, row in enumerate(matrix, 1)]
        self._read([(n, row) for n, row in cells if any(row)])

    # ---- the columns ----------------------------------------------------------------------
    def _read(self, rows: list[tuple[int, Cells]]) -> None:
        heads = self._headings(rows)
        if not heads:
            known = columns_by_content(self, [row for _, row in rows])
            if known is None:
                why = "没有表头，认不出各列是什么：请连同“一级指标、二级指标、指标值”等表头一起复制"
                self.left += [Unplaced(n, said(row), why) for n, row in rows]
                return
            heads = {-1: (known, {})}
        columns: dict[int, str] = {} if -1 not in heads else heads[-1][0]
        elsewhere = ""
        at = 0
        while at < len(rows):
            number, row = rows[at]
            of = self.sections.opened_by(row, heads[at][0] if at in heads else columns)
            if of is not None and of != elsewhere:
                elsewhere, self.above = of, []
            if at in heads:
                before, (columns, unknown) = columns, heads[at]
                if columns != before:
                    self.above = []  # else the heading comes again on the next page, and merged cells go on
                    self._say_unknown(rows[at + 1 :], number, unknown)
                at += self.depth[at]
                continue
            if self._is_title(row):
                self.above = []
            elif elsewhere:
                self.left.append(Unplaced(number, said(row), f"是“{elsewhere}”的内容：请点中那张表再导入一次", False))
            elif not columns:
                self.left.append(Unplaced(number, said(row), "在表头上面，没有导入", False))
            else:
                self._row(number, row, columns)
            at += 1

    def _is_title(self, row: Cells) -> bool:
        texts = set(filter(None, row))
        return len(texts) == 1 and self.sections.is_title(texts.pop())

    def _headings(self, rows: list[tuple[int, Cells]]) -> dict[int, tuple[dict[int, str], dict[int, str]]]:
        """By place of its first row: what each column means, and the headings that mean nothing here."""
        found: dict[int, tuple[dict[int, str], dict[int, str]]] = {}
        self.depth: dict[int, int] = {}
        at = 0
        while at < len(rows):
            depth = 0
            while at + depth < len(rows) and self._is_heading(rows[at + depth][1], first=not depth):
                depth += 1
            if depth:
                found[at], self.depth[at] = self._columns([row for _, row in rows[at : at + depth]]), depth
            at += max(depth, 1)
        return found

    def _is_heading(self, row: Cells, *, first: bool) -> bool:
        """Whether the row heads columns: two known headings at least, and hardly anything else; below
        such a row, known headings only."""
        texts = {heading_of(cell) for cell in row if cell}
        known = {text for text in texts if text in self.words}
        if first:
            return len(known) >= 2 and 2 * len(known) > len(texts) and any(self.words[t][:5] == "level" for t in known)
        return bool(texts) and known == texts and not texts & self.labels

    def _columns(self, rows: list[Cells]) -> tuple[dict[int, str], dict[int, str]]:
        columns: dict[int, str] = {}
        unknown: dict[int, str] = {}
        weak: list[int] = []
        for column in range(max(map(len, rows))):
            texts = [row[column] for row in reversed(rows) if column < len(row) and row[column]]
            meant = [self.words[heading_of(text)] for text in texts if heading_of(text) in self.words]
            plain = next((m for m in meant if m not in (MAIN, OVER) and m not in columns.values()), None)
            if plain is not None:
                columns[column] = plain
            elif meant[:1] == [MAIN]:
                weak.append(column)
            elif texts and NUMBER not in meant and not self.sections.is_title(texts[0]):
                unknown[column] = texts[0]
        main = self.table.main_column.id
        for column in weak:
            if main not in columns.values():
                columns[column] = main
            else:
                unknown[column] = "指标值"
        return columns, unknown

    def _say_unknown(self, below: list[tuple[int, Cells]], number: int, unknown: dict[int, str]) -> None:
        for column, heading in unknown.items():
            held = [row[column] for _, row in below if column < len(row) and row[column]]
            if any(heading_of(text) not in self.words for text in held):
                self.left.append(Unplaced(number, heading, "表样没有这一列，这一列的内容没有导入"))

    # ---- one row ---------------------------------------------------------------------------
    def _row(self, number: int, row: Cells, columns: dict[int, str]) -> None:
        if f"level{self.levels}" not in columns.values():
            self.left.append(Unplaced(number, said(row), f"表头没有“{self.table.levels[-1]}”一列，认不出指标名称"))
            return
        row = self._set_right(row, columns)
        cells = {meaning: row[c] for c, meaning in columns.items() if c < len(row)}
        names = [cells.get(f"level{n}", "") for n in range(1, self.levels + 1)]
        values = {c.id: cells[c.id] for c in self.table.columns if cells.get(c.id)}
        filled = {text for c, text in enumerate(row) if text and columns.get(c) != NUMBER}
        if not {normalised(text) for text in filled} - {normalised(OPEN)}:
            return  # a line left to the unit that nobody used
        if len(filled) == 1 and (not names[-1] or len(set(filter(None, row))) < sum(map(bool, row))):
            only = filled.pop()
            if normalised(unnumbered(only)) in self.labels:
                self._take_heading(unnumbered(only))
            else:
                self.left.append(Unplaced(number, only[:LONGEST], "不是指标行，没有导入"))
            return
        wrong = next((name for name in names if is_value(name)), None)
        if wrong is not None:
            self.left.append(Unplaced(number, said(row), f"各格错了列（名称一列是“{wrong}”）：对照表头挪好再导入"))
            return
        before = self.above
        whole = self._with_merged(names)
        if normalised(whole[-1]) in ("", normalised(OPEN)):
            if not all(normalised(name) in self.labels for name in whole[:-1] if name):
                self.above = before  # the foot of a page heads nothing below it
            if values:
                self.left.append(Unplaced(number, said(row), "没有指标名称"))
            return
        self.rows.append(PastedRow(number, whole, values, said(row)))

    def _take_heading(self, text: str) -> None:
        """A row that is all heading: it holds for the rows below."""
        level = next(n for n, names in enumerate(self.printed) if normalised(text) in names)
        self.above = [*self.above[:level], *[""] * (level - len(self.above)), text]

    def _with_merged(self, names: list[str]) -> Cells:
        """The names with those of merged cells filled in: blank means as above, as long as nothing left of it changed."""
        whole: list[str] = []
        for n, name in enumerate(names[:-1]):
            plain = unnumbered(name)
            kept = self.above[n] if n < len(self.above) and whole == self.above[:n] else ""
            whole.append(plain or kept)
        self.above = whole
        return (*whole, unnumbered(names[-1]))

    # ---- rows that slipped to the left --------------------------------------------------------
    def _set_right(self, row: Cells, columns: dict[int, str]) -> Cells:
        """A row below a merged cell that was copied without it starts too far left. It is moved only
        when it cannot be right where it is, does not begin with a first heading, and fits in just one other place."""
        width = max(columns) + 1
        row = (*row, *[""] * (width - len(row)))
        first = row[min(c for c, meaning in columns.items() if meaning[:5] == "level")]
        if not first or normalised(unnumbered(first)) in self.printed[0] or not self._is_wrong(row, columns):
            return row
        moved = [("",) * k + row[:-k] for k in range(1, self.levels) if not any(row[-k:])]
        fitting = [cells for cells in moved if self._is_right(cells, columns)]
        return fitting[0] if len(fitting) == 1 else row

    def _is_wrong(self, row: Cells, columns: dict[int, str]) -> bool:
        if any(is_value(row[c]) for c, meaning in columns.items() if meaning[:5] == "level"):
            return True
        return any(self._is_strangers(row[c], meaning) for c, meaning in columns.items())

    def _is_strangers(self, text: str, column: str) -> bool:
        """A word of another column's list in a column that has its own."""
        plain = normalised(text)
        here = self.lists.get(column)
        return bool(plain) and here is not None and plain not in here and any(plain in words for words in self.lists.values())

    def _is_right(self, row: Cells, columns: dict[int, str]) -> bool:
        name = next((row[c] for c, meaning in columns.items() if meaning == f"level{self.levels}"), "")
        if not name or self._is_wrong(row, columns):
            return False
        main = next((row[c] for c, meaning in columns.items() if meaning == self.table.main_column.id), "")
        listed = [normalised(row[c]) in self.lists[meaning] for c, meaning in columns.items() if meaning in self.lists and row[c]]
        return all(listed) and (bool(listed) or is_value(main))


# ---- words -------------------------------------------------------------------------------
def clean(cell: object) -> str:
    """A pasted cell as one line, without what nobody sees."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    lines = _UNSEEN.sub("", as_shown(str(cell))).splitlines()
    return "".join(tidy(line) for line in lines)


def said(row: Cells) -> str:
    """A row as one text, for the list of what was left over."""
    text = " | ".join(cell for cell in row if cell)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def unnumbered(name: str) -> str:
    """A name without the number that counts it: `1、`, `(2)`, `③`."""
    return _NUMBERED.sub("", name, count=1) if _NUMBERED.match(name) else name


def _words_of(spec: FormSpec, choices: str | None) -> frozenset[str]:
    listed = spec.choices[choices or ""]
    return frozenset(map(normalised, (*listed.items, *listed.aliases)))


# ---- without a heading ---------------------------------------------------------------------
def columns_by_content(pasted: PastedTable, rows: Sequence[Cells]) -> dict[int, str] | None:
    """What each column is, told by what stands in it; None when that leaves a doubt."""
    width = max((len(row) for row in rows), default=0)
    texts = {c: [row[c] for row in rows if c < len(row) and row[c]] for c in range(width)}
    texts = {c: found for c, found in texts.items() if found and not all(map(_RUNNING.fullmatch, found))}
    columns: dict[int, str] = {}
    for meaning, words in pasted.lists.items():
        best = _best(texts, columns, lambda text, words=words: normalised(text) in words)  # type: ignore[misc]
        if best is not None:
            columns[best] = meaning
    level_columns = list(_levels_by_content(pasted, texts, columns))
    if not level_columns:
        return None
    columns |= level_columns
    values = [c for c in sorted(texts) if c not in columns and c > max(c for c, _ in level_columns)]
    left = [c.id for c in pasted.table.columns if c.id not in columns.values() and c.value == "indicator"]
    others = [c.id for c in pasted.table.columns if c.id not in columns.values() and c.value != "indicator"]
    if len(values) == len(left) + len(others):
        wanted = [c.id for c in pasted.table.columns if c.id not in columns.values()]
        return columns | dict(zip(values, wanted, strict=True))
    if len(values) == len(left):
        return columns | dict(zip(values, left, strict=True))
    return columns | {values[0]: pasted.table.main_column.id} if len(values) == 1 else None


def _levels_by_content(pasted: PastedTable, texts: dict[int, list[str]], taken: dict[int, str]) -> Iterator[tuple[int, str]]:
    """The level columns: headings of the form, and right of the last of them the names."""
    free = {c: found for c, found in texts.items() if c not in taken}
    here: dict[int, str] = {}
    for n in range(1, pasted.levels):
        words = pasted.printed[n - 1]
        best = _best(free, here, lambda text, words=words: normalised(unnumbered(text)) in words)  # type: ignore[misc]
        if best is not None and best > max(here, default=-1):
            here[best] = f"level{n}"
    if not here:
        return
    behind = [c for c in sorted(free) if c > max(here)]
    # a level whose headings are all the unit's own stands between the known ones and the name
    missing = pasted.levels - 1 - int(here[max(here)][5:])
    for n, column in zip(range(pasted.levels - missing, pasted.levels + 1), behind, strict=False):
        here[column] = f"level{n}"
    if f"level{pasted.levels}" in here.values():
        yield from here.items()


def _best(texts: dict[int, list[str]], taken: Mapping[int, str], fits: Callable[[str], bool]) -> int | None:
    """The column that most of whose cells fit; None when there is none."""
    share = Counter({c: sum(map(fits, found)) / len(found) for c, found in texts.items() if c not in taken})
    column, value = next(iter(share.most_common(1)), (0, 0.0))
    return column if value > 0.5 else None
