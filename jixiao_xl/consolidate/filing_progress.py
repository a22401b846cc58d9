"""Who has filed, who is late, where the review stands: the figures behind 报送情况 and 概览."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from jixiao_xl.consolidate.roster import UnitStatus
from jixiao_xl.consolidate.summary import Summary
from jixiao_xl.model.dates import days_past, read_date
from jixiao_xl.model.review import STATES

OUTSIDE = ("名单外", "待认领")
"""States of files that belong to nobody on the list."""


@dataclass(frozen=True)
class FilingProgress:
    """How many units ought to file, and what became of them."""

    expected: int
    filed: int
    counted: int
    """Filings that are in the totals."""
    missing: tuple[str, ...]
    """Names of units that are in no total, 不纳入 left out."""
    late: tuple[str, ...]
    """Names of units past their deadline that have not filed, or filed late."""
    states: tuple[tuple[str, int], ...]
    """Units by state, in the order of the work; none that is zero."""


def filing_progress(summary: Summary) -> FilingProgress:
    """The figures of the whole list."""
    expected = expected_units(summary)
    states = Counter(state_of(summary, unit) for unit in expected)
    return FilingProgress(
        len(expected), sum(has_filed(unit) for unit in expected), sum(unit.used is not None for unit in summary.units),
        tuple(unit.name for unit in summary.units if unit.used is None and unit.status != "不纳入"),
        tuple(unit.name for unit in expected if days_late(summary, unit)),
        tuple((state, states[state]) for state in (*STATES, *sorted(states.keys() - set(STATES))) if states[state]),
    )  # fmt: skip


def expected_units(summary: Summary) -> list[UnitStatus]:
    """The units that ought to file, whatever became of them."""
    return [unit for unit in summary.statuses if unit.status not in OUTSIDE]


def has_filed(unit: UnitStatus) -> bool:
    """Whether the unit sent anything that could be read."""
    return unit.status in ("已收", "重复") or bool(unit.books and unit.status == "不纳入")


def state_of(summary: Summary, unit: UnitStatus) -> str:
    """未报 … 已批复 by the review where there is one for what was filed; else what became of the file."""
    review = summary.reviews.get(unit.key)
    return review.state if review is not None and unit.status in ("已收", "重复") and review.state != "未报" else unit.status


def arrived_on(summary: Summary, unit: UnitStatus) -> dt.date | None:
    """The day the first file came; None where nobody knows, or nothing came."""
    known = summary.received_on.get(unit.key)
    return known.day if known is not None and has_filed(unit) else None


def deadline_of(unit: UnitStatus) -> dt.date | None:
    """The last day on which the unit files in time; None where the roster has none that is a date."""
    return read_date(unit.roster.deadline) if unit.roster else None


def days_late(summary: Summary, unit: UnitStatus, today: dt.date | None = None) -> int | None:
    """Days past the deadline: until the file came, or until today (the summary's own, when not given). None where
    either day is unknown."""
    deadline = deadline_of(unit)
    if deadline is None:
        return None
    day = arrived_on(summary, unit) if has_filed(unit) else today or summary.today
    return None if day is None else days_past(deadline, day)
