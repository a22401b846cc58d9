"""执行数 in the archive: put in by month, asked for by unit and year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from jixiao_xl.archive.renames import lineage_in
from jixiao_xl.archive.replacing import replace_rows
from jixiao_xl.archive.schema import EXECUTION
from jixiao_xl.archive.store import Archive
from jixiao_xl.model.amounts import show_amount
from jixiao_xl.model.execution import Execution, ExecutionLine


def put_executions(archive: Archive, year: int, lines: Mapping[str, Sequence[ExecutionLine]]) -> None:
    """The lines by unit key. A unit's month that is put in again is replaced whole, so that a corrected export can
    be imported over the first; other months and units stay."""
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    rows: list[dict[str, object]] = [
        {"year": year, "unit_key": key, "month": line.amounts.month, "budget": _text(line.amounts.budget),
         "adjusted": _text(line.amounts.adjusted), "executed": _text(line.amounts.executed), "source": line.source,
         "place": f"{line.where.sheet}!{line.where.cell}".lstrip("!"), "imported_at": now}
        for key, own in lines.items() for line in own
    ]  # fmt: skip
    replace_rows(archive, EXECUTION, [{name: row[name] for name in ("year", "unit_key", "month")} for row in rows], rows)


def executions(archive: Archive, unit_keys: Sequence[str], year: int) -> list[Execution]:
    """The months of one unit, the first one first, under all its codes (those that the archive knows included).
    Where several of them have a month (a merger), the amounts are added; what one of them lacks is not known."""
    with archive.reading() as connection:
        keys = lineage_in(connection, unit_keys).keys
        query = select(EXECUTION).where((EXECUTION.c.year == year) & EXECUTION.c.unit_key.in_(keys))
        rows = connection.execute(query.order_by(EXECUTION.c.month)).all()
    months: dict[int, list[Execution]] = {}
    for row in rows:
        months.setdefault(row.month, []).append(_execution(row))
    return [_added(month, found) for month, found in months.items()]


def executed_before(archive: Archive, year: int) -> dict[str, list[Execution]]:
    """Every unit's months of a year, by its key: one question for a whole export."""
    found: dict[str, list[Execution]] = {}
    with archive.reading() as connection:
        for row in connection.execute(select(EXECUTION).where(EXECUTION.c.year == year).order_by(EXECUTION.c.month)):
            found.setdefault(row.unit_key, []).append(_execution(row))
    return found


def executed_years(archive: Archive, unit_keys: Sequence[str]) -> list[int]:
    """The years of which anything is known of the unit, newest first."""
    with archive.reading() as connection:
        keys = lineage_in(connection, unit_keys).keys
        years = select(EXECUTION.c.year).where(EXECUTION.c.unit_key.in_(keys)).distinct()
        return sorted(connection.execute(years).scalars(), reverse=True)


def _added(month: int, found: Sequence[Execution]) -> Execution:
    return Execution(month, _sum(e.budget for e in found), _sum(e.adjusted for e in found), _sum(e.executed for e in found))


def _sum(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = list(amounts)
    return None if None in known else sum((a for a in known if a is not None), Decimal(0))


def _execution(row: Any) -> Execution:
    return Execution(row.month, _amount(row.budget), _amount(row.adjusted), _amount(row.executed))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else show_amount(amount)
