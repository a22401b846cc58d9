"""One received file into the archive (接收登记), or why it was not taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from jixiao_xl.archive.depositing import too_long
from jixiao_xl.archive.reviews import review_of
from jixiao_xl.archive.store import Archive, Deposited
from jixiao_xl.consolidate.roster import Received, RosterRow, doubt_settled, vouches
from jixiao_xl.desk.arriving import days_of_files
from jixiao_xl.desk.judging import judged
from jixiao_xl.desk.opening import read
from jixiao_xl.desk.opening_archive import using_archive
from jixiao_xl.desk.outcomes import CannotRun, Receipt
from jixiao_xl.desk.remembering import remember_codes
from jixiao_xl.model.facts import STAGE_WORDS, Filing, Unit
from jixiao_xl.model.findings import Finding
from jixiao_xl.model.places import Where
from jixiao_xl.model.review import Subject
from jixiao_xl.workbook.reading import Reading

SHOWN = 30
"""Characters of a text that is too long, enough to find it."""


def deposit(path: Path, archive: Archive, roster: Sequence[RosterRow] = ()) -> Receipt:
    """Put one filing away. A doubt about its unit is settled by the roster or not at all."""
    try:
        reading = _settled(read(path), roster)
    except CannotRun as refused:
        return Receipt(path.name, Unit(), None, refused.findings)
    filing = reading.filing
    if filing is None:
        return Receipt(reading.book, Unit(), None, tuple(reading.findings))
    if refusal := refusal_of(filing, reading.findings):
        return Receipt(reading.book, filing.unit, None, refusal)
    with using_archive():
        done = archive.deposit(filing, days_of_files(path.parent, (filing,)))
    filed = ((row, reading.book) for row in roster if filing.unit.key in row.all_keys)
    said = (*_said(reading.book, filing, done), *remember_codes(archive, filed), *_unseen(filing, archive))
    errors = sum(f.severity == "error" for f in judged(reading).findings)
    return Receipt(reading.book, filing.unit, done, said, errors)


def _settled(reading: Reading, roster: Sequence[RosterRow]) -> Reading:
    """The reading, without the doubt about its unit where a row of the roster vouches for it."""
    if reading.filing is None:
        return reading
    received = Received(reading.filing, reading.book, tuple(reading.findings))
    if not any(vouches(row, received) for row in roster):
        return reading
    return replace(reading, findings=list(doubt_settled(received).findings))


def refusal_of(filing: Filing, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Why the filing, in which this was found, cannot be archived: nobody's, blank, or without room for a text. Empty when it can."""
    where, params = Where(book=filing.book), {"book": filing.book}
    if unclaimed := tuple(f for f in findings if f.code == "WBK110"):
        return unclaimed
    if not filing.unit.key:
        return (Finding("ARC103", "error", where, params),)
    if not {f.path for f in filing.facts.values() if f.value} - {"cover.unit_name"}:
        return (Finding("ARC105", "error", where, params),)
    if (found := too_long(filing)) is not None:
        what, stated, most = found
        params |= {"what": what, "stated": f"{stated[:SHOWN]}…", "length": str(len(stated)), "most": str(most)}
        return (Finding("ARC109", "error", where, params),)
    return ()


def _unseen(filing: Filing, archive: Archive) -> list[Finding]:
    """REV105 where the unit's filing was passed already: the new version changes nothing until somebody looks at it."""
    subject = Subject(filing.form, filing.year, filing.stage, filing.unit.key)
    with using_archive():
        review = review_of(archive, subject)
    if not review.unseen:
        return []
    seen, version = str(review.history[-1].version), str(review.version)
    params = {"unit": filing.unit.name, "seen": seen, "state": review.state, "version": version}
    return [Finding("REV105", "warning", Where(book=filing.book), params)]


def untouched_copy(filing: Filing, done: Deposited) -> Finding:
    """ARC108: what came is the 退回 copy as it went out, so that nothing was filed again."""
    params = {
        "book": filing.book, "unit": filing.unit.name, "year": str(filing.year), "stage": STAGE_WORDS[filing.stage],
        "version": str(done.version),
    }  # fmt: skip
    return Finding("ARC108", "hint", Where(book=filing.book), params)


def _said(book: str, filing: Filing, done: Deposited) -> tuple[Finding, ...]:
    """What the receiver should know of earlier versions."""
    params = {"unit": filing.unit.name, "year": str(filing.year), "stage": STAGE_WORDS[filing.stage]}
    if done.newer:
        version, newest = map(str, done.newer)
        older = params | {"book": book, "revision": str(filing.revision), "version": version, "newest": newest}
        return (Finding("ARC106", "warning", Where(book=book), older),)
    if done.is_untouched:
        return (untouched_copy(filing, done),)
    if not done.is_new:
        return (Finding("ARC104", "hint", Where(book=book), params | {"version": str(done.version)}),)
    if done.version > 1:
        old_and_new = {"version": str(done.version - 1), "next": str(done.version)}
        return (Finding("ARC101", "hint", Where(book=book), params | old_and_new),)
    return ()
