"""催报: the text for the chat groups and the internal phone list, as two files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from jixiao_xl.archive.store import Archive
from jixiao_xl.consolidate.reminders import reminder_text, states_from, states_of, waited_for
from jixiao_xl.consolidate.roster import RosterRow, filing_statuses
from jixiao_xl.desk.gathering import gather
from jixiao_xl.desk.opening import form_named, roster_rows, save
from jixiao_xl.desk.outcomes import Progress, Reminded, stop
from jixiao_xl.desk.reviews_known import reviews_known
from jixiao_xl.model.dates import read_date
from jixiao_xl.model.facts import Stage
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import ReviewState
from jixiao_xl.workbook.reminder_book import phone_list


def remind(
    roster: Path, target: Path, form: str, year: int, stage: Stage | None, folder: Path | None, archive: Archive | None, office: str,
    day: dt.date, progress: Progress,
) -> Reminded:  # fmt: skip
    """Of a folder of submissions; without one, of what the archive has registered."""
    rows = roster_rows(roster)
    head = form_named(form, year).form
    stage = stage or head.first_stage
    kind = head.id, year, stage
    if folder is None and archive is None:
        raise stop(
            "SYS908",
            what="催报",
            stated="没有报送文件夹，也没有历年数据库",
            advice="写上放报送件的文件夹，或用 --archive 指定历年数据库。",
        )
    reviews = reviews_known(archive, kind, rows)
    if folder is None:
        return _written(rows, states_from(reviews, rows), year, stage, target, day, office, ())
    pile = gather(folder, {roster.resolve()}, progress, archive)
    filed = [each for each in pile.received if (each.filing.form, each.filing.year, each.filing.stage) == kind]
    statuses = filing_statuses(filed, rows)[0]
    # a file that could not be read is somebody's too: who sends the reminder has to know of it
    return _written(rows, states_of(statuses, reviews), year, stage, target, day, office, tuple(pile.trouble))


def _written(
    rows: Sequence[RosterRow],
    states: Mapping[str, ReviewState],
    year: int,
    stage: Stage,
    target: Path,
    day: dt.date,
    office: str,
    trouble: tuple[Finding, ...],
) -> Reminded:
    findings = (*trouble, *(_bad_deadline(row) for row in rows if row.deadline and read_date(row.deadline) is None))
    waiting = waited_for(rows, states, day)
    if not waiting:
        return Reminded("", 0, None, None, findings)
    text = reminder_text(waiting, year, stage, day, office)
    text_path = _free(target, f"催报_{day.isoformat()}", ".txt")
    # Notepad of older Windows knows UTF-8 by its mark, and no bare line feed
    save(text_path, text.replace("\n", "\r\n").encode("utf-8-sig"))
    phones = _free(target, f"催报电话_内部_{day.isoformat()}", ".xlsx")
    save(phones, phone_list(waiting, day))
    return Reminded(text, len(waiting), text_path, phones, findings)


def _bad_deadline(row: RosterRow) -> Finding:
    params = {
        "row": str(row.row),
        "column": "截止日期",
        "stated": row.deadline,
        "advice": "写成 2026-11-30 的样子，才能算逾期天数。",
    }
    return Finding("ROS103", "warning", Where(), params)


def _free(target: Path, stem: str, suffix: str) -> Path:
    """A name that nothing has yet: what stands there may be in use."""
    path, number = target / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = target / f"{stem}({number}){suffix}"
    return path
