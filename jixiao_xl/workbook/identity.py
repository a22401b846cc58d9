"""What the workbook says of itself: form, edition, year, stage, unit, revision, digest, version.

The very hidden sheet `_jixiao` is read from every file; the list of characters and the row numbers
of the 校验码 are large and nobody's to read, so they lie on a sheet of their own.
"""

from __future__ import annotations

import hashlib
import json
import re

from jixiao_xl import __version__
from jixiao_xl.forms.check_code import CombinedCode, RowNumber, alphabet, row_weight
from jixiao_xl.forms.expr import Cell, Expr, call, text_of
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.model.entries import plain
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.places import column_letter, row_and_column
from jixiao_xl.workbook.pages import Book, Page

NAME = "_jixiao"
CODE_SHEET = "_jixiao_code"
LABEL, VALUE = 0, 1
TEXT, NUMBER, WEIGHT = 3, 4, 5
CODE_ROW, LETTERS_ROW = 0, 1
PLACES = 3
"""First of the six columns that say where each named block is."""
_REFERENCE = re.compile(r"='((?:[^']|'')+)'!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?")
MOST_MARKS = 3_600
"""Marks of prefilled values: nine characters each, in a cell of 32,767."""
_DIGESTS: dict[int, tuple[FormSpec, str]] = {}
"""By the definition itself, which is kept so that its id stays its own."""
_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})")
FIELDS = ("form", "edition", "year", "stage", "unit_key", "unit_name", "revision", "digest", "version", "prefilled")


def template_digest(spec: FormSpec) -> str:
    """Sixteen hex digits that change when the definition changes; worked out once, every file read is held against it."""
    known = _DIGESTS.get(id(spec))
    if known is None or known[0] is not spec:
        said = json.dumps(plain(spec), ensure_ascii=False, separators=(",", ":"))
        known = _DIGESTS[id(spec)] = spec, hashlib.sha256(said.encode()).hexdigest()[:16]
    return known[1]


def row_key(plan: BlockPlan, line: Line) -> str:
    """What a row is, for the 校验码: the same for every spare row of one place."""
    key = "p" if line.key[:1] == "p" and line.key[1:].isdigit() else line.key
    return f"{plan.name}|{key}"


def is_newer(version: str) -> bool:
    """Whether a workbook was made by a later release than this program (`0.3.0`, from its identity); what is no
    version is not."""
    found, own = _VERSION.fullmatch(version), _VERSION.match(__version__)
    return found is not None and own is not None and tuple(map(int, found.groups())) > tuple(map(int, own.groups()))


class Identity:
    """Draws the identity sheet; `code` is the cell of the 校验码."""

    def __init__(self, plan: FormPlan, filing: Filing, book: Book) -> None:
        self.plan, self.filing, self.book = plan, filing, book
        self.page = Page(NAME, state="veryHidden")
        self.counting = Page(CODE_SHEET, state="veryHidden")
        self.code = Cell(CODE_SHEET, CODE_ROW, VALUE, absolute=True)

    def draw(self) -> None:
        page, filing = self.page, self.filing
        self.book.pages += [page, self.counting]
        values = (
            filing.form, filing.edition, str(filing.year), filing.stage, filing.unit.key,
            filing.unit.name, str(filing.revision), template_digest(self.plan.spec), __version__,
            " ".join(sorted(filing.prefilled)[:MOST_MARKS]),
        )  # fmt: skip
        for row, (label, value) in enumerate(zip(FIELDS, values, strict=True)):
            page.put(row, LABEL, label, "key")
            page.put(row, VALUE, value, "key")
        self._count()

    def draw_places(self) -> None:
        """Where every named block of the finished book is: name, sheet, first row and column, last row and
        column, all from 1. Formulas, so that they follow when rows move; one read of this sheet tells all."""
        places = [(name, block_at(self.book.names[name])) for name in sorted(self.book.names) if name.startswith("jx.")]
        for row, (name, (sheet, top, left, bottom, right)) in enumerate(places):
            page, first, last = self.page, Cell(sheet, top, left, absolute=True), Cell(sheet, bottom, right, absolute=True)
            page.put(row, PLACES, name, "key")
            page.put(row, PLACES + 1, sheet, "key")
            for n, (function, corner) in enumerate((("ROW", first), ("COLUMN", first), ("ROW", last), ("COLUMN", last)), 2):
                page.put(row, PLACES + n, call(function, corner), "plain")
        ends = f"${column_letter(PLACES)}$1:${column_letter(PLACES + 5)}${len(places)}"
        self.book.names["jx.places"] = f"='{NAME}'!{ends}"

    def _count(self) -> None:
        page = self.counting
        page.put(LETTERS_ROW, LABEL, "letters", "key")
        page.put(LETTERS_ROW, VALUE, alphabet(), "key")
        letters = Cell(CODE_SHEET, LETTERS_ROW, VALUE, absolute=True)
        row = 0
        for block in self.plan.blocks:
            for line in block.lines:
                text = entered(line)
                if text is None:
                    continue
                page.put(row, TEXT, text, "plain")
                page.put(row, NUMBER, RowNumber(Cell(CODE_SHEET, row, TEXT), letters), "plain")
                page.put(row, WEIGHT, call("N", row_weight(row_key(block, line))), "plain")
                row += 1
        page.put(CODE_ROW, LABEL, "code", "key")
        page.put(CODE_ROW, VALUE, CombinedCode(CODE_SHEET, 0, row - 1, NUMBER, WEIGHT), "plain")
        self.book.names["jx.code"] = f"='{CODE_SHEET}'!$B${CODE_ROW + 1}"


def block_at(reference: str) -> tuple[str, int, int, int, int]:
    """Sheet, first row and column, last row and column (from 0) of a reference as we define names."""
    place = _REFERENCE.fullmatch(reference)
    assert place is not None, reference
    top, left = row_and_column(place[2] + place[3])
    bottom, right = row_and_column(place[4] + place[5]) if place[4] else (top, left)
    return place[1].replace("''", "'"), top, left, bottom, right


def entered(line: Line) -> Expr | None:
    """All that a person entered on a line, cells parted by `|`; blank when there is nothing."""
    cells = [Cell(s.sheet, s.row, s.column) for s in line.slots if s.role in ("name", "input", "join")]
    if not cells:
        return None
    joined: Expr = cells[0] & ""
    plain: Expr = cells[0] & ""
    for cell in cells[1:]:
        joined = (joined & "|") & cell
        plain = plain & cell
    return call("IF", plain.eq(""), "", joined)


def code_of(book: Book) -> str:
    """The 校验码 of a planned book; empty when nothing was entered."""
    return text_of(book.value(CODE_SHEET, CODE_ROW, VALUE))
