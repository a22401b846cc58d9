"""What a form of a later stage says of targets and of money: rows with their outcome, lines with what was spent.

Found by the words of the definition (`outcome_of`, `done_of`, `weight_in`, `rate_of`), never by the form's id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import TypeVar, cast

from jixiao_xl.forms.derive import reading_of, result_in
from jixiao_xl.forms.indicators import indicator_like
from jixiao_xl.forms.outcome_words import joined, outcome_columns
from jixiao_xl.forms.plan import BlockPlan, Line, Slot
from jixiao_xl.forms.scored import Result
from jixiao_xl.forms.spec import Column, IndicatorTable, MoneyTable, Narrative, Row
from jixiao_xl.model.entries import Entry
from jixiao_xl.model.indicator_value import IndicatorValue, read_indicator_value
from jixiao_xl.model.kept import kept
from jixiao_xl.model.names import normalised
from jixiao_xl.model.ratios import execution_rate
from jixiao_xl.model.records import dataclass
from jixiao_xl.model.scoring import Method, method_of, points
from jixiao_xl.rules.case import Case
from jixiao_xl.rules.known import knowledge_of
from jixiao_xl.rules.linkage import has_role
from jixiao_xl.rules.units import agree

CAUSE = "原因"
"""In the name of a column or a text: it says why."""
_TIMES = re.compile("[万亿]")
_ENDS = "。；;，,. "


class _Words(Entry):
    """`knowledge/results.toml`; what each list is for is said there."""

    no_cause: tuple[str, ...]
    hopeless: tuple[str, ...]
    money_words: tuple[str, ...]
    dates: tuple[str, ...]


@cache
def words() -> _Words:
    """The lists, loaded when first asked for."""
    return knowledge_of(_Words, "results")


def is_under_way(case: Case) -> bool:
    """Whether the year is not over yet for this form: its lights go by the month."""
    tables = (b for b in case.spec.block if isinstance(b, MoneyTable | IndicatorTable))
    return any(column.month for table in tables for column in table.columns)


def is_cause(text: str) -> bool:
    """Whether a cell gives a reason: 无 and / give none."""
    return bool(text.strip(_ENDS)) and text.strip(_ENDS) not in words().no_cause


# ---- indicators ------------------------------------------------------------------------------
@dataclass(frozen=True)
class ResultRow:
    """An indicator with its target of the year and what became of it. Texts are blank where nothing stands."""

    case: Case
    block: BlockPlan
    line: Line
    target_column: Column
    done_column: Column
    score_column: Column | None

    @kept
    def table(self) -> IndicatorTable:
        assert isinstance(self.block.block, IndicatorTable)
        return self.block.block

    @kept
    def names(self) -> tuple[str, ...]:
        return self.line.filed.names if self.line.filed else self.line.labels

    @kept
    def name(self) -> str:
        """The indicator's own name."""
        return self.case.row_name(self.line)

    # ---- its cells
    def _slot(self, column_id: str | None) -> Slot | None:
        return self.line.slot(column_id) if column_id else None

    @kept
    def target(self) -> Slot:
        found = self._slot(self.target_column.id)
        assert found is not None
        return found

    @kept
    def done(self) -> Slot:
        found = self._slot(self.done_column.id)
        assert found is not None
        return found

    @kept
    def score(self) -> Slot | None:
        return self._slot(self.score_column.id) if self.score_column else None

    @kept
    def weight(self) -> Slot | None:
        return self._slot(self.score_column.weight_in) if self.score_column else None

    @kept
    def cause(self) -> Slot | None:
        """Where the row says why: the column that the score names, else the one that is called so."""
        named = self.score_column.cause_in if self.score_column else None
        return self._slot(named or next((c.id for c in self.table.columns if _asks_why(c)), None))

    @kept
    def has_cause(self) -> bool:
        return self.cause is not None and is_cause(self.case.text(self.cause))

    # ---- what they say
    @kept
    def target_text(self) -> str:
        """The target with its sign and unit, where the form has them in cells of their own."""
        parts = {c.part: self.case.text(slot) for c in self.table.columns if c.part and (slot := self.line.slot(c.id))}
        text = self.case.text(self.target)
        return joined(text, parts.get("operator", ""), parts.get("unit", "")) if parts else text

    @kept
    def unit_apart(self) -> str:
        """The unit that stands in a column of its own (度量单位)."""
        column = next((c for c in self.table.columns if c.part == "unit"), None)
        slot = self._slot(column.id) if column else None
        return self.case.text(slot) if slot else ""

    @kept
    def done_text(self) -> str:
        return self.case.text(self.done)

    @kept
    def wanted(self) -> IndicatorValue:
        return read_indicator_value(self.target_text)

    @kept
    def reached(self) -> IndicatorValue:
        """What was done, with the unit of the column of units where none was written."""
        value = read_indicator_value(self.done_text)
        is_bare = value.number is not None and not value.unit and value.high is None
        return read_indicator_value(f"{self.done_text}{self.unit_apart}") if is_bare else value

    @kept
    def result(self) -> Result:
        """As the formulas see it."""
        reading = reading_of(self.table, self.line)
        assert reading is not None  # a row of results has a target and what was done
        return result_in(reading, self.names, self.case)

    @kept
    def method(self) -> Method | None:
        """Which results are good: as chosen, by the sign, else as the dictionary has it; None where nobody knows."""
        if self.result.method.strip():
            return self.result.goes_by
        if self.wanted.number is None:
            return "grade" if self.target_text and not self.wanted.is_mixed else None
        known = indicator_like(self.name)
        likely = known.better if known is not None and known.firm else ""
        return method_of(self.wanted.operator) or (likely or None)

    @kept
    def numbers(self) -> tuple[Decimal, Decimal] | None:
        """Target and done, where both are one number of the same things."""
        one, other = self.wanted, self.reached
        if one.number is None or other.number is None or one.high is not None or other.high is not None:
            return None
        if one.is_percent != other.is_percent or (one.unit and other.unit and not agree(one.unit, other.unit)):
            return None
        if one.unit != other.unit and "" in (one.unit, other.unit) and _TIMES.search(one.text + other.text):
            return None  # a bare 12 beside 10万元 may mean 12万元
        return one.number, other.number

    @kept
    def most(self) -> Decimal | None:
        """The weight."""
        return self.case.number(self.weight) if self.weight else None

    @kept
    def scored(self) -> Decimal | None:
        """The points: as stated, else as they would be proposed."""
        return self.case.number(self.score) if self.score else None

    @kept
    def stated(self) -> Decimal | None:
        """The points that somebody wrote."""
        return self.case.amount(self.score) if self.score else None

    @kept
    def computed(self) -> Decimal | None:
        """What the scoring of the pack gives; None where a person has to decide."""
        weight, method = self.most, self.method
        if weight is None or weight < 0 or method is None:
            return None
        if method == "grade":
            return weight if self.result.is_met_in_words else None
        if self.numbers is None:
            return None
        return points(method, *self.numbers, weight, self.case.pack.scoring, quantity=self.result.is_quantity)

    def plays(self, role: str) -> bool:
        """Whether it is 预算执行率 (`execution`) or 结转结余率 (`carry`), under any of their names."""
        known = indicator_like(self.name)
        return has_role(self.name, role) or (known is not None and not known.guessed and has_role(known.name, role))


def _asks_why(column: Column) -> bool:
    return column.value == "text" and column.choices is None and CAUSE in column.label


def result_rows(case: Case) -> tuple[ResultRow, ...]:
    """Every filed indicator of a form that says what became of targets; nothing on any other form."""
    return _once(case, "result_rows", lambda: tuple(_read_rows(case)))


def _read_rows(case: Case) -> Iterator[ResultRow]:
    for block, line in case.lines(IndicatorTable) if case.spec.is_follow_up else ():
        assert isinstance(block.block, IndicatorTable)
        found = outcome_columns(block.block)
        score = next((c for c in block.block.columns if c.weight_in), None)
        if found is not None and line.filed is not None:
            yield ResultRow(case, block, line, block.block.main_column, found.done, score)


# ---- money -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class SpentLine:
    """A line of the funds with its budget and what was spent of it."""

    case: Case
    block: BlockPlan
    line: Line
    budget: Slot
    executed: Slot
    shown_rate: Slot

    @kept
    def row(self) -> Row | None:
        return self.line.source if isinstance(self.line.source, Row) else None

    @kept
    def is_whole(self) -> bool:
        """Whether it adds all the others up."""
        return self.row is not None and self.row.derived

    @kept
    def amounts(self) -> tuple[Decimal, Decimal] | None:
        """Budget and executed; None where one is missing or was found to be no amount."""
        if self.case.is_spoiled(self.budget, self.executed):
            return None
        budget, executed = whole_number(self.case, self.budget), whole_number(self.case, self.executed)
        return None if budget is None or executed is None else (budget, executed)

    @kept
    def rate(self) -> Decimal | None:
        """执行率, a fraction; None (不适用) without a budget."""
        if self.amounts is None or self.amounts[0] <= 0:
            return None
        return execution_rate(self.amounts[1], self.amounts[0])

    def points_slot(self, *, earned: bool) -> Slot | None:
        """The cell of 得分 (`earned`) or of 分值, where the line has points."""
        assert isinstance(self.block.block, MoneyTable)
        column = next((c for c in self.block.block.columns if c.points_of), None)
        if column is None or column.points_of is None or self.row is None or self.row.points is None:
            return None
        return self.line.slot(column.id if earned else column.points_of[2])


def whole_number(case: Case, slot: Slot) -> Decimal | None:
    """The number of a cell; of a total that nobody wrote, None while one of its parts is missing."""
    if not case.text(slot) and any(case.number(part) is None for part in case.parts_of(slot)):
        return None
    return case.number(slot)


def spent_lines(case: Case) -> tuple[SpentLine, ...]:
    """Every line with 执行数 and 预算数 of a form of a later stage; nothing on any other form."""
    return _once(case, "spent_lines", lambda: tuple(_read_lines(case)))


def _read_lines(case: Case) -> Iterator[SpentLine]:
    for block, line in case.lines(MoneyTable) if case.spec.is_follow_up else ():
        assert isinstance(block.block, MoneyTable)
        for column in block.block.columns:
            executed, budget = (line.slot(name) for name in column.rate_of) if column.rate_of else (None, None)
            rate = line.slot(column.id)
            if executed is not None and budget is not None and rate is not None:
                yield SpentLine(case, block, line, budget, executed, rate)


def whole_line(case: Case) -> SpentLine | None:
    """The line of the whole year's money."""
    return next((line for line in spent_lines(case) if line.is_whole), None)


def cause_of_spending(case: Case) -> bool:
    """Whether the form says anywhere why the money was spent as it was: beside the amounts, at the indicator
    of the execution rate, or in a text on causes that speaks of money."""
    beside = (
        line.slot(column.id)
        for block, line in case.lines(MoneyTable) if isinstance(block.block, MoneyTable)
        for column in block.block.columns if column.value == "text"
    )  # fmt: skip
    if any(slot is not None and is_cause(case.text(slot)) for slot in beside):
        return True
    if any(row.has_cause and (row.plays("execution") or row.plays("carry")) for row in result_rows(case)):
        return True
    texts = (case.text(s) for b in case.plan.blocks if isinstance(b.block, Narrative) and CAUSE in b.title for s in b.slots)
    money = re.compile("|".join(map(re.escape, words().money_words)))
    return any(is_cause(text) and money.search(normalised(text)) for text in texts)


Answer = TypeVar("Answer")


def _once(case: Case, name: str, work: Callable[[], Answer]) -> Answer:
    if name not in case.memo:
        case.memo[name] = work()
    return cast(Answer, case.memo[name])
