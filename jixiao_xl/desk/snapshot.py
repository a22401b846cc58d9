"""撤销: what the cells held before our last change, as text to keep, and the way back.

A macro clears Excel's own undo. A snapshot is believed only when it is whole, of this workbook and of
this revision; a cell that somebody changed since is left as it is, and named.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import cast

from jixiao_xl.desk.cell_changes import Block, CellWrite, Edit, RowChange, Spot, Value, grouped, joined_rows
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where, address

FORMAT = "jixiao-undo-1"
NAMED = 8
"""So many changed cells are named one by one."""
Held = object
"""What a program says a cell holds: a Value, or a number as float."""


@dataclass(frozen=True)
class Changed:
    """A rectangle that we wrote: what it held before, and what was put there."""

    sheet: str
    row: int
    column: int
    before: tuple[tuple[Value, ...], ...]
    after: tuple[tuple[Value, ...], ...]

    @property
    def area(self) -> str:
        return Block(self.sheet, self.row, self.column, self.after).area


@dataclass(frozen=True)
class Undo:
    """One change of ours to one workbook. `verb` is the button's caption."""

    book: str
    """The workbook's identity (form, edition, year, stage, unit)."""
    revision: int
    verb: str
    cells: tuple[Changed, ...] = ()
    rows: tuple[RowChange, ...] = field(default_factory=tuple)
    """The rows as we changed them."""

    def text(self) -> str:
        """The snapshot as JSON, with a sum over it so that damage shows."""
        content = {
            "book": self.book, "revision": self.revision, "verb": self.verb,
            "cells": [[c.sheet, c.row, c.column, _out(c.before), _out(c.after)] for c in self.cells],
            "rows": [[r.sheet, r.first, r.last, r.shown] for r in self.rows],
        }  # fmt: skip
        return json.dumps({"format": FORMAT, "sum": _sum(content), "content": content})


def snapshot(book: str, revision: int, verb: str, edit: Edit, before: Callable[[str, str], Sequence[Sequence[Held]]],
             holds: Mapping[Spot, Value] | None = None) -> tuple[list[Block], Undo]:  # fmt: skip
    """The blocks to put for an edit, and the way back. `before` reads an area of a sheet as it is now;
    `holds` may join blocks (see `grouped`)."""
    blocks = grouped(edit.writes, holds)
    cells = []
    for block in blocks:
        found = tuple(tuple(map(_plain, row)) for row in before(block.sheet, block.area))
        cells.append(Changed(block.sheet, block.row, block.column, found, block.values))
    return blocks, Undo(book, revision, verb, tuple(cells), edit.rows)


# ---- as text ---------------------------------------------------------------------------
def _plain(value: Held) -> Value:
    """A float as Decimal; what is no value of a cell as its text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float | int):
        return Decimal(repr(value))
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day)
    if isinstance(value, str):
        return value or None
    return value if isinstance(value, Decimal | dt.datetime) else str(value)


def _out(rows: Sequence[Sequence[Value]]) -> list[list[object]]:
    """A text stays a text (`"12"`), a number says that it is one (`{"number": "12"}`)."""
    return [[_one_out(value) for value in row] for row in rows]


def _one_out(value: Value) -> object:
    if isinstance(value, Decimal):
        return {"number": str(value)}
    return {"date": value.isoformat()} if isinstance(value, dt.datetime) else value


def _one_in(value: object) -> Value:
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, dict) and len(value) == 1:
        ((kind, text),) = value.items()
        if kind == "number" and isinstance(text, str):
            number = Decimal(text)
            if number.is_finite():
                return number
        if kind == "date" and isinstance(text, str):
            return dt.datetime.fromisoformat(text)
    raise ValueError("no value of a cell")


def _sum(content: object) -> str:
    canonical = json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


def read_back(text: str, book: str, revision: int) -> Undo | Finding:
    """The snapshot, or why it cannot be used: damaged, of another workbook, of an earlier revision."""
    try:
        given = json.loads(text)
        content = given["content"]
        if given["format"] != FORMAT or given["sum"] != _sum(content):
            raise ValueError("damaged")
        undo = _undo_in(content)
    except (ValueError, KeyError, TypeError, InvalidOperation, RecursionError):
        return unusable("保存的改动记录已损坏")
    if undo.book != book:
        return unusable("保存的是另一个工作簿的改动")
    if undo.revision != revision:
        return unusable("保存的是本表另一个修订号的改动")
    return undo


def unusable(why: str) -> Finding:
    return Finding("UND101", "warning", Where(), {"why": why})


def _undo_in(content: dict[str, object]) -> Undo:
    book, revision, verb = content["book"], content["revision"], content["verb"]
    if not (isinstance(book, str) and type(revision) is int and isinstance(verb, str)):
        raise ValueError("no identity")
    cells = tuple(_changed_in(*one) for one in cast("list[list[object]]", content["cells"]))
    rows = tuple(_row_in(*one) for one in cast("list[list[object]]", content["rows"]))
    return Undo(book, revision, verb, cells, rows)


def _changed_in(sheet: object, row: object, column: object, before: object, after: object) -> Changed:
    if not (isinstance(sheet, str) and type(row) is int and type(column) is int and row >= 0 and column >= 0):
        raise ValueError("no place")
    old, new = (tuple(tuple(map(_one_in, line)) for line in cast("list[list[object]]", block)) for block in (before, after))
    widths = {len(line) for line in (*old, *new)}
    if len(old) != len(new) or len(widths) != 1 or widths == {0}:
        raise ValueError("no rectangle")
    return Changed(sheet, row, column, old, new)


def _row_in(sheet: object, first: object, last: object, shown: object) -> RowChange:
    if not (isinstance(sheet, str) and type(first) is int and type(last) is int and isinstance(shown, bool)):
        raise ValueError("no rows")
    if not 0 <= first <= last:
        raise ValueError("no rows")
    return RowChange(sheet, first, last, shown)


# ---- the way back ------------------------------------------------------------------------
def same(held: Held, written: Value) -> bool:
    """Whether a cell still holds what was written: an empty text is a blank, and a General cell makes
    a number of a text that looks like one."""
    held = _plain(held)
    if written in (None, "") or held is None:
        return written in (None, "") and held is None
    if isinstance(held, bool) or isinstance(written, bool):
        return held is written
    if isinstance(held, Decimal):
        number = read_amount(written) if isinstance(written, str) else written
        return isinstance(number, Decimal) and float(held) == float(number)
    if isinstance(written, Decimal) and isinstance(held, str):
        return read_amount(held) == written
    return held == written


def undo_edit(undo: Undo, now: Callable[[str, str], Sequence[Sequence[Held]]], filled: Collection[Spot] = ()) -> Edit:
    """The cells as they were, except those changed since; rows shown or hidden as they were, except
    where hiding would cover something. `now` reads an area of a sheet; `filled` are the cells that hold
    something now (`Ground.filled`)."""
    writes: list[CellWrite] = []
    left: list[CellWrite] = []
    for one in undo.cells:
        held = now(one.sheet, one.area)
        for r, (old, new) in enumerate(zip(one.before, one.after, strict=True)):
            for c, (before, after) in enumerate(zip(old, new, strict=True)):
                write = CellWrite(one.sheet, one.row + r, one.column + c, before)
                if not same(held[r][c], after):
                    left.append(write)
                elif not same(held[r][c], before):
                    writes.append(write)
    cleared = {write.spot for write in writes if write.value is None}
    covering = {spot[:2] for spot in filled if spot not in cleared} | {write.spot[:2] for write in left}
    rows = (
        RowChange(r.sheet, n, n, not r.shown) for r in undo.rows for n in range(r.first, r.last + 1)
        if not r.shown or (r.sheet, n) not in covering
    )  # fmt: skip
    return Edit(tuple(writes), joined_rows(rows), tuple(_changed_since(left)))


def _changed_since(left: Sequence[CellWrite]) -> list[Finding]:
    """One finding per sheet, at its first cell."""
    found = []
    for sheet in dict.fromkeys(write.sheet for write in left):
        cells = [address(w.row, w.column) for w in left if w.sheet == sheet]
        more = f"等 {len(cells)} 格" if len(cells) > NAMED else ""
        params = {"sheet": sheet, "cells": "、".join(cells[:NAMED]) + more}
        found.append(Finding("UND102", "warning", Where(sheet=sheet, cell=cells[0]), params))
    return found
