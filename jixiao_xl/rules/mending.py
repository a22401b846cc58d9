"""In which order are findings mended, so that nothing has to be mended twice?

From the first sheet to the last and from the top down; but a part before its total, an unreadable
amount before the sums it is in, what is missing before what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from jixiao_xl.forms.derive import derived_cells
from jixiao_xl.forms.plan import FormPlan, Slot
from jixiao_xl.forms.relations import AtMost, Balance, ShareSum, Steps, relations
from jixiao_xl.forms.spec import MoneyTable
from jixiao_xl.model.findings import SEVERITIES, Finding
from jixiao_xl.model.places import row_and_column

_STEPS = ("WBK", "CMP", "CEL", "FND", "EXE", "SCH", "IND", "EVA", "TXT", "PRI", "BUD", "EXP")
"""Families in the order of work on one cell: first what is missing or unreadable, then what it amounts to."""
_FROM_FUNDS = ("IND302", "IND303", "IND304", "IND305", "TXT109")
"""Findings that compare with the money tables, which have to be right first."""


class Mending:
    """What hangs on what in one form."""

    def __init__(self, plan: FormPlan) -> None:
        self.plan = plan
        self.parts = {d.slot.path.text: d.inputs for d in derived_cells(plan) if d.slot.path}
        self.related: dict[str, tuple[Slot, ...]] = {}
        for relation in relations(plan):
            for path, slots in _spoken_of(relation):
                self.related[path] = (*self.related.get(path, ()), *slots)
        money = {block.sheet for block in plan.blocks if isinstance(block.block, MoneyTable)}
        self.money_paths = {path for path, slot in plan.by_path.items() if slot.sheet in money}

    def involved(self, finding: Finding) -> tuple[Slot, ...]:
        """The other cells that can set the finding right: the parts of a total, both sides of a balance."""
        path, family = finding.where.path, finding.code[:3]
        slots = self.parts.get(path, ()) if family in ("FND", "WBK") else ()
        if family in ("FND", "SCH"):
            slots = (*slots, *self.related.get(path, ()))
        return tuple({id(slot): slot for slot in slots if slot.path and slot.path.text != path}.values())

    def _below(self, finding: Finding) -> set[str]:
        """The paths of all that the finding's figure is made from, parts of parts included."""
        found: set[str] = set()
        waiting = [slot.path.text for slot in self.involved(finding) if slot.path]
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                waiting += [slot.path.text for slot in self.parts.get(path, ()) if slot.path]
        return found - {finding.where.path}

    def ordered(self, findings: Iterable[Finding]) -> list[Finding]:
        """Causes before consequences, else by sheet, row and column."""
        queue = sorted(findings, key=self._place)
        below = [self._below(finding) for finding in queue]
        done: list[Finding] = []
        seen: set[int] = set()

        def take(n: int) -> None:
            if n in seen:
                return
            seen.add(n)  # before its causes: two findings that hang on each other keep their order
            for other, cause in enumerate(queue):
                if other not in seen and self._is_cause(cause, queue[n], below[n]):
                    take(other)
            done.append(queue[n])

        for n in range(len(queue)):
            take(n)
        return done

    def _is_cause(self, cause: Finding, finding: Finding, below: set[str]) -> bool:
        path = cause.where.path
        if not path or path == finding.where.path:
            return False  # on one cell the steps decide, see _place
        return path in below or (finding.code in _FROM_FUNDS and path in self.money_paths)

    def _place(self, finding: Finding) -> tuple[int, int, int, int, int, str]:
        where, sheets = finding.where, self.plan.sheets
        sheet = sheets.index(where.sheet) if where.sheet in sheets else len(sheets) if where.sheet else -1
        row, column = row_and_column(where.cell) if where.cell else (-1, -1)
        step = _STEPS.index(finding.code[:3]) if finding.code[:3] in _STEPS else len(_STEPS)
        if finding.code == "FND301":
            step, row, column = 0, -1, -1  # a whole table is missing
        return sheet, row, column, step, SEVERITIES.index(finding.severity), finding.code


def _spoken_of(relation: Balance | ShareSum | AtMost | Steps) -> Iterator[tuple[str, Sequence[Slot]]]:
    """Under which path the rules speak of a relation, and the cells it is between."""
    if isinstance(relation, Balance):
        heads: Sequence[Slot] = relation.right[:1]
        slots: Sequence[Slot] = (*relation.left, *relation.right)
    elif isinstance(relation, ShareSum):
        heads, slots = (relation.total,), relation.shares
    elif isinstance(relation, AtMost):
        heads, slots = (relation.small,), (relation.large,)
    else:
        heads, slots = relation.points, relation.points
    for head in heads:
        if head.path:
            yield head.path.text, slots
