"""Open what a verb names (a form, a file, a roster) and write what it made.

What the machine or the file refuses becomes `CannotRun` here, so that no verb meets a raw error.
"""

from __future__ import annotations

from pathlib import Path

from jixiao_xl.consolidate.roster import RosterRow
from jixiao_xl.desk.file_reading import definition_trouble as definition_trouble
from jixiao_xl.desk.file_reading import read as read
from jixiao_xl.desk.outcomes import CannotRun, stop
from jixiao_xl.forms.load import DefinitionError, find_form, known_forms
from jixiao_xl.forms.spec import FormSpec
from jixiao_xl.workbook.reading import Reading
from jixiao_xl.workbook.saving import WriteRefused, save_atomically


# ---- forms -------------------------------------------------------------------------
def all_forms() -> tuple[FormSpec, ...]:
    """Every form known, by id."""
    try:
        return known_forms()
    except DefinitionError as error:
        raise definition_trouble(error) from None


def form_named(name: str, year: int | None = None) -> FormSpec:
    """The form by id (`hubei.dept_overall`) or id and edition; raises CannotRun."""
    try:
        spec = find_form(name, year=year)
    except DefinitionError as error:
        raise definition_trouble(error) from None
    if spec is None:
        raise stop("SYS905", form=name)
    return spec


# ---- files in ----------------------------------------------------------------------
def readable(path: Path) -> Reading:
    """The reading of a file that has to be one of ours; raises CannotRun with its findings."""
    reading = read(path)
    if reading.filing is None or reading.spec is None:
        raise CannotRun(*reading.findings)
    return reading


def roster_rows(path: Path) -> list[RosterRow]:
    """The rows of a roster; raises CannotRun with every fault in it."""
    if not path.is_file():
        raise stop("SYS906", file=str(path))
    from jixiao_xl.workbook.roster_book import read_roster

    rows, findings = read_roster(path)
    if findings:
        raise CannotRun(*findings)
    if not rows:
        raise stop("ROS104")
    return rows


# ---- files out ---------------------------------------------------------------------
def save(path: Path, content: bytes, *, replace_old: bool = False) -> None:
    """Write a file whole or not at all; what stands there stays unless `replace_old`."""
    try:
        save_atomically(path, content, replace=replace_old)
    except WriteRefused as error:
        raise stop(error.code, file=str(path), why=error.why) from None


def may_replace(path: Path) -> None:
    """Only what we made and nobody fills is written again: a summary or a 下发清单."""
    from jixiao_xl.workbook.own_books import is_our_report

    if path.exists() and not is_our_report(path):
        raise stop("SYS904", file=str(path))


def save_ours(path: Path, content: bytes) -> None:
    """Write a report of ours, over an older one of ours if there is one."""
    may_replace(path)
    save(path, content, replace_old=True)
