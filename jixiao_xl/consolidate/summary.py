"""The city summary as tables, with where each number came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jixiao_xl.consolidate.roster import Received, RosterRow, UnitStatus, filing_statuses
from jixiao_xl.consolidate.totals import LineTotal, ShareTotal, line_totals, share_totals
from jixiao_xl.forms.spec import FormSpec, IndicatorTable, MoneyTable
from jixiao_xl.model.facts import Stage, parse_path
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.names import normalised
from jixiao_xl.model.places import Where


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator over all units: the value each unit stated, with its place."""

    block: str
    names: tuple[str, ...]
    values: tuple[str | None, ...]
    places: tuple[Where | None, ...]


@dataclass(frozen=True)
class MoneySummary:
    table: MoneyTable
    lines: tuple[LineTotal, ...]
    shares: tuple[ShareTotal, ...]


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

    @property
    def is_complete(self) -> bool:
        """Every expected unit is in the totals."""
        return all(unit.used is not None or unit.status == "不纳入" for unit in self.units)


def summarise(
    spec: FormSpec, year: int, stage: Stage, received: Sequence[Received], roster: Sequence[RosterRow] = (),
    trouble: Sequence[Finding] = (),
) -> Summary:  # fmt: skip
    """Add what was received. The order of the files does not matter."""
    ordered = sorted(received, key=lambda each: each.book)
    statuses, findings = filing_statuses(ordered, roster)
    units = tuple(s for s in statuses if s.status in ("已收", "未报", "重复", "不纳入"))
    if not roster:
        units = tuple(sorted(units, key=lambda unit: unit.key))
    money = []
    for table in spec.money_tables():
        lines = line_totals(spec, table, units)
        money.append(MoneySummary(table, tuple(lines), tuple(share_totals(table, lines))))
    judged = tuple(f for each in ordered for f in each.findings)
    return Summary(
        spec, year, stage, tuple(statuses), units, tuple(money), tuple(_indicators(spec, units)),
        (*trouble, *findings, *_missing(money, units)), judged,
    )  # fmt: skip


def _missing(money: list[MoneySummary], units: Sequence[UnitStatus]) -> list[Finding]:
    """CON108 for every unit that filed but whose money table has gaps."""
    found = []
    for place, unit in enumerate(units):
        if unit.used is None:
            continue
        gaps = [
            f"{line.group.label}·{line.row.label}"
            for table in money for line in table.lines
            if line.column.year == 0 and line.amounts[place].amount is None
        ]  # fmt: skip
        if gaps:
            what = "资金表" if len(gaps) > 3 else "、".join(gaps)
            found.append(Finding("CON108", "warning", Where(book=unit.used.book), {"unit": unit.name, "what": what}))
    return found


def _indicators(spec: FormSpec, units: Sequence[UnitStatus]) -> list[IndicatorLine]:
    """The rows of every indicator table over the units, the form's own rows first."""
    lines: list[IndicatorLine] = []
    for block in spec.block:
        if not isinstance(block, IndicatorTable):
            continue
        column = block.main_column.id
        named: dict[tuple[str, ...], tuple[str, ...]] = {
            tuple(map(normalised, row.levels)): row.levels for row in spec.rows_of(block) if not row.open
        }
        stated: dict[tuple[tuple[str, ...], int], tuple[str, Where]] = {}
        for place, unit in enumerate(units):
            for fact in unit.used.filing.facts.values() if unit.used else ():
                if not fact.path.startswith(block.id):
                    continue
                path = parse_path(fact.path)
                if path.block != block.id or path.column != column or path.names is None or not fact.value:
                    continue
                key = tuple(map(normalised, path.names))
                named.setdefault(key, path.names)
                assert unit.used is not None
                where = unit.used.places.get(fact.path) or Where(fact.path, fact.sheet, fact.cell, unit.used.book)
                stated.setdefault((key, place), (fact.value, where))
        for key, names in named.items():
            found = [stated.get((key, place)) for place in range(len(units))]
            if any(found):
                lines.append(IndicatorLine(
                    block.id, names, tuple(f[0] if f else None for f in found), tuple(f[1] if f else None for f in found)
                ))  # fmt: skip
    return lines
