"""A fact path in the words of the form, and the cell it stands in."""

from __future__ import annotations

from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.reasons import SHEET as REASONS
from jixiao_xl.forms.spec import FormSpec, Narrative
from jixiao_xl.model.facts import Filing
from jixiao_xl.model.places import Where, row_and_column
from jixiao_xl.rules.case import Case, Evidence
from jixiao_xl.rules.pack import load_pack


class Labels:
    """The words for the places of one filing."""

    def __init__(self, spec: FormSpec, filing: Filing) -> None:
        self.plan = plan_form(spec, filing)
        self._case = Case(spec, filing, load_pack(spec.form.pack), Evidence(plan=self.plan))

    def knows(self, path: str) -> bool:
        return path in self.plan.by_path

    def of(self, path: str) -> str:
        """`支出构成·合计（2023年）`; the path itself where the form has no such cell."""
        slot = self.plan.by_path.get(path)
        if slot is None or slot.sheet == REASONS:
            return path if slot is None else REASONS
        block, _ = self._case.place_of(slot)
        return block.title if isinstance(block.block, Narrative) and slot.key == "text" else self._case.label(slot)

    def where(self, path: str, book: str = "") -> Where:
        slot = self.plan.by_path.get(path)
        return Where(path, slot.sheet, slot.cell, book) if slot else Where(path, book=book)

    def order(self, path: str) -> tuple[int, int, int]:
        """For sorting as a clerk reads: by sheet, row and column; what has no cell comes last."""
        where, sheets = self.where(path), self.plan.sheets
        if where.sheet not in sheets:
            return len(sheets), 0, 0
        return sheets.index(where.sheet), *row_and_column(where.cell)
