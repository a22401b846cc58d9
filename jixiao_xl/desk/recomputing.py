"""重新计算: what follows from the inputs held against what stands in the sheets, and the 测算表's rates
in the indicator values that are blank.

Nothing that a person filled is written over: where it differs, a finding says so.
"""

from __future__ import annotations

from collections.abc import Iterator

from jixiao_xl.desk.cell_changes import CellWrite, Edit
from jixiao_xl.desk.judging import judged
from jixiao_xl.forms.derive import Inputs, derived_cells
from jixiao_xl.forms.layout import plan_form
from jixiao_xl.forms.measures import measured
from jixiao_xl.forms.plan import FormPlan
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import row_and_column
from jixiao_xl.workbook.reading import Reading

ARITHMETIC = ("FND", "SCH")
"""The families of sums, shares and schedules."""
RATES = ("IND301", "IND302", "IND304", "IND305", "IND306")
"""What the rates say of each other, of the money tables and of the 测算表."""
SPOILED = ("WBK105", "CEL101", "CEL102")
"""Why a cell is not reckoned with: its formula is gone, it is no number."""


def recompute_writes(reading: Reading) -> tuple[tuple[CellWrite, ...], tuple[Finding, ...]]:
    """The writes and the findings, the latter with the cells that they are about."""
    edit = recompute(reading)
    return edit.writes, edit.findings


def recompute(reading: Reading) -> Edit:
    """Everything that can be computed, computed again; blank rates filled from the 测算表."""
    findings = tuple(f for f in judged(reading).findings if f.code[:3] in ARITHMETIC or f.code in (*RATES, *SPOILED))
    return Edit(tuple(_measured_rates(reading)), findings=findings)


def compared(reading: Reading) -> int:
    """How many cells were computed again, for the closing message: those derived, and the rates measured."""
    plan = _plan(reading)
    derived = sum(1 for d in derived_cells(plan) if d.slot.path and d.slot.printed and d.slot.path.text in reading.places)
    return derived + sum(1 for _ in _rates(reading, plan))


def _plan(reading: Reading) -> FormPlan:
    assert reading.spec is not None and reading.filing is not None
    return reading.plan or plan_form(reading.spec, reading.filing)


def _measured_rates(reading: Reading) -> Iterator[CellWrite]:
    """The measured rate for every indicator value that is blank, a target with its operator."""
    assert reading.filing is not None
    for path, value in _rates(reading, _plan(reading)):
        place = reading.places.get(path)
        if place is not None and place.cell and not (reading.filing.value(path) or "").strip():
            yield CellWrite(place.sheet, *row_and_column(place.cell), value)


def _rates(reading: Reading, plan: FormPlan) -> Iterator[tuple[str, str]]:
    """(path, value) of every indicator value that the 测算表 gives."""
    assert reading.filing is not None
    if plan.measure is None:
        return
    amount = Inputs(plan, reading.filing, reading.replaced.keys()).number
    for rate in plan.measure.rates:
        for column in plan.measure.results:
            slot = rate.stated.get(column.id)
            found = measured(plan.measure, rate, column.id, amount) if slot is not None else None
            if slot is not None and slot.path is not None and found is not None:
                yield slot.path.text, found.printed("" if (column.year or 0) < 0 else rate.operator)
