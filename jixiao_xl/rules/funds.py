"""Do the amounts agree: sums, shares, income against expense, projects, half-year against year?

Totals and shares are recomputed, never trusted: a pasted value looks the same as a formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.derive import Derived
from jixiao_xl.forms.relations import AtMost, Balance, ShareSum
from jixiao_xl.forms.spec import Fields, FieldSpec, MoneyTable, Narrative, Row
from jixiao_xl.model.amounts import SUM_PLACES, half_up, show_amount, sum_tolerance
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.ratios import SHARE_STEP, SHARE_SUM_STEP, share, show_percent
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.cells import in_wan, is_surely_yuan
from jixiao_xl.rules.quantities import words
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.restated import goal_money_adds_up
from jixiao_xl.rules.rows import IndicatorRow

ENOUGH = 5
"""Amounts written with all decimals, before one without them looks like a slip."""
_MONEY = re.compile(r"[0-9](?:\.[0-9]+)?\s*[万亿]?元")


def _sum_gaps(case: Case) -> Iterator[tuple[Derived, Decimal, Decimal]]:
    """(total, stated, expected) of every stated total that its parts do not give exactly."""
    for derived in case.derived:
        stated = case.amount(derived.slot)
        if derived.op != "sum" or stated is None or case.is_spoiled(derived.slot, *derived.inputs):
            continue
        parts = [n for n in (case.number(slot) for slot in derived.inputs) if n is not None]
        if not parts:
            continue
        expected = half_up(sum(parts, Decimal(0)), SUM_PLACES)
        if stated != expected and not _agrees_in_wan(case, derived):
            yield derived, stated, expected


def _agrees_in_wan(case: Case, derived: Derived) -> bool:
    """Whether total and parts agree once what was surely filed in 元 is read so: FND105 says it, and once is enough."""
    if not any(is_surely_yuan(case, slot) for slot in (derived.slot, *derived.inputs)):
        return False
    total, parts = in_wan(case, derived.slot), [in_wan(case, slot) or Decimal(0) for slot in derived.inputs]
    return total is not None and not _beyond_rounding(derived, total - sum(parts, Decimal(0)))


def _beyond_rounding(total: Derived, gap: Decimal) -> bool:
    """Whether rounded parts cannot explain the gap."""
    return abs(gap) > sum_tolerance(len(total.inputs))


def _sum_kind(case: Case, derived: Derived) -> str:
    """The code that speaks of this total."""
    if case.spec.is_follow_up:
        return "EXE301"
    _, line = case.place_of(derived.slot)
    if isinstance(line.source, Row) and line.source.sum_of_open:
        table = case.place_of(derived.slot)[0].block
        assert isinstance(table, MoneyTable)
        column = next(c for c in table.columns if c.id == derived.slot.key)
        return "FND203" if column.span == "half" else "FND202"
    return "FND107" if line.group is not None and line.group.id == "expense" else "FND101"


def sums(case: Case, code: str) -> Iterator[Finding]:
    """The totals that their parts do not give, of those that `code` speaks of."""
    for derived, stated, expected in _sum_gaps(case):
        gap = stated - expected
        within = not _beyond_rounding(derived, gap)
        if within == (code == "FND102") and (within or _sum_kind(case, derived) == code):
            # parts of nothing below a total: the parts are missing, the total need not be wrong
            suggested = case.follows(derived.slot) if expected else None
            yield case.finding(
                code, derived.slot, suggested=suggested, label=case.label(derived.slot),
                stated=show_amount(stated), expected=show_amount(expected), gap=show_amount(abs(gap)),
            )  # fmt: skip


@rule("FND101", "arithmetic")
def income_parts_add_up(case: Case) -> Iterator[Finding]:
    """收入各项相加等于合计(小计、资金总额、预算数同此)。

    为什么:合计由分项推得,不相等说明有一格填错或漏填。
    错:0+0=0,合计写 1058.85。对:补上财政拨款 1058.85。
    """
    yield from sums(case, "FND101")


@rule("FND107", "arithmetic")
def expense_parts_add_up(case: Case) -> Iterator[Finding]:
    """支出各项相加等于合计。

    错:491.42+92.99+399.3,合计写 998.71。对:983.71。
    """
    yield from sums(case, "FND107")


@rule("FND102", "arithmetic")
def rounding_gap_is_named(case: Case) -> Iterator[Finding]:
    """分项四舍五入后相加,与合计差一两分的,是尾差,不算错。

    n 个分项允许差 n×0.005 万元。例:700.24+78.58+280.02=1058.84,合计 1058.85。
    """
    yield from sums(case, "FND102")


@rule("FND202", "arithmetic")
def projects_add_to_their_line(case: Case) -> Iterator[Finding]:
    """所列项目全年数相加等于项目支出。

    错:项目支出 671.21,所列项目只有 651.2。对:补列漏掉的项目。
    """
    yield from sums(case, "FND202")


@rule("FND203", "arithmetic")
def half_year_projects_add_to_their_line(case: Case) -> Iterator[Finding]:
    """所列项目半年数相加等于项目支出半年数。

    错:项目支出半年 300,六个项目半年都是 0。
    """
    yield from sums(case, "FND203")


@rule("FND103", "arithmetic")
def share_is_part_over_whole(case: Case) -> Iterator[Finding]:
    """占比 = 分项 ÷ 合计 × 100%,四舍五入到两位小数,允许差 0.01 个百分点。

    错:399.3÷983.71 写成 40.95%。对:40.59%。只保留一位或不留小数(40.6%、41%)而没有算错的,只作提示。
    """
    disputed = {id(total.slot): right for total, stated, right in _sum_gaps(case) if _beyond_rounding(total, stated - right)}
    for derived in case.derived:
        stated = case.amount(derived.slot)
        if derived.op != "share" or stated is None or case.is_spoiled(derived.slot, *derived.inputs):
            continue
        part, whole = (in_wan(case, slot) for slot in derived.inputs)
        if part is None or whole is None:
            continue
        expected, right = share(part, whole), disputed.get(id(derived.inputs[1]))
        if right and abs(stated - share(part, right)) <= SHARE_STEP:
            continue  # the share is right, its total is not: the sum rule says so
        if abs(stated - share(*(case.number(slot) or Decimal(0) for slot in derived.inputs))) <= SHARE_STEP:
            continue  # it follows from what was filed in 元: FND105 says so
        if abs(stated - expected) > SHARE_STEP:
            # the share of a total that is itself in doubt is not known yet
            suggested = None if right is not None else show_percent(expected)
            coarse = abs(stated - expected) <= _half_a_place(case.text(derived.slot))
            yield case.finding(
                "FND103", derived.slot, severity="hint" if coarse else None, suggested=suggested, label=case.label(derived.slot),
                stated=case.text(derived.slot), expected=show_percent(expected),
                part=show_amount(part), whole=show_amount(whole),
            )  # fmt: skip


def _half_a_place(text: str) -> Decimal:
    """By how much a share may be off that is written with fewer than two decimals: 83% by half a percentage point."""
    places = len(text.rstrip("%％ ").partition(".")[2])
    return Decimal(0) if places > 1 else Decimal("0.005").scaleb(-places)


@rule("FND106", "arithmetic")
def shares_add_to_the_whole(case: Case) -> Iterator[Finding]:
    """一组的占比相加为 100%,允许差 0.02 个百分点。

    错:49.96%+9.45%+40.95%=100.36%。
    """
    for relation in case.relations:
        if not isinstance(relation, ShareSum) or case.is_spoiled(*relation.shares):
            continue
        stated = [n for n in (case.amount(slot) for slot in relation.shares) if n is not None]
        total = sum(stated, Decimal(0))
        # what is written as it follows has no part in a gap that rounding may leave
        coarse = (slot for slot in relation.shares if case.follows(slot) != case.text(slot))
        rounded = sum((_half_a_place(case.text(slot)) for slot in coarse), Decimal(0))
        if stated and total and abs(total - 1) > max(SHARE_SUM_STEP, rounded):
            yield case.finding("FND106", relation.total, label=relation.label, stated=show_percent(total))


@rule("FND201", "arithmetic")
def income_equals_expense(case: Case) -> Iterator[Finding]:
    """同一年度收入合计等于支出合计。

    为什么:部门预算收支平衡;有结转结余的,应列入收入或另行说明。
    错:收入 998.71,支出 983.71,差 15.00。
    """
    for relation in case.relations:
        if not isinstance(relation, Balance) or case.is_spoiled(*relation.left, *relation.right):
            continue
        left = [in_wan(case, slot) for slot in relation.left]
        right = [in_wan(case, slot) for slot in relation.right]
        if None in left or None in right or not left or not right:
            continue
        a, b = (sum((n for n in side if n is not None), Decimal(0)) for side in (left, right))
        if abs(a - b) > case.pack.threshold["balance"]:
            slot = relation.right[0]
            yield case.finding(
                "FND201", slot, left=case.label(relation.left[0]), left_amount=show_amount(a),
                right="加".join(case.label(s) for s in relation.right), right_amount=show_amount(b),
                gap=f"{abs(a - b):.2f}", why=relation.why,
            )  # fmt: skip
    yield from goal_money_adds_up(case)


def _ordered(case: Case) -> Iterator[tuple[AtMost, Decimal, Decimal, str]]:
    """(relation, half, full, unit) where both are numbers of one unit."""
    for relation in case.relations:
        if not isinstance(relation, AtMost) or case.is_spoiled(relation.small, relation.large):
            continue
        if relation.small.content == "money":
            small, large = case.number(relation.small), case.number(relation.large)
            if small is not None and large is not None:
                yield relation, small, large, "万元"
            continue
        low, high = (read_indicator_value(case.text(slot)) for slot in (relation.small, relation.large))
        if low.number is not None and high.number is not None and low.unit == high.unit:
            yield relation, low.number, high.number, low.unit


def _is_ceiling(case: Case, relation: AtMost) -> bool:
    """A limit (PM2.5 ≤30, then ≤28) or what is better low: it tightens as the year goes on."""
    values = [read_indicator_value(case.text(slot)) for slot in (relation.small, relation.large)]
    better = IndicatorRow(case, *case.place_of(relation.small)).better
    return any(value.operator in ("≤", "<") for value in values) or (better == "low" and values[0].is_percent)


def _adds_up(case: Case, relation: AtMost, unit: str) -> bool:
    """Things done one after the other (场次, 件), not a level that holds all the year (在册人数, 补助标准)."""
    name = IndicatorRow(case, *case.place_of(relation.small)).name
    if not _is_counted(unit) or any(word in name for word in words().per):
        return False
    return unit.lstrip("万亿") in words().flowing or not any(word in name for word in words().standing)


def _is_counted(unit: str) -> bool:
    return unit != "%" and (unit in words().measures or unit.lstrip("万亿") in words().measures)


def _exceeding(case: Case, relation: AtMost, unit: str) -> Severity | None:
    """How grave it is that half a year promises more than the year; None where that is natural."""
    if relation.small.content == "money":
        return "error"
    row = IndicatorRow(case, *case.place_of(relation.small))
    if _is_ceiling(case, relation):
        return "warning" if _adds_up(case, relation, unit) else None
    return "warning" if row.is_own and not _is_counted(unit) else "error"


@rule("FND204", "arithmetic")
def half_year_is_no_more_than_the_year(case: Case) -> Iterator[Finding]:
    """半年数不大于全年数。

    写“≤”的是上限,越收越紧(半年浓度 ≤30、全年 ≤28)是对的,不查;数件数、金额的上限只提示核对。
    错:半年 ≥5 场,全年 ≥2 场。
    """
    for relation, small, large, unit in _ordered(case):
        severity = _exceeding(case, relation, unit) if small > large else None
        if severity is not None:
            yield case.finding(
                "FND204", relation.small, severity=severity, label=relation.label, small=case.text(relation.small),
                large=case.text(relation.large), why=relation.why,
            )  # fmt: skip


@rule("FND205", "arithmetic")
def accruing_rate_is_not_done_by_half_year(case: Case) -> Iterator[Finding]:
    """随进度累计的率(完成率、执行率、覆盖率、结余率)半年不应已等于全年。

    错:政府采购执行率半年 =100%、全年 =100%。对:半年按进度填,如 ≥50%。
    """
    for relation, small, large, _ in _ordered(case):
        if relation.accrues and small == large:
            yield case.finding("FND205", relation.small, label=relation.label, small=case.text(relation.small))


@rule("FND206", "arithmetic")
def second_half_adds_something(case: Case) -> Iterator[Finding]:
    """一件件做出来的数量半年与全年相同,下半年没有增量,提示核对。

    标准、在册人数、浓度、时限这类全年一个水平的,和写“≤”的上限不查。
    例:举办专场招聘会场次半年 ≥1场、全年 ≥1场。
    """
    for relation, small, large, unit in _ordered(case):
        counts = relation.small.content == "indicator" and small == large and small > 0 and not relation.accrues
        if counts and _adds_up(case, relation, unit) and not _is_ceiling(case, relation):
            yield case.finding(
                "FND206", relation.small, label=relation.label, small=case.text(relation.small),
                large=case.text(relation.large),
            )  # fmt: skip


@rule("FND302", "arithmetic")
def projects_have_a_department_total(case: Case) -> Iterator[Finding]:
    """按项目分表填报的,全文应有部门合计可与项目合计核对。

    为什么:没有合计,漏一个项目也看不出来。
    """
    if any(isinstance(block, MoneyTable) for block in case.spec.block):
        return
    budgets = [
        (derived, amount)
        for derived in case.derived
        if isinstance(case.place_of(derived.slot)[0].block, Fields) and case.place_of(derived.slot)[0].number
        if (amount := case.number(derived.slot)) is not None
    ]
    if budgets:
        total = sum((amount for _, amount in budgets), Decimal(0))
        yield case.finding("FND302", budgets[0][0].slot, count=str(len(budgets)), total=show_amount(total))


@rule("FND207", "arithmetic")
def project_money_is_broken_down_to_goals(case: Case) -> Iterator[Finding]:
    """按目标分表填报的,项目支出要能对应到各个目标。

    为什么:只有一个总数,看不出哪个目标用多少钱,年底也无从评价。
    例:项目支出 18.38 万元,四个年度目标都没有写金额。对:目标后注明“(5.20 万元)”,相加等于项目支出。
    """
    goals = [b for b in case.plan.blocks if isinstance(b.block, Fields) and b.number and case.is_present(b)]
    fields = [f for b in goals if isinstance(b.block, Fields) for f in b.block.fields]
    if len(goals) < 2 or any(_is_money(f) for f in fields):
        return
    narratives = [b for b in case.plan.blocks if isinstance(b.block, Narrative) and "目标" in b.title]
    if any(_MONEY.search(case.text(slot)) for b in (*goals, *narratives) for slot in b.slots):
        return
    for block, line in case.lines(MoneyTable):
        assert isinstance(block.block, MoneyTable)
        row = line.source
        if not isinstance(row, Row) or row.derived or not row.label.startswith("项目支出"):
            continue
        column = next((c for c in block.block.columns if c.year == 0 and c.span == "year" and not c.derived), None)
        slot = line.slot(column.id) if column else None
        if slot is not None and (amount := case.amount(slot)):
            kind = case.spec.repeat[goals[0].block.repeat or ""].label.replace("{n}", "")
            yield case.finding(
                "FND207", slot, label=case.label(slot), stated=show_amount(amount), count=str(len(goals)), goals=kind
            )


def _is_money(field: FieldSpec) -> bool:
    return field.value == "money" or bool(field.sum_of)


@rule("CEL112", "cells")
def decimals_are_written_alike(case: Case) -> Iterator[Finding]:
    """一张表里的金额都写两位小数的,个别整数也写成两位。

    Excel 里的小数位由单元格格式显示,不提示;只看从文本录入的表。
    例:202.09、32.26、200.55,项目支出却写 31。对:31.00。
    """
    for block in case.plan.blocks:
        if not isinstance(block.block, MoneyTable) or case.evidence.in_cells:
            continue
        places = block.block.decimals
        # a zero is written 0 by everybody
        amounts = [(slot, case.text(slot)) for slot in block.slots if slot.content == "money" and case.amount(slot)]
        odd = [(slot, text) for slot, text in amounts if len(text.partition(".")[2]) != places]
        if places and len(odd) == 1 and len(amounts) > ENOUGH and "." not in odd[0][1] and not is_surely_yuan(case, odd[0][0]):
            slot, text = odd[0]
            right = f"{text}.{'0' * places}"
            yield case.finding(
                "CEL112", slot, suggested=right, label=case.label(slot), stated=text, decimals=str(places), expected=right
            )
