"""Does the form agree with the approved budget, where one was imported?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rapidfuzz import fuzz, process

from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.spec import Fields, MoneyTable
from jixiao_xl.model.amounts import half_up, show_amount, sum_tolerance
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.registry import rule

NOT_IMPORTED = "没有导入该单位的预算批复数"
PLACES = 2
LIKELY = 80
"""Percent of likeness from which a project's name is probably the approved one, miswritten."""


def project_amounts(case: Case) -> Iterator[tuple[str, Slot]]:
    """Every project of the form with the cell of its budget, as the definition names them."""
    named = case.spec.form.approved
    parts = named.projects.split(".")
    for block in case.plan.blocks:
        if block.block.id != parts[0] or not case.is_present(block):
            continue
        if isinstance(block.block, Fields):
            slots = {slot.key: slot for slot in block.slots}
            if (name := case.text(slots[named.project_name])) and parts[1] in slots:
                yield name, slots[parts[1]]
        elif isinstance(block.block, MoneyTable):
            for line in block.lines:
                slot = line.slot(parts[-1])
                if line.filed is not None and slot is not None and slot.path and slot.path.parts == tuple(parts[1:-1]):
                    yield line.filed.names[-1], slot


def _differs(case: Case, slot: Slot, approved: Decimal) -> bool:
    """More than 尾差 apart: a locked sum of n rounded parts may be off by n × 0.005."""
    stated = case.number(slot)
    allowed = max(case.pack.threshold["budget"], sum_tolerance(len(case.parts_of(slot))))
    return stated is not None and abs(stated - approved) > allowed


@rule("BUD101", "arithmetic")
def amounts_are_those_approved(case: Case) -> Iterator[Finding]:
    """部门合计、项目预算数应与预算批复一致。

    为什么:绩效目标随预算批复,数不一致就不是同一笔预算。元换算成万元、分项四舍五入的尾差不算。
    错:批复 983.71,表中支出合计 998.71。对:983.71。
    """
    if case.evidence.budget is None:
        case.lacking("BUD101", NOT_IMPORTED)
        return
    total = case.evidence.budget.total
    for path in case.spec.form.approved.totals if total else ():
        slot = case.plan.by_path.get(path)
        if slot is not None and total is not None and _differs(case, slot, total.amount):
            yield _finding(case, slot, total.amount, total.source)
    approved = {normalised(line.project): line for line in case.evidence.budget.projects}
    for name, slot in project_amounts(case):
        line = approved.get(normalised(name))
        if line is not None and _differs(case, slot, line.amount):
            yield _finding(case, slot, line.amount, line.source)


def _finding(case: Case, slot: Slot, approved: Decimal, source: str) -> Finding:
    stated, expected = case.number(slot), show_amount(half_up(approved, PLACES))
    # a total follows from its parts: the approval cannot say which of them is wrong
    suggested = expected if slot.role == "input" else None
    return case.finding(
        "BUD101", slot, suggested=suggested, label=case.label(slot), stated=show_amount(stated or Decimal(0)),
        expected=expected, source=source,
    )  # fmt: skip


@rule("BUD102", "arithmetic")
def every_approved_project_is_there(case: Case) -> Iterator[Finding]:
    """批复里有的项目,表里都要有。

    为什么:漏报的项目没有绩效目标,年终无从评价。
    错:批复有“劳模疗休养”20 万元,表中没有。对:补列这个项目及其指标。
    """
    own = list(project_amounts(case)) if case.spec.form.approved.projects else []
    if case.evidence.budget is None or not own:
        case.lacking("BUD102", NOT_IMPORTED if case.evidence.budget is None else "表中没有列项目")
        return
    names = {normalised(name) for name, _ in own}
    for line in case.evidence.budget.projects:
        if normalised(line.project) not in names:
            amount = show_amount(half_up(line.amount, PLACES))
            yield case.finding("BUD102", own[0][1], name=line.project, amount=amount)


@rule("BUD103", "arithmetic")
def every_project_was_approved(case: Case) -> Iterator[Finding]:
    """表里的项目,都应在预算批复中。

    为什么:名称不同,按项目归集时对不上;没有批复的项目没有资金。
    错:“劳模疗养”。对:“劳模疗休养”(与批复同名)。
    """
    if case.evidence.budget is None or not case.evidence.budget.projects or not case.spec.form.approved.projects:
        case.lacking("BUD103", NOT_IMPORTED if case.evidence.budget is None else "批复中没有列项目")
        return
    approved = [line.project for line in case.evidence.budget.projects]
    known = {normalised(name) for name in approved}
    for name, slot in project_amounts(case):
        if normalised(name) not in known:
            near = process.extractOne(name, approved, scorer=fuzz.ratio, score_cutoff=LIKELY)
            hint = f"最接近的是“{near[0]}”，" if near else ""
            yield case.finding("BUD103", slot, name=name, hint=hint)
