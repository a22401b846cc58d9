"""自评: are the points within their weights, told where they are lost, and added up as they should be?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.derive import Derived, derived_cells, shown
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.scored import INAPPLICABLE
from jixiao_xl.forms.spec import Fields, FieldSpec
from jixiao_xl.model.amounts import decimals_of, half_up, read_amount, show_amount
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.model.scoring import conclusion, execution_points, most_points
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.results import ResultRow, SpentLine, result_rows, spent_lines, whole_line

STEP = Decimal("0.005")
"""Points: half of the last place that a form prints."""


def _scored_rows(case: Case) -> Iterator[ResultRow]:
    """The rows of a form that gives points."""
    return (row for row in result_rows(case) if row.score is not None)


def _rounds_to(stated: Decimal, right: Decimal, most: Decimal | None = None) -> bool:
    """Whether the points are the right ones, with as many decimals as were written. Whole points may be
    rounded up, but not to all of them (`most`)."""
    return half_up(right, max(decimals_of(stated), int(most is not None and stated >= most))) == stated


# ---- one cell ---------------------------------------------------------------------------------
@rule("EVA106", "cells")
def points_are_numbers(case: Case) -> Iterator[Finding]:
    """分值、得分只填数字,不写“分”、不写公式。

    为什么:文字不参加合计,总分就少了一项。
    错:10分、满分、“90%”。对:10。预算为 0、没有执行率的,得分写“不适用”。
    """
    for block in case.plan.blocks if case.spec.is_follow_up else ():
        for slot in block.slots:
            text = case.text(slot) if slot.content == "points" and slot.printed else ""
            if text and slot.path is not None and text != INAPPLICABLE and read_amount(text) is None:
                case.spoiled.add(slot.path.text)
                yield case.finding("EVA106", slot, label=case.label(slot), stated=text)


# ---- one indicator -------------------------------------------------------------------------------
@rule("EVA107", "indicators")
def points_are_within_the_weight(case: Case) -> Iterator[Finding]:
    """得分不超过分值,也不小于 0;分值大于 0。

    错:分值 5,得分 10。对:最多 5。
    """
    for row in _scored_rows(case):
        assert row.score is not None
        if row.weight is not None and row.most is not None and row.most <= 0:
            why = "分值应大于 0"
            yield case.finding("EVA107", row.weight, label=case.label(row.weight), stated=show_amount(row.most), why=why)
        elif row.stated is not None and row.stated < 0:
            yield case.finding(
                "EVA107", row.score, label=case.label(row.score), stated=show_amount(row.stated), why="得分不能是负数"
            )
        elif row.stated is not None and row.most is not None and row.stated - row.most > STEP:
            why = f"超过分值 {show_amount(row.most)}"
            yield case.finding("EVA107", row.score, label=case.label(row.score), stated=show_amount(row.stated), why=why)


@rule("EVA109", "indicators")
def lost_points_are_explained(case: Case) -> Iterator[Finding]:
    """得分低于分值的,必须写偏差原因和改进措施。

    为什么:自评就是要说清没有完成的原因;“无”不是原因。
    错:分值 10,得分 8.5,原因栏空着。对:场地改造,两场培训延到次年;年初排定场地。
    """
    for row in _scored_rows(case):
        if row.cause is None or row.scored is None or row.most is None or row.has_cause or row.scored < 0:
            continue
        if row.most - row.scored > STEP:
            yield case.finding(
                "EVA109", row.cause, label=case.label(row.cause), name=row.name, score=show_amount(row.scored),
                weight=show_amount(row.most),
            )  # fmt: skip


@rule("EVA110", "indicators")
def points_are_not_better_than_the_result(case: Case) -> Iterator[Finding]:
    """得分不高于按完成情况算出的参考得分。

    为什么:正向指标没有完成,按完成比例得分;反向指标超过目标,按超出的比例扣分。评分标准另有规定的写情况说明。
    往低打的不问,只要写了原因。
    错:目标 ≥95%,完成 90%,分值 10,得分 10。对:9.47。
    """
    for row in _scored_rows(case):
        stated, right, most = row.stated, row.computed, row.most
        if stated is None or right is None or most is None or stated - most > STEP or stated <= right:
            continue
        if not _rounds_to(stated, right, most):
            assert row.score is not None
            yield case.finding(
                "EVA110", row.score, label=case.label(row.score), stated=show_amount(stated), expected=show_amount(right),
                target=row.target_text, done=row.done_text, weight=show_amount(most),
            )  # fmt: skip


@rule("EVA120", "indicators")
def every_indicator_has_weight_and_points(case: Case) -> Iterator[Finding]:
    """每个自评的指标都要有分值和得分。

    为什么:得分空着,总分就少算一项;定性指标、没有比较符的指标算不出参考得分,要自己打分。
    错:目标“健全”,完成“部分达成”,得分空着。对:按“部分达成”打 60%—80% 的分。
    """
    for row in _scored_rows(case):
        if not row.target_text or not row.done_text or row.wanted.is_absent:
            continue
        for slot, value in ((row.weight, row.most), (row.score, row.scored)):
            if slot is not None and value is None and not case.text(slot):
                yield case.finding("EVA120", slot, label=case.label(slot), name=row.name)
                break


# ---- the funds line ---------------------------------------------------------------------------------
def _lines_with_points(case: Case) -> Iterator[tuple[SpentLine, Slot, Slot, Decimal]]:
    """Lines of the funds with points: the cells of 分值 and 得分, and how many points the form gives."""
    for line in spent_lines(case):
        weight, score = line.points_slot(earned=False), line.points_slot(earned=True)
        if weight is not None and score is not None and line.row is not None and line.row.points is not None:
            yield line, weight, score, line.row.points


@rule("EVA112", "arithmetic")
def weight_of_the_funds_is_that_of_the_form(case: Case) -> Iterator[Finding]:
    """预算执行率的分值由表样规定(10 分或 20 分),不能改。

    错:通用表的预算执行率分值写 100 或 20。对:10。
    """
    for _, weight, _, most in _lines_with_points(case):
        stated = case.amount(weight)
        if stated is not None and stated != most:
            yield case.finding(
                "EVA112", weight, suggested=show_amount(most), label=case.label(weight), stated=show_amount(stated),
                expected=show_amount(most),
            )  # fmt: skip


@rule("EVA113", "arithmetic")
def points_of_the_funds_follow_from_the_rate(case: Case) -> Iterator[Finding]:
    """预算执行率得分 = 分值×执行率,最多等于分值;预算数为 0 的写“不适用”。

    错:分值 10,执行率 92.5%,得分写 92.5 或 10。对:9.25。
    """
    for line, _, score, most in _lines_with_points(case):
        stated = case.amount(score)
        if stated is None or line.amounts is None:
            continue
        budget, executed = line.amounts
        right = execution_points(executed, budget, most, case.pack.scoring)
        if right is not None and _rounds_to(stated, right, most):
            continue
        expected = INAPPLICABLE if right is None else show_amount(right)
        yield case.finding(
            "EVA113", score, suggested=expected, label=case.label(score), stated=show_amount(stated), expected=expected,
            weight=show_amount(most), rate=INAPPLICABLE if line.rate is None else show_percent(line.rate),
        )  # fmt: skip


# ---- the whole ------------------------------------------------------------------------------------------
def _added(case: Case) -> Iterator[tuple[FieldSpec, Slot, Derived, Decimal | None]]:
    """The fields that add points up: what their parts give, None while one of them is missing."""
    if not case.spec.is_follow_up:
        return
    derived = {id(d.slot): d for d in derived_cells(case.plan) if d.op == "total"}
    for block in case.plan.blocks:
        if not isinstance(block.block, Fields):
            continue
        fields = {field.id: field for field in block.block.fields}
        for slot in block.slots:
            if id(slot) in derived and slot.key in fields:
                yield fields[slot.key], slot, derived[id(slot)], _sum(case, derived[id(slot)])


def _sum(case: Case, total: Derived) -> Decimal | None:
    """Of the lines that were filed; a line that is 不适用 has no points to add."""
    if not result_rows(case):
        return None
    own = {id(d.slot): d for d in derived_cells(case.plan)}
    known = Decimal(0)
    for part in total.inputs:
        if part.path is None:
            continue
        follows = own.get(id(part))
        # the points that the form itself gives are not what somebody wrote over them (EVA112 says so)
        number = follows.constant if follows is not None and follows.op == "fixed" else case.number(part)
        if number is not None:
            known += number
        elif case.text(part) != INAPPLICABLE and (follows is None or shown(follows, case) != INAPPLICABLE):
            return None
    return known


def _stated_or_added(case: Case, slot: Slot, added: Decimal | None) -> Decimal | None:
    stated = case.amount(slot)
    return stated if stated is not None else added


@rule("EVA108", "arithmetic")
def weights_add_to_a_hundred(case: Case) -> Iterator[Finding]:
    """各项分值(预算执行率和各指标)合计 100 分。

    为什么:不是 100 分,总分和等级就不能与别的单位比。
    错:预算执行率 10 分,指标合计 95 分,一共 105 分。对:指标合计 90 分。
    """
    for field, slot, _, added in _added(case):
        if field.must_be is None or not result_rows(case):
            continue
        found = added if added is not None else case.amount(slot)
        if found is not None and abs(found - field.must_be) > STEP:
            yield case.finding(
                "EVA108", slot, label=slot.label, stated=show_amount(found), expected=show_amount(field.must_be),
                gap=show_amount(abs(found - field.must_be)), more="少" if found < field.must_be else "多",
            )  # fmt: skip


@rule("EVA114", "arithmetic")
def total_of_points_adds_up(case: Case) -> Iterator[Finding]:
    """总分 = 预算执行率得分 + 各指标得分,按所写的小数位四舍五入。

    错:9.25 + 86 = 95.25,总分写 98。对:95.25。
    """
    for field, slot, _, added in _added(case):
        stated = case.amount(slot)
        if stated is None or added is None or _rounds_to(stated, added):
            continue
        if field.must_be is not None and added != field.must_be:
            continue  # that the weights are not 100 is said already
        yield case.finding(
            "EVA114", slot, suggested=show_amount(added), label=slot.label, stated=show_amount(stated), expected=show_amount(added),
            gap=show_amount(abs(stated - added)),
        )  # fmt: skip


def _total(case: Case) -> tuple[Slot, Decimal] | None:
    """The cell of 总分 with what it says, else with what the points add up to."""
    for field, slot, _, added in _added(case):
        if field.must_be is None and (total := _stated_or_added(case, slot, added)) is not None:
            return slot, total
    return None


@rule("EVA115", "arithmetic")
def grade_is_that_of_the_total(case: Case) -> Iterator[Finding]:
    """自评等级由总分决定:90 分以上优,80—90 良,60—80 中,60 以下差(以规则包为准)。

    错:总分 86.5,等级写“优”。对:良。
    """
    total = _total(case)
    for block in case.plan.blocks:
        for field in block.block.fields if isinstance(block.block, Fields) else ():
            slot = next((s for s in block.slots if s.key == field.id), None) if field.grade_of else None
            stated = case.text(slot) if slot is not None else ""
            if slot is None or not stated or total is None:
                continue
            expected = conclusion(total[1], case.pack.scoring)
            if expected is not None and expected not in stated:
                yield case.finding(
                    "EVA115",
                    slot,
                    suggested=expected,
                    label=slot.label,
                    stated=stated,
                    expected=expected,
                    total=show_amount(total[1]),
                )


# ---- points against the money ---------------------------------------------------------------------------
def _earned_share(case: Case) -> Decimal | None:
    """Which share of their weights all indicators together got; None while one of them is missing."""
    earned = weights = Decimal(0)
    for row in _scored_rows(case):
        if row.scored is None or row.most is None:
            return None
        earned, weights = earned + min(row.scored, row.most), weights + row.most
    return earned / weights if weights > 0 else None


def _looks_too_good(case: Case) -> tuple[SpentLine, Decimal, Decimal] | None:
    """Nearly all points with a low execution rate."""
    line, share, scoring = whole_line(case), _earned_share(case), case.pack.scoring
    if line is None or line.rate is None or share is None or line.rate >= scoring.full_marks_rate:
        return None
    return (line, line.rate, share) if share >= case.pack.threshold["full_marks"] else None


@rule("EVA116", "arithmetic")
def full_marks_need_their_money(case: Case) -> Iterator[Finding]:
    """预算执行不到六成,各项指标却得满分(95% 以上)的,要说明。

    为什么:钱花了一半,事情全办完了:不是预算编多了,就是得分打高了。
    错:执行率 52%,90 分的指标得 90 分。对:按实际完成打分;确实节约的写情况说明。
    """
    found = _looks_too_good(case)
    if found is not None:
        line, rate, share = found
        yield case.finding("EVA116", line.executed, rate=show_percent(rate), share=show_percent(share))


@rule("EVA117", "arithmetic")
def low_execution_limits_the_total(case: Case) -> Iterator[Finding]:
    """有的地方按执行率限制总分(执行率 70%—80% 的最多 89 分,依次降低);超过的提示核对当地规定。

    例:执行率 74%,总分 93.4。
    """
    total, line = _total(case), whole_line(case)
    if total is None or line is None or line.rate is None:
        return
    most = most_points(line.rate, case.pack.scoring)
    if most < case.pack.scoring.full and total[1] > most:
        yield case.finding(
            "EVA117",
            total[0],
            label=total[0].label,
            stated=show_amount(total[1]),
            rate=show_percent(line.rate),
            most=show_amount(most),
        )


@rule("EVA118", "arithmetic")
def points_run_ahead_of_the_money(case: Case) -> Iterator[Finding]:
    """指标得分率比预算执行率高出 5 个百分点以上的,提示核对。

    执行率很低而得满分的另查(EVA116)。
    例:执行率 82%,指标得分率 97%。
    """
    line, share = whole_line(case), _earned_share(case)
    if line is None or line.rate is None or share is None or _looks_too_good(case) is not None:
        return
    gap = share - line.rate
    if gap > case.pack.scoring.score_gap:
        yield case.finding(
            "EVA118", line.executed, share=show_percent(share), rate=show_percent(line.rate), gap=show_amount(half_up(gap * 100, 2))
        )
