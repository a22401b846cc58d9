"""The city summary as tables, with where each number came from."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jixiao_xl.consolidate.compact import CompactFacts
from jixiao_xl.consolidate.decisions import reviewed_statuses
from jixiao_xl.consolidate.departments import counted_once
from jixiao_xl.consolidate.node_check import is_whole, node_findings
from jixiao_xl.consolidate.outcomes import Outcome, outcomes
from jixiao_xl.consolidate.roster import Received, RosterRow, UnitStatus
from jixiao_xl.consolidate.totals import LineTotal, RateTotal, ShareTotal, line_totals, rate_totals, share_totals
from jixiao_xl.forms.outcome_words import outcome_columns, this_year
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.dates import Arrived
from jixiao_xl.model.facts import Fact, Filing, Stage, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import NO_REVIEWS, Review

_BLOCK = re.compile(r"[.\[#]")
"""What ends the name of a block in a fact path."""


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator over `of` units: what was stated, by the unit's place, and the path of the fact.

    Kept sparse: thousands of units have tens of thousands of indicators of their own.
    """

    block: str
    names: tuple[str, ...]
    of: int
    stated: Mapping[int, tuple[str, str]]
    own: bool = False
    """Whether units wrote the row themselves, so that nobody else is expected to have it."""
    outcome: Outcome | None = None
    """What became of it, on a form that asks for that."""

    @property
    def values(self) -> tuple[str | None, ...]:
        """What each unit stated, None where it did not."""
        return tuple(self.stated[place][0] if place in self.stated else None for place in range(self.of))


@dataclass(frozen=True)
class MoneySummary:
    table: MoneyTable
    lines: tuple[LineTotal, ...]
    shares: tuple[ShareTotal, ...]
    rates: tuple[RateTotal, ...] = ()


@dataclass(frozen=True)
class Summary:
    """Everything the summary workbook shows. `units` are those that count or ought to."""

    spec: FormSpec
    year: int
    stage: Stage
    statuses: tuple[UnitStatus, ...]
    units: tuple[UnitStatus, ...]
    money: tuple[MoneySummary, ...]
    indicators: tuple[IndicatorLine, ...]
    findings: tuple[Finding, ...]
    """About the merging itself."""
    judged: tuple[Finding, ...]
    """About the filings, each with its book."""
    today: dt.date | None = None
    """The day deadlines are counted to; None counts nothing."""
    reviews: Mapping[str, Review] = field(default_factory=lambda: NO_REVIEWS)
    """By unit key, from the archive."""
    last_year: Mapping[str, Filing] = field(default_factory=dict)
    """Last year's filing by unit key, where the archive has one."""
    received_on: Mapping[str, Arrived] = field(default_factory=dict)
    """When a unit's first filing came, by unit key, where archive or roster know."""
    place: str = ""
    """The county, prefecture or province whose units these are; empty for all of them."""
    worked_out: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was worked out of it and will be asked for again."""

    @property
    def is_complete(self) -> bool:
        """Every expected unit is in the totals."""
        return all(unit.used is not None or unit.status == "不纳入" for unit in self.units)


def summarise(
    spec: FormSpec, year: int, stage: Stage, received: Sequence[Received], roster: Sequence[RosterRow] = (),
    trouble: Sequence[Finding] = (), *, today: dt.date | None = None, reviews: Mapping[str, Review] = NO_REVIEWS,
    last_year: Mapping[str, Filing] | None = None, received_on: Mapping[str, Arrived] | None = None,
) -> Summary:  # fmt: skip
    """Add what was received. The order of the files does not matter."""
    ordered = sorted(received, key=lambda each: each.book)
    statuses, findings = reviewed_statuses(ordered, roster, reviews)
    judged = tuple(f for each in ordered for f in each.findings)
    known = Summary(
        spec, year, stage, tuple(statuses), (), (), (), (*trouble, *findings), judged, today, reviews,
        last_year or {}, received_on or {},
    )  # fmt: skip
    return added_up(known)


def added_up(known: Summary) -> Summary:
    """The summary of what is known of the units: one level of each department counted, its totals and indicators."""
    spec = known.spec
    statuses, levels = counted_once(known.statuses, lambda one: is_whole(spec, one))
    units = tuple(s for s in statuses if not s.instead and s.status in ("已收", "未报", "重复", "不纳入"))
    if all(status.roster is None for status in statuses):
        units = tuple(sorted(units, key=lambda unit: unit.key))
    money = []
    for table in spec.money_tables():
        lines = line_totals(spec, table, units)
        shares, rates = share_totals(table, lines), rate_totals(table, lines, units)
        money.append(MoneySummary(table, tuple(lines), tuple(shares), tuple(rates)))
    findings = (*known.findings, *levels, *node_findings(spec, statuses), *_missing(money, units))
    return replace(
        known, statuses=tuple(statuses), units=units, money=tuple(money), indicators=tuple(_indicators(spec, units)),
        findings=findings,
    )  # fmt: skip


def _missing(money: list[MoneySummary], units: Sequence[UnitStatus]) -> list[Finding]:
    """CON108 for every unit that filed but whose money table has gaps."""
    found = []
    demanded = {each.table.id: this_year(each.table) for each in money}
    for place, unit in enumerate(units):
        if unit.used is None:
            continue
        gaps = dict.fromkeys(
            f"{line.group.label}·{line.row.label}"
            for table in money for line in table.lines
            if (line.column.year == 0 or line.column.id in demanded[table.table.id]) and line.amounts[place].amount is None
        )  # fmt: skip
        if gaps:
            what = "资金表" if len(gaps) > 3 else "、".join(gaps)
            found.append(Finding("CON108", "warning", Where(book=unit.used.book), {"unit": unit.name, "what": what}))
    return found


def _indicators(spec: FormSpec, units: Sequence[UnitStatus]) -> Iterator[IndicatorLine]:
    """The rows of every indicator table over the units, the form's own rows first."""
    tables = {block.id: block for block in spec.block if isinstance(block, IndicatorTable)}
    endings = {name: f".{table.main_column.id}" for name, table in tables.items()}
    named: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
        name: {tuple(map(normalised, row.levels)): row.levels for row in spec.rows_of(table) if not row.open}
        for name, table in tables.items()
    }
    printed = {name: set(rows) for name, rows in named.items()}
    stated: dict[str, dict[tuple[str, ...], dict[int, tuple[str, str]]]] = {name: {} for name in tables}
    followed = {name: outcome_columns(table) for name, table in tables.items()}
    known: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]] | None] = {}
    for place, unit in enumerate(units):
        for fact_path, value in _values(unit.used):
            if fact_path not in known:
                known[fact_path] = _indicator_at(fact_path, endings)
            indicator = known[fact_path]
            if indicator is None or not value:
                continue
            name, key, names = indicator
            named[name].setdefault(key, names)
            stated[name].setdefault(key, {}).setdefault(place, (value, fact_path))
    for name, rows in named.items():
        for key, names in rows.items():
            if found := stated[name].get(key):
                columns = followed[name]
                targets, outcome = outcomes(columns, found, units) if columns else (found, None)
                yield IndicatorLine(name, names, len(units), targets, key not in printed[name], outcome)


def _values(used: Received | None) -> Iterator[tuple[str, str | None]]:
    facts: Mapping[str, Fact] = used.filing.facts if used else {}
    return facts.stated() if isinstance(facts, CompactFacts) else ((path, fact.value) for path, fact in facts.items())


def _indicator_at(fact_path: str, endings: Mapping[str, str]) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """Table, normalised names and names of the indicator whose value is there; None for any other fact."""
    name = _BLOCK.split(fact_path, maxsplit=1)[0]
    if name not in endings or not fact_path.endswith(endings[name]):
        return None
    names = parse_path(fact_path).names
    return None if names is None else (name, tuple(map(normalised, names)), names)


def where_stated(used: Received, fact_path: str) -> Where:
    """The cell of a value in the unit's file."""
    found = used.places.get(fact_path)
    if found is not None:
        return found
    fact = used.filing.facts[fact_path]
    return Where(fact_path, fact.sheet, fact.cell, used.book)
