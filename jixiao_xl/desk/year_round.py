"""The verbs of a unit's year after it has declared: 批复, what that changed, 执行数 month by month.

Each loads its work for itself, as all of `operations` does, from which they are called.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao_xl.desk.outcomes import Approvals, ExecutionTaken, Filled, Progress, quiet

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Archive
    from jixiao_xl.model.changed_lines import FilingDiff
    from jixiao_xl.model.execution import Execution
    from jixiao_xl.workbook.reading import Reading
    from jixiao_xl.workbook.unit_table import AmountUnit


def diff(old: Path, new: Path, out: Path | None = None) -> FilingDiff:
    """对比: where two filings of one unit differ (申报 and 批复, two revisions), amounts with difference and
    rate, targets, texts by paragraph, rows that came or went; `out` gets it as a workbook."""
    from jixiao_xl.desk import diffing

    return diffing.diff(old, new, out)


def approve(
    table: Path, archive: Archive, form: str, year: int, folder: Path, *, by: str = "", unit: AmountUnit = "",
    progress: Progress = quiet,
) -> Approvals:  # fmt: skip
    """批量批复: every filing of the year that passed its review and that the table (unit, 文号, 批复日期, total if
    wanted) names: a workbook of the approval into the folder, its deposit at that stage, the state 已批复 in the name
    of `by`. A row that cannot be approved is a finding; no existing file is overwritten; twice is once."""
    from jixiao_xl.desk import approving

    return approving.approve(table, archive, form, year, folder, by=by, unit=unit, progress=progress)


def follow(reading: Reading, form: str, out: Path, *, archive: Archive | None = None, actuals: Path | None = None) -> Filled:
    """生成监控表, 生成自评表: the next stage's workbook from a filled one; `form` may be a stage. What the archive has
    approved comes before what is filled; `actuals` is a table of what was reached."""
    from jixiao_xl.desk import following

    return following.follow(reading, form, out, archive=archive, actuals=actuals)


def put_executions(
    path: Path, year: int, month: int | None, archive: Archive, unit: AmountUnit = "", *, today: dt.date | None = None
) -> ExecutionTaken:  # fmt: skip
    """执行数 of many units up to the end of a month into the archive, from the treasury's .xlsx or .csv in 元 or
    万元. A unit's month that is there is replaced; one wrong row and nothing is written; what is odd (more than the
    budget, less than a month before, a month not over, units that the archive does not know) is said."""
    from jixiao_xl.desk import executing

    return executing.put(path, year, month, archive, unit, today)


def shown_executions(archive: Archive, unit: str, year: int | None = None) -> tuple[str, list[tuple[int, Execution]]]:
    """Name of a unit (asked for by key or name) and its 执行数 by year and month, newest year first."""
    from jixiao_xl.desk import executing

    return executing.shown(archive, unit, year)
