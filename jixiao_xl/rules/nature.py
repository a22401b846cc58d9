"""What kind of thing does an indicator row promise: which way is better, how far can it go, is it a cost?

The definition and the dictionary speak first; the words of `knowledge/directions.toml` make good
what an ending of a name cannot tell. What stays open stays open: no rule guesses a direction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import cache

from jixiao_xl.forms.indicators import Better, IndicatorKind
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.findings import Severity
from jixiao_xl.model.indicator_value import IndicatorValue, Operator, without_operator
from jixiao_xl.model.records import dataclass
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.rows import IndicatorRow, once_a_row

HUNDRED = Decimal(100)
_SHARE = re.compile(r"占.{0,20}(?:比例|比重|比|百分比)\Z")
_OPINION = re.compile("满意|认可|好评|评价|对")
"""What is said of people's opinion; 业务及时办结 under 满意度 is no opinion."""


class _Cost(Entry):
    section: tuple[str, ...]
    endings: tuple[str, ...]
    under_section: tuple[str, ...]
    standard: tuple[str, ...]
    saved: tuple[str, ...]
    granted: tuple[str, ...]


class _Words(Entry):
    """`knowledge/directions.toml`; what each list is for is said there."""

    unbounded: tuple[str, ...]
    manifold: tuple[str, ...]
    proportion: tuple[str, ...]
    lower: tuple[str, ...]
    unwanted: tuple[str, ...]
    handled: tuple[str, ...]
    lessened: tuple[str, ...]
    happened: tuple[str, ...]
    done: tuple[str, ...]
    done_last: tuple[str, ...]
    ills: tuple[str, ...]
    swift: tuple[str, ...]
    lasting: tuple[str, ...]
    exact: tuple[str, ...]
    cost: _Cost


@cache
def words() -> _Words:
    """The word lists, loaded when first asked for."""
    return knowledge_of(_Words, "directions")


@cache
def ills() -> tuple[str, ...]:
    """The words of what nobody wants more of."""
    return (*words().unwanted, *words().ills)


def has(text: str, wanted: Iterable[str]) -> bool:
    """Whether one of the words is in the text."""
    return any(word in text for word in wanted)


@dataclass(frozen=True, slots=True)
class Nature:
    """`firm`: direction and range follow from the meaning. `stated`: from dictionary or definition,
    not from the ending of the name."""

    kind: IndicatorKind | None
    better: Better
    low: Decimal | None
    high: Decimal | None
    firm: bool
    stated: bool
    opinion: bool
    """A satisfaction rate."""
    standard: str = ""

    @property
    def capped(self) -> bool:
        return self.high == HUNDRED

    def between(self) -> str:
        """`0%～100%`, for messages about rates."""
        low = "不限" if self.low is None else f"{show_amount(self.low)}%"
        return f"{low}～{'不限' if self.high is None else f'{show_amount(self.high)}%'}"


@dataclass(frozen=True, slots=True)
class Story:
    """What is wrong with one cell. `suggested` only where it can be computed."""

    severity: Severity
    expected: str
    why: str = ""
    suggested: str | None = None


@once_a_row
def nature_of(row: IndicatorRow) -> Nature:
    """The row's nature, of its definition, its name, its description and its place."""
    known, name = row.known, row.name
    if known is None or known.kind == "grade":
        return _by_place(row)
    if known.kind == "count" and _is_share(row):
        return Nature("count", known.better, Decimal(0), HUNDRED, True, not known.guessed, False, known.standard)
    better, high, firm = row.better, known.high, known.firm
    if known.kind == "rate" and not firm and has(name, words().unbounded):
        better, high = "", None
    if known.guessed and ((not firm and has(name, words().lower)) or name.startswith(words().lessened)):
        better = ""
    if known.kind == "count" and known.guessed and has(name, words().unwanted) and not name.startswith(words().handled):
        better = ""
    if known.kind == "count" and has(name, words().exact):
        better = "equal"
    opinion = known.is_satisfaction and better == "high"
    return Nature(known.kind, better, known.low, high, firm, not known.guessed, opinion, known.standard)


def _by_place(row: IndicatorRow) -> Nature:
    """A name that tells nothing (劳模和困难职工对工会组 under 满意度), or a grade with a percent."""
    section = any("满意" in level for level in row.names[:-1])
    if section and (row.known is None or "满意" in row.name):
        return Nature("rate", "high", Decimal(0), HUNDRED, True, True, _OPINION.search(row.name) is not None)
    if _is_share(row) or (has(row.name, words().proportion) and not has(row.name, words().unbounded)):
        return Nature(row.kind, row.better, Decimal(0), HUNDRED, True, False, False)
    return Nature(row.kind, row.better, None, None, False, False, False)


def _is_share(row: IndicatorRow) -> bool:
    """Whether name or description says that it is one number's share of another."""
    return _SHARE.search(row.name) is not None or _SHARE.search(row.text("description")) is not None


def in_cost_section(row: IndicatorRow) -> bool:
    return any(has(level, words().cost.section) for level in row.names[:-1])


def is_cost(row: IndicatorRow) -> bool:
    """Whether the row limits what something costs."""
    cost = words().cost
    if has(row.name, cost.saved):
        return False
    return row.name.endswith(cost.endings) or (
        in_cost_section(row) and (row.name.endswith(cost.under_section) or row.name.endswith(cost.standard))
    )


def best_operator(nature: Nature, value: IndicatorValue) -> Operator:
    """The comparison the value should carry; blank where it is for the unit to say."""
    number = value.number
    if number is None or (value.is_percent and nature.kind == "count"):
        return ""
    if nature.better == "low":
        return "=" if nature.kind == "rate" and number == nature.low else "≤"
    if nature.better == "high" and nature.kind == "rate":
        return "=" if nature.capped and number == HUNDRED else "≥" if number > 0 else ""
    if nature.better == "high":
        return "≥" if number > 0 else ""
    return "=" if nature.better == "equal" or (value.is_percent and nature.capped and number == HUNDRED) else ""


def with_operator(value: IndicatorValue, operator: Operator) -> str:
    """The value with another comparison, its number written as the unit wrote it."""
    return f"{operator}{without_operator(value)}"
