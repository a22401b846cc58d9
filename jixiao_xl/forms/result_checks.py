"""What the workbook itself tells of points: more than the weight, less without a cause, weights that are not 100."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.derive import Derived
from jixiao_xl.forms.expr import call
from jixiao_xl.forms.native_check import NativeCheck
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Slot
from jixiao_xl.forms.result_formulas import result_formula
from jixiao_xl.forms.row_reading import is_empty, slot_cell
from jixiao_xl.forms.spec import Fields, IndicatorTable

STEP = Decimal("0.005")
"""Points: half of the last place that a form prints."""


def result_checks(plan: FormPlan) -> Iterator[NativeCheck]:
    """Those of every table with points, in the order of the form."""
    for block in plan.blocks:
        if isinstance(block.block, IndicatorTable):
            yield from _of_rows(block, block.block)
        elif isinstance(block.block, Fields):
            yield from _of_fields(block, block.block)


def result_is_off(derived: Derived) -> NativeCheck:
    """Points of the funds, a total or a grade that shows something else than it should."""
    own, slot = slot_cell(derived.slot), derived.slot
    off = call("NOT", call("EXACT", own & "", result_formula(derived) & ""))
    return NativeCheck(slot, "error", f"{slot.label}按公式计算", "该格自动计算，请改它所依据的格；公式被覆盖的，用“撤销”或重新粘贴公式。",
                       off, (slot,))  # fmt: skip


def _of_rows(block: BlockPlan, table: IndicatorTable) -> Iterator[NativeCheck]:
    for column in table.columns:
        if column.weight_in is None:
            continue
        for line in block.lines:
            score, weight = line.slot(column.id), line.slot(column.weight_in)
            cause = line.slot(column.cause_in) if column.cause_in else None
            if score is not None and weight is not None:
                yield from _of_score(score, weight, cause)


def _of_score(score: Slot, weight: Slot, cause: Slot | None) -> Iterator[NativeCheck]:
    own, most = slot_cell(score), slot_cell(weight)
    known = call("COUNT", own, most).eq(2)
    yield NativeCheck(score, "error", f"{score.label}不超过{weight.label}", "得分最多等于分值；请改得分或分值。",
                      call("AND", known, call("N", own).gt(call("N", most) + STEP)), (score,))  # fmt: skip
    if cause is not None:
        lost = call("AND", known, call("N", own).lt(call("N", most) - STEP), is_empty(slot_cell(cause)))
        yield NativeCheck(cause, "error", f"扣分的写明{cause.label}", "得分低于分值，请写明原因和改进措施。", lost, (cause,))


def _of_fields(block: BlockPlan, fields: Fields) -> Iterator[NativeCheck]:
    by_key = {slot.key: slot for slot in block.slots}
    for field in fields.fields:
        if field.must_be is not None:
            slot = by_key[field.id]
            gap = call("ABS", call("N", slot_cell(slot)) - field.must_be)
            missed = call("AND", call("COUNT", slot_cell(slot)).eq(1), gap.gt(STEP))
            yield NativeCheck(
                slot, "error", f"{slot.label}为{field.must_be}", f"请调整各项，使合计等于 {field.must_be}。", missed, (slot,)
            )
