"""A filing being mended: values are set, totals and shares follow, all else stays as it was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from jixiao_xl.desk.filling import same_number
from jixiao_xl.desk.judging import judged
from jixiao_xl.forms.derive import Derived, Inputs, derived_cells, shown
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.plan import Slot
from jixiao_xl.model.facts import Fact, Filing
from jixiao_xl.model.findings import Finding
from jixiao_xl.workbook.as_found import AsFound
from jixiao_xl.workbook.reading import Reading

Key = tuple[str, str]
"""The code of a finding and its fact path."""


class Draft:
    """Starts as what was read; `write` sets one cell.

    `stated` are the derived cells that a person wrote over: they stay as stated until a value is
    written that their formula gives too, which brings the formula back.
    """

    def __init__(self, reading: Reading, *, from_workbook: bool) -> None:
        assert reading.spec is not None and reading.filing is not None
        self.source, self.from_workbook = reading, from_workbook
        self.filing: Filing = reading.filing
        self.plan = plan_form(reading.spec, self.filing)
        printed = (d for d in derived_cells(self.plan) if d.slot.path and d.slot.printed)
        self.derived: dict[str, Derived] = {d.slot.path.text: d for d in printed if d.slot.path}
        self.text_amounts, self.dates = set(reading.text_amounts), dict(reading.dates)
        given = set(self.filing.facts) & set(self.derived)
        self.stated = set(reading.replaced) & set(self.derived) if from_workbook else {p for p in given if self._differs(p, given)}
        self._followed = set(self.derived) if from_workbook else given
        self._settle()

    # ---- what follows --------------------------------------------------------------
    def _shown_by_formula(self, path: str, stated: set[str]) -> str | None:
        derived = self.derived[path]
        return shown(derived, Inputs(self.plan, self.filing, stated - {path}))

    def _differs(self, path: str, given: set[str]) -> bool:
        """Whether a FACTS.toml states another value than its own figures give."""
        shown, value = self._shown_by_formula(path, given), self.filing.facts[path].value
        return bool(value.strip()) and (shown is None or not same_number(shown, value))

    def _settle(self) -> None:
        """Every derived cell that nobody wrote over shows what its parts give."""
        facts = dict(self.filing.facts)
        for path in self.derived:
            if path in self.stated or path not in self._followed:
                continue
            shown, before = self._shown_by_formula(path, self.stated), facts.get(path)
            if shown is None:
                facts.pop(path, None)
            elif before is None or not same_number(shown, before.value):
                slot = self.derived[path].slot
                facts[path] = Fact(path, shown, before.sheet if before else slot.sheet, before.cell if before else slot.cell)
        self.filing = self.filing.with_facts(facts)

    def parts(self, path: str) -> Iterator[str]:
        """The paths of all that a derived cell follows from, parts of parts included."""
        for slot in self.derived[path].inputs if path in self.derived else ():
            if slot.path is not None:
                yield slot.path.text
                yield from self.parts(slot.path.text)

    # ---- changing ------------------------------------------------------------------
    def slot(self, path: str) -> Slot | None:
        return self.plan.by_path.get(path)

    def would_change(self, path: str, value: str) -> bool:
        """Whether writing the value leaves the cell otherwise than it is."""
        held_otherwise = path in self.stated or path in self.text_amounts or path in self.dates
        return held_otherwise or self.filing.value(path) != value

    def write(self, path: str, value: str) -> None:
        """Set one cell. Where its formula gives this very value, the formula is what stands there."""
        self.text_amounts.discard(path)
        self.dates.pop(path, None)
        slot = self.plan.by_path[path]
        if path in self.derived:
            shown = self._shown_by_formula(path, self.stated)
            self._followed.add(path)
            if shown is not None and same_number(shown, value):
                self.stated.discard(path)
            else:
                self.stated.add(path)
        before = self.filing.facts.get(path, Fact(path, "", slot.sheet, slot.cell))
        self.filing = self.filing.with_facts(self.filing.facts | {path: replace(before, value=value)})
        self._settle()

    # ---- handing on ----------------------------------------------------------------
    def reading(self) -> Reading:
        """The draft as if it had been read, to be judged."""
        facts = self.filing.facts
        replaced = {p: facts[p].value for p in self.stated if p in facts} if self.from_workbook else {}
        return replace(
            self.source, filing=self.filing, replaced=replaced, text_amounts=set(self.text_amounts),
            dates=dict(self.dates), plan=None,
        )  # fmt: skip

    def as_found(self) -> AsFound:
        """What the copy keeps besides the facts."""
        return AsFound(self.reading().replaced, self.text_amounts, self.dates.keys(), self.filing.unit.key)


# ---- what harm it does -----------------------------------------------------------------
def key_of(finding: Finding) -> Key:
    return finding.code, finding.where.path or finding.where.spoken()


def error_keys(findings: Iterable[Finding]) -> set[Key]:
    return {key_of(f) for f in findings if f.severity == "error"}


def new_errors(draft: Draft, known: set[Key]) -> list[Finding]:
    """The errors that the draft has and that were not known before."""
    return [f for f in judged(draft.reading()).findings if key_of(f) not in known and f.severity == "error"]
