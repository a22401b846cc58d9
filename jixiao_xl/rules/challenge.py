"""Does a target ask for anything that was not there before?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.model.amounts import decimals_of
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.ratios import show_percent
from jixiao_xl.rules.agreement import NOT_ZERO, is_trusted, wants_more, words
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.nature import words as direction_words
from jixiao_xl.rules.pairing import compared
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, filled_rows

FINE = 2
"""Decimals of a percent that nobody sets as a target: such a value was measured."""


@rule("IND204", "indicators")
def target_asks_for_something(case: Case) -> Iterator[Finding]:
    """目标值要有挑战性:不照抄近两年,不低于近两年实际两成以上,越高越好的不填 0。

    写“≥0件”的,做多做少都算完成。
    为什么:目标与往年一分不差,绩效就无从谈起;保障对象认定、发放类的准确率不足 100%,等于允许发错。
    一两项与往年持平是常事(一年一次的会、固定的节日慰问);一张表里半数以上的数量都与近两年一样,才提示。
    错:法律援助案件数 10、10、≥10件;高层次人才储备率 0%;救助准确率 ≥90%。对:按上年实际和本年任务重新测算。
    """
    copied = _copied_tables(case)
    contradicted = {id(p.long.line) for p in compared(case).pairs if _is_zero(p.long) != _is_zero(p.annual)}
    contradicted |= {id(p.annual.line) for p in compared(case).pairs if id(p.long.line) in contradicted}
    for row in filled_rows(case):
        target = row.target
        if target.number is None or target.high is not None:
            continue
        if _is_zero(row):
            if wants_more(row) and row.kind in ("rate", "count") and id(row.line) not in contradicted:
                yield _unchallenged(case, row, "越高越好，目标却是 0", target.text, NOT_ZERO, "warning")
            elif _always_holds(row):
                advice = "不许发生的写“=0”；要做的事写出要做多少。"
                yield _unchallenged(case, row, "做多做少都算完成", target.text, advice, "warning")
        elif _may_err(row) and target.is_percent and target.number < 100:
            why = "关系到发给谁、发多少，准确率应为 100%"
            yield _unchallenged(case, row, why, target.text, "改为 =100%；确有困难的写情况说明。")
        elif why := _copied(case, row, copied):
            said = "、".join(f"{s.slot.label.rpartition('·')[2]} {s.value.text}" for s in row.priors)
            yield _unchallenged(case, row, why, f"{said}，目标 {target.text}", "核对目标值；确与往年持平的写情况说明。")


def _is_zero(row: IndicatorRow) -> bool:
    return row.target.number == 0 and row.target.high is None


def _always_holds(row: IndicatorRow) -> bool:
    """At least none of what is counted: no result can miss that. IND105 speaks of accidents."""
    target = row.target
    counted = target.operator in ("≥", ">") and target.unit != "" and not target.is_percent and row.kind != "rate"
    return counted and not row.name.endswith(direction_words().happened)


def _may_err(row: IndicatorRow) -> bool:
    return row.name.endswith(words().accuracy) and any(word in row.name for word in words().entitlement)


def _copied(case: Case, row: IndicatorRow, tables: set[str]) -> str:
    """How the target follows the years before; empty when it does not."""
    target, numbers = row.target, _earlier(row)
    assert target.number is not None
    if not numbers:
        return ""
    if row.kind == "rate" or target.is_percent:
        last = max(row.priors, key=lambda s: s.column.year or 0).value
        exact = target.number == last.number and decimals_of(target.number) >= FINE
        return "目标与上年一分不差，疑照抄上年" if exact else ""
    if not _is_counted(row):
        return ""
    if set(numbers) == {target.number}:
        return "目标与近两年完全相同，没有增长" if row.block.name in tables else ""
    least = case.pack.threshold["challenge"]
    return f"目标不到近两年实际的 {show_percent(least)}" if target.number < min(numbers) * least else ""


def _earlier(row: IndicatorRow) -> list[Decimal]:
    """The numbers of the years before, in the target's unit; nothing where one of them cannot be compared."""
    priors = [s.value for s in row.priors]
    numbers = [v.number for v in priors if v.number is not None and v.high is None]
    return [] if len(numbers) != len(priors) or any(v.unit not in ("", row.target.unit) for v in priors) else numbers


def _is_counted(row: IndicatorRow) -> bool:
    """Whether the row is a count of several years that should grow."""
    target = row.target
    if target.number is None or target.high is not None or row.kind == "rate" or target.is_percent:
        return False
    return len(_earlier(row)) > 1 and target.number > 1 and _counts_up(row)


def _copied_tables(case: Case) -> set[str]:
    """The tables in which half of the counts, or more, say the very numbers of the years before."""
    same: dict[str, list[bool]] = {}
    for row in filled_rows(case):
        if _is_counted(row):
            same.setdefault(row.block.name, []).append(set(_earlier(row)) == {row.target.number})
    return {name for name, found in same.items() if 2 * sum(found) >= len(found)}


def _counts_up(row: IndicatorRow) -> bool:
    if is_trusted(row):
        return row.better == "high"
    return row.target.operator in ("≥", ">") and row.better not in ("low", "equal")


def _unchallenged(case: Case, row: IndicatorRow, why: str, stated: str, advice: str, severity: Severity | None = None) -> Finding:
    return case.finding("IND204", row.main, severity=severity, name=row.name, why=why, stated=stated, advice=advice)
