"""How do this year's amounts stand to those of the years before: copied, or far off?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.spec import Column, MoneyTable, Row
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.ratios import change_rate, show_percent
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.cells import is_surely_yuan, looks_like_yuan
from jixiao_xl.rules.registry import rule

FEWEST = 2
"""Lines of one's own (not totals) that have to be the same before a column looks copied."""


@dataclass(frozen=True)
class _Years:
    """A money table with a column of this year and columns of the years before, the latest first."""

    block: BlockPlan
    current: Column
    earlier: tuple[Column, ...]


def _tables(case: Case, code: str) -> Iterator[_Years]:
    """The tables that can be compared; what stands in the way is said under `code`."""
    tables = [block for block in case.plan.blocks if isinstance(block.block, MoneyTable)]
    found = 0
    for block in tables:
        assert isinstance(block.block, MoneyTable)
        dated = [c for c in block.block.columns if c.year is not None and c.span == "year" and not c.derived]
        current = next((c for c in dated if c.year == 0), None)
        earlier = sorted((c for c in dated if c.year is not None and c.year < 0), key=lambda c: -(c.year or 0))
        if current is None or not earlier:
            continue
        found += 1
        if block.name in case.blank_tables:
            case.lacking(code, f"“{block.sheet}”没有填写，无法与上年比较")
        elif not any(_pairs(case, block, current, column) for column in earlier):
            case.lacking(code, f"“{block.sheet}”没有近两年金额，无法与上年比较")
        else:
            yield _Years(block, current, tuple(earlier))
    if not found:
        case.lacking(code, "表样没有近两年金额栏，无法与上年比较")


@dataclass(frozen=True)
class _Pair:
    line: Line
    now: Slot
    then: Slot
    amount: Decimal
    before: Decimal

    @property
    def is_total(self) -> bool:
        return isinstance(self.line.source, Row) and self.line.source.derived


def _pairs(case: Case, block: BlockPlan, current: Column, earlier: Column) -> list[_Pair]:
    """The lines that state an amount in both years."""
    found = []
    for line in block.lines:
        now, then = line.slot(current.id), line.slot(earlier.id)
        if now is None or then is None or not now.printed or case.is_spoiled(now, then):
            continue
        amount, before = case.amount(now), case.amount(then)
        if amount is not None and before is not None and not any(_has_its_finding(case, slot) for slot in (now, then)):
            found.append(_Pair(line, now, then, amount, before))
    return found


def _has_its_finding(case: Case, slot: Slot) -> bool:
    """A negative amount, or one in 元 (in a total: one of its parts): that is to be mended first."""
    in_yuan = looks_like_yuan(case, slot) or any(is_surely_yuan(case, part) for part in (slot, *case.parts_of(slot)))
    return in_yuan or (case.amount(slot) or 0) < 0


def _is_copied(pairs: list[_Pair]) -> bool:
    own = [p for p in pairs if not p.is_total and p.amount != 0]
    return len(own) >= FEWEST and all(p.amount == p.before for p in pairs)


@rule("PRI103", "arithmetic")
def this_year_is_not_last_year_copied(case: Case) -> Iterator[Finding]:
    """当年各项金额与上年逐项相同的,多半是照抄了上年。

    为什么:预算逐年编制,人员、运转、项目支出同时一分不差的很少见。
    错:当年、上年都是 491.42、92.99、399.3、983.71。对:上年数从历年数据库提取;属实的写情况说明。
    """
    for years in _tables(case, "PRI103"):
        pairs = _pairs(case, years.block, years.current, years.earlier[0])
        if not pairs:
            case.lacking("PRI103", f"“{years.block.sheet}”没有上年金额，无法与上年比较")
        if _is_copied(pairs):
            same = [p for p in pairs if p.amount != 0]
            yield case.finding("PRI103", same[0].now, label=years.block.title, count=str(len(same)))


def _base(case: Case, years: _Years) -> Iterator[tuple[_Pair, Column]]:
    """Each line against the latest year that says something of it.

    A last year that is this year copied says nothing, so the year before it is asked; so is it for
    a line without an amount of last year.
    """
    compared: set[str] = set()
    for column in years.earlier:
        pairs = _pairs(case, years.block, years.current, column)
        if column.year == -1 and _is_copied(pairs):
            continue
        for pair in pairs:
            if pair.now.cell not in compared:
                compared.add(pair.now.cell)
                yield pair, column


def _is_repeated(case: Case, pair: _Pair, moved: set[int]) -> bool:
    """Whether every part of a total speaks already (parts without an amount have nothing to say)."""
    derived = next((d for d in case.derived if d.slot is pair.now), None)
    parts = [s for s in derived.inputs if case.number(s)] if derived else []
    return bool(parts) and all(id(s) in moved for s in parts)


@rule("PRI104", "arithmetic")
def large_change_is_explained(case: Case) -> Iterator[Finding]:
    """金额比上年变动超过 ±20% 的要说明原因。

    为什么:大幅增减要么是口径变了,要么是填错;审核时必问。上年为 0 的不算比例;变动不到 5000 元的不问。
    例:项目支出由 32.26 变为 18.38,-43.03%。合计只在分项没有全部提示时再提示。
    """
    limit, floor = case.pack.threshold["year_on_year"], case.pack.threshold["year_on_year_floor"]
    for years in _tables(case, "PRI104"):
        large: list[tuple[_Pair, Column, Decimal]] = []
        for pair, column in _base(case, years):
            change = change_rate(pair.amount, pair.before)
            if change is not None and abs(change) > limit and abs(pair.amount - pair.before) >= floor:
                large.append((pair, column, change))
        moved = {id(pair.now) for pair, _, _ in large}
        for pair, column, change in large:
            if not (pair.is_total and _is_repeated(case, pair, moved)):
                yield _changed(case, pair, column, change, limit)


def _changed(case: Case, pair: _Pair, column: Column, change: Decimal, limit: Decimal) -> Finding:
    year = case.filing.year + (column.year or 0)
    sign = "+" if change > 0 else ""
    return case.finding(
        "PRI104", pair.now, label=case.label(pair.now), before=f"{year}年的 {show_amount(pair.before)}",
        after=show_amount(pair.amount), change=f"{sign}{show_percent(change)}", limit=show_percent(limit),
    )  # fmt: skip
