"""A folder of submissions into one city summary (汇总)."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.roster import filing_statuses
from jixiao_xl.consolidate.summary import Summary, summarise
from jixiao_xl.desk.arriving import arrived
from jixiao_xl.desk.gathering import gather, of_kind, wanted_kind
from jixiao_xl.desk.last_year import filed_last_year
from jixiao_xl.desk.opening import may_replace, roster_rows, save_ours
from jixiao_xl.desk.outcomes import Progress
from jixiao_xl.desk.registering import register
from jixiao_xl.desk.reviews_known import reviews_known
from jixiao_xl.model.facts import Stage
from jixiao_xl.model.undisturbed import undisturbed
from jixiao_xl.workbook.summary_book import summary_bytes


def consolidate(
    folder: Path, out: Path, *, roster: Path | None, form: str, year: int | None, stage: Stage | None, progress: Progress,
    archive: Archive | None = None, scheduler: str = "",
) -> Summary:  # fmt: skip
    """The summary of the folder, written to `out`, its links leading from there to the files."""
    # asked before the long reading, so that nobody waits for a refusal
    may_replace(out)
    summary = summed(
        folder, out, roster=roster, form=form, year=year, stage=stage, progress=progress, archive=archive, scheduler=scheduler
    )
    relative = os.path.relpath(folder.resolve(), out.resolve().parent).replace(os.sep, "/")
    with undisturbed():
        content = summary_bytes(summary, "" if relative == "." else f"{relative}/")
    save_ours(out, content)
    return summary


def summed(
    folder: Path, out: Path | None, *, roster: Path | None, form: str, year: int | None, stage: Stage | None,
    progress: Progress, archive: Archive | None = None, scheduler: str = "",
) -> Summary:  # fmt: skip
    """The same without a workbook; `out`, where there is one in the folder, is no submission.

    With an archive each file is read once, whatever is run again, and what was summed is deposited.
    """
    rows = roster_rows(roster) if roster else []
    pile = gather(folder, {p.resolve() for p in (out, roster) if p is not None}, progress, archive, scheduler=scheduler)
    kind = wanted_kind(pile, form, year, stage)
    own = of_kind(pile, kind)
    if archive is not None:
        own, refused = register(archive, folder, own, filing_statuses(own, rows)[0], progress)
        pile.trouble += refused
    reviews = reviews_known(archive, (kind.form, kind.year, kind.stage), rows)
    last_year = filed_last_year(archive, pile.specs[kind], kind.year, rows)
    progress("写汇总表", pile.files, pile.files)
    with undisturbed():
        return summarise(
            pile.specs[kind], kind.year, kind.stage, own, rows, pile.trouble, today=dt.date.today(), reviews=reviews,
            last_year=last_year, received_on=arrived(archive, (kind.form, kind.year, kind.stage), rows),
        )  # fmt: skip
