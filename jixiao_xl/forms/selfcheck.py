"""What can the workbook itself tell the clerk, with native formulas and no program?

Each check is a yes/no expression over cells, from the same definition as the Python rules.
The rules know more (尾差, reasons, last year); where both judge, they judge alike.
"""

from __future__ import annotations

from collections.abc import Iterator

from jixiao_xl.forms import formulas
from jixiao_xl.forms.derive import derived_cells
from jixiao_xl.forms.expr import Cell, call
from jixiao_xl.forms.native_check import NativeCheck as NativeCheck
from jixiao_xl.forms.plan import BlockPlan, FormPlan, Line, Slot
from jixiao_xl.forms.relations import AtMost, Balance, ShareSum, Steps, relations
from jixiao_xl.forms.result_checks import result_checks, result_is_off
from jixiao_xl.forms.spec import CatalogRow, Fields, IndicatorTable, MoneyTable, Narrative
from jixiao_xl.model.amounts import YUAN_SUSPECT

NOT_APPLICABLE = ("无", "不适用", "/")


def native_checks(plan: FormPlan) -> Iterator[NativeCheck]:
    """Every check, in the order of the sheets."""
    arithmetic = [*_derived_checks(plan), *_relation_checks(plan), *_measure_checks(plan), *result_checks(plan)]
    for block in plan.blocks:
        yield from _block_checks(block)
        yield from _identity_checks(block, plan.words.filing.unit.name if plan.words.filing.issued_to else "")
        own = {id(slot) for slot in block.slots}
        yield from (check for check in arithmetic if id(check.slot) in own)


def _identity_checks(plan: BlockPlan, issued_name: str) -> Iterator[NativeCheck]:
    """The visible name is the one the workbook was issued under: a neighbour's file is noticed here."""
    for slot in plan.slots:
        if slot.identity == "unit_name" and issued_name:
            own = call("TRIM", formulas.cell(slot))
            other = call("AND", call("LEN", own).gt(0), own.ne(issued_name))
            yield NativeCheck(slot, "error", "单位名称与下发的一致", f"本表下发给“{issued_name}”；不是本单位的表，请换用自己的。",
                              other, (slot,))  # fmt: skip


def _derived_checks(plan: FormPlan) -> Iterator[NativeCheck]:
    for derived in derived_cells(plan):
        slot = derived.slot
        if not slot.printed:
            continue
        if derived.op == "sum":
            problem, fix = (formulas.sum_is_off(derived), "该格自动计算，请改分项；公式被覆盖的，用“撤销”或重新粘贴公式。")
            yield NativeCheck(slot, "error", f"{slot.label}等于分项之和", fix, problem, (slot,))
        elif derived.op in ("points", "total", "grade"):
            yield result_is_off(derived)
        elif derived.op in ("share", "rate"):
            problem, fix = formulas.rate_is_off(derived), "该格自动计算，请改金额，不要手填占比。"
            yield NativeCheck(slot, "error", f"{slot.label}与金额相符", fix, problem, (slot,))


def _relation_checks(plan: FormPlan) -> Iterator[NativeCheck]:
    for relation in relations(plan):
        if isinstance(relation, ShareSum):
            yield NativeCheck(
                relation.total, "error", f"{relation.label}合计为100%", "检查各项占比是否被改写。",
                formulas.shares_miss_whole(relation), (relation.total,),
            )  # fmt: skip
        elif isinstance(relation, Balance) and relation.left and relation.right:
            slot = relation.right[0]
            yield NativeCheck(
                slot, "error", f"{relation.left[0].label}与支出相等", relation.why,
                formulas.balance_is_off(relation), (*relation.left, *relation.right),
            )  # fmt: skip
        elif isinstance(relation, AtMost) and relation.small.content == "money" and not relation.open_part:
            yield NativeCheck(
                relation.small, "error", f"{relation.label}半年数不大于全年数", relation.why,
                formulas.exceeds(relation), (relation.small,),
            )  # fmt: skip
        elif isinstance(relation, Steps):
            yield NativeCheck(
                relation.points[-1], "error", f"{relation.label}逐期不减，末期到位",
                "按累计百分比填写，后一期不小于前一期，最后一期填100%。",
                formulas.falls(relation), relation.points,
            )  # fmt: skip


def _measure_checks(plan: FormPlan) -> Iterator[NativeCheck]:
    """A rate that differs from what the 测算表 gives; the 测算表 itself has compared them."""
    if plan.measure is None:
        return
    for rate in plan.measure.rates:
        for column in plan.measure.results:
            if column.id not in rate.stated:
                continue
            slot, past = rate.stated[column.id], (column.year or 0) < 0
            yield NativeCheck(
                slot, "error" if past else "warning", f"{rate.name}（{slot.label}）与测算表一致",
                "按测算表算出的数改正，或改正测算表的数。" if past else "核对目标值，或改正测算表的预计数。",
                plan.measure.mark(rate, column.id).eq(formulas.DIFFERS),
            )  # fmt: skip


def _block_checks(plan: BlockPlan) -> Iterator[NativeCheck]:
    block = plan.block
    if isinstance(block, Narrative):
        texts = [slot for slot in plan.slots if slot.content == "paragraph"]
        long = call("OR", *(formulas.too_long(slot) for slot in texts))
        yield NativeCheck(texts[0], "warning", f"各段不超过{texts[0].max_chars}字",
                          "把长段分成几行，续行选“接上段”。", long)  # fmt: skip
    for line in plan.lines:
        if isinstance(block, IndicatorTable):
            yield from _indicator_checks(line)
        elif isinstance(block, MoneyTable):
            yield from _money_checks(line, block.decimals)
        else:
            for slot in line.slots:
                yield from _plain_checks(line, slot, isinstance(block, Fields | Narrative))


def _plain_checks(line: Line, slot: Slot, text: bool) -> Iterator[NativeCheck]:
    if slot.required and slot.role == "input" and not line.hidden:
        yield NativeCheck(slot, "error", f"{slot.label}已填写", "必填，请填写。", formulas.is_blank(slot))
    if slot.content == "money" and slot.role == "input":
        yield from _amount_checks(slot, 2)
    elif text and slot.role == "input" and slot.max_chars > 20 and slot.content != "paragraph":
        yield _length_check(slot)


def _money_checks(line: Line, decimals: int) -> Iterator[NativeCheck]:
    name = line.slot("level1")
    for slot in line.slots:
        if slot.role != "input":
            continue
        if line.source is None and name is not None and slot.required:
            started = call("OR", call("LEN", Cell(name.sheet, name.row, name.column)).gt(0),
                           call("LEN", formulas.cell(slot)).gt(0))  # fmt: skip
            halves = call("OR", formulas.is_blank(name), formulas.is_blank(slot))
            yield NativeCheck(slot, "error", f"项目行填全（{slot.label}）", "写全项目名称和金额，没有的填0。",
                              call("AND", started, halves))  # fmt: skip
        elif slot.required:
            yield NativeCheck(slot, "error", f"{slot.label}已填写", "没有金额的填0。", formulas.is_blank(slot))
        if slot.content == "money":
            yield from _amount_checks(slot, decimals)


def _amount_checks(slot: Slot, decimals: int) -> Iterator[NativeCheck]:
    yield NativeCheck(slot, "error", f"{slot.label}是数字", "只填数字，单位万元，不写文字和逗号。",
                      formulas.is_words(slot), (slot,))  # fmt: skip
    yield NativeCheck(slot, "error", f"{slot.label}以万元填报", "金额过大，像是以元填报的；以元填的除以10000。",
                      call("N", formulas.cell(slot)).gt(YUAN_SUSPECT - 1), (slot,))  # fmt: skip
    if not slot.signed:
        yield NativeCheck(slot, "error", f"{slot.label}不为负", "核对后填正数或0。",
                          formulas.negative(slot), (slot,))  # fmt: skip
    yield NativeCheck(slot, "warning", f"{slot.label}最多{decimals}位小数", f"以万元为单位，四舍五入到{decimals}位小数。",
                      formulas.too_fine(slot, decimals), (slot,))  # fmt: skip


def _indicator_checks(line: Line) -> Iterator[NativeCheck]:
    source = line.source
    assert isinstance(source, CatalogRow)
    row_name = _spoken_row(line)
    names = [slot for slot in line.slots if slot.role == "name"]
    values = [slot for slot in line.slots if slot.role == "input"]
    main = next((slot for slot in values if slot.required and slot.content == "indicator"), values[0])
    own = call("TRIM", formulas.cell(main))
    absent = call("OR", *(own.eq(word) for word in NOT_APPLICABLE), own.eq(""))
    if source.open:
        started = call("OR", *(call("LEN", formulas.cell(slot)).gt(0) for slot in (*names, *values)))
        blank = call("OR", *(formulas.is_blank(slot) for slot in (*names, main)))
        yield NativeCheck(main, "error", f"{row_name}填全", "写全指标名称和指标值，不用的行整行清空。",
                          call("AND", started, blank))  # fmt: skip
    else:
        yield NativeCheck(main, "error", f"{row_name}·{main.label}已填写", "必填；确实没有的填“不适用”。",
                          formulas.is_blank(main))  # fmt: skip
    others = [slot for slot in values if slot.required and slot is not main and slot.content == "text"]
    if others:
        missing = call("AND", call("OR", *(formulas.is_blank(slot) for slot in others)), call("NOT", absent))
        words = "、".join(slot.label for slot in others)
        yield NativeCheck(others[0], "error", f"{row_name}·{words}已填写", "从下拉列表中选择或填写。", missing)
    stated = [slot for slot in values if slot.content == "indicator" and slot.required]
    if source.value in ("percent", "count"):
        lacking = call("OR", *(formulas.lacks_operator(slot) for slot in stated))
        yield NativeCheck(main, "warning", f"{row_name}有比较符", "定量指标值写成“≥95%”“≤100%”“=100%”的样子。", lacking)
    long = call("OR", *(formulas.too_long(slot) for slot in values))
    yield NativeCheck(main, "warning", f"{row_name}各格不超长", f"指标值不超过{main.max_chars}字，打印时才放得下。", long)


def _length_check(slot: Slot) -> NativeCheck:
    return NativeCheck(slot, "warning", f"{slot.label}不超过{slot.max_chars}字", "写短一些，或分成几行，打印时才放得下。",
                       formulas.too_long(slot))  # fmt: skip


def _spoken_row(line: Line) -> str:
    assert isinstance(line.source, CatalogRow)
    if not line.source.open:
        return line.source.levels[-1]
    return "·".join((*line.source.fixed_levels[:1], "自填行")) if line.source.fixed_levels else "自填行"
