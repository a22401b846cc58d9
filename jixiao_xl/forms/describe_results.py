"""How to fill what follows in 监控表 and 自评表: carried targets, rates, points, lights, the total and its grade.

Whatever number a sentence says is the rule pack's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from jixiao_xl.forms.plan import FormPlan, Slot
from jixiao_xl.forms.scored import NOT_BY_PACE, QUANTITY
from jixiao_xl.forms.spec import Column, FieldSpec, IndicatorTable, MoneyTable
from jixiao_xl.forms.thresholds import thresholds_of
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.model.scoring import METHOD_WORDS, Scoring

Table = MoneyTable | IndicatorTable
BY_SIGN = "指标值写“≥”的是正向，写“≤”的是反向，写“=”的是等于，写文字的是定性"


def described_columns(plan: FormPlan, table: Table) -> Iterator[str]:
    """A sentence for every column that is carried, calculated or scored."""
    labels = {column.id: plan.words.years(column.label) for column in table.columns}
    carried = [labels[column.id] for column in table.columns if column.fill == "carried"]
    if carried:
        made = "监控表" if "monitoring" in plan.spec.form.stages else "自评表"
        yield f"{'、'.join(carried)}：由“生成{made}”从批复（没有批复的从申报）带入；没有带入的，照批复填。"
    methods = {c.method for c in table.columns if c.light_of} | {c.score_of[3] for c in table.columns if c.score_of}
    for column in table.columns:
        yield from _column(plan, column, labels)
        if column.id in methods:
            yield f"{labels[column.id]}：{_method_hint(column)}"


def _column(plan: FormPlan, column: Column, labels: dict[str, str]) -> Iterator[str]:
    label, silent = labels[column.id], "" if column.printed else "，不打印"
    thresholds = thresholds_of(plan.spec.form.pack)
    if column.sum_of:
        yield f"{label} = {' + '.join(labels[name] for name in column.sum_of)}（自动计算）。"
    elif column.rate_of:
        executed, budget = (labels[name] for name in column.rate_of)
        yield f"{label} = {executed} ÷ {budget}（自动计算{silent}）；{budget}为0的显示“不适用”。"
    elif column.done_of:
        target, done = (labels[name] for name in column.done_of)
        yield f"{label} = {done} ÷ {target}（自动计算{silent}）；不是数值的、计量单位不同的留空。"
    elif column.points_of:
        executed, budget, weight = (labels[name] for name in column.points_of)
        most = f"最多为{weight}，四舍五入到{thresholds.scoring.places}位小数"
        yield f"{label} = {weight} × {executed} ÷ {budget}，{most}（自动计算）；{budget}为0的显示“不适用”。"
    elif column.score_of:
        target, done, weight, _ = (labels[name] for name in column.score_of)
        yield f"{label}（自动计算{silent}）：{_scored(target, done, weight, thresholds.scoring)}"
        yield f"定性指标{done}与{target}相同的满分；其余由单位在{weight}内打分：{_bands(thresholds.scoring)}。"
    elif column.light_of:
        yield f"{label}（自动计算）：{_light(plan, column, labels)}"
    elif column.starts_as:
        yield f"{label}：{score_hint(column, labels)}"


def _scored(target: str, done: str, weight: str, scoring: Scoring) -> str:
    high = f"正向、等于的，达到{target}得满分，不到的 = {done} ÷ {target} × {weight}"
    over = f"= {target} ÷ {done} × {weight}" if scoring.low_rule == "inverse" else "按超出的比例扣，超出一倍的为0"
    limit = scoring.unscored_deviation
    unscored = "" if limit is None else f"；{QUANTITY}指标偏离{target}超过{show_percent(limit)}的不计分"
    return f"{high}；反向的，不超过{target}得满分，超过的{over}{unscored}。"


def _bands(scoring: Scoring) -> str:
    return "，".join(f"{band.name}{show_percent(band.at_least)}～{show_percent(band.below)}" for band in scoring.bands)


def _light(plan: FormPlan, column: Column, labels: dict[str, str]) -> str:
    assert column.light_of is not None
    thresholds = thresholds_of(plan.spec.form.pack)
    lights, first, second = thresholds.lights, *(labels[name] for name in column.light_of)
    if not column.method:
        pace = f"进度 = {first} ÷（{second} × 月份 ÷ 12）"
        return f"{pace}，{_steps(lights.execution_red_below, lights.execution_yellow_below)}以上绿。"
    steps = f"{_steps(lights.red_below, lights.yellow_below)}到{show_percent(lights.blue_from)}绿，再高为蓝（偏离大）"
    words = "，".join(
        f"{word}{lights.by_grade[word]}" for word in (b.name for b in thresholds.scoring.bands) if word in lights.by_grade
    )
    fixed = f"{'、'.join(NOT_BY_PACE)}指标和反向指标不按月份，在范围内绿、否则红"
    return f"进度 = {second} ÷（{first} × 月份 ÷ 12），{steps}；{fixed}；定性指标{words}。"


def _steps(red: Decimal, yellow: Decimal) -> str:
    return f"低于{show_percent(red)}红，{show_percent(red)}到{show_percent(yellow)}黄，{show_percent(yellow)}"


def _method_hint(column: Column) -> str:
    if column.part == "operator":
        return "≥ 越高越好，≤ 越低越好，＝ 应相等，没有数值的选“定性”。"
    return f"{'、'.join(METHOD_WORDS)}选一个；留空的，{BY_SIGN}，没有符号的要选。不打印。"


def score_hint(column: Column, labels: dict[str, str]) -> str:
    """What to know before writing over 得分."""
    most = f"，0到{labels[column.weight_in]}之间" if column.weight_in else ""
    cause = f"；低于{labels[column.weight_in]}的写明{labels[column.cause_in]}" if column.cause_in and column.weight_in else ""
    return f"先等于{labels[column.starts_as or '']}，可以改写{most}{cause}。"


def described_field(plan: FormPlan, field: FieldSpec) -> Iterator[str]:
    """Sentences for a field that adds up points, or says them in a word."""
    scoring = thresholds_of(plan.spec.form.pack).scoring
    if field.adds:
        parts = dict.fromkeys(_said(plan, name) for name in field.adds)
        must = "" if field.must_be is None else f"，应为{show_amount(field.must_be)}"
        yield f"{field.label} = {' + '.join(parts)}{must}（自动计算）。"
        if field.capped_by:
            steps = (f"低于{show_percent(cap.below)}的最多{show_amount(cap.most)}分" for cap in reversed(scoring.caps))
            yield f"预算执行率{'，'.join(steps)}。"
    elif field.grade_of:
        names = [f"{show_amount(grade.at_least)}分及以上为{grade.name}" for grade in scoring.grades[:-1]]
        yield f"{field.label}：{'，'.join(names)}，以下为{scoring.grades[-1].name}（自动计算）。"


def _said(plan: FormPlan, name: str) -> str:
    """`block.column` as a person calls it: 预算执行情况的分值."""
    block_id, _, column_id = name.partition(".")
    block = plan.spec.block_named(block_id)
    assert isinstance(block, MoneyTable | IndicatorTable)
    label = next(plan.words.years(column.label) for column in block.columns if column.id == column_id)
    return f"“{block.title}”各行{label}"


def hint_of(plan: FormPlan, columns: Sequence[Column], slot: Slot) -> str:
    """What the cell says when it is selected; empty where a usual message does."""
    column = next((column for column in columns if column.id == slot.key), None)
    if column is None:
        return ""
    labels = {each.id: plan.words.years(each.label) for each in columns}
    if column.starts_as:
        return score_hint(column, labels)
    if any(column.id in (each.score_of or ())[3:] or column.id == each.method for each in columns):
        return _method_hint(column)
    if any(column.id == each.weight_in for each in columns):
        return (
            f"填分数；全部{labels[column.id]}（含预算执行）合计{show_amount(thresholds_of(plan.spec.form.pack).scoring.full)}分。"
        )
    if column.outcome_of or any(column.id == (each.done_of or ("", ""))[1] for each in columns):
        if any(each.part == "number" for each in columns):
            return "填实际完成的数字，不带符号和单位；定性的填“健全”这样的词，或达成、部分达成、未达成。"
        return "填实际完成值，不带≥≤，计量单位与指标值相同，如“96%”“21人”；定性的填“健全”这样的词，或达成、部分达成、未达成。"
    return ""
