"""Does a cumulative payment plan rise to its end?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from jixiao_xl.forms.derive import Steps
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.registry import rule


def _plans(case: Case) -> Iterator[Steps]:
    for relation in case.relations:
        if isinstance(relation, Steps) and case.is_present(case.place_of(relation.points[0])[0]):
            yield relation


def _label(case: Case, plan: Steps) -> str:
    block, _ = case.place_of(plan.points[0])
    return f"{block.sheet}·{plan.label}" if block.number else plan.label


@rule("SCH101", "arithmetic")
def plan_never_falls(case: Case) -> Iterator[Finding]:
    """支出计划是累计百分比,后一期不小于前一期。

    错:3月底 25%,6月底 20%。
    """
    for plan in _plans(case):
        filled = [(slot, amount) for slot in plan.points if (amount := case.amount(slot)) is not None]
        for (_, before), (slot, after) in pairwise(filled):
            if after < before:
                yield case.finding(
                    "SCH101", slot, label=_label(case, plan), later=slot.label,
                    stated=show_percent(after), earlier=show_percent(before),
                )  # fmt: skip


@rule("SCH102", "arithmetic")
def plan_ends_at_its_mark(case: Case) -> Iterator[Finding]:
    """最后一期应到 100%。

    错:12月底填 90%。
    """
    for plan in _plans(case):
        for slot, mark in plan.marks:
            amount = case.amount(slot)
            if amount is not None and amount != mark:
                yield case.finding(
                    "SCH102", slot, suggested=show_percent(mark), label=_label(case, plan), later=slot.label,
                    stated=show_percent(amount), expected=show_percent(mark),
                )  # fmt: skip


@rule("SCH103", "arithmetic")
def plan_has_every_point(case: Case) -> Iterator[Finding]:
    """每一期都要填,最后一期填 100%。

    错:只填 3、6、10 月底,没有 12月底。
    """
    for plan in _plans(case):
        marks = {id(slot): mark for slot, mark in plan.marks}
        last = plan.marks[-1][1] if plan.marks else None
        for slot in plan.points:
            if not case.text(slot):
                suggested = show_percent(marks[id(slot)]) if id(slot) in marks else None
                yield case.finding(
                    "SCH103", slot, suggested=suggested, label=_label(case, plan), later=slot.label,
                    expected=show_percent(last) if last is not None else "累计数",
                )  # fmt: skip
