"""The approved budgets in the archive: put in by year, asked for by unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from sqlalchemy import select

from jixiao_xl.archive.replacing import replace_rows
from jixiao_xl.archive.schema import BUDGET
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.budget import Budget, BudgetLine


def put_budget(archive: Archive, year: int, lines: Sequence[BudgetLine]) -> int:
    """The lines as the year's approval. A unit that is named again is replaced whole, so that a
    corrected list can be imported over the first; others stay. Units written."""
    units = sorted({line.unit_key for line in lines})
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    rows = [
        {"year": year, "unit_key": line.unit_key, "project": line.project, "amount": str(line.amount),
         "source": line.source, "imported_at": now}
        for line in lines
    ]  # fmt: skip
    replace_rows(archive, BUDGET, [{"year": year, "unit_key": unit} for unit in units], rows)
    return len(units)


def budget_lines(archive: Archive, year: int, unit_keys: Iterable[str] = ()) -> list[BudgetLine]:
    """What was approved for the year, by unit, the total first; all units when none is named."""
    query = select(BUDGET).where(BUDGET.c.year == year).order_by(BUDGET.c.unit_key, BUDGET.c.project)
    if keys := tuple(unit_keys):
        query = query.where(BUDGET.c.unit_key.in_(keys))
    with archive.reading() as connection:
        return [BudgetLine(r.unit_key, r.project, Decimal(r.amount), r.source) for r in connection.execute(query)]


def approved_budget(archive: Archive, year: int, unit_keys: Iterable[str]) -> Budget | None:
    """The budget of one unit under any of its codes; None when nothing was imported for it."""
    keys = tuple(key for key in unit_keys if key)
    return Budget.of(budget_lines(archive, year, keys)) if keys else None


def all_budgets(archive: Archive) -> dict[tuple[int, str], Budget]:
    """Every approved budget, by year and unit key: one question for a whole folder of filings."""
    lines: dict[tuple[int, str], list[BudgetLine]] = {}
    with archive.reading() as connection:
        for r in connection.execute(select(BUDGET).order_by(BUDGET.c.year, BUDGET.c.unit_key, BUDGET.c.project)):
            lines.setdefault((r.year, r.unit_key), []).append(BudgetLine(r.unit_key, r.project, Decimal(r.amount), r.source))
    return {key: budget for key, own in lines.items() if (budget := Budget.of(own))}
