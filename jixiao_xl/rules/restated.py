"""Do the texts of a filing agree with each other, and with its own goals and figures?

What `goals` compares with the indicators is not compared here again.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import combinations

from jixiao_xl.forms.plan import BlockPlan, Slot
from jixiao_xl.forms.spec import Fields, MoneyTable, Narrative, Row
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.chinese_numbers import read_number
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.quantities import Quantity, core, likeness, pairs_of, quantities_of

AT_LEAST = re.compile("不少于|不低于|不小于|至少|以上|≥|超过")
"""A text that names a lower limit is kept by any larger number."""
_POINT = re.compile(
    r"目标\s*([0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*[:：、.．]\s*([^\n]*?)(?=目标\s*[0-9一二三四五六七八九十]{1,2}\s*[:：、.．]|\n|\Z)"
)
_MONEY = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*万元")
_ESTABLISHED = re.compile(r"编制(?!外)[^0-9。；;，,\n]{0,6}([0-9]+)\s*[名个人]")
_SERVING = re.compile(r"(?:在编|在职|实有)[^0-9。；;，,\n]{0,8}([0-9]+)\s*[名人]")


# ---- one text against another -------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Said:
    """One number of one text."""

    title: str
    slot: Slot
    quantity: Quantity


def _texts(case: Case) -> Iterator[tuple[str, Slot]]:
    """What the department as a whole promises for the year, project by project texts left out."""
    for block in case.plan.blocks:
        if case.spec.is_follow_up or not isinstance(block.block, Narrative | Fields) or "长期" in block.title:
            continue
        stacked = not block.block.repeat or case.spec.repeat[block.block.repeat].as_ == "stacked"
        wanted = isinstance(block.block, Fields) or ("目标" in block.title or "任务" in block.title)
        for slot in block.slots if stacked and wanted else ():
            if slot.path is not None and slot.content in ("paragraph", "long_text") and case.text(slot):
                yield (case.label(slot) if isinstance(block.block, Fields) else block.title), slot


def _promises(case: Case) -> Iterator[_Said]:
    """The numbers that a text says once of a thing; a list of like things is not compared."""
    for title, slot in _texts(case):
        stated = [
            q
            for q in quantities_of(case.text(slot))
            if q.comparable and q.period != "total" and all(year == case.filing.year for year in q.years)
        ]
        often = Counter((q.objects[:1], q.unit) for q in stated)
        yield from (_Said(title, slot, q) for q in stated if q.objects and often[(q.objects[:1], q.unit)] == 1)


def texts_that_differ(case: Case, has_indicator: Callable[[Quantity], bool]) -> Iterator[Finding]:
    """Two texts, one thing, two numbers: nobody knows which of them is promised."""
    spoken: set[int] = set()
    for one, other in combinations(_promises(case), 2):
        a, b = one.quantity, other.quantity
        if one.slot is other.slot or a.unit != b.unit or a.number == b.number or id(other.slot) in spoken:
            continue
        if likeness(a.objects[0], b.objects[0]) != "same" or has_indicator(a) or has_indicator(b):
            continue
        spoken.add(id(other.slot))
        smaller = min(a, b, key=lambda q: q.number)
        severity: Severity = "hint" if AT_LEAST.search(smaller.stated) else "warning"
        yield case.finding(
            "TXT103", other.slot, severity=severity, label=other.title, stated=b.stated, right=one.title,
            why=f"{one.title}写“{a.stated}”，两处数量不一致", advice="两处写成同一个数；范围不同的写明。",
        )  # fmt: skip


# ---- the staff ----------------------------------------------------------------------------
def staff_beyond_establishment(case: Case) -> Iterator[Finding]:
    """More people in office than posts: 编制45人，在编53人."""
    for block in case.plan.blocks:
        if not isinstance(block.block, Narrative) or not re.search("人员|编制|机构|概况|概述", block.title):
            continue
        slot = next((s for s in block.slots if s.key == "text"), None)
        text = unicodedata.normalize("NFKC", case.text(slot)) if slot is not None else ""
        posts, people = _ESTABLISHED.findall(text), list(_SERVING.finditer(text))
        if slot is None or not posts or not people or (len(posts) != len(people) and len(people) > 1):
            continue
        pairs = zip(posts, people, strict=True) if len(posts) == len(people) else [(str(sum(map(int, posts))), people[0])]
        for post, person in pairs:
            if int(person[1]) > int(post):
                grave: Severity = "warning" if person[0].startswith("在编") else "hint"
                yield case.finding(
                    "TXT103", slot, severity=grave, label=block.title, stated=person[0], right="编制",
                    why=f"多于编制 {post} 名", advice="核对人数；含编制外人员的分开写。",
                )  # fmt: skip
                break


# ---- the numbered goals ---------------------------------------------------------------------
def _points(text: str) -> dict[int, str]:
    """目标1：……, 目标2：……, by their numbers; nothing where one of them comes twice."""
    found: dict[int, str] = {}
    for number, content in _POINT.findall(unicodedata.normalize("NFKC", text)):
        at = int(read_number(number) or 0)
        if at in found:
            return {}
        found[at] = content.strip(" 。;，,")
    return found


def _goal_lists(case: Case) -> Iterator[tuple[BlockPlan, Slot, dict[int, str]]]:
    for block in case.plan.blocks:
        if isinstance(block.block, Narrative) and not block.number and "目标" in block.title and "长期" not in block.title:
            slot = next((s for s in block.slots if s.key == "text" and s.path is not None), None)
            points = _points(case.text(slot)) if slot is not None else {}
            if slot is not None and len(points) > 1:
                yield block, slot, points


def _goals(case: Case) -> list[tuple[BlockPlan, Slot]]:
    """The goals that have a table of their own, with the cell of their name."""
    found = []
    for block in case.plan.blocks:
        if isinstance(block.block, Fields) and block.number and case.is_present(block):
            slot = next((s for s in block.slots if s.role == "input" and "目标" in s.label and s.content != "long_text"), None)
            if slot is not None and "分项" not in slot.label:
                found.append((block, slot))
    return found


def goals_listed_and_filed(case: Case) -> Iterator[Finding]:
    """整体绩效目标 lists as many goals as there are tables of indicators."""
    goals = _goals(case)
    for block, slot, points in _goal_lists(case):
        if goals and len(points) != len(goals):
            kind = goals[0][1].label.rstrip("：:0123456789")
            yield case.finding(
                "TXT110", slot, severity="warning", label=block.title, stated=f"写了 {len(points)} 个目标",
                why=f"分表填报的{kind}有 {len(goals)} 个", advice="两处的目标逐个对应，缺的补上。",
            )  # fmt: skip


def goals_named_otherwise(case: Case) -> Iterator[Finding]:
    """Goal n of the list and goal n of the tables have not one word in common."""
    goals = _goals(case)
    for block, _, points in _goal_lists(case):
        if len(points) != len(goals):
            continue
        for goal, slot in goals:
            name, listed = case.text(slot), points.get(goal.number, "")
            words = [pairs_of(core(text)) for text in (name, re.sub(r"\(.*", "", listed))]
            if not all(words) or words[0] & words[1] or len(set(name) & set(listed)) > 1:
                continue
            yield case.finding(
                "TXT103", slot, severity="hint", label=slot.label.rstrip("：:"), stated=name, right=block.title,
                why=f"{block.title}第{goal.number}条是“{listed}”，看不出是同一个目标", advice="核对次序，两处写同一个目标。",
            )  # fmt: skip


def goal_money_adds_up(case: Case) -> Iterator[Finding]:
    """The money that each goal is said to use adds up to the project expense, or to all expense."""
    for block, slot, points in _goal_lists(case):
        amounts = [_MONEY.findall(point) for point in points.values()]
        if any(len(found) != 1 for found in amounts):
            continue
        total = sum((Decimal(found[0]) for found in amounts), Decimal(0))
        known = list(_expenses(case))
        near = min(known, key=lambda pair: abs(pair[1] - total), default=None)
        if near is not None and abs(near[1] - total) > case.pack.threshold["balance"]:
            label, amount = near
            yield case.finding(
                "FND201", slot, severity="warning", left=f"{block.title}各目标金额之和", left_amount=show_amount(total),
                right=label, right_amount=show_amount(amount), gap=f"{abs(amount - total):.2f}",
                why="各目标的金额相加，应等于项目支出（或支出合计）；另有安排的写明。",
            )  # fmt: skip


def _expenses(case: Case) -> Iterator[tuple[str, Decimal]]:
    """Project expense and total expense of the year."""
    for block, line in case.lines(MoneyTable):
        assert isinstance(block.block, MoneyTable)
        expense = line.group is not None and line.group.id == "expense" and isinstance(line.source, Row)
        column = next((c for c in block.block.columns if c.year == 0 and c.span == "year" and not c.derived), None)
        slot = line.slot(column.id) if expense and column else None
        if slot is not None and (amount := case.number(slot)) is not None:
            yield case.label(slot), amount
