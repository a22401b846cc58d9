"""The verbs about what goes out: 退回 to the units, 催报, the report to the leader.

Each loads its work for itself, as all of `operations` does, from which they are called.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao_xl.desk.outcomes import Progress, Reminded, ReturnedAll, quiet
from jixiao_xl.model.facts import Stage

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Archive
    from jixiao_xl.consolidate.summary import Summary


def return_all(
    summary: Summary, folder: Path, target: Path, *, office: str = "", contact: str = "", phone: str = "",
    due: dt.date | None = None, day: dt.date | None = None, archive: Archive | None = None, progress: Progress = quiet,
) -> ReturnedAll:  # fmt: skip
    """退回 for many: each unit of the summary with 必须修改, or sent back by its reviewer, gets a fillable
    marked copy and a one-page 退回意见 in `target`, signed by the office, asking for it by `due`. What
    stands there is never overwritten; a file that cannot be copied whole gets the letter only."""
    from jixiao_xl.desk import returning_all
    from jixiao_xl.workbook.letters import Sender

    terms = returning_all.Terms(Sender(office, contact, phone), due, day or dt.date.today())
    return returning_all.return_all(summary, folder, target, terms, archive=archive, progress=progress)


def may_follow(folder: Path, return_to: Path | None, report: Path | None) -> None:
    """Asked before a consolidation that is followed by 退回 or a report: raises CannotRun for a target that
    lies among the submissions, or a report that somebody went on writing."""
    from jixiao_xl.desk import reporting, returning_all

    if return_to is not None:
        returning_all.may_return_to(return_to, folder)
    if report is not None:
        reporting.may_report_to(report, folder)


def summary_of(
    folder: Path, *, roster: Path | None = None, form: str = "", year: int | None = None, stage: Stage | None = None,
    archive: Archive | None = None, progress: Progress = quiet,
) -> Summary:  # fmt: skip
    """What `consolidate` sums, without a summary workbook."""
    from jixiao_xl.desk import summing

    return summing.summed(folder, None, roster=roster, form=form, year=year, stage=stage, archive=archive, progress=progress)


def write_report(summary: Summary, out: Path, *, office: str = "", day: dt.date | None = None) -> None:
    """情况报告: two or three pages for the leader, as a .docx. An older one is replaced unless edited."""
    from jixiao_xl.desk import reporting

    reporting.write_report(summary, out, day or dt.date.today(), office)


def remind(
    roster: Path, target: Path, *, form: str, year: int, stage: Stage | None = None, folder: Path | None = None,
    archive: Archive | None = None, office: str = "", day: dt.date | None = None, progress: Progress = quiet,
) -> Reminded:  # fmt: skip
    """催报: a text for the chat groups, one paragraph per 归口科室, and an internal phone list, of the units
    that a folder of submissions is without, or without a folder the archive. Nothing is overwritten."""
    from jixiao_xl.desk import reminding

    return reminding.remind(roster, target, form, year, stage, folder, archive, office, day or dt.date.today(), progress)
