"""A definition as 填报说明: what each section wants, what is calculated, what must agree."""

from __future__ import annotations

from collections.abc import Iterator

from jixiao_xl.forms.describe_results import described_columns, described_field
from jixiao_xl.forms.measures import SHEET as MEASURES
from jixiao_xl.forms.plan import BlockPlan, FormPlan
from jixiao_xl.forms.spec import Fields, IndicatorTable, MoneyTable, Narrative, Row, Schedule

GENERAL = (
    "黄色格由单位填写；灰色格自动计算，不能改，要改请改它的分项。",
    "金额单位为{unit}，只填数字；没有的填0，不留空。",
    "行不够时，选中隐藏行上下两行，右键“取消隐藏”（LibreOffice：数据→组合及分级显示→显示细节），就能多填一行，不需要撤销保护。",
    "从 Word 粘贴文字：在黄色格上右键“只粘贴文本”，一段一行；一段太长分成两行时，第二行选“接上段”。",
    "定量指标写成“≥95%”“≤100%”“=100%”“≥23人”的样子；定性指标填“健全”“规范”这样的等级词。",
    "审核方退回的“需要说明”的问题，核对属实、不用改的，在“情况说明”表写原因；“必须修改”的要改正，不能只作说明。",
    "填完看“自检表”，改到“必须修改”为0；再看“打印表”，核对后打印签字。打印表右上方的校验码与文件一致才有效。",
)


def described(plan: FormPlan) -> Iterator[tuple[str, str]]:
    """(section, sentence) lines of the 填报说明, in the order of the form."""
    for line in GENERAL:
        yield "总则", line.replace("{unit}", plan.spec.form.unit)
    seen: set[str] = set()
    for block in plan.blocks:
        if block.block.id in seen:
            continue
        seen.add(block.block.id)
        for sentence in _block(plan, block):
            yield block.title or block.block.title, sentence
    for sentence in _measures(plan):
        yield MEASURES, sentence
    for note in plan.spec.form.notes:
        yield "备注", note
    if plan.spec.form.source:
        yield "表样来源", plan.spec.form.source


def _measures(plan: FormPlan) -> Iterator[str]:
    """What the 测算表 wants: it is no section of the form."""
    if plan.measure is None:
        return
    yield "各项比率的分子、分母每年填一次，测算值自动算出，可照着填到指标表；当年填预计数，没有这项业务的填0，不清楚的留空。"
    yield "以前年度的指标值应与测算值一致；当年目标值写“=”的应相等，写“≤”“≥”的，测算值应达到。不打印，也不计入校验码。"
    for rate in plan.measure.rates:
        yield f"{rate.name} = {rate.ratio.words}{'（口径为推断，按本地规定为准）' if rate.indicator.inferred else ''}。"


def _block(plan: FormPlan, block: BlockPlan) -> Iterator[str]:
    kind = block.block
    if isinstance(kind, Fields):
        for field in kind.fields:
            if field.sum_of:
                parts = " + ".join(_label(kind, part) for part in field.sum_of)
                yield f"{_clean(field.label)} = {parts}（自动计算）。"
            elif field.derived:
                yield from described_field(plan, field)
            elif field.hint:
                yield f"{_clean(field.label)}：{plan.words.years(field.hint)}"
    elif isinstance(kind, Narrative):
        if kind.help:
            yield kind.help
        yield from (plan.words.years(field.hint) for field in kind.fields if field.hint)
    elif isinstance(kind, MoneyTable):
        yield from _money(plan, kind)
    elif isinstance(kind, IndicatorTable):
        yield from _indicators(plan, kind)
    elif isinstance(kind, Schedule):
        yield f"按累计百分比填：{'、'.join(p.label for p in kind.points)}，后一期不小于前一期。"
        yield from (f"{p.label}应为{p.must_be}。" for p in kind.points if p.must_be)


def _money(plan: FormPlan, table: MoneyTable) -> Iterator[str]:
    for group in table.group:
        for row in group.rows:
            if row.sum_of:
                yield f"{group.label}·{row.label} = {' + '.join(_row_label(group.row(p)) for p in row.sum_of)}（自动计算）。"
            elif row.sum_of_open:
                yield f"{group.label}·{row.label} = 下列各项目之和（自动计算）。"
    for column in table.columns:
        label = plan.words.years(column.label)
        if column.share_of:
            yield f"{label} = 该行金额 ÷ 本组合计 × 100%，四舍五入到两位小数（自动计算）。"
        elif column.fill == "archive":
            yield f"{label}：可从历年数据库提取，也可以手工填写。"
    yield from described_columns(plan, table)
    yield from (check.why for check in table.check if check.why)


def _indicators(plan: FormPlan, table: IndicatorTable) -> Iterator[str]:
    open_rows = [row for row in plan.spec.rows_of(table) if row.open and row.fixed_levels]
    places = "、".join(dict.fromkeys("/".join(row.fixed_levels) for row in open_rows))
    if places:
        yield f"可以自行增加指标的位置：{places}。"
    yield from described_columns(plan, table)
    for column in table.columns:
        if column.choices:
            yield f"{column.label}可选：{'、'.join(plan.spec.choices[column.choices].items)}。"
        elif column.fill == "archive":
            yield f"{plan.words.years(column.label)}：填实际完成值，不带≥≤；可从历年数据库提取。"
    yield from (check.why for check in table.check if check.why)


def _label(block: Fields, field_id: str) -> str:
    return next(_clean(field.label) for field in block.fields if field.id == field_id)


def _clean(label: str) -> str:
    return label.removeprefix("其中：").rstrip("：:")


def _row_label(row: Row) -> str:
    return f"{row.under}{row.label}" if row.under and row.label == "小计" else row.label
