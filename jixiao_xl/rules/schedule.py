"""Does a cumulative payment plan rise to its end?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from itertools import pairwise

from jixiao_xl.forms.plan import BlockPlan, Slot
from jixiao_xl.forms.relations import Steps
from jixiao_xl.forms.spec import Fields, Narrative
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.registry import rule

_SENTENCE_END = re.compile(r"[。；;\n]")


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
        blank = not any(case.text(slot) for slot in plan.points)
        for slot in plan.points[-1:] if blank else plan.points:
            if not case.text(slot):
                suggested = show_percent(marks[id(slot)]) if id(slot) in marks else None
                yield case.finding(
                    "SCH103", slot, suggested=suggested, label=_label(case, plan), later=slot.label,
                    expected=show_percent(last) if last is not None else "累计数",
                )  # fmt: skip


class _Reading(Entry):
    after_not: tuple[str, ...]
    month: str
    steady: tuple[str, ...]


class _Occasions(Entry):
    """`knowledge/schedule.toml`; what each entry is for is said there."""

    months: dict[str, int]
    reading: _Reading


@cache
def _occasions() -> tuple[_Occasions, re.Pattern[str]]:
    """The occasions, and what finds one of them in a text."""
    known = knowledge_of(_Occasions, "schedule")
    names, prizes = "|".join(known.months), "|".join(known.reading.after_not)
    return known, re.compile(rf"(?P<name>{names})[”\"]?+(?!(?:国际)?(?:{prizes}))|{known.reading.month}")


def _dated(text: str) -> dict[str, int]:
    """The occasions a text names, with their months; nothing unless every sentence has its occasion."""
    known, pattern = _occasions()
    if any(word in text for word in known.reading.steady):
        return {}
    found: dict[str, int] = {}
    for sentence in filter(None, (part.strip() for part in _SENTENCE_END.split(text))):
        dated = {m[0].rstrip('”"'): known.months[m["name"]] if m["name"] else int(m[2]) for m in pattern.finditer(sentence)}
        if not dated:
            return {}
        found |= dated
    return {said: month for said, month in found.items() if month < 12}


def _is_even(case: Case, plan: Steps) -> bool:
    amounts = [case.amount(slot) for slot in plan.points]
    step = Decimal(1) / len(amounts)
    return all(a is not None and abs(a - step * n) <= Decimal("0.01") for n, a in enumerate(amounts, 1))


def _points_hit(plan: Steps, months: dict[str, int]) -> set[int]:
    """Which points of the plan the occasions fall before; the point's label names its month."""
    marks = [int(m[1]) if (m := re.search(r"([0-9]{1,2})月", slot.label)) else 12 for slot in plan.points]
    return {next((i for i, mark in enumerate(marks) if month <= mark), len(marks)) for month in months.values()}


def _texts(case: Case, plan: Steps) -> Iterator[tuple[BlockPlan, Slot]]:
    """The goal and the purpose of the same project."""
    home, _ = case.place_of(plan.points[0])
    for block in case.plan.blocks:
        if isinstance(block.block, Narrative | Fields) and block.number and block.instance == home.instance:
            yield from ((block, slot) for slot in block.slots if slot.key == "text" or slot.content == "long_text")


@rule("SCH104", "arithmetic")
def plan_follows_the_work(case: Case) -> Iterator[Finding]:
    """活动集中在几个时点的,支出计划不宜按期平均。

    为什么:慰问、体检、评选在节前付款,按季度 25%、50%、75%、100% 编的计划到时必然偏离。
    例:目标写“五一”体检、“春节”前慰问,计划每季 25%。对:按付款时间编,如 6月底 60%。
    """
    for plan in _plans(case):
        if len(plan.points) < 3 or not _is_even(case, plan):
            continue
        for block, slot in sorted(_texts(case, plan), key=lambda home: home[1].key != "text"):
            months = _dated(case.text(slot))
            if months and 2 * len(_points_hit(plan, months)) <= len(plan.points):
                stated = "、".join(f"“{said}”" for said in months)
                title = block.title if slot.key == "text" else slot.label
                yield case.finding(
                    "SCH104", slot, label=f"{block.sheet}·{title}", stated=stated,
                    expected="、".join(case.text(point) for point in plan.points),
                )  # fmt: skip
                break
