"""The findings of a reading together with what the rules find."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao_xl.desk.outcomes import CannotRun, Checked, stop
from jixiao_xl.model.budget import Budget
from jixiao_xl.model.facts import Filing, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.pack_files import PackError
from jixiao_xl.rules.case import Evidence
from jixiao_xl.rules.engine import judge
from jixiao_xl.rules.reasons import with_reasons
from jixiao_xl.workbook.reading import Reading

if TYPE_CHECKING:
    from jixiao_xl.archive.store import Archive


def check(path: Path, archive: Archive | None = None) -> Checked:
    """One file judged; what cannot be read is a result too."""
    from jixiao_xl.desk.opening import read

    try:
        reading = read(path)
        return judged(reading, known_for(reading, archive))
    except CannotRun as refused:
        return Checked(path.name, "", Unit(), refused.findings)


@dataclass(frozen=True)
class Known:
    """What the archive knows of the unit and year of one reading."""

    budget: Budget | None = None
    """What was approved; None without archive, or where no budget was imported."""
    declared: Filing | None = None
    """For a 监控表 or 自评表: the approval that set its targets, else the declaration."""
    monitored: tuple[Filing, ...] = ()
    """For a 监控表: the unit's others of the year."""


def known_for(reading: Reading, archive: Archive | None) -> Known:
    """What the reading is to be held against; nothing without archive. Raises CannotRun where it cannot be used."""
    if archive is None or reading.filing is None:
        return Known()
    # the database is loaded by who has one: a click on 校验 without archive does not wait for it
    from jixiao_xl.archive.approved import approved_budget
    from jixiao_xl.archive.same_year import SameYear, same_year
    from jixiao_xl.desk.opening_archive import using_archive

    with using_archive():
        budget = approved_budget(archive, reading.filing.year, (reading.filing.unit.key,))
        others = same_year(archive, reading.spec, reading.filing) if reading.spec else SameYear()
    return Known(budget, others.declared, others.monitored)


def judged(reading: Reading, known: Known = Known()) -> Checked:
    """A reading judged by every rule; one that is not ours keeps its own findings."""
    if reading.filing is None or reading.spec is None:
        return Checked(reading.book, "", Unit(), tuple(reading.findings))
    try:
        verdict = judge(reading.spec, reading.filing, _evidence(reading, known))
    except PackError as error:
        raise stop("SYS909", what=str(error)) from None
    own = with_reasons(reading.findings, reading.filing)
    found = tuple(_in_book(f, reading.book) for f in (*own, *verdict.findings))
    return Checked(reading.book, reading.filing.form, reading.filing.unit, found, verdict.insufficient, verdict.pack)


def _in_book(finding: Finding, book: str) -> Finding:
    return finding if finding.where.book == book else replace(finding, where=replace(finding.where, book=book))


def _evidence(reading: Reading, known: Known) -> Evidence:
    return Evidence(
        reading.places, reading.replaced, reading.text_amounts, reading.dates, reading.findings, reading.plan,
        reading.in_cells, known.budget, known.declared, known.monitored,
    )  # fmt: skip
