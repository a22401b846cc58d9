"""The returned copy: bad cells coloured until mended, a note on each, 校验结果 and 校验报告 in front.

A colour is a native conditional format that compares the cell with what it showed when the copy was
made, so it goes without any program. It compares no other sheet: Excel 2010 asks that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from jixiao_xl.forms.derive import derived_cells
from jixiao_xl.forms.expr import Cell, ExcelError, Expr, call, lift
from jixiao_xl.forms.formulas import formula_of
from jixiao_xl.forms.plan import FormPlan, Slot
from jixiao_xl.forms.reasons import reasons_of
from jixiao_xl.model.amounts import read_amount
from jixiao_xl.model.findings import SEVERITIES, SEVERITY_WORDS, Finding, Severity
from jixiao_xl.model.places import Where, row_and_column
from jixiao_xl.rules.mending import Mending
from jixiao_xl.workbook.as_found import keep_as_found
from jixiao_xl.workbook.identity import Identity
from jixiao_xl.workbook.marking import RESTORE, Marking
from jixiao_xl.workbook.pages import Book, Mark, PlannedCell
from jixiao_xl.workbook.report_page import draw_report
from jixiao_xl.workbook.result_sheet import FIRST_ROW, Line, draw_results, switch

LOOKS: dict[Severity, str] = {"error": "bad", "warning": "ask", "hint": "see"}
MOST_CELLS = 12
"""Other cells that one colour looks at; a total of more parts looks at itself and the first of them."""
LONGEST_TEXT, ENDS = 200, 90
"""A text constant of a formula ends at 255 characters: a longer text is compared by length and both ends."""


class MarkedCopy:
    """Draws all that a marked copy has more than the workbook it is a copy of."""

    def __init__(self, plan: FormPlan, book: Book, marking: Marking, identity: Identity) -> None:
        self.plan, self.book, self.marking, self.identity = plan, book, marking, identity
        self.filing = plan.words.filing
        self.mending = Mending(plan)
        self.derived = {d.slot.path.text: d for d in derived_cells(plan) if d.slot.path}

    def draw(self) -> None:
        keep_as_found(self.plan, self.filing, self.book, self.marking)
        findings = self.mending.ordered(self._placed(finding) for finding in self.marking.findings)
        overwritten = {path for path, d in self.derived.items() if not isinstance(self._cell(d.slot).content, Expr)}
        lines = [Line(f, self._unmended(f), f.where.path in overwritten) for f in findings]
        given = {reason.about: reason.text for reason in reasons_of(self.filing)}
        draw_results(lines, self.book, given)
        for path in sorted({line.finding.where.path for line in lines if line.restores}):
            self._restorable(path, [n for n, line in enumerate(lines) if line.finding.where.path == path])
        self._colour(lines)
        code = self.book.value(self.identity.code.sheet, self.identity.code.row, self.identity.code.column)
        draw_report(self.plan, self.filing, self.book, self.marking, findings, str(code or ""))

    # ---- the cells as they were found ---------------------------------------------------
    def _cell(self, slot: Slot) -> PlannedCell:
        return self.book.page(slot.sheet).cells[slot.row, slot.column]

    def _restorable(self, path: str, lines: Sequence[int]) -> None:
        """The overwritten cell shows what was found in it, or its formula once a line asks for that.

        The cell is locked, and stays so. Should the 校验结果 be deleted, what was found remains.
        """
        derived = self.derived[path]
        cell = self._cell(derived.slot)
        assert not isinstance(cell.content, Expr) and cell.content is not None
        asked = [switch(FIRST_ROW + n).eq(RESTORE) for n in lines]
        wanted = asked[0] if len(asked) == 1 else call("OR", *asked)
        found = lift(cell.content)
        cell.content = call("IFERROR", call("IF", wanted, formula_of(derived), found), found)

    # ---- where the findings are ---------------------------------------------------------
    def _placed(self, finding: Finding) -> Finding:
        """The finding at its cell in this copy, in prose at the paragraph that it speaks of."""
        where = finding.where
        slot = self.plan.by_path.get(where.path)
        if slot is None:
            known = where.sheet in self.plan.sheets
            return replace(finding, where=Where(where.path, where.sheet, where.cell if known else ""))
        if slot.content == "paragraph":
            slot = self._paragraph(slot, finding)
        return replace(finding, where=Where(where.path, slot.sheet, slot.cell))

    def _paragraph(self, first: Slot, finding: Finding) -> Slot:
        block = next(b for b in self.plan.blocks if any(slot is first for slot in b.slots))
        stated = finding.params.get("stated", "")
        texts = (slot for slot in block.slots if slot.content == "paragraph")
        return next((slot for slot in texts if stated and stated in str(self._cell(slot).content or "")), first)

    # ---- colours and notes ---------------------------------------------------------------
    def _unmended(self, finding: Finding) -> Expr | None:
        """True while the cell, and the other cells that could set it right, are as they were."""
        where = finding.where
        if not (where.sheet and where.cell) or where.sheet not in {block.sheet for block in self.plan.entered}:
            return None
        row, column = row_and_column(where.cell)
        if (row, column) not in self.book.page(where.sheet).cells:
            return None
        conditions = [self._as_it_was(where.sheet, row, column)]
        others = [slot for slot in self.mending.involved(finding) if slot.sheet == where.sheet and slot.cell != where.cell]
        conditions += [self._as_it_was(slot.sheet, slot.row, slot.column) for slot in others[:MOST_CELLS]]
        return conditions[0] if len(conditions) == 1 else call("AND", *conditions)

    def _as_it_was(self, sheet: str, row: int, column: int) -> Expr:
        cell = Cell(sheet, row, column)
        try:
            shown = self.book.value(sheet, row, column)
        except ExcelError:
            return call("NOT", call("ISNUMBER", cell))
        if isinstance(shown, Decimal):
            return call("AND", call("ISNUMBER", cell), cell.eq(shown))
        text = "" if shown is None else str(shown)
        if not text.strip():
            return call("LEN", call("TRIM", cell)).eq(0)
        if read_amount(text) is not None:
            return call("AND", call("ISTEXT", cell), call("EXACT", cell, text))  # a text that becomes a number is mended
        if len(text) <= LONGEST_TEXT:
            return call("EXACT", cell, text)
        ends = (call("EXACT", call(side, cell, ENDS), part) for side, part in (("LEFT", text[:ENDS]), ("RIGHT", text[-ENDS:])))
        return call("AND", call("LEN", cell).eq(len(text)), *ends)

    def _colour(self, lines: Sequence[Line]) -> None:
        """Errors before warnings: where several hit one cell, the first rule paints it."""
        notes: dict[tuple[str, int, int], list[str]] = {}
        marks: dict[str, list[Mark]] = {}
        for line in sorted(lines, key=lambda line: SEVERITIES.index(line.finding.severity)):
            finding, unmended = line.finding, line.unmended
            if unmended is None:
                continue
            row, column = row_and_column(finding.where.cell)
            look = "see" if finding.explained else LOOKS[finding.severity]
            marks.setdefault(finding.where.sheet, []).append((((row, column),), unmended, look))
            notes.setdefault((finding.where.sheet, row, column), []).append(_note(finding))
        for sheet, own in marks.items():
            self.book.page(sheet).marks[:0] = own
        for (sheet, row, column), said in notes.items():
            cell = self.book.page(sheet).cells[row, column]
            cell.note = "\n".join([*filter(None, [cell.note]), *said])


def _note(finding: Finding) -> str:
    reason = f"\n已说明：{finding.reason}" if finding.explained else ""
    return f"【{SEVERITY_WORDS[finding.severity]}】{finding.code} {finding.message()}\n怎么改：{finding.remedy()}{reason}"
