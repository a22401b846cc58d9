"""执行: was the money spent as budgeted, is it told why not, and do the rates say the same?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.load import find_form
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.spec import IndicatorTable, MoneyTable
from jixiao_xl.model.amounts import decimals_of, half_up, read_amount, show_amount, sum_tolerance
from jixiao_xl.model.facts import STAGE_WORDS, Filing, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.cells import looks_like_yuan
from jixiao_xl.rules.funds import sums
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.results import (
    CAUSE,
    ResultRow,
    SpentLine,
    cause_of_spending,
    is_cause,
    is_under_way,
    result_rows,
    spent_lines,
    whole_line,
    whole_number,
    words,
)

HUNDRED = Decimal(100)
RATE_DECIMALS = 2
"""Of a percent, as a form prints it."""


@rule("EXE301", "arithmetic")
def parts_of_the_spending_add_up(case: Case) -> Iterator[Finding]:
    """预算执行情况表里,各项资金相加等于合计,年初预算数加调整等于全年预算数。

    为什么:执行率按合计计算,合计错了,执行率和得分都跟着错。
    错:财政拨款 120、其他资金 20,年度资金总额执行数写 150。对:140。
    """
    yield from sums(case, "EXE301")


@rule("EXE302", "arithmetic")
def rate_is_done_over_whole(case: Case) -> Iterator[Finding]:
    """执行率 = 执行数÷预算数,完成比例 = 完成值÷目标值,按所写的小数位四舍五入。

    为什么:执行率是得分的依据,与金额对不上,审核时必退。预算数为 0 的写“不适用”,不写 0 或 100%。
    错:预算 100、执行 92.5,执行率写 98%。对:92.5%。
    """
    for derived in case.derived if case.spec.is_follow_up else ():
        stated = case.amount(derived.slot)
        if derived.op not in ("rate", "done") or stated is None or case.is_spoiled(derived.slot, *derived.inputs):
            continue
        if derived.op == "rate" and any(whole_number(case, part) is None for part in derived.inputs):
            continue
        expected = case.follows(derived.slot)
        right = None if expected is None else read_amount(expected.rstrip("%"))
        if expected is None or (right is not None and (right < 0 or _is_written_as(stated * HUNDRED, right))):
            continue  # of a negative amount FND104 speaks
        done, whole = (case.text(slot) or show_amount(case.number(slot) or Decimal(0)) for slot in derived.inputs[:2])
        yield case.finding(
            "EXE302", derived.slot, suggested=expected, label=case.label(derived.slot), stated=case.text(derived.slot),
            done=done, whole=whole, expected=expected,
        )  # fmt: skip


def _is_written_as(stated: Decimal, right: Decimal) -> bool:
    """Whether the percent is the right one, with as many decimals as were written, two at most."""
    return half_up(right, min(decimals_of(stated), RATE_DECIMALS)) == half_up(stated, RATE_DECIMALS)


# ---- more or less than budgeted ---------------------------------------------------------------
@rule("EXE303", "arithmetic")
def spending_stays_within_the_budget(case: Case) -> Iterator[Finding]:
    """执行数不超过(调整后的)全年预算数;超过的,要么预算有追加没有写进来,要么填错。

    为什么:没有预算不得支出。已在原因栏、偏差原因里写明的不再问;分项已提示的,合计不重复。
    错:全年预算数 100,执行数 118,没有说明。对:全年预算数改为调整后的 120;或写明原因。
    """
    over = [line for line in spent_lines(case) if line.amounts and _is_over(case, line)]
    if not over or cause_of_spending(case):
        return
    for line in over:
        if line.is_whole and len(over) > 1:
            continue
        assert line.amounts is not None
        budget, executed = line.amounts
        yield case.finding(
            "EXE303", line.executed, label=case.label(line.executed), stated=show_amount(executed),
            whole=case.label(line.budget), budget=show_amount(budget), gap=show_amount(executed - budget),
        )  # fmt: skip


def _is_over(case: Case, line: SpentLine) -> bool:
    assert line.amounts is not None
    budget, executed = line.amounts
    parts = max(len(case.parts_of(line.executed)), len(case.parts_of(line.budget)), 1)
    in_yuan = any(looks_like_yuan(case, slot) for slot in (line.executed, *case.parts_of(line.executed)))
    return executed - budget > sum_tolerance(parts) and not in_yuan


def _low_without_a_cause(case: Case) -> SpentLine | None:
    """The whole, where little of it was spent in the year and nothing says why."""
    line = None if is_under_way(case) else whole_line(case)
    if line is None or line.rate is None or line.rate >= case.pack.scoring.reason_below:
        return None
    return None if cause_of_spending(case) else line


@rule("EXE304", "arithmetic")
def low_execution_is_explained(case: Case) -> Iterator[Finding]:
    """全年预算执行率低于 90% 的,要说明原因。

    为什么:钱没有花出去,不是预算编多了,就是事情没有办;评价时必问。年中监控不问。
    写在资金表的原因栏、“偏差原因”、预算执行率这一行的原因栏,或情况说明里都可以。
    错:执行率 81.2%,没有一处说明。对:原因:设备采购跨年,尾款次年支付。
    """
    line = _low_without_a_cause(case)
    if line is not None and line.rate is not None:
        yield case.finding(
            "EXE304", line.executed, label=case.label(line.shown_rate), stated=show_percent(line.rate),
            limit=show_percent(case.pack.scoring.reason_below),
        )  # fmt: skip


@rule("EXE309", "arithmetic")
def much_unspent_is_named(case: Case) -> Iterator[Finding]:
    """全年有两成以上预算没有执行的,提示一次,供安排下年预算时参考。

    已经因执行率低而要求说明(EXE304)的,不再提示。
    例:预算 500,执行 380,24% 没有执行。
    """
    line = None if is_under_way(case) else whole_line(case)
    if line is None or line.rate is None or line.amounts is None or _low_without_a_cause(case) is not None:
        return
    if 1 - line.rate > case.pack.scoring.unspent_gap:
        unspent = line.amounts[0] - line.amounts[1]
        yield case.finding(
            "EXE309", line.executed, label=case.label(line.budget), share=show_percent(1 - line.rate), unspent=show_amount(unspent),
        )  # fmt: skip


@rule("EXE305", "arithmetic")
def adjustment_is_explained(case: Case) -> Iterator[Finding]:
    """有“原因”栏的表,年初预算与调整后预算不同的,写明调整的理由。

    为什么:预算一经批复不得随意调整;四川式自评表要求有调整的说明理由。
    错:年初预算 300,调整后 345,原因栏空着。对:年中追加某项经费 45 万元(某号文)。
    """
    for line in spent_lines(case):
        table = line.block.block
        assert isinstance(table, MoneyTable)
        has_column = any(column.value == "text" for column in table.columns)
        initial = next((c for c in table.columns if c.fill == "carried"), None)
        slot = line.line.slot(initial.id) if initial else None
        if not has_column or not line.is_whole or slot is None or slot.key == line.budget.key:
            continue
        before, after = case.number(slot), case.number(line.budget)
        if before is None or after is None or abs(after - before) <= case.pack.threshold["balance"] or cause_of_spending(case):
            continue
        yield case.finding(
            "EXE305", line.budget, label=case.label(line.budget), stated=show_amount(after), before=show_amount(before),
            gap=f"{'+' if after > before else ''}{show_amount(after - before)}",
        )  # fmt: skip


# ---- the rates among the indicators -------------------------------------------------------------
def _percent(row: ResultRow) -> Decimal | None:
    """What was reached, in percent."""
    value = row.reached
    if value.number is None or value.high is not None or value.unit not in ("", "%") or (not value.unit and 0 < value.number <= 1):
        return None
    return value.number


def _playing(case: Case, role: str) -> ResultRow | None:
    return next((row for row in result_rows(case) if row.plays(role) and _percent(row) is not None), None)


@rule("EXE306", "indicators")
def executed_and_carried_over_make_the_whole(case: Case) -> Iterator[Finding]:
    """自评的预算执行率与结转结余率相加,约为 100%。

    为什么:预算数一部分执行了,余下的结转或结余;由财政收回的写明原因。执行率没有列为指标的,按资金表算。
    错:预算执行率 92%,结转结余率 2%。对:8%;收回 6% 的在原因栏写明。
    """
    carry, execution, line = _playing(case, "carry"), _playing(case, "execution"), whole_line(case)
    if carry is None or is_under_way(case):
        return
    executed = _percent(execution) if execution else line.rate * HUNDRED if line and line.rate is not None else None
    left, gap = _percent(carry), case.pack.threshold["execution_gap"]
    if executed is None or left is None or executed > HUNDRED + gap:
        return
    # some divide the carry-over by what was spent, not by the budget
    if abs(executed + left - HUNDRED) <= gap or abs(executed * (1 + left / HUNDRED) - HUNDRED) <= gap:
        return
    if line is not None and line.rate is not None and abs(line.rate * HUNDRED + left - HUNDRED) <= gap:
        return  # the other of the two is wrong, and EXE307 says so
    if executed + left < HUNDRED and (carry.has_cause or (execution is not None and execution.has_cause)):
        return
    yield case.finding(
        "EXE306", carry.done, label=case.label(carry.done), stated=carry.done_text,
        execution=show_percent(executed / HUNDRED), total=show_percent((executed + left) / HUNDRED),
    )  # fmt: skip


@rule("EXE307", "indicators")
def execution_indicator_is_that_of_the_funds(case: Case) -> Iterator[Finding]:
    """指标里的预算执行率,应等于资金表算出的执行率。

    为什么:同一张表里同一个率只有一个数。口径不同(只算财政拨款)的,在原因栏写明。
    错:资金表执行 555÷600=92.5%,指标“预算执行率”完成值写 98%。对:92.5%。
    """
    row, line = _playing(case, "execution"), whole_line(case)
    stated = _percent(row) if row is not None else None
    if row is None or stated is None or line is None or line.rate is None or is_under_way(case) or row.has_cause:
        return
    if any(other.rate is not None and _agrees(case, stated, other.rate) for other in spent_lines(case)):
        return
    yield case.finding(
        "EXE307", row.done, suggested=None, label=case.label(row.done), stated=row.done_text, expected=show_percent(line.rate),
    )  # fmt: skip


def _agrees(case: Case, percent: Decimal, rate: Decimal) -> bool:
    return abs(percent - rate * HUNDRED) <= case.pack.threshold["execution_gap"]


# ---- against what others know -------------------------------------------------------------------
@rule("EXE310", "arithmetic")
def opening_budget_is_the_approved_one(case: Case) -> Iterator[Finding]:
    """年初预算数应与批复(没有批复的与申报)的预算合计一致。

    为什么:年初数改了,执行率就变了;年中追加写在调整后的一栏。
    错:批复 678,自评表年初预算数写 640。对:678。
    """
    line, declared = whole_line(case), case.evidence.declared
    if line is None:
        return
    spec = find_form(declared.form, declared.edition) if declared is not None else None
    if declared is None or spec is None:
        case.lacking("EXE310", "没有本单位本年批复（申报）的表，无法核对年初预算数")
        return
    table = line.block.block
    assert isinstance(table, MoneyTable)
    initial = next((c for c in table.columns if c.fill == "carried"), None)
    slot = line.line.slot(initial.id) if initial else None
    known = [n for path in spec.form.approved.totals if (n := read_amount(declared.value(path) or "")) is not None]
    stated = case.number(slot) if slot else None
    if slot is None or stated is None or not known or case.is_spoiled(slot):
        return
    if all(abs(stated - amount) > case.pack.threshold["budget"] + sum_tolerance(len(case.parts_of(slot))) for amount in known):
        yield case.finding(
            "EXE310", slot, label=case.label(slot), stated=show_amount(stated), expected=show_amount(known[0]),
            stage=STAGE_WORDS[declared.stage],
        )  # fmt: skip


def _month_path(case: Case) -> str:
    tables = (b for b in case.spec.block if isinstance(b, MoneyTable | IndicatorTable))
    return next((column.month for table in tables for column in table.columns if column.month), "")


def _last_before(case: Case) -> tuple[int, Filing] | None:
    """The latest monitoring of an earlier month."""
    path = _month_path(case)
    month = _month_in(case.filing, path)
    known = [(m, f) for f in case.evidence.monitored if (m := _month_in(f, path)) is not None and month is not None and m < month]
    return max(known, key=lambda pair: pair[0], default=None)


def _month_in(filing: Filing, path: str) -> int | None:
    month = read_amount(filing.value(path) or "")
    return int(month) if month is not None and month == int(month) else None


@rule("EXE308", "indicators")
def what_is_done_does_not_shrink(case: Case) -> Iterator[Finding]:
    """监控的累计数(执行数、数量指标的完成值)不会比上一次监控少。

    为什么:截至 9 月的累计包含截至 6 月的数。支出退回、上次填错的,在原因栏写明。比率可升可降,不查。
    错:6 月监控培训 60人次,9 月监控 45人次。对:9 月写 1—9 月的累计数。
    """
    if not is_under_way(case):
        return
    before = _last_before(case)
    if before is None:
        case.lacking("EXE308", "没有本单位本年更早月份的监控表，无法与上次比较")
        return
    month, earlier = before
    for line in spent_lines(case):
        was = read_amount(earlier.value(line.executed.path.text) or "") if line.executed.path else None
        if was is not None and line.amounts is not None and line.executed.role == "input" and line.amounts[1] < was:
            yield _shrunk(case, line.executed, show_amount(line.amounts[1]), show_amount(was), month)
    former = {parse_path(path).row_text: fact.value for path, fact in earlier.facts.items()
              if "[" in path and path.endswith(f".{_done_key(case)}")}  # fmt: skip
    for row in result_rows(case):
        was_text = former.get(row.done.path.row_text) if row.done.path else None
        if was_text is None or row.has_cause or not row.result.by_pace or row.method in ("low", "grade"):
            continue
        was_value, now = read_indicator_value(was_text), row.reached
        if was_value.number is None or now.number is None or now.is_percent or was_value.is_percent:
            continue
        if now.unit in (was_value.unit, "") and now.number < was_value.number:
            yield _shrunk(case, row.done, row.done_text, was_text, month)


def _done_key(case: Case) -> str:
    return next((row.done_column.id for row in result_rows(case)), "")


def _shrunk(case: Case, slot: Slot, stated: str, before: str, month: int) -> Finding:
    return case.finding("EXE308", slot, label=case.label(slot), stated=stated, month=str(month), before=before)


@rule("EXE311", "indicators")
def what_lags_behind_is_explained(case: Case) -> Iterator[Finding]:
    """监控表里亮红灯的指标,以及写“完全不可能”完成的,要写偏差原因。

    为什么:监控就是为了年中发现问题、及时纠正;不写原因,无从纠正。
    错:9 月只完成目标的 20%,红灯,原因栏空着。对:汛期停工,10 月复工,年底可完成。
    """
    for row in result_rows(case):
        light = next((c for c in row.table.columns if c.light_of), None)
        slot = row.line.slot(light.id) if light else None
        if slot is None or row.has_cause or _says_why(case, row):
            continue
        shown = case.follows(slot) or ""
        word = next((text for text in _chosen(case, row) if text in words().hopeless), "")
        if shown == "红" or word:
            why = "、".join(
                part for part in (f"预警灯是{shown}灯" if shown == "红" else "", f"完成可能性写“{word}”" if word else "") if part
            )
            yield case.finding("EXE311", row.cause or row.done, name=row.name, target=row.target_text, done=row.done_text, why=why)


def _chosen(case: Case, row: ResultRow) -> Iterator[str]:
    """The words that were chosen from lists in the row."""
    return (case.text(slot) for c in row.table.columns if c.choices and (slot := row.line.slot(c.id)) is not None)


def _says_why(case: Case, row: ResultRow) -> bool:
    """Whether a kind of cause was chosen (经费保障、人员保障)."""
    kinds = (row.line.slot(c.id) for c in row.table.columns if c.choices and CAUSE in c.label)
    return any(slot is not None and is_cause(case.text(slot)) for slot in kinds)
