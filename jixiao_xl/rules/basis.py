"""Is the basis of an indicator's value one, and one that fits the indicator?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from jixiao_xl.forms.indicators import known_indicators
from jixiao_xl.forms.plan import Slot
from jixiao_xl.forms.spec import Choices
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Finding, Severity
from jixiao_xl.model.indicator_value import read_indicator_value
from jixiao_xl.model.names import normalised
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.nature import has, in_cost_section, is_cost, words
from jixiao_xl.rules.registry import rule
from jixiao_xl.rules.rows import IndicatorRow, filled_rows

MANY = 8
"""Rows from which one word in a whole column looks like no choice at all."""


class _Basis(Entry):
    """`knowledge/basis.toml`; what each list is for is said there."""

    standards: tuple[str, ...]
    cost_only: tuple[str, ...]
    survey: tuple[str, ...]
    grades: tuple[str, ...]
    vague: tuple[str, ...]
    recognised: tuple[str, ...]
    loose: tuple[str, ...]
    budget: tuple[str, ...]


@cache
def known_basis() -> _Basis:
    """The word lists, loaded when first asked for."""
    return knowledge_of(_Basis, "basis")


@cache
def _grades() -> frozenset[str]:
    """Every word that grades a result."""
    return frozenset((*known_basis().grades, *(word for known in known_indicators() for word in known.grades)))


@cache
def _plain(items: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(normalised, items))


@dataclass(frozen=True, slots=True)
class _Stated:
    """The basis of one row."""

    row: IndicatorRow
    slot: Slot
    text: str
    choices: Choices | None

    @property
    def table(self) -> str:
        return self.row.block.name

    @property
    def listed(self) -> bool:
        return self.choices is not None and normalised(self.text) in _plain(self.choices.items)

    @property
    def offered(self) -> str:
        """The words to choose from."""
        return "、".join(self.choices.items if self.choices else known_basis().standards)

    @property
    def opinion(self) -> bool:
        """A row about satisfaction."""
        return "满意" in self.row.name or any("满意" in level for level in self.row.names[:-1])

    @property
    def costs(self) -> bool:
        """A row about money: a cost, or a sum in 元."""
        return in_cost_section(self.row) or is_cost(self.row) or self.row.name.endswith(words().cost.standard) or self._is_money

    @property
    def _is_money(self) -> bool:
        return any("元" in s.value.unit for s in self.row.targets)


def _stated(case: Case) -> Iterator[_Stated]:
    """The basis of every row that promises something, where a stop list has not spoken (CEL105)."""
    for row in filled_rows(case):
        if row.target.is_absent:
            continue
        for column in row.table.columns:
            slot = row.line.slot(column.id)
            if column.value != "text" or slot is None or not ("依据" in column.label or "标准" in column.label):
                continue
            choices = case.spec.choices.get(column.choices or "")
            text = case.text(slot)
            if text and not (choices and choices.stop and normalised(text) not in _plain((*choices.items, *choices.aliases))):
                yield _Stated(row, slot, text, choices)


def _own_fault(stated: _Stated) -> tuple[Severity, str, str] | None:
    """What is wrong with one row's basis by itself: severity, why, what instead."""
    basis, row = known_basis(), stated.row
    value = read_indicator_value(stated.text)
    if not stated.listed and stated.text in _grades():
        return "error", "是评价结果，不是依据", stated.offered
    if not stated.listed and normalised(stated.text) == normalised(row.target.text):
        return ("error" if value.number is None else "warning"), "照抄了指标值，不是依据", stated.offered
    if normalised(stated.text) in basis.cost_only and not stated.costs:
        others = "、".join(w for w in stated.offered.split("、") if w not in basis.cost_only)
        return "warning", "预算支出标准只用于成本指标", others
    if stated.opinion and _offers_survey(stated) and not has(stated.text, basis.survey):
        grave: Severity = "warning" if is_vague(stated.text) or _is_unclear(stated) else "hint"
        return grave, "满意度要由调查得出", "、".join(w for w in stated.offered.split("、") if has(w, basis.survey))
    return None


def _offers_survey(stated: _Stated) -> bool:
    return stated.choices is not None and any(has(word, known_basis().survey) for word in stated.choices.items)


@cache
def is_vague(text: str) -> bool:
    """Whether the text only says that there is some document."""
    rest = normalised(text)
    for word in sorted(known_basis().vague, key=len, reverse=True):
        rest = rest.replace(word, "")
    return rest == ""


def _is_unclear(stated: _Stated) -> bool:
    """Neither of the list nor a document, plan, figure or price that one could look up."""
    basis = known_basis()
    if stated.choices is None or stated.listed or has(stated.text, (*basis.recognised, *basis.survey)) or _is_law(stated.text):
        return False
    return not (stated.costs and has(stated.text, basis.budget))


def _is_law(text: str) -> bool:
    """安全生产法, 传染病防治法: a law without its marks."""
    return len(text) > 2 and text.endswith("法") and not text.endswith(("方法", "做法", "用法", "执法"))


def _doubt(stated: _Stated) -> tuple[Severity, str, str] | None:
    """What cannot be looked up by what is stated: severity, why, what instead."""
    if not is_vague(stated.text) and not _is_unclear(stated):
        return None
    grave: Severity = "warning" if stated.choices else "hint"
    if is_vague(stated.text):
        return grave, "没有写明是哪份文件", "文件名称和文号，或可选项中的一种标准"
    if stated.text.endswith(known_basis().loose):
        return "hint", "没有写明是哪份文件、哪项计划", "文件、计划的名称，或可选项中的一种标准"
    if has(stated.text, known_basis().budget):
        return grave, "说的是钱，看不出指标值从哪里来", stated.offered
    return "hint", "不在可选项中，看不出是什么依据", stated.offered


def _together(all_stated: list[_Stated]) -> Iterator[tuple[_Stated, Severity, str, str]]:
    """What many rows of a table share is said once, at the first of them; a mere hint once for all tables."""
    rows: dict[tuple[str, str], list[tuple[_Stated, Severity, str, str]]] = {}
    for stated in all_stated:
        doubt = _doubt(stated)
        if doubt is not None:
            table = stated.row.block.block.id if doubt[0] == "hint" else stated.table
            rows.setdefault((table, normalised(stated.text)), []).append((stated, *doubt))
    for (table, _), same in rows.items():
        first, severity, why, instead = same[0]
        scope = "本表" if table == first.table else "各表共"
        yield first, severity, f"{why}（{scope} {len(same)} 行）" if len(same) > 1 else why, instead


def _uniform(all_stated: list[_Stated]) -> Iterator[tuple[_Stated, str]]:
    """A table whose every row has the same standard, costs and satisfaction included."""
    tables: dict[str, list[_Stated]] = {}
    for stated in all_stated:
        tables.setdefault(stated.table, []).append(stated)
    for rows in tables.values():
        first = next((s for s in rows if s.costs or s.opinion), None)
        one_word = len({normalised(s.text) for s in rows}) == 1 and rows[0].listed
        if first is None or not one_word or len(rows) < MANY or normalised(rows[0].text) in known_basis().cost_only:
            continue
        if not _offers_survey(first):
            yield first, f"本表 {len(rows)} 行依据全是同一个词，成本类、满意度类一般另有依据"


@rule("IND113", "indicators")
def basis_fits_the_indicator(case: Case) -> Iterator[Finding]:
    """指标值确定依据要说得出处,并适合该指标。

    为什么:依据说明目标值从哪里来。“合格”“满意”是结果;“文件要求”没有说是哪份文件;
    预算支出标准只说得清成本;满意度是问出来的。
    错:绩效标准填“合格”;预算执行率的依据填“预算支出标准”。
    对:计划标准、行业标准、历史标准;文件写明名称和文号;满意度填调查问卷。
    整张表都是同一个词的,只提示一次。
    """
    left = []
    all_stated = list(_stated(case))
    for stated in all_stated:
        fault = _own_fault(stated)
        if fault is None:
            left.append(stated)
            continue
        severity, why, instead = fault
        yield _finding(case, stated, severity, why, instead)
    for stated, severity, why, instead in _together(left):
        yield _finding(case, stated, severity, why, instead)
    for stated, why in _uniform(all_stated):
        yield _finding(case, stated, "hint", why, "预算支出标准（成本类）、历史标准或其他标准（满意度类）；确实如此可不改")


def _finding(case: Case, stated: _Stated, severity: Severity, why: str, instead: str) -> Finding:
    return case.finding(
        "IND113", stated.slot, severity=severity, label=stated.row.label(stated.slot), stated=stated.text, why=why, choices=instead
    )
